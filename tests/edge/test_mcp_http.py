"""MCP over HTTP, with the protocol's own client: what a token opens, and what it never does."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from mcp_types import CallToolResult

from selfos.edge.limits import READ_COST, WRITE_COST, Limits
from selfos.edge.registry import TOOLS
from selfos.kernel.identifiers import new_id
from selfos.kernel.tools import Group
from tests.factories import Person

MakePerson = Callable[..., Awaitable[Person]]
ADDRESS = "http://127.0.0.1:8000/mcp"
EVERYTHING = (
    "areas",
    "goals",
    "habits",
    "history",
    "notes",
    "overview",
    "projects",
    "tasks",
)


async def token_for(person: Person, level: str = "propose", **levels: str) -> dict[str, Any]:
    """Make an assistant's token; `levels` override the level of single groups."""
    consent = dict.fromkeys(EVERYTHING, level) | levels
    return await person.post("/auth/tokens", 201, name="Robin", consent=consent)


Connect = Callable[..., Any]


@pytest.fixture
def connect(app: FastAPI) -> Connect:
    """Connect the protocol's client to the application, by either era of the protocol."""

    @asynccontextmanager
    async def connected(token: str, mode: str = "auto", **headers: str) -> AsyncGenerator[Client]:
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        http = httpx2.AsyncClient(
            transport=transport, headers={"Authorization": f"Bearer {token}", **headers}
        )
        async with http, Client(streamable_http_client(ADDRESS, http_client=http), mode=mode) as c:
            yield c

    return connected


def key() -> str:
    return new_id().hex


async def call(client: Client, name: str, **arguments: Any) -> Any:
    """Call a tool and return its structured answer, insisting on success."""
    result = await client.call_tool(name, arguments)
    assert not result.is_error, result
    assert json.loads(text_of(result)) == result.structured_content
    return result.structured_content


async def refused(client: Client, name: str, **arguments: Any) -> dict[str, Any]:
    """Call a tool and return the problem it is refused with."""
    result = await client.call_tool(name, arguments)
    assert result.is_error, result
    assert text_of(result) == result.structured_content["detail"]
    return result.structured_content


def text_of(result: CallToolResult) -> str:
    (content,) = result.content
    assert content.type == "text"
    return content.text


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_tools_are_listed_and_called_in_both_eras_of_the_protocol(
    person: Person, connect: Connect, mode: str
) -> None:
    await person.post("/tasks", 201, title="Call the plumber", priority=1)
    token = (await token_for(person))["token"]
    async with connect(token, mode) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert tools["list_tasks"].annotations.read_only_hint
        assert tools["delete_task"].annotations.destructive_hint
        assert not any(tool.annotations.open_world_hint for tool in tools.values())
        found = await call(client, "list_tasks", q="p1")
        assert [task["title"] for task in found["data"]["items"]] == ["Call the plumber"]


async def test_a_call_counts_once_and_as_much_as_over_http(app: FastAPI, person: Person) -> None:
    limits: Limits = app.state.doorkeeper.limits
    token = await token_for(person)
    account = limits._account, f"token:{token['id']}"  # pyright: ignore[reportPrivateUsage]
    headers = {
        "Authorization": f"Bearer {token['token']}",
        "Accept": "application/json, text/event-stream",
        "MCP-Protocol-Version": "2025-06-18",
    }
    left: list[int] = []
    stamps = {"title": "Buy stamps", "idempotency_key": key()}
    calls: list[tuple[str, dict[str, str]]] = [("list_tasks", {}), ("create_task", stamps)]
    for name, arguments in [*calls, calls[0]]:
        left.append((await limits._shared.get_window_stats(*account)).remaining)  # pyright: ignore[reportPrivateUsage]
        params = {"name": name, "arguments": arguments}
        asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
        answer = await person.client.post(ADDRESS, headers=headers, json=asked)
        assert not answer.json()["result"]["isError"], answer.text
    assert (left[0] - left[1], left[1] - left[2]) == (READ_COST, WRITE_COST)


