"""Marks in a text what a search was looking for, as the index compares words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from selfos.features.search.schemas.searching import Part

AROUND = 70
SNIPPET = 2 * AROUND
MARK = r"[\u0300-\u036f]*"
# Letters that the index spells out.
SPELLED = {"ss": "ß", "ae": "æ", "oe": "œ", "th": "þ"}
SAME = {"o": "ø", "l": "ł", "d": "đð", "h": "ħ", "i": "\u0131", "n": "ŋ"}


def pattern_of(words: Sequence[str], phrases: Sequence[str]) -> re.Pattern[str] | None:
    """Return what finds these beginnings of words, and whole phrases, in decomposed text."""
    beginnings = [token for word in words for token in _tokens(word)]
    sought = [rf"{_letters(token)}" for token in beginnings]
    sought += [
        r"[\W_]+".join(_letters(token) for token in tokens) + r"(?![^\W_])"
        for phrase in phrases
        if (tokens := _tokens(phrase))
    ]
    if not sought:
        return None
    longest_first = sorted(sought, key=len, reverse=True)
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(longest_first)})", re.IGNORECASE)


def marked(text: str, sought: re.Pattern[str] | None) -> list[Part]:
    """Return the whole text in parts."""
    text = unicodedata.normalize("NFD", text)
    parts: list[Part] = []
    end = 0
    for found in sought.finditer(text) if sought else ():
        parts += [_part(text[end : found.start()]), _part(found[0], hit=True)]
        end = found.end()
    return [part for part in (*parts, _part(text[end:])) if part.text]


def snippet(text: str, sought: re.Pattern[str] | None) -> list[Part] | None:
    """Return some of a text around its first hit, or its beginning; None if it says nothing."""
    text = unicodedata.normalize("NFD", " ".join(text.split()))
    if not text:
        return None
    found = sought.search(text) if sought else None
    start = max(0, found.start() - AROUND) if found else 0
    start = text.find(" ", start) + 1 if start else 0
    end = (found.end() if found else 0) + SNIPPET
    cut = text[start:] if end >= len(text) else text[start:end].rpartition(" ")[0] + " …"
    return marked(("… " if start else "") + cut, sought)


def _tokens(text: str) -> list[str]:
    text = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(letter for letter in text if not unicodedata.combining(letter))
    return re.findall(r"[^\W_]+", bare)


def _letters(token: str) -> str:
    """Return a pattern for a word whose letters may carry marks."""
    pattern = ""
    at = 0
    while at < len(token):
        pair = token[at : at + 2]
        if pair in SPELLED:
            pattern += f"(?:{pair[0]}{MARK}{pair[1]}{MARK}|{SPELLED[pair]})"
            at += 2
        else:
            letter = token[at]
            pattern += f"[{letter}{SAME[letter]}]" if letter in SAME else re.escape(letter)
            pattern += MARK
            at += 1
    return pattern


def _part(text: str, *, hit: bool = False) -> Part:
    return Part(text=unicodedata.normalize("NFC", text), hit=hit)
