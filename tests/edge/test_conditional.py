"""Conditional requests: nobody overwrites what they have not seen, nobody loads twice."""

import asyncio
from typing import Any

import pytest

from tests.factories import Person


@pytest.fixture
async def task(person: Person) -> dict[str, Any]:
    return await person.post("/tasks", 201, title="Call Mum")


async def test_one_object_has_a_tag_that_follows_its_version(
    person: Person, task: dict[str, Any]
) -> None:
    path = f"/tasks/{task['id']}"
    first = await person.client.get(path)
    assert first.headers["etag"] == f'"{task["version"]}"'
    changed = await person.client.patch(path, json={"title": "Call Dad"})
    assert changed.headers["etag"] == f'"{task["version"] + 1}"'
    assert (await person.client.get(path)).headers["etag"] == changed.headers["etag"]
    assert "etag" not in (await person.client.get("/tasks")).headers


@pytest.mark.parametrize("known", ['"1"', '"0", "1"', '"7" , "1"', "*"])
async def test_who_has_it_already_gets_304(
    person: Person, task: dict[str, Any], known: str
) -> None:
    headers = {"If-None-Match": known}
    answer = await person.client.get(f"/tasks/{task['id']}", headers=headers)
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == '"1"'


@pytest.mark.parametrize("known", ['"2"', "1", '"11"', ""])
async def test_who_has_another_version_gets_it_all(
    person: Person, task: dict[str, Any], known: str
) -> None:
    headers = {"If-None-Match": known}
    answer = await person.client.get(f"/tasks/{task['id']}", headers=headers)
    assert (answer.status_code, answer.json()["title"]) == (200, "Call Mum")


@pytest.mark.parametrize("tag", ['"1"', "*", 'W/"1"', "1"])
async def test_a_change_with_the_present_version_is_carried_out(
    person: Person, task: dict[str, Any], tag: str
) -> None:
    answer = await person.client.patch(
        f"/tasks/{task['id']}", json={"title": "Call Dad"}, headers={"If-Match": tag}
    )
    assert (answer.status_code, answer.json()["version"]) == (200, 2)


@pytest.mark.parametrize("tag", ['"2"', '"0"', '"nonsense"', '"-1"', '"' + "9" * 30 + '"', '"٣"'])
async def test_a_change_with_another_version_is_refused(
    person: Person, task: dict[str, Any], tag: str
) -> None:
    path = f"/tasks/{task['id']}"
    for method, body in (("PATCH", {"title": "Call Dad"}), ("DELETE", None)):
        answer = await person.client.request(
            method, path, json=body, headers={b"If-Match": tag.encode()}
        )
        assert answer.status_code == 412
        assert answer.json()["type"] == "urn:selfos:problem:precondition-failed"
        assert answer.json()["version"] == 1
    unchanged = await person.get(path)
    assert (unchanged["title"], unchanged["version"]) == ("Call Mum", 1)


async def test_of_many_changes_to_one_version_one_wins(
    person: Person, task: dict[str, Any]
) -> None:
    async def rename(title: str) -> int:
        answer = await person.client.patch(
            f"/tasks/{task['id']}", json={"title": title}, headers={"If-Match": '"1"'}
        )
        return answer.status_code

    codes = await asyncio.gather(*(rename(f"Version {number}") for number in range(6)))
    assert sorted(codes) == [200] + [412] * 5
    assert (await person.get(f"/tasks/{task['id']}"))["version"] == 2


async def test_without_a_condition_nobody_overwrites_unseen(
    person: Person, task: dict[str, Any]
) -> None:
    async def change(number: int) -> int:
        answer = await person.client.patch(f"/tasks/{task['id']}", json={"notes": f"{number}"})
        return answer.status_code

    codes = await asyncio.gather(*(change(number) for number in range(6)))
    assert set(codes) <= {200, 409}
    assert 200 in codes
    assert (await person.get(f"/tasks/{task['id']}"))["version"] == 1 + codes.count(200)
