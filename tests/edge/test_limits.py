"""How often somebody may call, and whose call it was."""

from typing import Any

import pytest
from fastapi import Request
from limits.errors import StorageError

from selfos.edge.limits import READ_COST, STRANGER_PER_MINUTE, WRITE_COST, Limits, network_of
from selfos.kernel.errors import RateLimited

MEMORY = "async+memory://"


def request_from(peer: str | None, forwarded: str | None = None) -> Request:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded is not None else []
    client = (peer, 1) if peer is not None else None
    return Request({"type": "http", "headers": headers, "client": client})


async def spend(limits: Limits, key: str, times: int, *, reading: bool) -> None:
    for _ in range(times):
        await limits.charge_account(key, reading=reading)


async def test_an_account_has_a_budget_and_is_told_when_to_come_back() -> None:
    limits = Limits(MEMORY, 10, [])
    await spend(limits, "ada", 10 // WRITE_COST, reading=False)
    with pytest.raises(RateLimited) as refusal:
        await limits.charge_account("ada", reading=True)
    wait = int(refusal.value.headers["Retry-After"])
    assert 1 <= wait <= 60
    assert f"{wait} seconds" in refusal.value.detail
    assert refusal.value.headers["RateLimit"] == f'"default";r=0;t={wait}'
    await spend(limits, "bob", 10 // READ_COST, reading=True)
    with pytest.raises(RateLimited):
        await limits.charge_account("bob", reading=True)


async def test_strangers_are_counted_by_network() -> None:
    limits = Limits(MEMORY, 10, [])
    for number in range(STRANGER_PER_MINUTE):
        await limits.charge_stranger(request_from(f"2001:db8:1:2::{number:x}"))
    with pytest.raises(RateLimited):
        await limits.charge_stranger(request_from("2001:db8:1:2:ffff::1"))
    await limits.charge_stranger(request_from("2001:db8:1:3::1"))
    await limits.charge_stranger(request_from(None))


async def test_a_count_is_kept_while_the_shared_one_is_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limits = Limits(MEMORY, 2, [])

    async def away(*_: Any, **__: Any) -> bool:
        raise StorageError(ConnectionError("no answer"))

    monkeypatch.setattr(limits._shared, "hit", away)  # pyright: ignore[reportPrivateUsage]
    await spend(limits, "ada", 2, reading=True)
    with pytest.raises(RateLimited):
        await limits.charge_account("ada", reading=True)


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("192.0.2.1", None, "192.0.2.1"),
        ("192.0.2.1", "203.0.113.9", "192.0.2.1"),
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("10.0.0.1", " , ", "10.0.0.1"),
        ("10.0.0.1", "not an address", "not an address"),
        (None, None, "0.0.0.0"),  # noqa: S104
    ],
)
def test_forwarded_addresses_count_from_our_proxies_only(
    peer: str | None, forwarded: str | None, expected: str
) -> None:
    limits = Limits(MEMORY, 10, ["10.0.0.0/8"])
    assert limits.client_address(request_from(peer, forwarded)) == expected


def test_networks() -> None:
    assert network_of("192.0.2.1") == "192.0.2.1"
    assert network_of("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64"
    assert network_of("not an address") == "unknown"


def test_counters_that_would_block_are_refused() -> None:
    with pytest.raises(TypeError, match="not an async store"):
        Limits("memory://", 10, [])
