"""The base of every schema that crosses a door: strict, closed, and typed for JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ModelWrapValidatorHandler,
    StringConstraints,
    ValidationInfo,
    model_validator,
)
from pydantic_core import to_json

NUL = "\x00"


def _without_nul(value: Any) -> Any:
    # PostgreSQL cannot store NUL; refuse it at the door rather than fail at the database.
    if isinstance(value, str) and NUL in value:
        raise ValueError("the text contains a NUL character")
    return value


Name = Annotated[
    str,
    BeforeValidator(_without_nul),
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
]
Title = Annotated[
    str,
    BeforeValidator(_without_nul),
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500),
]
Prose = Annotated[str, BeforeValidator(_without_nul), StringConstraints(max_length=50_000)]


class Input(BaseModel):
    """What a client sends: no coercion (`false` is not 0) and no unknown fields."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    @model_validator(mode="wrap")
    @classmethod
    def _read_as_json(
        cls, value: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo
    ) -> Self:
        # Strict JSON takes "2026-11-27" for a date, strict Python does not, and the framework
        # hands us parsed JSON. Going back to JSON keeps strictness and both kinds of caller.
        if info.mode == "json" or not isinstance(value, dict):
            return handler(value)
        return cls.__pydantic_validator__.validate_json(to_json(value))

    def given(self) -> dict[str, Any]:
        """Return only the fields the client sent (merge patch: absent means unchanged)."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class Query(BaseModel):
    """What a client asks for in the URL: text to be read as numbers and dates, nothing unknown."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class View(BaseModel):
    """What a client receives, read from rows by attribute."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class Page(View):
    """One keyset page; subclass it with the type of `items`."""

    next_cursor: str | None = None


class RowView(View):
    """The fields every stored row shows."""

    id: UUID
    created_at: datetime
    updated_at: datetime
    version: int
