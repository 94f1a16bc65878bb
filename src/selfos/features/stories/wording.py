"""How numbers, dates, lists and titles are said; the words themselves are data."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources

from selfos.features.stories.facts import Fact, shown_title

DAYS_SAID_EXACTLY = 60
DAYS_SAID_IN_WEEKS = 180
DAYS_PER_MONTH = Decimal("30.44")
DAYS_WITHOUT_YEAR = 365
TITLES_SHOWN = 3
TITLES_SHOWN_BEFORE_MORE = 2


@dataclass(frozen=True, slots=True)
class Wording:
    """One locale's words; `voices[key][tone]` are the ways to say one kind of moment."""

    small_numbers: Sequence[str]
    months: Sequence[str]
    weekdays: Sequence[str]
    nouns: Mapping[str, Sequence[str]]
    units: Mapping[str, str]
    directions: Mapping[str, str]
    titles: Mapping[str, str]
    plain_title: str
    voices: Mapping[str, Mapping[str, Sequence[str]]]

    def number(self, value: Decimal | int) -> str:
        """Words up to twelve, digits above and for fractions."""
        if isinstance(value, int) and value < len(self.small_numbers):
            return self.small_numbers[value]
        return f"{value:,f}".rstrip("0").rstrip(".") if value % 1 else f"{int(value):,}"

    def counted(self, noun: str, value: int) -> str:
        """`one task`, `three tasks`."""
        return f"{self.number(value)} {self.nouns[noun][value != 1]}"

    def amount(self, unit: str, value: Decimal | int) -> str:
        """`42 pages`, of a unit listed in `units`."""
        return f"{self.number(value)} {self.units[unit] if value == 1 else unit}"

    def times(self, value: int) -> str:
        """`once`, `twice`, `three times`."""
        return {1: "once", 2: "twice"}.get(value, f"{self.number(value)} times")

    def span(self, days: int) -> str:
        """A duration: exact days, then rounded weeks, then rounded months."""
        if days < DAYS_SAID_EXACTLY:
            return self.counted("day", days)
        if days < DAYS_SAID_IN_WEEKS:
            return f"about {self.counted('week', round(days / 7))}"
        return f"about {self.counted('month', round(days / DAYS_PER_MONTH))}"

    def said_date(self, day: date, until: date) -> str:
        """`3 March`; with the year unless the day lies in the year before `until`."""
        said = f"{day.day} {self.months[day.month - 1]}"
        return said if 0 <= (until - day).days < DAYS_WITHOUT_YEAR else f"{said} {day.year}"

    def said_weekday(self, day: date, until: date) -> str:
        """`Tuesday 3 March`."""
        return f"{self.weekdays[day.weekday()]} {self.said_date(day, until)}"

    def titles_of(self, facts: Sequence[Fact]) -> str:
        """`“A”, “B” and two more`; equal titles are said once, the rest counts events."""
        counts = Counter(shown_title(fact.title) for fact in facts)
        shown = list(counts)
        if len(shown) > TITLES_SHOWN:
            shown = shown[:TITLES_SHOWN_BEFORE_MORE]
        parts = [f"“{title}”" for title in shown]
        rest = len(facts) - sum(counts[title] for title in shown)
        if rest:
            parts.append(f"{self.number(rest)} more")
        if len(parts) == 1:
            return parts[0]
        return f"{', '.join(parts[:-1])} and {parts[-1]}"


@cache
def wording_for(locale: str) -> Wording:
    """The words of a locale; English where we have none."""
    folder = resources.files("selfos.features.stories") / "templates"
    source = folder / f"{locale}.json"
    if not (locale.isalpha() and source.is_file()):
        source = folder / "en.json"
    return Wording(**json.loads(source.read_text(encoding="utf-8")))


def quoted(title: str) -> str:
    """The title as a story quotes it, with its quotation marks."""
    return f"“{shown_title(title)}”"
