"""Members: who is here, as what; and leaving."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, select, tuple_

from selfos.features.identity import service as identity
from selfos.features.workspaces.events import MemberJoined, MemberLeft, MemberRoleChanged
from selfos.features.workspaces.models import Member
from selfos.features.workspaces.schemas import MemberStatus, MemberUpdate
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.documents import Document, Documents, Json, assemble
from selfos.kernel.errors import Conflict, Forbidden
from selfos.kernel.permissions import Permission, Role

MEMBERS = Documents(
    Member,
    {
        "id": Member.id,
        "user_id": Member.user_id,
        "name": identity.name_of(Member.user_id),
        "email": identity.email_of(Member.user_id),
        "role": Member.role,
        "status": Member.status,
        "created_at": Member.created_at,
        "version": Member.version,
    },
)


async def list_members(ctx: Context) -> Json:
    """Return everybody who is active here, oldest first."""
    ctx.require(Permission.MEMBER_READ)
    items = await MEMBERS.many(ctx, *_active_here(ctx), order_by=(Member.created_at, Member.id))
    return assemble({"items": items})


async def member_names(ctx: Context) -> dict[UUID, str]:
    """Return the names of everybody who is active here, by user id."""
    ctx.require(Permission.MEMBER_READ)
    found = await ctx.session.execute(
        select(Member.user_id, identity.name_of(Member.user_id).label("name")).where(
            *_active_here(ctx)
        )
    )
    return {row.user_id: row.name for row in found}


async def roles_here(ctx: Context) -> dict[UUID, Role]:
    """Return what everybody who is active here may do, by user id."""
    ctx.require(Permission.MEMBER_READ)
    found = await ctx.session.scalars(select(Member).where(*_active_here(ctx)))
    return {member.user_id: member.role for member in found}


async def is_active_member(ctx: Context, user_id: UUID) -> bool:
    """Tell whether somebody is an active member here; assignees must be."""
    return await _find(ctx, user_id) is not None


def others_here(workspace_id: UUID, user_id: UUID | None) -> ColumnElement[bool]:
    """Ask whether anybody but this person is an active member there."""
    others = select(Member.id).where(
        Member.workspace_id == workspace_id,
        Member.status == MemberStatus.ACTIVE,
        Member.user_id.is_distinct_from(user_id),
    )
    return others.exists()


async def active_among(ctx: Context, keys: Collection[tuple[UUID, UUID]]) -> set[tuple[UUID, UUID]]:
    """Return those of these (workspace, user) that are active members; for system Contexts."""
    found = await ctx.session.execute(
        select(Member.workspace_id, Member.user_id).where(
            tuple_(Member.workspace_id, Member.user_id).in_(keys),
            Member.status == MemberStatus.ACTIVE,
        )
    )
    return {(row[0], row[1]) for row in found}


async def add_member(ctx: Context, user_id: UUID, role: Role) -> Member:
    """Make somebody a member, or bring them back; needs a system Context in the workspace."""
    member = await ctx.session.scalar(
        select(Member).where(Member.workspace_id == ctx.workspace_id, Member.user_id == user_id)
    )
    if member is None:
        member = Member(workspace_id=ctx.workspace_id, user_id=user_id, role=role)
        ctx.session.add(member)
    elif member.active:
        raise Conflict("They are already a member of this workspace.")
    else:
        member.rejoin(role)
    await ctx.session.flush()
    ctx.emit(MemberJoined(member_id=member.id, user_id=user_id, role=role))
    return member


async def change_role(ctx: Context, member_id: UUID, change: MemberUpdate) -> Document:
    """Give a member another role; it counts from their next request."""
    ctx.require(Permission.MEMBER_MANAGE)
    member = await _get(ctx, member_id)
    ctx.expect(member)
    await require_rank(ctx, member.role, change.role)
    before = member.role
    if before is not change.role:
        if before is Role.OWNER:
            await _require_another_owner(ctx, member)
        member.role = change.role
        ctx.emit(
            MemberRoleChanged(
                member_id=member.id, user_id=member.user_id, before=before, after=change.role
            )
        )
        ctx.revoke(member.user_id)
        ctx.describe(f"Made a member {change.role}")
        await ctx.session.flush()
    return await MEMBERS.one(ctx, member.id)


async def remove_member(ctx: Context, member_id: UUID) -> None:
    """Take somebody's rights away, or leave; the last owner cannot go."""
    member = await _get(ctx, member_id)
    ctx.expect(member)
    if member.user_id != ctx.user_id:
        ctx.require(Permission.MEMBER_MANAGE)
        await require_rank(ctx, member.role)
    if member.role is Role.OWNER:
        await _require_another_owner(ctx, member)
    member.leave()
    ctx.emit(MemberLeft(member_id=member.id, user_id=member.user_id))
    ctx.revoke(member.user_id)
    ctx.describe("Left the workspace" if member.user_id == ctx.user_id else "Removed a member")


async def require_rank(ctx: Context, *roles: Role) -> None:
    """Refuse unless the acting user is an owner, where one of these roles is an owner's."""
    if Role.OWNER not in roles:
        return
    mine = await _find(ctx, ctx.user_id)
    if mine is None or mine.role is not Role.OWNER:
        raise Forbidden("Only an owner can make, change or remove an owner.")


async def _require_another_owner(ctx: Context, member: Member) -> None:
    # Locked in one order: of two owners leaving at the same time, one stays.
    owners = await ctx.session.scalars(
        select(Member)
        .where(*_active_here(ctx), Member.role == Role.OWNER)
        .order_by(Member.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if all(owner.id == member.id for owner in owners):
        raise Conflict("A workspace needs an owner; make somebody else one first.")


async def _get(ctx: Context, member_id: UUID) -> Member:
    member = await ctx.session.scalar(
        select(Member).where(*_active_here(ctx), Member.id == member_id)
    )
    if member is None:
        raise rows.missing("member")
    return member


async def _find(ctx: Context, user_id: UUID) -> Member | None:
    return await ctx.session.scalar(
        select(Member).where(*_active_here(ctx), Member.user_id == user_id)
    )


def _active_here(ctx: Context) -> tuple[ColumnElement[bool], ...]:
    # One sees one's own memberships of other workspaces too; this verb is about this one.
    return (Member.workspace_id == ctx.workspace_id, Member.status == MemberStatus.ACTIVE)
