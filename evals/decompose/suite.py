"""Runs the planner and a SMART template over the goals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from evals.decompose.parts import WEIGHTS, Goal, plain_title, score, total
from evals.scores import Score
from selfos.features.ai.planner import PlanDraft, PlanRequest, PlanStep, WeekLoad, plan_goal
from selfos.features.ai.planner.dates import find_deadline

FILE = Path(__file__).parent / "goals.yaml"
Planner = Callable[[str, date], PlanDraft]
# What the planner reached when this was last raised, 0 to 100 and by part.
LEAST_TOTAL, LEAST_WORST = 0.95, 0.70
LEAST = {
    "validity": 1.0,
    "feasibility": 1.0,
    "coverage": 0.92,
    "actionability": 0.99,
    "ordering": 0.87,
    "specificity": 0.82,
    "honesty": 0.99,
}
TEMPLATE = (
    ("Define", "Define exactly what you want to achieve with “{goal}”", 30),
    ("Define", "Decide how you will measure progress towards “{goal}”", 30),
    ("Define", "Check that the goal is achievable with your time and means", 30),
    ("Define", "Write down why the goal is relevant to you", 20),
    ("Define", "Set a deadline", 10),
    ("Do", "Research how others have reached it", 120),
    ("Do", "Break the goal down into smaller tasks", 60),
    ("Do", "Work on the first task", 120),
    ("Do", "Review progress and adjust the plan", 30),
    ("Finish", "Complete the remaining tasks", 120),
    ("Finish", "Evaluate the result and celebrate", 30),
)


@dataclass(frozen=True, slots=True)
class Result:
    """How one plan for one goal came out."""

    goal: Goal
    draft: PlanDraft
    parts: dict[str, float]


def goals() -> tuple[date, list[Goal]]:
    """Read the goals with what their kinds ask for."""
    file: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
    found: list[Goal] = []
    for kind, words, *flags in file["goals"]:
        asked = file["kinds"][kind]
        must = tuple(tuple([each] if isinstance(each, str) else each) for each in asked["must"])
        caution = tuple(asked.get("caution", ()))
        found.append(Goal(words, kind, must, caution, "impossible" in flags))
    return file["today"], found


def results(plan: Planner) -> list[Result]:
    """Plan every goal and score the plans."""
    today, wanted = goals()
    drafts = [(goal, plan(goal.words, today)) for goal in wanted]
    shared = _shared(drafts)
    return [Result(goal, draft, score(draft, goal, today, shared)) for goal, draft in drafts]


def by_rules(words: str, today: date) -> PlanDraft:
    """Plan as SelfOS does without a model."""
    return plan_goal(PlanRequest(title=words, today=today))


def by_template(words: str, today: date) -> PlanDraft:
    """Plan as a template does that knows nothing of the goal: the baseline."""
    deadline = find_deadline(words.lower(), today)
    finish = deadline.day if deadline else today + timedelta(weeks=12)
    days = (finish - today).days
    steps = tuple(
        PlanStep(
            key=f"s{place}",
            phase=phase,
            title=title.format(goal=words),
            minutes=minutes,
            due=today + timedelta(days=days * place // (len(TEMPLATE) - 1)),
            start=None,
            reason="A goal should be specific, measurable, achievable, relevant and dated.",
            depends_on=(f"s{place - 1}",) if place else (),
            kind="task",
        )
        for place, (phase, title, minutes) in enumerate(TEMPLATE)
    )
    week = today - timedelta(days=today.weekday())
    load = WeekLoad(
        week_start=week, hours=sum(step.minutes for step in steps) / 60 / 12, capacity_hours=3
    )
    return PlanDraft(
        playbook="smart",
        playbook_title="SMART",
        area="growth",
        title=words,
        engine_note="A template.",
        confidence=0.9,
        assumptions=(),
        questions=(),
        steps=steps,
        load=(load,),
        infeasible=None,
        target_date=finish,
        target_value=None,
        target_unit=None,
        hours_per_week=3,
        risks=(),
        evidence=None,
    )


def scores() -> list[Score]:
    """Return the figures of the planner, and those of the template beside them."""
    ours, base = results(by_rules), results(by_template)
    totals = [total(each.parts) / 100 for each in ours]
    lines = [
        _line("planner, mean", _mean(totals), len(ours), LEAST_TOTAL),
        _line("planner, worst goal", min(totals), len(ours), LEAST_WORST),
        _line("SMART template, mean", _mean([total(r.parts) / 100 for r in base]), len(base)),
    ]
    for part in WEIGHTS:
        value, beside = (_mean([each.parts[part] for each in rows]) for rows in (ours, base))
        name = f"{part} (of {WEIGHTS[part]}; template {beside:.0%})"
        lines.append(_line(name, value, len(ours), LEAST.get(part)))
    return lines


def _line(measure: str, value: float, cases: int, least: float | None = None) -> Score:
    return Score(suite="decompose", measure=measure, value=value, cases=cases, least=least)


def _shared(drafts: list[tuple[Goal, PlanDraft]]) -> frozenset[str]:
    kinds = defaultdict[str, set[str]](set)
    for goal, draft in drafts:
        for step in draft.steps:
            kinds[plain_title(step, goal)].add(goal.kind)
    return frozenset(title for title, found in kinds.items() if len(found) > 1)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
