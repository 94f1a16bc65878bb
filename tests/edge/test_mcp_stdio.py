"""`selfos mcp`: the command as a client starts it, and what it costs those who never do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters
from mcp_types import TextResourceContents

from selfos.kernel.embedded import Embedded
from tests.factories import Person

SELFOS = Path(sys.executable).with_name("selfos")


@pytest.fixture
def server(postgres: Embedded, database: str, tmp_path: Path) -> dict[str, Any]:
    """How to start the command on the tests' database."""
    return {
        "command": str(SELFOS),
        "args": ["mcp", "--data", str(tmp_path)],
        "env": {"SELFOS_DATABASE_URL": postgres.url("selfos_app", database)},
    }


async def test_a_program_that_starts_us_reads_and_proposes(
    person: Person, server: dict[str, Any], tmp_path: Path
) -> None:
    consent = {"tasks": "act", "overview": "read", "goals": "propose"}
    made = await person.post("/auth/tokens", 201, name="Desk", consent=consent)
    file = tmp_path / "token"
    file.write_text(f"{made['token']}\n")
    server["args"] += ["--token-file", str(file)]
    async with Client(StdioServerParameters(**server)) as client:
        names = {tool.name for tool in (await client.list_tools()).tools}
        assert {"get_today", "create_task", "create_goal"} <= names
        assert "create_area" not in names
        done = await client.call_tool("create_task", {"title": "Pack", "idempotency_key": "1"})
        proposed = await client.call_tool("create_goal", {"title": "Go", "idempotency_key": "2"})
        wrong = await client.call_tool("create_task", {"titel": "Pack", "idempotency_key": "3"})
        profile = await client.read_resource("selfos://profile")
    assert (done.is_error, proposed.is_error, wrong.is_error) == (False, False, True)
    assert wrong.structured_content["errors"][0]["pointer"] == "/title"
    (content,) = profile.contents
    assert isinstance(content, TextResourceContents)
    assert "Person" in content.text
    assert [task["title"] for task in (await person.get("/tasks"))["items"]] == ["Pack"]
    assert (await person.get("/goals"))["items"] == []
    await person.get(f"/proposals/{proposed.structured_content['proposal_id']}")


async def test_a_token_from_the_environment_counts_until_it_is_revoked(
    person: Person, server: dict[str, Any]
) -> None:
    made = await person.post("/auth/tokens", 201, name="Desk", consent={"tasks": "act"})
    server["env"]["SELFOS_MCP_TOKEN"] = made["token"]
    async with Client(StdioServerParameters(**server)) as client:
        assert not (await client.call_tool("list_tasks")).is_error
        await person.delete(f"/auth/sessions/{made['id']}")
        refused = await client.call_tool("create_task", {"title": "x", "idempotency_key": "1"})
        assert refused.is_error
        assert refused.structured_content["status"] == 401
    assert (await person.get("/tasks"))["items"] == []


@pytest.mark.parametrize("token", [None, "sos_mcp_invented"])
def test_without_a_token_that_opens_something_it_says_so_and_ends(
    server: dict[str, Any], token: str | None
) -> None:
    environment = server["env"] | ({"SELFOS_MCP_TOKEN": token} if token else {})
    ended = subprocess.run(
        [server["command"], *server["args"]],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.startswith("error: ")
    assert "Traceback" not in ended.stderr


def test_the_protocols_library_is_not_loaded_until_somebody_knocks() -> None:
    asked = "import sys, selfos.edge.server, selfos.edge.cli; print('mcp' in sys.modules)"
    said = subprocess.check_output([sys.executable, "-c", asked], text=True)
    assert said.strip() == "False"
