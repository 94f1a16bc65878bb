"""From candidates to an answer: what is worth how much, when to say nothing, what fits. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from selfos.features.memory.asking import Question
from selfos.features.memory.schemas import FactKind

# What binds somebody matters more than what once happened.
KIND_WEIGHT = {
    FactKind.CONSTRAINT: 1.15,
    FactKind.PREFERENCE: 1.05,
    FactKind.COMMITMENT: 1.05,
    FactKind.FACT: 1.0,
    FactKind.EVENT: 0.95,
}
HALF_LIFE_DAYS = 180.0
# A fact from long ago keeps at least this much of its worth.
LASTING = 0.85
TEXT_SHARE, MEANING_SHARE = 0.7, 0.3
# Below these a fact only shares a word by chance: better to say nothing.
LEAST_COVERAGE, LEAST_SIMILARITY = 0.3, 0.55
CHARACTERS_PER_TOKEN = 4
TOKENS_PER_FACT = 6


class Candidate(Protocol):
    """What ranking knows of a fact."""

    @property
    def fact_id(self) -> UUID: ...
    @property
    def bm25(self) -> float: ...
    @property
    def coverage(self) -> float: ...
    @property
    def words(self) -> tuple[str, ...]: ...
    @property
    def similarity(self) -> float | None: ...


@dataclass(frozen=True, slots=True)
class Aspect:
    """What weighing needs to know of a fact."""

    text: str
    kind: FactKind
    confidence: float
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Weighed:
    """A fact, its score and what the score is made of."""

    fact_id: UUID
    score: float
    text_score: float
    recency: float
    kind_weight: float
    words: tuple[str, ...]
    similarity: float | None


def bears(asked: Question, found: Candidate) -> bool:
    """Tell whether a candidate is more than a word in common."""
    alike = found.similarity is not None and found.similarity >= LEAST_SIMILARITY
    return alike or (found.coverage >= LEAST_COVERAGE and asked.is_met_by(found.words))


def weigh(
    asked: Question,
    candidates: Sequence[Candidate],
    aspects: dict[UUID, Aspect],
    now: datetime,
) -> list[Weighed]:
    """Return what bears on the question, best first."""
    kept = [found for found in candidates if bears(asked, found) and found.fact_id in aspects]
    best = max((found.bm25 for found in kept), default=0.0) or 1.0
    with_meaning = any(found.similarity is not None for found in kept)
    weighed = [
        _weighed(found, aspects[found.fact_id], best, now, with_meaning=with_meaning)
        for found in kept
    ]
    return sorted(weighed, key=lambda each: (-each.score, str(each.fact_id)))


def _weighed(
    found: Candidate, aspect: Aspect, best: float, now: datetime, *, with_meaning: bool
) -> Weighed:
    text = found.bm25 / best
    relevance = text
    if with_meaning:
        relevance = TEXT_SHARE * text + MEANING_SHARE * max(found.similarity or 0.0, 0.0)
    days = max((now - aspect.recorded_at).total_seconds() / 86_400, 0.0)
    recency = LASTING + (1 - LASTING) * 0.5 ** (days / HALF_LIFE_DAYS)
    kind = KIND_WEIGHT[aspect.kind]
    certainty = 0.8 + 0.2 * aspect.confidence
    return Weighed(
        fact_id=found.fact_id,
        score=round(relevance * recency * kind * certainty, 4),
        text_score=round(text, 4),
        recency=round(recency, 4),
        kind_weight=kind,
        words=tuple(sorted(found.words)),
        similarity=None if found.similarity is None else round(found.similarity, 4),
    )


def within(budget: int, weighed: Iterable[Weighed], aspects: dict[UUID, Aspect]) -> list[Weighed]:
    """Return the best that fit into about this many tokens; a long one does not bar a short one."""
    chosen: list[Weighed] = []
    left = budget
    for each in weighed:
        cost = tokens(aspects[each.fact_id].text)
        if cost <= left:
            chosen.append(each)
            left -= cost
    return chosen


def tokens(text: str) -> int:
    """Guess how many tokens a fact takes in a prompt."""
    return TOKENS_PER_FACT + -(-len(text) // CHARACTERS_PER_TOKEN)
