"""Sentences in four languages: all of them complete, each with its own plurals and dates."""

from typing import Any

import pytest
from jinja2.exceptions import UndefinedError

from selfos.features.notifications.schemas.words import NotificationKind
from selfos.features.notifications.wording import catalogue, phrase, say
from selfos.kernel.languages import LANGUAGES, language_of

VALUES: dict[str, Any] = {
    "title": "Call Ada",
    "author": "Ada",
    "due": "2027-03-29T17:00",
    "body": "Hello",
    "count": 2,
    "titles": ["One", "Two"],
    "instance": "SelfOS",
    "link": "https://life.example/x",
    **dict.fromkeys(("tasks", "overdue", "habits", "done", "kept", "left", "unrecorded"), 2),
    **dict.fromkeys(("before", "planned", "slipped", "owed", "hours", "free"), 2),
    "named": ["One", "Two"],
    "lead": "12 tasks done.",
}


def keys(catalogue: dict[str, Any]) -> dict[str, list[str]]:
    return {name: sorted(each) for name, each in catalogue.items() if name != "version"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything(language: str) -> None:
    assert keys(catalogue(language)) == keys(catalogue("en"))
    assert set(NotificationKind) <= set(catalogue(language))
    for kind in [*NotificationKind, "test"]:
        said = say(kind, language, VALUES)
        assert said.title
        assert said.body
    for name in catalogue(language)["phrases"]:
        assert phrase(name, language, VALUES)


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        say(NotificationKind.TASK_REMINDER, "en", {})


@pytest.mark.parametrize(
    ("locale", "one", "many", "due"),
    [
        ("en", "1 reminder waits for you", "5 reminders wait for you", "Due Mon 29 Mar, 5:00"),
        ("en-GB", "1 reminder waits for you", "5 reminders wait for you", "Due Mon 29 Mar, 17:00"),
        ("de-AT", "1 Erinnerung wartet auf dich", "5 Erinnerungen warten auf dich",
         "Fällig Mo. 29 März, 17:00"),
        ("es", "1 recordatorio te espera", "5 recordatorios te esperan", "Vence lun 29 mar, 17:00"),
        ("fr", "1 rappel vous attend", "5 rappels vous attendent",
         "Échéance : lun. 29 mars, 17:00"),
    ],
)  # fmt: skip
def test_plurals_and_dates_follow_the_language(locale: str, one: str, many: str, due: str) -> None:
    assert say(NotificationKind.OVERDUE, locale, {**VALUES, "count": 1}).title == one
    assert say(NotificationKind.OVERDUE, locale, {**VALUES, "count": 5}).title == many
    assert say(NotificationKind.TASK_REMINDER, locale, VALUES).body.startswith(due)


@pytest.mark.parametrize(
    ("locale", "language"),
    [("de-CH", "de"), ("fr_FR", "fr"), ("pt-BR", "en"), ("zz", "en"), ("en-XX", "en"), ("", "en")],
)
def test_an_unknown_locale_is_spoken_to_in_english(locale: str, language: str) -> None:
    assert language_of(locale) == language
    assert say(NotificationKind.TASK_REMINDER, locale, VALUES).title == "Call Ada"
