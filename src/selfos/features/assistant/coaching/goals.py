"""States of goals, each with the help that fits."""

from __future__ import annotations

from collections.abc import Iterator

from selfos.features.assistant.coaching.findings import Finding
from selfos.features.assistant.coaching.signals import GoalSignal, Life
from selfos.features.assistant.schemas.words import Help
from selfos.features.planning.schemas.words import PathState

IDLE_DAYS, ASLEEP_DAYS = 14, 45
NEARLY = 0.9
SOON_DAYS = 7
HALF = 0.5
MANY_GOALS = 6
MOST_AT_ONCE = 3


def goal_states(goal: GoalSignal) -> Iterator[Finding]:
    """Yield the one thing that matters most about a goal, if anything does."""
    numbers: dict[str, int | float | str] = {
        "percent": round(goal.progress * 100),
        "days_left": goal.days_left if goal.days_left is not None else "",
        "open": goal.open_tasks,
        "done": goal.done_tasks,
        "sentence": goal.sentence,
    }
    idle = goal.age_days if goal.idle_days is None else goal.idle_days
    found = _late(goal, idle, numbers) or _stuck(goal, idle, numbers) or _well(goal, numbers)
    if found is not None:
        yield found


def portfolio(life: Life) -> Iterator[Finding]:
    """Yield what there is to say of all goals together."""
    idle = [goal for goal in life.goals if (goal.idle_days or 0) >= IDLE_DAYS]
    if len(life.goals) >= MANY_GOALS and len(idle) >= MOST_AT_ONCE:
        numbers = {"goals": len(life.goals), "idle": len(idle)}
        yield Finding("too_many_goals", Help.DROP, 61, numbers, idle[0])
    if not life.goals and (life.open_tasks or life.done_28):
        yield Finding("no_goal", Help.PLAN, 41, {"open": life.open_tasks})


def _late(goal: GoalSignal, idle: int, numbers: dict[str, int | float | str]) -> Finding | None:
    if goal.days_left is not None and goal.days_left < 0:
        if idle >= ASLEEP_DAYS:
            return Finding("goal_over_and_asleep", Help.DROP, 67, numbers | {"idle": idle}, goal)
        past = numbers | {"days": -goal.days_left}
        return Finding("goal_over", Help.RESCHEDULE, 73, past, goal)
    if goal.state is PathState.OFF and idle >= ASLEEP_DAYS:
        return Finding("off_and_asleep", Help.DROP, 67, numbers | {"idle": idle}, goal)
    if goal.state is PathState.OFF:
        return Finding("off_path", Help.SHRINK, 83, numbers, goal)
    if goal.state is PathState.AT_RISK:
        return Finding("at_risk", Help.IF_THEN, 81, numbers, goal)
    return None


def _stuck(goal: GoalSignal, idle: int, numbers: dict[str, int | float | str]) -> Finding | None:
    # What is ahead of its path without tasks and habits is carried by something else.
    carried = goal.fed_by_habit or goal.state is PathState.AHEAD
    if not goal.open_tasks and not carried and goal.progress < 1:
        return Finding("no_next_step", Help.PLAN, 77, numbers, goal)
    near = goal.days_left is not None and goal.days_left <= SOON_DAYS
    if near and goal.progress < HALF:
        return Finding("late_sprint", Help.RESCHEDULE, 75, numbers, goal)
    if idle >= ASLEEP_DAYS and goal.open_tasks:
        return Finding("goal_asleep", Help.DROP, 57, numbers | {"idle": idle}, goal)
    if idle >= IDLE_DAYS and goal.open_tasks:
        return Finding("goal_idle", Help.SHRINK, 55, numbers | {"idle": idle}, goal)
    return None


def _well(goal: GoalSignal, numbers: dict[str, int | float | str]) -> Finding | None:
    if goal.progress >= 1:
        return Finding("goal_reached", Help.CELEBRATE, 79, numbers, goal)
    if goal.progress >= NEARLY and (goal.open_tasks or goal.state is not PathState.AHEAD):
        return Finding("nearly_there", Help.IF_THEN, 59, numbers, goal)
    if goal.state is PathState.AHEAD:
        return Finding("ahead", Help.CELEBRATE, 33, numbers, goal)
    return None
