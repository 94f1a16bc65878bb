"""What the coach offers to do about a finding, as calls of tools that only ever propose."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from selfos.features.assistant.coaching.findings import Finding
from selfos.features.assistant.coaching.signals import HabitSignal, Idea, Life, TaskSignal

FIRST_STEP_MINUTES = 15
MORE_TIME, SOME_TIME = timedelta(days=28), timedelta(days=14)
SPREAD_PER_DAY = 2
MOST_MOVED = 10
LEAST_SHARE = 0.5
ANCHOR = "If I have [what I do every day], then I do it at once."
INSTEAD = "If [the moment before it] comes, then I [do this instead]."


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a tool; `reason` stands beside the line it becomes."""

    tool: str
    arguments: Mapping[str, Any] = field(default_factory=dict[str, Any])


def offer(finding: Finding, life: Life) -> list[Call]:
    """Return the calls that would carry the offer out; none where a question is all there is."""
    make = OFFERS.get(finding.state)
    return make(finding, life) if make else []


def _first_step(finding: Finding, life: Life) -> list[Call]:
    step = {
        "title": f"First 15 minutes of: {finding.title}"[:200],
        "duration_minutes": FIRST_STEP_MINUTES,
        "due": _on(life.today),
        "reason": "A start that is too small to put off.",
    }
    place = "parent_id" if isinstance(finding.about, TaskSignal) else "goal_id"
    return [Call("create_task", step | {place: str(finding.subject_id)})]


def _drop_task(finding: Finding, _: Life) -> list[Call]:
    reason = "Nothing that is put off for ever has to stay on a list."
    return [Call("delete_task", {"task_id": str(finding.subject_id), "reason": reason})]


def _lighter_day(finding: Finding, life: Life) -> list[Call]:
    return [_moved(finding.subject_id, life.today + timedelta(days=2), "A day with more room.")]


def _today(finding: Finding, life: Life) -> list[Call]:
    return [_moved(finding.subject_id, life.today, "Most important first.")]


