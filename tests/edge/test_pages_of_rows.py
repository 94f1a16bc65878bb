"""Keyset pages: nothing twice, nothing missed, whatever is added meanwhile."""

import base64
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.factories import Person

MakePerson = Callable[..., Awaitable[Person]]


async def walk(person: Person, path: str, meanwhile: Any = None, **query: Any) -> list[Any]:
    """Return all rows, page by page, doing something after each page."""
    seen: list[Any] = []
    cursor: dict[str, Any] = {}
    while True:
        page = await person.get(path, **query, **cursor)
        assert len(page["items"]) <= query["limit"]
        seen += page["items"]
        if page["next_cursor"] is None:
            return seen
        cursor = {"cursor": page["next_cursor"]}
        if meanwhile is not None:
            await meanwhile()


@pytest.fixture
async def busy(person: Person) -> Person:
    """Somebody with seven tasks, two of them with a day and the same one."""
    for number in range(7):
        due = {"kind": "date", "date": "2027-01-01"} if number in {2, 5} else None
        await person.post("/tasks", 201, title=f"Task {number}", due=due)
    return person


async def test_pages_together_are_the_list(busy: Person) -> None:
    for sort in ("rank", "due", "created", "updated"):
        whole = await walk(busy, "/tasks", sort=sort, limit=200)
        assert len(whole) == 7
        for limit in (1, 3, 7):
            assert await walk(busy, "/tasks", sort=sort, limit=limit) == whole


async def test_rows_added_meanwhile_neither_repeat_nor_hide_others(busy: Person) -> None:
    before = {task["id"] for task in (await busy.get("/tasks"))["items"]}

    async def add() -> None:
        await busy.post("/tasks", 201, title="New")

    for sort in ("rank", "created"):
        seen = [task["id"] for task in await walk(busy, "/tasks", add, sort=sort, limit=2)]
        assert len(seen) == len(set(seen))
        assert before <= set(seen)


async def test_a_row_deleted_meanwhile_does_not_lose_the_place(busy: Person) -> None:
    first = await busy.get("/tasks", limit=3)
    await busy.delete(f"/tasks/{first['items'][-1]['id']}")
    rest = await busy.get("/tasks", limit=200, cursor=first["next_cursor"])
    assert len(rest["items"]) == 4


async def test_sparse_fields(busy: Person) -> None:
    page = await busy.get("/tasks", fields="title, state", limit=2)
    assert all(item.keys() == {"id", "title", "state"} for item in page["items"])
    assert page["next_cursor"] is not None
    only_ids = await busy.get("/tasks", fields="")
    assert all(item.keys() == {"id"} for item in only_ids["items"])
    answer = await busy.client.get("/tasks", params={"fields": "title,secret"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/query/fields"
    assert "secret" in answer.json()["detail"]


def forged(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


WRONG_CURSORS = (
    *("x", "ä", "===="),
    *(forged({}), forged([]), forged(["a"]), forged(["a", "b", "c", "d", "e"])),
    *(forged(["rank", "not an id"]), forged([None, None]), forged([{"a": 1}, [2]])),
    forged(["\u0000", "01a209cc-f40a-743f-b081-df1ca050b32a"]),
)


@pytest.mark.parametrize("sort", ["rank", "due", "created"])
async def test_a_wrong_cursor_is_refused(busy: Person, sort: str) -> None:
    for cursor in WRONG_CURSORS:
        answer = await busy.client.get("/tasks", params={"cursor": cursor, "sort": sort})
        assert answer.status_code == 422, cursor
        assert answer.json()["detail"]


async def test_a_cursor_opens_no_wall(busy: Person, make_person: MakePerson) -> None:
    other = await make_person()
    await other.post("/tasks", 201, title="Theirs")
    page = await busy.get("/tasks", limit=1)
    seen = await other.get("/tasks", cursor=page["next_cursor"])
    assert {task["title"] for task in seen["items"]} <= {"Theirs"}


async def test_a_page_has_one_to_two_hundred_rows(person: Person) -> None:
    for limit in ("0", "201", "-1", "many", "1.5", ""):
        answer = await person.client.get("/tasks", params={"limit": limit})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "/query/limit"


async def test_unknown_questions_are_refused(person: Person) -> None:
    answer = await person.client.get("/tasks", params={"colour": "red"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/query/colour"
