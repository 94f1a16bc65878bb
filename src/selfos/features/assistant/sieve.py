"""What a model writes, before anybody sees it: no addresses, no images, no secret word. Pure.

A stream is held back at the last blank and at an open bracket, so that an address is seen whole.
"""

from __future__ import annotations

from selfos.kernel.untrusted import NO_LINK, clean

# A Markdown link longer than this is cut by being looked at in two pieces, each without its sense.
LONGEST_HELD = 2_000


class Sieve:
    """Lets through the text of one attempt; `canary` is a word that must never come back."""

    def __init__(self, canary: str) -> None:
        """Begin with nothing."""
        self.canary = canary
        self.text = ""
        self.suspected = False
        self._held = ""

    def feed(self, piece: str) -> str:
        """Return what may be shown now."""
        self._held += piece
        end = self._safe_end()
        ready, self._held = self._held[:end], self._held[end:]
        return self._let(ready)

    def finish(self) -> str:
        """Return the rest."""
        ready, self._held = self._held, ""
        return self._let(ready)

    def reset(self) -> None:
        """Forget it all: another attempt begins."""
        self.text = self._held = ""

    def _let(self, ready: str) -> str:
        if self.canary in ready:
            self.suspected = True
            ready = ready.replace(self.canary, "…")
        shown = without_addresses(ready)
        self.text += shown
        return shown

    def _safe_end(self) -> int:
        if len(self._held) > LONGEST_HELD:
            return len(self._held)
        blank = max(self._held.rfind(" "), self._held.rfind("\n")) + 1
        bracket = self._held.rfind("[", 0, blank)
        if bracket >= 0 and _is_open(self._held[bracket:blank]):
            return bracket - 1 if bracket and self._held[bracket - 1] == "!" else bracket
        return blank


def without_addresses(text: str) -> str:
    """Return text without links, images and bare addresses."""
    return clean(text, longest=len(text) + len(NO_LINK)).replace("⟦", "[").replace("⟧", "]")


def _is_open(piece: str) -> bool:
    """Tell whether a bracket may still become a link."""
    closed = piece.find("]")
    if closed < 0:
        return "\n\n" not in piece
    rest = piece[closed + 1 :]
    return rest.startswith("(") and ")" not in rest
