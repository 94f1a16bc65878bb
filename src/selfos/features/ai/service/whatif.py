"""What happens to my weeks if I add this goal, and what would make room for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from selfos.features.ai.models import Proposal, ProposalLine
from selfos.features.ai.planner import PlanDraft, PlanRequest, plan_goal
from selfos.features.ai.planner.capacity import (
    MINUTES_PER_HOUR,
    Life,
    Move,
    Plan,
    Way,
    WayKind,
    Week,
    Work,
    best_first,
    forecast,
    make_room,
    planned_anew,
    ways_to_fit,
)
from selfos.features.ai.schemas.capacity import GoalInMind, Relief
from selfos.features.ai.schemas.proposals import ProposalKind
from selfos.features.ai.schemas.words import Engine
from selfos.features.ai.service.applying import rehearse
from selfos.features.ai.service.proposals import (
    LONGEST_TITLE,
    begin_changes,
    changeable,
    lines_of,
)
from selfos.features.ai.service.room import Known, busy_beside, life_of
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.errors import Conflict
from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import Permission
from selfos.kernel.tools import Operation, Toolbox

HOURS_STEP, LEAST_HOURS = 0.5, 0.5
# A changeset that somebody still looks through.
MOST_MOVES = 50


@dataclass(frozen=True, slots=True)
class _Question:
    """A plan that may be added to a life."""

    title: str
    known: Known
    plan: Plan
    hours: float

    @property
    def life(self) -> Life:
        return self.known.life


async def what_if_goal(ctx: Context, wanted: GoalInMind) -> dict[str, Any]:
    """Return the weeks as they would be with this goal. Writes nothing."""
    ctx.require(Permission.PROPOSAL_READ)
    known = await life_of(ctx)
    request = _request(wanted, known.life)
    draft = plan_goal(request)
    question = _Question(wanted.title, known, _drafted(draft), draft.hours_per_week)
    ways = (
        _around(question, request),
        make_room(known.life, question.plan),
        _fewer_hours(question, request),
    )
    return _shown(question, best_first(known.life, question.plan, ways))


async def what_if_applied(ctx: Context, proposal_id: UUID) -> dict[str, Any]:
    """Return the weeks as they would be with an open plan applied as it stands. Writes nothing."""
    ctx.require(Permission.PROPOSAL_READ)
    proposal = await rows.get(ctx, Proposal, proposal_id)
    question = await _about(ctx, proposal)
    return _shown(question, ways_to_fit(question.life, question.plan))


async def relieve(ctx: Context, tools: Toolbox, proposal_id: UUID, wanted: Relief) -> Proposal:
    """Propose to make room: by later days in the plan itself, or by a proposal to move tasks.

    Nothing but proposals changes.
    """
    proposal = await changeable(ctx, proposal_id)
    question = await _about(ctx, proposal)
    offered = {way.kind: way for way in ways_to_fit(question.life, question.plan)}
    way = offered.get(WayKind(wanted.kind))
    if way is None:
        raise Conflict("This would not make room; look at the weeks again.")
    if way.kind is WayKind.MAKE_ROOM:
        return await _moving(ctx, tools, proposal, way)
    days = {move.work.id: move.due for move in way.moves}
    for line in await lines_of(ctx, proposal.id):
        if line.id in days:
            line.fields = {**line.fields, "due": _on(days[line.id])}
    ctx.describe(f"Let the plan for “{proposal.title}” wait for room")
    return proposal


async def _about(ctx: Context, proposal: Proposal) -> _Question:
    if proposal.kind is not ProposalKind.DECOMPOSE_GOAL:
        raise Conflict("Only plans for goals are weighed against your weeks.")
    proposal.require_open()
    known = await life_of(ctx)
    steps = [_step(line) for line in await lines_of(ctx, proposal.id) if line.accepted]
    dated = sorted((step for step in steps if step is not None), key=lambda step: step.due)
    rhythm = {
        date.fromisoformat(week["week_start"]): week.get("rhythm_hours", 0.0) * MINUTES_PER_HOUR
        for week in proposal.load
    }
    plan = Plan(steps=tuple(dated), rhythm=rhythm)
    weeks = [week["hours"] for week in proposal.load if week["hours"]]
    return _Question(proposal.title, known, plan, max(weeks, default=0.0))


def _step(line: ProposalLine) -> Work | None:
    """Read a line as work; a step that stands on its last day is the day itself and stays."""
    due = line.fields.get("due")
    if line.op is not Operation.CREATE or line.entity != "task" or not due:
        return None
    deadline = line.fields.get("deadline")
    fixed = deadline == due["date"] or due["kind"] != "date"
    return Work(
        id=line.id,
        title=str(line.fields.get("title", line.title)),
        due=date.fromisoformat(due["date"]),
        minutes=0 if fixed else line.fields.get("duration_minutes") or 0,
        latest=date.fromisoformat(deadline) if deadline else None,
        fixed=fixed,
    )


def _request(wanted: GoalInMind, life: Life) -> PlanRequest:
    ahead = wanted.target_date is not None and wanted.target_date > life.today
    return PlanRequest(
        title=wanted.title,
        description=f"{wanted.description}\n{wanted.why}".strip(),
        today=life.today,
        target_date=wanted.target_date if ahead else None,
        hours_per_week=wanted.hours_per_week,
        answers=wanted.answers,
        week_start=life.week_start,
    )


def _drafted(draft: PlanDraft) -> Plan:
    """Read a draft, which knows the hours of each week to the minute; its steps only date it."""
    steps = (Work(id=new_id(), title=step.title, due=step.due, minutes=0) for step in draft.steps)
    hours = {week.week_start: week.hours * MINUTES_PER_HOUR for week in draft.load}
    return Plan(steps=tuple(steps), rhythm=hours)


def _around(question: _Question, request: PlanRequest) -> Way | None:
    """Plan anew with the hours that are free, however long it takes."""
    busy = busy_beside(question.life, question.hours)
    anew = replace(request, target_date=None, hours_per_week=question.hours, busy_hours=busy)
    answers = {key: value for key, value in request.answers.items() if key != "target_date"}
    draft = plan_goal(replace(anew, answers=answers))
    new = _drafted(draft)
    return planned_anew(WayKind.LATER, question.life, question.plan, new, question.hours)


def _fewer_hours(question: _Question, request: PlanRequest) -> Way | None:
    """Find the most hours a week, below those wanted, that the weeks can hold."""
    free = _least_free(question.life, forecast(question.life, question.plan))
    hours = min(free, question.hours - HOURS_STEP)
    hours -= hours % HOURS_STEP
    if hours < LEAST_HOURS:
        return None
    draft = plan_goal(replace(request, hours_per_week=hours))
    if draft.infeasible is not None:
        return None
    new = _drafted(draft)
    return planned_anew(WayKind.FEWER_HOURS, question.life, question.plan, new, hours)


def _least_free(life: Life, weeks: Sequence[Week]) -> float:
    """Return the hours free in the fullest whole week that the plan makes too full."""
    full = (week for week in weeks if week.added and week.capacity == life.capacity)
    free = (max(0.0, week.capacity - week.promised - week.steady) for week in full)
    return min(free, default=0.0) / MINUTES_PER_HOUR


async def _moving(ctx: Context, tools: Toolbox, plan: Proposal, way: Way) -> Proposal:
    """Write a proposal that moves tasks out of the way of a plan."""
    proposal = await begin_changes(
        ctx,
        f"Make room for “{plan.title}”"[:LONGEST_TITLE],
        engine=Engine.RULES,
        note="Tasks that can wait move to a week with room, the least important first.",
        goal_id=plan.goal_id,
        seen_by=plan.seen_by,
    )
    lines = [
        _line(proposal, position, move, plan.title)
        for position, move in enumerate(way.moves[:MOST_MOVES])
    ]
    ctx.session.add_all(lines)
    ctx.describe(f"Proposed to make room for “{plan.title}”")
    await rehearse(ctx, tools, lines)
    return proposal


def _line(proposal: Proposal, position: int, move: Move, goal: str) -> ProposalLine:
    weeks = _counted((move.due - move.work.due).days // 7, "week")
    return ProposalLine(
        id=new_id(),
        proposal_id=proposal.id,
        seen_by=proposal.seen_by,
        position=position,
        accepted=True,
        op=Operation.UPDATE,
        entity="task",
        entity_id=move.work.id,
        title=move.work.title[:LONGEST_TITLE],
        fields={"due": _on(move.due)},
        reason=f"It can wait {weeks}; its week is too full with “{goal}”."[:500],
        phase=None,
        depends_on=[],
    )


def _on(day: date) -> dict[str, str]:
    return {"kind": "date", "date": day.isoformat()}


def _shown(question: _Question, ways: Iterable[Way]) -> dict[str, Any]:
    weeks = forecast(question.life, question.plan)
    finish = max((step.due for step in question.plan.steps), default=question.life.today)
    return {
        "engine": Engine.RULES,
        "title": question.title,
        "finish": finish,
        "hours_per_week": question.hours,
        "over_hours": _hours(sum(week.added for week in weeks)),
        "summary": _summary(question.life, weeks),
        "unknown": list(question.known.unknown),
        "weeks": [_week(week) for week in weeks],
        "ways": [_way(way, finish) for way in ways],
    }


def _summary(life: Life, weeks: Sequence[Week]) -> str:
    full, own = [week for week in weeks if week.added], [week for week in weeks if week.over]
    capacity = f"{life.capacity / MINUTES_PER_HOUR:g} h"
    if full:
        worst = max(full, key=lambda week: week.over)
        over = f"{_hours(worst.over):g} h too much in the week of {_day(worst.week_start)}"
        return f"{_counted(len(full), 'week')} would hold more than your {capacity}: up to {over}."
    if own:
        return f"It adds nothing to the {_counted(len(own), 'week')} that are too full already."
    return f"It fits: no week holds more than your {capacity}."


def _week(week: Week) -> dict[str, Any]:
    return {
        "week_start": week.week_start,
        "promised_hours": _hours(week.promised),
        "steady_hours": _hours(week.steady),
        "planned_hours": _hours(week.planned),
        "capacity_hours": _hours(week.capacity),
        "over_hours": _hours(week.over),
    }


def _way(way: Way, finish: date) -> dict[str, Any]:
    moves = [
        {"id": each.work.id, "title": each.work.title, "due": each.work.due, "to": each.due}
        for each in way.moves
    ]
    return {
        "kind": way.kind,
        "sentence": _sentence(way, finish),
        "finish": way.finish,
        "hours_per_week": way.hours,
        "cost": way.cost,
        "over_hours": _hours(way.left),
        "moves": moves,
        "weeks": [_week(week) for week in way.weeks],
    }


def _sentence(way: Way, finish: date) -> str:
    rest = f" {_hours(way.left):g} h stay too much." if way.left else ""
    until = "" if way.finish == finish else f", until {_day(way.finish)}"
    match way.kind:
        case WayKind.MAKE_ROOM:
            return f"Move {_counted(len(way.moves), 'task')} of yours to weeks with room.{rest}"
        case WayKind.FEWER_HOURS:
            return f"Give it {way.hours:g} h a week{until}.{rest}"
        case WayKind.LATER if way.moves:
            many = _counted(sum(move.work.minutes > 0 for move in way.moves), "step")
            return f"Let {many} wait for weeks with room{until}.{rest}"
        case WayKind.LATER:
            return f"Plan it into the hours that are free{until}.{rest}"


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _hours(minutes: float) -> float:
    return round(minutes / MINUTES_PER_HOUR, 2)
