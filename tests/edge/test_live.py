"""The live door: who has it open learns how far the ledger is, and nobody else does."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI

from selfos.edge import live
from selfos.edge.live import SOCKETS_PER_USER, Hub
from selfos.kernel.core import Kernel
from selfos.kernel.identifiers import new_id
from tests.edge.sockets import PATIENCE_SECONDS, Socket, cookie_of
from tests.factories import Person

MakePerson = Callable[..., Awaitable[Person]]
POLICY_VIOLATION, SERVICE_RESTART = 1008, 1012


async def position(person: Person) -> int:
    return (await person.get("/history", limit=1))["items"][0]["seq"]


def unheard(*_: object) -> None:
    """Announce nothing."""


def hub(app: FastAPI) -> Hub:
    return app.state.hub


async def test_the_cursor_is_told_at_once_and_when_it_moves(app: FastAPI, person: Person) -> None:
    seq = await position(person)
    async with Socket(app, cookie_of(person)) as socket:
        assert await socket.hear() == {
            "type": "cursor",
            "workspace": str(person.workspace_id),
            "seq": seq,
        }
        await person.post("/labels", 201, name="x")
        assert await socket.hear_cursor(seq + 1) == seq + 1
        await person.get("/labels")
        await person.patch("/auth/me", name="No matter for the workspace")
        await person.post("/labels", 201, name="y")
        assert await socket.hear_cursor(seq + 2) >= seq + 2


async def test_everybody_hears_of_their_own_notifications_and_of_nobody_elses(
    app: FastAPI, person: Person, make_person: MakePerson
) -> None:
    other = await make_person()
    async with (
        Socket(app, cookie_of(person)) as mine,
        Socket(app, cookie_of(other)) as theirs,
    ):
        await mine.hear()
        await theirs.hear()
        await person.post("/notifications/read")
        assert await mine.hear() == {"type": "notifications"}
        await other.post("/labels", 201, name="x")
        assert (await theirs.hear())["type"] == "cursor"


async def test_who_comes_back_learns_what_was_missed(app: FastAPI, person: Person) -> None:
    async with Socket(app, cookie_of(person)) as socket:
        known = (await socket.hear())["seq"]
    await person.post("/labels", 201, name="while away")
    async with Socket(app, cookie_of(person), f"since={known}") as socket:
        assert (await socket.hear())["seq"] == known + 1


async def test_others_hear_nothing(app: FastAPI, person: Person, make_person: MakePerson) -> None:
    other = await make_person()
    async with Socket(app, cookie_of(other)) as theirs, Socket(app, cookie_of(person)) as mine:
        await theirs.hear()
        seq = (await mine.hear())["seq"]
        await person.post("/labels", 201, name="x")
        await mine.hear_cursor(seq + 1)
        await hub(app).sweep()
        assert theirs.silent


async def test_a_lost_signal_costs_only_time(
    app: FastAPI, person: Person, kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Socket(app, cookie_of(person)) as socket:
        seq = (await socket.hear())["seq"]
        monkeypatch.setattr(kernel.signals, "announce", unheard)
        await person.post("/labels", 201, name="x")
        assert await socket.hear_cursor(seq + 1) == seq + 1


async def test_signing_out_closes_the_socket(app: FastAPI, person: Person) -> None:
    async with Socket(app, cookie_of(person)) as socket:
        await person.post("/auth/logout", 204)
        assert await socket.closed() == POLICY_VIOLATION


async def test_a_session_that_ends_unannounced_closes_its_socket(
    app: FastAPI, person: Person, kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Socket(app, cookie_of(person)) as socket:
        monkeypatch.setattr(kernel.signals, "announce", unheard)
        await person.post("/auth/logout", 204)
        assert await socket.closed() == POLICY_VIOLATION


async def test_a_removed_members_socket_is_closed(
    app: FastAPI, person: Person, make_person: MakePerson
) -> None:
    other = await make_person()
    team = await person.post("/workspaces", 201, name="Crew")
    person.client.headers["SelfOS-Workspace"] = team["id"]
    made = await person.post("/invitations", 201, email=other.email, role="member")
    link: str = made["accept_url"]
    await other.post("/invitations/accept", token=parse_qs(urlsplit(link).query)["token"][0])
    there = {**cookie_of(other), "SelfOS-Workspace": team["id"]}
    async with Socket(app, there) as in_team, Socket(app, cookie_of(other)) as at_home:
        assert (await in_team.hear())["workspace"] == team["id"]
        members = (await person.get("/members"))["items"]
        theirs = next(m for m in members if m["user_id"] == str(other.user_id))
        await person.delete(f"/members/{theirs['id']}")
        assert await in_team.closed() == POLICY_VIOLATION
        assert await at_home.closed() == POLICY_VIOLATION
    async with Socket(app, there) as refused:
        assert await refused.closed() == POLICY_VIOLATION


@pytest.mark.parametrize(
    "change",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": None},
        {"Cookie": None},
        {"Cookie": "selfos=sos_web_forged"},
        {"Authorization": "Bearer sos_api_forged"},
        {"Authorization": "Basic YTpi"},
        {"SelfOS-Workspace": str(new_id())},
        {"SelfOS-Workspace": "home"},
    ],
)
async def test_who_may_not_listen_is_turned_away(
    app: FastAPI, person: Person, change: dict[str, Any]
) -> None:
    headers = {**cookie_of(person), **change}
    before = len(hub(app).clients)
    kept = {name: value for name, value in headers.items() if value is not None}
    async with Socket(app, kept) as socket:
        assert await socket.closed() == POLICY_VIOLATION
    assert len(hub(app).clients) == before


async def test_a_program_listens_with_its_token(app: FastAPI, person: Person) -> None:
    token = await person.post("/auth/tokens", 201, name="watch", read_only=True)
    async with Socket(app, {"Authorization": f"Bearer {token['token']}"}) as socket:
        assert (await socket.hear())["workspace"] == str(person.workspace_id)


async def test_one_person_has_a_limited_number_of_sockets(app: FastAPI, person: Person) -> None:
    async with AsyncExitStack() as stack:
        for _ in range(SOCKETS_PER_USER):
            socket = await stack.enter_async_context(Socket(app, cookie_of(person)))
            await socket.hear()
        surplus = await stack.enter_async_context(Socket(app, cookie_of(person)))
        assert await surplus.closed() == POLICY_VIOLATION
    async with Socket(app, cookie_of(person)) as again:
        assert (await again.hear())["type"] == "cursor"


async def test_silence_is_broken_by_pings(
    app: FastAPI, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "PING_SECONDS", 0.01)
    async with Socket(app, cookie_of(person)) as socket:
        assert (await socket.hear())["type"] == "cursor"
        assert await socket.hear() == {"type": "ping"}
        assert await socket.hear() == {"type": "ping"}


async def test_a_draining_server_sends_everybody_elsewhere(app: FastAPI, person: Person) -> None:
    async with Socket(app, cookie_of(person)) as socket:
        await socket.hear()
        hub(app).drain()
        assert await socket.closed() == SERVICE_RESTART


async def test_who_leaves_is_forgotten(app: FastAPI, person: Person) -> None:
    before = len(hub(app).clients)
    async with Socket(app, cookie_of(person)) as socket:
        await socket.hear()
        assert len(hub(app).clients) == before + 1
    assert len(hub(app).clients) == before


async def test_sweeping_goes_on_after_the_database_was_away(
    app: FastAPI, person: Person, kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept = asyncio.Event()

    async def fail(_: Hub) -> None:
        swept.set()
        async with kernel.database.transaction() as transaction:
            await transaction.driver.close()
            await transaction.driver.execute("SELECT 1")

    async with Socket(app, cookie_of(person)) as socket:
        seq = (await socket.hear())["seq"]
        with monkeypatch.context() as broken:
            broken.setattr(Hub, "sweep", fail)
            await asyncio.wait_for(swept.wait(), PATIENCE_SECONDS)
        await person.post("/labels", 201, name="x")
        assert await socket.hear_cursor(seq + 1) == seq + 1
