"""A repeated unsafe request gets the first one's answer, as Stripe does.

The key is stored in the request's own transaction: it exists exactly when its effects do.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from psycopg.errors import LockNotAvailable
from sqlalchemy import Index, LargeBinary, delete, func, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Mapped, mapped_column

from selfos.kernel.context import Context, system_session
from selfos.kernel.core import Kernel
from selfos.kernel.crypto import Keys, open_bytes, seal_bytes
from selfos.kernel.database import Model
from selfos.kernel.errors import Conflict, Invalid, invalid
from selfos.kernel.ledger.models import Changeset

HEADER = "Idempotency-Key"
LONGEST_KEY = 200
KEPT = timedelta(hours=24)
PURPOSE = "idempotency"
READING = frozenset({"GET", "HEAD", "OPTIONS"})
WAIT_FOR_FIRST = "2s"
CHANGESET_HEADER = "selfos-changeset"
REPLAYED_HEADERS = ("content-type", "etag")


class IdempotencyKey(Model):
    """One remembered answer of one user."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (Index("idempotency_keys_created_at_idx", "created_at"),)

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int | None]
    headers: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


def refuse_key(request: Request) -> None:
    """Raise Invalid for a key where no answer is remembered: better said than ignored."""
    if HEADER in request.headers and request.method not in READING:
        raise invalid(
            f"/header/{HEADER}", "This operation remembers no answer; send it without a key."
        )


@dataclass(frozen=True, slots=True)
class Stored:
    """The answer to the first request of a key."""

    status: int
    headers: dict[str, str]
    body: bytes


async def is_answered(ctx: Context, request: Request) -> bool:
    """Tell whether this request's key has an answer, so that nothing need be done for it."""
    key = request.headers.get(HEADER)
    if key is None:
        return False
    kept = select(IdempotencyKey.key).where(
        IdempotencyKey.user_id == ctx.user_id,
        IdempotencyKey.key == key,
        IdempotencyKey.status.is_not(None),
    )
    return await ctx.session.scalar(kept) is not None


async def recall(keys: Keys, ctx: Context, request: Request, key: str) -> Response | None:
    """Claim the key for this request, or return the stored answer of the same request."""
    stored = await claim(keys, ctx, key, await _fingerprint(ctx, request))
    if stored is None:
        return None
    return Response(stored.body, stored.status, stored.headers | {"Idempotent-Replayed": "true"})


async def claim(keys: Keys, ctx: Context, key: str, fingerprint: bytes) -> Stored | None:
    """Claim the key for what has this fingerprint, or return the answer it was given before."""
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        raise invalid("/header/Idempotency-Key", f"A key has 1 to {LONGEST_KEY} characters.")
    statement = (
        insert(IdempotencyKey)
        .values(user_id=ctx.user_id, key=key, fingerprint=fingerprint)
        .on_conflict_do_nothing()
        .returning(IdempotencyKey.key)
    )
    try:
        await ctx.session.execute(select(func.set_config("lock_timeout", WAIT_FOR_FIRST, True)))
        claimed = await ctx.session.scalar(statement)
        await ctx.session.execute(select(func.set_config("lock_timeout", "0", True)))
    except OperationalError as error:
        if isinstance(error.orig, LockNotAvailable):
            raise Conflict("The first request with this key is still being carried out.") from error
        raise
    return None if claimed is not None else await _stored(keys, ctx, key, fingerprint)


async def _stored(keys: Keys, ctx: Context, key: str, fingerprint: bytes) -> Stored:
    stored = await ctx.session.scalar(
        select(IdempotencyKey).where(
            IdempotencyKey.user_id == ctx.user_id, IdempotencyKey.key == key
        )
    )
    if stored is None or stored.fingerprint != fingerprint:
        raise Invalid("This Idempotency-Key was used for another request; choose a new one.")
    headers: dict[str, str] = dict(stored.headers or {})
    changeset_id = UUID(headers[CHANGESET_HEADER])
    if await ctx.session.scalar(select(Changeset.id).where(Changeset.id == changeset_id)) is None:
        del headers[CHANGESET_HEADER]  # the first request changed nothing
    body = open_bytes(keys, PURPOSE, stored.body, bound_to=_owner(ctx, key)) if stored.body else b""
    return Stored(stored.status or 200, headers, body)


async def remember(keys: Keys, ctx: Context, key: str, response: Response) -> None:
    """Keep a successful answer beside its effects."""
    headers = {k: v for k, v in response.headers.items() if k in REPLAYED_HEADERS}
    await keep(keys, ctx, key, Stored(response.status_code, headers, bytes(response.body)))


async def keep(keys: Keys, ctx: Context, key: str, answer: Stored) -> None:
    """Keep the answer to what claimed the key, in the same transaction."""
    # An answer may hold a secret that is shown this once.
    body = seal_bytes(keys, PURPOSE, answer.body, bound_to=_owner(ctx, key))
    await ctx.session.execute(
        update(IdempotencyKey)
        .where(IdempotencyKey.user_id == ctx.user_id, IdempotencyKey.key == key)
        .values(
            status=answer.status,
            headers=answer.headers | {CHANGESET_HEADER: str(ctx.draft.id)},
            body=body,
        )
    )


def _owner(ctx: Context, key: str) -> str:
    return f"{ctx.user_id}:{key}"


async def forget_old_keys(kernel: Kernel) -> None:
    """Delete answers older than a day."""
    async with system_session(kernel) as session:
        await session.execute(
            delete(IdempotencyKey).where(IdempotencyKey.created_at < kernel.clock() - KEPT)
        )
        await session.commit()


async def _fingerprint(ctx: Context, request: Request) -> bytes:
    digest = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
    digest.update(ctx.workspace_id.bytes)
    digest.update(await request.body())
    return digest.digest()
