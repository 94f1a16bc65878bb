"""Tries a plan against its dates and hours, and computes the ways out when it does not fit."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from selfos.features.ai.planner.drafting import write_steps
from selfos.features.ai.planner.model import Infeasible, PlanRequest
from selfos.features.ai.planner.numbers import plain
from selfos.features.ai.planner.playbooks import Playbook
from selfos.features.ai.planner.progressions import BUFFER
from selfos.features.ai.planner.scheduling import Frame, Layout, lay_out
from selfos.features.ai.planner.sizing import Sized, scaled_text, size
from selfos.features.ai.planner.slots import Slots

MOST_WEEKS = 1040
_RHYTHM_ENOUGH = 0.9
_MOST_HOURS = 60.0
_HOURS_STEP = 0.5
_LATER = (1.0, 1.15, 1.3, 1.6, 2.0, 3.0, 5.0, 8.0, 12.0, 20.0)
_SMALLER = (0.9, 0.75, 0.66, 0.5, 0.33, 0.25, 0.1)


@dataclass(frozen=True, slots=True)
class Case:
    """One goal read through one playbook; what stays the same while dates and hours vary."""

    playbook: Playbook
    slots: Slots
    goal: str
    request: PlanRequest


@dataclass(frozen=True, slots=True)
class Attempt:
    """A layout for one finish and one number of hours, and what keeps it from fitting."""

    finish: date
    hours: float
    sized: Sized
    layout: Layout
    faults: tuple[str, ...]

    @property
    def fits(self) -> bool:
        return not self.faults


def attempt(case: Case, finish: date, hours: float, scale: float = 1) -> Attempt:
    """Lay the plan out, paced if that fits, else as early as the hours allow."""
    today = case.request.today
    weeks = max((finish - today).days / 7, 0.15)
    sized = size(case.playbook, case.slots, weeks, scale)
    blanks = write_steps(case.playbook, case.slots, sized, case.goal, weeks)
    frame = Frame(
        today=today,
        finish=finish,
        hours=hours,
        busy=case.request.busy_hours,
        week_start=case.request.week_start,
    )
    layout = lay_out(blanks, frame, paced=True)
    if layout.last_due > finish:
        layout = lay_out(blanks, frame, paced=False)
    faults = tuple(_faults(layout, sized, weeks, finish, hours))
    return Attempt(finish, hours, sized, layout, faults)


def first_fit(case: Case, weeks: float, hours: float) -> Attempt | None:
    """Find the first finish, from so many weeks on, by which the plan fits; None if none."""
    today = case.request.today
    needed = size(case.playbook, case.slots, weeks).weeks_needed
    base = min(max(weeks, needed / (1 - BUFFER)), MOST_WEEKS)
    too_early = today
    for stretch in _LATER:
        days = round(min(base * stretch, MOST_WEEKS) * 7)
        tried = attempt(case, today + timedelta(days=days), hours)
        if tried.fits:
            return tried if stretch == 1 else _earliest(case, too_early, tried)
        too_early = tried.finish
    return None


def ways_out(case: Case, tried: Attempt) -> Infeasible:
    """Say why a plan does not fit, with three computed ways out."""
    return Infeasible(
        message=" ".join(tried.faults),
        ways_out=(_later(case, tried), _more_hours(case, tried), _smaller(case, tried)),
    )


def _faults(
    layout: Layout, sized: Sized, weeks: float, finish: date, hours: float
) -> Iterator[str]:
    if layout.last_due > finish:
        days = (layout.last_due - finish).days
        yield f"With {plain(hours)} h a week the last step falls {days} days after the date."
    if layout.rhythm_share < _RHYTHM_ENOUGH:
        yield (
            f"The rhythm of this plan finds room for {layout.rhythm_share:.0%} of its hours"
            f" in {plain(hours)} h a week."
        )
    if sized.shortfall:
        yield sized.shortfall
    elif sized.weeks_needed > weeks * 1.001:
        yield f"It needs {round(sized.weeks_needed)} weeks; there are {round(weeks)}."


def _later(case: Case, tried: Attempt) -> str:
    weeks = max((tried.finish - case.request.today).days / 7, 1)
    found = first_fit(case, weeks, tried.hours)
    if found is None:
        return "Later date: no later date alone is enough; the weekly rhythm needs more hours."
    found = _earliest(case, tried.finish, found)
    return f"Later date: {found.finish.isoformat()} fits with {plain(tried.hours)} h a week."


def _earliest(case: Case, too_early: date, found: Attempt) -> Attempt:
    low, best = too_early, found
    while (best.finish - low).days > max(7, (best.finish - case.request.today).days // 40):
        middle = low + (best.finish - low) / 2
        closer = attempt(case, middle, found.hours)
        low, best = (low, closer) if closer.fits else (middle, best)
    return best


def _more_hours(case: Case, tried: Attempt) -> str:
    if tried.sized.remedy:
        return f"More means: {tried.sized.remedy}"
    if not attempt(case, tried.finish, _MOST_HOURS).fits:
        return "More hours: no number of hours makes this date; it needs calendar time."
    low, high = tried.hours, _MOST_HOURS
    while high - low > _HOURS_STEP:
        middle = (low + high) / 2
        low, high = (low, middle) if attempt(case, tried.finish, middle).fits else (middle, high)
    return (
        f"More hours: {plain(math.ceil(high * 2) / 2)} h a week until {tried.finish.isoformat()}."
    )


def _smaller(case: Case, tried: Attempt) -> str:
    for scale in _SMALLER:
        text = scaled_text(case.playbook, case.slots, scale)
        if text is None:
            break
        if attempt(case, tried.finish, tried.hours, scale).fits:
            return f"Smaller scope: {text} fits by {tried.finish.isoformat()}."
    if tried.layout.rhythm_share < _RHYTHM_ENOUGH:
        share = f"{tried.layout.rhythm_share:.0%}"
        return f"Smaller scope: keep the rhythm at about {share} of its length, and expect less."
    done = [step for step in tried.layout.steps if step.due <= tried.finish and not step.event]
    marks = [step for step in done if step.kind == "milestone" and step.key.endswith("-done")]
    if marks:
        return f"Smaller scope: stop at “{marks[-1].title}” and renew the goal from there."
    first = tried.layout.steps[0]
    return f"Smaller scope: take only the phase “{first.phase}” as the goal for now."
