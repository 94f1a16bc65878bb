"""The interface keeps its word: whatever is sent, the answer is the described one.

Every operation gets requests at random; every fifth one, and all of them in `make prove`, also gets
each way there is to leave something out, to say it wrong, or to go to the edge of what is allowed.
"""

import asyncio
import re
import sys
from pathlib import Path

import httpx2
import pytest

from tests.factories import PASSWORD
from tests.programs import client_at, new_place, untraced

HERE = Path(__file__).parent
FUZZER = Path(sys.executable).with_name("st")
CASES = 2_000
# These end the session that the fuzzer lives in, so they come last.
FAREWELLS = ("log_out", "revoke_session")
OPEN = {"SELFOS_RATE_LIMIT_PER_MINUTE": "1000000", "SELFOS_TRUSTED_PROXIES": '["127.0.0.1/32"]'}


async def somebody(client: httpx2.AsyncClient) -> str:
    """Register a person with a bit of everything, and return their phone's access token."""
    who = {"email": "ada@example.org", "password": PASSWORD}

    async def post(path: str, **body: object) -> httpx2.Response:
        answer = await client.post(path, json=body)
        assert answer.is_success, answer.text
        return answer

    await post("/auth/register", name="Ada", **who)
    project = (await post("/projects", name="House", phases=["Plan", "Build"])).json()["id"]
    plan = (await post("/goals/decompose", goal={"title": "Run a marathon"})).json()["proposal"]
    await post(f"/proposals/{plan['id']}/apply")
    task = (await post("/tasks", title="Call Mum", project_id=project, labels=["home"])).json()
    await post(f"/tasks/{task['id']}/complete")
    await post("/stories/generate")
    return (await post("/auth/token", device_name="Phone", **who)).json()["access_token"]


async def fuzz(address: str, token: str, phases: str, operations: list[str]) -> int:
    """Fuzz these operations with every check there is; returns the number of cases."""
    chosen = [part for name in operations for part in ("--include-operation-id", name)]
    process = await asyncio.create_subprocess_exec(
        *(FUZZER, "--config-file", HERE / "fuzzing.toml", "--no-color", "run"),
        *(f"{address}/openapi.json", "--checks", "all", "--phases", phases),
        *("--max-examples", "2", "--header", f"Authorization: Bearer {token}", *chosen),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=untraced(),
        cwd=HERE.parent.parent,
    )
    said = (await process.communicate())[0].decode()
    assert process.returncode == 0, said
    generated = re.search(r"(\d+) generated", said)
    assert generated is not None, said
    return int(generated[1])


async def operations_at(client: httpx2.AsyncClient) -> list[str]:
    """Return the names of all operations but those that end the session."""
    paths = (await client.get("/openapi.json")).json()["paths"].values()
    names = [operation["operationId"] for path in paths for operation in path.values()]
    return [name for name in names if name not in FAREWELLS]


@pytest.mark.parametrize(
    "every", [5, pytest.param(1, marks=pytest.mark.proof)], ids=["sample", "all"]
)
async def test_every_answer_is_the_described_one(every: int) -> None:
    async with new_place() as place:
        server = place.start("serve", "--port", "0", **OPEN)
        address = await server.heard("SelfOS is ready: ") + "/api/v1"
        async with client_at(address) as client:
            token = await somebody(client)
            names = await operations_at(client)
        closely = names[::every]
        rest = [name for name in names if name not in closely]
        cases = await fuzz(address, token, "coverage,fuzzing", closely)
        cases += await fuzz(address, token, "fuzzing", rest) if rest else 0
        cases += await fuzz(address, token, "coverage,fuzzing", list(FAREWELLS))
        assert cases >= CASES
        said = server.log.read_text()
        assert "request.failed" not in said, said
        print(f"{cases} cases")  # noqa: T201 - the figure of the proof
