"""Finding things by a name in which `*` stands for anything."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, func

ANY = "*"


def called(column: Any, name: str) -> ColumnElement[bool]:
    """Tell whether a column holds this name, whatever its case."""
    return func.lower(column).like(func.lower(pattern_of(name)), escape="\\")


def pattern_of(name: str) -> str:
    """Return the pattern of LIKE for a name with `*`; its own signs mean only themselves."""
    escaped = name.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return escaped.replace(ANY, "%")


def contains(column: Any, words: str) -> ColumnElement[bool]:
    """Tell whether a text contains these words, whatever their case."""
    return called(column, f"{ANY}{words}{ANY}")
