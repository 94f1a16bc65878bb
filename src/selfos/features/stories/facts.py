"""What a story may be made of: the facts, the request, and the sentences that cite them."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from selfos.features.stories import lexicon

DEED_TYPES = frozenset({"task.completed", "milestone.completed", "habit.checked"})
QUOTED_TITLE_CHARACTERS = 80
NAME_CHARACTERS = 60
_QUOTE_MARKS = re.compile('["“”„‟«»＂]')  # noqa: RUF001
_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"


class StoryKind(StrEnum):
    """What the reader asked for."""

    SUMMARY = "summary"
    STORY = "story"
    REFLECTION = "reflection"
    ACHIEVEMENT = "achievement"


class Tone(StrEnum):
    """Who speaks: I (friendly), you (coach), nobody (minimal), the name (professional)."""

    FRIENDLY = "friendly"
    COACH = "coach"
    MINIMAL = "minimal"
    PROFESSIONAL = "professional"


def _no_numbers() -> Mapping[str, Decimal | int]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One event with the names it had; `local_day` is the day it counts for, not a conversion.

    Completions that were undone later are not facts: the caller leaves them out.
    A key of `numbers` is the plural of the unit it measures, such as `pages` or `minutes`.
    """

    event_id: UUID
    type: str
    at: datetime
    local_day: date
    subject_id: UUID
    title: str
    goal_id: UUID | None = None
    goal_title: str | None = None
    area_id: UUID | None = None
    area_name: str | None = None
    numbers: Mapping[str, Decimal | int] = field(default_factory=_no_numbers)

    @property
    def is_deed(self) -> bool:
        """Whether something was done, as opposed to planned or concluded."""
        return self.type in DEED_TYPES

    @property
    def order(self) -> tuple[date, datetime, str]:
        """Sort key: the day it counts for, then the instant, then the id for stability."""
        return self.local_day, self.at, str(self.event_id)

    @property
    def shown_names(self) -> frozenset[str]:
        """Every name the fact bears, as a story quotes it: its own, its goal's, its area's."""
        names = (self.title, self.goal_title, self.area_name)
        return frozenset(shown_title(name) for name in names if name is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRequest:
    """All a story may know; equal requests give equal stories.

    `previous` holds the facts of the period before, for contrast only.
    """

    kind: StoryKind
    period_start: date
    period_end: date
    tone: Tone
    person_name: str
    facts: tuple[Fact, ...]
    seed: int
    locale: str = "en"
    previous: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, every event it speaks about, and the rules' sentences it says in other words."""

    text: str
    event_ids: tuple[UUID, ...]
    retells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryDraft:
    """A story before release; `engine_note` says in a sentence how it was made."""

    title: str
    sentences: tuple[Sentence, ...]
    engine: str = "rules"
    engine_note: str = ""


def plain_text(text: str) -> str:
    """One line without control, format or private characters and without double quotes."""
    spaced = re.sub(r"\s+", " ", unicodedata.normalize("NFC", text))
    kept = "".join(mark for mark in spaced if not unicodedata.category(mark).startswith("C"))
    return " ".join(_QUOTE_MARKS.sub("’", kept).split())


def shown_title(title: str) -> str:
    """The title as a story quotes it: plain, at most 80 characters, direction isolated."""
    plain = plain_text(title) or "untitled"
    if len(plain) > QUOTED_TITLE_CHARACTERS:
        plain = plain[: QUOTED_TITLE_CHARACTERS - 1].rstrip() + "…"
    if any(unicodedata.bidirectional(mark) in _RIGHT_TO_LEFT for mark in plain):
        return f"{_FIRST_STRONG_ISOLATE}{plain}{_POP_ISOLATE}"
    return plain


def spoken_name(name: str) -> str | None:
    """The person's name, or None where it could be read as a number, a date or a claim."""
    plain = plain_text(name)[:NAME_CHARACTERS].strip()
    words = plain.lower().replace("-", " ").split()
    says_something = any(
        word.isalpha() and word not in lexicon.VOCABULARY and len(word) > 1 for word in words
    )
    return plain if says_something else None
