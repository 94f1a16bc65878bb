"""Who a task can be given to."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, Text, Uuid, column, select, table

from selfos.kernel.context import Context
from selfos.kernel.errors import invalid

# Members have a slice of their own; this is all that planning needs to know of them.
MEMBERS = table(
    "members",
    column("workspace_id", Uuid()),
    column("id", Uuid()),
    column("user_id", Uuid()),
    column("status", Text()),
)


async def refuse_stranger(ctx: Context, member_id: UUID | None) -> None:
    """Raise Invalid unless this is an active member of the workspace, or nobody."""
    if member_id is None:
        return
    known = await ctx.session.scalar(
        select(MEMBERS.c.id).where(
            MEMBERS.c.workspace_id == ctx.workspace_id,
            MEMBERS.c.id == member_id,
            MEMBERS.c.status == "active",
        )
    )
    if known is None:
        raise invalid("/assignee_id", "There is no such member in this workspace.")


def own_membership(ctx: Context) -> Select[tuple[UUID]]:
    """Select the id under which the acting person is a member here."""
    return select(MEMBERS.c.id).where(
        MEMBERS.c.workspace_id == ctx.workspace_id, MEMBERS.c.user_id == ctx.user_id
    )
