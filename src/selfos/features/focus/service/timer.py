"""The one timer of a person: starting, pausing, going on, stopping, and what it says now."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from selfos.features.focus.events import FocusPaused, FocusStarted, FocusStopped
from selfos.features.focus.models import FocusSession
from selfos.features.focus.schemas import FocusStart
from selfos.features.focus.service.keeping import keep_habits
from selfos.features.focus.service.loading import (
    SESSIONS,
    DayOf,
    check_subject,
    day_of,
    facts,
    find_open,
    of_actor,
)
from selfos.features.focus.service.minutes import seconds_on
from selfos.features.focus.stretches import LONGEST, Stretch, whole
from selfos.features.identity import service as identity
from selfos.kernel import turns
from selfos.kernel.context import Context
from selfos.kernel.documents import Json, assemble
from selfos.kernel.errors import Conflict
from selfos.kernel.permissions import Permission

STOP_ELSEWHERE = "focus.stop_elsewhere"
NOTHING_RUNS = "No timer runs."


async def show_timer(ctx: Context) -> Json:
    """Return the acting person's timer as shown, if there is one, and their seconds of today."""
    ctx.require(Permission.FOCUS_READ)
    today = (await identity.user_time(ctx)).today(ctx.now)
    found = await find_open(ctx)
    unsure = await ctx.session.scalar(select(func.count()).where(FocusSession.cut))
    return assemble(
        {
            "now": ctx.now.isoformat(),
            "session": (await SESSIONS.one(ctx, found.id)).body if found else None,
            "today_seconds": await seconds_on(ctx, today),
            "longest_seconds": round(LONGEST.total_seconds()),
            "unsure": unsure or 0,
        }
    )


async def is_in_focus(ctx: Context) -> bool:
    """Tell whether the acting person's timer runs and has not been forgotten."""
    found = await find_open(ctx)
    return found is not None and found.is_running and ctx.now <= found.times[-1].start + LONGEST


async def start_timer(ctx: Context, new: FocusStart) -> tuple[FocusSession, FocusSession | None]:
    """Start a timer and return it, with the one that was stopped for it, if one ran."""
    ctx.require(Permission.FOCUS_WRITE)
    await check_subject(ctx, task_id=new.task_id, habit_id=new.habit_id)
    await take_turn(ctx)
    days, now = await day_of(ctx), whole(ctx.now)
    stopped = await find_open(ctx, lock=True)
    if stopped is not None:
        await make_room(ctx, stopped, days)
    session = of_actor(ctx, new, ended_at=None)
    session.set_times([Stretch(now)], days)
    ctx.session.add(session)
    started(ctx, session)
    ctx.describe("Started a focus session")
    return session, stopped


async def pause_timer(ctx: Context) -> FocusSession:
    """Let the timer rest."""
    ctx.require(Permission.FOCUS_WRITE)
    session = await _open(ctx)
    session.pause(whole(ctx.now), await day_of(ctx))
    ctx.emit(FocusPaused(**facts(session)))
    ctx.describe("Paused a focus session")
    return session


async def resume_timer(ctx: Context) -> FocusSession:
    """Go on after a pause."""
    ctx.require(Permission.FOCUS_WRITE)
    session = await _open(ctx)
    session.resume(whole(ctx.now), await day_of(ctx))
    started(ctx, session)
    ctx.describe("Went on with a focus session")
    return session


async def stop_timer(ctx: Context) -> FocusSession:
    """End the session; one that was forgotten ends when it was, and says so."""
    ctx.require(Permission.FOCUS_WRITE)
    session = await _open(ctx)
    await end(ctx, session, await day_of(ctx))
    ctx.describe("Stopped a focus session")
    return session


async def take_turn(ctx: Context) -> None:
    """Wait for another device of the acting person that starts a timer at this moment."""
    await turns.take_turn(ctx, f"focus:{ctx.user_id}")


async def end(ctx: Context, session: FocusSession, days: DayOf, at: datetime | None = None) -> None:
    """End a session that is open, now or then, and let its habit have what it came to."""
    session.stop(at or whole(ctx.now), days)
    ctx.emit(FocusStopped(**facts(session), seconds=session.seconds, cut=session.cut))
    await keep_habits(ctx, session, was=session.habit_id, before={})


async def make_room(
    ctx: Context, session: FocusSession, days: DayOf, at: datetime | None = None
) -> None:
    """End a session so that another can be open: the place of an open one is free at once."""
    await end(ctx, session, days, at)
    await ctx.session.flush()


async def _open(ctx: Context) -> FocusSession:
    session = await find_open(ctx, lock=True)
    if session is None:
        raise Conflict(NOTHING_RUNS)
    ctx.expect(session)
    return session


def started(ctx: Context, session: FocusSession) -> None:
    """Say that a timer runs, and let those in the person's other workspaces make way."""
    ctx.emit(FocusStarted(**facts(session)))
    # Somebody has one timer, in whichever of their workspaces; the others are beyond these walls.
    workspace_id, user_id = str(ctx.workspace_id), str(ctx.user_id)
    ctx.defer(
        STOP_ELSEWHERE,
        lock=f"{STOP_ELSEWHERE}:{user_id}",
        workspace_id=workspace_id,
        user_id=user_id,
        session_id=str(session.id),
    )
