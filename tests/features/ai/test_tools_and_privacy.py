"""Words of an area that stays here reach no assistant from outside, by no tool."""

from __future__ import annotations

import json
from typing import Any

import pytest

from selfos.edge.registry import TOOLS
from selfos.features.ai.schemas import Dial
from selfos.kernel.errors import Forbidden
from selfos.kernel.tools import Level
from tests.assistants import ACTOR, Assistant
from tests.factories import Person

SECRET = "zanzibar"


@pytest.fixture
async def private(person: Person) -> dict[str, Any]:
    """A life of which one area stays here; everything in it says the secret word."""
    area = (await person.post("/areas", 201, name=f"{SECRET} area"))["id"]
    project = await person.post("/projects", 201, name=f"{SECRET} project", area_id=area)
    goal = await person.post("/goals", 201, title=f"{SECRET} goal", project_id=project["id"])
    due = {"kind": "date", "date": (await person.get("/today"))["date"]}
    task = await person.post("/tasks", 201, title=f"{SECRET} task", goal_id=goal["id"], due=due)
    await person.post("/tasks", 201, title=f"{SECRET} step", parent_id=task["id"])
    habit = await person.post("/habits", 201, title=f"{SECRET} habit", goal_id=goal["id"])
    note = await person.post("/notes", 201, body=f"{SECRET} note", task_id=task["id"])
    await person.post("/notes", 201, body=f"{SECRET} thought", habit_id=habit["id"])
    await person.post("/comments", 201, body=f"{SECRET} comment", goal_id=goal["id"])
    await person.post("/tasks", 201, title="Open task", due=due)
    await person.patch("/ai/privacy", areas=[{"area_id": area, "dial": "local_only"}])
    return {
        "task_id": task["id"],
        "goal_id": goal["id"],
        "project_id": project["id"],
        "note_id": note["id"],
        "habit_id": habit["id"],
    }


async def test_no_reading_tool_says_a_word_of_it(person: Person, private: dict[str, Any]) -> None:
    assistant = Assistant(person, ACTOR)
    seen: list[str] = []
    for tool in TOOLS:
        fields = tool.arguments.model_fields
        if tool.level is not Level.READ or tool.name == "get_proposal":
            continue
        needed = {name: private[name] for name in private if name in fields}
        words = {"q": SECRET} if tool.name == "search" else {}
        bare = all(name in words or not field.is_required() for name, field in fields.items())
        for arguments in ([words] if bare else []) + ([needed] if needed else []):
            data = json.dumps(await assistant.read(tool.name, **arguments))
            seen.append(tool.name)
            assert SECRET not in data, tool.name
    assert len(set(seen)) >= 14
    assert "Open task" in json.dumps(await assistant.read("list_tasks"))
    assert "Open task" in json.dumps(await assistant.read("get_today"))


async def test_nothing_in_it_is_changed_from_outside(
    person: Person, private: dict[str, Any]
) -> None:
    with pytest.raises(Forbidden) as refused:
        await Assistant(person, ACTOR).call("complete_task", task_id=private["task_id"])
    assert SECRET not in str(refused.value)


async def test_a_workspace_that_keeps_its_words_answers_no_assistant(person: Person) -> None:
    await person.patch("/ai/privacy", dial="rules_only")
    with pytest.raises(Forbidden, match="keeps its words"):
        await Assistant(person, ACTOR).call("list_tasks")


async def test_a_model_on_this_machine_sees_what_is_only_local(
    person: Person, private: dict[str, Any]
) -> None:
    at_home = Assistant(person, ACTOR, reach=Dial.LOCAL_ONLY)
    assert SECRET in json.dumps(await at_home.read("get_task", task_id=private["task_id"]))
