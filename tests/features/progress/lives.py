"""Random lives over three weeks, and their numbers reckoned the slow way, from rows alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from selfos.features.focus import service as focus
from selfos.features.focus.models import FocusSession
from selfos.features.focus.schemas import FocusCreate, FocusStart, FocusUpdate
from selfos.features.history import service as history
from selfos.features.identity import service as identity
from selfos.features.identity.schemas import ProfileUpdate
from selfos.features.planning import service as planning
from selfos.features.planning.models import Label, Task, TaskLabel
from selfos.features.planning.schemas.inputs import AreaCreate, GoalCreate, TaskCreate, TaskUpdate
from selfos.features.progress import service as progress
from selfos.features.progress.schemas import StatsQuery
from selfos.features.progress.spans import Unit
from selfos.kernel.context import Actor, Context, open_context
from selfos.kernel.errors import Problem
from selfos.kernel.ledger.models import ActorKind, Door
from tests.factories import Person

DAYS = 21
ZONES = ("Pacific/Auckland", "America/Los_Angeles", "Europe/Berlin", "Pacific/Kiritimati")
LABELS = ("home", "deep")
# A deed, how many hours later it is done, and two numbers that say to what and how.
Deed = tuple[str, int, int, int]
DEEDS = (
    *("add",) * 4, *("complete",) * 5, "reopen", "cancel", *("move",) * 4, "file", "label",
    "delete", "restore", *("undo",) * 3, "redo", "fly", "look", *("time",) * 2, "stop", "retime",
)  # fmt: skip


@dataclass(frozen=True)
class Moved:
    """A change of a due date, as somebody made it."""

    changeset: UUID
    task: UUID
    day: date
    before: date | None
    after: date | None


@dataclass
class Life:
    """Somebody's three weeks, up to now."""

    person: Person
    now: datetime = field(default_factory=lambda: datetime.now(UTC) - timedelta(days=DAYS))
    moves: list[Moved] = field(default_factory=list[Moved])
    undone: set[UUID] = field(default_factory=set[UUID])
    undoing: dict[UUID, UUID] = field(default_factory=dict[UUID, UUID])
    areas: list[UUID] = field(default_factory=list[UUID])
    goals: list[UUID] = field(default_factory=list[UUID])

    def at(self, instant: datetime) -> Any:
        """Open a Context of this person at an instant."""
        return open_context(
            self.person.kernel,
            workspace_id=self.person.workspace_id,
            actor=Actor(ActorKind.USER, self.person.user_id),
            door=Door.WEB,
            now=instant,
        )

    async def begin(self) -> None:
        """Make the areas and the goal that tasks will lie in."""
        async with self.at(self.now) as ctx:
            for name in ("Health", "Work"):
                area = await planning.create_area(ctx, AreaCreate(name=name))
                self.areas.append(area.id)
            goal = await planning.create_goal(ctx, GoalCreate(title="Run", area_id=self.areas[0]))
            self.goals.append(goal.id)

    async def live(self, deeds: list[Deed]) -> None:
        """Do these things, as far as they make sense."""
        for deed, hours, which, how in deeds:
            self.now = min(self.now + timedelta(hours=hours, seconds=1), datetime.now(UTC))
            try:
                async with self.at(self.now) as ctx:
                    await self._do(ctx, deed, which, how)
            except Problem:
                continue

    async def _do(self, ctx: Context, deed: str, which: int, how: int) -> None:
        clock = await identity.user_time(ctx)
        today = clock.today(ctx.now)
        tasks = list(await ctx.session.scalars(select(Task).order_by(Task.id)))
        task = tasks[which % len(tasks)] if tasks else None
        match deed:
            case "add":
                await planning.create_task(ctx, self._new(today, which, how))
            case "fly":
                zone = ZONES[how % len(ZONES)]
                await identity.update_profile(ctx, ProfileUpdate(time_zone=zone))
            case "look":
                await progress.catch_up(ctx)
            case "time" | "stop" | "retime":
                await self._time(ctx, deed, task.id if task else None, how)
            case "undo":
                await history.undo_last(ctx)
                assert ctx.draft.undo_of is not None
                self.undone.add(ctx.draft.undo_of)
                self.undoing[ctx.draft.id] = ctx.draft.undo_of
            case "redo":
                await history.redo_last(ctx)
                assert ctx.draft.undo_of is not None
                self.undone.discard(self.undoing[ctx.draft.undo_of])
            case _ if task is not None:
                await self._change(ctx, deed, task, today, how)
            case _:
                pass

    async def _time(self, ctx: Context, deed: str, task_id: UUID | None, how: int) -> None:
        found = list(await ctx.session.scalars(select(FocusSession).order_by(FocusSession.id)))
        session = found[how % len(found)] if found else None
        length = timedelta(minutes=how % 700)
        match deed:
            case "time" if how % 2:
                await focus.start_timer(ctx, FocusStart(task_id=task_id if how % 3 else None))
            case "time":
                began, ended = ctx.now - length - timedelta(minutes=how), ctx.now - length
                times = {"started_at": began, "ended_at": ended, "task_id": task_id}
                await focus.record_session(ctx, FocusCreate.model_validate(times))
            case "stop":
                await focus.stop_timer(ctx)
            case _ if session is not None and how % 5:
                times = {"started_at": session.started_at - length, "task_id": task_id}
                await focus.update_session(ctx, session.id, FocusUpdate.model_validate(times))
            case _ if session is not None:
                await focus.delete_session(ctx, session.id)
            case _:
                pass

    def _new(self, today: date, which: int, how: int) -> TaskCreate:
        place: dict[str, Any] = {}
        if how % 3 == 1:
            place = {"area_id": str(self.areas[how % 2])}
        if how % 3 == 2:
            place = {"goal_id": str(self.goals[0])}
        due = {"kind": "date", "date": str(today + timedelta(days=which % 5 - 1))}
        return TaskCreate.model_validate(
            {
                "title": f"Task {which}",
                "due": due if which % 4 else None,
                "duration_minutes": 15 * (how % 4) or None,
                "labels": list(LABELS[: which % 3]),
                **place,
            }
        )

    async def _change(self, ctx: Context, deed: str, task: Task, today: date, how: int) -> None:
        match deed:
            case "complete":
                back = how % 4 if how % 2 else 0
                await planning.complete_task(ctx, task.id, on=today - timedelta(days=back))
            case "reopen":
                await planning.reopen_task(ctx, task.id)
            case "cancel":
                await planning.cancel_task(ctx, task.id)
            case "move":
                await self._move(ctx, task, today, how)
            case "file":
                fields = {"area_id": str(self.areas[how % 2]), "goal_id": None}
                await planning.update_task(ctx, task.id, TaskUpdate.model_validate(fields))
            case "label":
                fields = {"labels": list(LABELS[how % 3 :])}
                await planning.update_task(ctx, task.id, TaskUpdate.model_validate(fields))
            case "delete":
                await planning.delete_task(ctx, task.id)
            case "restore":
                await planning.restore_task(ctx, task.id)
            case _:
                raise AssertionError(deed)

    async def _move(self, ctx: Context, task: Task, today: date, how: int) -> None:
        before, after = task.due_date, today + timedelta(days=how % 9 - 3)
        due = {"kind": "date", "date": str(after)} if how % 7 else None
        await planning.update_task(ctx, task.id, TaskUpdate.model_validate({"due": due}))
        wanted = after if due else None
        if wanted != before:
            self.moves.append(Moved(ctx.draft.id, task.id, today, before, wanted))


