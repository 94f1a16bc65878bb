"""The planner's entry point: from a goal in words to a dated draft."""

from dataclasses import dataclass
from datetime import date, timedelta

from selfos.features.ai.planner.critique import critique
from selfos.features.ai.planner.dates import parse_day
from selfos.features.ai.planner.feasibility import (
    MOST_WEEKS,
    Attempt,
    Case,
    attempt,
    first_fit,
    ways_out,
)
from selfos.features.ai.planner.matching import Match, find_playbook
from selfos.features.ai.planner.model import Infeasible, PlanDraft, PlanRequest, Question
from selfos.features.ai.planner.numbers import number, plain
from selfos.features.ai.planner.playbooks import GENERIC, Playbook
from selfos.features.ai.planner.reading import Reading, read_goal
from selfos.features.ai.planner.slots import assumptions_of, fill_slots, open_questions

_LEAST_HOURS, _MOST_HOURS = 0.25, 80.0
_MOST_QUESTIONS = 5
_GENERIC_CONFIDENCE = 0.25
_LONGEST_GOAL = 120


@dataclass(frozen=True, slots=True)
class Terms:
    """The date and the hours the user gave, if any, and how the date was read."""

    target: date | None
    hours: float | None
    read_from: str | None


def plan_goal(request: PlanRequest) -> PlanDraft:
    """Plan a goal. Pure and deterministic: the same request gives the same draft."""
    reading = read_goal(request.title, request.description, request.today)
    match = find_playbook(reading)
    slots = fill_slots(match.playbook, reading, request.answers)
    goal = " ".join(request.title.split())[:_LONGEST_GOAL].rstrip(" .!")
    case = Case(match.playbook, slots, goal, request)
    terms = terms_of(request, reading)
    tried, infeasible = _best(case, terms)
    questions = (*open_questions(match.playbook, slots), *_term_questions(terms))
    if match.playbook.key == GENERIC:
        questions = (*critique(goal, reading, terms.target, request.answers), *questions)
    return PlanDraft(
        playbook=match.playbook.key,
        playbook_title=match.playbook.title,
        area=match.playbook.area,
        title=goal,
        engine_note=_note(match),
        confidence=_confidence(match, len(questions)),
        assumptions=_assumptions(case, match, terms, tried),
        questions=questions[:_MOST_QUESTIONS],
        steps=tried.layout.steps,
        load=tried.layout.load(),
        infeasible=infeasible,
        target_date=tried.finish,
        target_value=tried.sized.target,
        target_unit=tried.sized.unit,
        hours_per_week=tried.hours,
        risks=tuple(f"If {risk.risk}: {risk.then}" for risk in match.playbook.risks),
        evidence=_evidence(match.playbook),
    )


def terms_of(request: PlanRequest, reading: Reading) -> Terms:
    answered = request.answers.get("target_date", "")
    target = request.target_date or parse_day(answered, request.today)
    read_from = None
    if target is None and reading.deadline:
        target, read_from = reading.deadline.day, reading.deadline.words
    hours = request.hours_per_week
    if hours is None:
        hours = number(request.answers.get("hours_per_week", "")) or reading.hours_per_week
    if hours is not None:
        hours = min(max(hours, _LEAST_HOURS), _MOST_HOURS)
    return Terms(target, hours, read_from)


def _best(case: Case, terms: Terms) -> tuple[Attempt, Infeasible | None]:
    hours = terms.hours or case.playbook.hours_per_week
    today, weeks = case.request.today, case.playbook.weeks
    if terms.target is None:
        found = first_fit(case, weeks, hours)
        tried = found or attempt(case, today + timedelta(weeks=weeks), hours)
    else:
        latest = today + timedelta(weeks=MOST_WEEKS)
        tried = attempt(case, min(max(terms.target, today), latest), hours)
    return tried, None if tried.fits else ways_out(case, tried)


def _note(match: Match) -> str:
    if match.playbook.key == GENERIC:
        return (
            "Built-in planner: no playbook fits these words, so this is the general ladder;"
            " the questions would sharpen it."
        )
    because = ", ".join(f"“{word}”" for word in match.words[:3])
    return f"Built-in planner: playbook “{match.playbook.title}”, chosen by {because}."


def _confidence(match: Match, missing: int) -> float:
    if match.playbook.key == GENERIC:
        return _GENERIC_CONFIDENCE
    certain = min(0.95, 0.6 + 0.03 * match.score)
    return round(max(0.3, certain - 0.04 * missing - 0.15 * (match.runner_up is not None)), 2)


def _assumptions(case: Case, match: Match, terms: Terms, tried: Attempt) -> tuple[str, ...]:
    lines = list(assumptions_of(case.playbook, case.slots))
    if terms.read_from:
        lines.append(f"“{terms.read_from}” read as {tried.finish.isoformat()}.")
    if terms.target is None:
        lines.append(f"Finish: {tried.finish.isoformat()}, as you gave no date.")
    elif terms.target < case.request.today:
        lines.append(f"{terms.target.isoformat()} has passed, so the plan starts today.")
    if terms.hours is None:
        lines.append(f"Time: {plain(tried.hours)} h a week, as you did not say.")
    if match.runner_up:
        lines.append(f"Read as “{match.playbook.title}”, not “{match.runner_up.title}”.")
    slack = (tried.finish - tried.layout.last_due).days
    if tried.fits and slack < (tried.finish - case.request.today).days * 0.05:
        lines.append(f"Tight: {slack} days of slack before the date.")
    return (*lines, *case.playbook.before)


def _term_questions(terms: Terms) -> tuple[Question, ...]:
    questions = list[Question]()
    if terms.target is None:
        questions.append(
            Question(
                key="target_date",
                question="By when should it be done?",
                why="Milestones are counted back from the date.",
                kind="date",
            )
        )
    if terms.hours is None:
        questions.append(
            Question(
                key="hours_per_week",
                question="How many hours a week can you give it?",
                why="The plan never books more than you have.",
                kind="number",
            )
        )
    return tuple(questions)


def _evidence(playbook: Playbook) -> str | None:
    found = playbook.evidence
    return f"{found.note} ({found.source})" if found else None
