"""Which facts bear on a question: BM25 over one person's own facts, computed in SQL.

BM25 knows how rare a word is among this person's facts, `ts_rank_cd` does not; on our own suite it
finds more (`docs/explanation/memory.md` has the figures of both).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Double,
    Select,
    Text,
    cast,
    distinct,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import REGCONFIG
from sqlalchemy.sql.selectable import CTE

from selfos.features.memory.asking import AskedWord
from selfos.features.memory.models import Embedding, Fact
from selfos.kernel.vectors import Vector, likeness

FACT = "fact"
NUMBER: Any = Double()  # pyright: ignore[reportUnknownVariableType]
# BM25's usual constants.
SATURATION, LENGTH_SHARE = 1.2, 0.75
# Of the weight of a long message only so many rare words have to be met.
CAP_OF_WORDS = 3
CANDIDATES = 50
NEAREST = 20


@dataclass(frozen=True, slots=True)
class QueryVector:
    """What an embedder makes of the question."""

    model: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate: its BM25, and what share of the question's weight of words it has."""

    fact_id: UUID
    bm25: float
    coverage: float
    words: tuple[str, ...]
    similarity: float | None


def ranked(
    words: Sequence[AskedWord],
    language: str,
    *conditions: ColumnElement[bool],
    vector: QueryVector | None = None,
) -> Select[*tuple[Any, ...]]:
    """Return the statement for candidates; the session confines it to one person's facts."""
    terms = _terms(words, language)
    mine = (
        select(Fact.id, Fact.vector, func.length(Fact.vector).label("size"))
        .where(*conditions)
        .cte("mine")
    )
    scores = _scores(terms, mine)
    near = _near(vector, mine)
    weight = scores.weights.c.share
    total = select(func.least(func.sum(weight), CAP_OF_WORDS * func.max(weight))).scalar_subquery()
    matched = func.coalesce(scores.sums.c.matched, 0.0)
    return (
        select(
            mine.c.id,
            func.coalesce(scores.sums.c.bm25, 0.0),
            matched / func.greatest(func.coalesce(total, 0.0), 1e-9),
            func.coalesce(scores.sums.c.words, cast(literal("{}"), ARRAY(Text()))),
            near.c.similarity,
        )
        .select_from(mine)
        .outerjoin(scores.sums, scores.sums.c.id == mine.c.id)
        .outerjoin(near, near.c.id == mine.c.id)
        .where(or_(scores.sums.c.id.is_not(None), near.c.id.is_not(None)))
        .order_by(
            (0.7 * func.coalesce(scores.sums.c.bm25, 0.0)
             + 0.3 * func.coalesce(near.c.similarity, 0.0)).desc(),
            mine.c.id,
        )
        .limit(CANDIDATES)
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Scores:
    sums: CTE
    weights: CTE


def _terms(words: Sequence[AskedWord], language: str) -> CTE:
    """Return the stems to look for, each with the word of the question it stands for."""
    forms = [(form, word.word) for word in words for form in word.forms]
    asked = (
        func.unnest(
            literal([form for form, _ in forms], ARRAY(Text())),
            literal([word for _, word in forms], ARRAY(Text())),
        )
        .table_valued("form", "word")
        .render_derived(name="asked")
    )
    stem = (
        func.unnest(func.to_tsvector(cast(language, REGCONFIG), asked.c.form))
        .table_valued("lexeme", "positions", "weights", joins_implicitly=True)
        .render_derived(name="stem")
    )
    return (
        select(stem.c.lexeme.label("lexeme"), func.min(asked.c.word).label("word"))
        .select_from(asked)
        .join(stem, literal(True))
        .group_by(stem.c.lexeme)
        .cte("terms")
    )


def _scores(terms: CTE, mine: CTE) -> _Scores:
    hits = _hits(terms, mine)
    sizes = select(
        cast(func.count(), NUMBER).label("facts"),
        func.greatest(cast(func.avg(mine.c.size), NUMBER), 1.0).label("size"),
    ).cte("sizes")
    counted = cast(func.count(distinct(hits.c.id)), NUMBER)
    weights = (
        select(
            terms.c.word,
            func.ln(1 + (sizes.c.facts - counted + 0.5) / (counted + 0.5)).label("weight"),
            # Of a few facts, BM25's weights would call every word that one of them has common.
            func.ln(1 + (sizes.c.facts + 1) / (counted + 1)).label("share"),
        )
        .select_from(terms)
        .join(sizes, literal(True))
        .outerjoin(hits, hits.c.word == terms.c.word)
        .group_by(terms.c.word, sizes.c.facts)
        .cte("weights")
    )
    length = 1 - LENGTH_SHARE + LENGTH_SHARE * hits.c.size / sizes.c.size
    gain = hits.c.times * (SATURATION + 1) / (hits.c.times + SATURATION * length)
    sums = (
        select(
            hits.c.id,
            func.sum(weights.c.weight * gain).label("bm25"),
            func.sum(weights.c.share).label("matched"),
            func.array_agg(hits.c.word).label("words"),
        )
        .select_from(hits)
        .join(weights, weights.c.word == hits.c.word)
        .join(sizes, literal(True))
        .group_by(hits.c.id)
        .cte("sums")
    )
    return _Scores(sums, weights)


def _hits(terms: CTE, mine: CTE) -> CTE:
    """Return how often each fact has each word of the question."""
    found = (
        func.unnest(mine.c.vector)
        .table_valued("lexeme", "positions", "weights", joins_implicitly=True)
        .render_derived(name="found")
    )
    return (
        select(
            mine.c.id,
            mine.c.size,
            terms.c.word,
            func.sum(func.cardinality(found.c.positions)).label("times"),
        )
        .select_from(mine)
        .join(found, literal(True))
        .join(terms, terms.c.lexeme == found.c.lexeme)
        .group_by(mine.c.id, mine.c.size, terms.c.word)
        .cte("hits")
    )


def _near(vector: QueryVector | None, mine: CTE) -> CTE:
    """Return the facts whose meaning is nearest, if anybody can tell."""
    if vector is None:
        return select(mine.c.id, cast(literal(None), NUMBER).label("similarity")).where(
            literal(False)
        ).cte("near")  # fmt: skip
    alike = likeness(Embedding.vec, cast(list(vector.values), Vector()))
    return (
        select(Embedding.owner_id.label("id"), alike.label("similarity"))
        .where(
            Embedding.owner_type == FACT,
            Embedding.model == vector.model,
            Embedding.dim == len(vector.values),
            Embedding.owner_id.in_(select(mine.c.id)),
        )
        .order_by(alike.desc())
        .limit(NEAREST)
        .cte("near")
    )