def slow_minutes(
    sessions: list[FocusSession], clock: identity.UserTime, of: set[UUID] | None, *days: date
) -> float:
    """Count the minutes of some tasks' sessions, or of all, minute by minute of the clock."""
    seconds = 0.0
    for session in sessions:
        if of is not None and session.task_id not in of:
            continue
        for each in session.times:
            at, end = each.start, each.end or each.start
            while at < end:
                following = min(at.replace(second=0) + timedelta(minutes=1), end)
                if days[0] <= clock.local_day(at) <= days[1]:
                    seconds += (following - at).total_seconds()
                at = following
    return round(seconds / 60, 2)


def slow_count(tasks: list[Task], life: Life, first: date, last: date) -> Counter[str]:
    """Count some tasks by what the words mean."""
    counts: Counter[str] = Counter()

    def add(day: date | None, **numbers: int) -> None:
        if day is not None and first <= day <= last:
            counts.update(numbers)

    for task in tasks:
        if task.state == "done":
            assert task.settled_on is not None
            met = task.due_date is not None and task.settled_on <= task.due_date
            late = task.due_date is not None and not met
            minutes = task.duration_minutes
            add(
                task.settled_on, done=1, on_time=int(met), late=int(late),
                minutes=minutes or 0, sized=int(minutes is not None),
            )  # fmt: skip
        else:
            met = False
        if task.state == "cancelled":
            add(task.settled_on, cancelled=1)
        else:
            add(task.due_date, planned=1, kept=int(met))
        days: dict[date, list[Moved]] = {}
        for move in life.moves:
            if move.task == task.id and move.changeset not in life.undone:
                days.setdefault(move.day, []).append(move)
        for day, moves in days.items():
            before, after = moves[0].before, moves[-1].after
            add(day, slipped=int(before is not None and after is not None and after > before))
    return +counts


