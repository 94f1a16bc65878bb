"""Tasks that repeat: what comes after completing, skipping, reopening and deleting one."""

from typing import Any
from uuid import UUID, uuid5

import pytest

from tests.factories import Person

MONDAY = "2027-03-01"
Row = dict[str, Any]


def on(day: str, clock: str | None = None, zone: str | None = None) -> Row:
    if clock is None:
        return {"kind": "date", "date": day}
    if zone is None:
        return {"kind": "floating", "date": day, "time": clock}
    return {"kind": "zoned", "date": day, "time": clock, "zone": zone}


async def repeating(
    person: Person, rule: str, day: str = MONDAY, title: str = "Water plants", **fields: Any
) -> Row:
    repeat = {"rule": rule} | {
        name: fields.pop(name)
        for name in ("mode", "catch_up", "phrase", "exdates", "rdates")
        if name in fields
    }
    due = fields.pop("due", on(day))
    return await person.post("/tasks", 201, title=title, due=due, repeat=repeat, **fields)


async def waiting(person: Person, **query: Any) -> list[Row]:
    """Return the open tasks by date, without subtasks."""
    found = (await person.get("/tasks", sort="due", **query))["items"]
    return [task for task in found if task["parent_id"] is None]


async def days(person: Person) -> list[str]:
    return [task["due"]["date"] for task in await waiting(person)]


async def do(person: Person, task: Row, verb: str = "complete", **body: Any) -> Row:
    return await person.post(f"/tasks/{task['id']}/{verb}", **body)


async def test_completing_brings_the_next(person: Person) -> None:
    task = await repeating(
        person, "freq=weekly;byday=th,mo", notes="Not too much", labels=["home"], priority=2
    )
    assert task["repeat"] == {
        "rule": "FREQ=WEEKLY;BYDAY=MO,TH",
        "mode": "schedule",
        "catch_up": "one",
        "phrase": None,
        "text": "every week on Mon and Thu",
    }
    assert task["slot"] == MONDAY
    done = await do(person, task)
    assert done["state"] == "done"
    (following,) = await waiting(person)
    assert following["due"] == on("2027-03-04")
    assert following["id"] == str(uuid5(UUID(task["series_id"]), "2027-03-04"))
    same = ("title", "notes", "priority", "series_id", "repeat", "rank")
    assert {name: following[name] for name in same} == {name: task[name] for name in same}
    assert [label["name"] for label in following["labels"]] == ["home"]


async def test_the_first_date_is_the_rules_first(person: Person) -> None:
    task = await repeating(
        person, "FREQ=WEEKLY;BYDAY=WE", start=on("2027-02-28"), deadline="2027-03-05"
    )
    assert (task["due"], task["start"]) == (on("2027-03-03"), on("2027-03-02"))
    assert task["deadline"] == "2027-03-07"


async def test_start_and_deadline_move_with_the_occurrence(person: Person) -> None:
    task = await repeating(
        person,
        "FREQ=MONTHLY",
        due=on("2027-01-31", "09:00", "Europe/Berlin"),
        start=on("2027-01-29"),
        deadline="2027-02-01",
    )
    await do(person, task)
    (following,) = await waiting(person)
    assert following["due"] == on("2027-02-28", "09:00", "Europe/Berlin")
    assert (following["start"], following["deadline"]) == (on("2027-02-26"), "2027-03-01")
    assert following["slot"] == "2027-02-28T09:00"


async def test_early_completion_never_brings_the_same_day_again(person: Person) -> None:
    """The clock stands long before: each is done weeks early."""
    task = await repeating(person, "FREQ=WEEKLY;BYDAY=FR", "2027-03-05")
    await do(person, task)
    assert await days(person) == ["2027-03-12"]


async def test_what_comes_daily_collapses_and_the_rest_waits(person: Person) -> None:
    """Both are months late."""
    daily = await repeating(person, "FREQ=DAILY", "2026-01-05")
    weekly = await repeating(person, "FREQ=WEEKLY", "2026-01-05")
    assert (daily["repeat"]["catch_up"], weekly["repeat"]["catch_up"]) == ("collapse", "one")
    await do(person, daily)
    await do(person, weekly)
    today = (await person.get("/today"))["date"]
    first, second = await days(person)
    assert first == "2026-01-12"
    assert second > today


