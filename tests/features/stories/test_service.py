"""Stories through HTTP and real jobs: told unasked, kept true, told on request."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from selfos.kernel.core import Kernel
from tests.conftest import MakePerson
from tests.factories import Person

Drain = Callable[[], Awaitable[None]]
Travel = Callable[..., None]


async def done(person: Person, title: str, **fields: Any) -> Any:
    task = await person.post("/tasks", 201, title=title, **fields)
    return await person.post(f"/tasks/{task['id']}/complete")


async def stories(person: Person, **query: Any) -> list[Any]:
    return (await person.get("/stories", **query))["items"]


async def only_story(person: Person) -> Any:
    (story,) = await stories(person)
    return story


async def test_a_completed_task_is_told_in_the_weeks_draft(person: Person, drain: Drain) -> None:
    task = await done(person, "Buy running shoes")
    assert await stories(person) == []
    await drain()
    story = await only_story(person)
    assert story["status"] == "draft"
    assert story["kind"] == "summary"
    assert story["engine"] == "rules"
    assert "“Buy running shoes”" in story["text"]
    assert story["text"] == " ".join(said["text"] for said in story["sentences"])
    assert story["trigger"]["type"] == "task.completed"
    cited = {event_id for said in story["sentences"] for event_id in said["event_ids"]}
    assert cited == {source["event_id"] for source in story["sources"]}
    assert {source["title"] for source in story["sources"]} == {"Buy running shoes"}
    assert story["trigger"]["event_id"] in cited
    assert (await person.get(f"/stories/{story['id']}")) == story
    assert task["state"] == "done"
