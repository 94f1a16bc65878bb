"""The live door opens to whom the other doors open, and closes when they close."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from fastapi import FastAPI

from selfos.kernel.identifiers import new_id
from selfos.kernel.settings import Settings
from tests.factories import Person
from tests.security.world import token_of

MakePerson = Callable[..., Awaitable[Person]]
REFUSED = 1008
PATIENCE_SECONDS = 30


@dataclass
class Socket:
    """The client's end of a WebSocket to the application in this process."""

    heard: asyncio.Queue[Any] = field(default_factory=asyncio.Queue[Any])
    said: asyncio.Queue[Any] = field(default_factory=asyncio.Queue[Any])

    async def next(self) -> dict[str, Any]:
        """Return what the application sends next."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await self.heard.get()

    async def closed(self) -> int:
        """Return the code the application closes with, whatever it says before."""
        while (message := await self.next())["type"] != "websocket.close":
            pass
        return message["code"]


@asynccontextmanager
async def dialled(app: FastAPI, **headers: str | None) -> AsyncGenerator[Socket]:
    """Open the live door with these headers; a header without value is left out."""
    socket = Socket()
    sent = {key: value for key, value in headers.items() if value is not None}
    scope = {
        "type": "websocket",
        "path": "/api/v1/live",
        "raw_path": b"/api/v1/live",
        "query_string": b"",
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in sent.items()],
        "client": ("10.9.9.9", 50_000),
        "server": ("127.0.0.1", 8000),
        "scheme": "ws",
        "subprotocols": [],
        "app": app,
    }
    socket.said.put_nowait({"type": "websocket.connect"})
    serving = asyncio.create_task(app(scope, socket.said.get, socket.heard.put))
    try:
        yield socket
    finally:
        socket.said.put_nowait({"type": "websocket.disconnect", "code": 1000})
        async with asyncio.timeout(PATIENCE_SECONDS):
            await serving


def cookie(person: Person) -> str:
    return "; ".join(f"{name}={value}" for name, value in person.client.cookies.items())


@pytest.fixture
def origin(settings: Settings) -> str:
    return settings.origin


async def team_with(owner: Person, *members: Person) -> str:
    team = (await owner.post("/workspaces", 201, name="Team"))["id"]
    for member in members:
        made = await owner.client.post(
            "/invitations", json={"email": member.email}, headers={"SelfOS-Workspace": team}
        )
        await member.post("/invitations/accept", token=token_of(made.json()["accept_url"]))
    return team


async def test_a_member_hears_of_the_team(app: FastAPI, person: Person, origin: str) -> None:
    team = await team_with(person)
    opened = dialled(app, cookie=cookie(person), origin=origin, selfos_workspace=team)
    async with opened as socket:
        assert (await socket.next())["type"] == "websocket.accept"
        assert team in (await socket.next())["text"]
        await person.client.post(
            "/tasks", json={"title": "Row"}, headers={"SelfOS-Workspace": team}
        )
        assert '"cursor"' in (await socket.next())["text"]


@pytest.mark.parametrize("who", ["outsider", "removed", "nobody", "other page", "no page"])
async def test_everybody_else_is_refused_alike(
    app: FastAPI, make_person: MakePerson, origin: str, who: str
) -> None:
    owner, outsider, removed = await make_person(), await make_person(), await make_person()
    team = await team_with(owner, removed)
    for member in (await owner.send("GET", "/members", 200, headers={"SelfOS-Workspace": team}))[
        "items"
    ]:
        if member["user_id"] == str(removed.user_id):
            headers = {"SelfOS-Workspace": team}
            await owner.send("DELETE", f"/members/{member['id']}", 204, headers=headers)
    cookies = {"outsider": cookie(outsider), "removed": cookie(removed), "nobody": None}
    origins = {"other page": "https://evil.example", "no page": None}
    answers: list[list[Any]] = []
    for workspace in (team, str(new_id())):
        shown = {"cookie": cookies.get(who, cookie(owner)), "origin": origins.get(who, origin)}
        async with dialled(app, **shown, selfos_workspace=workspace) as socket:
            answers.append([await socket.next(), await socket.next()])
    assert answers[0] == answers[1]
    assert answers[0][1]["code"] == REFUSED


@pytest.mark.parametrize("how", ["session revoked", "logged out", "member removed"])
async def test_a_socket_closes_when_its_right_ends(
    app: FastAPI, make_person: MakePerson, origin: str, how: str
) -> None:
    owner, member = await make_person(), await make_person()
    team = await team_with(owner, member)
    there = {"SelfOS-Workspace": team}
    opened = dialled(app, cookie=cookie(member), origin=origin, selfos_workspace=team)
    async with opened as socket:
        assert (await socket.next())["type"] == "websocket.accept"
        if how == "logged out":
            await member.post("/auth/logout", 204)
        elif how == "session revoked":
            sessions = (await member.get("/auth/sessions"))["items"]
            current = next(session["id"] for session in sessions if session["current"])
            await member.delete(f"/auth/sessions/{current}")
        else:
            members = (await owner.send("GET", "/members", 200, headers=there))["items"]
            found = next(m["id"] for m in members if m["user_id"] == str(member.user_id))
            await owner.send("DELETE", f"/members/{found}", 204, headers=there)
        assert await socket.closed() == REFUSED