def _spread(_: Finding, life: Life) -> list[Call]:
    ordered = sorted(life.overdue, key=lambda task: (task.priority, task.overdue_days))
    return [
        _moved(task.id, life.today + timedelta(days=place // SPREAD_PER_DAY), "Two a day.")
        for place, task in enumerate(ordered[:MOST_MOVED])
    ]


def _tomorrow(_: Finding, life: Life) -> list[Call]:
    return _least_pressing(life.due, life.today + timedelta(days=1))


def _next_week(_: Finding, life: Life) -> list[Call]:
    return _least_pressing(life.soon, life.today + timedelta(days=8))


def _least_pressing(tasks: Sequence[TaskSignal], later: date) -> list[Call]:
    ordered = sorted(tasks, key=lambda task: (-task.priority, task.minutes or 0))
    some = ordered[: min((len(ordered) + 1) // 2, MOST_MOVED)]
    return [_moved(task.id, later, "The least pressing of them.") for task in some]


def _record(finding: Finding, _: Life) -> list[Call]:
    day = finding.numbers["day"]
    given = {"habit_id": str(finding.subject_id), "day": day, "reason": "You say it happened."}
    habit = finding.about
    if isinstance(habit, HabitSignal) and not habit.ticked:
        given["amount"] = habit.target
    return [Call("check_in_habit", given)]


def _ask_less(finding: Finding, _: Life) -> list[Call]:
    habit = finding.about
    if not isinstance(habit, HabitSignal):
        return []
    given: dict[str, Any] = {
        "habit_id": str(habit.id),
        "reason": f"Done {finding.numbers['done']} of {finding.numbers['asked']} times.",
    }
    if habit.ticked and habit.has_quota and habit.times > 1:
        times = max(1, round(habit.times * LEAST_SHARE))
        return [Call("update_habit", given | {"schedule": {"kind": "quota", "times": times}})]
    if not habit.ticked and habit.target > 1:
        return [Call("update_habit", given | {"target": max(1.0, habit.target * LEAST_SHARE)})]
    return [_note(finding, "On a bad day, two minutes of it count.", str(given["reason"]))]


def _write(plan: str) -> Callable[[Finding, Life], list[Call]]:
    def make(finding: Finding, _: Life) -> list[Call]:
        return [_note(finding, plan, "Put your own words into the brackets.")]

    return make


def _rest_habit(finding: Finding, _: Life) -> list[Call]:
    reason = "It rests in the archive and can come back."
    return [Call("archive_habit", {"habit_id": str(finding.subject_id), "reason": reason})]


def _drop_goal(finding: Finding, _: Life) -> list[Call]:
    reason = "Letting go on purpose is a decision, not a failure."
    given = {"goal_id": str(finding.subject_id), "status": "dropped", "reason": reason}
    return [Call("update_goal", given)]


def _more_time(more: timedelta) -> Callable[[Finding, Life], list[Call]]:
    def make(finding: Finding, life: Life) -> list[Call]:
        left = finding.numbers.get("days_left")
        end = life.today + timedelta(days=max(int(left or 0), 0)) + more
        reason = "A date you can believe in."
        given = {
            "goal_id": str(finding.subject_id),
            "target_date": end.isoformat(),
            "reason": reason,
        }
        return [Call("update_goal", given)]

    return make


def _step_for_goal(finding: Finding, life: Life) -> list[Call]:
    step = {
        "title": f"Next step for: {finding.title}"[:200],
        "due": _on(life.today),
        "goal_id": str(finding.subject_id),
        "reason": str(finding.numbers.get("sentence") or "What is left of it."),
    }
    return [Call("create_task", step)]


def _plan(finding: Finding, _: Life) -> list[Call]:
    return [Call("decompose_goal", {"goal_id": str(finding.subject_id)})]


def _remind(finding: Finding, _: Life) -> list[Call]:
    idea = finding.about
    if not isinstance(idea, Idea) or idea.time is None:
        return []
    given = {
        "habit_id": str(idea.id),
        "reminder_times": [idea.time],
        "reason": "The hours at which it happens.",
    }
    return [Call("update_habit", given)]


def form_of(finding: Finding) -> dict[str, Any] | None:
    """Return the form that would begin what is recommended, filled in, or None."""
    idea = finding.about
    if not isinstance(idea, Idea) or idea.form is None:
        return None
    return {"form": FORMS[finding.state], "values": dict(idea.form)}


def _note(finding: Finding, text: str, reason: str) -> Call:
    given = {
        "title": f"A plan for {finding.title}"[:200],
        "body": text,
        "habit_id": str(finding.subject_id),
        "reason": reason,
    }
    return Call("create_note", given)


def _moved(task_id: object, day: date, reason: str) -> Call:
    return Call("update_task", {"task_id": str(task_id), "due": _on(day), "reason": reason})


def _on(day: date) -> dict[str, str]:
    return {"kind": "date", "date": day.isoformat()}


FORMS = {"next_goal": "goal", "goal_habit": "habit"}
OFFERS: Mapping[str, Callable[[Finding, Life], list[Call]]] = {
    "at_risk": _step_for_goal,
    "better_time": _remind,
    "big_and_whole": _first_step,
    "budget_spent": _write(ANCHOR),
    "day_too_full": _tomorrow,
    "goal_asleep": _drop_goal,
    "goal_idle": _first_step,
    "goal_over": _more_time(MORE_TIME),
    "goal_over_and_asleep": _drop_goal,
    "habit_asleep": _rest_habit,
    "heap_overdue": _spread,
    "important_overdue": _today,
    "late_sprint": _more_time(SOME_TIME),
    "long_overdue": _drop_task,
    "mostly_missed": _ask_less,
    "moved_endlessly": _drop_task,
    "moved_often": _first_step,
    "nearly_there": _step_for_goal,
    "no_anchor_yet": _write(ANCHOR),
    "no_next_step": _plan,
    "off_and_asleep": _drop_goal,
    "off_path": _first_step,
    "one_slip": _write(INSTEAD),
    "over_the_limit": _write(INSTEAD),
    "overcommitted": _next_week,
    "overdue": _lighter_day,
    "slipping": _write(ANCHOR),
    "streak_at_stake": _write(ANCHOR),
    "too_many_goals": _drop_goal,
    "too_many_habits": _rest_habit,
    "yesterday_unrecorded": _record,
}
