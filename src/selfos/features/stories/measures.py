"""What composition measures in a set of facts: runs, pauses, busiest stretches."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise

from selfos.features.stories.facts import Fact


def days_of(facts: Iterable[Fact]) -> list[date]:
    """The distinct days, in order."""
    return sorted({fact.local_day for fact in facts})


def span_days(facts: Iterable[Fact]) -> int:
    """Days from the first to the last, both counted."""
    days = days_of(facts)
    return (days[-1] - days[0]).days + 1


def longest_pause(facts: Iterable[Fact]) -> tuple[date, date] | None:
    """The active days around the longest pause; None where two are equally long."""
    pauses = sorted(pairwise(days_of(facts)), key=idle_days, reverse=True)
    if not pauses or (len(pauses) > 1 and idle_days(pauses[0]) == idle_days(pauses[1])):
        return None
    return pauses[0]


def idle_days(pause: tuple[date, date]) -> int:
    """Days without anything between the two active days."""
    return (pause[1] - pause[0]).days - 1


def longest_run(facts: Iterable[Fact]) -> tuple[date, date]:
    """First and last day of the first of the longest runs of consecutive days."""
    best: tuple[date, date] | None = None
    start = previous = None
    for day in days_of(facts):
        if start is None or previous is None or (day - previous).days > 1:
            start = day
        previous = day
        if best is None or day - start > best[1] - best[0]:
            best = (start, day)
    if best is None:
        raise ValueError("A run needs at least one fact.")
    return best


def monday(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def single_peak(keys: Sequence[date]) -> tuple[date, int] | None:
    """The most frequent key and its count; None where the first place is shared."""
    ranked = Counter(keys).most_common(2)
    if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0]
