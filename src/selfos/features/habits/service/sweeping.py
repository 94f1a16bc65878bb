"""Emptying the trash of habits after 30 days."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select

from selfos.features.habits.models import Habit
from selfos.kernel.context import open_context, system_session
from selfos.kernel.core import Kernel

KEPT = timedelta(days=30)


async def purge_habits(kernel: Kernel) -> None:
    """Delete for good what has lain in the trash for 30 days, workspace by workspace."""
    async with system_session(kernel) as session:
        old = Habit.deleted_at < kernel.clock() - KEPT
        due = (await session.scalars(select(Habit.workspace_id).where(old).distinct())).all()
    for workspace_id in due:
        async with open_context(kernel, workspace_id=workspace_id) as ctx:
            ctx.describe("Emptied the trash")
            await ctx.for_good()
            old = Habit.deleted_at < ctx.now - KEPT
            await ctx.session.execute(
                delete(Habit).where(old).execution_options(synchronize_session=False)
            )
