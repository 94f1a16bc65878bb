"""The example client does what it says, as a program of its own against a running server."""

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.factories import PASSWORD
from tests.programs import client_at, new_place, untraced

CLIENT = Path(__file__).parents[3] / "examples" / "sync_client.py"


@dataclass
class Phone:
    """One device of the example: its file, and where it syncs."""

    file: Path
    url: str
    token: str

    async def run(self, *words: str, fails: bool = False) -> str:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, CLIENT, "--file", self.file, *words),
            env=untraced(SELFOS_URL=self.url, SELFOS_TOKEN=self.token),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        said, wrong = await process.communicate()
        assert process.returncode == int(fails), wrong.decode()
        return (wrong if fails else said).decode()


async def test_the_example_works_offline_and_agrees_afterwards(tmp_path: Path) -> None:
    async with new_place() as place:
        server = place.start("serve", "--port", "0")
        url = await server.heard("SelfOS is ready: ")
        async with client_at(f"{url}/api/v1") as web:
            who = {"name": "Ada", "email": "ada@example.org", "password": PASSWORD}
            await web.post("/auth/register", json=who)
            token = (await web.post("/auth/tokens", json={"name": "phone"})).json()["token"]
            phone, laptop = (Phone(tmp_path / name, url, token) for name in ("phone", "laptop"))
            task = (await phone.run("add", "Call Mum", "--labels", "family")).strip()
            await phone.run("rename", task[:20], "Call Dad")
            assert (await web.get("/tasks")).json()["items"] == []
            stranger, nowhere = (
                Phone(phone.file, url, "none"),
                Phone(phone.file, "http://[::1]:1", ""),
            )
            for device in (stranger, nowhere):
                said = await device.run("sync", fails=True)
                assert "2 changes wait" in said
                assert "Traceback" not in said
            assert "0 changes wait" in await phone.run("sync")
            (row,) = (await web.get("/tasks")).json()["items"]
            assert (row["id"], row["title"]) == (task, "Call Dad")

            await laptop.run("sync")
            await laptop.run("rename", task, "Call everybody")
            await phone.run("rename", task, "Call nobody")
            await phone.run("done", task)
            await phone.run("sync")
            said = await laptop.run("sync")
            assert "Conflict in title: “Call nobody” stands, not “Call everybody”" in said
            await phone.run("sync")
            lists = {await device.run("list") for device in (phone, laptop)}
            assert lists == {f"{task} done      Call nobody\n"}