async def test_without_more_consent_a_change_is_proposed_with_an_address_to_decide_at(
    person: Person, connect: Connect
) -> None:
    async with connect((await token_for(person))["token"]) as client:
        answer = await call(client, "create_task", title="Buy stamps", idempotency_key=key())
        assert answer["address"] == f"http://127.0.0.1:8000/proposals/{answer['proposal_id']}"
        assert "Nothing has changed" in answer["note"]
        assert (await person.get("/tasks"))["items"] == []
        more = await call(
            client,
            "create_task",
            title="Buy envelopes",
            proposal_id=answer["proposal_id"],
            idempotency_key=key(),
        )
        assert more["proposal_id"] == answer["proposal_id"]
        await person.post(f"/proposals/{answer['proposal_id']}/apply")
        seen = await call(client, "get_proposal", proposal_id=answer["proposal_id"])
        assert seen["data"]["status"] == "applied"
    assert len((await person.get("/tasks"))["items"]) == 2


async def test_with_consent_a_change_is_made_by_the_assistant_in_its_users_name(
    person: Person, connect: Connect
) -> None:
    async with connect((await token_for(person, tasks="act"))["token"]) as client:
        answer = await call(client, "create_task", title="Buy stamps", idempotency_key=key())
        assert answer["done"]
        proposed = await call(client, "create_goal", title="Write more", idempotency_key=key())
        assert "proposal_id" in proposed
        asked = await call(client, "delete_task", task_id=answer["id"], idempotency_key=key())
        assert "proposal_id" in asked
    (task,) = (await person.get("/tasks"))["items"]
    assert task["id"] == answer["id"]
    history = (await person.get("/history"))["items"]
    made = next(each for each in history if each["id"] == answer["changeset_id"])
    assert (made["door"], made["actor"]["kind"]) == ("mcp", "assistant")
    assert made["actor"]["user_id"] == str(person.user_id)


async def test_a_change_is_made_once_for_one_key(person: Person, connect: Connect) -> None:
    async with connect((await token_for(person, "act"))["token"]) as client:
        once = key()
        first = await call(client, "create_task", title="Once", idempotency_key=once)
        again = await call(client, "create_task", title="Once", idempotency_key=once)
        assert again == first
        problem = await refused(client, "create_task", title="Other", idempotency_key=once)
        assert "another request" in problem["detail"]
        for wrong in ({}, {"idempotency_key": ""}, {"idempotency_key": 7}):
            problem = await refused(client, "create_task", title="No key", **wrong)
            assert problem["errors"][0]["pointer"] == "/idempotency_key"
    assert [task["title"] for task in (await person.get("/tasks"))["items"]] == ["Once"]


async def test_foreign_things_are_not_there(
    person: Person, make_person: MakePerson, connect: Connect
) -> None:
    other = await make_person()
    theirs = await other.post("/tasks", 201, title="Secret of the other")
    goal = await other.post("/goals", 201, title="Their goal")
    async with connect((await token_for(person, "act"))["token"]) as client:
        missing = await refused(client, "get_task", task_id=str(new_id()))
        assert await refused(client, "get_task", task_id=theirs["id"]) == missing
        done = {"task_id": theirs["id"], "idempotency_key": key()}
        assert (await refused(client, "complete_task", **done))["status"] == 404
        await refused(client, "create_task", title="x", goal_id=goal["id"], idempotency_key=key())
        with pytest.raises(MCPError, match="no such goal"):
            await client.read_resource(f"selfos://goals/{goal['id']}")
    assert (await other.get(f"/tasks/{theirs['id']}"))["state"] == "inbox"


async def test_no_header_moves_a_token_to_another_workspace(
    person: Person, connect: Connect
) -> None:
    team = await person.post("/workspaces", 201, name="Club")
    await person.post("/tasks", 201, title="At home")
    token = (await token_for(person))["token"]
    async with connect(token, **{"SelfOS-Workspace": team["id"]}) as client:
        found = await call(client, "list_tasks")
    assert [task["title"] for task in found["data"]["items"]] == ["At home"]


