"""The base of every schema that crosses a door: strict, closed, and typed for JSON."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Self
from uuid import UUID

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    StringConstraints,
)
from pydantic_core import core_schema, to_json

NUL = "\x00"
# A field of a merge patch: when it is absent nothing changes, so its default is never read.
ABSENT: Any = Field(default_factory=lambda: None)


def without_nul(value: Any) -> Any:
    """Refuse NUL, which PostgreSQL cannot store, at the door rather than at the database."""
    if isinstance(value, str) and NUL in value:
        raise ValueError("the text contains a NUL character")
    return value


Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    BeforeValidator(without_nul),
]
Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500),
    BeforeValidator(without_nul),
]
Prose = Annotated[str, StringConstraints(max_length=50_000), BeforeValidator(without_nul)]


class Input(BaseModel):
    """What a client sends: no coercion (`false` is not 0) and no unknown fields."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    if not TYPE_CHECKING:

        def __init__(self, **data: Any) -> None:
            self.__pydantic_validator__.validate_json(to_json(data), self_instance=self)

        __init__.__pydantic_base_init__ = True

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        # Strict JSON takes "2026-11-27" for a date, strict Python does not, and the framework
        # hands us parsed JSON. Going back to JSON keeps strictness and both kinds of caller.
        schema = handler(source)
        return core_schema.json_or_python_schema(
            json_schema=schema,
            python_schema=core_schema.no_info_wrap_validator_function(cls._from_python, schema),
        )

    @classmethod
    def _from_python(cls, value: Any, handler: Callable[[Any], Self]) -> Self:
        if isinstance(value, dict):
            return cls.__pydantic_validator__.validate_json(to_json(value))
        return handler(value)

    def given(self) -> dict[str, Any]:
        """Return only the fields the client sent (merge patch: absent means unchanged)."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class Variant(Input):
    """One member of a tagged union inside an input; tags are compared before reading."""

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return handler(source)


class Query(BaseModel):
    """What a client asks for in the URL: text to be read as numbers and dates, nothing unknown."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class View(BaseModel):
    """What a client receives, read from rows by attribute."""

    # Built when it is first used: few of the hundreds ever are in one process.
    model_config = ConfigDict(from_attributes=True, frozen=True, defer_build=True)


class Page(View):
    """One keyset page; subclass it with the type of `items`."""

    next_cursor: str | None = None


class RowView(View):
    """The fields every stored row shows."""

    id: UUID
    created_at: datetime
    updated_at: datetime
    version: int
