"""What becomes of a field that two have written without knowing of each other.

Pure: a device's value, the present value, what happened in between, and the two clocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from selfos.features.sync.clock import Stamp

# Beyond this many lines a merge costs more than two versions side by side.
LINES_MERGED = 1_000


class Kind(StrEnum):
    """How a field is merged."""

    ORDER = "order"
    SCALAR = "scalar"
    TEXT = "text"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Since:
    """What happened to a field since a device last knew it.

    `known` is what the device holds; `rival` is when the present value was written by somebody
    else, and None when the device's own last write still stands.
    """

    known: Any = None
    rival: Stamp | None = None
    rival_user: UUID | None = None


class Keep:
    """The word for: leave the row as it is."""


KEEP: Final = Keep()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What to write (or KEEP), whether two writes now stand together, and what was lost."""

    write: Any = KEEP
    merged: bool = False
    kept: Any = None
    lost: Any = None
    is_conflict: bool = False


def settle(kind: Kind, mine: Any, present: Any, since: Since | None, stamp: Stamp) -> Outcome:
    """Decide one field: nobody else wrote it, both can stand, or the later clock wins."""
    match kind:
        case Kind.ORDER:
            # Where a thing stands in a list is no loss anybody wants to read about.
            late = since is not None and since.rival is not None and since.rival > stamp
            return Outcome(KEEP if late else mine, merged=late)
        case Kind.WORDS if since is not None:
            both = with_edits(present, *edits(since.known or [], mine))
            return Outcome(KEEP if both == present else both, merged=both != mine)
        case Kind.TEXT if since is not None:
            return _settle_text(mine, present, since, stamp)
        case _:
            if mine == present:
                return Outcome()
            if since is None or since.rival is None:
                return Outcome(mine)
            return _later(mine, present, since.rival, stamp)


def _settle_text(mine: str, present: str, since: Since, stamp: Stamp) -> Outcome:
    if present in (mine, since.known):
        return Outcome(KEEP if mine == present else mine)
    both = merge_lines(since.known or "", mine, present or "")
    if both is not None:
        return Outcome(KEEP if both == present else both, merged=True)
    # Without a rival the present text is an earlier merge of this device's own: older than mine.
    return _later(mine, present, since.rival, stamp)


def _later(mine: Any, present: Any, rival: Stamp | None, stamp: Stamp) -> Outcome:
    if rival is None or stamp > rival:
        return Outcome(mine, kept=mine, lost=present, is_conflict=True)
    return Outcome(KEEP, kept=present, lost=mine, is_conflict=True)


def edits(known: Sequence[str], mine: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return what was added to and removed from a set of words, whatever their case."""
    before, after = {word.casefold() for word in known}, {word.casefold() for word in mine}
    added = [word for word in mine if word.casefold() not in before]
    return added, [word for word in known if word.casefold() not in after]


def with_edits(present: Sequence[str], add: Sequence[str], remove: Sequence[str]) -> list[str]:
    """Return a set of words without the removed and with the added ones."""
    gone, there = {word.casefold() for word in remove}, {word.casefold() for word in present}
    kept = [word for word in present if word.casefold() not in gone]
    return kept + [word for word in add if word.casefold() not in there]


@dataclass(frozen=True, slots=True)
class _Hunk:
    start: int
    end: int
    lines: tuple[str, ...]

    @property
    def adds_only(self) -> bool:
        return self.start == self.end

    def meets(self, other: _Hunk) -> bool:
        """Tell whether two edits of one text are about the same place."""
        return self.start == other.start or max(self.start, other.start) < min(self.end, other.end)


def merge_lines(known: str, mine: str, theirs: str) -> str | None:
    """Return a text with both edits line by line, or None where they are about the same lines.

    What both added at one place is all kept, theirs first.
    """
    base, left, right = known.split("\n"), theirs.split("\n"), mine.split("\n")
    if max(map(len, (base, left, right))) > LINES_MERGED:
        return None
    first, second = _hunks(base, left), _hunks(base, right)
    hunks: list[_Hunk] = list(first)
    for hunk in second:
        met = [other for other in first if other.meets(hunk)]
        if any(other != hunk and not (other.adds_only and hunk.adds_only) for other in met):
            return None
        hunks += [] if hunk in met else [hunk]
    lines: list[str] = []
    at = 0
    # Sorted by place alone, and stably: at one place theirs stay before mine.
    for hunk in sorted(hunks, key=lambda hunk: (hunk.start, hunk.end)):
        lines += [*base[at : hunk.start], *hunk.lines]
        at = hunk.end
    return "\n".join([*lines, *base[at:]])


def _hunks(base: Sequence[str], edited: Sequence[str]) -> list[_Hunk]:
    codes = SequenceMatcher(None, base, edited, autojunk=False).get_opcodes()
    return [_Hunk(i1, i2, tuple(edited[j1:j2])) for tag, i1, i2, j1, j2 in codes if tag != "equal"]
