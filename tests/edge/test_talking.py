"""A conversation over a socket: the same events as over HTTP, and an end whenever one wants."""

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from websockets.asyncio.client import ClientConnection, connect

from selfos.edge import talking
from selfos.edge.live import Hub
from selfos.kernel.core import Kernel
from selfos.kernel.identifiers import new_id
from tests.edge.sockets import PATIENCE_SECONDS, Socket, cookie_of
from tests.factories import Person
from tests.fakes.vendors import Reply, says
from tests.features.ai.conftest import (
    Vendors,
    ai_instance,
    ai_settings,
    asker,
    models,
    running_vendors,
    vendors,
)
from tests.features.assistant.talking import begin

__all__ = ["ai_instance", "ai_settings", "asker", "models", "running_vendors", "vendors"]
POLICY_VIOLATION, SERVICE_RESTART, TRY_AGAIN_LATER = 1008, 1012, 1013
ENDLESS = Reply(chunks=("Walk ",) * 5_000, between=0.02)
HARD = "Why do I never finish books?"


class Quiet(uvicorn.Server):
    """A server that leaves the signals of the test run alone."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncGenerator[int]:
    """Serve an application that runs already on a port of this machine."""
    config = uvicorn.Config(app, port=0, lifespan="off", ws="websockets-sansio", log_config=None)
    server = Quiet(config)
    running = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await running


async def frame(socket: ClientConnection, kind: str, **more: Any) -> None:
    await socket.send(json.dumps({"type": kind, **more}))


async def hear(socket: ClientConnection) -> dict[str, Any]:
    return json.loads(await asyncio.wait_for(socket.recv(), PATIENCE_SECONDS))


async def hear_until(socket: ClientConnection, *kinds: str) -> list[dict[str, Any]]:
    """Return all events up to the first of one of these types."""
    events = [await hear(socket)]
    while events[-1]["type"] not in kinds:
        events.append(await hear(socket))
    return events


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            if condition():
                return
            await asyncio.sleep(0.01)


def path_of(conversation: str) -> str:
    return f"/conversations/{conversation}/live"


@pytest.fixture
def app(ai_instance: tuple[FastAPI, Kernel]) -> FastAPI:
    return ai_instance[0]


def hub(app: FastAPI) -> Hub:
    return app.state.hub


async def test_over_a_real_socket_answers_come_as_they_do_over_http_and_end_when_told_to(
    app: FastAPI, asker: Person, vendors: Vendors
) -> None:
    area = (await asker.post("/areas", 201, name="Reading"))["id"]
    await asker.post("/goals", 201, title="Read a book a month", area_id=area)
    conversation = await begin(asker)
    async with serving(app) as port:
        address = f"ws://127.0.0.1:{port}/api/v1{path_of(conversation)}"
        headers = cookie_of(asker)
        origin: Any = f"http://127.0.0.1:{port}"
        cookie = {"Cookie": headers["Cookie"]}
        async with connect(address, additional_headers=cookie, origin=origin) as socket:
            vendors.first.will(says("Walk ", "first."))
            await frame(socket, "say", text=HARD)
            told = await hear_until(socket, "done", "error")
            kinds = dict.fromkeys(each["type"] for each in told)
            assert list(kinds) == ["start", "delta", "usage", "done"]
            answer = told[-1]["message"]
            assert answer["parts"] == [{"type": "text", "text": "Walk first."}]
            await frame(socket, "regenerate", message_id=answer["id"])
            again = (await hear_until(socket, "done", "error"))[-1]["message"]
            assert again["parent_id"] == answer["parent_id"]
            vendors.first.will(ENDLESS)
            await frame(socket, "say", text="And why is that?")
            await hear_until(socket, "delta")
            await frame(socket, "stop")
            stopped = (await hear_until(socket, "stopped"))[-1]["message"]
            assert stopped["stopped"]
            assert stopped["parts"][0]["text"].startswith("Walk")
            rests_on = [ref["id"] for ref in stopped["context_refs"] if ref["kind"] == "area"]
            assert rests_on == [area], "its dial holds for what follows this, too"
            await until(lambda: vendors.first.open_streams == 0)
            await frame(socket, "stop")
            await frame(socket, "say", text="remind me to read tomorrow")
            told = await hear_until(socket, "done", "error")
            assert told[0] == {"type": "start", "attempt": 1, "model": "rules"}
            assert told[-1]["message"]["parts"][-1]["type"] == "proposal"
    kept = (await asker.get(f"/conversations/{conversation}/messages"))["items"]
    assert stopped in kept
    assert kept[0] == told[-1]["message"]


async def test_whatever_is_said_next_ends_the_answer_on_its_way(
    app: FastAPI, asker: Person, vendors: Vendors
) -> None:
    vendors.first.will(ENDLESS)
    kinds: list[str] = []
    async with Socket(app, cookie_of(asker), path=path_of(await begin(asker))) as socket:
        for text, last in ((HARD, "delta"), ("remind me to read tomorrow", "done")):
            await socket.say(json.dumps({"type": "say", "text": text}))
            while not kinds or kinds[-1] != last:
                kinds.append((await socket.hear())["type"])
    assert kinds[kinds.index("stopped") :] == ["stopped", "start", "delta", "done"]
    assert vendors.first.asked == 1


NONSENSE = [
    ("no json", 422),
    ("[]", 422),
    ('{"type": "sing"}', 422),
    ('{"type": "say"}', 422),
    ('{"type": "say", "text": "hi", "more": 1}', 422),
    (json.dumps({"type": "say", "text": "x" * 5_000}), 422),
    (json.dumps({"type": "regenerate", "message_id": str(new_id())}), 404),
]


async def test_what_makes_no_sense_is_refused_and_the_socket_stays(
    app: FastAPI, asker: Person
) -> None:
    async with Socket(app, cookie_of(asker), path=path_of(await begin(asker))) as socket:
        for said, status in NONSENSE:
            await socket.say(said)
            told = await socket.hear()
            assert (told["type"], told["problem"]["status"]) == ("error", status), said
        await socket.say('{"type": "say", "text": "hello"}')
        assert (await socket.hear())["type"] == "start"


async def test_another_persons_conversation_answers_like_one_that_never_was(
    app: FastAPI, asker: Person, person: Person
) -> None:
    theirs = await begin(person)
    told: list[Any] = []
    for conversation in (theirs, str(new_id())):
        async with Socket(app, cookie_of(asker), path=path_of(conversation)) as socket:
            await socket.say('{"type": "say", "text": "hello"}')
            told.append(await socket.hear())
    assert told[0] == told[1]
    assert told[0]["problem"]["status"] == 404


async def test_a_browser_names_the_workspace_in_the_address(
    app: FastAPI, asker: Person, vendors: Vendors
) -> None:
    """It gives sockets no headers; what is said is kept where the address says."""
    team = (await asker.post("/workspaces", 201, name="Crew"))["id"]
    here = await begin(asker)
    asker.client.headers["SelfOS-Workspace"] = team
    there = await begin(asker)
    headers, query = cookie_of(asker), f"workspace={team}"
    async with Socket(app, headers, query, path_of(there)) as socket:
        await socket.say('{"type": "say", "text": "remind me to row tomorrow"}')
        while (told := await socket.hear())["type"] != "done":
            assert told["type"] != "error", told
    assert len((await asker.get(f"/conversations/{there}/messages"))["items"]) == 2
    async with Socket(app, headers, query, path_of(here)) as socket:
        await socket.say('{"type": "say", "text": "hello"}')
        assert (await socket.hear())["problem"]["status"] == 404
    for foreign in (str(new_id()), "home"):
        async with Socket(app, headers, f"workspace={foreign}", path_of(there)) as socket:
            assert await socket.closed() == POLICY_VIOLATION


async def test_a_token_that_may_only_read_says_nothing(app: FastAPI, asker: Person) -> None:
    made = await asker.post("/auth/tokens", 201, name="watch", read_only=True)
    headers = {"Authorization": f"Bearer {made['token']}"}
    async with Socket(app, headers, path=path_of(await begin(asker))) as socket:
        await socket.say('{"type": "say", "text": "hello"}')
        assert (await socket.hear())["problem"]["status"] == 403


@pytest.mark.parametrize(
    "change",
    [{"Origin": "https://evil.example"}, {"Origin": ""}, {"Cookie": "selfos=sos_web_forged"}],
)
async def test_who_may_not_speak_is_turned_away(
    app: FastAPI, asker: Person, change: dict[str, str]
) -> None:
    headers = {**cookie_of(asker), **change}
    async with Socket(app, headers, path=path_of(str(new_id()))) as socket:
        assert await socket.closed() == POLICY_VIOLATION


@pytest.mark.parametrize("how", ["signed out", "unannounced", "drained"])
async def test_a_right_that_ends_ends_the_answer_too(
    app: FastAPI, asker: Person, vendors: Vendors, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    vendors.first.will(ENDLESS)
    async with Socket(app, cookie_of(asker), path=path_of(await begin(asker))) as socket:
        await socket.say(json.dumps({"type": "say", "text": HARD}))
        while (await socket.hear())["type"] != "delta":
            pass
        if how == "drained":
            hub(app).drain()
        else:
            if how == "unannounced":
                signals = hub(app).doorkeeper.kernel.signals
                monkeypatch.setattr(signals, "announce", lambda *_: None)  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType]
            await asker.post("/auth/logout", 204)
        code = SERVICE_RESTART if how == "drained" else POLICY_VIOLATION
        assert await socket.closed() == code
        await until(lambda: vendors.first.open_streams == 0)


async def test_who_takes_nothing_is_left_and_what_was_shown_is_kept(
    app: FastAPI, asker: Person, vendors: Vendors, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendors.first.will(ENDLESS)
    conversation = await begin(asker)
    socket = Socket(app, cookie_of(asker), path=path_of(conversation))
    put = socket._from_app.put  # pyright: ignore[reportPrivateUsage]

    async def deaf(message: Any) -> None:
        if '"delta"' in message.get("text", ""):
            await asyncio.Event().wait()
        await put(message)

    monkeypatch.setattr(socket._from_app, "put", deaf)  # pyright: ignore[reportPrivateUsage]
    async with socket:
        monkeypatch.setattr(talking, "PATIENCE_SECONDS", 0.2)
        await socket.say(json.dumps({"type": "say", "text": HARD}))
        with contextlib.suppress(AssertionError):
            assert await socket.closed() == TRY_AGAIN_LATER
        await until(lambda: vendors.first.open_streams == 0)
    kept = (await asker.get(f"/conversations/{conversation}/messages"))["items"]
    assert kept[0]["stopped"]
    assert len(kept) == 2
