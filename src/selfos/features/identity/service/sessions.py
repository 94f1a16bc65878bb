"""Sessions: opening, listing, revoking. Rights are never stored in one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from selfos.features.identity.models import CredentialSession, GuessBucket, OneTimeToken
from selfos.features.identity.schemas import ApiTokenCreate, ApiTokenView, SessionKind
from selfos.features.identity.service.accounts import open_system
from selfos.kernel import rows
from selfos.kernel.context import Actor, Context
from selfos.kernel.core import Kernel
from selfos.kernel.crypto import looks_like_token, new_token, token_hash
from selfos.kernel.documents import Documents, Json, assemble
from selfos.kernel.errors import Forbidden
from selfos.kernel.tools import Consent, Group, Level

API_TOKEN, ASSISTANT_TOKEN = "api", "mcp"
PROGRAMS = (SessionKind.API, SessionKind.ASSISTANT)
BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Life:
    """How long a session lives: unused at most `idle`, in all at most `absolute`."""

    idle: timedelta | None
    absolute: timedelta


WEB = Life(timedelta(days=14), timedelta(days=90))
DEVICE = Life(timedelta(days=30), timedelta(days=180))


def open_session(
    ctx: Context,
    kind: SessionKind,
    life: Life,
    *,
    user_id: UUID,
    name: str,
    workspace_id: UUID | None,
    token: str | None = None,
    read_only: bool = False,
    consent: Mapping[Group, Level] | None = None,
) -> CredentialSession:
    """Add a session; of its token only the hash is kept."""
    session = CredentialSession(
        user_id=user_id,
        kind=kind,
        name=name,
        token_hash=token_hash(token) if token else None,
        workspace_id=workspace_id,
        read_only=read_only,
        consent=None if consent is None else {str(g): str(c) for g, c in consent.items()},
        created_at=ctx.now,
        last_used_at=ctx.now,
        idle_seconds=int(life.idle.total_seconds()) if life.idle else None,
        expires_at=ctx.now + life.absolute,
    )
    ctx.session.add(session)
    return session


async def open_web_session(
    ctx: Context, user_id: UUID, *, name: str, workspace_id: UUID | None, replaces: str | None
) -> tuple[CredentialSession, str]:
    """Open a browser's session under a new token; the one it held before ends."""
    if replaces is not None:
        await end_sessions(ctx, CredentialSession.token_hash == token_hash(replaces))
    token = new_token("web")
    session = open_session(
        ctx,
        SessionKind.WEB,
        WEB,
        user_id=user_id,
        name=name,
        workspace_id=workspace_id,
        token=token,
    )
    await ctx.session.flush()
    return session, token


async def end_sessions(ctx: Context, *conditions: ColumnElement[bool]) -> None:
    """End all matching sessions and close their live sockets."""
    ended = await ctx.session.scalars(
        delete(CredentialSession).where(*conditions).returning(CredentialSession.id)
    )
    for session_id in ended:
        ctx.revoke(session_id)


async def renew_token(ctx: Context, session_id: UUID) -> str | None:
    """Give a browser's session a new token; other kinds keep theirs."""
    token = new_token("web")
    renewed = await ctx.session.scalar(
        update(CredentialSession)
        .where(CredentialSession.id == session_id, CredentialSession.kind == SessionKind.WEB)
        .values(token_hash=token_hash(token))
        .returning(CredentialSession.id)
    )
    return token if renewed else None


async def list_sessions(ctx: Context) -> Json:
    """Return the acting user's living sessions, last used first."""
    row = CredentialSession
    shown = Documents(
        row,
        {
            "id": row.id,
            "kind": row.kind,
            "name": row.name,
            "created_at": row.created_at,
            "last_used_at": row.last_used_at,
            "expires_at": row.expires_at,
            "current": row.id == ctx.actor.session_id,
            "consent": row.consent,
        },
        version=literal(1),
    )
    items = await shown.many(
        ctx, row.expires_at > ctx.now, order_by=(row.last_used_at.desc(), row.id)
    )
    return assemble({"items": items})


async def revoke_session(ctx: Context, session_id: UUID) -> None:
    """End one of the acting user's sessions."""
    await require_person(ctx, ctx.actor)
    session = await rows.get(ctx, CredentialSession, session_id)
    await ctx.session.delete(session)
    ctx.revoke(session.id)


