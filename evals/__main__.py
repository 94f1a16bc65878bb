"""`python -m evals`: run the suites and print them; `--write` keeps it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from evals import quick_add, story
from evals.coach import suite as coach
from evals.decompose import suite as decompose
from evals.injection import obedient
from evals.injection import suite as injection
from evals.memory import suite as memory
from evals.moderation import suite as moderation
from evals.scores import Score, as_table
from evals.world import World, opened

PAGE = Path(__file__).parent.parent / "docs/reference/evals.md"
SUITES: tuple[Callable[[], list[Score]], ...] = (
    quick_add.scores,
    decompose.scores,
    story.scores,
    coach.scores,
    moderation.scores,
    injection.scores,
)
# These speak with a real instance; their small twins are tests of their own.
LIVING: tuple[Callable[[World], Awaitable[list[Score]]], ...] = (obedient.scores, memory.scores)
WORDS = """\
<!-- Written by `python -m evals --write`; edits are lost. -->

# Evals

Scores of the parts that answer in words, without a model. Each run gives the same figures, and a
figure below its pinned threshold fails `make test`.

{table}

- **quick-add** reads our own vectors, which it was written for, and Microsoft's Recognizers cases,
  which it was not.
- **decompose** scores a plan 0 to 100 in seven parts for goals with what a sound plan must contain;
  the same scorer gives a SMART template its figures. Validity and feasibility are enforced by the
  code, so they say little; coverage, ordering and specificity are where plans differ. The worst
  goals are those that fall back to the general ladder although a playbook would fit. Goals and
  elements were written by the authors, so real goals will do worse.
- **story** tells invented lives and then lies about them: other numbers, days, titles, names and
  sources, and sentences that nothing proves.
- **coach** has the built-in coach answer lives in known states, holds each number of its reasons
  against the life, and reads sentences: those its grammar was improved by (`intents.yaml` in
  `evals/coach`) and those it was not (`intents_held_out.yaml`, by the same authors). What it
  is not sure of goes to a model, or is answered by saying so; out of scope means that nothing is
  proposed.
- **moderation** counts what rules flag rightly and what they find; see
  [its page](../explanation/moderation.md) for why the second line is low.
- **injection** puts each attack into each surface and looks at what a model would see. The
  *obedient coach* writes them into a real database and lets a scripted model behind the coach carry
  out every order it reads and repeat every address. The same at the MCP door is
  `tests/security/test_hostile_model.py`.
- **memory** tells eight lives by message and asks; see [its page](../explanation/memory.md).
"""


async def living() -> list[Score]:
    """Run the suites that need an instance, in one of their own."""
    async with opened(obedient.ObedientVendor()) as world:
        return [score for suite in LIVING for score in await suite(world)]


def main() -> int:
    """Print the table; tell by the exit status whether every threshold holds."""
    scores = [score for suite in SUITES for score in suite()]
    scores += asyncio.run(living())
    print(as_table(scores))
    if "--write" in sys.argv:
        PAGE.write_text(WORDS.format(table=as_table(scores)), "utf-8")
    fallen = [score for score in scores if not score.holds]
    print(*(f"below its threshold: {score.suite}, {score.measure}" for score in fallen), sep="\n")
    return 1 if fallen else 0


if __name__ == "__main__":
    sys.exit(main())
