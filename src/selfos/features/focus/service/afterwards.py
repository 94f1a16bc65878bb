"""The timer as a device ran it without a connection: each command counts for its own instant.

What was started last runs; whatever ran before ends where that began. A session ends at the
earliest of what ended it, and going on with it later opens it again. So nobody has two timers,
however late a command comes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from selfos.features.focus.events import FocusPaused, FocusRecorded, FocusStopped, FocusUpdated
from selfos.features.focus.models import FocusSession
from selfos.features.focus.schemas import FocusStart
from selfos.features.focus.service.keeping import keep_habits
from selfos.features.focus.service.loading import (
    DayOf,
    check_subject,
    day_of,
    facts,
    find_open,
    of_actor,
)
from selfos.features.focus.service.sessions import LONGEST_PAST
from selfos.features.focus.service.timer import end, make_room, started, take_turn
from selfos.features.focus.stretches import Stretch, close, whole
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.errors import invalid
from selfos.kernel.ledger.models import EventRecord
from selfos.kernel.permissions import Permission


async def start_timer_at(ctx: Context, new: FocusStart, at: datetime) -> FocusSession:
    """Start a timer then; where another was started later, it ended there."""
    ctx.require(Permission.FOCUS_WRITE)
    await check_subject(ctx, task_id=new.task_id, habit_id=new.habit_id)
    await take_turn(ctx)
    days, at = await day_of(ctx), _instant(ctx, at)
    until = await _make_way(ctx, at, days)
    session = of_actor(ctx, new, ended_at=None)
    session.set_times([Stretch(at)], days)
    ctx.describe("Started a focus session")
    if until is None:
        ctx.session.add(session)
        started(ctx, session)
        return session
    session.stop(until, days)
    ctx.session.add(session)
    ctx.emit(FocusRecorded(**facts(session), seconds=session.seconds))
    await keep_habits(ctx, session, was=session.habit_id, before={})
    return session


async def pause_timer_at(ctx: Context, session_id: UUID, at: datetime) -> None:
    """Let a session rest from then on; nothing happens where it rested by then already."""
    session, at = await _locked(ctx, session_id, at)
    days = await day_of(ctx)
    if not session.is_running:
        await _end_earlier(ctx, session, at, days)
    elif session.times[-1].start <= at:
        session.pause(at, days)
        ctx.emit(FocusPaused(**facts(session)))
    ctx.describe("Paused a focus session")


async def stop_timer_at(ctx: Context, session_id: UUID, at: datetime) -> None:
    """End a session then; nothing happens where it had ended by then, or was gone on with since."""
    session, at = await _locked(ctx, session_id, at)
    days = await day_of(ctx)
    if session.ended_at is not None:
        await _end_earlier(ctx, session, at, days)
    elif session.times[-1].start <= at:
        await _end_earlier(ctx, session, at, days)
        await end(ctx, session, days, at)
    ctx.describe("Stopped a focus session")


async def resume_timer_at(ctx: Context, session_id: UUID, at: datetime) -> None:
    """Go on with a session then, also one that has ended before; else nothing happens."""
    await take_turn(ctx)
    session, at = await _locked(ctx, session_id, at)
    ctx.describe("Went on with a focus session")
    last = session.times[-1]
    if session.is_running or last.end is None or at < last.end:
        return
    days, over = await day_of(ctx), session.ended_at is not None
    until = await _make_way(ctx, at, days, but=session)
    session.resume(at, days)
    session.ended_at, session.cut = None, False
    if until is None:
        started(ctx, session)
        return
    before: Mapping[date, int] = session.seconds_of_days if over else {}
    session.stop(until, days)
    ctx.emit(FocusStopped(**facts(session), seconds=session.seconds, cut=session.cut))
    await keep_habits(ctx, session, was=session.habit_id, before=before)


async def _locked(ctx: Context, session_id: UUID, at: datetime) -> tuple[FocusSession, datetime]:
    ctx.require(Permission.FOCUS_WRITE)
    return await rows.get(ctx, FocusSession, session_id, lock=True), _instant(ctx, at)


def _instant(ctx: Context, at: datetime) -> datetime:
    """Return a whole second that has been: a device's clock may be ahead."""
    if at < ctx.now - LONGEST_PAST:
        raise invalid("/at", "A session lies at most ten years back.")
    return whole(min(at, ctx.now))


async def _make_way(
    ctx: Context, at: datetime, days: DayOf, *, but: FocusSession | None = None
) -> datetime | None:
    """End the timer that is open where this one starts, or return when it was started later."""
    other = await find_open(ctx, lock=True)
    if other is None or other is but:
        return None
    later = [each.start for each in other.times if each.start > at]
    if later:
        return min(later)
    await _end_earlier(ctx, other, at, days)
    await make_room(ctx, other, days, at)
    return None


async def _end_earlier(ctx: Context, session: FocusSession, at: datetime, days: DayOf) -> None:
    """Let its last stretch, if it is closed, end then, if that is earlier."""
    *before, last = session.times
    if last.end is None or not last.start <= at < last.end:
        return
    counted, over = session.seconds_of_days, session.ended_at is not None
    if over and await _corrected(ctx, session):
        return
    session.set_times(close([*before, Stretch(last.start, at)], at).stretches, days)
    session.cut = False
    if over:
        session.ended_at = at
        ctx.emit(FocusStopped(**facts(session), seconds=session.seconds, cut=False))
        await keep_habits(ctx, session, was=session.habit_id, before=counted)
    else:
        ctx.emit(FocusPaused(**facts(session)))


async def _corrected(ctx: Context, session: FocusSession) -> bool:
    """Tell whether somebody has said by hand when it ended."""
    said = select(EventRecord.id).where(
        EventRecord.type == FocusUpdated.type,
        EventRecord.aggregate_id == session.id,
        EventRecord.payload["fields"].has_key("ended_at"),
    )
    return await ctx.session.scalar(said.limit(1)) is not None