async def test_a_token_of_a_workspace_one_has_left_opens_nothing(
    person: Person, make_person: MakePerson, connect: Connect
) -> None:
    team = await person.post("/workspaces", 201, name="Club")
    here = {"SelfOS-Workspace": team["id"]}
    guest = await make_person()
    invited = await person.send(
        "POST", "/invitations", 201, json={"email": guest.email}, headers=here
    )
    secret = invited["accept_url"].rpartition("=")[2].rpartition("/")[2]
    await guest.post("/invitations/accept", token=secret)
    token = await token_for(guest)
    async with connect(token["token"]) as client:
        await call(client, "list_tasks")
        members = (await person.send("GET", "/members", 200, headers=here))["items"]
        (member,) = [each["id"] for each in members if each["user_id"] == str(guest.user_id)]
        await person.send("DELETE", f"/members/{member}", 204, headers=here)
        with pytest.raises(MCPError):
            await client.call_tool("list_tasks")


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"title": "x", "priority": "high"},
        {"title": "x", "workspace_id": str(new_id())},
        {"title": "x" * 501},
        {"title": "x", "due": {"kind": "date", "date": "2027-02-30"}},
    ],
)
async def test_wrong_arguments_are_answered_clearly_and_change_nothing(
    person: Person, connect: Connect, arguments: dict[str, Any]
) -> None:
    async with connect((await token_for(person, "act"))["token"]) as client:
        problem = await refused(client, "create_task", **arguments, idempotency_key=key())
    assert problem["status"] == 422
    pointer = problem["errors"][0]["pointer"]
    assert pointer in {"/title", "/priority", "/workspace_id", "/due/date/date"}
    assert (await person.get("/tasks"))["items"] == []
    assert (await person.get("/proposals"))["items"] == []


async def test_a_token_shows_only_what_it_opens(person: Person, connect: Connect) -> None:
    consent = {"tasks": "read", "habits": "propose"}
    token = await person.post("/auth/tokens", 201, name="Robin", consent=consent)
    async with connect(token["token"]) as client:
        names = {tool.name for tool in (await client.list_tools()).tools}
        groups = {tool.group for tool in TOOLS if tool.name in names}
        assert groups == {Group.TASKS, Group.HABITS}
        assert {"list_tasks", "check_in_habit"} <= names
        assert "create_task" not in names
        problem = await refused(client, "create_task", title="x", idempotency_key=key())
        assert (problem["status"], "no consent" in problem["detail"]) == (403, True)
        problem = await refused(client, "launch_rocket")
        assert problem["detail"] == "There is no such tool."
        assert (await client.list_resources()).resources == []
        with pytest.raises(MCPError, match="no consent"):
            await client.read_resource("selfos://today")
    (shown,) = [s for s in (await person.get("/auth/sessions"))["items"] if s["consent"]]
    assert (shown["kind"], shown["consent"], shown["name"]) == ("assistant", consent, "Robin")


async def test_resources_are_the_profile_the_day_and_goals_in_context(
    person: Person, connect: Connect
) -> None:
    goal = await person.post("/goals", 201, title="Swim a mile")
    await person.post("/tasks", 201, title="Buy goggles", goal_id=goal["id"])
    async with connect((await token_for(person, "read"))["token"]) as client:
        uris = [each.uri for each in (await client.list_resources()).resources]
        assert uris == ["selfos://profile", "selfos://today", f"selfos://goals/{goal['id']}"]
        templates = (await client.list_resource_templates()).resource_templates
        assert [each.uri_template for each in templates] == ["selfos://goals/{id}"]
        read: dict[str, Any] = {}
        for uri in uris:
            (content,) = (await client.read_resource(uri)).contents
            read[uri] = json.loads(content.text)["data"]
        with pytest.raises(MCPError, match="no such resource"):
            await client.read_resource("selfos://secrets")
    assert read["selfos://profile"]["time_zone"] == "UTC"
    assert "habits" in read["selfos://today"]
    in_context = read[f"selfos://goals/{goal['id']}"]
    assert in_context["goal"]["title"] == "Swim a mile"
    assert [part["title"] for part in in_context["progress"]["parts"]] == ["Buy goggles"]


