"""Registration, and the answer to "who am I"."""

from __future__ import annotations

import json
from uuid import UUID

from sqlalchemy import select

from selfos.features.identity import service as identity
from selfos.features.identity.events import UserRegistered
from selfos.features.identity.schemas import Registration
from selfos.features.workspaces.models import Member
from selfos.features.workspaces.schemas import MemberStatus, WorkspaceKind
from selfos.features.workspaces.service.invitations import invited
from selfos.features.workspaces.service.workspaces import (
    found_workspace,
    list_workspaces,
    whole_workspace,
)
from selfos.kernel.context import Actor, Context, open_context, system_session
from selfos.kernel.core import Kernel
from selfos.kernel.database import SYSTEM
from selfos.kernel.documents import Json, assemble
from selfos.kernel.errors import Forbidden
from selfos.kernel.identifiers import new_id
from selfos.kernel.ledger.models import ActorKind, Door
from selfos.kernel.permissions import permissions_of
from selfos.kernel.settings import Registration as RegistrationMode

PERSONAL_NAME = "Personal"


async def register(
    kernel: Kernel, body: Registration, *, device: str, replaces: str | None
) -> identity.LoggedIn:
    """Make an account, its personal workspace and a session, all or nothing.

    The first account of an instance is its operator's.
    """
    by_invitation = await invited(kernel, body.invitation_token, body.email)
    mode = kernel.settings.registration
    async with identity.open_system(kernel) as ctx:
        # Asked before the costly hash, and again under the lock that counts.
        await identity.admit_registration(ctx, mode, invited=by_invitation)
    new_hash = await identity.hash_new_password(
        kernel, body.password, about=(body.email, body.name)
    )
    user_id, workspace_id = new_id(), new_id()
    actor = Actor(ActorKind.USER, user_id)
    async with open_context(
        kernel, workspace_id=workspace_id, actor=actor, door=Door.WEB, scope=SYSTEM
    ) as ctx:
        is_first = await identity.admit_registration(ctx, mode, invited=by_invitation)
        await _create(ctx, body, is_operator=is_first)
        await identity.set_password(ctx, user_id, new_hash)
        session, token = await identity.open_web_session(
            ctx, user_id, name=device, workspace_id=workspace_id, replaces=replaces
        )
    return identity.LoggedIn(user_id, session.id, token, workspace_id)


async def open_account(
    kernel: Kernel, *, email: str, name: str, password: str, time_zone: str
) -> UUID:
    """Make an account for the operator, whoever may register, and return the user's id.

    Nothing is mailed, so its address need not exist.
    """
    new_hash = await identity.hash_new_password(kernel, password, about=(email, name))
    user_id, workspace_id = new_id(), new_id()
    actor = Actor(ActorKind.USER, user_id)
    async with open_context(
        kernel, workspace_id=workspace_id, actor=actor, door=Door.CLI, scope=SYSTEM
    ) as ctx:
        is_first = await identity.admit_registration(ctx, RegistrationMode.OPEN, invited=False)
        user = await identity.create_user(ctx, user_id, email=email, name=name, time_zone=time_zone)
        await _settle_in(ctx, user, is_operator=is_first)
        await identity.set_password(ctx, user_id, new_hash)
    return user_id


async def _create(ctx: Context, body: Registration, *, is_operator: bool) -> None:
    user = await identity.create_user(
        ctx,
        ctx.user_id,
        email=body.email,
        name=body.name,
        time_zone=body.time_zone,
        locale=body.locale,
    )
    await _settle_in(ctx, user, is_operator=is_operator)
    ctx.defer(identity.CONFIRM_JOB, user_id=str(user.id), email=body.email)


async def _settle_in(ctx: Context, user: identity.User, *, is_operator: bool) -> None:
    user.is_operator = is_operator
    await found_workspace(ctx, owner_id=user.id, name=PERSONAL_NAME, kind=WorkspaceKind.PERSONAL)
    ctx.emit(UserRegistered(user_id=user.id))
    ctx.describe("Began")


async def me(ctx: Context) -> Json:
    """Return who the acting user is, where, and with which rights."""
    user = await identity.whole_user(ctx)
    here = await whole_workspace(ctx)
    return assemble(
        {
            "user": user.body,
            "workspace": here.body,
            "workspaces": await list_workspaces(ctx),
            "role": json.loads(here.body)["role"],
            "permissions": sorted(ctx.permissions),
        }
    )


async def me_after_login(
    kernel: Kernel, user_id: UUID | None, *, session_id: UUID | None, workspace_id: UUID | None
) -> Json:
    """Return Me for a session that has just been opened or moved, where the door would let it."""
    member = await _membership(kernel, user_id, workspace_id)
    async with open_context(
        kernel,
        workspace_id=member.workspace_id,
        actor=Actor(ActorKind.USER, user_id, session_id),
        permissions=permissions_of(member.role),
        door=Door.WEB,
    ) as ctx:
        return await me(ctx)


async def _membership(kernel: Kernel, user_id: UUID | None, workspace_id: UUID | None) -> Member:
    async with system_session(kernel) as session:
        member = await session.scalar(
            select(Member)
            .where(Member.user_id == user_id, Member.status == MemberStatus.ACTIVE)
            .order_by((Member.workspace_id == workspace_id).desc().nulls_last(), Member.created_at)
            .limit(1)
        )
    if member is None:
        raise Forbidden("This account is in no workspace.")
    return member
