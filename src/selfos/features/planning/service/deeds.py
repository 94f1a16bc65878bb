"""What somebody has finished, planned and put off: plain rows for those who count them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, and_, cast, select

from selfos.features.planning.models import Task
from selfos.features.planning.predicates import lives
from selfos.features.planning.schemas.words import TaskState
from selfos.features.planning.service.today import is_mine
from selfos.kernel.context import Context
from selfos.kernel.ledger.models import Change, ChangeKind, Changeset
from selfos.kernel.permissions import Permission


@dataclass(frozen=True, slots=True)
class Finished:
    """A task that was done: for which day, when, and until when it was due."""

    id: UUID
    day: date
    at: datetime
    due: date | None


@dataclass(frozen=True, slots=True)
class Planned:
    """A task with a date: when it was due, and for which day it was done, if it was."""

    id: UUID
    due: date
    done: date | None


@dataclass(frozen=True, slots=True)
class PutOff:
    """One time somebody gave a task a later date."""

    task_id: UUID
    due: date
    at: datetime


async def finished_since(ctx: Context, since: date) -> list[Finished]:
    """Return what the acting person, or nobody in particular, has done since a day."""
    ctx.require(Permission.TASK_READ)
    found: Any = await ctx.session.execute(
        select(Task.id, Task.settled_on, Task.settled_at, Task.due_date)
        .where(
            Task.settled_on >= since,
            Task.state == TaskState.DONE,
            Task.deleted_at.is_(None),
            is_mine(ctx),
        )
        .order_by(Task.settled_at, Task.id)
    )
    return [Finished(*row) for row in found]


async def planned_between(ctx: Context, first: date, last: date) -> list[Planned]:
    """Return the acting person's tasks with a date among these days, done or not."""
    ctx.require(Permission.TASK_READ)
    found: Any = await ctx.session.execute(
        select(Task.id, Task.due_date, Task.settled_on)
        .where(Task.due_date.between(first, last), lives(Task), is_mine(ctx))
        .order_by(Task.due_date, Task.id)
    )
    return [Planned(*row) for row in found]


async def put_off_since(ctx: Context, since: datetime) -> list[PutOff]:
    """Return each time the acting person has moved a task's date back since, from the ledger."""
    ctx.require(Permission.TASK_READ)
    before, after = (
        cast(image["due_date"].astext, Date) for image in (Change.before, Change.after)
    )
    found: Any = await ctx.session.execute(
        select(Change.entity_id, before, Changeset.at)
        .join(
            Changeset,
            and_(
                Changeset.workspace_id == Change.workspace_id, Changeset.id == Change.changeset_id
            ),
        )
        .where(
            Changeset.user_id == ctx.user_id,
            Changeset.at >= since,
            Change.entity == "task",
            Change.kind == ChangeKind.UPDATE,
            after > before,
        )
        .order_by(Changeset.at, Change.id)
    )
    return [PutOff(*row) for row in found]
