"""`python -m evals`: run the suites without a database and print them; `--write` keeps it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from evals import quick_add, story
from evals.decompose import suite as decompose
from evals.injection import suite as injection
from evals.scores import Score, as_table

PAGE = Path(__file__).parent.parent / "docs/reference/evals.md"
SUITES: tuple[Callable[[], list[Score]], ...] = (
    quick_add.scores,
    decompose.scores,
    story.scores,
    injection.scores,
)
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
- **injection** puts each attack into each surface and looks at what a model would see. That an
  obedient model changes nothing beyond consent is tried at the MCP door by
  `tests/security/test_hostile_model.py`.

Memory and moderation have suites of their own in `tests/features`, with data in `evals/`. The coach
has none yet.
"""


def main() -> int:
    """Print the table; tell by the exit status whether every threshold holds."""
    scores = [score for suite in SUITES for score in suite()]
    print(as_table(scores))
    if "--write" in sys.argv:
        PAGE.write_text(WORDS.format(table=as_table(scores)), "utf-8")
    fallen = [score for score in scores if not score.holds]
    print(*(f"below its threshold: {score.suite}, {score.measure}" for score in fallen), sep="\n")
    return 1 if fallen else 0


if __name__ == "__main__":
    sys.exit(main())
