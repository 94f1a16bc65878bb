"""What lists show unless asked for more."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import ColumnElement

Include = Literal["archived", "deleted"] | None


def kept_conditions(model: Any, include: Include) -> list[ColumnElement[bool]]:
    """Leave out archived and deleted rows, except those asked for."""
    hidden: list[ColumnElement[bool]] = []
    if include != "deleted":
        hidden.append(model.deleted_at.is_(None))
    if include != "archived":
        hidden.append(model.archived_at.is_(None))
    return hidden


def pointing(model: Any, **pointers: Any) -> list[ColumnElement[bool]]:
    """Keep the rows whose columns have these values; None does not filter."""
    given = [(name, value) for name, value in pointers.items() if value is not None]
    return [getattr(model, name) == value for name, value in given]
