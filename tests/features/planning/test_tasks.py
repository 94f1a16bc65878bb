"""Tasks through HTTP: each test is named by its rule."""

from typing import Any

import pytest

from selfos.kernel.identifiers import new_id
from tests.factories import Person

ZONED = {"kind": "zoned", "date": "2026-11-27", "time": "17:00", "zone": "Europe/Berlin"}


async def add(person: Person, title: str = "A task", **fields: Any) -> dict[str, Any]:
    return await person.post("/tasks", 201, title=title, **fields)


async def titles(person: Person, **query: Any) -> list[str]:
    return [task["title"] for task in (await person.get("/tasks", **query))["items"]]


async def test_a_task_without_a_place_starts_in_the_inbox(person: Person) -> None:
    task = await add(person, "Call Mum")
    assert task["state"] == "inbox"
    assert task["weight"] == 1
    assert task["progress"] == 0
    assert task["blocked"] is False
    assert (task["labels"], task["blocked_by"]) == ([], [])


async def test_a_task_with_a_place_is_to_do(person: Person) -> None:
    area = await person.post("/areas", 201, name="Health")
    task = await add(person, area_id=area["id"])
    assert task["state"] == "todo"


async def test_plans_are_shown_as_they_were_given(person: Person) -> None:
    due = await add(person, due=ZONED, start={"kind": "date", "date": "2026-11-20"})
    assert due["due"] == ZONED
    assert due["start"] == {"kind": "date", "date": "2026-11-20"}
    floating = {"kind": "floating", "date": "2026-11-27", "time": "07:05"}
    changed = await person.patch(f"/tasks/{due['id']}", due=floating)
    assert changed["due"] == floating
    assert (await person.patch(f"/tasks/{due['id']}", due=None))["due"] is None


@pytest.mark.parametrize(
    "due",
    [
        {**ZONED, "zone": "Mars/Olympus"},
        {**ZONED, "zone": "localtime"},
        {**ZONED, "time": "24:00"},
        {"kind": "date", "date": "2026-02-30"},
        {"kind": "date", "date": "2026-11-27", "time": "10:00"},
    ],
)
async def test_nonexistent_zones_times_and_days_are_refused(
    person: Person, due: dict[str, str]
) -> None:
    await person.post("/tasks", 422, title="Meet", due=due)


async def test_a_task_cannot_start_after_it_is_due(person: Person) -> None:
    due, start = {"kind": "date", "date": "2026-11-20"}, {"kind": "date", "date": "2026-11-21"}
    await person.post("/tasks", 422, title="Too late", due=due, start=start)
    task = await add(person, due=due)
    await person.patch(f"/tasks/{task['id']}", 422, start=start)


async def test_clients_may_choose_ids_but_only_of_version_7(person: Person) -> None:
    chosen = str(new_id())
    assert (await add(person, id=chosen))["id"] == chosen
    await person.post("/tasks", 422, title="No", id="9d3e0e5c-7b1e-4b8a-9a52-9f0f4e0f1c11")
    await person.post("/tasks", 409, title="Again", id=chosen)


async def test_a_patch_changes_only_what_it_names(person: Person) -> None:
    task = await add(person, "Old", notes="Keep me", priority=1)
    changed = await person.patch(f"/tasks/{task['id']}", title="New")
    assert (changed["title"], changed["notes"], changed["priority"]) == ("New", "Keep me", 1)
    assert changed["version"] == task["version"] + 1
    await person.patch(f"/tasks/{task['id']}", 422, title=None)


async def test_settling_is_not_a_patch(person: Person) -> None:
    task = await add(person)
    await person.patch(f"/tasks/{task['id']}", 422, state="done")
    assert (await person.patch(f"/tasks/{task['id']}", state="waiting"))["state"] == "waiting"


async def test_completing_twice_is_a_conflict(person: Person) -> None:
    task = await add(person)
    done = await person.post(f"/tasks/{task['id']}/complete")
    assert (done["state"], done["progress"]) == ("done", 1)
    assert done["completed_at"] is not None
    await person.post(f"/tasks/{task['id']}/complete", 409)


async def test_a_reopened_task_is_to_do_again(person: Person) -> None:
    task = await add(person)
    await person.post(f"/tasks/{task['id']}/reopen", 409)
    await person.post(f"/tasks/{task['id']}/cancel")
    again = await person.post(f"/tasks/{task['id']}/reopen")
    assert (again["state"], again["completed_at"]) == ("todo", None)


async def test_a_settled_task_changes_its_state_only_by_reopening(person: Person) -> None:
    task = await add(person)
    cancelled = await person.post(f"/tasks/{task['id']}/cancel")
    assert (cancelled["state"], cancelled["completed_at"]) == ("cancelled", None)
    await person.patch(f"/tasks/{task['id']}", 409, state="doing")


async def test_the_list_shows_open_tasks_in_the_order_they_were_made(person: Person) -> None:
    made = [await add(person, f"Task {number}") for number in range(4)]
    await person.post(f"/tasks/{made[1]['id']}/complete")
    await person.delete(f"/tasks/{made[2]['id']}")
    assert await titles(person) == ["Task 0", "Task 3"]
    assert await titles(person, completed=True) == ["Task 1"]
    assert await titles(person, state="done") == ["Task 1"]
    assert await titles(person, include="deleted") == ["Task 0", "Task 2", "Task 3"]
    await person.post(f"/tasks/{made[0]['id']}/archive")
    assert await titles(person) == ["Task 3"]
    assert await titles(person, include="archived") == ["Task 0", "Task 3"]


