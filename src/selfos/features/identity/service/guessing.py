"""Guessing is slowed, accounts are never locked: nobody can lock somebody else out.

Each guess is charged before the password is looked at, so that a thousand at once count as a
thousand; a right one is given back. The counters are rows, so all processes share them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from selfos.features.identity.models import GuessBucket, address_key
from selfos.kernel.context import Context

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ACCOUNT_PER_HOUR, NETWORK_PER_HOUR, MAILS_PER_HOUR = 100, 50, 5


@dataclass(frozen=True, slots=True)
class Source:
    """Where a guess comes from: a network, and the user this browser has once signed in as."""

    network: str
    known_user: UUID | None = None


@dataclass(frozen=True, slots=True)
class _Keys:
    pair: bytes
    account: bytes
    network: bytes


async def charge(ctx: Context, email: str, source: Source, user_id: UUID | None) -> None:
    """Count a guess at this account, or raise RateLimited."""
    keys = _keys(email, source)
    buckets = await _lock(ctx, keys.pair, keys.account, keys.network)
    buckets[keys.pair].charge_with_pauses(DAY, ctx.now)
    buckets[keys.network].charge(NETWORK_PER_HOUR, HOUR, ctx.now)
    if user_id is None or user_id != source.known_user:
        buckets[keys.account].charge(ACCOUNT_PER_HOUR, HOUR, ctx.now)


async def forgive(ctx: Context, email: str, source: Source) -> None:
    """Take a right guess back."""
    keys = _keys(email, source)
    await ctx.session.execute(delete(GuessBucket).where(GuessBucket.key == keys.pair))
    for bucket in (await _lock(ctx, keys.account, keys.network)).values():
        bucket.refund()


async def charge_mail(ctx: Context, email: str) -> None:
    """Count a mail somebody has sent to this address, or raise RateLimited."""
    key = _key("mail", address_key(email))
    (await _lock(ctx, key))[key].charge(MAILS_PER_HOUR, HOUR, ctx.now)


async def _lock(ctx: Context, *keys: bytes) -> dict[bytes, GuessBucket]:
    fresh = [
        {"key": key, "guesses": 0, "guesses_before": 0, "window_started_at": ctx.now}
        for key in sorted(keys)
    ]
    await ctx.session.execute(insert(GuessBucket).values(fresh).on_conflict_do_nothing())
    found = await ctx.session.scalars(
        select(GuessBucket)
        .where(GuessBucket.key.in_(keys))
        .order_by(GuessBucket.key)
        .with_for_update()
    )
    return {bucket.key: bucket for bucket in found}


def _keys(email: str, source: Source) -> _Keys:
    account = address_key(email)
    return _Keys(
        pair=_key("pair", account, source.network),
        account=_key("account", account),
        network=_key("network", source.network),
    )


def _key(*parts: str) -> bytes:
    # Hashed, so that the table does not collect the addresses of people without an account.
    return hashlib.sha256("\n".join(parts).encode()).digest()
