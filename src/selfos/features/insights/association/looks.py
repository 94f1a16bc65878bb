"""How often one may look: each look spends a part of the risk to see what is not there.

A person is looked at when their days with data have grown by half, so that eight looks reach from
four weeks to more than a year. The risk of all of them together is one in twenty (Bonferroni over
the looks, which are positively related, so it is less).
"""

from __future__ import annotations

RISK = 0.05
# 28 days, and half as many again each time.
LOOKS = (28, 42, 63, 95, 142, 213, 320, 480)
RISK_PER_LOOK = RISK / len(LOOKS)


def due_look(days: int, done: int) -> int | None:
    """Return the number of the look that these many days allow after `done` looks, from 1 up.

    Looks that were missed are not made up for. After the last one there are no more.
    """
    reached = sum(days >= least for least in LOOKS)
    return reached if reached > done else None


def next_look_at(done: int) -> int | None:
    """Return how many days with data the next look needs, None after the last."""
    return LOOKS[done] if done < len(LOOKS) else None