async def log_out(ctx: Context) -> None:
    """End the session this request came with."""
    await end_sessions(ctx, CredentialSession.id == ctx.actor.session_id)


async def move_session(ctx: Context) -> None:
    """Make this workspace the one the session is in."""
    session = await rows.get(ctx, CredentialSession, _session_id(ctx))
    session.workspace_id = ctx.workspace_id


async def create_api_token(ctx: Context, wanted: ApiTokenCreate) -> ApiTokenView:
    """Make a named token with at most the rights of its owner; it is shown this once.

    One with consent is an assistant's: the prefix of its text keeps it out of every other door.
    """
    await require_person(ctx, ctx.actor)
    is_assistants = wanted.consent is not None
    token = new_token(ASSISTANT_TOKEN if is_assistants else API_TOKEN)
    session = open_session(
        ctx,
        SessionKind.ASSISTANT if is_assistants else SessionKind.API,
        Life(None, timedelta(days=wanted.expires_in_days)),
        user_id=ctx.user_id,
        name=wanted.name,
        workspace_id=ctx.workspace_id,
        token=token,
        read_only=wanted.read_only,
        consent=wanted.consent,
    )
    await ctx.session.flush()
    return ApiTokenView(
        id=session.id, name=session.name, token=token, expires_at=session.expires_at
    )


async def require_person(ctx: Context, actor: Actor) -> UUID:
    """Return the signed-in user; an API token may not make itself immortal or lock others out."""
    row = CredentialSession
    found = await ctx.session.execute(
        select(row.user_id, row.kind).where(row.id == actor.session_id)
    )
    session = found.one_or_none()
    if session is None or session.kind in PROGRAMS:
        raise Forbidden("An API token cannot do this; sign in.")
    return session.user_id


def may_be_assistants(token: str) -> bool:
    """Tell cheaply whether a token can open the tools: an assistant's, or a program's."""
    return any(looks_like_token(kind, token) for kind in (API_TOKEN, ASSISTANT_TOKEN))


async def consent_here(ctx: Context) -> Consent | None:
    """Return what the acting token was given; None for one of another workspace.

    A program's token was made before there were tools: it reads, and proposes unless read-only.
    """
    session = await rows.get(ctx, CredentialSession, _session_id(ctx))
    if session.workspace_id != ctx.workspace_id:
        return None
    if session.consent is not None:
        given = {Group(group): Level(level) for group, level in session.consent.items()}
    else:
        given = dict.fromkeys(Group, Level.READ if session.read_only else Level.PROPOSE)
    return Consent(session.name, given)


async def latest_workspace(ctx: Context, user_id: UUID) -> UUID | None:
    """Return where this user has been last, or None."""
    return await ctx.session.scalar(
        select(CredentialSession.workspace_id)
        .where(CredentialSession.user_id == user_id, CredentialSession.workspace_id.is_not(None))
        .order_by(CredentialSession.last_used_at.desc())
        .limit(1)
    )


async def touch_session(kernel: Kernel, session_id: UUID) -> None:
    """Note that a session is in use."""
    async with open_system(kernel) as ctx:
        await ctx.session.execute(
            update(CredentialSession)
            .where(CredentialSession.id == session_id)
            .values(last_used_at=ctx.now)
        )


async def living(session: AsyncSession, session_ids: Iterable[UUID]) -> list[CredentialSession]:
    """Return those of these sessions that have not been revoked; needs a system session."""
    wanted = CredentialSession.id.in_(list(session_ids))
    return list(await session.scalars(select(CredentialSession).where(wanted)))


async def sweep(kernel: Kernel) -> None:
    """Forget what has expired; every use checks expiry itself, this only saves room."""
    async with open_system(kernel) as ctx:
        await end_sessions(ctx, CredentialSession.expires_at < ctx.now)
        await ctx.session.execute(delete(OneTimeToken).where(OneTimeToken.expires_at < ctx.now))
        await ctx.session.execute(
            delete(GuessBucket).where(GuessBucket.window_started_at < ctx.now - timedelta(days=2))
        )


def device_name(user_agent: str) -> str:
    """Return what to call a browser in the list of sessions: "Firefox on Linux"."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "A browser")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), None)
    return f"{browser} on {system}" if system else browser


def _session_id(ctx: Context) -> UUID:
    if ctx.actor.session_id is None:
        raise Forbidden("This needs a signed-in person.")
    return ctx.actor.session_id
