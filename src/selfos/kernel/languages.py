"""The languages SelfOS speaks: which is nearest to a locale, what it says, and how it counts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from babel import Locale, UnknownLocaleError
from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

LANGUAGES = ("en", "de", "es", "fr")


def language_of(locale: str) -> str:
    """Return the language we speak that is nearest to a locale; English where we speak none."""
    language = locale.replace("_", "-").partition("-")[0].lower()
    return language if language in LANGUAGES else LANGUAGES[0]


@cache
def locale_of(locale: str) -> Locale:
    """Return how days and numbers are written there, in the nearest language we speak."""
    language = language_of(locale)
    if not locale.lower().startswith(language):
        return Locale.parse(language)
    try:
        return Locale.parse(locale.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return Locale.parse(language)


@cache
def catalogue(package: str, language: str) -> dict[str, Any]:
    """Return everything a language says in a package: `words/<language>.yaml` of it."""
    path = files(package) / "words" / f"{language}.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@cache
def plain_template(text: str) -> Template:
    """Return a text of a catalogue as a template, in which a missing value is an error.

    It makes plain text: whoever puts that into HTML or a page that is set escapes it there.
    """
    return _environment().from_string(text)


def counted(locale: Locale, count: float, forms: Mapping[str, str], written: str) -> str:
    """Return the form that goes with a count by the rules of CLDR, with `written` for its #."""
    form = forms.get(locale.plural_form(count), forms["other"])
    return form.replace("#", written)


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
