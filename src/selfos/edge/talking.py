"""A conversation on a WebSocket: what is said goes in, the events of the answer come out.

The events are those of the stream over HTTP. There is one answer at a time: whatever the client
says next ends the one that is on its way, and what was shown of it is kept. A socket that loses
its right is closed as the live ones are; a client that does not take what it is sent is left.
"""

from __future__ import annotations

import asyncio
import contextlib
from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from starlette.websockets import WebSocketState

from selfos.edge.doorkeeper import Doorkeeper
from selfos.edge.live import GOING_AWAY, PING_SECONDS, POLICY_VIOLATION, Client, Hub, admit
from selfos.features.assistant import service as assistant
from selfos.features.assistant.schemas.speaking import Say, SayAgain, Stop, read_frame
from selfos.kernel.context import Context
from selfos.kernel.errors import Problem
from selfos.kernel.ledger.models import Door
from selfos.kernel.refusals import content_of, refusal_of
from selfos.kernel.telemetry import get_logger

# A client that takes nothing for so long holds up a model and is let go.
PATIENCE_SECONDS = 20.0
TRY_AGAIN_LATER = 1013

router = APIRouter()
log = get_logger(__name__)


class Gone(Exception):
    """The other side takes nothing any more."""


@dataclass(eq=False)
class Talk:
    """One open conversation, and the answer that is on its way."""

    socket: WebSocket
    client: Client
    keeper: Doorkeeper
    conversation_id: UUID
    answering: asyncio.Task[None] | None = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def context(self) -> AbstractAsyncContextManager[Context]:
        """Open a Context of who is speaking, with the rights of this moment."""
        return self.keeper.admit_again(self.socket, Door.ASSISTANT)

    async def stay(self) -> None:
        """Wait until the socket is to be closed, and break the silence now and then."""
        while self.client.closing is None:
            try:
                async with asyncio.timeout(PING_SECONDS):
                    await self.client.wake.wait()
                self.client.wake.clear()
            except TimeoutError:
                with contextlib.suppress(Gone):
                    await self._send({"type": "ping"})

    async def listen(self) -> None:
        """Do what the client says, one thing after the other, until it goes."""
        with contextlib.suppress(RuntimeError, Gone):
            while (message := await self.socket.receive())["type"] != "websocket.disconnect":
                await self._hear(message.get("text") or "")
        if self.client.closing is None:
            self.client.close(GOING_AWAY)

    async def stop(self) -> None:
        """End the answer that is on its way; returns once what was shown of it is kept."""
        task, self.answering = self.answering, None
        if task is not None and not task.done():
            task.cancel()
            await asyncio.wait([task])

    async def _hear(self, text: str) -> None:
        await self.stop()
        try:
            frame = read_frame(text)
            user = str(self.client.admission.user_id)
            stops = isinstance(frame, Stop)
            await self.keeper.limits.charge_account(user, reading=stops)
            if isinstance(frame, Stop):
                return
            async with self.context() as ctx:
                asked = await self._begin(ctx, frame)
        except Exception as error:  # noqa: BLE001 - the edge catches everything, and logs it
            await self._refuse(error)
            return
        self.answering = asyncio.create_task(self._answer(asked))

    async def _begin(self, ctx: Context, frame: Say | SayAgain) -> assistant.Asked:
        kernel = self.keeper.kernel
        if isinstance(frame, Say):
            return await assistant.begin(ctx, kernel, self.conversation_id, frame)
        return await assistant.begin_again(ctx, kernel, self.conversation_id, frame.message_id)

    async def _answer(self, asked: assistant.Asked) -> None:
        kernel = self.keeper.kernel
        try:
            async with aclosing(assistant.answer(kernel, self.context, asked)) as events:
                async for said in events:
                    await self._send(said)
        except Gone:
            return
        except asyncio.CancelledError:
            kept = asked.answered
            if kept is None or kept["stopped"]:
                with contextlib.suppress(Gone):
                    await self._send({"type": "stopped", "message": kept})
        except Exception as error:  # noqa: BLE001 - as above
            with contextlib.suppress(Gone):
                await self._refuse(error)

    async def _refuse(self, error: Exception) -> None:
        problem = refusal_of(error)
        if problem is None:
            log.error("talk.failed", exc_info=error)
            problem = Problem("This is our fault; it has been logged.")
        await self._send({"type": "error", "problem": content_of(problem)})

    async def _send(self, said: dict[str, Any]) -> None:
        """Send one event; raises Gone if nobody takes it, and has the socket closed."""
        if self.client.closing is not None:
            raise Gone
        try:
            async with asyncio.timeout(PATIENCE_SECONDS), self.turn:
                await self.socket.send_json(said)
        except TimeoutError as error:
            self.client.close(TRY_AGAIN_LATER)
            raise Gone from error
        except (WebSocketDisconnect, RuntimeError) as error:
            self.client.close(GOING_AWAY)
            raise Gone from error


@router.websocket("/conversations/{conversation_id}/live")
async def talk(socket: WebSocket, conversation_id: UUID) -> None:
    """Speak with the assistant for as long as the socket is open."""
    hub: Hub = socket.app.state.hub
    try:
        client = await admit(hub, socket, None)
    except Problem as refusal:
        await socket.accept()
        await socket.close(POLICY_VIOLATION, refusal.detail)
        return
    await socket.accept()
    opened = Talk(socket, client, hub.doorkeeper, conversation_id)
    hub.clients.add(client)
    listening = asyncio.create_task(opened.listen())
    try:
        await opened.stay()
        if socket.client_state is WebSocketState.CONNECTED:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await socket.close(client.closing or GOING_AWAY)
    except (TimeoutError, WebSocketDisconnect, RuntimeError):
        pass
    finally:
        hub.clients.discard(client)
        listening.cancel()
        await opened.stop()
