"""The whole product in one walk: from nobody to the story of a goal that was reached."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest

from selfos.kernel.core import Kernel
from tests.factories import PASSWORD, Person, register

Drain = Callable[[], Awaitable[None]]
GOAL = "Run a half marathon by June"


@pytest.fixture
async def newcomer(kernel: Kernel, client: httpx2.AsyncClient) -> Person:
    """Somebody who has just registered, as a browser would."""
    return await register(kernel, client, name="Ada", time_zone="Europe/Berlin")


async def test_complete_user_journey(newcomer: Person, drain: Drain) -> None:
    await find_an_empty_home(newcomer)
    goal, proposal = await put_a_goal_in_own_words(newcomer)
    tasks = await say_yes(newcomer, goal, proposal)
    await do_the_tasks(newcomer, goal, tasks)
    await reach_the_goal(newcomer, goal)
    await drain()
    await read_the_story(newcomer, goal, tasks)
    await see_what_happened(newcomer)
    await come_back_another_day(newcomer, goal)


async def find_an_empty_home(ada: Person) -> None:
    me = await ada.get("/auth/me")
    assert (me["user"]["name"], me["user"]["email"]) == ("Ada", ada.email)
    assert (me["user"]["time_zone"], me["role"]) == ("Europe/Berlin", "owner")
    assert me["workspace"]["kind"] == "personal"
    assert me["workspaces"] == [me["workspace"]]
    for path in ("/areas", "/goals", "/tasks", "/stories", "/proposals"):
        assert (await ada.get(path))["items"] == []
    today = await ada.get("/today")
    assert (today["overdue"], today["due"], today["done"], today["next"]) == ([], [], [], [])


async def put_a_goal_in_own_words(ada: Person) -> tuple[dict[str, Any], dict[str, Any]]:
    area = await ada.post("/areas", 201, name="Health", color="health", icon="heart")
    wanted = {"title": GOAL, "area_id": area["id"], "hours_per_week": 4}
    planned = await ada.post("/goals/decompose", 201, goal=wanted)
    goal, proposal = planned["goal"], planned["proposal"]
    assert (goal["title"], goal["area_id"], goal["status"]) == (GOAL, area["id"], "active")
    assert goal["progress"] is None
    assert "“Run a distance”" in proposal["engine_note"]
    assert all(line["reason"] for line in proposal["lines"])
    assert all(week["hours"] <= week["capacity_hours"] + 0.01 for week in proposal["load"])
    assert (await ada.get("/tasks"))["items"] == []
    return goal, proposal


async def say_yes(
    ada: Person, goal: dict[str, Any], proposal: dict[str, Any]
) -> list[dict[str, Any]]:
    first, *others = proposal["lines"]
    path = f"/proposals/{proposal['id']}"
    own_words = {"id": first["id"], "fields": {"title": "Buy the red shoes"}}
    too_much = {"id": others[-1]["id"], "accepted": False}
    await ada.patch(path, lines=[own_words, too_much])
    applied = await ada.post(f"{path}/apply")
    assert applied["proposal"]["status"] == "applied"
    tasks = (await ada.get("/tasks", goal_id=goal["id"], limit=200))["items"]
    assert {task["id"] for task in tasks} == {line["entity_id"] for line in proposal["lines"][:-1]}
    assert "Buy the red shoes" in {task["title"] for task in tasks}
    assert (await ada.get(f"/goals/{goal['id']}"))["progress"] == 0
    return tasks


async def do_the_tasks(ada: Person, goal: dict[str, Any], tasks: list[dict[str, Any]]) -> None:
    first = next(task for task in tasks if task["title"] == "Buy the red shoes")
    done = await ada.post(f"/tasks/{first['id']}/complete")
    assert (done["state"], done["progress"]) == ("done", 1)
    assert done["completed_at"] is not None
    # A slip: take it back, see it open again, and do it once more.
    await ada.post("/undo")
    assert (await ada.get(f"/tasks/{first['id']}"))["state"] == first["state"]
    await ada.post("/redo")
    assert (await ada.get(f"/goals/{goal['id']}"))["done_tasks"] == 1
    rest = [task["id"] for task in tasks if task["id"] != first["id"]]
    answer = await ada.post("/tasks/bulk", task_ids=rest, action={"kind": "complete"})
    assert {task["state"] for task in answer["items"]} == {"done"}
    explained = await ada.get(f"/goals/{goal['id']}/progress")
    assert explained["progress"] == 1
    assert {part["id"] for part in explained["parts"]} == {task["id"] for task in tasks}
    today = await ada.get("/today")
    assert {task["id"] for task in today["done"]} == {task["id"] for task in tasks}


async def reach_the_goal(ada: Person, goal: dict[str, Any]) -> None:
    reached = await ada.post(f"/goals/{goal['id']}/complete")
    assert (reached["status"], reached["progress"]) == ("completed", 1)
    assert reached["completed_at"] is not None


async def read_the_story(ada: Person, goal: dict[str, Any], tasks: list[dict[str, Any]]) -> None:
    stories = {story["kind"]: story for story in (await ada.get("/stories"))["items"]}
    assert stories.keys() == {"summary", "achievement"}
    story = stories["achievement"]
    assert GOAL in story["text"]
    assert (story["status"], story["trigger"]["type"]) == ("ready", "goal.completed")
    assert story["text"] == " ".join(sentence["text"] for sentence in story["sentences"])
    sources = {source["event_id"]: source for source in story["sources"]}
    for sentence in story["sentences"]:
        assert sentence["event_ids"]
        assert set(sentence["event_ids"]) <= sources.keys()
    told = [source["title"] for source in sources.values() if source["type"] == "task.completed"]
    # A long title is told in short.
    assert all(any(task["title"].startswith(t.rstrip("…")) for task in tasks) for t in told)
    assert len(told) == len(set(told)) <= len(tasks)
    assert stories["summary"]["status"] == "draft"
    rated = await ada.patch(f"/stories/{story['id']}", rating=5)
    assert rated["rating"] == 5


async def see_what_happened(ada: Person) -> None:
    history = (await ada.get("/history", limit=200))["items"]
    labels = [item["label"] for item in reversed(history)]
    assert labels[0] == "Began"
    assert f"Planned “{GOAL}”" in labels
    assert f"Applied the plan for “{GOAL}”" in labels
    assert "Completed “Buy the red shoes”" in labels
    seqs = [item["seq"] for item in history]
    assert seqs == sorted(seqs, reverse=True)
    actors = {item["actor"]["kind"] for item in history}
    assert actors == {"user", "assistant", "system"}


async def come_back_another_day(ada: Person, goal: dict[str, Any]) -> None:
    await ada.post("/auth/logout", 204)
    await ada.get("/tasks", 401)
    wrong = {"email": ada.email, "password": "not the password"}
    await ada.post("/auth/login", 401, **wrong)
    me = await ada.post("/auth/login", email=ada.email, password=PASSWORD)
    assert me["user"]["id"] == str(ada.user_id)
    assert (await ada.get(f"/goals/{goal['id']}"))["status"] == "completed"
