"""The memory suite: eight lives told by message, and cases of five abilities."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from sqlalchemy import cast, func, select
from sqlalchemy.dialects.postgresql import REGCONFIG

from selfos.features.memory import service as memory
from selfos.features.memory.asking import Question
from selfos.features.memory.models import Fact
from selfos.features.memory.ranking import ranked
from selfos.features.memory.reading import read_facts
from selfos.features.memory.schemas import Source, SourceKind
from selfos.kernel.context import Actor, Context, open_context
from selfos.kernel.core import Kernel
from selfos.kernel.ledger.models import ActorKind
from tests.factories import Person

LIVES = Path(__file__).parents[3] / "evals/memory/lives.yaml"
ASKED_ON = date(2026, 11, 28)
FIRST, BUDGET = 5, 400
SAID = Source(SourceKind.MESSAGE)


@dataclass
class Score:
    """How many cases of each ability came out right, and which did not."""

    right: Counter[str] = field(default_factory=Counter[str])
    total: Counter[str] = field(default_factory=Counter[str])
    wrong: list[str] = field(default_factory=list[str])

    def count(self, ability: str, case: str, *, ok: bool) -> None:
        self.total[ability] += 1
        self.right[ability] += ok
        if not ok:
            self.wrong.append(f"{ability}: {case}")

    def shares(self) -> dict[str, float]:
        return {name: round(self.right[name] / count, 3) for name, count in self.total.items()}


def lives() -> list[dict[str, Any]]:
    return yaml.safe_load(LIVES.read_text(encoding="utf-8"))


def context(kernel: Kernel, person: Person, day: date) -> Any:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    actor = Actor(ActorKind.USER, person.user_id)
    return open_context(kernel, workspace_id=person.workspace_id, actor=actor, now=noon)


async def opened(kernel: Kernel, person: Person) -> AsyncIterator[Context]:
    """Yield one Context on the day of the questions."""
    async with context(kernel, person, ASKED_ON) as ctx:
        yield ctx


async def tell(kernel: Kernel, person: Person, life: dict[str, Any]) -> None:
    for day, text in life["told"].items():
        async with context(kernel, person, day) as ctx:
            await memory.learn(ctx, text, source=SAID)


async def answers(ctx: Context, question: str) -> list[str]:
    found = await memory.recall(ctx, question, BUDGET)
    return [hit.text for hit in found.items[:FIRST]]


def is_right(case: dict[str, Any], found: list[str]) -> bool:
    if case["ability"] == "abstention":
        return not found
    there = all(any(part in text for text in found) for part in case.get("find", []))
    return there and not any(part in text for text in found for part in case.get("never", []))


def extracts(case: dict[str, Any]) -> bool:
    read = [fact.text for fact in read_facts(case["say"], ASKED_ON).facts]
    if not case["want"]:
        return not read
    return all(any(part in text for text in read) for part in case["want"])


def cases(life: dict[str, Any], *, asking: bool) -> Iterator[dict[str, Any]]:
    return (case for case in life["cases"] if ("ask" in case) == asking)


async def judge(kernel: Kernel, people: dict[str, Person]) -> dict[str, Score]:
    """Return the scores of both splits."""
    scores: dict[str, Score] = defaultdict(Score)
    for life in lives():
        person, score = people[life["life"]], scores[life["split"]]
        await tell(kernel, person, life)
        for case in cases(life, asking=False):
            score.count("extraction", case["say"], ok=extracts(case))
        async with context(kernel, person, ASKED_ON) as ctx:
            for case in cases(life, asking=True):
                found = await answers(ctx, case["ask"])
                score.count(
                    case["ability"], f"{life['life']}: {case['ask']} -> {found}",
                    ok=is_right(case, found),
                )  # fmt: skip
    return scores


async def ranks(ctx: Context, question: str, part: str) -> tuple[float, float]:
    """Return 1/rank of the fact with this part, by BM25 and by `ts_rank_cd`, of all there are."""
    words = Question.of(question, ASKED_ON).words
    english = cast("english", REGCONFIG)
    told = func.to_tsquery(english, " | ".join(form for word in words for form in word.forms))
    by_cover = select(Fact.id).order_by(func.ts_rank_cd(Fact.vector, told).desc(), Fact.id)
    texts = {fact.id: fact.text for fact in await ctx.session.scalars(select(Fact))}
    best = [row[0] for row in await ctx.session.execute(ranked(words, "english"))]
    covering = list(await ctx.session.scalars(by_cover))
    return _reciprocal(best, texts, part), _reciprocal(covering, texts, part)


def _reciprocal(ids: list[UUID], texts: dict[UUID, str], part: str) -> float:
    places = [place for place, found in enumerate(ids, start=1) if part in texts[found]]
    return 1 / places[0] if places else 0.0
