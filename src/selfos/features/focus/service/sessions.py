"""Sessions that are over: written down afterwards, corrected, listed, deleted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement

from selfos.features.focus.events import FocusDeleted, FocusRecorded, FocusUpdated
from selfos.features.focus.models import FocusSession
from selfos.features.focus.schemas import FocusCreate, FocusQuery, FocusUpdate
from selfos.features.focus.service.keeping import forget_habits, keep_habits
from selfos.features.focus.service.loading import SESSIONS, check_subject, day_of, facts, of_actor
from selfos.features.focus.stretches import Stretch, fitted, whole
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.documents import Document, Json, Order
from selfos.kernel.errors import invalid
from selfos.kernel.permissions import Permission

LAST_STARTED_FIRST = Order((FocusSession.started_at,), descending=True)
# Longer than anybody is awake; what took two days is two sessions.
LONGEST_WRITTEN = timedelta(hours=24)
# As far back as habits reach.
LONGEST_PAST = timedelta(days=3_653)
# Another machine's clock may be a little ahead.
AHEAD = timedelta(minutes=2)


async def list_sessions(ctx: Context, query: FocusQuery) -> Json:
    """Return one page of one's own sessions, the one that began last first."""
    ctx.require(Permission.FOCUS_READ)
    return await SESSIONS.page(ctx, query, *_conditions(query), order=LAST_STARTED_FIRST)


async def get_session(ctx: Context, session_id: UUID) -> Document:
    """Return one of one's own sessions as shown."""
    ctx.require(Permission.FOCUS_READ)
    return await SESSIONS.one(ctx, session_id)


async def record_session(ctx: Context, new: FocusCreate) -> FocusSession:
    """Write a session down afterwards."""
    ctx.require(Permission.FOCUS_WRITE)
    await check_subject(ctx, task_id=new.task_id, habit_id=new.habit_id)
    start, end = _checked(ctx, new.started_at, new.ended_at)
    session = of_actor(ctx, new, ended_at=end)
    session.set_times([Stretch(start, end)], await day_of(ctx))
    ctx.session.add(session)
    ctx.emit(FocusRecorded(**facts(session), seconds=session.seconds))
    ctx.describe("Wrote down a focus session")
    await keep_habits(ctx, session, was=session.habit_id, before={})
    return session


async def update_session(ctx: Context, session_id: UUID, change: FocusUpdate) -> FocusSession:
    """Correct a session: what it was given to, its note, and once it is over its times."""
    ctx.require(Permission.FOCUS_WRITE)
    session = await rows.get(ctx, FocusSession, session_id, lock=True)
    ctx.expect(session)
    before, was, days = rows.image(session), session.habit_id, session.seconds_of_days
    given = change.given()
    for name in given.keys() & {"task_id", "habit_id", "note"}:
        setattr(session, name, given[name])
    if given.keys() & {"task_id", "habit_id"}:
        await check_subject(ctx, task_id=session.task_id, habit_id=session.habit_id)
    if given.keys() & {"started_at", "ended_at"}:
        await _move(ctx, session, given)
    if given:
        session.cut = False
    if fields := rows.changed(session, before):
        ctx.emit(FocusUpdated(**facts(session), fields=fields))
        await keep_habits(ctx, session, was=was, before=days)
    ctx.describe("Corrected a focus session")
    return session


async def delete_session(ctx: Context, session_id: UUID) -> None:
    """Delete a session; undo brings it back."""
    ctx.require(Permission.FOCUS_WRITE)
    session = await rows.get(ctx, FocusSession, session_id, lock=True)
    ctx.expect(session)
    await forget_habits(ctx, session)
    await ctx.session.delete(session)
    ctx.emit(FocusDeleted(**facts(session)))
    ctx.describe("Deleted a focus session")


async def _move(ctx: Context, session: FocusSession, given: dict[str, Any]) -> None:
    session.require_over()
    start, end = _checked(
        ctx,
        given.get("started_at") or session.started_at,
        given.get("ended_at") or session.ended_at or ctx.now,
    )
    session.set_times(fitted(session.times, start, end), await day_of(ctx))
    session.ended_at = end


def _checked(ctx: Context, start: datetime, end: datetime) -> tuple[datetime, datetime]:
    if end <= start:
        raise invalid("/ended_at", "A session ends after it begins.")
    if end > ctx.now + AHEAD:
        raise invalid("/ended_at", "This time has not come yet.")
    if end - start > LONGEST_WRITTEN:
        raise invalid("/ended_at", "A session is a day long at most; write down two.")
    if start < ctx.now - LONGEST_PAST:
        raise invalid("/started_at", "A session lies at most ten years back.")
    return whole(start), whole(end)


def _conditions(query: FocusQuery) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if query.day is not None:
        conditions += [
            FocusSession.last_day >= query.day,
            FocusSession.first_day <= query.day,
            FocusSession.days.has_key(query.day.isoformat()),
        ]
    if query.task_id is not None:
        conditions.append(FocusSession.task_id == query.task_id)
    if query.habit_id is not None:
        conditions.append(FocusSession.habit_id == query.habit_id)
    return conditions