@pytest.mark.parametrize("sort", ["rank", "due", "created", "updated"])
async def test_pages_join_without_gap_or_repetition(person: Person, sort: str) -> None:
    for number in range(7):
        due = {"kind": "date", "date": f"2026-12-0{9 - number}"} if number % 2 else None
        await add(person, f"Task {number}", due=due)
    whole = await titles(person, sort=sort)
    seen: list[str] = []
    cursor: str | None = None
    while True:
        query: dict[str, Any] = {"sort": sort, "limit": 3} | ({"cursor": cursor} if cursor else {})
        page = await person.get("/tasks", **query)
        seen += [task["title"] for task in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == whole
    assert sorted(seen) == [f"Task {number}" for number in range(7)]


async def test_sorting_by_date_puts_undated_tasks_last(person: Person) -> None:
    await add(person, "Someday")
    await add(person, "Later", due={"kind": "date", "date": "2026-12-02"})
    await add(person, "At nine", due={"kind": "floating", "date": "2026-12-01", "time": "09:00"})
    await add(person, "That day", due={"kind": "date", "date": "2026-12-01"})
    assert await titles(person, sort="due") == ["At nine", "That day", "Later", "Someday"]


async def test_lists_filter_by_date_and_show_chosen_fields(person: Person) -> None:
    for day in ("01", "02", "03"):
        await add(person, day, due={"kind": "date", "date": f"2026-12-{day}"})
    assert await titles(person, due_before="2026-12-03", due_after="2026-12-01") == ["02"]
    page = await person.get("/tasks", fields="title", limit=1)
    assert list(page["items"][0]) == ["id", "title"]
    await person.get("/tasks", 422, fields="password")
    await person.get("/tasks", 422, due_before="tomorrow")


async def test_labels_are_made_when_first_used_whatever_their_case(person: Person) -> None:
    task = await add(person, labels=["Home", "errand"])
    assert [label["name"] for label in task["labels"]] == ["errand", "Home"]
    other = await add(person, "Other", labels=["HOME"])
    assert other["labels"][0]["id"] == task["labels"][1]["id"]
    assert await titles(person, label_id=other["labels"][0]["id"]) == ["A task", "Other"]
    changed = await person.patch(f"/tasks/{task['id']}", labels=["errand", "quiet"])
    assert [label["name"] for label in changed["labels"]] == ["errand", "quiet"]
    assert len((await person.get("/labels"))["items"]) == 3


async def test_a_label_exists_once_and_leaves_tasks_when_deleted(person: Person) -> None:
    label = await person.post("/labels", 201, name="Home", color="home")
    await person.post("/labels", 409, name="home")
    task = await add(person, labels=["home"])
    renamed = await person.patch(f"/labels/{label['id']}", name="House", color="play")
    assert (renamed["name"], renamed["color"]) == ("House", "play")
    await person.delete(f"/labels/{label['id']}")
    assert (await person.get(f"/tasks/{task['id']}"))["labels"] == []


async def test_a_task_follows_its_new_neighbour_in_every_view(person: Person) -> None:
    area = await person.post("/areas", 201, name="Home")
    made = [await add(person, f"{number}", area_id=area["id"]) for number in range(4)]
    await person.post(f"/tasks/{made[3]['id']}/move", after_id=made[0]["id"])
    assert await titles(person) == ["0", "3", "1", "2"]
    assert await titles(person, area_id=area["id"]) == ["0", "3", "1", "2"]
    await person.post(f"/tasks/{made[2]['id']}/move", after_id=None)
    assert await titles(person) == ["2", "0", "3", "1"]
    await person.post(f"/tasks/{made[2]['id']}/move", after_id=made[1]["id"])
    assert await titles(person) == ["0", "3", "1", "2"]
    await person.post(f"/tasks/{made[2]['id']}/move", 422, after_id=str(new_id()))


async def test_only_a_member_can_be_given_a_task(person: Person, make_person: Any) -> None:
    stranger = await make_person()
    mine, theirs = str(person.user_id), str(stranger.user_id)
    assert (await add(person, assignee_id=mine))["assignee_id"] == mine
    await person.post("/tasks", 422, title="No", assignee_id=theirs)


async def test_another_workspace_sees_nothing(person: Person, make_person: Any) -> None:
    task = await add(person)
    stranger = await make_person()
    await stranger.get(f"/tasks/{task['id']}", 404)
    await stranger.patch(f"/tasks/{task['id']}", 404, title="Mine")
    await stranger.post(f"/tasks/{task['id']}/complete", 404)
    await stranger.post("/tasks", 422, title="Under yours", parent_id=task["id"])
    assert await titles(stranger) == []


async def test_an_old_version_is_refused(person: Person) -> None:
    task = await add(person)
    await person.patch(f"/tasks/{task['id']}", title="Newer")
    response = await person.client.patch(
        f"/tasks/{task['id']}", json={"title": "Mine"}, headers={"If-Match": '"1"'}
    )
    assert response.status_code == 412
