"""Where a goal stands on its path, why, and the smallest way back."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from selfos.features.planning import pathwords
from selfos.features.planning.documents import REVIEWS
from selfos.features.planning.measuring import GoalReview, PathChange
from selfos.features.planning.models import Goal
from selfos.features.planning.paths import (
    Path,
    Standing,
    exact,
    milestones_to_finish,
    restoring,
    standing,
    step_between,
)
from selfos.features.planning.periods import (
    Period,
    enough,
    keeping_up,
    pace_of,
    period_of,
)
from selfos.features.planning.relaying import rested
from selfos.features.planning.schemas.words import (
    Counting,
    GoalKind,
    GoalPeriod,
    GoalStatus,
    PathState,
)
from selfos.features.planning.service.courses import (
    Course,
    Series,
    course_of,
    read_knots,
    shown_number,
)
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.documents import Json, assemble
from selfos.kernel.permissions import Permission

PERIODS_SHOWN = 12
RESPITE_DAYS = 3
BEHIND = (PathState.AT_RISK, PathState.OFF)
Parts = dict[str, Any]


async def show_path(ctx: Context, goal_id: UUID) -> Json:
    """Return a goal's path with where it stands, what would restore it, and its history."""
    ctx.require(Permission.GOAL_READ)
    goal = await rows.get(ctx, Goal, goal_id)
    course = await course_of(ctx, goal)
    told = tell(course)
    return assemble(
        {
            "goal_id": goal.id,
            "kind": goal.kind,
            "today": course.today,
            "explanation": explain(course),
            "target_value": goal.target_value,
            "unit": goal.target_unit,
            "season": _season(course),
            **told,
            "values": _days(_whole_values(course)),
            "changes": [_change(change) for change in course.changes],
            "reviews": await REVIEWS.many(
                ctx, GoalReview.goal_id == goal_id, order_by=[GoalReview.id]
            ),
        }
    )


def tell(course: Course) -> Parts:
    """Return state, buffer, action and what else depends on the goal's kind."""
    goal = course.goal
    if goal.status is not GoalStatus.ACTIVE:
        return _silent(course, f"This goal is {goal.status}.")
    if goal.kind is GoalKind.MAINTAIN:
        told = _tell_period(course)
    elif course.path is None:
        told = _silent(course, _missing(goal))
    elif goal.kind is GoalKind.MILESTONES:
        told = _tell_milestones(course, course.path)
    else:
        told = _tell_path(course, course.path)
    if is_over(course):
        ended = pathwords.day_name(goal.target_date or course.today, course.today)
        sentence = f"This season ended {ended}. Look back on it; then go on, or put it away."
        told |= {"summary": sentence, "action": None, "respite": None}
    return told


def is_over(course: Course) -> bool:
    """Tell whether the season has ended."""
    end = course.goal.target_date
    return end is not None and end < course.today


def _tell_path(course: Course, path: Path) -> Parts:
    value = course.value or exact(0)
    where = standing(path, value, course.today)
    told = _standing(course, path, where, begun=bool(course.amounts))
    goal, today = course.goal, course.today
    action = restoring(path, value, today, week_end=course.week_end, counting=goal.counting)
    if action is not None:
        sentence = pathwords.action_sentence(
            action,
            where.state,
            today,
            counting=goal.counting,
            rises=path.sign > 0,
            unit=goal.target_unit,
        )
        told["action"] = _action(sentence, action.by, action.amount, action.reading)
    if where.state is PathState.OFF:
        end = rested(path, value, today, rest_days=RESPITE_DAYS, keep_date=False).last.day
        told["respite"] = {
            "sentence": pathwords.respite_sentence(RESPITE_DAYS, end, today),
            "rest_days": RESPITE_DAYS,
            "target_date": end,
        }
    return told


def _tell_milestones(course: Course, path: Path) -> Parts:
    where = standing(path, course.value or exact(0), course.today)
    begun = any(each.done for each in course.milestones)
    told = _standing(course, path, where, begun=begun)
    by, wanted = milestones_to_finish(course.milestones, course.today, week_end=course.week_end)
    if wanted:
        sentence = pathwords.finish_sentence(wanted, by, where.state, course.today)
        told["action"] = _action(sentence, by, task_ids=[each.id for each in wanted])
    return told


def _tell_period(course: Course) -> Parts:
    goal, today = course.goal, course.today
    if goal.target_value is None or goal.period is None or goal.start_date is None:
        return _silent(course, _missing(goal))
    week_begins = course.time.first_weekday
    now = period_of(today, goal.period, week_begins)
    before = period_of(now.first - timedelta(days=1), goal.period, week_begins)
    target = exact(goal.target_value)
    pace = pace_of(now, target, step_between(goal.target_value))
    value = course.amount_between(now.first, now.last)
    missed = goal.start_date <= before.first and _value_in(course, before) < target
    where = keeping_up(pace, value, today, missed_before=missed)
    begun = bool(course.amounts)
    told = _standing(course, pace, where, begun=begun)
    told["value"] = shown_number(value)
    told["summary"] = pathwords.period_summary(where, pace, goal.period, today, begun=begun)
    told["periods"] = _periods(course, goal.period, week_begins)
    if where.state in BEHIND:
        action = enough(pace, value)
        sentence = pathwords.enough_sentence(action, today, unit=goal.target_unit)
        told["action"] = _action(sentence, action.by, action.amount, action.reading)
    return told


