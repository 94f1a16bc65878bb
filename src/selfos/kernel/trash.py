"""Emptying the trash of what is one member's alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from selfos.kernel.context import act_for, open_context, system_session
from selfos.kernel.core import Kernel


async def purge(kernel: Kernel, model: type[Any], kept: timedelta) -> None:
    """Delete for good the private rows that have lain in the trash so long, person by person."""
    async with system_session(kernel) as session:
        old = model.deleted_at < kernel.clock() - kept
        whose = select(model.workspace_id, model.user_id).where(old).distinct()
        due = [(row[0], row[1]) for row in await session.execute(whose)]
    for workspace_id, user_id in due:
        async with open_context(kernel, workspace_id=workspace_id) as ctx:
            mine = await act_for(ctx, user_id)
            mine.describe("Emptied the trash")
            await mine.for_good()
            await mine.session.execute(
                delete(model)
                .where(model.deleted_at < mine.now - kept)
                .execution_options(synchronize_session=False)
            )
