"""Memory's five abilities, counted in a real database."""

from __future__ import annotations

from evals.scores import Score
from evals.world import World
from tests.features.memory.suite import judge, lives
from tests.features.memory.test_suite import PINNED

NAMES = {"dev": "looked at", "held-out": "held out"}


async def scores(world: World) -> list[Score]:
    """Return the share of each ability, of the lives looked at and of those that were not."""
    people = {life["life"]: await world.person() for life in lives()}
    found = await judge(world.kernel, people)
    return [
        Score(
            suite="memory",
            measure=f"{ability}, {NAMES[split]}",
            value=score.right[ability] / score.total[ability],
            cases=score.total[ability],
            least=least,
        )
        for split, score in sorted(found.items())
        for ability, least in PINNED[split].items()
    ]
