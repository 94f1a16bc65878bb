"""What crosses the doors of a workspace's own words."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints

from selfos.features.notifications.schemas.words import NotificationKind
from selfos.kernel.schema import Input, View, without_nul

LONGEST_TITLE, LONGEST_BODY = 500, 2_000


class Language(StrEnum):
    """The languages that notifications are spoken in."""

    ENGLISH = "en"
    GERMAN = "de"
    SPANISH = "es"
    FRENCH = "fr"


class NotificationTemplateInput(Input):
    """A title and a body, each a text with `{{ values }}`, `{% if %}` and the like."""

    title: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TITLE),
        BeforeValidator(without_nul),
    ]
    body: Annotated[str, StringConstraints(max_length=LONGEST_BODY), BeforeValidator(without_nul)]


class WordsView(View):
    title: str
    body: str


class NotificationPreviewView(View):
    """What it would say, in words, and as a mail."""

    title: str
    body: str
    mail: Annotated[
        str,
        Field(description="Where it is shown as a mail for ten minutes; add `&scheme=dark`."),
    ]


class NotificationTemplateView(View):
    """What is said of one kind in one language."""

    kind: NotificationKind
    language: Language
    title: str
    body: str
    version: Annotated[
        int | None, Field(description="Of the workspace's own words; null: the built-in ones.")
    ]
    built_in: WordsView
    values: Annotated[
        dict[str, str], Field(description="What it can speak of, each with an example.")
    ]


class NotificationTemplateList(View):
    items: list[NotificationTemplateView]


class NotificationTemplateVersionView(View):
    """Words as they were; null when the built-in ones came back."""

    version: int
    title: str | None
    body: str | None
    created_at: datetime


class NotificationTemplateVersionList(View):
    """Newest first."""

    items: list[NotificationTemplateVersionView]
