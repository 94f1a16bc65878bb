"""The names a text can mention, found whatever their case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

NameKind = Literal["project", "phase", "area", "goal", "label", "member", "task"]


@dataclass(frozen=True, slots=True)
class Name:
    """One thing that can be mentioned; `within` are the ids of what it lies in."""

    kind: NameKind
    id: str
    name: str
    within: frozenset[str] = frozenset()
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Names:
    """All that can be mentioned; `picked` settles which of several namesakes is meant."""

    all: Sequence[Name] = ()
    picked: frozenset[str] = field(default_factory=frozenset[str])

    def called(self, kind: NameKind, name: str, within: str | None = None) -> list[Name]:
        """Return what bears this name, of one kind, inside a thing if one is given."""
        found = self._by_key.get((kind, key_of(name)), ())
        near = [each for each in found if within is None or within in each.within]
        picked = [each for each in near if each.id in self.picked]
        return picked or near

    def longest_at(self, kind: NameKind, text: str, start: int) -> str | None:
        """Return the longest known name that stands in folded text at this place."""
        word = text[start:].split(maxsplit=1)
        for key in self._by_first_word.get((kind, _bare(word[0])), ()) if word else ():
            end = start + len(key)
            if text.startswith(key, start) and not text[end : end + 1].isalnum():
                return key
        return None

    @cached_property
    def _by_key(self) -> dict[tuple[str, str], list[Name]]:
        index: dict[tuple[str, str], list[Name]] = {}
        for name in self.all:
            for called in dict.fromkeys(key_of(each) for each in (name.name, *name.aliases)):
                index.setdefault((name.kind, called), []).append(name)
        return index

    @cached_property
    def _by_first_word(self) -> dict[tuple[str, str], list[str]]:
        index: dict[tuple[str, str], list[str]] = {}
        for kind, key in sorted(self._by_key, key=lambda each: -len(each[1])):
            if key:
                index.setdefault((kind, _bare(key.split()[0])), []).append(key)
        return index


NO_NAMES = Names()


def key_of(name: str) -> str:
    """Return a name as names are compared."""
    return " ".join(fold(name).split())


def fold(text: str) -> str:
    """Return text in small letters and plain apostrophes, each character in its place."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(each.lower() if len(each.lower()) == 1 else each for each in text)
    return lowered.translate(PLAIN)


def _bare(word: str) -> str:
    return word.strip(".,;:!?/\"'")


PLAIN = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "\u00a0": " ",
        "\u202f": " ",
        "\x00": " ",
        "\x01": " ",
    }
)
