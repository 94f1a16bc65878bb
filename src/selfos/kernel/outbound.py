"""Requests to addresses that people give us: to the public internet alone, whatever its names say.

The name is resolved here, every address it has must be public, and the connection goes to the
number that was looked at: no second lookup can lead elsewhere. Pool and certificate keep the name.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable
from typing import Any

import httpcore2
import httpx2
from httpcore2._backends.auto import AutoBackend

from selfos.kernel.addresses import PORTS, is_public

TIMEOUT_SECONDS = 10.0
# One answer for all refusals: it must not tell what is there.
REFUSED = "This address cannot be reached from here."


class Refused(httpcore2.ConnectError):
    """The address is not one we connect to."""


class PublicOnly(httpcore2.AsyncNetworkBackend):
    """Opens connections to public addresses and to no others."""

    def __init__(self) -> None:
        """Connect by whatever the event loop offers."""
        self._backend = AutoBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the base's signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Look the name up, check every address, and connect to the first."""
        addresses = await _addresses(host, port) if port in PORTS else []
        if not addresses or not all(map(is_public, addresses)):
            raise Refused(REFUSED)
        return await self._backend.connect_tcp(
            addresses[0], port, timeout, local_address, socket_options
        )

    async def connect_unix_socket(
        self,
        path: str,  # noqa: ARG002
        timeout: float | None = None,  # noqa: ARG002, ASYNC109
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> httpcore2.AsyncNetworkStream:
        """Refuse: nothing public lives there."""
        raise Refused(REFUSED)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


def client(*, private_too: bool = False) -> httpx2.AsyncClient:
    """Return a client that follows no redirects and knows no proxy of the environment.

    `private_too` is the operator's word that this network may be reached as well.
    """
    transport = httpx2.AsyncHTTPTransport()
    if not private_too:
        # There is no public parameter for it; a test connects and sees.
        transport._pool._network_backend = PublicOnly()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage, reportAttributeAccessIssue]
    return httpx2.AsyncClient(
        transport=transport, timeout=TIMEOUT_SECONDS, trust_env=False, follow_redirects=False
    )


async def _addresses(host: str, port: int) -> list[str]:
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Refused(REFUSED) from error
    return [str(sockaddr[0]) for *_, sockaddr in found]
