"""The sentences of notifications, in the language of whoever reads them.

Templates are data (`words/<language>.yaml`), rendered in a sandbox in which a missing value is an
error; plurals and dates follow the language's own rules (CLDR, by Babel).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from functools import cache
from typing import Any

from babel.dates import format_date, format_time

from selfos.features.notifications.templating import Fault, render
from selfos.features.notifications.templating import values_of as names_in
from selfos.kernel import languages
from selfos.kernel.languages import LANGUAGES, counted, language_of, locale_of, plain_template
from selfos.kernel.telemetry import get_logger

PACKAGE = "selfos.features.notifications"
LONGEST_TITLE = 200
log = get_logger(__name__)


class Samples(dict[str, Any]):
    """Invented values for previews; what has none of its own is a number."""

    def __missing__(self, name: str) -> Any:
        """Return a number, which counts, is written and is true."""
        return 3


SAMPLES = Samples(
    title="Call Ada",
    body="Hello.",
    author="Ada",
    due="2027-03-29T17:00",
    first="2027-03-29",
    lead="A calm week.",
    titles=["Call Ada", "Water the plants", "Send the invoice"],
    named=["Call Ada", "Water the plants"],
)


@dataclass(frozen=True, slots=True)
class Said:
    """A notification in words."""

    title: str
    body: str
    # Of the workspace's own words; none for ours.
    version: int | None = None


def say(
    kind: str, locale: str, values: Mapping[str, Any], own: tuple[str, str, int] | None = None
) -> Said:
    """Return what a notification of this kind says in this language.

    `own` are a workspace's own title, body and version; where a value does not fit them, ours are
    said, since a reminder in other words is better than none.
    """
    if own is not None:
        try:
            said = say_own(own[:2], locale, values)
        except Fault as fault:
            log.warning("notifications.words_unfit", kind=kind, version=own[2], fault=str(fault))
        else:
            if said.title:
                return replace(said, version=own[2])
    language = language_of(locale)
    parts = catalogue(language)[kind]
    where = {**values, **_tools(locale)}
    title, body = (
        " ".join(plain_template(parts[name]).render(where).split()) for name in ("title", "body")
    )
    return Said(title[:LONGEST_TITLE], body)


def say_own(own: tuple[str, str], locale: str, values: Mapping[str, Any]) -> Said:
    """Return what checked words of a workspace say; raises Fault where a value does not fit."""
    where = {**values, **_tools(locale)}
    return Said(render(own[0], where)[:LONGEST_TITLE], render(own[1], where))


def built_in(kind: str, language: str) -> tuple[str, str]:
    """Return our own title and body of a kind."""
    parts = catalogue(language)[kind]
    return parts["title"], parts["body"]


@cache
def functions() -> frozenset[str]:
    """Return the names of what templates may call."""
    return frozenset(_tools(LANGUAGES[0]))


@cache
def values_of(kind: str) -> frozenset[str]:
    """Return the names of what a kind can speak of: all that our words in English speak of."""
    return frozenset[str]().union(*map(names_in, built_in(kind, LANGUAGES[0]))) - functions()


def phrase(name: str, locale: str, values: Mapping[str, Any] | None = None) -> str:
    """Return one of the phrases around notifications, such as those of a mail's foot."""
    template = plain_template(catalogue(language_of(locale))["phrases"][name])
    return " ".join(template.render({**(values or {}), **_tools(locale)}).split())


def catalogue(language: str) -> dict[str, Any]:
    """Return all templates of a language."""
    return languages.catalogue(PACKAGE, language)


def _tools(locale: str) -> dict[str, Callable[..., str]]:
    """Return what templates may call: how this language writes days and counts things."""
    spoken = locale_of(locale)

    def moment(written: str) -> str:
        day, _, clock = written.partition("T")
        shown = format_date(date.fromisoformat(day), "EEE d MMM", locale=spoken)
        if not clock:
            return shown
        return f"{shown}, {format_time(time.fromisoformat(clock), 'short', locale=spoken)}"

    def choose(count: int, **forms: str) -> str:
        return counted(spoken, count, forms, str(count))

    return {"moment": moment, "choose": choose}
