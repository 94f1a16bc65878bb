"""An instance for one: the first account is the operator's, and may be the last."""

import asyncio
from pathlib import Path

import httpx2
import psycopg
import pytest

from selfos.kernel.embedded import Embedded
from selfos.kernel.settings import Registration, Settings
from tests.conftest import Clock, running_app
from tests.factories import PASSWORD


async def register(client: httpx2.AsyncClient, name: str, **more: str) -> int:
    body = {"email": f"{name}@example.org", "password": PASSWORD, "name": name, **more}
    return (await client.post("/auth/register", json=body)).status_code


@pytest.mark.parametrize(
    ("mode", "accounts"),
    [(Registration.OPEN, 4), (Registration.FIRST_USER, 1), (Registration.CLOSED, 0)],
)
async def test_registration_is_open_to_whom_the_operator_says(
    postgres: Embedded, fresh_database: str, tmp_path: Path, mode: Registration, accounts: int
) -> None:
    settings = Settings(data=tmp_path, registration=mode)
    url = postgres.url("selfos_app", fresh_database)
    async with running_app(settings, url, Clock()) as (app, _):
        transport = httpx2.ASGITransport(app=app)
        base = "http://127.0.0.1:8000/api/v1"
        async with httpx2.AsyncClient(transport=transport, base_url=base) as client:
            assert (await client.get("/instance")).json()["has_users"] is False
            names = ("ada", "bob", "cleo", "dan")
            answers = await asyncio.gather(*(register(client, name) for name in names))
            told = (await client.get("/instance")).json()
    assert answers.count(201) == accounts
    assert set(answers) <= {201, 403}
    assert told["has_users"] is (accounts > 0)
    assert told["registration"] == mode
    owner = postgres.url("postgres", fresh_database)
    async with await psycopg.AsyncConnection.connect(owner) as connection:
        rows = await connection.execute("SELECT count(*) FILTER (WHERE is_operator) FROM users")
        assert await rows.fetchone() == (min(accounts, 1),)


async def test_an_invitation_opens_a_closed_door_to_its_address(
    postgres: Embedded, fresh_database: str, tmp_path: Path
) -> None:
    settings = Settings(data=tmp_path, registration=Registration.FIRST_USER)
    url = postgres.url("selfos_app", fresh_database)
    async with running_app(settings, url, Clock()) as (app, _):
        transport = httpx2.ASGITransport(app=app)
        base = "http://127.0.0.1:8000/api/v1"
        async with (
            httpx2.AsyncClient(transport=transport, base_url=base) as owner,
            httpx2.AsyncClient(transport=transport, base_url=base) as guest,
        ):
            assert await register(owner, "ada") == 201
            team = (await owner.post("/workspaces", json={"name": "Crew"})).json()
            await owner.post(f"/workspaces/{team['id']}/switch")
            body = {"email": "bob@example.org"}
            invited = (await owner.post("/invitations", json=body)).json()
            token = invited["accept_url"].partition("token=")[2]
            assert await register(guest, "bob") == 403
            assert await register(guest, "mallory", invitation_token=token) == 403
            assert await register(guest, "bob", invitation_token=token) == 201
            joined = await guest.post("/invitations/accept", json={"token": token})
            assert joined.json()["workspace"]["id"] == team["id"]
