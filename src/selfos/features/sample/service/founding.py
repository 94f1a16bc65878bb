"""Making the two sample workspaces; they fill in the background."""

from __future__ import annotations

from uuid import UUID

from selfos.features.identity import service as identity
from selfos.features.sample.script import Script, read_script
from selfos.features.workspaces import service as workspaces
from selfos.features.workspaces.schemas import WorkspaceKind
from selfos.kernel.context import Actor, Context, open_context
from selfos.kernel.core import Kernel
from selfos.kernel.database import SYSTEM
from selfos.kernel.documents import Document
from selfos.kernel.errors import Conflict, Forbidden
from selfos.kernel.identifiers import new_id
from selfos.kernel.ledger.models import Door
from selfos.kernel.permissions import Role
from selfos.kernel.turns import take_turn

LIVE_JOB = "sample.live"
PERSON, TEAM = "ada", "lanternworks"
# Letters of the workspace's id that keep the handles of invented members apart.
HANDLE_LETTERS = 8


async def create_sample_life(kernel: Kernel, actor: Actor, *, door: Door) -> Document:
    """Make a person's year and a team for the acting user, and return the person's workspace.

    A user has one sample life at a time.
    """
    if actor.user_id is None:
        raise Forbidden("This needs a person.")
    workspace_id = await _found(kernel, actor, PERSON, door)
    await _found(kernel, actor, TEAM, door)
    async with open_context(kernel, workspace_id=workspace_id, actor=actor) as ctx:
        return await workspaces.whole_workspace(ctx)


async def _found(kernel: Kernel, actor: Actor, name: str, door: Door) -> UUID:
    script, workspace_id = read_script(name), new_id()
    async with open_context(
        kernel, workspace_id=workspace_id, actor=actor, door=door, scope=SYSTEM
    ) as ctx:
        if name == PERSON:
            await _refuse_second(ctx)
        await workspaces.found_workspace(
            ctx, owner_id=ctx.user_id, name=script.name, kind=WorkspaceKind.SAMPLE
        )
        await _invent_members(ctx, script)
        ctx.describe(f"Invented “{script.name}”")
        ctx.defer(
            LIVE_JOB,
            lock=f"{LIVE_JOB}:{workspace_id}",
            script=name,
            workspace_id=str(workspace_id),
            user_id=str(ctx.user_id),
            until=ctx.now.isoformat(),
        )
    return workspace_id


async def _refuse_second(ctx: Context) -> None:
    # Two requests at once must not both find none.
    await take_turn(ctx, f"sample:{ctx.user_id}")
    present = await workspaces.find_owned(ctx, WorkspaceKind.SAMPLE)
    if present is not None:
        raise Conflict(
            f"You have a sample life already; remove “{present.name}” first.",
            extra={"workspace_id": str(present.id)},
        )


async def _invent_members(ctx: Context, script: Script) -> None:
    zone = (await identity.user_time(ctx)).zone.key
    for key, member in script.members.items():
        handle = f"{key}.{ctx.workspace_id.hex[-HANDLE_LETTERS:]}"
        user = await identity.invent_user(ctx, name=member.name, handle=handle, time_zone=zone)
        await workspaces.add_member(ctx, user.id, Role.MEMBER)
