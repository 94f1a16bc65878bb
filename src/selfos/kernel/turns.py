"""Taking turns where no row is there yet to be locked."""

from __future__ import annotations

from sqlalchemy import func, select

from selfos.kernel.context import Context


async def take_turn(ctx: Context, subject: str) -> None:
    """Wait while another transaction holds this subject; hold it until this one ends."""
    key = func.hashtextextended(subject, 0)
    await ctx.session.execute(select(func.pg_advisory_xact_lock(key)))
