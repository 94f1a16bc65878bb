"""Areas, projects and goals: each test is named by its rule."""

from typing import Any

from tests.factories import Person


async def add(person: Person, title: str = "A task", **fields: Any) -> dict[str, Any]:
    return await person.post("/tasks", 201, title=title, **fields)


async def project(person: Person, **fields: Any) -> dict[str, Any]:
    return await person.post("/projects", 201, **{"name": "Race", **fields})


async def goal(person: Person, **fields: Any) -> dict[str, Any]:
    return await person.post("/goals", 201, **{"title": "Run 10 km", **fields})


async def names(person: Person, path: str, **query: Any) -> list[str]:
    rows = (await person.get(path, **query))["items"]
    return [row.get("name") or row["title"] for row in rows]


async def test_goal_progress_is_the_weight_of_done_leaves_and_says_why(person: Person) -> None:
    aim = await goal(person)
    assert (aim["progress"], aim["open_tasks"], aim["done_tasks"]) == (None, 0, 0)
    heavy = await add(person, "Heavy", goal_id=aim["id"], weight=2)
    parent = await add(person, "Parent", goal_id=aim["id"], weight=90)
    await add(person, "Child", parent_id=parent["id"])
    given_up = await add(person, "Given up", goal_id=aim["id"], weight=50)
    await person.post(f"/tasks/{given_up['id']}/cancel")
    await person.post(f"/tasks/{heavy['id']}/complete")
    seen = await person.get(f"/goals/{aim['id']}")
    assert (seen["progress"], seen["open_tasks"], seen["done_tasks"]) == (0.6667, 1, 1)
    why = await person.get(f"/goals/{aim['id']}/progress")
    assert why["progress"] == seen["progress"]
    assert why["explanation"] == "1 of 2 tasks, by weight 67 %"
    assert [(part["title"], part["done"]) for part in why["parts"]] == [
        ("Heavy", True),
        ("Child", False),
    ]


async def test_progress_is_never_typed_in(person: Person) -> None:
    aim = await goal(person)
    await person.patch(f"/goals/{aim['id']}", 422, progress=1)


async def test_completing_a_goal_twice_is_a_conflict(person: Person) -> None:
    aim = await goal(person)
    done = await person.post(f"/goals/{aim['id']}/complete")
    assert (done["status"], done["completed_at"] is not None) == ("completed", True)
    await person.post(f"/goals/{aim['id']}/complete", 409)
    again = await person.post(f"/goals/{aim['id']}/reopen")
    assert (again["status"], again["completed_at"]) == ("active", None)
    await person.post(f"/goals/{aim['id']}/reopen", 409)


async def test_a_span_cannot_end_before_it_starts(person: Person) -> None:
    span = {"start_date": "2026-12-02", "target_date": "2026-12-01"}
    await person.post("/goals", 422, title="No", **span)
    await person.post("/projects", 422, name="No", **span)
    aim = await goal(person, start_date="2026-12-02")
    await person.patch(f"/goals/{aim['id']}", 422, target_date="2026-12-01")


async def test_a_goal_lies_in_the_area_of_its_project(person: Person) -> None:
    health = await person.post("/areas", 201, name="Health")
    money = await person.post("/areas", 201, name="Money")
    race = await project(person, area_id=health["id"])
    aim = await goal(person, project_id=race["id"])
    assert aim["area_id"] == health["id"]
    place = {"project_id": race["id"], "area_id": money["id"]}
    await person.post("/goals", 422, title="No", **place)
    moved = await person.patch(f"/goals/{aim['id']}", area_id=money["id"])
    assert (moved["project_id"], moved["area_id"]) == (None, money["id"])


async def test_tasks_follow_their_goal_and_goals_their_project(person: Person) -> None:
    health = await person.post("/areas", 201, name="Health")
    race = await project(person)
    aim = await goal(person)
    task = await add(person, goal_id=aim["id"])
    await person.patch(f"/goals/{aim['id']}", project_id=race["id"])
    await person.patch(f"/projects/{race['id']}", area_id=health["id"], name="Big race")
    seen = await person.get(f"/tasks/{task['id']}")
    assert (seen["project_id"], seen["area_id"]) == (race["id"], health["id"])
    assert (await person.get(f"/goals/{aim['id']}"))["area_id"] == health["id"]


async def test_projects_complete_once_and_change_status_only_while_open(person: Person) -> None:
    race = await project(person)
    path = f"/projects/{race['id']}"
    await person.post(f"{path}/reopen", 409)
    assert (await person.patch(path, status="on_hold"))["status"] == "on_hold"
    await person.post(f"{path}/complete")
    await person.post(f"{path}/complete", 409)
    await person.patch(path, 409, status="active")
    assert (await person.post(f"{path}/reopen"))["status"] == "active"


