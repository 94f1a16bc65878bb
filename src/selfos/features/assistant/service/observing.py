"""Gathering the numbers of a life for the coach: a fixed number of queries, however long it is."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Date, and_, cast, func, select

from selfos.features.assistant.coaching.signals import (
    GoalSignal,
    HabitSignal,
    Idea,
    Life,
    TaskSignal,
)
from selfos.features.habits import service as habits
from selfos.features.habits.schemas.words import HabitType, Verdict
from selfos.features.insights import service as insights
from selfos.features.planning import service as planning
from selfos.features.planning.schemas.inputs import GoalQuery, TaskQuery
from selfos.features.planning.schemas.words import GoalStatus, PathState
from selfos.kernel.context import Context
from selfos.kernel.ledger.models import Change, ChangeKind

Row = dict[str, Any]
MOST = 200
MONTH = timedelta(days=28)
FORTNIGHT, WEEK = 14, 7
TASK_FIELDS = "title,due,duration_minutes,priority,subtasks_open,created_at"
GOAL_FIELDS = "title,target_date,progress,open_tasks,done_tasks,created_at,area_id"


async def observe(ctx: Context) -> Life:
    """Return the life of the acting user in this workspace, as of now."""
    day = await planning.day_of(ctx, None)
    today = day.date
    of_day = await planning.tasks_of_day(ctx, day)
    overdue, due = _rows(of_day["overdue"]), _rows(of_day["due"])
    done = await _tasks(ctx, f"is:done done:>={today - MONTH}", "goal_id,completed_at")
    moves = await _moves(ctx, [UUID(row["id"]) for row in (*overdue, *due)])
    soon = await _tasks(ctx, "due:+1d..+7d", TASK_FIELDS)
    still_open = await _tasks(ctx, "is:open", "state")
    _, of_habits = await habits.habits_on(ctx, None, clock=day.clock)
    done_on = Counter({each["date"]: each["done"] for each in of_day["days"]})
    return Life(
        today=today,
        overdue=tuple(_task(row, today, moves) for row in overdue),
        due=tuple(_task(row, today, moves) for row in due),
        habits=tuple(
            _habit(each, today)
            for each in of_habits
            if each.reckoning.today.verdict is not Verdict.PAUSED
        ),
        goals=tuple(await _goals(ctx, day, done, of_habits)),
        inbox=sum(row["state"] == "inbox" for row in still_open),
        startable=len(of_day["next"]),
        done_today=len(of_day["done"]),
        done_7=_sum(done_on, today, range(WEEK)),
        done_before_7=_sum(done_on, today, range(WEEK, FORTNIGHT)),
        done_28=len(done),
        soon=tuple(_task(row, today, {}) for row in soon),
        planned_7=len(overdue) + len(due) + len(soon),
        open_tasks=len(still_open),
    )


async def ideas_of(ctx: Context) -> tuple[Idea, ...]:
    """Return what could come next for the acting user."""
    found = await insights.recommend(ctx)
    return tuple(
        Idea(
            id=each.subject_id,
            title=each.subject,
            state=str(each.kind),
            sentence=each.sentence,
            form=each.form,
            time=each.reminder_time,
        )
        for each in found.items
    )


def _rows(documents: Iterable[bytes]) -> list[Row]:
    return [json.loads(document) for document in documents]


def _sum(done_on: Mapping[str, int], today: date, back: range) -> int:
    return sum(done_on.get((today - timedelta(days=days)).isoformat(), 0) for days in back)


async def _tasks(ctx: Context, wanted: str, fields: str) -> list[Row]:
    query = TaskQuery(q=wanted, limit=MOST, fields=fields)
    return json.loads(await planning.list_tasks(ctx, query))["items"]


async def _moves(ctx: Context, task_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how often the dates of these tasks went later, from the ledger."""
    if not task_ids:
        return {}
    before, after = (
        cast(image["due_date"].astext, Date) for image in (Change.before, Change.after)
    )
    moved = and_(Change.entity == "task", Change.kind == ChangeKind.UPDATE, after > before)
    found = await ctx.session.execute(
        select(Change.entity_id, func.count())
        .where(Change.entity_id.in_(list(task_ids)), moved)
        .group_by(Change.entity_id)
    )
    return {row[0]: row[1] for row in found}


