"""States of tasks and of the week, each with the help that fits."""

from __future__ import annotations

from collections.abc import Iterator

from selfos.features.assistant.coaching.findings import Finding
from selfos.features.assistant.coaching.signals import Life, TaskSignal
from selfos.features.assistant.schemas.words import Help

OFTEN_MOVED, ENDLESSLY_MOVED = 3, 6
LONG_OVERDUE_DAYS, OVERDUE_DAYS = 14, 3
HEAP = 5
BIG_MINUTES = 120
FULL_INBOX = 10
FULL_DAY_MINUTES = 480
CROWDED_DAY = 8
OVERCOMMITTED, TIGHT = 1.5, 1.2
ENOUGH_DONE = 8
LIFT = 1.3
QUIET_WEEK = 3


def task_states(task: TaskSignal) -> Iterator[Finding]:
    """Yield the one thing that matters most about an open task, if anything does."""
    numbers = {"moves": task.moves, "days": task.overdue_days, "minutes": task.minutes or 0}
    if task.moves >= ENDLESSLY_MOVED:
        yield Finding("moved_endlessly", Help.DROP, 74 + task.moves / 10, numbers, task)
    elif task.moves >= OFTEN_MOVED:
        yield Finding("moved_often", Help.SHRINK, 68 + task.moves / 10, numbers, task)
    elif task.overdue_days >= LONG_OVERDUE_DAYS:
        yield Finding(
            "long_overdue", Help.DROP, 54 + min(task.overdue_days, 60) / 60, numbers, task
        )
    elif task.overdue_days >= OVERDUE_DAYS:
        yield Finding("overdue", Help.RESCHEDULE, 52 + task.overdue_days / 60, numbers, task)
    elif task.overdue_days and task.priority == 1:
        yield Finding("important_overdue", Help.RESCHEDULE, 72, numbers, task)
    elif (task.minutes or 0) >= BIG_MINUTES and not task.steps:
        yield Finding("big_and_whole", Help.SHRINK, 46, numbers, task)


def day_states(life: Life) -> Iterator[Finding]:
    """Yield what there is to say of the day and the week as a whole."""
    yield from _heap(life)
    yield from _day(life)
    yield from _week(life)


def _heap(life: Life) -> Iterator[Finding]:
    if len(life.overdue) >= HEAP:
        oldest = max(task.overdue_days for task in life.overdue)
        numbers = {"overdue": len(life.overdue), "days": oldest}
        yield Finding("heap_overdue", Help.RESCHEDULE, 84, numbers)
    if life.inbox >= FULL_INBOX:
        yield Finding("full_inbox", Help.PLAN, 44, {"inbox": life.inbox})


def _day(life: Life) -> Iterator[Finding]:
    minutes = sum(task.minutes or 0 for task in life.due)
    if minutes > FULL_DAY_MINUTES or len(life.due) > CROWDED_DAY:
        numbers = {"due": len(life.due), "hours": round(minutes / 60, 1)}
        yield Finding("day_too_full", Help.RESCHEDULE, 82, numbers)
    clear = not (life.due or life.overdue)
    if clear and life.done_today >= QUIET_WEEK:
        yield Finding("day_done", Help.CELEBRATE, 38, {"done": life.done_today})
    elif clear and not life.done_today and life.startable:
        yield Finding("empty_day", Help.PLAN, 34, {"startable": life.startable})


def _week(life: Life) -> Iterator[Finding]:
    usual = life.usual_week
    if life.done_28 >= ENOUGH_DONE and life.planned_7 > usual * TIGHT:
        numbers = {
            "planned": life.planned_7,
            "usual": round(usual, 1),
            "ratio": round(life.planned_7 / usual, 1),
        }
        if life.planned_7 > usual * OVERCOMMITTED:
            yield Finding("overcommitted", Help.RESCHEDULE, 76, numbers)
        else:
            yield Finding("tight_week", Help.RESCHEDULE, 36, numbers)
    numbers = {"done": life.done_7, "before": life.done_before_7, "open": life.open_tasks}
    if not life.done_7 and not life.done_before_7 and life.open_tasks and life.done_28:
        yield Finding("standstill", Help.SHRINK, 71, numbers)
    elif life.done_7 >= QUIET_WEEK and not life.done_before_7 and life.done_28 > life.done_7:
        yield Finding("comeback_week", Help.CELEBRATE, 45, numbers)
    elif life.done_before_7 >= QUIET_WEEK and life.done_7 >= life.done_before_7 * LIFT:
        yield Finding("better_week", Help.CELEBRATE, 35, numbers)
    elif life.done_before_7 >= HEAP and life.done_7 * 2 <= life.done_before_7:
        yield Finding("slower_week", Help.SHRINK, 43, numbers)
    if not (life.open_tasks or life.done_28 or life.habits or life.goals):
        yield Finding("nothing_yet", Help.PLAN, 90, {})