async def test_counting_from_completion_starts_at_the_day_it_was_done(person: Person) -> None:
    task = await repeating(person, "FREQ=DAILY;INTERVAL=3", "2026-01-05", mode="completion")
    assert task["repeat"]["text"] == "3 days after it is done"
    await do(person, task)
    today = (await person.get("/today"))["date"]
    (following,) = await days(person)
    assert (int(following[-2:]) - int(today[-2:])) % 28 in {3, 0, 1, 2}
    assert following > today


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"due": None, "repeat": {"rule": "FREQ=DAILY"}}, "/due"),
        ({"repeat": {"rule": "FREQ=SECONDLY"}}, "/repeat/rule"),
        ({"repeat": {"rule": "FREQ=HOURLY"}}, "/repeat/rule"),
        ({"repeat": {"rule": "FREQ=WEEKLY;BYDAY=MO", "mode": "completion"}}, "/repeat/rule"),
        ({"repeat": {"rule": "FREQ=DAILY", "exdates": ["2027-03-02T09:00"]}}, "/repeat/exdates/0"),
        ({"repeat": {"rule": "FREQ=DAILY", "rdates": ["2027-02-30"]}}, "/repeat/rdates/0"),
        (
            {"repeat": {"rule": "FREQ=DAILY", "mode": "completion", "catch_up": "all"}},
            "/repeat/catch_up",
        ),
    ],
)
async def test_a_task_that_cannot_repeat_is_refused(
    person: Person, fields: Row, pointer: str
) -> None:
    body = {"title": "No", "due": on(MONDAY), **fields}
    refused = await person.post("/tasks", 422, **body)
    assert refused["errors"][0]["pointer"] == pointer
    assert await waiting(person) == []


async def test_a_subtask_comes_back_with_its_parent(person: Person) -> None:
    task = await repeating(person, "FREQ=DAILY;INTERVAL=2")
    child = await person.post("/tasks", 201, title="Can", parent_id=task["id"], labels=["tool"])
    await person.post("/tasks", 201, title="Fill", parent_id=child["id"], due=on(MONDAY))
    gone = await person.post("/tasks", 201, title="Gone", parent_id=task["id"])
    await person.delete(f"/tasks/{gone['id']}")
    await person.post(
        "/tasks",
        422,
        title="No",
        parent_id=task["id"],
        due=on(MONDAY),
        repeat={"rule": "FREQ=DAILY"},
    )
    await do(person, task)
    (following,) = await waiting(person)
    found = (await person.get("/tasks", sort="due"))["items"]
    below = {row["title"]: row for row in found if row["parent_id"]}
    assert below.keys() == {"Can", "Fill"}
    assert below["Can"]["parent_id"] == following["id"]
    assert below["Fill"]["parent_id"] == below["Can"]["id"]
    assert below["Fill"]["due"] == on("2027-03-03")
    assert [label["name"] for label in below["Can"]["labels"]] == ["tool"]
    assert {row["state"] for row in below.values()} == {"todo"}


def same(task: Row) -> Row:
    return {name: value for name, value in task.items() if name not in {"version", "updated_at"}}


async def everything(person: Person) -> list[Row]:
    rows: list[Row] = []
    for completed in (False, True):
        rows += (await person.get("/tasks", completed=completed))["items"]
    return sorted((same(row) for row in rows), key=lambda row: row["id"])