def _task(row: Row, today: date, moves: Mapping[UUID, int]) -> TaskSignal:
    due = date.fromisoformat(row["due"]["date"]) if row.get("due") else today
    return TaskSignal(
        id=UUID(row["id"]),
        title=row["title"],
        overdue_days=max(0, (today - due).days),
        moves=moves.get(UUID(row["id"]), 0),
        age_days=_age(row["created_at"], today),
        minutes=row["duration_minutes"],
        steps=row["subtasks_open"],
        priority=row["priority"],
    )


def _age(instant: str, today: date) -> int:
    return max(0, (today - datetime.fromisoformat(instant).date()).days)


def _habit(gathered: Any, today: date) -> HabitSignal:
    shown, reckoning = gathered.shown, gathered.reckoning
    past = [judged for judged in reckoning.days if judged.day < today]
    verdicts = Counter(judged.verdict for judged in past[-FORTNIGHT:])
    last_done = max(
        (judged.day for judged in reckoning.days if judged.verdict is Verdict.DONE), default=None
    )
    kind = HabitType(shown["type"])
    done_today = reckoning.today.verdict is Verdict.DONE
    month = {
        day for day in reckoning.forgiven if (day.year, day.month) == (today.year, today.month)
    }
    return HabitSignal(
        id=gathered.id,
        title=shown["title"],
        limit=kind.is_limit,
        age_days=max(0, (today - date.fromisoformat(shown["start_day"])).days),
        streak=reckoning.streak.current,
        best=reckoning.streak.best,
        unit=str(reckoning.streak.unit),
        strength=reckoning.strength,
        done_14=verdicts[Verdict.DONE] + (done_today and not kind.is_limit),
        missed_14=verdicts[Verdict.MISSED],
        missed_7=sum(judged.verdict is Verdict.MISSED for judged in past[-WEEK:]),
        gap_days=(today - last_done).days if last_done else None,
        due=reckoning.due,
        done_today=done_today,
        unrecorded=reckoning.unrecorded,
        budget=shown["skip_budget"] if shown["auto_skip"] else 0,
        forgiven=len(month),
        target=shown["target"],
        ticked=kind is HabitType.YES_NO,
        times=shown["schedule"].get("times", 1),
        has_quota=shown["schedule"]["kind"] == "quota",
        has_reminder=bool(shown["reminder_times"]) or shown["window"] != "anytime",
    )


async def _goals(
    ctx: Context, day: planning.Day, done: Iterable[Row], of_habits: Iterable[Any]
) -> list[GoalSignal]:
    query = GoalQuery(status=GoalStatus.ACTIVE, limit=MOST, fields=GOAL_FIELDS)
    rows: list[Row] = json.loads(await planning.list_goals(ctx, query))["items"]
    stands = {str(each["id"]): each for each in await planning.goals_standing(ctx, day)}
    fed = {str(each.shown["goal_id"]) for each in of_habits if each.shown["goal_id"]}
    last: dict[str, date] = {}
    for task in done:
        if task["goal_id"] and task["completed_at"]:
            on = day.clock.local_day(datetime.fromisoformat(task["completed_at"]))
            last[task["goal_id"]] = max(on, last.get(task["goal_id"], on))
    return [_goal(row, day.date, stands.get(row["id"]), last.get(row["id"]), fed) for row in rows]


def _goal(
    row: Row, today: date, stands: Row | None, last: date | None, fed: Collection[str]
) -> GoalSignal:
    target = date.fromisoformat(row["target_date"]) if row["target_date"] else None
    # What a habit feeds is moved by the habit; it is never idle for want of tasks.
    idle = 0 if row["id"] in fed else (today - last).days if last else None
    return GoalSignal(
        id=UUID(row["id"]),
        title=row["title"],
        state=PathState(stands["state"]) if stands else None,
        sentence=stands["sentence"] if stands else "",
        open_tasks=row["open_tasks"],
        done_tasks=row["done_tasks"],
        fed_by_habit=row["id"] in fed,
        progress=row["progress"] or 0.0,
        days_left=(target - today).days if target else None,
        idle_days=idle,
        age_days=_age(row["created_at"], today),
    )
