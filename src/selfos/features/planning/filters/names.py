"""Finding things by a name in which `*` stands for anything."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement

from selfos.kernel.searching import plain

ANY = "*"


def called(column: Any, name: str) -> ColumnElement[bool]:
    """Tell whether a column holds this name, whatever its case and accents."""
    return plain(column).like(plain(pattern_of(name)), escape="\\")


def pattern_of(name: str) -> str:
    """Return the pattern of LIKE for a name with `*`; its own signs mean only themselves."""
    escaped = name.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return escaped.replace(ANY, "%")
