"""Ending timers that nobody stops: forgotten ones, and those of another workspace."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, cast, func, select

from selfos.features.focus.models import FocusSession
from selfos.features.focus.service.loading import day_of, find_open
from selfos.features.focus.service.timer import end
from selfos.features.focus.stretches import LONGEST, untouched_since
from selfos.kernel.context import Actor, open_context, system_session
from selfos.kernel.core import Kernel
from selfos.kernel.ledger.models import ActorKind

Place = tuple[UUID, UUID]


async def end_forgotten(kernel: Kernel) -> None:
    """End what nobody has touched for so long that it was forgotten, person by person."""
    async with system_session(kernel) as session:
        found = await session.execute(
            select(FocusSession.workspace_id, FocusSession.user_id).where(
                FocusSession.ended_at.is_(None), _touched() < kernel.clock() - LONGEST
            )
        )
        places = [(row[0], row[1]) for row in found]
    for place in places:
        await _end(kernel, place)


async def end_elsewhere(
    kernel: Kernel, *, workspace_id: str, user_id: str, session_id: str
) -> None:
    """Leave open what a person started last, in whichever of their workspaces; end the others."""
    async with system_session(kernel) as session:
        found = await session.execute(
            select(FocusSession.workspace_id, FocusSession.id, _touched()).where(
                FocusSession.user_id == UUID(user_id), FocusSession.ended_at.is_(None)
            )
        )
        open_ones = {row[0]: (row[1], row[2]) for row in found}
    if open_ones.get(UUID(workspace_id), (None,))[0] != UUID(session_id):
        return
    # A device may tell late of a timer that was started before another one.
    last = max(open_ones, key=lambda each: (open_ones[each][1], each == UUID(workspace_id)))
    for elsewhere in open_ones.keys() - {last}:
        await _end(kernel, (elsewhere, UUID(user_id)), at=open_ones[last][1])


async def _end(kernel: Kernel, place: Place, *, at: datetime | None = None) -> None:
    """End what is open there: when another was started, or as it was forgotten."""
    workspace_id, user_id = place
    actor = Actor(ActorKind.SYSTEM, user_id)
    async with open_context(kernel, workspace_id=workspace_id, actor=actor) as ctx:
        session = await find_open(ctx, lock=True)
        if session is None:
            return
        if at is None and untouched_since(session.times) >= ctx.now - LONGEST:
            return
        await end(ctx, session, await day_of(ctx), at)
        why = "forgotten" if at is None else "another was started elsewhere"
        ctx.describe(f"Ended a focus session: {why}")


def _touched() -> ColumnElement[datetime]:
    """Return when a timer was last started, or paused."""
    last = FocusSession.stretches[-1]
    return cast(func.coalesce(last["end"].astext, last["start"].astext), DateTime(timezone=True))
