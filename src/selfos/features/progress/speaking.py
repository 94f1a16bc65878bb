"""A report in the language of whoever reads it: told again from the numbers each sentence cites."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton
from babel.numbers import format_decimal, format_percent

from selfos.features.progress.schemas.reports import ReportKind
from selfos.kernel import languages
from selfos.kernel.languages import counted, locale_of, plain_template

PACKAGE = "selfos.features.progress"
MINUTES_PER_HOUR = 60
ID_LENGTH = 36


@dataclass(frozen=True, slots=True)
class Speaker:
    """One language, perhaps with a region, and how it writes numbers and days."""

    locale: Locale

    @classmethod
    def of(cls, locale: str) -> Speaker:
        """Return the speaker nearest to a locale; English where we speak none."""
        # English without a region is written as the app writes it.
        return cls(locale_of("en-GB" if locale == "en" else locale))

    @property
    def words(self) -> Mapping[str, Any]:
        """Return everything this language says."""
        return catalogue(self.locale.language)

    def number(self, value: float) -> str:
        """Return a number as this language writes it, with one decimal at most."""
        return format_decimal(round(value, 1), locale=self.locale)

    def share(self, value: float | None) -> str:
        """Return a share in whole per cent; a dash where there is none."""
        return "–" if value is None else format_percent(round(value, 2), locale=self.locale)

    def day(self, day: date) -> str:
        """Return a day with its year."""
        return format_date(day, "long", locale=self.locale)

    def short_day(self, day: date) -> str:
        """Return a day as it stands under a chart."""
        return format_skeleton("MMMd", day, locale=self.locale)

    def days(self, first: date, last: date) -> str:
        """Return a span of days with its year."""
        return format_interval(first, last, "yMMMd", locale=self.locale)

    def hours(self, minutes: float) -> str:
        """Return an amount of time in hours."""
        return f"{self.number(minutes / MINUTES_PER_HOUR)} h"

    def title(self, kind: ReportKind, first: date, last: date) -> str:
        """Return what a report of this time is called."""
        month = format_skeleton("yMMMM", first, locale=self.locale)
        values = {"span": self.days(first, last), "month": month, "year": first.year}
        title = plain_template(self.words["title"][kind]).render(values)
        return title[:1].upper() + title[1:]

    def said(
        self, group: str, said: Mapping[str, Any], kind: ReportKind, names: Mapping[str, str]
    ) -> str:
        """Return one sentence; as it was told, where the thing it is of has no name any more."""
        facts: Sequence[Mapping[str, Any]] = said["facts"]
        called = key_of(facts[0]["name"]) if facts else "nothing"
        of_id = id_in(facts[0]["name"]) if facts else None
        template = self.words[group].get(called)
        if template is None or (of_id is not None and of_id not in names):
            return said["text"]
        return plain_template(template).render(
            facts=[each["value"] for each in facts],
            name=names.get(of_id or "", ""),
            period=self.words["period"][kind],
            n=self.number,
            choose=self._choose,
        )

    def counted(self, name: str, count: int) -> str:
        """Return one of the words of the page, with a count in it."""
        return plain_template(self.words["page"][name]).render(count=count, choose=self._choose)

    def filled(self, name: str, **values: str) -> str:
        """Return one of the words of the page, with values in it."""
        return plain_template(self.words["page"][name]).render(values)

    def card(self, kind: str, part: str, values: Mapping[str, Any]) -> str | None:
        """Return one part of a card of a year; None where the card has none, or nothing to say."""
        template = self.words["cards"][kind].get(part)
        if template is None:
            return None
        said = plain_template(template).render({**values, "n": self.number, "choose": self._choose})
        return said or None

    def month(self, day: date) -> str:
        """Return the name of a month as it stands alone."""
        name = format_date(day, "LLLL", locale=self.locale)
        return name[:1].upper() + name[1:]

    def short_month(self, day: date) -> str:
        """Return the name of a month as it stands under a chart."""
        return format_date(day, "LLL", locale=self.locale)

    def day_of_year(self, day: date) -> str:
        """Return a day without its year."""
        return format_skeleton("MMMMd", day, locale=self.locale)

    def _choose(self, count: float, **forms: str) -> str:
        return counted(self.locale, count, forms, self.number(count))


def id_in(name: str) -> str | None:
    """Return the id in the name of a number, as in `areas.<id>.done`."""
    return next((part for part in name.split(".") if len(part) == ID_LENGTH), None)


def key_of(name: str) -> str:
    """Return what a number is called in the catalogues, whatever it is of."""
    return "_".join(part for part in name.split(".") if len(part) != ID_LENGTH)


def catalogue(language: str) -> Mapping[str, Any]:
    """Return everything a language says of reports."""
    return languages.catalogue(PACKAGE, language)