async def test_prompts_begin_a_conversation(person: Person, connect: Connect) -> None:
    async with connect((await token_for(person, "read"))["token"]) as client:
        names = [each.name for each in (await client.list_prompts()).prompts]
        prompt = await client.get_prompt("plan_my_day")
        with pytest.raises(MCPError, match="no such prompt"):
            await client.get_prompt("rule_the_world")
    assert "plan_my_day" in names
    assert "get_today" in prompt.messages[0].content.text


async def knock(person: Person, token: str | None, **headers: str) -> httpx2.Response:
    """Send a request as no protocol library would, with this person's cookie."""
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    body: dict[str, Any] = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    accept = {"Accept": "application/json, text/event-stream"}
    return await person.client.post(ADDRESS, json=body, headers=accept | headers)


async def test_only_a_living_token_opens_the_door(person: Person) -> None:
    made = await token_for(person)
    assert (await knock(person, made["token"])).status_code == 200
    # Not the cookie that this client carries, not a device's token, nothing invented.
    signed = await person.client.post(
        "/auth/token",
        json={"email": person.email, "password": person.password, "device_name": "Phone"},
    )
    for token in (None, "", "sos_mcp_invented", signed.json()["access_token"]):
        answer = await knock(person, token)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.headers["content-type"] == "application/problem+json"
    await person.delete(f"/auth/sessions/{made['id']}")
    assert (await knock(person, made["token"])).status_code == 401


async def test_revoking_a_token_ends_a_conversation(person: Person, connect: Connect) -> None:
    made = await token_for(person, "act")
    async with connect(made["token"]) as client:
        await call(client, "list_tasks")
        await person.delete(f"/auth/sessions/{made['id']}")
        with pytest.raises(MCPError):
            await client.call_tool("create_task", {"title": "x", "idempotency_key": key()})
    assert (await person.get("/tasks"))["items"] == []


async def test_an_assistants_token_opens_no_other_door(
    person: Person, new_client: Callable[[], httpx2.AsyncClient]
) -> None:
    token = (await token_for(person, "act"))["token"]
    assert token.startswith("sos_mcp_")
    client = new_client()
    client.headers["Authorization"] = f"Bearer {token}"
    for method, path in (
        ("GET", "/tasks"),
        ("POST", "/tasks"),
        ("GET", "/auth/me"),
        ("POST", "/auth/tokens"),
        ("GET", "/sync/conflicts"),
    ):
        answer = await client.request(method, path, json={})
        assert answer.status_code == 401, path


async def test_a_programs_token_reads_and_proposes(person: Person, connect: Connect) -> None:
    plain = await person.post("/auth/tokens", 201, name="Script")
    reading = await person.post("/auth/tokens", 201, name="Reader", read_only=True)
    async with connect(plain["token"]) as client:
        answer = await call(client, "create_task", title="x", idempotency_key=key())
        assert "proposal_id" in answer
    async with connect(reading["token"]) as client:
        await call(client, "list_tasks")
        problem = await refused(client, "create_task", title="x", idempotency_key=key())
        assert problem["status"] == 403


async def test_pages_of_other_sites_are_refused_even_with_a_token(person: Person) -> None:
    token = (await token_for(person))["token"]
    assert (await knock(person, token, Origin="https://evil.example")).status_code == 403
    assert (await knock(person, token, Origin="http://127.0.0.1:8000")).status_code == 200


async def test_there_is_no_stream_and_no_session(person: Person) -> None:
    for method in ("GET", "DELETE", "PUT"):
        answer = await person.client.request(method, ADDRESS)
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize(
    "body",
    [
        {"consent": {}},
        {"consent": {"tasks": "everything"}},
        {"consent": {"secrets": "read"}},
        {"consent": {"tasks": "read"}, "read_only": True},
    ],
)
async def test_consent_is_for_known_things_and_levels(person: Person, body: dict[str, Any]) -> None:
    await person.post("/auth/tokens", 422, name="Robin", **body)
