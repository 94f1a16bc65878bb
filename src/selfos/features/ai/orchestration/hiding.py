"""Names and numbers that a model need not know: replaced on the way out, put back on the way in.

A placeholder is two brackets, a kind and a number: ⟦N1⟧. The same thing gets the same placeholder
in one request, so the model can still tell people apart.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

OPEN, CLOSE = "⟦", "⟧"
# The brackets as JSON may write them; a backslash before it would be one that is meant.
ESCAPED = re.compile(r"(?i)(?<!\\)((?:\\\\)*)\\u27e([67])")
LONGEST_PLACEHOLDER = 12
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
URL = re.compile(r"https?://\S+")
# A day in ISO form is no secret, and what is planned by it must survive.
DAY = r"\d{4}-\d{2}-\d{2}"
NUMBER = re.compile(rf"{DAY}|\+?\d[\d .,/()-]*\d|\d")
FEWEST_DIGITS = 3


@dataclass(slots=True)
class Hider:
    """Hides in texts, and remembers what stands for what."""

    names: Iterable[str] = ()
    numbers: bool = False
    stands_for: dict[str, str] = field(default_factory=dict[str, str])
    _known: dict[str, str] = field(default_factory=dict[str, str])
    _pattern: re.Pattern[str] | None = None

    def __post_init__(self) -> None:
        """Prepare the search for names, the longest first."""
        words = {part for name in self.names for part in (name.strip(), *name.split())}
        wanted = sorted((word for word in words if len(word) > 1), key=len, reverse=True)
        if wanted:
            either = "|".join(map(re.escape, wanted))
            self._pattern = re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)

    def hide(self, text: str) -> str:
        """Return the text without addresses, the names, and long numbers if wanted."""
        text = text.replace(OPEN, "[").replace(CLOSE, "]")
        text = EMAIL.sub(lambda found: self._placeholder("A", found[0]), text)
        text = URL.sub(lambda found: self._placeholder("U", found[0]), text)
        if self._pattern is not None:
            text = self._pattern.sub(lambda found: self._placeholder("N", found[0]), text)
        return NUMBER.sub(self._number, text) if self.numbers else text

    def _number(self, found: re.Match[str]) -> str:
        text = found[0]
        at = found.start()
        inside = at >= 2 and found.string[at - 2] == OPEN  # noqa: PLR2004 - a bracket and a kind
        few = sum(letter.isdigit() for letter in text) < FEWEST_DIGITS
        if inside or few or re.fullmatch(DAY, text):
            return text
        return self._placeholder("Z", text)

    def _placeholder(self, kind: str, text: str) -> str:
        if text not in self._known:
            name = f"{OPEN}{kind}{len(self._known) + 1}{CLOSE}"
            self._known[text], self.stands_for[name] = name, text
        return self._known[text]


def reveal(text: str, stands_for: Mapping[str, str]) -> str:
    """Put back what placeholders stand for."""
    for placeholder, original in stands_for.items():
        text = text.replace(placeholder, original)
    return text


def reveal_json(text: str, stands_for: Mapping[str, str]) -> str:
    """Put it back inside JSON text, where quotes need escaping and brackets may be escaped."""
    if stands_for:
        text = ESCAPED.sub(lambda found: found[1] + (OPEN if found[2] == "6" else CLOSE), text)
    return reveal(text, {name: json.dumps(real)[1:-1] for name, real in stands_for.items()})


def reveal_all(value: Any, stands_for: Mapping[str, str]) -> Any:
    """Put it back in every text of a JSON value."""
    match value:
        case str():
            return reveal(value, stands_for)
        case dict():
            members = cast("dict[str, Any]", value).items()
            return {key: reveal_all(each, stands_for) for key, each in members}
        case list():
            return [reveal_all(each, stands_for) for each in cast("list[Any]", value)]
        case _:
            return value


@dataclass(slots=True)
class Revealer:
    """Puts back in a stream, where a placeholder may arrive in two halves."""

    stands_for: Mapping[str, str]
    _held: str = ""

    def feed(self, text: str) -> str:
        """Return what can be said of the text so far."""
        if not self.stands_for:
            return text
        whole = self._held + text
        at = whole.rfind(OPEN)
        if at >= 0 and CLOSE not in whole[at:] and len(whole) - at < LONGEST_PLACEHOLDER:
            whole, self._held = whole[:at], whole[at:]
        else:
            self._held = ""
        return reveal(whole, self.stands_for)

    def rest(self) -> str:
        """Return what was held back."""
        held, self._held = self._held, ""
        return held
