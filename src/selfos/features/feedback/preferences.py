"""A data set of preferences: pairs (for DPO) and single opinions (for KTO). Pure.

An opinion is given with the texts it is about; what is left of it are rows that a trainer reads, in
the form of conversations, and a count of what was left out and why.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from itertools import product
from typing import Any
from uuid import UUID

from selfos.features.ai.schemas import AiTask, Engine
from selfos.features.feedback.schemas import FeedbackKind

# An edit that leaves nine tenths as they were says little about the whole.
LEAST_EDITED = 0.1
# Nobody's taste is to drown the others'.
MOST_EACH = 500
# With fewer people than this, what is held out is the newest fifth, not a fifth of the people.
PEOPLE_TO_SPLIT_BY = 5
HELD_OUT = 5
# Below these a training says nothing; the counts are told all the same.
PAIRS_TO_TRAIN, PEOPLE_TO_TRAIN = 500, 30

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Turn:
    """One message that led to a text."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Made:
    """Something that was made for somebody: what led to it, and its words."""

    asked: tuple[Turn, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Said:
    """One opinion with the texts it is about; a text that is gone is None."""

    person: UUID
    day: date
    kind: FeedbackKind
    value: float
    task: AiTask | None
    engine: Engine | None
    made: Made | None
    other: Made | None = None
    original: str | None = None
    edited: str | None = None


@dataclass(slots=True)
class Cut:
    """The rows of a data set, and how much was left out for which reason."""

    pairs: list[Row] = field(default_factory=list[Row])
    singles: list[Row] = field(default_factory=list[Row])
    dropped: Counter[str] = field(default_factory=Counter[str])

    def ids(self) -> set[str]:
        """Return the names of all rows; equal rows have equal ones, in every cut."""
        return {row["id"] for row in (*self.pairs, *self.singles)}


def cut(
    opinions: Sequence[Said],
    reveals: Callable[[str], bool],
    *,
    names: Mapping[UUID, str],
    most_each: int | None = MOST_EACH,
) -> Cut:
    """Return the rows that opinions come to, newest first for each person.

    `reveals` tells whether a text has something in it that nobody else should read; `names` is what
    people are called in the rows.
    """
    made = Cut()
    seen: set[str] = set()
    taken: Counter[UUID] = Counter()
    newest_first = sorted(opinions, key=lambda said: said.day, reverse=True)
    for person, row in _candidates(newest_first, made.dropped):
        texts = [turn["content"] for turns in _turns(row) for turn in turns]
        if any(map(reveals, texts)):
            made.dropped["private"] += 1
        elif row["id"] in seen:
            made.dropped["double"] += 1
        elif most_each is not None and taken[person] >= most_each:
            made.dropped["too many of one person"] += 1
        else:
            seen.add(row["id"])
            taken[person] += 1
            row["person"] = names[person]
            (made.pairs if "chosen" in row else made.singles).append(row)
    _split([*made.pairs, *made.singles])
    return made


def _candidates(opinions: Sequence[Said], dropped: Counter[str]) -> Iterator[tuple[UUID, Row]]:
    """Yield what each opinion says by itself, then what thumbs say beside each other."""
    thumbs: defaultdict[tuple[UUID, tuple[Turn, ...]], list[Said]] = defaultdict(list)
    for said in opinions:
        if said.made is None:
            dropped["gone"] += 1
            continue
        row = _row(said, said.made)
        if isinstance(row, str):
            dropped[row] += 1
            continue
        yield said.person, row
        if said.kind is FeedbackKind.THUMB:
            thumbs[said.person, said.made.asked].append(said)
    for (person, _), beside in thumbs.items():
        good = [said for said in beside if said.value > 0]
        bad = [said for said in beside if said.value < 0]
        for better, worse in product(good, bad):
            if better.made and worse.made and better.made.words != worse.made.words:
                yield person, _pair(better, better.made, worse.made.words, "thumbs")


def _row(said: Said, made: Made) -> Row | str:
    """Return the row of one opinion, or why there is none."""
    match said.kind:
        case FeedbackKind.PICK:
            return _picked(said, made)
        case FeedbackKind.EDIT:
            return _edited(said, made)
        case _:
            return _single(said, made) if said.value else "undecided"


def _picked(said: Said, made: Made) -> Row | str:
    if said.original and said.edited:
        return _pair(said, Made(made.asked, said.edited), said.original, "pick")
    if said.other is None:
        return "gone"
    if said.other.asked != made.asked:
        return "not the same question"
    if said.other.words == made.words:
        return "the same"
    return _pair(said, made, said.other.words, "pick")


def _edited(said: Said, made: Made) -> Row | str:
    before, after = said.original or "", said.edited or ""
    if SequenceMatcher(None, before, after, autojunk=False).ratio() > 1 - LEAST_EDITED:
        return "hardly edited"
    return _pair(said, Made(made.asked, after), before, "edit")


def _pair(said: Said, better: Made, worse: str, source: str) -> Row:
    content = {
        "prompt": _shown(better.asked),
        "chosen": _answer(better.words),
        "rejected": _answer(worse),
    }
    return _named(said, content, source)


def _single(said: Said, made: Made) -> Row:
    content = {
        "prompt": _shown(made.asked),
        "completion": _answer(made.words),
        "label": said.value > 0,
    }
    return _named(said, content, said.kind)


def _named(said: Said, content: Row, source: str) -> Row:
    told = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return {
        "id": hashlib.sha256(told.encode()).hexdigest()[:32],
        **content,
        "source": str(source),
        "task": said.task,
        "engine": said.engine,
        "day": said.day.isoformat(),
    }


def _shown(turns: Sequence[Turn]) -> list[dict[str, str]]:
    return [{"role": turn.role, "content": turn.content} for turn in turns]


def _answer(words: str) -> list[dict[str, str]]:
    return [{"role": "assistant", "content": words}]


def _turns(row: Row) -> list[list[dict[str, str]]]:
    return [row[name] for name in ("prompt", "chosen", "rejected", "completion") if name in row]


def _split(rows: list[Row]) -> None:
    """Hold a fifth out: of the people, so that nobody is in both parts, or else the newest."""
    people = sorted({row["person"] for row in rows})
    if len(people) >= PEOPLE_TO_SPLIT_BY:
        apart = set(people[::HELD_OUT])
        for row in rows:
            row["split"] = "held_out" if row["person"] in apart else "train"
        return
    rows.sort(key=lambda row: (row["day"], row["id"]))
    border = len(rows) - len(rows) // HELD_OUT
    for at, row in enumerate(rows):
        row["split"] = "train" if at < border else "held_out"


def summary(made: Cut) -> dict[str, Any]:
    """Return what there is to know of a cut before anybody trains on it."""
    people = {row["person"] for row in (*made.pairs, *made.singles)}
    longer = sum(_length(row, "chosen") > _length(row, "rejected") for row in made.pairs)
    return {
        "pairs": len(made.pairs),
        "singles": len(made.singles),
        "desirable": sum(row["label"] for row in made.singles),
        "people": len(people),
        "held_out": sum(row["split"] == "held_out" for row in (*made.pairs, *made.singles)),
        "left_out": dict(sorted(made.dropped.items())),
        # Where the longer text always wins, a model learns to be long.
        "chosen_is_longer": round(longer / len(made.pairs), 3) if made.pairs else None,
        "enough_to_train": len(made.pairs) >= PAIRS_TO_TRAIN and len(people) >= PEOPLE_TO_TRAIN,
    }


def _length(row: Row, name: str) -> int:
    return len(row[name][0]["content"])
