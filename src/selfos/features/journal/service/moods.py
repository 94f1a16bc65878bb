"""How somebody felt, day by day: numbers without words."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from selfos.features.journal.models import JournalEntry
from selfos.features.journal.schemas import Checked, MoodDay, MoodDays, MoodQuery
from selfos.kernel.context import Context
from selfos.kernel.permissions import Permission

DIGITS = 2


async def mood_days(ctx: Context, query: MoodQuery) -> MoodDays:
    """Return each day with an entry in a range, with the mean of what was said on it."""
    ctx.require(Permission.JOURNAL_READ)
    found = await ctx.session.execute(
        select(
            JournalEntry.day,
            func.avg(JournalEntry.mood),
            func.avg(JournalEntry.energy),
            func.count(),
        )
        .where(
            JournalEntry.deleted_at.is_(None),
            JournalEntry.day >= query.since,
            JournalEntry.day <= query.until,
        )
        .group_by(JournalEntry.day)
        .order_by(JournalEntry.day)
    )
    return MoodDays(
        items=[
            MoodDay(day=day, mood=_rounded(mood), energy=_rounded(energy), entries=count)
            for day, mood, energy, count in found
        ]
    )


async def checked_since(ctx: Context, since: date) -> list[Checked]:
    """Return how the acting person has been since a day, oldest first; no words of theirs."""
    ctx.require(Permission.JOURNAL_READ)
    found = await ctx.session.execute(
        select(
            JournalEntry.id,
            JournalEntry.day,
            JournalEntry.created_at,
            JournalEntry.mood,
            JournalEntry.energy,
        )
        .where(JournalEntry.deleted_at.is_(None), JournalEntry.day >= since)
        .order_by(JournalEntry.day, JournalEntry.created_at, JournalEntry.id)
    )
    return [Checked(*row) for row in found]


def _rounded(value: object) -> float | None:
    return None if value is None else round(float(str(value)), DIGITS)
