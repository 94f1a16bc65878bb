"""Workspaces over HTTP, and what answers with Me."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Response

from selfos.features.identity import service as identity
from selfos.features.identity.schemas import Login, ProfileUpdate, Registration
from selfos.features.workspaces import service as workspaces
from selfos.features.workspaces.schemas import (
    InvitationCreate,
    InvitationList,
    InvitationUse,
    InvitationView,
    MemberList,
    MemberUpdate,
    MemberView,
    MeView,
    WorkspaceCreate,
    WorkspaceList,
    WorkspaceUpdate,
    WorkspaceView,
)
from selfos.kernel.context import Context
from selfos.kernel.core import Kernel
from selfos.kernel.documents import assemble
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import (
    Access,
    Caller,
    CallerNetwork,
    Core,
    Ctx,
    Router,
    allow,
    as_json,
    nothing,
    shown,
)
from selfos.kernel.rows import missing

auth = Router(prefix="/auth", tags=["auth"])
places = Router(prefix="/workspaces", tags=["workspaces"])
members = Router(prefix="/members", tags=["members"])
invitations = Router(prefix="/invitations", tags=["invitations"])
ROUTERS = (auth, places, members, invitations)

IN_WORKSPACE = "/{workspace_id}"


async def named_context(ctx: Ctx, workspace_id: UUID) -> Context:
    """Return the Context, which the doorkeeper has opened in the workspace of the address."""
    if ctx.workspace_id != workspace_id:
        raise missing("workspace")
    return ctx


Here = Annotated[Context, Depends(named_context)]


@auth.post("/register", status_code=201, response_model=MeView, **allow(Access.PUBLIC))
async def register(request: Request, kernel: Core, body: Registration) -> Response:
    """Make an account with a personal workspace, and sign in."""
    logged_in = await workspaces.register(
        kernel, body, device=_device(request), replaces=_held_token(request, kernel)
    )
    return await _welcome(kernel, logged_in, 201)


@auth.post("/login", response_model=MeView, **allow(Access.PUBLIC))
async def log_in(request: Request, kernel: Core, network: CallerNetwork, body: Login) -> Response:
    """Sign in with e-mail and password."""
    source = identity.Source(network, identity.known_user(request, kernel))
    logged_in = await identity.log_in(
        kernel, body, source, name=_device(request), replaces=_held_token(request, kernel)
    )
    return await _welcome(kernel, logged_in, 200)


@auth.get("/me", response_model=MeView, **allow(Access.SELF))
async def get_me(ctx: Ctx) -> Response:
    """Return who I am, where I am, and what I may do here."""
    return as_json(await workspaces.me(ctx))


@auth.patch("/me", response_model=MeView, **allow(Access.SELF))
async def update_me(ctx: Ctx, body: ProfileUpdate) -> Response:
    """Change what I say about myself."""
    await identity.update_profile(ctx, body)
    return as_json(await workspaces.me(ctx))


@places.get("", response_model=WorkspaceList, **allow(Access.SELF))
async def list_workspaces(ctx: Ctx) -> Response:
    """List the workspaces I am a member of."""
    return as_json(assemble({"items": await workspaces.list_workspaces(ctx)}))


@places.post("", status_code=201, response_model=WorkspaceView, **allow(Access.SELF, apart=True))
async def create_workspace(caller: Caller, kernel: Core, body: WorkspaceCreate) -> Response:
    """Found a team."""
    return shown(await workspaces.create_team(kernel, caller, body), 201)


@places.get(IN_WORKSPACE, response_model=WorkspaceView, **allow(Permission.WORKSPACE_READ))
async def get_workspace(ctx: Here) -> Response:
    """Return one of my workspaces."""
    return shown(await workspaces.whole_workspace(ctx))


@places.patch(IN_WORKSPACE, response_model=WorkspaceView, **allow(Permission.WORKSPACE_MANAGE))
async def update_workspace(ctx: Here, body: WorkspaceUpdate) -> Response:
    """Rename a workspace."""
    return shown(await workspaces.rename_workspace(ctx, body))


@places.delete(IN_WORKSPACE, status_code=204, **allow(Permission.WORKSPACE_MANAGE))
async def delete_workspace(ctx: Here) -> Response:
    """Delete a team or sample and everything in it."""
    await workspaces.delete_workspace(ctx)
    return nothing()


@places.post(IN_WORKSPACE + "/switch", response_model=MeView, **allow(Permission.WORKSPACE_READ))
async def switch_workspace(ctx: Here) -> Response:
    """Make this the workspace my session is in."""
    await identity.move_session(ctx)
    return as_json(await workspaces.me(ctx))


@members.get("", response_model=MemberList, **allow(Permission.MEMBER_READ))
async def list_members(ctx: Ctx) -> Response:
    """List everybody in this workspace."""
    return as_json(await workspaces.list_members(ctx))


@members.patch("/{member_id}", response_model=MemberView, **allow(Permission.MEMBER_MANAGE))
async def update_member(ctx: Ctx, member_id: UUID, body: MemberUpdate) -> Response:
    """Give a member another role."""
    return shown(await workspaces.change_role(ctx, member_id, body))


@members.delete("/{member_id}", status_code=204, **allow(Permission.MEMBER_READ))
async def remove_member(ctx: Ctx, member_id: UUID) -> Response:
    """Remove a member, or leave."""
    await workspaces.remove_member(ctx, member_id)
    return nothing()


@invitations.get("", response_model=InvitationList, **allow(Permission.MEMBER_MANAGE))
async def list_invitations(ctx: Ctx) -> Response:
    """List the open invitations to this workspace."""
    return as_json(await workspaces.list_invitations(ctx))


@invitations.post(
    "", status_code=201, response_model=InvitationView, **allow(Permission.MEMBER_MANAGE)
)
async def create_invitation(ctx: Ctx, kernel: Core, body: InvitationCreate) -> InvitationView:
    """Invite an address by mail; the answer shows the link too, this once."""
    return await workspaces.invite(ctx, kernel, body)


@invitations.delete("/{invitation_id}", status_code=204, **allow(Permission.MEMBER_MANAGE))
async def withdraw_invitation(ctx: Ctx, invitation_id: UUID) -> Response:
    """Make an invitation worthless."""
    await workspaces.withdraw_invitation(ctx, invitation_id)
    return nothing()


@invitations.post("/accept", response_model=MeView, **allow(Access.SELF, apart=True))
async def accept_invitation(caller: Caller, kernel: Core, body: InvitationUse) -> Response:
    """Join the workspace an invitation is for, and go there."""
    workspace_id = await workspaces.accept_invitation(kernel, caller, body.token)
    return as_json(
        await workspaces.me_after_login(
            kernel,
            caller.user_id,
            session_id=caller.session_id,
            workspace_id=workspace_id,
        )
    )


async def _welcome(kernel: Kernel, logged_in: identity.LoggedIn, status: int) -> Response:
    body = await workspaces.me_after_login(
        kernel,
        logged_in.user_id,
        session_id=logged_in.session_id,
        workspace_id=logged_in.workspace_id,
    )
    response = as_json(body, status)
    identity.remember_session(response, kernel, token=logged_in.token, user_id=logged_in.user_id)
    return response


def _device(request: Request) -> str:
    return identity.device_name(request.headers.get("user-agent", ""))


def _held_token(request: Request, kernel: Kernel) -> str | None:
    return request.cookies.get(identity.cookie_name(kernel.settings))
