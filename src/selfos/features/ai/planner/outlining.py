"""From an outline, whoever wrote it, to a dated plan: the same calendar as the playbooks' steps.

A model says what has to be done, in which order and how long it takes. It says no dates and no
numbers of the goal: dates come from the hours there are, numbers from the user's own words.
"""

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from selfos.features.ai.planner.drafting import Blank
from selfos.features.ai.planner.model import Area, Infeasible, PlanDraft, PlanRequest
from selfos.features.ai.planner.numbers import plain
from selfos.features.ai.planner.progressions import BUFFER
from selfos.features.ai.planner.proposing import plan_goal, terms_of
from selfos.features.ai.planner.reading import read_goal
from selfos.features.ai.planner.scheduling import Frame, Layout, lay_out
from selfos.kernel.untrusted import has_address

OUTLINED = "outline"
# A model is sure of everything; what a person has not looked at yet is not.
CONFIDENCE = 0.6
MOST_STEPS, MOST_WEEKS = 40, 520
MOST_HOURS = 60.0
LATER = (1.25, 1.5, 2.0, 3.0, 5.0, 8.0)
Title = Annotated[str, Field(min_length=3, max_length=200)]
Sentence = Annotated[str, Field(min_length=3, max_length=220)]


class OutlinedStep(BaseModel):
    """One step. `after` are the numbers (from 1) of earlier steps it builds on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Title = Field(description="Begins with a verb in the imperative.")
    phase: Annotated[str, Field(min_length=2, max_length=60)]
    minutes: int = Field(ge=0, le=120, description="0 for a milestone; the first step at most 15.")
    reason: Sentence = Field(description="Why this step, for this goal.")
    after: Annotated[list[int], Field(max_length=10)] = []


class Outline(BaseModel):
    """A plan without dates."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    area: Area
    steps: Annotated[list[OutlinedStep], Field(min_length=3, max_length=MOST_STEPS)]
    assumptions: Annotated[list[Sentence], Field(max_length=6)] = []
    risks: Annotated[list[Sentence], Field(max_length=4)] = []


@dataclass(frozen=True, slots=True)
class _Calendar:
    blanks: tuple[Blank, ...]
    request: PlanRequest

    def lay(self, finish: date, hours: float) -> Layout:
        """Lay the steps out by this day, with so many hours a week."""
        request = self.request
        frame = Frame(
            today=request.today,
            finish=finish,
            hours=hours,
            busy=request.busy_hours,
            week_start=request.week_start,
        )
        layout = lay_out(self.blanks, frame, paced=True)
        return layout if layout.last_due <= finish else lay_out(self.blanks, frame, paced=False)


def draft_of(outline: Outline, request: PlanRequest, note: str) -> PlanDraft:
    """Return the dated plan of an outline; what it must satisfy is tested by `plan_faults`."""
    rules = plan_goal(request)
    terms = terms_of(request, read_goal(request.title, request.description, request.today))
    hours = terms.hours or rules.hours_per_week
    blanks = tuple(_blanks(outline))
    calendar = _Calendar(blanks, request)
    finish = terms.target or _natural_finish(calendar, hours)
    finish = max(finish, request.today)
    layout = calendar.lay(finish, hours)
    late = layout.last_due > finish
    assumptions = [*outline.assumptions]
    if terms.read_from:
        assumptions.append(f"“{terms.read_from}” read as {finish.isoformat()}.")
    if terms.hours is None:
        assumptions.append(f"Time: {plain(hours)} h a week, as you did not say.")
    return PlanDraft(
        playbook=OUTLINED,
        playbook_title="Outline",
        area=outline.area,
        title=rules.title,
        engine_note=note,
        confidence=CONFIDENCE,
        assumptions=tuple(assumptions),
        questions=tuple(
            each for each in rules.questions if each.key in {"target_date", "hours_per_week"}
        ),
        steps=layout.steps,
        load=layout.load(),
        infeasible=_ways_out(calendar, layout, finish, hours) if late else None,
        target_date=finish,
        target_value=rules.target_value,
        target_unit=rules.target_unit,
        hours_per_week=hours,
        risks=tuple(outline.risks),
        evidence=None,
    )


def outline_faults(outline: Outline) -> list[str]:
    """List what no calendar can mend: steps that wait for what comes later, and addresses.

    A plan needs none, and one that a text has put there would lead the user out.
    """
    texts = [*outline.assumptions, *outline.risks]
    texts += (text for step in outline.steps for text in (step.title, step.phase, step.reason))
    addresses = [f"Leave out the address in “{text}”." for text in texts if has_address(text)]
    return addresses + [
        f"Step {number} (“{step.title}”) can only build on steps before it."
        for number, step in enumerate(outline.steps, start=1)
        if any(not 1 <= other < number for other in step.after)
    ]


def _blanks(outline: Outline) -> list[Blank]:
    count = len(outline.steps)
    made: list[Blank] = []
    for number, step in enumerate(outline.steps, start=1):
        after = [other for other in dict.fromkeys(step.after) if 1 <= other < number]
        made.append(
            Blank(
                key=f"s{number}",
                phase=step.phase,
                title=" ".join(step.title.split()),
                minutes=step.minutes,
                reason=step.reason,
                position=(number - 1) / count,
                depends_on=tuple(f"s{other}" for other in after or [number - 1] if other),
                kind="task" if step.minutes else "milestone",
            )
        )
    return made


def _natural_finish(calendar: _Calendar, hours: float) -> date:
    """Return a day by which the work is done at this pace, with the usual slack."""
    minutes = sum(blank.minutes for blank in calendar.blanks)
    weeks = max(2.0, minutes / 60 / max(hours, 0.25) / (1 - BUFFER))
    today = calendar.request.today
    for stretch in (1.0, *LATER):
        finish = today + timedelta(days=math.ceil(min(weeks * stretch, MOST_WEEKS) * 7))
        if calendar.lay(finish, hours).last_due <= finish:
            return finish
    return today + timedelta(weeks=MOST_WEEKS)


def _ways_out(calendar: _Calendar, layout: Layout, finish: date, hours: float) -> Infeasible:
    days = (layout.last_due - finish).days
    fitting = [step for step in layout.steps if step.due <= finish]
    more = hours
    while more < MOST_HOURS and calendar.lay(finish, more).last_due > finish:
        more += 0.5
    later = max(_natural_finish(calendar, hours), layout.last_due)
    enough = more < MOST_HOURS
    return Infeasible(
        message=f"With {plain(hours)} h a week the last step falls {days} days after the date.",
        ways_out=(
            f"Later date: {later.isoformat()} fits with {plain(hours)} h a week.",
            f"More hours: {plain(more)} h a week until {finish.isoformat()}."
            if enough
            else "More hours: no number of hours makes this date; it needs calendar time.",
            f"Smaller scope: the first {len(fitting)} of {len(layout.steps)} steps fit.",
        ),
    )
