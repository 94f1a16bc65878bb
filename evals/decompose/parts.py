"""The seven parts of the score of a plan. Each is 0 to 1; `WEIGHTS` make 100 of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from selfos.features.ai.planner import PlanDraft, PlanStep, plan_faults
from selfos.features.ai.planner.dates import find_deadline
from selfos.features.ai.planner.reading import tokens_of
from selfos.features.ai.planner.validation import FIRST_STEP_MINUTES
from selfos.features.ai.planner.verbs import VERBS

WEIGHTS = {
    "validity": 20,
    "feasibility": 20,
    "coverage": 20,
    "actionability": 15,
    "ordering": 10,
    "specificity": 10,
    "honesty": 5,
}
LONGEST_MINUTES = 120
# Each fault of a plan costs a quarter of its validity.
FAULT = 0.25
SLACK_HOURS = 0.05
UNSURE = 0.5
Element = Sequence[str]


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal in words, and what any sound plan for it must have."""

    words: str
    kind: str
    must: tuple[Element, ...]
    caution: Element
    impossible: bool


def score(draft: PlanDraft, goal: Goal, today: date, shared: frozenset[str]) -> dict[str, float]:
    """Score a plan; `shared` are titles the same planner also gives to goals of another kind."""
    return {
        "validity": max(0.0, 1 - FAULT * len(plan_faults(draft, today))),
        "feasibility": _feasible(draft, goal, today),
        "coverage": _mean(element_day(draft, element) is not None for element in goal.must),
        "actionability": _actionable(draft),
        "ordering": _ordered(draft, goal),
        "specificity": _specific(draft, goal, shared),
        "honesty": _honest(draft, goal),
    }


def total(parts: dict[str, float]) -> float:
    """Return the score, 0 to 100."""
    return sum(WEIGHTS[name] * value for name, value in parts.items())


def element_day(draft: PlanDraft, element: Element) -> date | None:
    """Return the first day on which a plan does what an element asks for."""
    wanted = [tokens_of(words) for words in element]
    for step in draft.steps:
        tokens = tokens_of(f"{step.title} {step.habit or ''}")
        if any(_within(words, tokens) for words in wanted):
            return step.due
    return None


def plain_title(step: PlanStep, goal: Goal) -> str:
    """Return a title without the words that were only filled in."""
    text = step.title.replace(goal.words.rstrip(" .!"), "")
    return re.sub(r"[\d.,%€$£]+", "#", text).strip().lower()


def _feasible(draft: PlanDraft, goal: Goal, today: date) -> float:
    fits = all(week.hours <= week.capacity_hours + SLACK_HOURS for week in draft.load)
    deadline = find_deadline(goal.words.lower(), today)
    last = max((step.due for step in draft.steps if step.minutes), default=today)
    in_time = deadline is None or last <= deadline.day or draft.infeasible is not None
    said = draft.infeasible is not None if goal.impossible else True
    return _mean([bool(draft.load) and fits, in_time and said])


def _actionable(draft: PlanDraft) -> float:
    tasks = [step for step in draft.steps if step.kind == "task"]
    phases = {step.phase for step in tasks}
    ended = {step.phase for step in draft.steps if step.kind == "milestone"}
    first = bool(tasks) and tasks[0].minutes <= FIRST_STEP_MINUTES
    verbs = _mean(step.title.split()[0].lower().rstrip(",:") in VERBS for step in tasks)
    short = _mean(step.minutes <= LONGEST_MINUTES or step.whole or step.event for step in tasks)
    done = len(phases & ended) / len(phases) if phases else 0
    return (5 * verbs + 4 * short + 3 * first + 3 * done) / 15


def _ordered(draft: PlanDraft, goal: Goal) -> float:
    days = {step.key: step.due for step in draft.steps}
    pairs = [(days.get(key), step.due) for step in draft.steps for key in step.depends_on]
    kept = all(before is not None and before <= after for before, after in pairs)
    first, last = (element_day(draft, goal.must[place]) for place in (0, -1))
    in_turn = first is not None and last is not None and first <= last
    return _mean([bool(pairs) and kept, in_turn])


def _specific(draft: PlanDraft, goal: Goal, shared: frozenset[str]) -> float:
    titles = [plain_title(step, goal) for step in draft.steps]
    own = _mean(title not in shared for title in titles)
    facts = list(_facts(goal.words))
    if not facts:
        return own
    told = " ".join(
        f"{step.title.replace(goal.words, '')} {step.habit or ''}" for step in draft.steps
    )
    told = f"{told} {draft.target_value or ''} {draft.target_unit or ''} {draft.target_date}"
    kept = _mean(fact in told.replace(",", "").lower() for fact in facts)
    return 0.6 * kept + 0.4 * own


def _facts(words: str) -> Iterator[str]:
    """Yield the numbers and names that stand in a goal, without those of its date."""
    deadline = find_deadline(words.lower(), date(2026, 11, 23))
    rest = words if deadline is None else words[: deadline.span[0]] + words[deadline.span[1] :]
    yield from (each.replace(",", "") for each in re.findall(r"\d[\d,]*", rest))
    yield from (name.lower() for name in re.findall(r"(?<=\w )[A-Z][a-z]{3,}", rest))


def _honest(draft: PlanDraft, goal: Goal) -> float:
    told = " ".join((*draft.assumptions, *draft.risks, *(step.title for step in draft.steps)))
    warned = not goal.caution or any(word in told.lower() for word in goal.caution)
    unsure = draft.confidence < UNSURE or goal.kind != "unknown"
    says = bool(draft.engine_note) and bool(draft.assumptions or draft.questions)
    return _mean([warned, unsure, says])


def _within(words: tuple[str, ...], tokens: tuple[str, ...]) -> bool:
    width = len(words)
    return any(
        all(token.startswith(word) for word, token in zip(words, tokens[at:], strict=False))
        for at in range(len(tokens) - width + 1)
        if width
    )


def _mean(values: Iterator[bool] | Sequence[bool]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.0
