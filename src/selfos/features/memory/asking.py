"""What a question asks: its words, the days it speaks of, and which words must be met. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from selfos.features.memory.dates import asks_about_before, period_asked, without_period
from selfos.features.memory.patterns import ENGLISH

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?", re.UNICODE)
MOST_WORDS = 60


@dataclass(frozen=True, slots=True)
class AskedWord:
    """A word of the question, with the forms that do not share its stem ("buy", "bought")."""

    word: str
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and for which days: today, days in the past, or any time before."""

    words: tuple[AskedWord, ...]
    first: date
    last: date
    on: date | None

    @classmethod
    def of(cls, text: str, today: date, on: date | None = None) -> Question:
        """Read a question asked on a day, or about the day `on`."""
        if on is not None:
            return cls(_words(text), on, on, on)
        if period := period_asked(text, today):
            return cls(_words(without_period(text)), *period, period[0])
        first = date.min if asks_about_before(text) else today
        return cls(_words(text), first, today, None)

    def is_met_by(self, words: Collection[str]) -> bool:
        """Tell whether a fact with these of its words is about what is asked.

        One relative is not another, and a name alone says nothing of whose it is.
        """
        asked = {each.word for each in self.words}
        kin = {word for word in asked if ENGLISH.kin.fullmatch(_singular(word))}
        if kin and not kin & set(words):
            return False
        telling = asked - ENGLISH.weak
        return not telling or bool(telling & set(words))


def _words(text: str) -> tuple[AskedWord, ...]:
    said = [word.lower().removesuffix("'s").removesuffix("’s") for word in WORD.findall(text)]
    kept = [word for word in said if word not in ENGLISH.chatter] or said
    unique = list(dict.fromkeys(kept))[:MOST_WORDS]
    return tuple(AskedWord(word, (word, *ENGLISH.irregular.get(word, ()))) for word in unique)


def _singular(word: str) -> str:
    return "child" if word == "children" else word.removesuffix("s")
