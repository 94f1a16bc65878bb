"""pgvector's type for SQLAlchemy: vectors of any one length, compared by cosine."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Dialect, Double
from sqlalchemy.dialects.postgresql import base
from sqlalchemy.types import UserDefinedType


class Vector(UserDefinedType[Any]):
    """A vector as PostgreSQL keeps it; its length is the model's affair."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Return the type's name in SQL."""
        return "vector"

    def bind_processor(self, dialect: Dialect) -> Any:  # noqa: ARG002 - the signature is theirs
        """Write a vector as pgvector reads it."""
        return _written

    def result_processor(
        self,
        dialect: Dialect,  # noqa: ARG002 - as above
        coltype: object,  # noqa: ARG002 - as above
    ) -> Any:
        """Read a vector as pgvector writes it."""
        return _read


def likeness(column: Any, vector: ColumnElement[Any]) -> ColumnElement[float]:
    """Return the cosine of two vectors of one length: 1 says the same, 0 has nothing in common."""
    return 1 - column.op("<=>", return_type=Double())(vector)


def _written(value: Any) -> str | None:
    return None if value is None else f"[{','.join(repr(float(number)) for number in value)}]"


def _read(value: str | None) -> list[float] | None:
    return None if value is None else [float(number) for number in value[1:-1].split(",")]


# So that the models can be compared with a database that has such columns.
NAMES: dict[str, Any] = base.ischema_names  # pyright: ignore[reportAssignmentType]
NAMES["vector"] = Vector
