"""Wakes live sockets: after a commit, one coalesced NOTIFY says how far each ledger has moved.

It also names users for whom something new is there, and sessions that are revoked.

Sent after the commit and outside the business transaction, because NOTIFY inside serialises
commits. A lost signal costs nothing but time: sockets also look at the ledger every few seconds.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from selfos.kernel.telemetry import get_logger

CHANNEL = "selfos_live"
COALESCE_SECONDS = 0.01
RECONNECT_SECONDS = 1.0
# A notification carries at most 8,000 bytes; a workspace needs about 60, a session or user 40.
IDS_PER_SIGNAL = 50

log = get_logger(__name__)
Listener = Callable[[dict[UUID, int], set[UUID], set[UUID]], None]


class Signals:
    """Announces moved cursors and revoked sessions to every process, and listens for them."""

    def __init__(self, url: str) -> None:
        """`url` must reach PostgreSQL directly; LISTEN does not pass a transaction pooler."""
        self._url = url
        self._moved: dict[UUID, int] = {}
        self._revoked: set[UUID] = set()
        self._told: set[UUID] = set()
        self._pending = asyncio.Event()
        self._listeners: set[Listener] = set()
        self._tasks: list[asyncio.Task[None]] = []

    def announce(
        self,
        workspace_id: UUID,
        seq: int | None,
        revoked: Collection[UUID],
        told: Collection[UUID] = (),
    ) -> None:
        """Tell everybody, soon, that this ledger has moved, who is revoked, who has news."""
        if seq is not None:
            self._moved[workspace_id] = max(seq, self._moved.get(workspace_id, 0))
        self._revoked.update(revoked)
        self._told.update(told)
        if self._moved or self._revoked or self._told:
            self._pending.set()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with each signal; returns how to stop."""
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    def start(self, *, listen: bool) -> None:
        """Start announcing; and listening, in processes that serve sockets."""
        self._tasks.append(asyncio.create_task(self._persist(self._announce)))
        if listen:
            self._tasks.append(asyncio.create_task(self._persist(self._listen)))

    async def stop(self) -> None:
        """Stop both; what was not announced is found by polling."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._tasks.clear()

    async def _persist(self, work: Callable[[psycopg.AsyncConnection[Any]], Any]) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    self._url, autocommit=True, application_name="selfos signals"
                ) as connection:
                    await work(connection)
            except psycopg.Error as error:
                log.warning("signals.lost", error=str(error))
                await asyncio.sleep(RECONNECT_SECONDS)

    async def _announce(self, connection: psycopg.AsyncConnection[Any]) -> None:
        if self._moved or self._revoked or self._told:
            self._pending.set()  # a lost connection left this unsaid
        while True:
            await self._pending.wait()
            await asyncio.sleep(COALESCE_SECONDS)
            self._pending.clear()
            moved = list(self._moved.items())
            revoked, told = list(self._revoked), list(self._told)
            longest = max(len(moved), len(revoked), len(told))
            for start in range(0, longest, IDS_PER_SIGNAL):
                part = slice(start, start + IDS_PER_SIGNAL)
                message = {
                    "moved": {str(w): n for w, n in moved[part]},
                    "revoked": revoked[part],
                    "told": told[part],
                }
                payload = json.dumps(message, default=str)
                await connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, payload))
            for workspace, seq in moved:
                if self._moved.get(workspace) == seq:
                    del self._moved[workspace]
            self._revoked.difference_update(revoked)
            self._told.difference_update(told)

    async def _listen(self, connection: psycopg.AsyncConnection[Any]) -> None:
        await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
        async for notification in connection.notifies():
            message = json.loads(notification.payload)
            moved = {UUID(key): seq for key, seq in message["moved"].items()}
            revoked = {UUID(value) for value in message["revoked"]}
            told = {UUID(value) for value in message.get("told", ())}
            for listener in list(self._listeners):
                listener(moved, revoked, told)
