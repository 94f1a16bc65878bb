"""The sentences of notifications, in the language of whoever reads them.

Templates are data (`words/<language>.yaml`), rendered in a sandbox in which a missing value is an
error; plurals and dates follow the language's own rules (CLDR, by Babel).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from selfos.features.notifications.templating import Fault, render
from selfos.features.notifications.templating import values_of as names_in
from selfos.kernel.telemetry import get_logger

LANGUAGES = ("en", "de", "es", "fr")
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
        " ".join(_template(parts[name]).render(where).split()) for name in ("title", "body")
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
    template = _template(catalogue(language_of(locale))["phrases"][name])
    return " ".join(template.render({**(values or {}), **_tools(locale)}).split())


def language_of(locale: str) -> str:
    """Return the language we speak that is nearest to a locale; English where we speak none."""
    language = locale.replace("_", "-").partition("-")[0].lower()
    return language if language in LANGUAGES else LANGUAGES[0]


@cache
def catalogue(language: str) -> dict[str, Any]:
    """Return all templates of a language."""
    path = files("selfos.features.notifications") / "words" / f"{language}.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@cache
def _locale(locale: str) -> Locale:
    language = language_of(locale)
    if not locale.lower().startswith(language):
        return Locale.parse(language)
    try:
        return Locale.parse(locale.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return Locale.parse(language)


@cache
def _template(text: str) -> Any:
    return _environment().from_string(text)


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    # Plain text, which is escaped where it becomes HTML.
    return ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)


def _tools(locale: str) -> dict[str, Callable[..., str]]:
    """Return what templates may call: how this language writes days and counts things."""
    spoken = _locale(locale)

    def moment(written: str) -> str:
        day, _, clock = written.partition("T")
        shown = format_date(date.fromisoformat(day), "EEE d MMM", locale=spoken)
        if not clock:
            return shown
        return f"{shown}, {format_time(time.fromisoformat(clock), 'short', locale=spoken)}"

    def choose(count: int, **forms: str) -> str:
        form = forms.get(spoken.plural_form(count), forms["other"])
        return form.replace("#", str(count))

    return {"moment": moment, "choose": choose}
