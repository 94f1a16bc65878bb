"""Workspaces themselves: founding, listing, renaming, deleting; and who stands where."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, cast, delete, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from selfos.features.identity import service as identity
from selfos.features.workspaces.models import Member, Workspace
from selfos.features.workspaces.schemas import (
    MemberStatus,
    WorkspaceCreate,
    WorkspaceKind,
    WorkspaceUpdate,
)
from selfos.kernel import rows
from selfos.kernel.context import Actor, Context, open_context
from selfos.kernel.core import Kernel
from selfos.kernel.database import SYSTEM, SYSTEM_ROLE
from selfos.kernel.documents import Document, Documents, Json
from selfos.kernel.errors import Conflict, Forbidden
from selfos.kernel.identifiers import new_id
from selfos.kernel.ledger.models import Door, TenantRoot
from selfos.kernel.permissions import Permission, Role

ACTING_USER = cast(func.nullif(func.current_setting("selfos.user", True), ""), Uuid())
WORKSPACES = Documents(
    Workspace,
    {
        "id": Workspace.id,
        "name": Workspace.name,
        "kind": Workspace.kind,
        "role": select(Member.role)
        .where(Member.workspace_id == Workspace.id, Member.user_id == ACTING_USER)
        .correlate(Workspace)
        .scalar_subquery(),
        "created_at": Workspace.created_at,
        "version": Workspace.version,
    },
)


async def found_workspace(
    ctx: Context, *, owner_id: UUID, name: str, kind: WorkspaceKind
) -> Member:
    """Make the workspace this system Context is in, and its owner."""
    ctx.session.add(TenantRoot(id=ctx.workspace_id, created_at=ctx.now))
    await ctx.session.flush()
    ctx.session.add(Workspace(id=ctx.workspace_id, name=name, kind=kind))
    owner = Member(workspace_id=ctx.workspace_id, user_id=owner_id, role=Role.OWNER)
    ctx.session.add(owner)
    await ctx.session.flush()
    return owner


async def create_team(kernel: Kernel, actor: Actor, wanted: WorkspaceCreate) -> Document:
    """Found a team with the acting user as its owner."""
    if actor.user_id is None:
        raise Forbidden("This needs a person.")
    workspace_id = new_id()
    async with open_context(
        kernel, workspace_id=workspace_id, actor=actor, door=Door.WEB, scope=SYSTEM
    ) as ctx:
        await found_workspace(
            ctx, owner_id=actor.user_id, name=wanted.name, kind=WorkspaceKind.TEAM
        )
        ctx.describe(f"Founded “{wanted.name}”")
    async with open_context(kernel, workspace_id=workspace_id, actor=actor) as ctx:
        return await whole_workspace(ctx)


async def list_workspaces(ctx: Context) -> list[Json]:
    """Return all workspaces the acting user is an active member of, oldest first."""
    mine = select(Member.workspace_id).where(
        Member.user_id == ctx.user_id, Member.status == MemberStatus.ACTIVE
    )
    return await WORKSPACES.many(
        ctx, Workspace.id.in_(mine), order_by=(Workspace.created_at, Workspace.id)
    )


async def find_owned(ctx: Context, kind: WorkspaceKind) -> Workspace | None:
    """Return the oldest workspace of this kind that the acting user owns; in a system Context."""
    return await ctx.session.scalar(
        select(Workspace)
        .join(Member, Member.workspace_id == Workspace.id)
        .where(
            Workspace.kind == kind,
            Member.user_id == ctx.user_id,
            Member.role == Role.OWNER,
            Member.status == MemberStatus.ACTIVE,
        )
        .order_by(Workspace.created_at, Workspace.id)
        .limit(1)
    )


async def whole_workspace(ctx: Context) -> Document:
    """Return the workspace we are in."""
    return await WORKSPACES.one(ctx, ctx.workspace_id)


async def get_workspace(ctx: Context) -> Workspace:
    """Return the row of the workspace we are in."""
    found = await ctx.session.scalar(select(Workspace).where(Workspace.id == ctx.workspace_id))
    if found is None:
        raise rows.missing("workspace")
    return found


async def rename_workspace(ctx: Context, change: WorkspaceUpdate) -> Document:
    """Give the workspace another name."""
    ctx.require(Permission.WORKSPACE_MANAGE)
    workspace = await get_workspace(ctx)
    ctx.expect(workspace)
    workspace.name = change.name
    ctx.describe(f"Renamed the workspace to “{change.name}”")
    await ctx.session.flush()
    return await whole_workspace(ctx)


async def delete_workspace(ctx: Context) -> None:
    """Delete a team or sample with all that is in it, its history included; owners only."""
    ctx.require(Permission.WORKSPACE_MANAGE)
    workspace = await get_workspace(ctx)
    ctx.expect(workspace)
    if workspace.kind is WorkspaceKind.PERSONAL:
        raise Conflict("Your personal workspace lives as long as your account.")
    everybody = select(Member).where(Member.workspace_id == ctx.workspace_id)
    members = list(await ctx.session.scalars(everybody))
    active = [member for member in members if member.active]
    if not any(m.user_id == ctx.user_id and m.role is Role.OWNER for m in active):
        raise Forbidden("Only an owner can delete a workspace.")
    for member in active:
        ctx.revoke(member.user_id)
    # The ledger goes with its workspace, which only the system may delete; nothing is left to
    # record the deletion in.
    await ctx.session.execute(
        select(
            func.set_config("role", SYSTEM_ROLE, True), func.set_config("selfos.purge", "on", True)
        )
    )
    await ctx.session.execute(delete(TenantRoot).where(TenantRoot.id == ctx.workspace_id))
    if workspace.kind is WorkspaceKind.SAMPLE:
        await identity.forget_invented(ctx, [member.user_id for member in members])


async def ledger_position(session: AsyncSession, workspace_id: UUID) -> int:
    """Return the number of the newest changeset."""
    seq = await session.scalar(select(TenantRoot.seq).where(TenantRoot.id == workspace_id))
    return seq or 0


async def standing(
    session: AsyncSession, pairs: set[tuple[UUID, UUID]], now: datetime
) -> dict[tuple[UUID, UUID], int]:
    """Return, of these (session, workspace) pairs, those that still stand, with the newest seq.

    Needs a system session; two queries for any number of pairs.
    """
    sessions = await identity.living(session, {session_id for session_id, _ in pairs})
    users = {s.id: s.user_id for s in sessions if s.alive(now)}
    wanted = {(place, users[s]) for s, place in pairs if s in users}
    found = await session.execute(
        select(Member.workspace_id, Member.user_id, TenantRoot.seq)
        .join(TenantRoot, TenantRoot.id == Member.workspace_id)
        .where(
            tuple_(Member.workspace_id, Member.user_id).in_(list(wanted)),
            Member.status == MemberStatus.ACTIVE,
        )
    )
    seqs = {(row.workspace_id, row.user_id): row.seq for row in found}
    return {
        (s, place): seqs[place, users[s]]
        for s, place in pairs
        if s in users and (place, users[s]) in seqs
    }