async def test_phases_keep_their_order_and_leave_their_tasks_behind(person: Person) -> None:
    race = await project(person, phases=["Base", "Build"])
    path = f"/projects/{race['id']}/phases"
    seen = await person.post(path, 201, name="Taper")
    assert [phase["name"] for phase in seen["phases"]] == ["Base", "Build", "Taper"]
    taper = seen["phases"][2]["id"]
    seen = await person.patch(f"{path}/{taper}", after_id=None, name="Warm-up")
    assert [phase["name"] for phase in seen["phases"]] == ["Warm-up", "Base", "Build"]
    task = await add(person, phase_id=taper)
    assert task["project_id"] == race["id"]
    await person.delete(f"{path}/{taper}")
    assert (await person.get(f"/tasks/{task['id']}"))["phase_id"] is None
    await person.patch(f"{path}/{taper}", 404, name="Gone")


async def test_project_progress_and_timeline_come_from_its_tasks(person: Person) -> None:
    race = await project(person, phases=["Base"])
    aim = await goal(person, project_id=race["id"], target_date="2026-12-20")
    day = {"kind": "date", "date": "2026-12-10"}
    start = {"kind": "date", "date": "2026-12-01"}
    phase = race["phases"][0]["id"]
    task = await add(person, "Dated", phase_id=phase, due=day, start=start)
    await add(person, "Undated", goal_id=aim["id"])
    await person.post(f"/tasks/{task['id']}/complete")
    seen = await person.get(f"/projects/{race['id']}")
    assert (seen["progress"], seen["open_tasks"], seen["done_tasks"]) == (0.5, 1, 1)
    why = await person.get(f"/projects/{race['id']}/progress")
    assert (why["progress"], len(why["parts"])) == (0.5, 2)
    rows = (await person.get(f"/projects/{race['id']}/timeline"))["items"]
    spans = {(row["kind"], row["title"]): (row["start_date"], row["end_date"]) for row in rows}
    assert spans == {
        ("phase", "Base"): ("2026-12-01", "2026-12-10"),
        ("task", "Dated"): ("2026-12-01", "2026-12-10"),
        ("goal", "Run 10 km"): (None, "2026-12-20"),
    }
    assert [row["done"] for row in rows if row["kind"] != "goal"] == [True, True]


async def test_an_area_sums_up_everything_inside(person: Person) -> None:
    area = await person.post("/areas", 201, name="Health", color="health", icon="heart", weight=8)
    race = await project(person, area_id=area["id"])
    aim = await goal(person, project_id=race["id"])
    task = await add(person, goal_id=aim["id"])
    await add(person, area_id=area["id"], weight=3)
    await person.post(f"/tasks/{task['id']}/complete")
    seen = await person.get(f"/areas/{area['id']}/summary")
    assert seen == {
        "area": area,
        "open_tasks": 1,
        "done_tasks": 1,
        "active_goals": 1,
        "projects": 1,
        "progress": 0.25,
    }


async def test_what_is_put_away_takes_everything_inside_along_and_back(person: Person) -> None:
    area = await person.post("/areas", 201, name="Health")
    race = await project(person, area_id=area["id"])
    aim = await goal(person, project_id=race["id"])
    task = await add(person, goal_id=aim["id"])
    earlier = await add(person, "Earlier", goal_id=aim["id"])
    await person.post(f"/tasks/{earlier['id']}/archive")
    await person.post(f"/areas/{area['id']}/archive")
    for path in ("/areas", "/projects", "/goals", "/tasks"):
        assert await names(person, path) == []
        assert await names(person, path, include="archived") != []
    await person.post(f"/areas/{area['id']}/archive", 409)
    await person.post(f"/goals/{aim['id']}/unarchive", 409)
    await person.post("/tasks", 422, title="Into the archive", goal_id=aim["id"])
    await person.post(f"/areas/{area['id']}/unarchive")
    assert await names(person, "/tasks") == [task["title"]]
    await person.post(f"/tasks/{earlier['id']}/unarchive")
    await person.post(f"/tasks/{earlier['id']}/unarchive", 409)


async def test_lists_keep_manual_order_and_filters(person: Person) -> None:
    made = [await person.post("/areas", 201, name=name) for name in ("A", "B", "C")]
    await person.post(f"/areas/{made[2]['id']}/move", after_id=made[0]["id"])
    assert await names(person, "/areas") == ["A", "C", "B"]
    goals = [await goal(person, title=name, area_id=made[0]["id"]) for name in ("1", "2")]
    await goal(person, title="Elsewhere")
    await person.post(f"/goals/{goals[1]['id']}/move", after_id=None)
    assert await names(person, "/goals", area_id=made[0]["id"]) == ["2", "1"]
    await person.patch(f"/goals/{goals[0]['id']}", status="dropped")
    assert await names(person, "/goals", status="dropped") == ["1"]
    races = [await project(person, name=name) for name in ("One", "Two")]
    await person.post(f"/projects/{races[1]['id']}/move", after_id=None)
    assert await names(person, "/projects", status="active") == ["Two", "One"]


async def test_areas_change_and_refuse_unknown_hues(person: Person) -> None:
    area = await person.post("/areas", 201, name="Health")
    changed = await person.patch(f"/areas/{area['id']}", name="Body", color="play", weight=10)
    assert (changed["name"], changed["color"], changed["weight"]) == ("Body", "play", 10)
    await person.patch(f"/areas/{area['id']}", 422, color="infrared")
    await person.post("/areas", 422, name="Heavy", weight=11)
    assert (await person.get(f"/areas/{area['id']}"))["version"] == 2