@pytest.mark.parametrize("verb", ["complete", "skip", "cancel"])
@pytest.mark.parametrize("rule", ["FREQ=DAILY", "FREQ=WEEKLY;COUNT=1", "FREQ=MONTHLY"])
async def test_reopening_gives_back_exactly_what_was(person: Person, verb: str, rule: str) -> None:
    task = await repeating(person, rule)
    child = await person.post("/tasks", 201, title="Doing", parent_id=task["id"])
    await person.patch(f"/tasks/{child['id']}", state="doing")
    done = await person.post("/tasks", 201, title="Done before", parent_id=task["id"])
    await do(person, done)
    before = await everything(person)
    series = same(await person.get(f"/series/{task['series_id']}"))
    await do(person, task, verb)
    assert await everything(person) != before
    await do(person, task, "reopen")
    assert await everything(person) == before
    assert same(await person.get(f"/series/{task['series_id']}")) == series


@pytest.mark.parametrize("change", [{"labels": []}, {"priority": 1}])
async def test_a_touched_occurrence_stays(person: Person, change: Row) -> None:
    task = await repeating(person, "FREQ=WEEKLY", labels=["home"])
    await do(person, task)
    (following,) = await waiting(person)
    await person.patch(f"/tasks/{following['id']}", **change)
    await do(person, task, "reopen")
    assert len(await waiting(person)) == 2


async def test_a_checklist_from_a_template_comes_back_too(person: Person) -> None:
    goal = await person.post("/goals", 201, title="Grow")
    task = await repeating(person, "FREQ=WEEKLY", goal_id=goal["id"])
    template = await person.post(
        "/templates", 201, name="Round", tasks=[{"title": "Can"}, {"title": "Fill"}]
    )
    await person.post(f"/templates/{template['id']}/apply", 201, parent_id=task["id"])
    assert (await person.get(f"/goals/{goal['id']}"))["progress"] is None
    await do(person, task)
    assert (await waiting(person))[0]["subtasks_open"] == 2


async def test_reopening_leaves_a_touched_occurrence_alone(person: Person) -> None:
    task = await repeating(person, "FREQ=WEEKLY")
    await do(person, task)
    (following,) = await waiting(person)
    await person.patch(f"/tasks/{following['id']}", title="Water and feed")
    await do(person, task, "reopen")
    assert [each["title"] for each in await waiting(person)] == ["Water plants", "Water and feed"]
    await do(person, task)
    assert [each["title"] for each in await waiting(person)] == ["Water and feed"]


@pytest.mark.parametrize("verb", ["complete", "skip", "cancel"])
async def test_settling_is_undone_and_redone_as_one(person: Person, verb: str) -> None:
    task = await repeating(person, "FREQ=WEEKLY")
    await person.post("/tasks", 201, title="Can", parent_id=task["id"])
    before = await everything(person)
    await do(person, task, verb)
    after = await everything(person)
    await person.post("/undo")
    assert await everything(person) == before
    await person.post("/redo")
    assert await everything(person) == after


async def test_skipping_advances_and_does_not_count_as_done(person: Person) -> None:
    task = await repeating(person, "FREQ=WEEKLY;COUNT=2")
    skipped = await do(person, task, "skip")
    assert (skipped["state"], skipped["completed_at"]) == ("skipped", None)
    for expected in ("2027-03-08", "2027-03-15"):
        (current,) = await waiting(person)
        assert current["due"]["date"] == expected
        await do(person, current)
    assert await waiting(person) == []
    series = await person.get(f"/series/{task['series_id']}")
    assert series["done"] == 2
    assert series["finished_at"] is not None
    plain = await person.post("/tasks", 201, title="Once")
    await person.post(f"/tasks/{plain['id']}/skip", 409)
    await person.post(f"/tasks/{task['id']}/skip", 409)


async def test_skipping_a_missed_day_keeps_today(person: Person) -> None:
    today = (await person.get("/today"))["date"]
    task = await repeating(person, "FREQ=DAILY", "2026-01-05")
    await do(person, task, "skip")
    assert await days(person) == [today]


@pytest.mark.parametrize("rule", ["FREQ=WEEKLY;UNTIL=20270308", "FREQ=WEEKLY;COUNT=2"])
async def test_a_series_ends(person: Person, rule: str) -> None:
    task = await repeating(person, rule)
    await do(person, task)
    (last,) = await waiting(person)
    assert last["repeat"] is not None
    await do(person, last)
    assert await waiting(person) == []
    assert (await person.get(f"/tasks/{last['id']}"))["repeat"] is None
    await do(person, last, "reopen")
    assert (await person.get(f"/tasks/{last['id']}"))["repeat"] is not None


