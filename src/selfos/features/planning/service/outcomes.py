"""What planning tells whoever counts: names, weights, how goals ended, how full weeks are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Text,
    Uuid,
    any_,
    case,
    cast,
    func,
    literal,
    select,
    union_all,
)

from selfos.features.planning.measuring import GoalReview
from selfos.features.planning.models import Area, Goal, Label, Task
from selfos.features.planning.predicates import is_leaf, lives
from selfos.features.planning.schemas.words import GoalStatus, TaskState
from selfos.features.planning.service.calendar import ZONES_APART
from selfos.features.planning.service.today import Day, due_day, is_mine
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.ledger.models import Change, Changeset
from selfos.kernel.permissions import Permission

# How long goals take is no better known from more of them.
MOST_VENTURES = 200


@dataclass(frozen=True, slots=True)
class Called:
    """What something is called, and its hue if it has one."""

    name: str
    color: str | None


@dataclass(frozen=True, slots=True)
class InUse:
    """A life area that is in use, with how much it is meant to matter."""

    id: UUID
    name: str
    color: str
    weight: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """A goal and what became of it so far."""

    id: UUID
    title: str
    area_id: UUID | None
    status: GoalStatus
    created_at: datetime
    completed_at: datetime | None
    target_date: date | None
    archived_at: datetime | None
    dropped_at: datetime | None


@dataclass(frozen=True, slots=True)
class Venture:
    """A goal against its first date: when it was made, that date, when it was reached if it was."""

    created_at: datetime
    meant: date
    completed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Season:
    """A season of a goal that somebody looked back on."""

    goal_id: UUID
    day: date
    progress: float | None


@dataclass(frozen=True, slots=True)
class Due:
    """The open tasks of one day: how many, the minutes they take, how many nobody sized."""

    day: date
    tasks: int
    minutes: int
    unsized: int


@dataclass(frozen=True, slots=True)
class Piece:
    """One leaf task of a goal: when it was written down, the day it was done, its weight."""

    created_at: datetime
    done_on: date | None
    weight: float


async def called(ctx: Context, ids: Collection[UUID]) -> dict[UUID, Called]:
    """Return what these areas, goals and labels are called, put away ones too, in one query."""
    ctx.require(Permission.TASK_READ)
    if not ids:
        return {}
    wanted = any_(literal(list(ids), ARRAY(Uuid())))

    def of(model: Any, name: Any, color: Any) -> Any:
        return select(model.id, name.label("name"), color.label("color")).where(
            model.workspace_id == ctx.workspace_id, model.id == wanted
        )

    nameless = literal(None, Text())
    found: Any = await ctx.session.execute(
        union_all(
            of(Area, Area.name, func.cast(Area.color, Text())),
            of(Goal, Goal.title, nameless),
            of(Label, Label.name, func.cast(Label.color, Text())),
        )
    )
    return {of_id: Called(name, color) for of_id, name, color in found}


async def areas_in_use(ctx: Context) -> list[InUse]:
    """Return the life areas that are neither archived nor deleted, in their order."""
    ctx.require(Permission.AREA_READ)
    found = await ctx.session.execute(
        select(Area.id, Area.name, Area.color, Area.weight)
        .where(Area.deleted_at.is_(None), Area.archived_at.is_(None))
        .order_by(Area.position, Area.id)
    )
    return [InUse(*row) for row in found]


async def outcomes(ctx: Context) -> list[Outcome]:
    """Return every goal that is not in the trash; when one was dropped is known by the ledger."""
    ctx.require(Permission.GOAL_READ)
    names = ("id", "title", "area_id", "status", "created_at", "completed_at", "target_date")
    columns = [getattr(Goal, name) for name in (*names, "archived_at")]
    dropped = (
        select(Changeset.at)
        .join(
            Change,
            (Change.workspace_id == Changeset.workspace_id) & (Change.changeset_id == Changeset.id),
        )
        .where(
            Change.workspace_id == Goal.workspace_id,
            Change.entity == "goal",
            Change.entity_id == Goal.id,
            Change.after["status"].astext == GoalStatus.DROPPED,
        )
        .order_by(Change.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    dropped_at = case((Goal.status == GoalStatus.DROPPED, func.coalesce(dropped, Goal.updated_at)))
    found = await ctx.session.execute(
        select(*columns, dropped_at).where(Goal.deleted_at.is_(None)).order_by(Goal.id)
    )
    return [Outcome(*row) for row in found]


async def ventures(ctx: Context, today: date) -> list[Venture]:
    """Return the latest goals whose first date, as the ledger knows it, has passed; none dropped.

    Each is found by its own index entries, so what else the ledger holds costs nothing.
    """
    ctx.require(Permission.GOAL_READ)
    target = cast(Change.after["target_date"].astext, Date)
    first = (
        select(target.label("day"))
        .where(
            Change.workspace_id == Goal.workspace_id,
            Change.entity == "goal",
            Change.entity_id == Goal.id,
            target.is_not(None),
        )
        .order_by(Change.id)
        .limit(1)
        .lateral("first")
    )
    found = await ctx.session.execute(
        select(Goal.created_at, first.c.day, Goal.completed_at)
        .join(first, literal(value=True))
        .where(Goal.deleted_at.is_(None), Goal.status != GoalStatus.DROPPED, first.c.day < today)
        .order_by(Goal.id.desc())
        .limit(MOST_VENTURES)
    )
    return [Venture(*row) for row in found]


async def seasons_ended(ctx: Context, first: date, last: date) -> list[Season]:
    """Return the seasons that somebody looked back on in these days."""
    ctx.require(Permission.GOAL_READ)
    found = await ctx.session.execute(
        select(GoalReview.goal_id, GoalReview.day, GoalReview.progress).where(
            GoalReview.day.between(first, last)
        )
    )
    return [Season(*row) for row in found]


async def due_between(ctx: Context, day: Day, last: date) -> list[Due]:
    """Return how much open work is due on each day that has any, from `day` to `last`."""
    ctx.require(Permission.TASK_READ)
    local: ColumnElement[date] = due_day(day)
    found = await ctx.session.execute(
        select(
            local,
            func.count(),
            func.coalesce(func.sum(Task.duration_minutes), 0),
            func.count().filter(Task.duration_minutes.is_(None)),
        )
        .where(
            Task.due_date.between(day.date - ZONES_APART, last + ZONES_APART),
            local.between(day.date, last),
            Task.settled_at.is_(None),
            Task.archived_at.is_(None),
            lives(Task),
            is_mine(ctx),
        )
        .group_by(local)
        .order_by(local)
    )
    return [Due(*row) for row in found]


async def pieces_of_goal(ctx: Context, goal_id: UUID) -> Sequence[Piece]:
    """Return the leaf tasks a goal progresses by, in the order they were written down."""
    ctx.require(Permission.TASK_READ)
    await rows.get(ctx, Goal, goal_id)
    found = await ctx.session.execute(
        select(Task.created_at, Task.settled_on, Task.weight, Task.state)
        .where(Task.goal_id == goal_id, Task.series_id.is_(None), lives(Task), is_leaf(Task))
        .order_by(Task.created_at, Task.id)
    )
    return [
        Piece(created_at, settled_on if state is TaskState.DONE else None, weight)
        for created_at, settled_on, weight, state in found
    ]
