"""Devices: minutes-long signed tokens, and a chain of refresh tokens behind them (RFC 9700)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from selfos.features.identity import access_tokens
from selfos.features.identity.models import CredentialSession, RefreshToken
from selfos.features.identity.schemas import DeviceLogin, SessionKind, TokenPair
from selfos.features.identity.service.accounts import open_system
from selfos.features.identity.service.guessing import Source
from selfos.features.identity.service.logins import prove
from selfos.features.identity.service.sessions import (
    DEVICE,
    end_sessions,
    latest_workspace,
    open_session,
)
from selfos.kernel.context import Context
from selfos.kernel.core import Kernel
from selfos.kernel.crypto import looks_like_token, new_token, token_hash
from selfos.kernel.errors import Unauthenticated

KIND = "refresh"


async def log_in_device(kernel: Kernel, body: DeviceLogin, source: Source) -> TokenPair:
    """Open a device's session for whoever proves themselves."""
    account = await prove(kernel, body.email, body.password, source)
    async with open_system(kernel) as ctx:
        session = open_session(
            ctx,
            SessionKind.DEVICE,
            DEVICE,
            user_id=account.user_id,
            name=body.device_name,
            workspace_id=await latest_workspace(ctx, account.user_id),
        )
        await ctx.session.flush()
        return _pair(kernel, ctx, session, _link(ctx, session.id))


async def refresh(kernel: Kernel, token: str) -> TokenPair:
    """Spend a refresh token for the next pair.

    A spent one that comes back ends the whole chain: either its owner or a thief holds a stolen
    one, and nobody can tell which. The one exception is a lost answer, asked for again at once.
    """
    if not looks_like_token(KIND, token):
        raise _refused()
    async with open_system(kernel) as ctx:
        pair = await _advance(kernel, ctx, token_hash(token))
    if pair is None:
        raise _refused()
    return pair


async def _advance(kernel: Kernel, ctx: Context, shown: bytes) -> TokenPair | None:
    session_id = await ctx.session.scalar(
        select(RefreshToken.session_id).where(RefreshToken.hash == shown)
    )
    # The session's row is the chain's lock.
    session = await ctx.session.scalar(
        select(CredentialSession).where(CredentialSession.id == session_id).with_for_update()
    )
    link = await ctx.session.get(RefreshToken, shown)
    if session is None or link is None or not session.alive(ctx.now):
        return None
    following = await ctx.session.get(RefreshToken, link.successor) if link.successor else None
    if link.spent_at is None:
        token = _link(ctx, session.id)
        link.spend(token_hash(token), ctx.now)
    elif following is not None and link.forgives(following, ctx.now):
        token = _link(ctx, session.id)
        link.repeat(following, token_hash(token), ctx.now)
    else:
        await end_sessions(ctx, CredentialSession.id == session.id)
        return None
    session.last_used_at = ctx.now
    return _pair(kernel, ctx, session, token)


def read_access_token(kernel: Kernel, token: str) -> UUID | None:
    """Return the session a signed access token names, or None if it is not a valid one."""
    return access_tokens.read(kernel.keys, token, issuer=kernel.settings.origin, now=kernel.clock())


def _link(ctx: Context, session_id: UUID) -> str:
    token = new_token(KIND)
    ctx.session.add(RefreshToken(hash=token_hash(token), session_id=session_id, created_at=ctx.now))
    return token


def _pair(
    kernel: Kernel, ctx: Context, session: CredentialSession, refresh_token: str
) -> TokenPair:
    access_token = access_tokens.write(
        kernel.keys,
        issuer=kernel.settings.origin,
        user_id=session.user_id,
        session_id=session.id,
        now=ctx.now,
    )
    return TokenPair(
        access_token=access_token,
        refresh_token=refresh_token,
        expires_in_seconds=int(access_tokens.LIFE.total_seconds()),
    )


def _refused() -> Unauthenticated:
    return Unauthenticated("Sign in again on this device.")
