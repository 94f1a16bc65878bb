"""Facts in what somebody says of themselves, read by rules. Pure: text in, drafts out.

A fact keeps its person's own sentence, so that nothing is said that they did not say. What is
asked, supposed, quoted or passed on is nobody's fact. English only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from selfos.features.memory.dates import day_said
from selfos.features.memory.patterns import ENGLISH, Form
from selfos.features.memory.schemas import LONGEST_FACT, ME, FactKind

# A title's or an abbreviation's dot ends no sentence.
SENTENCE = re.compile(
    r"(?<!\bDr\.)(?<!\bMr\.)(?<!\bMs\.)(?<!\bMrs\.)(?<!\bSt\.)(?<!\bProf\.)(?<!\be\.g\.)"
    r"(?<!\bi\.e\.)(?<=[.!?…])\s+|\n+"
)
OPENING = re.compile(
    r"^(?:(?:well|so|oh|ok|okay|hi|hello|hey|btw|by the way|also|and|but|fyi|actually|luckily"
    r"|unfortunately|sadly|recently|lately|last (?:week|month|year)|yesterday|today|now)\b"
    r"[,:!]?\s+)+",
    re.IGNORECASE,
)
# When something ended is not what has ended.
WHEN = re.compile(
    r"\s+(?:(?:a|an|one|two|three|four|five|six|\d+) \w+ ago|last \w+|yesterday|today"
    r"|(?:in|since|on) .*\d{4}|in \w+|since \w+)\W*$",
    re.IGNORECASE,
)
LONGEST_SENTENCE = 300
SHORTEST_VALUE = 1


@dataclass(frozen=True, slots=True)
class FactDraft:
    """One fact somebody stated. With a `slot` it takes the place of what filled it before."""

    subject: str
    predicate: str
    text: str
    kind: FactKind
    confidence: float
    value: str
    since: date | None = None
    slot: str | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """Something stated to hold no longer: `value` is what its facts speak of."""

    value: str
    on: date


@dataclass(frozen=True, slots=True)
class Read:
    """What a text says of its writer."""

    facts: tuple[FactDraft, ...] = ()
    endings: tuple[Ending, ...] = ()


def read_facts(text: str, today: date) -> Read:
    """Return what somebody states about themselves and theirs, in the order they say it."""
    facts: list[FactDraft] = []
    endings: list[Ending] = []
    for said in _sentences(text):
        ending = _ending(said, today)
        if ending is not None:
            endings.append(ending)
        if draft := _draft(said, today, ended=ending is not None):
            facts.append(draft)
    return Read(tuple(facts), tuple(endings))


@dataclass(frozen=True, slots=True)
class _Said:
    """A sentence as written, what it states, and whether it asks to be remembered."""

    whole: str
    stated: str
    explicit: bool


def _sentences(text: str) -> Iterator[_Said]:
    for raw in SENTENCE.split(text.replace("’", "'")):
        whole = raw.strip().lstrip("-*• ")
        sentence = OPENING.sub("", whole).strip()
        if not sentence or len(sentence) > LONGEST_SENTENCE or whole.startswith(">"):
            continue
        wish = ENGLISH.explicit.match(sentence)
        stated = sentence[wish.end() :].strip() if wish else sentence
        supposed = wish is None and ENGLISH.supposed.search(stated)
        if stated and not stated.endswith("?") and not supposed:
            kept = stated if wish else whole
            yield _Said(kept[0].upper() + kept[1:], stated, wish is not None)


def _ending(said: _Said, today: date) -> Ending | None:
    for form in ENGLISH.ended:
        if found := form.search(said.stated):
            value = _trimmed(WHEN.sub("", found["value"])).casefold()
            return Ending(value, day_said(said.whole, today) or today) if value else None
    return None


def _draft(said: _Said, today: date, *, ended: bool) -> FactDraft | None:
    for form in ENGLISH.forms:
        if ended and form.kind is not FactKind.EVENT:
            continue
        found = form.form.search(said.stated)
        if found is None or (form.unless and form.unless.match(found["value"])):
            continue
        value = _trimmed(found["value"])
        if len(value) >= SHORTEST_VALUE:
            return _made(form, found, said, value, today)
    if said.explicit and not ended:
        text = said.whole[:LONGEST_FACT]
        return FactDraft(ME, "noted", text, FactKind.FACT, 1.0, text.casefold())
    return None


def _made(form: Form, found: re.Match[str], said: _Said, value: str, today: date) -> FactDraft:
    named = {name: (text or "").casefold() for name, text in found.groupdict().items()}
    subject = named.get("who") or ME
    predicate = form.says.format(**named)
    since = day_said(said.whole, today)
    if since is None and (form.kind is FactKind.EVENT or form.begins):
        since = today
    return FactDraft(
        subject=subject,
        predicate=predicate,
        text=said.whole,
        kind=form.kind,
        confidence=1.0 if said.explicit else form.confidence,
        value=value.casefold(),
        # A plan speaks of a day ahead, which is no beginning.
        since=None if form.kind is FactKind.COMMITMENT else since,
        slot=f"{subject} {predicate}" if form.single else None,
    )


def _trimmed(value: str) -> str:
    return value.strip().rstrip(".!…,;: ").strip()
