"""What tasks can be asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, Text, and_, case, cast, func, or_, select

from selfos.features.identity.service import User
from selfos.features.planning.filters import tree
from selfos.features.planning.filters.columns import (
    LAST_DAY,
    always,
    by,
    by_day,
    gathered,
    in_area,
    missing_last,
    named,
    shared,
    text_in,
    toward_goal,
    whose,
)
from selfos.features.planning.filters.compiling import (
    Asker,
    Condition,
    Fields,
    Grouping,
    Instant,
    PastDay,
    PlannedDay,
)
from selfos.features.planning.models import (
    Area,
    Goal,
    Label,
    Phase,
    Project,
    Task,
    TaskLabel,
)
from selfos.features.planning.predicates import found, has_subtasks, is_blocked, waiting_for
from selfos.features.planning.schemas.words import TaskState
from selfos.features.planning.unread import UnreadTask
from selfos.kernel.ledger.models import ActorKind, Change, ChangeKind, Changeset
from selfos.kernel.searching import documents_about

# Where an order puts what has no value: last, whichever way it runs.
LAST_TIME = time.max
NO_MINUTES, ENDLESS_MINUTES = -1, 2_000_000_000


def _in_project(place: tree.Place, asker: Asker) -> Condition:
    projects = named(Project, place.name, asker)
    inside = Task.project_id.in_(projects)
    if place.phase is not None:
        phases = named(Phase, place.phase, asker).where(Phase.project_id.in_(projects))
        inside = Task.phase_id.in_(phases)
    return inside if place.deep else and_(inside, Task.parent_id.is_(None))


def _labelled(place: tree.Place, asker: Asker) -> Condition:
    links = select(TaskLabel.task_id).where(
        TaskLabel.workspace_id == asker.workspace_id,
        TaskLabel.label_id.in_(named(Label, place.name, asker)),
    )
    return Task.id.in_(links)


def _local_day(name: str) -> Callable[[Asker], ColumnElement[date]]:
    """Return the local day of a plan: a time in another zone may fall on another day."""
    day, clock, zone = (getattr(Task, f"{name}_{part}") for part in ("date", "time", "zone"))

    def of(asker: Asker) -> ColumnElement[date]:
        here = cast(func.timezone(asker.zone, func.timezone(zone, day + clock)), Date)
        return case((zone.is_(None), day), else_=here)

    return of


_due_day, _start_day = _local_day("due"), _local_day("start")
_open = Task.settled_at.is_(None)


def _is_overdue(asker: Asker) -> Condition:
    today = asker.present.today
    return and_(_open, Task.due_date.is_not(None), _due_day(asker) < today)


def _is_deferred(asker: Asker) -> Condition:
    return and_(_open, Task.start_date.is_not(None), _start_day(asker) > asker.present.today)


def _is_unread(asker: Asker) -> Condition:
    mine = (UnreadTask.workspace_id == asker.workspace_id, UnreadTask.user_id == asker.user_id)
    return Task.id.in_(select(UnreadTask.task_id).where(*mine))


def _is_blocking(_: Asker) -> Condition:
    return and_(_open, found(waiting_for(Task, lambda waiting: waiting.id)))


def _made_by(actor: ActorKind) -> Callable[[Asker], Condition]:
    """Return what the ledger knows of who made a task."""

    def made(asker: Asker) -> Condition:
        makings = (
            select(Change.entity_id)
            .join(
                Changeset,
                and_(
                    Changeset.workspace_id == Change.workspace_id,
                    Changeset.id == Change.changeset_id,
                ),
            )
            .where(
                Change.workspace_id == asker.workspace_id,
                Change.entity == "task",
                Change.kind == ChangeKind.CREATE,
                Changeset.actor == actor,
            )
        )
        if actor is ActorKind.USER:
            makings = makings.where(Changeset.user_id == asker.user_id)
        return Task.id.in_(makings)

    return made


def _in_state(*states: TaskState) -> Callable[[Asker], Condition]:
    return always(or_(*(Task.state == state for state in states)))


def _has_label() -> Condition:
    links = select(TaskLabel.id).where(
        TaskLabel.workspace_id == Task.workspace_id, TaskLabel.task_id == Task.id
    )
    return found(links.correlate(Task))


THERE: dict[str, Condition] = {
    "area": Task.area_id.is_not(None),
    "assignee": Task.assignee_id.is_not(None),
    "date": Task.due_date.is_not(None),
    "deadline": Task.deadline.is_not(None),
    "duration": Task.duration_minutes.is_not(None),
    "goal": Task.goal_id.is_not(None),
    "label": _has_label(),
    "note": or_(Task.notes != "", found(documents_about("note", "task", Task))),
    "project": Task.project_id.is_not(None),
    "start": Task.start_date.is_not(None),
}
IS: dict[str, Callable[[Asker], Condition]] = {
    "archived": always(Task.archived_at.is_not(None)),
    "blocked": always(is_blocked(Task)),
    "blocking": _is_blocking,
    "cancelled": _in_state(TaskState.CANCELLED),
    "completed": _in_state(TaskState.DONE),
    "deferred": _is_deferred,
    "doing": _in_state(TaskState.DOING),
    "done": _in_state(TaskState.DONE),
    "inbox": _in_state(TaskState.INBOX),
    "open": always(_open),
    "overdue": _is_overdue,
    "recurring": always(Task.slot.is_not(None)),
    "shared": shared,
    "subtask": always(Task.parent_id.is_not(None)),
    "todo": _in_state(TaskState.TODO),
    "unread": _is_unread,
    "waiting": _in_state(TaskState.WAITING),
}
WORDS: dict[tuple[str, str], Callable[[Asker], Condition]] = {
    **{("is", word): condition for word, condition in IS.items()},
    **{("has", word): always(condition) for word, condition in THERE.items()},
    **{("no", word): always(~condition) for word, condition in THERE.items()},
    ("has", "comment"): always(found(documents_about("comment", "task", Task))),
    ("has", "subtask"): always(has_subtasks(Task)),
    ("by", "ai"): _made_by(ActorKind.ASSISTANT),
    ("by", "me"): _made_by(ActorKind.USER),
}


def _by_minutes(descending: bool) -> tuple[Any, ...]:  # noqa: FBT001
    return (func.coalesce(Task.duration_minutes, NO_MINUTES if descending else ENDLESS_MINUTES),)


def _group_by_assignee(_: Asker) -> Grouping:
    name = select(User.name).where(User.id == Task.assignee_id).correlate(Task)
    called_so = func.coalesce(name.scalar_subquery(), "")
    key = func.coalesce(cast(Task.assignee_id, Text), "")
    return Grouping(
        (missing_last(Task.assignee_id), func.lower(called_so, type_=Text())), key, called_so
    )


def _group_by_due(asker: Asker) -> Grouping:
    day = _due_day(asker)
    key = func.coalesce(func.to_char(day, "YYYY-MM-DD", type_=Text()), "")
    return Grouping((func.coalesce(day, LAST_DAY),), key, key)


def _group_by_priority(_: Asker) -> Grouping:
    key = cast(Task.priority, Text)
    return Grouping((Task.priority,), key, key)


def _group_by_state(_: Asker) -> Grouping:
    order = case({state: place for place, state in enumerate(TaskState)}, value=Task.state)
    key = cast(Task.state, Text)
    return Grouping((cast(order, Integer),), key, key)


TASK_FIELDS = Fields(
    noun="tasks",
    text=text_in("task", Task),
    places={
        "project": _in_project,
        "label": _labelled,
        "area": in_area(Task.area_id),
        "goal": toward_goal(Task.goal_id),
    },
    words=WORDS,
    days={
        "due": PlannedDay(_due_day, Task.due_date),
        "deadline": PlannedDay(lambda _: Task.deadline, Task.deadline),
        "start": PlannedDay(_start_day, Task.start_date),
        "done": PastDay(Task.settled_on, (Task.state == TaskState.DONE,)),
        "created": Instant(Task.created_at),
        "updated": Instant(Task.updated_at),
    },
    numbers={"priority": Task.priority, "duration": Task.duration_minutes},
    sorts={
        "created": by(Task.created_at),
        "deadline": by_day(Task.deadline),
        "done": by_day(Task.settled_at),
        "due": by_day(Task.due_date, func.coalesce(Task.due_time, LAST_TIME)),
        "duration": _by_minutes,
        "priority": by(Task.priority),
        "rank": by(Task.rank),
        "start": by_day(Task.start_date),
        "title": by(func.lower(Task.title, type_=Text())),
        "updated": by(Task.updated_at),
    },
    groups={
        "area": gathered(Area, Task.area_id),
        "assignee": _group_by_assignee,
        "due": _group_by_due,
        "goal": gathered(Goal, Task.goal_id),
        "priority": _group_by_priority,
        "project": gathered(Project, Task.project_id),
        "state": _group_by_state,
    },
    assignee=whose(Task.assignee_id),
    still_open=_open,
)
