"""Focus sessions: handed only to their person's own devices, and timed by these.

What starts, rests, goes on and stops counts for its own instant, however late it comes; whose timer
then runs is settled by the slice itself.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime

from selfos.features.focus import service as focus
from selfos.features.focus.schemas import FocusCreate, FocusStart, FocusUpdate
from selfos.features.sync.service.nouns import Noun, Row, Verb, changing, plain
from selfos.kernel.context import Context
from selfos.kernel.permissions import Permission
from selfos.kernel.schema import Input


class SessionMake(FocusStart):
    """With an end it is written down afterwards; without one its timer runs."""

    started_at: AwareDatetime
    ended_at: AwareDatetime | None = None


class At(Input):
    """When the device was told."""

    at: AwareDatetime


async def _make(ctx: Context, thing: UUID, given: Any, row: Row) -> None:  # noqa: ARG001
    fields = given.model_dump(exclude={"started_at", "ended_at"})
    if given.ended_at is None:
        await focus.start_timer_at(ctx, FocusStart(**fields), given.started_at)
        return
    times = {"started_at": given.started_at, "ended_at": given.ended_at}
    await focus.record_session(ctx, FocusCreate(**fields, **times))


async def _pause(ctx: Context, thing: UUID, given: Any, row: Row) -> None:  # noqa: ARG001
    await focus.pause_timer_at(ctx, thing, given.at)


async def _resume(ctx: Context, thing: UUID, given: Any, row: Row) -> None:  # noqa: ARG001
    await focus.resume_timer_at(ctx, thing, given.at)


async def _stop(ctx: Context, thing: UUID, given: Any, row: Row) -> None:  # noqa: ARG001
    await focus.stop_timer_at(ctx, thing, given.at)


def _instant(given: Any) -> Any:
    """Write an instant out as rows show it."""
    try:
        instant = datetime.fromisoformat(given)
    except (TypeError, ValueError):
        return given
    if instant.tzinfo is None:
        return given
    return instant.astimezone(UTC).replace(microsecond=0).isoformat()


_told = Verb(_pause, At, timed="at", settles=True)
SESSION = Noun(
    "focus_session",
    focus.KEPT_SESSIONS,
    Permission.FOCUS_READ,
    Permission.FOCUS_WRITE,
    Verb(_make, SessionMake, timed="started_at"),
    {
        "pause": _told,
        "resume": replace(_told, run=_resume),
        "stop": replace(_told, run=_stop),
        "update": changing(focus.update_session, FocusUpdate),
        "delete": plain(focus.delete_session, deleted=True),
    },
    forms={"started_at": _instant, "ended_at": _instant},
)

NOUNS = (SESSION,)