async def check(life: Life) -> None:
    """Compare all the numbers with the slow ones, and the sums with a recount."""
    async with life.at(datetime.now(UTC)) as ctx:
        today = (await identity.user_time(ctx)).today(ctx.now)
        first, last = today - timedelta(days=DAYS + 5), today + timedelta(days=10)
        query = StatsQuery.model_validate({"from": str(first), "to": str(last), "by": Unit.WEEK})
        stats = await progress.calculate_user_stats(ctx, query)
        assert await progress.doubts(ctx) == []
        tasks = list(await ctx.session.scalars(select(Task).where(Task.deleted_at.is_(None))))
        sessions = list(await ctx.session.scalars(select(FocusSession)))
        clock = await identity.user_time(ctx)
        labels: dict[UUID, set[UUID]] = {}
        found = await ctx.session.execute(
            select(TaskLabel.task_id, TaskLabel.label_id).join(
                Label, Label.id == TaskLabel.label_id
            )
        )
        for task_id, label_id in found:
            labels.setdefault(label_id, set()).add(task_id)

    def same(view: Any, of: list[Task], begin: date = first, end: date = last) -> None:
        slow = slow_count(of, life, begin, end)
        names = ("done", "on_time", "late", "planned", "kept", "slipped", "cancelled")
        fast = {name: getattr(view, name) for name in names}
        assert fast == {name: slow[name] for name in names}

    def as_long(view: Any, of: set[UUID] | None, begin: date = first, end: date = last) -> None:
        assert (view.recorded_minutes or 0) == slow_minutes(sessions, clock, of, begin, end)

    as_long(stats.focus, None)
    same(stats.tasks, tasks)
    slow = slow_count(tasks, life, first, last)
    assert (stats.focus.estimated_minutes or 0) == slow["minutes"]
    assert stats.focus.without_estimate == slow["done"] - slow["sized"]
    for period in stats.periods:
        as_long(period.focus, None, period.first, period.last)
        same(period.tasks, tasks, period.first, period.last)
    for thing in stats.areas:
        same(thing.tasks, [each for each in tasks if each.area_id == thing.id])
        if thing.id is not None:
            as_long(thing, {each.id for each in tasks if each.area_id == thing.id})
    for thing in stats.goals:
        same(thing.tasks, [each for each in tasks if each.goal_id == thing.id])
        as_long(thing, {each.id for each in tasks if each.goal_id == thing.id})
    for thing in stats.labels:
        assert thing.id is not None
        same(thing.tasks, [each for each in tasks if each.id in labels.get(thing.id, ())])
        as_long(thing, labels.get(thing.id, set()) & {each.id for each in tasks})
    assert sum(area.tasks.done for area in stats.areas) == stats.tasks.done


def first_zone() -> str:
    """Return where such a life begins: on the other side of the date line."""
    return ZoneInfo(ZONES[0]).key
