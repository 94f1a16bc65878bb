"""The coach's rules: the help a state gets, reasons that invent nothing, intents, the boundary."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from evals.scores import Score
from selfos.features.assistant.coaching.choosing import choose, findings
from selfos.features.assistant.coaching.findings import Finding
from selfos.features.assistant.coaching.signals import Life
from selfos.features.assistant.coaching.wording import say
from selfos.features.assistant.schemas.words import Help, Intent
from selfos.features.assistant.understanding import Reading, understand
from selfos.features.identity.schemas import Tone
from tests.features.assistant import test_coaching as known
from tests.features.assistant.lives import goal, habit, life, task

INTENTS = Path(__file__).parent / "intents.yaml"
HELD_OUT = Path(__file__).parent / "intents_held_out.yaml"
NUMBER = re.compile(r"\d+(?:\.\d+)?")
TITLE = re.compile(r"“[^”]*”")
Case = tuple[Life, str | None, Help | None]


def scores() -> list[Score]:
    """Return the figures of the built-in coach."""
    lives = list(cases())
    right = [known.first(each) == (state, help_) for each, state, help_ in lives]
    said = [(finding, tone) for each, *_ in lives for finding in findings(each) for tone in Tone]
    seen, unseen = list(_read(INTENTS)), list(_read(HELD_OUT))
    told = [*seen, *unseen]
    outside = [reading for intent, reading in told if intent is Intent.OUT_OF_SCOPE]
    sure = [(intent, reading) for intent, reading in told if reading.sure]
    return [
        _line("states that get the help of the table", right, 1.0),
        _line("days with one thing at least and three at most", _counts(lives), 1.0),
        _line("reasons whose every number is the life's own", [_proved(*s) for s in said], 1.0),
        _line("findings that ask one question", [_asks(*s) for s in said], 1.0),
        _line("intents read rightly, looked at", _right(seen), 1.0),
        _line("intents read rightly, held out", _right(unseen), 0.82),
        _line("intents it is sure of, right", [r.intent is i for i, r in sure], 0.99),
        _line("out of scope, and nothing proposed", [not _acts(r) for r in outside], 1.0),
        _line("readings that are sure", [r.sure for _, r in told], None),
    ]


def cases() -> Iterator[Case]:
    """Yield the lives that the table of help is tested by."""
    for _, state, wanted in known.HABITS:
        yield life(habits=(habit(**state),)), *wanted
    for _, state, wanted in known.TASKS:
        place = "overdue" if state.get("overdue_days") else "due"
        yield life(**{place: (task(**state),)}), *wanted
    for _, state, wanted in known.GOALS:
        yield life(goals=(goal(**state),)), *wanted
    for _, state, wanted in known.DAYS:
        yield life(**state), *wanted


def _counts(lives: Sequence[Case]) -> list[bool]:
    return [(len(choose(each)) > 0) == (state is not None) and len(choose(each)) <= known.PER_DAY
            for each, state, _ in lives]  # fmt: skip


def _proved(finding: Finding, tone: Tone) -> bool:
    """Tell whether a reason holds no number and no title that is not in the state."""
    reason = say(finding, tone).reason
    titles = TITLE.findall(reason)
    words = _numbers(TITLE.sub("", reason))
    given = _numbers(" ".join(str(value) for value in finding.numbers.values()))
    return words <= given and all(finding.title in title for title in titles)


def _numbers(text: str) -> set[float]:
    return {float(each) for each in NUMBER.findall(text)}


def _asks(finding: Finding, tone: Tone) -> bool:
    return say(finding, tone).question.count("?") == 1


def _read(file: Path) -> Iterator[tuple[Intent, Reading]]:
    said: dict[str, list[str]] = yaml.safe_load(file.read_text("utf-8"))
    return ((Intent(name), understand(words)) for name, texts in said.items() for words in texts)


def _right(read: Sequence[tuple[Intent, Reading]]) -> list[bool]:
    """Tell of each sentence that is in scope whether it was read as what it is."""
    scope = [(intent, reading) for intent, reading in read if intent is not Intent.OUT_OF_SCOPE]
    return [reading.intent is intent for intent, reading in scope]


def _acts(reading: Reading) -> bool:
    """Tell whether a reading alone would lead to a proposal, with no model asked."""
    return reading.sure and reading.intent.writes


def _line(measure: str, held: Sequence[bool], least: float | None) -> Score:
    return Score(
        suite="coach",
        measure=measure,
        value=sum(held) / len(held),
        cases=len(held),
        least=least,
    )
