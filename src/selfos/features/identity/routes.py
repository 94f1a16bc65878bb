"""Identity over HTTP. What answers with Me (register, login) is offered by workspaces."""

from __future__ import annotations

from uuid import UUID

from fastapi import Request, Response

from selfos.features.identity import service as identity
from selfos.features.identity.schemas import (
    ApiTokenCreate,
    ApiTokenView,
    DeviceLogin,
    EmailChange,
    InstanceView,
    PasswordChange,
    PasswordForgotten,
    PasswordReset,
    PreferencesUpdate,
    PreferencesView,
    RefreshTokenUse,
    SessionList,
    TokenPair,
    TokenUse,
)
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

auth = Router(prefix="/auth", tags=["auth"])
public = Router(tags=["instance"])
preferences = Router(prefix="/preferences", tags=["preferences"])
ROUTERS = (public, auth, preferences)


@public.get("/instance", response_model=InstanceView, **allow(Access.PUBLIC))
async def get_instance(kernel: Core) -> InstanceView:
    """Return what a stranger may know of this instance."""
    return await identity.instance(kernel)


@auth.post("/logout", status_code=204, **allow(Access.SELF))
async def log_out(ctx: Ctx, kernel: Core) -> Response:
    """End this session."""
    await identity.log_out(ctx)
    response = nothing()
    identity.forget_session(response, kernel.settings)
    return response


@auth.post("/token", response_model=TokenPair, **allow(Access.PUBLIC))
async def create_device_token(
    request: Request, kernel: Core, network: CallerNetwork, body: DeviceLogin
) -> TokenPair:
    """Sign a device in: a signed access token for minutes, a refresh token for the next."""
    source = identity.Source(network, identity.known_user(request, kernel))
    return await identity.log_in_device(kernel, body, source)


@auth.post("/token/refresh", response_model=TokenPair, **allow(Access.PUBLIC))
async def refresh_device_token(kernel: Core, body: RefreshTokenUse) -> TokenPair:
    """Spend a refresh token for the next pair."""
    return await identity.refresh(kernel, body.refresh_token)


@auth.post("/password/forgot", status_code=202, response_class=Response, **allow(Access.PUBLIC))
async def forget_password(kernel: Core, body: PasswordForgotten) -> Response:
    """Send a way back in; the answer does not tell whether there is such an account."""
    await identity.forget_password(kernel, body.email)
    return Response(status_code=202)


@auth.post("/password/reset", status_code=204, **allow(Access.PUBLIC))
async def reset_password(kernel: Core, body: PasswordReset) -> Response:
    """Set a new password with the token from a mail; all sessions end."""
    await identity.reset_password(kernel, body)
    return nothing()


@auth.post("/password/change", status_code=204, **allow(Access.SELF, apart=True))
async def change_password(
    request: Request, caller: Caller, kernel: Core, network: CallerNetwork, body: PasswordChange
) -> Response:
    """Replace the password; all other sessions end and this one gets a new token."""
    source = identity.Source(network, identity.known_user(request, kernel))
    token = await identity.change_password(kernel, caller, body, source)
    response = nothing()
    if token is not None and caller.user_id is not None:
        identity.remember_session(response, kernel, token=token, user_id=caller.user_id)
    return response


@auth.post(
    "/email/change", status_code=202, response_class=Response, **allow(Access.SELF, apart=True)
)
async def change_email(
    request: Request, caller: Caller, kernel: Core, network: CallerNetwork, body: EmailChange
) -> Response:
    """Mail the new address; it becomes the account's when it is confirmed from there."""
    source = identity.Source(network, identity.known_user(request, kernel))
    await identity.ask_email_change(kernel, caller, body, source)
    return Response(status_code=202)


@auth.post("/email/confirm", status_code=204, **allow(Access.PUBLIC))
async def confirm_email(kernel: Core, body: TokenUse) -> Response:
    """Take the address that the token from a mail proves."""
    await identity.confirm_email(kernel, body.token)
    return nothing()


@auth.get("/sessions", response_model=SessionList, **allow(Access.SELF))
async def list_sessions(ctx: Ctx) -> Response:
    """List my signed-in browsers, devices and tokens."""
    return as_json(await identity.list_sessions(ctx))


@auth.delete("/sessions/{session_id}", status_code=204, **allow(Access.SELF))
async def revoke_session(ctx: Ctx, session_id: UUID) -> Response:
    """End one of my sessions."""
    await identity.revoke_session(ctx, session_id)
    return nothing()


@auth.post("/tokens", status_code=201, response_model=ApiTokenView, **allow(Access.SELF))
async def create_api_token(ctx: Ctx, body: ApiTokenCreate) -> ApiTokenView:
    """Make an API token; it is shown this once."""
    return await identity.create_api_token(ctx, body)


@preferences.get("", response_model=PreferencesView, **allow(Access.SELF))
async def get_preferences(ctx: Ctx) -> Response:
    """Return what I like."""
    return shown(await identity.preferences(ctx))


@preferences.patch("", response_model=PreferencesView, **allow(Access.SELF))
async def update_preferences(ctx: Ctx, body: PreferencesUpdate) -> Response:
    """Change what I like."""
    return shown(await identity.update_preferences(ctx, body))
