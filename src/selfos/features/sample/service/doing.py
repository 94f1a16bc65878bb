"""Deeds done through the verbs of planning, habits, the calendar and the journal."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from selfos.features.calendar import service as calendar
from selfos.features.calendar.schemas import CalendarEventCreate
from selfos.features.focus import service as focus
from selfos.features.focus.schemas import FocusCreate
from selfos.features.habits import service as habits
from selfos.features.habits.schemas.inputs import CheckInCreate, HabitCreate, SkipCreate
from selfos.features.journal import service as journal
from selfos.features.journal.schemas import EntryCreate
from selfos.features.planning import service as planning
from selfos.features.planning.schemas.inputs import (
    AreaCreate,
    DependencyCreate,
    GoalCreate,
    GoalUpdate,
    PhaseCreate,
    ProjectCreate,
    TaskCreate,
    TaskUpdate,
)
from selfos.features.planning.schemas.measuring import DataPointCreate
from selfos.features.planning.schemas.words import GoalStatus, OnDate
from selfos.features.sample.deeds import (
    Act,
    Deed,
    Give,
    Log,
    Make,
    Measure,
    Noun,
    Postpone,
    Step,
    Tie,
    Verb,
)
from selfos.kernel.context import Context
from selfos.kernel.identifiers import id_at

ID_BYTES = 10


async def _drop_goal(ctx: Context, goal_id: UUID) -> None:
    await planning.update_goal(ctx, goal_id, GoalUpdate(status=GoalStatus.DROPPED))


MAKERS: dict[Noun, tuple[Callable[..., Awaitable[Any]], type[Any]]] = {
    Noun.AREA: (planning.create_area, AreaCreate),
    Noun.PROJECT: (planning.create_project, ProjectCreate),
    Noun.GOAL: (planning.create_goal, GoalCreate),
    Noun.TASK: (planning.create_task, TaskCreate),
    Noun.HABIT: (habits.create_habit, HabitCreate),
    Noun.CALENDAR_EVENT: (calendar.create_event, CalendarEventCreate),
    Noun.JOURNAL_ENTRY: (journal.create_entry, EntryCreate),
}
VERBS: dict[Verb, Callable[[Context, UUID], Awaitable[Any]]] = {
    Verb.ARCHIVE_PROJECT: planning.archive_project,
    Verb.CANCEL_TASK: planning.cancel_task,
    Verb.COMPLETE_GOAL: planning.complete_goal,
    Verb.COMPLETE_PROJECT: planning.complete_project,
    Verb.COMPLETE_TASK: planning.complete_task,
    Verb.DELETE_TASK: planning.delete_task,
    Verb.DROP_GOAL: _drop_goal,
}


@dataclass(slots=True)
class Things:
    """What there is in a life, by key; ids follow from workspace, key and instant."""

    workspace_id: UUID
    ids: dict[str, UUID] = field(default_factory=dict[str, UUID])

    def name(self, step: Step, instant: datetime) -> None:
        """Give everything this step makes its id."""
        for deed in step.deeds:
            if isinstance(deed, Make):
                seed = self.workspace_id.bytes + deed.key.encode()
                self.ids[deed.key] = id_at(instant, hashlib.sha256(seed).digest()[:ID_BYTES])


async def do(ctx: Context, things: Things, deed: Deed) -> None:
    """Do one deed here and now."""
    row_id = things.ids[deed.key]
    match deed:
        case Make():
            await _make(ctx, things, deed, row_id)
        case Act(verb=verb):
            await VERBS[verb](ctx, row_id)
        case Postpone(day=day):
            change = TaskUpdate(due=OnDate(kind="date", date=day))
            await planning.update_task(ctx, row_id, change)
        case Tie(blocker=blocker):
            # A dependency names tasks by id alone, so they must be there first.
            await ctx.session.flush()
            new = DependencyCreate(blocker_id=things.ids[blocker])
            await planning.create_dependency(ctx, row_id, new)
        case Log(amounts=amounts, skipped=skipped):
            done = [CheckInCreate(day=day, amount=amount) for day, amount in amounts.items()]
            left_out = [SkipCreate(day=day, reason=why) for day, why in skipped.items()]
            await habits.record_days(ctx, row_id, [*done, *left_out])
        case Give(minutes=minutes):
            began = ctx.now - timedelta(minutes=minutes)
            new = FocusCreate(task_id=row_id, started_at=began, ended_at=ctx.now)
            await focus.record_session(ctx, new)
        case Measure(value=value):
            await planning.create_data_point(ctx, row_id, DataPointCreate(value=value))


async def _make(ctx: Context, things: Things, deed: Make, row_id: UUID) -> None:
    links = {name: things.ids[key] for name, key in deed.links.items()}
    given = {name: value for name, value in deed.fields.items() if value is not None}
    if deed.noun is Noun.PHASE:
        new = PhaseCreate(id=row_id, **given)
        await planning.create_phase(ctx, links["project_id"], new)
    else:
        create, schema = MAKERS[deed.noun]
        await create(ctx, schema(id=row_id, **given, **links))
    if deed.noun is not Noun.TASK:
        # What lies inside names its container by id alone, so that must be there first.
        await ctx.session.flush()
