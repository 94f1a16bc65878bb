"""Habits on one day, and one habit over many."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from selfos.features.habits.models import Habit
from selfos.features.habits.reckoning import Reckoning
from selfos.features.habits.reckoning.records import Judged
from selfos.features.habits.reckoning.streaks import Streak
from selfos.features.habits.schemas.inputs import HistoryQuery
from selfos.features.habits.schemas.words import HabitType, Verdict, Window
from selfos.features.habits.service.gathering import Gathered, gather
from selfos.features.identity.service import UserTime
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.documents import Json, assemble
from selfos.kernel.errors import invalid
from selfos.kernel.permissions import Permission

STRENGTH_DIGITS = 4
# What a history shows unless asked, and at most.
YEAR_DAYS, LONGEST_DAYS = 364, 1_100
# What a calendar tells of a habit.
NAMED = ("id", "title", "icon", "window")
ORDER = {name: place for place, name in enumerate(Window)}


async def show_habit_day(ctx: Context, wanted: date | None) -> Json:
    """Return my habits on one day, by default today, with the ring of that day."""
    ctx.require(Permission.HABIT_READ)
    day, habits = await habits_on(ctx, wanted)
    return assemble(
        {
            "date": day.isoformat(),
            "habits": [show_on_day(each) for each in habits],
            "ring": ring_of(habits),
        }
    )


async def habits_on(
    ctx: Context, wanted: date | None, *, clock: UserTime | None = None
) -> tuple[date, list[Gathered]]:
    """Return the day and my habits on it, in the order of the day."""
    day, habits = await gather(
        ctx,
        Habit.user_id == ctx.user_id,
        Habit.deleted_at.is_(None),
        Habit.archived_at.is_(None),
        owner=ctx.user_id,
        day=wanted,
        clock=clock,
    )
    habits.sort(key=lambda each: ORDER[Window(each.shown["window"])])
    return day, habits


async def habits_between(
    ctx: Context, first: date, last: date, *, clock: UserTime
) -> list[tuple[date, dict[str, Any]]]:
    """Return what my habits ask of these days, and what became of those that are over.

    Days on which a habit may rest are left out. Every day up to `last` is reckoned, so the caller
    keeps it near.
    """
    ctx.require(Permission.HABIT_READ)
    _, habits = await habits_on(ctx, last, clock=clock)
    return [
        (judged.day, {name: habit.shown[name] for name in NAMED} | {"verdict": judged.verdict})
        for habit in habits
        for judged in habit.reckoning.days
        if first <= judged.day <= last and _matters(habit, judged)
    ]


def _matters(habit: Gathered, judged: Judged) -> bool:
    if judged.verdict is Verdict.OPEN:
        # A limit asks for nothing while the day runs.
        return judged.tight and not HabitType(habit.shown["type"]).is_limit
    return judged.verdict not in (Verdict.NOT_DUE, Verdict.PAUSED)


def ring_of(habits: list[Gathered]) -> dict[str, int]:
    """Return how many of the habits that matter on a day are done."""
    done = sum(each.reckoning.today.verdict is Verdict.DONE for each in habits)
    return {"done": done, "planned": done + sum(each.reckoning.due for each in habits)}


async def show_history(ctx: Context, habit_id: UUID, query: HistoryQuery) -> Json:
    """Return a habit's days and periods in a span of time, with what they add up to."""
    ctx.require(Permission.HABIT_READ)
    habit = await rows.get(ctx, Habit, habit_id)
    today, (found,) = await gather(ctx, Habit.id == habit_id, owner=habit.user_id)
    last = query.to or today
    first = query.from_ or last - timedelta(days=YEAR_DAYS)
    if not 0 <= (last - first).days < LONGEST_DAYS:
        raise invalid("/query/from", f"Ask for 1 to {LONGEST_DAYS} days, the first one first.")
    reckoning = found.reckoning
    return assemble(
        {
            "habit_id": str(habit_id),
            "days": _days(reckoning, first, last),
            "periods": [
                {"first": s.first.isoformat(), "last": s.last.isoformat(), "verdict": s.verdict}
                for s in reckoning.stretches
                if first <= s.last and s.first <= last
            ],
            **_summary(reckoning),
        }
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """How well somebody keeps a habit, as of their today."""

    user_id: UUID
    title: str
    area_id: UUID | None
    today: date
    streak: Streak


async def streak_of(ctx: Context, habit_id: UUID) -> Kept | None:
    """Return the streaks of a habit, or None for one that is gone or in the trash."""
    ctx.require(Permission.HABIT_READ)
    habit = await rows.find(ctx, Habit, habit_id)
    if habit is None or habit.deleted_at is not None:
        return None
    today, (found,) = await gather(ctx, Habit.id == habit_id, owner=habit.user_id)
    return Kept(habit.user_id, habit.title, habit.area_id, today, found.reckoning.streak)


def _days(reckoning: Reckoning, first: date, last: date) -> list[dict[str, Any]]:
    return [
        {
            "day": judged.day.isoformat(),
            "verdict": judged.verdict,
            "amount": judged.amount,
            "strength": round(strength, STRENGTH_DIGITS),
            "forgiven": judged.day in reckoning.forgiven,
        }
        for judged, strength in zip(reckoning.days, reckoning.course, strict=True)
        if first <= judged.day <= last
    ]


def show_on_day(habit: Gathered) -> Json:
    """Return one habit as it stands on the day it was gathered for."""
    reckoning = habit.reckoning
    return assemble(
        {
            "habit": habit.body,
            "verdict": reckoning.today.verdict,
            "due": reckoning.due,
            "rest_until": _written(reckoning.rest_until),
            "unrecorded": _written(reckoning.unrecorded),
            "amount": reckoning.today.amount,
            "reached": reckoning.reached,
            "need": reckoning.need,
            **_summary(reckoning),
            "check_ins": habit.records,
        }
    )


def _summary(reckoning: Reckoning) -> dict[str, Any]:
    streak = reckoning.streak
    return {
        "strength": round(reckoning.strength, STRENGTH_DIGITS),
        "streak": {
            "unit": streak.unit,
            "current": streak.current,
            "best": streak.best,
            "since": _written(streak.since),
            "days": streak.days,
        },
    }


def _written(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
