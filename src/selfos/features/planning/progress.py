"""How far along something is, and why: the share of done weight among its leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

PROGRESS_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Part:
    """One leaf task and its share of the whole."""

    id: UUID
    title: str
    weight: float
    done: bool


def share(parts: Sequence[Part]) -> float | None:
    """Return done weight by all weight, 0 to 1, or None where there is nothing to do."""
    whole = sum(part.weight for part in parts)
    done = sum(part.weight for part in parts if part.done)
    return round(done / whole, PROGRESS_DIGITS) if parts else None


def explain(parts: Sequence[Part]) -> str:
    """Say the share in words, such as "7 of 12 tasks, by weight 58 %"."""
    whole = share(parts)
    if whole is None:
        return "No tasks yet."
    done = sum(part.done for part in parts)
    tasks = "task" if len(parts) == 1 else "tasks"
    return f"{done} of {len(parts)} {tasks}, by weight {round(whole * 100)} %"
