"""Facts in the past tense that verbs emit and handlers receive."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from selfos.kernel.context import Context


class Event(BaseModel):
    """The base of events. Payloads carry ids and small facts, never free text or secrets.

    `type` is the stored name ("task.completed"); `aggregate` names the field that holds the id
    whose events are handled in order.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    type: ClassVar[str]
    aggregate: ClassVar[str]

    @property
    def aggregate_id(self) -> UUID:
        """Return the id of the thing this happened to."""
        return getattr(self, self.aggregate)


@dataclass(frozen=True, slots=True)
class Handler:
    """Work that follows an event, in its own transaction, once, retried until it succeeds."""

    name: str
    event: type[Event]
    run: Callable[[Context, Any], Awaitable[None]]
