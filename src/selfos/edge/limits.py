"""How often somebody may call: sliding windows, in memory or in Redis when processes share them."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Sequence

from fastapi import Request
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, Storage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import StorageError
from limits.storage import storage_from_string

from selfos.kernel.errors import RateLimited
from selfos.kernel.telemetry import get_logger

READ_COST, WRITE_COST = 1, 2
# Strangers can only register, sign in and reset; nobody types sixty passwords a minute.
STRANGER_PER_MINUTE = 60
IPV6_NETWORK_BITS = 64

log = get_logger(__name__)


class Limits:
    """One limit per account and one per stranger's network."""

    def __init__(self, url: str, per_minute: int, trusted_proxies: Sequence[str]) -> None:
        """`url` names the shared counters; `per_minute` is an account's budget."""
        storage = storage_from_string(url)
        if not isinstance(storage, Storage):
            raise TypeError(f"rate_limit_url {url} is not an async store")
        self._shared = SlidingWindowCounterRateLimiter(storage)
        self._local = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._account = RateLimitItemPerMinute(per_minute)
        self._stranger = RateLimitItemPerMinute(STRANGER_PER_MINUTE)
        self._proxies = [ipaddress.ip_network(proxy) for proxy in trusted_proxies]

    async def charge_account(self, key: str, *, reading: bool, counted: bool = False) -> None:
        """Count one request of an account; one that is `counted` as a read costs the rest."""
        cost = (READ_COST if reading else WRITE_COST) - (READ_COST if counted else 0)
        if cost:
            await self._charge(self._account, key, cost)

    async def charge_stranger(self, request: Request) -> None:
        """Count one request of somebody we do not know yet, by network."""
        await self._charge(self._stranger, network_of(self.client_address(request)), 1)

    async def _charge(self, item: RateLimitItem, key: str, cost: int) -> None:
        limiter = self._shared
        try:
            admitted = await limiter.hit(item, key, cost=cost)
        except StorageError as error:
            # The shared counters are down: keep a local count rather than none.
            log.warning("limits.storage_down", error=str(error))
            limiter = self._local
            admitted = await limiter.hit(item, key, cost=cost)
        if not admitted:
            window = await limiter.get_window_stats(item, key)
            wait = max(1, round(window.reset_time - time.time()))
            raise RateLimited(
                f"Too many requests; try again in {wait} seconds.",
                headers={
                    "Retry-After": str(wait),
                    "RateLimit": f'"default";r={window.remaining};t={wait}',
                },
            )

    def client_address(self, request: Request) -> str:
        """Return the caller's address; forwarded headers count only from configured proxies."""
        peer = request.client.host if request.client else "0.0.0.0"  # noqa: S104 - a key, no bind
        forwarded = request.headers.get("x-forwarded-for", "")
        hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
        while hops and self._trusted(peer):
            peer = hops.pop()
        return peer

    def _trusted(self, address: str) -> bool:
        try:
            return any(ipaddress.ip_address(address) in proxy for proxy in self._proxies)
        except ValueError:
            return False


def network_of(address: str) -> str:
    """Return the key for an address: itself, or its /64 for IPv6 (one household)."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 4:  # noqa: PLR2004
        return address
    return str(ipaddress.ip_network((parsed, IPV6_NETWORK_BITS), strict=False))
