"""The names a text can mention, found whatever their case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
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
    _indexes: dict[NameKind, Index] = field(
        default_factory=dict["NameKind", "Index"], init=False, repr=False, compare=False
    )

    def called(self, kind: NameKind, name: str, within: str | None = None) -> list[Name]:
        """Return what bears this name, of one kind, inside a thing if one is given."""
        found = self._index(kind).by_key.get(key_of(name), ())
        near = [each for each in found if within is None or within in each.within]
        picked = [each for each in near if each.id in self.picked]
        return picked or near

    def longest_at(self, kind: NameKind, text: str, start: int) -> str | None:
        """Return the longest known name that stands in folded text at this place."""
        word = text[start:].split(maxsplit=1)
        for key in self._index(kind).by_first_word.get(_bare(word[0]), ()) if word else ():
            end = start + len(key)
            if text.startswith(key, start) and not text[end : end + 1].isalnum():
                return key
        return None

    def _index(self, kind: NameKind) -> Index:
        """Return the names of one kind in order; most lines mention one kind or none."""
        if kind not in self._indexes:
            self._indexes[kind] = Index([each for each in self.all if each.kind == kind])
        return self._indexes[kind]


class Index:
    """Names of one kind, by their whole and by their first word."""

    def __init__(self, names: Sequence[Name]) -> None:
        self.by_key: dict[str, list[Name]] = {}
        self.by_first_word: dict[str, list[str]] = {}
        for name in names:
            for called in dict.fromkeys(key_of(each) for each in (name.name, *name.aliases)):
                self.by_key.setdefault(called, []).append(name)
        for key in sorted(filter(None, self.by_key), key=len, reverse=True):
            self.by_first_word.setdefault(_bare(key.split()[0]), []).append(key)


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