def _value_in(course: Course, period: Period) -> Any:
    return course.amount_between(period.first, period.last)


def _periods(course: Course, kind: GoalPeriod, week_begins: int) -> list[Parts]:
    """Return the latest periods of the season, the running one last."""
    goal, day, found = course.goal, course.today, list[Parts]()
    while len(found) < PERIODS_SHOWN and goal.start_date is not None and day >= goal.start_date:
        period = period_of(day, kind, week_begins)
        value = _value_in(course, period)
        met = value >= exact(goal.target_value or 0)
        shown = {"first": period.first, "last": period.last, "value": shown_number(value)}
        found.insert(0, {**shown, "met": met})
        day = period.first - timedelta(days=1)
    return found


def _silent(course: Course, summary: str) -> Parts:
    value = course.value
    return {
        "state": None,
        "buffer_days": None,
        "summary": summary,
        "value": None if value is None else shown_number(value),
        "action": None,
        "respite": None,
        "path": [_day(knot.day, knot.value) for knot in course.path.knots] if course.path else [],
        "step": None,
        "periods": [],
    }


def _standing(course: Course, path: Path, where: Standing, *, begun: bool) -> Parts:
    return {
        **_silent(course, pathwords.summary(where, course.today, begun=begun)),
        "state": where.state,
        "buffer_days": where.buffer,
        "path": [_day(knot.day, knot.value) for knot in path.knots],
        "step": None if path.step is None else shown_number(path.step),
    }


def _missing(goal: Goal) -> str:
    match goal.kind:
        case GoalKind.MAINTAIN:
            return "Say how much there shall be in each period, and this goal has a pace."
        case GoalKind.MILESTONES:
            return "Give its tasks dates, and this goal has a path."
        case _:
            return "With a start value, a target and a date this goal has a path."


def explain(course: Course) -> str:
    """Say what the progress of a measured goal is made of, such as "18 of 24 runs, 3 tasks"."""
    goal, tasks = course.goal, course.tasks
    done = sum(task.done for task in tasks)
    parts: list[str] = []
    if goal.kind is GoalKind.MILESTONES:
        dated = course.milestones
        reached = sum(each.done for each in dated)
        parts.append(f"{reached} of {pathwords.counted(len(dated), 'milestones')}")
    elif goal.kind is GoalKind.MAINTAIN and goal.target_value is not None:
        parts.append(_explain_period(course, goal.target_value))
    elif course.value is not None:
        parts.append(_explain_value(course, course.value))
    if tasks and goal.kind is not GoalKind.MILESTONES:
        parts.append(f"{done} of {pathwords.counted(len(tasks), 'tasks')}")
    return ", ".join(parts) or "No tasks yet."


def _explain_value(course: Course, value: Fraction) -> str:
    goal = course.goal
    if goal.target_value is None or goal.start_value is None:
        return pathwords.counted(value, goal.target_unit)
    start, target = pathwords.number(goal.start_value), pathwords.number(goal.target_value)
    if goal.counting is Counting.LAST:
        return f"{pathwords.counted(value, goal.target_unit)}, on the way from {start} to {target}"
    return f"{pathwords.number(value)} of {target} {goal.target_unit or ''}".strip()


def _explain_period(course: Course, target: float) -> str:
    goal, today = course.goal, course.today
    period = goal.period or GoalPeriod.WEEK
    now = period_of(today, period, course.time.first_weekday)
    value = pathwords.number(_value_in(course, now))
    this = "today" if period is GoalPeriod.DAY else f"this {period}"
    return " ".join(
        f"{value} of {pathwords.number(target)} {goal.target_unit or ''} {this}".split()
    )


def _action(
    sentence: str, by: Any, amount: Any = None, reading: Any = None, task_ids: Any = ()
) -> Parts:
    return {
        "sentence": sentence,
        "by": by,
        "amount": None if amount is None else shown_number(amount),
        "reading": None if reading is None else shown_number(reading),
        "task_ids": list(task_ids),
    }


def _whole_values(course: Course) -> Series:
    return [] if course.goal.kind is GoalKind.MILESTONES else course.values


def _season(course: Course) -> Parts:
    goal = course.goal
    over = goal.status is GoalStatus.ACTIVE and is_over(course)
    return {"start": goal.start_date, "end": goal.target_date, "over": over}


def _days(series: Series) -> list[Parts]:
    return [_day(day, value) for day, value in series]


def _day(day: Any, value: Any) -> Parts:
    return {"day": day, "value": shown_number(value)}


def _change(change: PathChange) -> Parts:
    names = ("id", "created_at", "updated_at", "version", "kind", "day", "from_day", "reason")
    shown = {name: getattr(change, name) for name in names}
    for stamp in ("created_at", "updated_at"):
        shown[stamp] = shown[stamp].isoformat()
    for name in ("before", "after"):
        shown[name] = [_day(knot.day, knot.value) for knot in read_knots(getattr(change, name))]
    return shown
