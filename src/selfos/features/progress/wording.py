"""What a chart shows, in one sentence, for those who do not see it."""

from __future__ import annotations

from collections.abc import Sequence

from selfos.features.progress.schemas import ChartSeriesView, Measure

MINUTES_PER_HOUR = 60


def count_of(value: float) -> str:
    """Return a number without a needless fraction."""
    return f"{value:g}"


def counted(number: int, noun: str) -> str:
    """Return how many there are of something that takes an s: 1 task, 2 tasks."""
    return f"{number} {noun if number == 1 else f'{noun}s'}"


def told(value: float, measure: Measure) -> str:
    """Return a value with its unit: 12 tasks, 3 h 20 min, 81 %."""
    match measure:
        case Measure.SHARE:
            return f"{round(value * 100)} %"
        case Measure.MINUTES:
            hours, minutes = divmod(round(value), MINUTES_PER_HOUR)
            return f"{hours} h {minutes} min" if hours else f"{minutes} min"
        case Measure.TASKS:
            return f"{count_of(value)} {'task' if value == 1 else 'tasks'}"
        case Measure.DAYS:
            return f"{count_of(value)} {'day' if value == 1 else 'days'}"


def chart_sentence(
    title: str, measure: Measure, series: Sequence[ChartSeriesView], days: int
) -> str:
    """Say what each series amounts to, and what it was in the days before."""
    parts: list[str] = []
    for each in series:
        if each.total is None:
            continue
        name = f"{each.label.lower()} " if len(series) > 1 else ""
        before = each.previous_total
        compared = f", {told(before, measure)} in the {days} days before" if before else ""
        parts.append(f"{name}{told(each.total, measure)}{compared}")
    if not parts:
        return f"{title}: nothing is known of these days yet."
    return f"{title}: {'; '.join(parts)}."


def heat_sentence(noun: str, total: int, days: int, most: int) -> str:
    """Say how much lies in a heatmap."""
    if not total:
        return "Nothing on these days yet."
    return f"{counted(total, noun)} on {counted(days, 'day')}; at most {most} on one."


def burn_up_sentence(done: float, target: float, due: float | None, unit: str) -> str:
    """Say how much of a goal is done, and what its path asks for by today."""
    asked = "" if due is None else f"; its path asks for {count_of(round(due, 1))} by today"
    return f"{count_of(done)} of {count_of(target)} {unit}{asked}."


def crowd_sentence(*, everybody: bool, told: bool) -> str:
    """Say what the sums of a workspace are about, or why there are none."""
    if everybody and told:
        return "About at least five people who did not have to agree, and rounded to fives."
    if everybody:
        return (
            "Not told: in no week have five people who neither agreed nor may look had a part,"
            " and a sum about fewer would be about somebody. A team of fewer than five sees only"
            " those who agree."
        )
    if told:
        return "Exact, and only about those who agreed; weeks count that began after their yes."
    return "Nobody has agreed before a week that is over."
