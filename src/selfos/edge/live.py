"""The live door: tells open clients that a ledger has moved or a notification is there.

A socket hears `{"type": "cursor", "workspace", "seq"}` or `{"type": "notifications"}` and pulls
what it wants over HTTP. The hub
listens to the kernel's signals; once a second one query checks, for all sockets of the process,
that session and membership still stand and how far the ledger is, so that a lost signal or a
revocation is noticed within that second.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from starlette.websockets import WebSocketState

from selfos.edge.doorkeeper import Admission, Doorkeeper, wanted_workspace
from selfos.features.workspaces import service as workspaces
from selfos.kernel.context import system_session
from selfos.kernel.errors import Forbidden, Problem
from selfos.kernel.ledger.models import Door
from selfos.kernel.telemetry import get_logger

SWEEP_SECONDS = 0.7
PING_SECONDS = 25.0
POLICY_VIOLATION, GOING_AWAY = 1008, 1012
SOCKETS_PER_USER = 20

router = APIRouter()
log = get_logger(__name__)


@dataclass(eq=False)
class Client:
    """One open socket: what it has been told, and what it still has to be told."""

    admission: Admission
    told: int
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    seq: int = 0
    has_news: bool = False
    closing: int | None = None

    def move(self, seq: int) -> None:
        """Note that the ledger has reached this number."""
        if seq > self.seq:
            self.seq = seq
            self.wake.set()

    def notify(self) -> None:
        """Note that a notification has come, or was read elsewhere."""
        self.has_news = True
        self.wake.set()

    def close(self, code: int) -> None:
        """Ask the socket to end."""
        self.closing = code
        self.wake.set()


class Hub:
    """All sockets of this process."""

    def __init__(self, doorkeeper: Doorkeeper) -> None:
        """Serve sockets admitted by this doorkeeper."""
        self.doorkeeper = doorkeeper
        self.clients: set[Client] = set()

    def hear(self, moved: dict[UUID, int], revoked: set[UUID], told: set[UUID]) -> None:
        """Pass a signal on to the sockets it concerns."""
        for client in self.clients:
            admission = client.admission
            if admission.session_id in revoked or admission.user_id in revoked:
                client.close(POLICY_VIOLATION)
                continue
            if admission.user_id in told:
                client.notify()
            if admission.workspace_id in moved:
                client.move(moved[admission.workspace_id])

    async def sweep_forever(self) -> None:
        """Look at the truth once a second, whatever was signalled."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            try:
                await self.sweep()
            except Problem as error:
                log.warning("live.sweep_failed", error=str(error))

    async def sweep(self) -> None:
        """Close sockets whose session or membership has ended; move the others."""
        if not self.clients:
            return
        clients = list(self.clients)
        pairs = {(c.admission.session_id, c.admission.workspace_id) for c in clients}
        kernel = self.doorkeeper.kernel
        async with system_session(kernel) as session:
            standing = await workspaces.standing(session, pairs, kernel.clock())
        for client in clients:
            seq = standing.get((client.admission.session_id, client.admission.workspace_id))
            if seq is None:
                client.close(POLICY_VIOLATION)
            else:
                client.move(seq)

    def drain(self) -> None:
        """Ask everybody to come back elsewhere (1012)."""
        for client in self.clients:
            client.close(GOING_AWAY)


@contextlib.asynccontextmanager
async def hub(doorkeeper: Doorkeeper) -> AsyncGenerator[Hub]:
    """Run a hub for as long as the application runs."""
    opened = Hub(doorkeeper)
    unsubscribe = doorkeeper.kernel.signals.subscribe(opened.hear)
    sweeping = asyncio.create_task(opened.sweep_forever())
    try:
        yield opened
    finally:
        opened.drain()
        unsubscribe()
        sweeping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await sweeping


@router.websocket("/live")
async def live(socket: WebSocket, since: int | None = None) -> None:
    """Tell a client each time its workspace has moved beyond what it knows."""
    opened: Hub = socket.app.state.hub
    try:
        client = await admit(opened, socket, since)
    except Problem as refusal:
        await socket.accept()
        await socket.close(POLICY_VIOLATION, refusal.detail)
        return
    await socket.accept()
    opened.clients.add(client)
    listening = asyncio.create_task(_listen(socket, client))
    try:
        await _speak(socket, client)
    finally:
        opened.clients.discard(client)
        listening.cancel()


async def admit(opened: Hub, socket: WebSocket, since: int | None) -> Client:
    """Let a socket in that our own page or a program with a token has opened, or raise."""
    keeper = opened.doorkeeper
    credential = await keeper.credential(socket)
    # A browser sends the cookie with any page's socket; only the Origin tells whose page.
    if credential.door is Door.WEB and not keeper.ours(socket):
        raise Forbidden("This socket was opened by another site.")
    async with keeper.kernel.database.transaction() as transaction:
        wanted = wanted_workspace(socket)
        admission = await keeper.open_door(transaction, credential, wanted, None)
        seq = await workspaces.ledger_position(transaction.session, admission.workspace_id)
    mine = sum(c.admission.user_id == admission.user_id for c in opened.clients)
    if mine >= SOCKETS_PER_USER:
        raise Forbidden("Too many open connections for this account.")
    client = Client(admission, told=seq if since is None else since)
    client.move(seq)
    return client


async def _speak(socket: WebSocket, client: Client) -> None:
    workspace = str(client.admission.workspace_id)
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        await socket.send_json({"type": "cursor", "workspace": workspace, "seq": client.seq})
        client.told = client.seq
        while client.closing is None:
            message = await _next_message(client, workspace)
            if message is not None:
                await socket.send_json(message)
    if client.closing is not None and socket.client_state is WebSocketState.CONNECTED:
        await socket.close(client.closing)


async def _next_message(client: Client, workspace: str) -> dict[str, Any] | None:
    try:
        async with asyncio.timeout(PING_SECONDS):
            await client.wake.wait()
    except TimeoutError:
        return {"type": "ping"}
    client.wake.clear()
    if client.closing is not None:
        return None
    if client.has_news:
        client.has_news = False
        client.wake.set()  # the ledger may have moved as well
        return {"type": "notifications"}
    if client.seq <= client.told:
        return None
    client.told = client.seq
    return {"type": "cursor", "workspace": workspace, "seq": client.seq}


async def _listen(socket: WebSocket, client: Client) -> None:
    """Notice that the other side has gone; nothing it says matters."""
    with contextlib.suppress(RuntimeError):
        while (await socket.receive())["type"] != "websocket.disconnect":
            pass
    client.close(GOING_AWAY)
