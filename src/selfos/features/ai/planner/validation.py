"""The rules that every plan must pass, whichever rung wrote it."""

from collections.abc import Iterator
from datetime import date

from selfos.features.ai.planner.model import PlanDraft, PlanStep
from selfos.features.ai.planner.playbooks import LONGEST_STEP_MINUTES
from selfos.features.ai.planner.verbs import VERBS

FIRST_STEP_MINUTES = 15
FEWEST_STEPS, MOST_STEPS = 3, 80
MOST_PHASES = 8
_LONGEST_TITLE = 200
_HOURS_TOLERANCE = 0.05


def plan_faults(draft: PlanDraft, today: date) -> tuple[str, ...]:
    """List what is wrong with a plan, each as a sentence; an empty tuple is a sound plan."""
    return (
        *_shape_faults(draft),
        *_order_faults(draft.steps),
        *(fault for step in draft.steps for fault in _step_faults(step, today)),
        *_load_faults(draft),
    )


def _shape_faults(draft: PlanDraft) -> Iterator[str]:
    if not FEWEST_STEPS <= len(draft.steps) <= MOST_STEPS:
        yield f"The plan has {len(draft.steps)} steps."
    if len({step.phase for step in draft.steps}) > MOST_PHASES:
        yield f"The plan has more than {MOST_PHASES} phases."
    if not 0 <= draft.confidence <= 1:
        yield f"The confidence is {draft.confidence}."
    tasks = [step for step in draft.steps if step.kind == "task"]
    if tasks and tasks[0].minutes > FIRST_STEP_MINUTES:
        yield f"The first step takes {tasks[0].minutes} minutes: “{tasks[0].title}”."
    last = max((step.due for step in draft.steps), default=draft.target_date)
    if last > draft.target_date and draft.infeasible is None:
        yield f"The last step is due {last}, after {draft.target_date}, and nothing says so."


def _order_faults(steps: tuple[PlanStep, ...]) -> Iterator[str]:
    seen = dict[str, date]()
    keys = {step.key for step in steps}
    if len(keys) != len(steps):
        yield "Two steps have the same key."
    for step in steps:
        for key in step.depends_on:
            if key not in keys:
                yield f"“{step.title}” depends on an unknown step."
            elif key not in seen:
                yield f"“{step.title}” depends on a step that comes after it."
            elif seen[key] > step.due:
                yield f"“{step.title}” is due before a step it depends on."
        seen[step.key] = step.due


def _step_faults(step: PlanStep, today: date) -> Iterator[str]:
    if step.due < today or (step.start is not None and step.start < today):
        yield f"“{step.title}” lies in the past."
    if step.start is not None and step.start > step.due:
        yield f"“{step.title}” starts after it is due."
    if (step.kind == "task") != (step.minutes > 0):
        yield f"“{step.title}” takes {step.minutes} minutes."
    if step.minutes > LONGEST_STEP_MINUTES and not (step.whole or step.event):
        yield f"“{step.title}” takes more than two hours."
    if not step.title or len(step.title) > _LONGEST_TITLE:
        yield f"A title is empty or too long: “{step.title}”."
    if {"{", "}"} & set(step.title + step.reason + (step.habit or "")) or "  " in step.title:
        yield f"“{step.title}” holds an unfilled slot."
    if not step.reason:
        yield f"“{step.title}” has no reason."
    if step.kind == "task" and step.title.split()[0].lower().rstrip(",:") not in VERBS:
        yield f"“{step.title}” does not begin with a verb."


def _load_faults(draft: PlanDraft) -> Iterator[str]:
    for week in draft.load:
        if week.hours > week.capacity_hours + _HOURS_TOLERANCE:
            yield f"The week of {week.week_start} holds {week.hours} of {week.capacity_hours} h."
