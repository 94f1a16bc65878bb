"""What was thrown away stays for 30 days."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select

from selfos.features.notes.models import Note
from selfos.kernel.context import open_context, system_session
from selfos.kernel.core import Kernel

KEPT = timedelta(days=30)


async def purge_trash(kernel: Kernel) -> None:
    """Delete for good what has lain in the trash for 30 days, workspace by workspace."""
    async with system_session(kernel) as session:
        old = Note.deleted_at < kernel.clock() - KEPT
        due = list(await session.scalars(select(Note.workspace_id).where(old).distinct()))
    for workspace_id in due:
        async with open_context(kernel, workspace_id=workspace_id) as ctx:
            ctx.describe("Emptied the trash")
            await ctx.for_good()
            await ctx.session.execute(
                delete(Note)
                .where(Note.deleted_at < ctx.now - KEPT)
                .execution_options(synchronize_session=False)
            )
