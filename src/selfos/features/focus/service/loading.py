"""How sessions are shown, and the day and the subject that a session names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text, case, literal, select

from selfos.features.focus.models import FocusSession
from selfos.features.focus.schemas import FocusStart, FocusState
from selfos.features.habits import service as habits
from selfos.features.identity import service as identity
from selfos.features.planning import service as planning
from selfos.features.planning.schemas.words import Entity
from selfos.kernel.context import Context
from selfos.kernel.documents import Documents
from selfos.kernel.errors import invalid
from selfos.kernel.identifiers import new_id

OVER, RUNNING, PAUSED = (
    literal(state.value, Text())
    for state in (FocusState.OVER, FocusState.RUNNING, FocusState.PAUSED)
)
STATE = case(
    (FocusSession.ended_at.is_not(None), OVER),
    (FocusSession.stretches[-1]["end"].astext.is_(None), RUNNING),
    else_=PAUSED,
)
FIELDS = (
    *("id", "task_id", "habit_id", "note", "started_at", "ended_at", "stretches", "seconds"),
    *("days", "cut", "created_at", "updated_at", "version"),
)
SESSIONS = Documents(
    FocusSession,
    {
        **{name: getattr(FocusSession, name) for name in FIELDS},
        "state": STATE,
        "task_title": planning.title_of(Entity.TASK, FocusSession),
        "habit_title": habits.title_of(FocusSession),
    },
)
# As a device keeps them: it knows what tasks and habits are called.
KEPT_SESSIONS = Documents(
    FocusSession,
    {name: shown for name, shown in SESSIONS.fields.items() if not name.endswith("_title")},
)
DayOf = Callable[[datetime], date]


async def day_of(ctx: Context) -> DayOf:
    """Return how the acting person tells the day of an instant."""
    return (await identity.user_time(ctx)).local_day


async def find_open(ctx: Context, *, lock: bool = False) -> FocusSession | None:
    """Return the acting person's timer, running or paused, if there is one."""
    statement = select(FocusSession).where(FocusSession.ended_at.is_(None))
    return await ctx.session.scalar(statement.with_for_update() if lock else statement)


async def check_subject(ctx: Context, *, task_id: UUID | None, habit_id: UUID | None) -> None:
    """Refuse what is not there, and a habit that is not mine or not kept in time."""
    if task_id is not None and habit_id is not None:
        raise invalid("/habit_id", "A session is given to a task or to a habit, not to both.")
    if task_id is not None:
        await planning.name_of_kept(ctx, Entity.TASK, task_id, "/task_id")
    if habit_id is not None:
        await habits.check_kept_in_time(ctx, habit_id, "/habit_id")


def of_actor(ctx: Context, new: FocusStart, *, ended_at: datetime | None) -> FocusSession:
    """Return a session of the acting person on what is given; its times are still to be set."""
    return FocusSession(
        workspace_id=ctx.workspace_id,
        id=new.id or new_id(),
        user_id=ctx.user_id,
        seen_by=ctx.user_id,
        task_id=new.task_id,
        habit_id=new.habit_id,
        note=new.note,
        ended_at=ended_at,
        cut=False,
    )


def facts(session: FocusSession) -> dict[str, Any]:
    """Return what every event of a session says."""
    return {
        "session_id": session.id,
        "user_id": session.user_id,
        "task_id": session.task_id,
        "habit_id": session.habit_id,
    }
