"""Templates: kept outlines, made from tasks and projects, planted as one change; duplicates."""

from typing import Any

import pytest

from tests.factories import Person

PACK = [
    {"title": "Pack", "due_day": 2, "due_time": "09:30", "labels": ["Trip"], "priority": 2},
    {"title": "Clothes", "depth": 1, "notes": "*warm*"},
    {"title": "Socks", "depth": 2},
    {"title": "Papers", "depth": 1, "start_day": -3, "due_day": 1},
    {"title": "Water the plants", "due_day": 0, "labels": ["trip", "Home"]},
]


async def outline(person: Person, **query: Any) -> list[str]:
    """Return the titles of open tasks as an indented list."""
    tasks = (await person.get("/tasks", **query))["items"]
    depths: dict[str, int] = {}
    for _ in range(6):
        for task in tasks:
            depths[task["id"]] = depths.get(task["parent_id"], -1) + 1

    def lines(parent: str | None) -> list[str]:
        below = [task for task in tasks if task["parent_id"] == parent]
        return [
            each
            for task in below
            for each in ("  " * depths[task["id"]] + task["title"], *lines(task["id"]))
        ]

    return lines(None)


async def template(person: Person, **more: Any) -> Any:
    return await person.post("/templates", 201, **{"name": "Trip", "tasks": PACK, **more})


async def test_a_template_makes_its_whole_tree_as_one_change(person: Person) -> None:
    made = await template(person)
    project = await person.post("/projects", 201, name="Norway")
    use = {"start_date": "2027-06-10", "project_id": project["id"]}
    response = await person.client.post(f"/templates/{made['id']}/apply", json=use)
    assert response.status_code == 201, response.text
    tasks = response.json()["items"]
    tree = ["Pack", "  Clothes", "    Socks", "  Papers", "Water the plants"]
    assert await outline(person) == tree
    assert {task["project_id"] for task in tasks} == {project["id"]}
    assert [task["title"] for task in tasks] == [line["title"] for line in PACK]
    assert tasks[0]["due"] == {"kind": "floating", "date": "2027-06-12", "time": "09:30"}
    assert tasks[3]["start"] == {"kind": "date", "date": "2027-06-07"}
    assert [label["name"] for label in tasks[4]["labels"]] == ["Home", "Trip"]
    assert (tasks[0]["priority"], tasks[1]["notes"]) == (2, "*warm*")
    await person.post(f"/history/{response.headers['SelfOS-Changeset']}/undo")
    assert await outline(person) == []
    assert (await person.get("/labels"))["items"] == []


async def test_a_template_under_a_task_is_a_checklist(person: Person) -> None:
    made = await template(person, tasks=[{"title": "Passport"}, {"title": "Tickets"}])
    task = await person.post("/tasks", 201, title="Trip")
    await person.post(f"/templates/{made['id']}/apply", 201, parent_id=task["id"])
    assert await outline(person) == ["Trip", "  Passport", "  Tickets"]
    trip = await person.get(f"/tasks/{task['id']}")
    assert (trip["subtasks_open"], trip["state"]) == (2, "inbox")


async def test_a_checklist_does_not_go_deeper_than_subtasks_may(person: Person) -> None:
    parent = None
    for number in range(4):
        task = await person.post("/tasks", 201, title=str(number), parent_id=parent)
        parent = task["id"]
    made = await template(person)
    before = await outline(person)
    problem = await person.post(f"/templates/{made['id']}/apply", 422, parent_id=parent)
    assert problem["errors"][0]["pointer"] == "/parent_id"
    assert await outline(person) == before


async def test_a_template_without_a_place_or_day_starts_today_in_the_inbox(person: Person) -> None:
    made = await template(person, tasks=[{"title": "Water", "due_day": 0}])
    task = (await person.post(f"/templates/{made['id']}/apply", 201))["items"][0]
    assert task["state"] == "inbox"
    assert task["due"]["date"] == (await person.get("/today"))["date"]


@pytest.mark.parametrize(
    "tasks",
    [
        [],
        [{"title": "One", "depth": 1}],
        [{"title": "One"}, {"title": "Two", "depth": 2}],
        [{"title": "One", "due_time": "09:30"}],
        [{"title": "One", "due_day": 99_999}],
        [{"title": "One"}] * 201,
        [{"title": ""}],
    ],
)
async def test_a_crooked_outline_is_refused(person: Person, tasks: list[Any]) -> None:
    await person.post("/templates", 422, name="Crooked", tasks=tasks)
    assert (await person.get("/templates"))["items"] == []


async def test_a_line_that_would_start_after_it_is_due_is_refused_by_name(person: Person) -> None:
    made = await template(person, tasks=[{"title": "Odd", "start_day": 3, "due_day": 1}])
    problem = await person.post(f"/templates/{made['id']}/apply", 422)
    assert "Odd" in problem["detail"]


