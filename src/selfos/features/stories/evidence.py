"""What the checker recomputes from cited events, on its own and not with composition's measures."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from selfos.features.stories import lexicon
from selfos.features.stories.claims import Day, Length
from selfos.features.stories.facts import Fact

DAYS_PER_UNIT = {
    "day": Decimal(1),
    "week": Decimal(7),
    "month": Decimal("30.44"),
    "year": Decimal("365.25"),
}
EXACT_UNITS = frozenset({"day", "week"})
YEARS_TO_TRY = 8  # 29 February comes back within eight years


def resolve(day: Day, until: date) -> date | None:
    """The date meant: without a year the latest one not after `until`; None where there is none."""
    if day.day is None or day.month is None:
        return None
    years = [day.year] if day.year else range(until.year, until.year - YEARS_TO_TRY, -1)
    for year in years:
        try:
            resolved = date(year, day.month, day.day)
        except ValueError:
            continue
        if day.year is None and resolved > until:
            continue
        fits = day.weekday is None or resolved.weekday() == day.weekday
        return resolved if fits else None
    return None


def falls_on(moment: date, day: Day, until: date) -> bool:
    """Whether a day is the one said: a date, a week by its Monday, a month or a weekday."""
    if day.day is not None:
        resolved = resolve(day, until)
        return resolved == (week(moment) if day.is_week else moment)
    if day.month is not None:
        return moment.month == day.month and moment.year == _year_of_month(day, until)
    return moment.weekday() == day.weekday


def _year_of_month(day: Day, until: date) -> int:
    if day.year is not None:
        return day.year
    return until.year if (day.month or 0) <= until.month else until.year - 1


def week(day: date) -> date:
    """The Monday on or before the day."""
    return day - timedelta(days=day.isoweekday() - 1)


def peak(keys: Iterable[date]) -> date | None:
    """The key that comes most often; None where two share the first place."""
    counts = Counter(keys)
    top = max(counts.values(), default=0)
    winners = [key for key, count in counts.items() if count == top]
    return winners[0] if len(winners) == 1 else None


def _distinct(facts: Iterable[Fact]) -> list[date]:
    return sorted({fact.local_day for fact in facts})


def span_days(facts: Sequence[Fact]) -> int | None:
    """Days from the earliest to the latest, both counted."""
    days = [fact.local_day for fact in facts]
    return max(days).toordinal() - min(days).toordinal() + 1 if days else None


def longest_pauses(facts: Iterable[Fact]) -> list[tuple[date, date]]:
    """Neighbouring active days with the most idle days between them."""
    days = _distinct(facts)
    gaps = list(pairwise(days))
    top = max((after - before for before, after in gaps), default=timedelta())
    return [gap for gap in gaps if gap[1] - gap[0] == top and top > timedelta(days=1)]


def pause_days(facts: Iterable[Fact]) -> int | None:
    """Idle days in the longest pause."""
    pauses = longest_pauses(facts)
    return (pauses[0][1] - pauses[0][0]).days - 1 if pauses else None


def longest_runs(facts: Iterable[Fact]) -> list[tuple[date, date]]:
    """First and last day of the longest stretches without an idle day."""
    runs: list[tuple[date, date]] = []
    for day in _distinct(facts):
        if runs and day - runs[-1][1] == timedelta(days=1):
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    top = max((last - first for first, last in runs), default=timedelta())
    return [run for run in runs if run[1] - run[0] == top]


def run_days(facts: Iterable[Fact]) -> int | None:
    """Days of the longest run."""
    runs = longest_runs(facts)
    return (runs[0][1] - runs[0][0]).days + 1 if runs else None


def at_edge(facts: Sequence[Fact], *, last: bool) -> list[Fact]:
    """The facts that came first, or last; several where the instant is equal."""
    moments = [(fact.local_day, fact.at) for fact in facts]
    if not moments:
        return []
    edge = max(moments) if last else min(moments)
    return [fact for fact in facts if (fact.local_day, fact.at) == edge]


def are_open(cited: Sequence[Fact], facts: Iterable[Fact]) -> bool:
    """Whether all were created and nothing else is known to have happened to them."""
    closed = {fact.subject_id for fact in facts if not fact.type.endswith(".created")}
    return all(fact.type.endswith(".created") and fact.subject_id not in closed for fact in cited)


def is_length(length: Length, days: int) -> bool:
    """Whether so many days are the length said, rounded only where it says so."""
    if length.is_spread and length.unit != "day":
        return False
    size = DAYS_PER_UNIT[length.unit]
    if length.is_rounded:
        return length.unit != "day" and length.value > 0 and round(days / size) == length.value
    return length.unit in EXACT_UNITS and length.value * size == days


def unit_of(fact: Fact, said: str) -> str | None:
    """The key under which the fact measures the unit said; singular and plural are one."""
    for key in fact.numbers:
        if said in {key, lexicon.IRREGULAR_SINGULARS.get(key, key.removesuffix("s"))}:
            return key
    return None


def measured(fact: Fact, said: str) -> Decimal:
    """The fact's number of the unit said, zero without one."""
    key = unit_of(fact, said)
    return Decimal(fact.numbers[key]) if key else Decimal(0)
