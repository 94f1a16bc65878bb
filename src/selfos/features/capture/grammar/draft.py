"""A text being read: what is spoken for so far, and what is left for the title."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from selfos.features.capture.grammar.lexicon import KEPT, TAKEN
from selfos.features.capture.grammar.names import fold
from selfos.features.capture.grammar.results import (
    Fields,
    Offer,
    Reference,
    Span,
    Warning_,
)

SPACES = re.compile(r"\s+")
# What a taken word leaves behind: empty brackets, spaces before its comma or full stop.
EMPTY_BRACKETS = re.compile(rf"\([\s{TAKEN}]*{TAKEN}[\s{TAKEN}]*\)")
BEFORE_SIGN = re.compile(rf"[ \t]*{TAKEN}[\s{TAKEN}]*(?=[.,;!?)](?:[\s{TAKEN}]|\Z))")
AFTER_BRACKET = re.compile(rf"(?<=\()[\s{TAKEN}]*{TAKEN}\s*")
EDGES = " \t\r\n,;:-–—"


class Draft:
    """The text with stand-ins for understood parts, and everything found in it."""

    def __init__(self, text: str, ignored: Iterable[tuple[int, int]]) -> None:
        self.text = text
        self.work = fold(text)
        self.fields = Fields()
        self.spans: list[Span] = []
        self.warnings: list[Warning_] = []
        self._ignored = [(start, end) for start, end in ignored if start < end]
        self._unescaped: set[int] = set()
        for start, end in self._ignored:
            self.keep(start, end)

    def take(self, start: int, end: int, kind: str, *, shown_from: int | None = None) -> None:
        """Note a part as understood; it leaves the title."""
        shown = start if shown_from is None else shown_from
        text = self.text[shown:end].rstrip()
        self.spans.append(Span(shown, shown + len(text), kind, text))
        self._stand_in(start, end, TAKEN)

    def mention(self, start: int, end: int, kind: str) -> None:
        """Note a part as understood that stays in the title, such as a link."""
        self.spans.append(Span(start, end, kind, self.text[start:end]))
        self.keep(start, end)

    def keep(self, start: int, end: int) -> None:
        """Leave a part in the title, whatever it looks like."""
        self._stand_in(start, end, KEPT)

    def drop(self, position: int) -> None:
        """Leave a single sign, such as an escape, out of the title."""
        self._unescaped.add(position)

    def warn(
        self,
        code: str,
        message: str,
        place: tuple[int, int] | None = None,
        *,
        offer: Offer | None = None,
        choices: Sequence[Reference] = (),
    ) -> None:
        """Say what was not taken as meant."""
        start, end = place or (None, None)
        self.warnings.append(Warning_(code, message, start, end, offer, list(choices)))

    def free(self, start: int, end: int) -> bool:
        """Tell whether a part has not been spoken for."""
        part = self.work[start:end]
        return TAKEN not in part and KEPT not in part

    def title(self) -> str:
        """Return what is left, tidied."""
        left = "".join(
            TAKEN if mark == TAKEN else " " if sign == TAKEN else sign
            for place, (mark, sign) in enumerate(zip(self.work, self.text, strict=True))
            if place not in self._unescaped
        )
        if TAKEN in left:
            left = EMPTY_BRACKETS.sub(TAKEN, left)
            left = AFTER_BRACKET.sub("", BEFORE_SIGN.sub("", left)).replace(TAKEN, " ").strip(EDGES)
        return SPACES.sub(" ", left).strip()

    def _stand_in(self, start: int, end: int, mark: str) -> None:
        start, end = max(start, 0), min(end, len(self.work))
        if start < end:
            self.work = self.work[:start] + mark * (end - start) + self.work[end:]