async def test_templates_are_listed_changed_deleted_and_undone(person: Person) -> None:
    made = await template(person)
    await template(person, name="Move")
    names = [each["name"] for each in (await person.get("/templates"))["items"]]
    assert names == ["Move", "Trip"]
    path = f"/templates/{made['id']}"
    changed = await person.patch(path, description="Every summer", tasks=PACK[:1])
    assert len(changed["tasks"]) == 1
    same = await person.client.patch(path, json={"tasks": PACK[:1]})
    assert "SelfOS-Changeset" not in same.headers
    await person.delete(path)
    await person.get(path, 404)
    await person.post("/undo")
    assert (await person.get(path))["description"] == "Every summer"
    await person.post("/undo")
    assert (await person.get(path))["tasks"] == made["tasks"]


async def test_a_task_becomes_a_template_with_days_from_its_first(person: Person) -> None:
    due = {"kind": "floating", "date": "2027-06-12", "time": "18:00"}
    root = await person.post("/tasks", 201, title="Party", due=due, labels=["Fun"])
    for title, day in (("Invite", "2027-06-01"), ("Clean", "2027-06-11")):
        when = {"kind": "date", "date": day}
        await person.post("/tasks", 201, title=title, parent_id=root["id"], due=when)
    gone = await person.post("/tasks", 201, title="Gone", parent_id=root["id"])
    await person.post(f"/tasks/{gone['id']}/cancel")
    done = await person.post("/tasks", 201, title="Done", parent_id=root["id"])
    await person.post(f"/tasks/{done['id']}/complete")
    made = await person.post(f"/tasks/{root['id']}/template", 201)
    assert made["name"] == "Party"
    days = [(line["depth"], line["title"], line["due_day"]) for line in made["tasks"]]
    assert days == [(0, "Party", 11), (1, "Invite", 0), (1, "Clean", 10), (1, "Done", None)]
    assert (made["tasks"][0]["due_time"], made["tasks"][0]["labels"]) == ("18:00", ["Fun"])
    use = {"start_date": "2028-06-01"}
    tasks = (await person.post(f"/templates/{made['id']}/apply", 201, **use))["items"]
    assert tasks[0]["due"] == {"kind": "floating", "date": "2028-06-12", "time": "18:00"}


async def test_a_project_becomes_a_template_that_brings_its_phases(person: Person) -> None:
    project = await person.post("/projects", 201, name="House", phases=["Buy", "Move"])
    phases = [phase["id"] for phase in project["phases"]]
    for title, phase in (("Bank", phases[0]), ("Boxes", phases[1])):
        await person.post("/tasks", 201, title=title, phase_id=phase)
    made = await person.post(f"/projects/{project['id']}/template", 201, name="Any house")
    assert [line["phase"] for line in made["tasks"]] == ["Buy", "Move"]
    other = await person.post("/projects", 201, name="Flat", phases=["Buy"])
    await person.post(f"/templates/{made['id']}/apply", 201, project_id=other["id"])
    flat = await person.get(f"/projects/{other['id']}")
    assert [phase["name"] for phase in flat["phases"]] == ["Buy", "Move"]
    in_move = await person.get("/tasks", phase_id=flat["phases"][1]["id"])
    assert [task["title"] for task in in_move["items"]] == ["Boxes"]
    await person.post("/undo")
    assert len((await person.get(f"/projects/{other['id']}"))["phases"]) == 1


async def test_an_empty_project_is_no_template(person: Person) -> None:
    project = await person.post("/projects", 201, name="Empty")
    await person.post(f"/projects/{project['id']}/template", 409)


async def test_a_duplicate_lies_right_behind_with_its_subtasks_open(person: Person) -> None:
    goal = await person.post("/goals", 201, title="Tidy")
    when = {"kind": "zoned", "date": "2027-06-12", "time": "18:00", "zone": "Europe/Berlin"}
    fields = {"goal_id": goal["id"], "due": when, "labels": ["Home"], "notes": "How"}
    task = await person.post("/tasks", 201, title="Kitchen", **fields)
    below = await person.post("/tasks", 201, title="Oven", parent_id=task["id"])
    await person.post(f"/tasks/{below['id']}/complete")
    await person.post("/tasks", 201, title="Bath", goal_id=goal["id"])
    copy = await person.post(f"/tasks/{task['id']}/duplicate", 201)
    kept = ("title", "goal_id", "due", "labels", "notes", "weight", "assignee_id")
    assert {name: copy[name] for name in kept} == {name: task[name] for name in kept}
    assert copy["id"] != task["id"]
    assert await outline(person) == ["Kitchen", "Kitchen", "  Oven", "Bath"]
    await person.post("/undo")
    assert await outline(person) == ["Kitchen", "Bath"]
    await person.post("/redo")
    subtask = await person.post("/tasks", 201, title="Rack", parent_id=task["id"])
    twin = await person.post(f"/tasks/{subtask['id']}/duplicate", 201)
    assert twin["parent_id"] == task["id"]
