"""Invitations: a link that makes its addressee a member, once."""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, null, select

from selfos.features.identity import service as identity
from selfos.features.workspaces.models import INVITATION_LIFE, Invitation, Member, Workspace
from selfos.features.workspaces.schemas import (
    InvitationCreate,
    InvitationView,
    MemberStatus,
    WorkspaceKind,
)
from selfos.features.workspaces.service.members import add_member, require_rank
from selfos.features.workspaces.service.workspaces import get_workspace
from selfos.kernel import rows
from selfos.kernel.context import Actor, Context, open_context
from selfos.kernel.core import Kernel
from selfos.kernel.crypto import Keys
from selfos.kernel.database import SYSTEM
from selfos.kernel.documents import Documents, Json, assemble
from selfos.kernel.errors import Conflict, Forbidden, Invalid
from selfos.kernel.ledger.models import Door
from selfos.kernel.permissions import Permission

MAIL_JOB = "workspaces.mail_invitation"
PREFIX, PURPOSE = "sos_invite_", "invitation"
ID_BYTES = 16

INVITATIONS = Documents(
    Invitation,
    {
        "id": Invitation.id,
        "email": Invitation.email,
        "role": Invitation.role,
        "accept_url": null(),
        "expires_at": Invitation.expires_at,
    },
)


@dataclass(frozen=True, slots=True)
class Letter:
    """What the mail of an invitation says."""

    email: str
    inviter: str
    workspace: str
    link: str
    # The inviter's, for nobody knows that of who is invited.
    locale: str


async def invite(ctx: Context, kernel: Kernel, wanted: InvitationCreate) -> InvitationView:
    """Invite an address; a new invitation of the same address replaces the one before."""
    ctx.require(Permission.MEMBER_MANAGE)
    await require_rank(ctx, wanted.role)
    workspace = await get_workspace(ctx)
    if workspace.kind is WorkspaceKind.PERSONAL:
        raise Conflict("Your personal workspace is yours alone; make a team to share.")
    if workspace.kind is WorkspaceKind.SAMPLE:
        raise Conflict("A sample life is only to look at; make a team to share.")
    key = identity.address_key(wanted.email)
    await _refuse_members(ctx, key)
    await ctx.session.execute(delete(Invitation).where(Invitation.email_key == key))
    invitation = Invitation(
        email=wanted.email,
        email_key=key,
        role=wanted.role,
        invited_by=ctx.user_id,
        expires_at=ctx.now + INVITATION_LIFE,
    )
    ctx.session.add(invitation)
    await ctx.session.flush()
    ctx.defer(MAIL_JOB, workspace_id=str(ctx.workspace_id), invitation_id=str(invitation.id))
    return InvitationView(
        id=invitation.id,
        email=invitation.email,
        role=invitation.role,
        accept_url=accept_url(kernel, invitation),
        expires_at=invitation.expires_at,
    )


async def list_invitations(ctx: Context) -> Json:
    """Return the open invitations; their links were shown when they were made."""
    ctx.require(Permission.MEMBER_MANAGE)
    items = await INVITATIONS.many(
        ctx, Invitation.expires_at > ctx.now, order_by=(Invitation.created_at, Invitation.id)
    )
    return assemble({"items": items})


async def withdraw_invitation(ctx: Context, invitation_id: UUID) -> None:
    """Make an invitation worthless."""
    ctx.require(Permission.MEMBER_MANAGE)
    await ctx.session.delete(await rows.get(ctx, Invitation, invitation_id))


async def accept_invitation(kernel: Kernel, actor: Actor, token: str) -> UUID:
    """Join the workspace the token invites to, and go there; returns its id."""
    named = read_token(kernel.keys, token)
    if named is None or actor.user_id is None:
        raise _worn_out()
    account = await identity.get_account(kernel, actor.user_id)
    workspace_id, invitation_id = named
    async with open_context(
        kernel, workspace_id=workspace_id, actor=actor, door=Door.WEB, scope=SYSTEM
    ) as ctx:
        used = await ctx.session.scalar(
            delete(Invitation)
            .where(Invitation.workspace_id == workspace_id, Invitation.id == invitation_id)
            .returning(Invitation)
        )
        if used is None or used.expires_at <= ctx.now:
            raise _worn_out()
        if used.email_key != identity.address_key(account.email):
            raise Forbidden("This invitation is for another e-mail address than your account's.")
        await add_member(ctx, account.user_id, used.role)
        await identity.move_session(ctx)
        ctx.describe(f"{account.name} joined")
    return workspace_id


async def invited(kernel: Kernel, token: str | None, email: str) -> bool:
    """Tell whether this token is an open invitation of this address."""
    named = read_token(kernel.keys, token) if token else None
    if named is None:
        return False
    async with identity.open_system(kernel) as ctx:
        found = await ctx.session.scalar(
            select(Invitation).where(
                Invitation.workspace_id == named[0],
                Invitation.id == named[1],
                Invitation.email_key == identity.address_key(email),
                Invitation.expires_at > ctx.now,
            )
        )
    return found is not None


async def letter(kernel: Kernel, workspace_id: UUID, invitation_id: UUID) -> Letter | None:
    """Return what to mail, unless the invitation has gone meanwhile."""
    async with open_context(kernel, workspace_id=workspace_id) as ctx:
        found = await ctx.session.execute(
            select(
                Invitation,
                Workspace.name,
                identity.name_of(Invitation.invited_by),
                identity.locale_of(Invitation.invited_by),
            )
            .join(Workspace, Workspace.id == Invitation.workspace_id)
            .where(Invitation.id == invitation_id)
        )
        row = found.one_or_none()
    if row is None:
        return None
    invitation, workspace, inviter, locale = row
    return Letter(
        email=invitation.email,
        inviter=inviter,
        workspace=workspace,
        link=accept_url(kernel, invitation),
        locale=locale or "en",
    )


def accept_url(kernel: Kernel, invitation: Invitation) -> str:
    """Return the link to accept with; our signature makes it, so it is stored nowhere."""
    ids = invitation.workspace_id.bytes + invitation.id.bytes
    signed = ids + kernel.keys.sign(PURPOSE, ids)
    token = PREFIX + base64.urlsafe_b64encode(signed).decode().rstrip("=")
    return f"{kernel.settings.origin}/accept-invitation?token={token}"


def read_token(keys: Keys, token: str) -> tuple[UUID, UUID] | None:
    """Return the workspace and invitation a token of ours names, or None."""
    try:
        signed = base64.urlsafe_b64decode(token.removeprefix(PREFIX) + "==")
    except (binascii.Error, ValueError):
        return None
    ids, signature = signed[: 2 * ID_BYTES], signed[2 * ID_BYTES :]
    ours = keys.sign(PURPOSE, ids)
    if not token.startswith(PREFIX) or not hmac.compare_digest(signature, ours):
        return None
    return UUID(bytes=ids[:ID_BYTES]), UUID(bytes=ids[ID_BYTES:])


async def _refuse_members(ctx: Context, key: str) -> None:
    taken = await ctx.session.scalar(
        select(Member.id).where(
            Member.workspace_id == ctx.workspace_id,
            Member.status == MemberStatus.ACTIVE,
            func.lower(identity.email_of(Member.user_id)) == key,
        )
    )
    if taken is not None:
        raise Conflict("They are already a member of this workspace.")


def _worn_out() -> Invalid:
    return Invalid("This invitation has been used, withdrawn or has expired; ask for a new one.")
