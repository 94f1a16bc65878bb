"""Who a task can be given to."""

from __future__ import annotations

from uuid import UUID

from selfos.features.workspaces import service as workspaces
from selfos.kernel.context import Context
from selfos.kernel.errors import invalid


async def refuse_stranger(ctx: Context, user_id: UUID | None) -> None:
    """Raise Invalid unless this is an active member of the workspace, or nobody."""
    if user_id is not None and not await workspaces.is_active_member(ctx, user_id):
        raise invalid("/assignee_id", "There is no such member in this workspace.")