async def test_single_days_differ_from_the_rule(person: Person) -> None:
    task = await repeating(
        person, "FREQ=WEEKLY", exdates=["2027-03-08"], rdates=["2027-03-10", "2027-03-15"]
    )
    seen = [MONDAY]
    for _ in range(3):
        await do(person, task)
        (task,) = await waiting(person)
        seen.append(task["due"]["date"])
    assert seen == [MONDAY, "2027-03-10", "2027-03-15", "2027-03-22"]


async def test_deleting_one_brings_the_next(person: Person) -> None:
    task = await repeating(person, "FREQ=WEEKLY")
    await person.delete(f"/tasks/{task['id']}")
    assert await days(person) == ["2027-03-08"]
    await person.post("/undo")
    assert await days(person) == [MONDAY]


async def test_deleting_all_ends_the_series(person: Person) -> None:
    task = await repeating(person, "FREQ=WEEKLY")
    await do(person, task)
    (current,) = await waiting(person)
    await person.delete(f"/tasks/{current['id']}?scope=all")
    assert await waiting(person) == []
    assert (await person.get(f"/series/{task['series_id']}"))["finished_at"] is not None
    assert (await person.get(f"/tasks/{task['id']}"))["state"] == "done"
    await person.post("/undo")
    assert await days(person) == ["2027-03-08"]


async def test_bulk_completion_brings_each_next(person: Person) -> None:
    tasks = [await repeating(person, "FREQ=WEEKLY", title=str(n)) for n in range(3)]
    await person.post(
        "/tasks/bulk", task_ids=[task["id"] for task in tasks], action={"kind": "complete"}
    )
    assert await days(person) == ["2027-03-08"] * 3


async def test_many_are_skipped_as_one_change(person: Person) -> None:
    tasks = [await repeating(person, "FREQ=WEEKLY", title=str(n)) for n in range(3)]
    await do(person, tasks[0])
    skipped = await person.post(
        "/tasks/bulk", task_ids=[task["id"] for task in tasks], action={"kind": "skip"}
    )
    assert [task["state"] for task in skipped["items"]] == ["done", "skipped", "skipped"]
    assert await days(person) == ["2027-03-08"] * 3
    history = await person.get("/history", limit=1)
    assert history["items"][0]["label"] == "Skipped 3 tasks"
    await person.post("/undo")
    assert await days(person) == [MONDAY, MONDAY, "2027-03-08"]


async def test_what_does_not_repeat_cannot_be_skipped_among_many(person: Person) -> None:
    task = await repeating(person, "FREQ=WEEKLY")
    once = await person.post("/tasks", 201, title="Buy seeds", due=on(MONDAY))
    problem = await person.post(
        "/tasks/bulk", 409, task_ids=[task["id"], once["id"]], action={"kind": "skip"}
    )
    assert problem["detail"] == "Only repeating tasks can be skipped; “Buy seeds” is not one."
    assert (await person.get(f"/tasks/{task['id']}"))["state"] == task["state"]
    assert await days(person) == [MONDAY, MONDAY]


async def test_what_repeats_does_not_distort_progress(person: Person) -> None:
    goal = await person.post("/goals", 201, title="Grow")
    once = await person.post("/tasks", 201, title="Buy seeds", goal_id=goal["id"])
    task = await repeating(person, "FREQ=WEEKLY", goal_id=goal["id"])
    await person.post("/tasks", 201, title="Can", parent_id=task["id"])
    await do(person, task)
    await do(person, once)
    shown = await person.get(f"/goals/{goal['id']}")
    assert (shown["progress"], shown["open_tasks"], shown["done_tasks"]) == (1.0, 1, 1)
    why = await person.get(f"/goals/{goal['id']}/progress")
    assert [part["title"] for part in why["parts"]] == ["Buy seeds"]
