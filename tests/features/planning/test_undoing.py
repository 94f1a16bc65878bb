"""What planning does can be undone: everything shown is derived from the restored rows."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.factories import Person

Life = dict[str, Any]
Deed = Callable[[Person, Life], Awaitable[Any]]
DEEDS: dict[str, Deed] = {
    "complete a tree": lambda p, life: p.post(f"/tasks/{life['top']}/complete"),
    "delete a tree": lambda p, life: p.delete(f"/tasks/{life['top']}"),
    "delete an area": lambda p, life: p.delete(f"/areas/{life['area']}"),
    "archive a project": lambda p, life: p.post(f"/projects/{life['project']}/archive"),
    "delete a label": lambda p, life: p.delete(f"/labels/{life['label']}"),
    "delete a phase": lambda p, life: p.delete(
        f"/projects/{life['project']}/phases/{life['phase']}"
    ),
    "move a goal": lambda p, life: p.patch(f"/goals/{life['goal']}", project_id=None, area_id=None),
    "move a tree": lambda p, life: p.post(
        f"/tasks/{life['top']}/move", goal_id=None, after_id=None
    ),
    "change labels": lambda p, life: p.patch(f"/tasks/{life['top']}", labels=["new"]),
    "untie": lambda p, life: p.delete(f"/tasks/{life['other']}/dependencies/{life['tie']}"),
}


async def make_life(person: Person) -> Life:
    area = await person.post("/areas", 201, name="Health")
    project = await person.post("/projects", 201, name="Race", area_id=area["id"], phases=["Base"])
    phase = project["phases"][0]["id"]
    goal = await person.post("/goals", 201, title="Run", project_id=project["id"])
    place = {"goal_id": goal["id"], "phase_id": phase}
    top = await person.post("/tasks", 201, title="Top", labels=["home"], **place)
    await person.post("/tasks", 201, title="Child", parent_id=top["id"])
    other = await person.post("/tasks", 201, title="Other")
    path = f"/tasks/{other['id']}/dependencies"
    tie = await person.post(path, 201, blocker_id=top["id"])
    return {
        "area": area["id"],
        "project": project["id"],
        "phase": phase,
        "goal": goal["id"],
        "top": top["id"],
        "other": other["id"],
        "tie": tie["id"],
        "label": top["labels"][0]["id"],
    }


async def picture(person: Person) -> dict[str, list[dict[str, Any]]]:
    stamps = {"version", "updated_at"}
    lists = ("/areas", "/projects", "/goals", "/tasks", "/labels", "/trash")
    return {
        path: [
            {name: value for name, value in row.items() if name not in stamps}
            for row in (await person.get(path))["items"]
        ]
        for path in lists
    }


@pytest.mark.parametrize("deed", DEEDS)
async def test_undo_restores_the_whole_picture_and_redo_the_deed(person: Person, deed: str) -> None:
    life = await make_life(person)
    before = await picture(person)
    await DEEDS[deed](person, life)
    after = await picture(person)
    assert after != before
    await person.post("/undo")
    assert await picture(person) == before
    await person.post("/redo")
    assert await picture(person) == after
