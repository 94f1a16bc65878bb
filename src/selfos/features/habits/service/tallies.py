"""What became of each habit in a stretch of days, for whoever counts it up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from selfos.features.habits.models import Habit
from selfos.features.habits.reckoning.records import Judged
from selfos.features.habits.schemas.words import HabitType, StreakUnit, Verdict
from selfos.features.habits.service.days import STRENGTH_DIGITS
from selfos.features.habits.service.gathering import Gathered, gather
from selfos.features.identity.service import UserTime
from selfos.kernel.context import Context
from selfos.kernel.permissions import Permission

JUDGED = (Verdict.DONE, Verdict.MISSED, Verdict.PARTIAL)


@dataclass(frozen=True, slots=True)
class Ended:
    """A period that is over, by its last day, and whether it was kept."""

    last: date
    kept: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """A habit as it stands, and its days and periods in a stretch of time.

    `stretches` are the periods that ended in it and asked for something. `minutes` are recorded
    ones, of habits that are kept in minutes.
    """

    habit_id: UUID
    title: str
    area_id: UUID | None
    goal_id: UUID | None
    archived: bool
    is_limit: bool
    strength: float
    streak: int
    best: int
    unit: StreakUnit
    stretches: Sequence[Ended]
    verdicts: Mapping[date, Verdict]
    course: Mapping[date, float]
    minutes: Mapping[date, float]

    @property
    def kept_days(self) -> list[date]:
        """Return the days on which it was kept, a limit too."""
        return [day for day, verdict in self.verdicts.items() if verdict is Verdict.DONE]

    @property
    def done_days(self) -> list[date]:
        """Return the days on which it was done; a limit is kept by leaving be, which is no deed."""
        return [] if self.is_limit else self.kept_days


async def tally_habits(ctx: Context, first: date, last: date, *, clock: UserTime) -> list[Tally]:
    """Count up my habits from one day to another; an archived one up to the day it was put away.

    Three queries, however many habits. Streak and strength are those of today.
    """
    ctx.require(Permission.HABIT_READ)
    _, gathered = await gather(
        ctx,
        Habit.user_id == ctx.user_id,
        Habit.deleted_at.is_(None),
        owner=ctx.user_id,
        clock=clock,
    )
    return [_tally(each, first, min(last, _end(each, clock) or last)) for each in gathered]


def _end(habit: Gathered, clock: UserTime) -> date | None:
    archived = habit.shown["archived_at"]
    return clock.local_day(datetime.fromisoformat(archived)) if archived else None


def _tally(habit: Gathered, first: date, last: date) -> Tally:
    shown, reckoning = habit.shown, habit.reckoning
    inside = [
        (judged, strength)
        for judged, strength in zip(reckoning.days, reckoning.course, strict=True)
        if first <= judged.day <= last
    ]
    ended = [
        Ended(each.last, kept=each.verdict is Verdict.DONE)
        for each in reckoning.stretches
        if first <= each.last <= last and each.verdict in JUDGED
    ]
    return Tally(
        habit_id=habit.id,
        title=shown["title"],
        area_id=_id(shown["area_id"]),
        goal_id=_id(shown["goal_id"]),
        archived=shown["archived_at"] is not None,
        is_limit=HabitType(shown["type"]).is_limit,
        strength=round(reckoning.strength, STRENGTH_DIGITS),
        streak=reckoning.streak.current,
        best=reckoning.streak.best,
        unit=reckoning.streak.unit,
        stretches=ended,
        verdicts={judged.day: judged.verdict for judged, _ in inside},
        course={judged.day: round(strength, STRENGTH_DIGITS) for judged, strength in inside},
        minutes=_minutes(shown, [judged for judged, _ in inside]),
    )


def _minutes(shown: Mapping[str, Any], days: list[Judged]) -> dict[date, float]:
    if HabitType(shown["type"]) is not HabitType.DURATION:
        return {}
    return {judged.day: judged.amount for judged in days if judged.amount}


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None
