"""What a path says, in sentences: where a goal stands, the smallest way back, and a rest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

from selfos.features.planning.paths import Action, Milestone, Path, Standing
from selfos.features.planning.schemas.words import Counting, GoalPeriod, PathState

DAYS_PER_WEEK = 7
SHOWN_DECIMALS = 2
# English is enough here, as everywhere in the first edition.
SINGULARS = ((r"([^aeiou])ies$", r"\1y"), (r"(ss|sh|ch|x|z)es$", r"\1"), (r"([^s])s$", r"\1"))


def number(value: Fraction | float) -> str:
    """Write a number as people do: no more decimals than it has, at most two."""
    text = f"{float(value):,.{SHOWN_DECIMALS}f}".rstrip("0").rstrip(".")
    return text if text != "-0" else "0"


def counted(value: Fraction | float, unit: str | None, more: str = "") -> str:
    """Write an amount with its unit, such as "18 runs", "1 more run" or "0.5 more km"."""
    singular = unit
    if unit and value == 1:
        for ending, instead in SINGULARS:
            if re.search(ending, unit):
                singular = re.sub(ending, instead, unit)
                break
    return " ".join(part for part in (number(value), more, singular) if part)


def day_name(day: date, today: date) -> str:
    """Name a day as somebody would say it today."""
    distance = (day - today).days
    if distance in (0, 1):
        return ("today", "tomorrow")[distance]
    if 0 < distance < DAYS_PER_WEEK:
        return f"{day:%A}"
    year = f" {day.year}" if day.year != today.year else ""
    return f"{day.day} {day:%B}{year}"


def by_day(day: date, today: date) -> str:
    """Say until when."""
    return "today" if day == today else f"by {day_name(day, today)}"


def action_sentence(
    action: Action,
    state: PathState,
    today: date,
    *,
    counting: Counting,
    rises: bool,
    unit: str | None,
) -> str:
    """Say the smallest action, such as "2 more runs by Sunday put you back on the path."."""
    when, one = by_day(action.by, today), action.amount == 1
    if counting is Counting.LAST:
        bound = "or more" if rises else "or less"
        subject, one = f"A reading of {counted(action.reading, unit)} {bound}", True
    else:
        subject = (
            counted(action.amount, unit, "more")
            if rises
            else f"{counted(action.amount, unit)} less"
        )
    return f"{subject} {when} {_verb(state, one=one)}."


def _verb(state: PathState, *, one: bool) -> str:
    if state is PathState.AT_RISK:
        return f"{'keeps' if one else 'keep'} you on the path"
    return f"{'puts' if one else 'put'} you back on the path"


def enough_sentence(action: Action, today: date, *, unit: str | None) -> str:
    """Say what is missing in this period."""
    verb = "is" if action.amount == 1 else "are"
    return f"{counted(action.amount, unit, 'more')} {by_day(action.by, today)} {verb} enough."


def finish_sentence(
    milestones: Sequence[Milestone], by: date, state: PathState, today: date
) -> str:
    """Say which milestones to finish."""
    titles = [f"“{each.title}”" for each in milestones]
    listed = titles[0] if len(titles) == 1 else f"{', '.join(titles[:-1])} and {titles[-1]}"
    aim = "stay" if state is PathState.AT_RISK else "be back"
    return f"Finish {listed} {by_day(by, today)} to {aim} on the path."


def on_day(day: date, today: date) -> str:
    """Say when."""
    name = day_name(day, today)
    return name if name in ("today", "tomorrow") else f"on {name}"


def _time_left(buffer: int, today: date, *, begun: bool) -> str:
    """Say what the days before something is due are for; rest is for who has done something."""
    due = today + timedelta(days=buffer)
    if not begun:
        return f"the first step is due {on_day(due, today)}."
    if buffer == 1:
        return "today asks for nothing more."
    return f"you may rest until {day_name(due, today)}."


def summary(where: Standing, today: date, *, begun: bool) -> str:
    """Say where a goal stands, with the time it has; `begun` once something was done for it."""
    buffer = where.buffer
    if buffer is None:
        return "You are where the path leads: nothing more is due."
    match where.state:
        case PathState.AHEAD | PathState.ON:
            ahead = "Ahead of the path" if where.state is PathState.AHEAD else "On the path"
            place = ahead if begun else "In time"
            return f"{place}: {_time_left(buffer, today, begun=begun)}"
        case PathState.AT_RISK:
            return "At risk: something is due today."
        case PathState.OFF:
            since = "since yesterday" if buffer == -1 else f"for {-buffer} days"
            return f"Off the path {since}. That happens; here is the way back."


def period_summary(
    where: Standing, pace: Path, period: GoalPeriod, today: date, *, begun: bool
) -> str:
    """Say where a goal stands in the period that runs; who has only begun is not called behind."""
    next_first = day_name(pace.last.day + timedelta(days=1), today)
    this = "today" if period is GoalPeriod.DAY else f"this {period}"
    match where.state:
        case PathState.AHEAD:
            return f"Enough for {this}: the next {period} begins {next_first}."
        case PathState.ON:
            return f"In time {this}: {_time_left(where.buffer or 0, today, begun=begun)}"
        case PathState.AT_RISK if not begun:
            return f"The {period} is under way, and there is time left."
        case PathState.AT_RISK:
            return f"Behind the pace {this}, and there is time left."
        case PathState.OFF:
            return (
                f"The {period} before was missed, and this one is behind its pace. That happens:"
                f" no debt carries over, and the next {period} begins {next_first}."
            )


def respite_sentence(rest_days: int, end: date, today: date) -> str:
    """Offer a rest instead of a failure."""
    resume = day_name(today + timedelta(days=rest_days), today)
    return (
        f"Or rest until {resume} and go on from where you are, at the same pace:"
        f" it then ends on {day_name(end, today)}."
    )
