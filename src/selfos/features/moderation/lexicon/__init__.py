"""Phrases by category, read from the file of a language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import yaml

from selfos.features.moderation.normalising import Readings
from selfos.features.moderation.schemas import Category, Finding

FRAGMENT = re.compile(r"<([A-Z]+)>")
SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")


class Lexicon:
    """What is sought in one language, and in which contexts it means something else."""

    def __init__(self, language: str) -> None:
        """Read the file of a language we have."""
        source = files("selfos.features.moderation.lexicon") / f"{language}.yaml"
        told: dict[str, Any] = yaml.safe_load(source.read_text(encoding="utf-8"))
        self._fragments: dict[str, str] = told["fragments"]
        contexts = {name: re.compile(form) for name, form in told["contexts"].items()}
        self.phrases = {
            Category(name): tuple(self._compiled(form) for form in forms)
            for name, forms in told["phrases"].items()
        }
        self.cleared_by = {
            Category(name): tuple(contexts[each] for each in names)
            for name, names in told["unless"].items()
        }

    def find(self, readings: Readings) -> Iterator[Finding]:
        """Yield what is said, category by category, sentence by sentence."""
        for sentence in SENTENCE.split(readings.bare):
            for category, phrases in self.phrases.items():
                found = next(filter(None, (form.search(sentence) for form in phrases)), None)
                cleared = any(each.search(sentence) for each in self.cleared_by.get(category, ()))
                if found is not None and not cleared:
                    yield Finding(category=category, words=found[0][:100])

    def _compiled(self, form: str) -> re.Pattern[str]:
        return re.compile(FRAGMENT.sub(lambda found: self._fragments[found[1]], form))


ENGLISH = Lexicon("en")
