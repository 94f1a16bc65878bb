"""Idempotency-Key: a request that is sent again is not carried out again."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest

from selfos.kernel.core import Kernel
from selfos.kernel.idempotency import LONGEST_KEY, forget_old_keys
from selfos.kernel.identifiers import new_id
from tests.factories import Person

MakePerson = Callable[..., Awaitable[Person]]


def key() -> dict[str, str]:
    return {"Idempotency-Key": new_id().hex}


async def titles(person: Person) -> list[str]:
    return sorted(task["title"] for task in (await person.get("/tasks"))["items"])


async def add(person: Person, title: str, headers: dict[str, str]) -> httpx2.Response:
    return await person.client.post("/tasks", json={"title": title}, headers=headers)


async def test_the_same_request_gets_the_first_answer(person: Person) -> None:
    headers = key()
    first, again = await add(person, "Once", headers), await add(person, "Once", headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    for name in ("etag", "content-type", "selfos-changeset"):
        assert again.headers[name] == first.headers[name]
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    assert await titles(person) == ["Once"]


async def test_an_answer_without_content_is_replayed_too(person: Person) -> None:
    task = (await add(person, "Gone", {})).json()
    headers = key()
    for _ in range(2):
        answer = await person.client.delete(f"/tasks/{task['id']}", headers=headers)
        assert (answer.status_code, answer.content) == (204, b"")


async def test_a_request_that_changed_nothing_names_no_changeset_when_replayed(
    person: Person,
) -> None:
    task = (await add(person, "Same", {})).json()
    headers = key()
    for _ in range(2):
        answer = await person.client.patch(f"/tasks/{task['id']}", json={}, headers=headers)
        assert answer.status_code == 200
        assert "selfos-changeset" not in answer.headers


@pytest.mark.parametrize("other", ["body", "path", "method", "query", "workspace"])
async def test_another_request_with_the_same_key_is_refused(person: Person, other: str) -> None:
    headers = key()
    task = (await add(person, "One", headers)).json()
    request: dict[str, Any] = {"method": "POST", "url": "/tasks", "json": {"title": "One"}}
    match other:
        case "body":
            request["json"] = {"title": "Two"}
        case "path":
            request |= {"url": "/labels", "json": {"name": "One"}}
        case "method":
            request |= {"method": "PATCH", "url": f"/tasks/{task['id']}"}
        case "query":
            request["params"] = {"x": "1"}
        case _:
            team = await person.post("/workspaces", 201, name="Crew")
            headers["SelfOS-Workspace"] = team["id"]
    answer = await person.client.request(headers=headers, **request)
    assert answer.status_code == 422
    assert "Idempotency-Key" in answer.json()["detail"]
    assert await titles(person) == ["One"]


async def test_many_at_once_are_carried_out_once(person: Person) -> None:
    headers = key()
    answers = await asyncio.gather(*(add(person, "Once", headers) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotent-replayed" not in answer.headers for answer in answers) == 1
    assert await titles(person) == ["Once"]


async def test_while_the_first_is_still_at_work_the_second_is_told_so(person: Person) -> None:
    headers = key()
    async with person.context() as ctx:
        connection = await ctx.session.connection()
        await connection.exec_driver_sql(
            "INSERT INTO idempotency_keys (user_id, key, fingerprint) VALUES (%s, %s, '')",
            (person.user_id, headers["Idempotency-Key"]),
        )
        answer = await add(person, "Twice", headers)
        await ctx.session.rollback()
    assert answer.status_code == 409
    assert "still being carried out" in answer.json()["detail"]
    assert (await add(person, "Twice", headers)).status_code == 201


async def test_a_refused_request_can_be_sent_again(person: Person) -> None:
    headers = key()
    refused = await add(person, "", headers)
    assert refused.status_code == 422
    assert (await add(person, "Better", headers)).status_code == 201
    assert await titles(person) == ["Better"]


async def test_a_key_belongs_to_one_person(person: Person, make_person: MakePerson) -> None:
    other, headers = await make_person(), key()
    mine, theirs = await add(person, "Mine", headers), await add(other, "Theirs", headers)
    assert (mine.json()["title"], theirs.json()["title"]) == ("Mine", "Theirs")


async def test_keys_are_forgotten_after_a_day(
    person: Person, kernel: Kernel, travel: Callable[..., None]
) -> None:
    headers = key()
    await add(person, "First", headers)
    travel(hours=23)
    await forget_old_keys(kernel)
    assert "idempotent-replayed" in (await add(person, "First", headers)).headers
    travel(hours=2)
    await forget_old_keys(kernel)
    assert (await add(person, "Second", headers)).status_code == 201
    assert await titles(person) == ["First", "Second"]


@pytest.mark.parametrize("wrong", ["", "x" * (LONGEST_KEY + 1), "tab\there"])
async def test_an_unusable_key_is_refused(person: Person, wrong: str) -> None:
    answer = await add(person, "No", {"Idempotency-Key": wrong})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/header/Idempotency-Key"
    assert await titles(person) == []


async def test_what_remembers_no_answer_refuses_a_key_and_does_nothing(
    person: Person, client: httpx2.AsyncClient
) -> None:
    account = {"name": "Ada", "email": f"{new_id().hex}@example.org", "password": person.password}
    public = await client.post("/auth/register", json=account, headers=key())
    apart = await person.client.post("/workspaces", json={"name": "Club"}, headers=key())
    for answer in (public, apart):
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "/header/Idempotency-Key"
    assert len((await person.get("/workspaces"))["items"]) == 1
    assert (await client.post("/auth/register", json=account)).status_code == 201


async def test_strangers_are_refused_before_their_keys(client: httpx2.AsyncClient) -> None:
    answer = await client.post("/workspaces", json={"name": "Club"}, headers=key())
    assert answer.status_code == 401
