"""What copies keep of how tasks hang together: ties, rules of repeating, zones."""

from typing import Any

import pytest

from tests.factories import Person

BERLIN = {"kind": "zoned", "date": "2027-06-12", "time": "18:00", "zone": "Europe/Berlin"}


async def template(person: Person, lines: list[Any]) -> Any:
    return await person.post("/templates", 201, name="Kept", tasks=lines)


def on(day: str) -> dict[str, str]:
    return {"kind": "date", "date": day}


async def add(person: Person, title: str, **fields: Any) -> Any:
    return await person.post("/tasks", 201, title=title, **fields)


async def tie(person: Person, blocked: Any, blocker: Any, kind: str = "blocks") -> None:
    path = f"/tasks/{blocked['id']}/dependencies"
    await person.post(path, 201, blocker_id=blocker["id"], kind=kind)


async def ties(person: Person, task: Any) -> set[tuple[str, str, str]]:
    """Return the ties of a task as (what comes first, kind, what comes after)."""
    found = (await person.get(f"/tasks/{task['id']}/dependencies"))["items"]
    return {(each["blocker_title"], each["kind"], each["blocked_title"]) for each in found}


async def called(person: Person, title: str, **query: Any) -> list[Any]:
    found = (await person.get("/tasks", **query))["items"]
    return [task for task in found if task["title"] == title]


async def test_a_duplicate_ties_its_copies_as_the_originals_are_tied(person: Person) -> None:
    root = await add(person, "Trip")
    visa, flight, hotel = [
        await add(person, title, parent_id=root["id"]) for title in ("Visa", "Flight", "Hotel")
    ]
    outside = await add(person, "Save money")
    await tie(person, flight, visa)
    await tie(person, hotel, flight, "relates")
    await tie(person, visa, outside)
    await person.post(f"/tasks/{root['id']}/duplicate", 201)
    copy = next(task for task in await called(person, "Flight") if task["id"] != flight["id"])
    assert await ties(person, copy) == {
        ("Visa", "blocks", "Flight"),
        ("Flight", "relates", "Hotel"),
    }
    assert await ties(person, copy) == await ties(person, flight)
    copied_visa = next(task for task in await called(person, "Visa") if task["id"] != visa["id"])
    assert ("Save money", "blocks", "Visa") not in await ties(person, copied_visa)
    assert [task["blocked"] for task in (copy, copied_visa)] == [True, False]
    await person.post("/undo")
    assert len(await called(person, "Flight")) == 1
    await person.post("/redo")
    assert await ties(person, copy) == await ties(person, flight)


async def test_a_duplicate_repeats_by_itself_as_the_original_does(person: Person) -> None:
    rule = {"rule": "FREQ=WEEKLY;COUNT=4", "phrase": "every week, four times"}
    task = await add(person, "Water", due=on("2027-03-01"), repeat=rule, labels=["Home"])
    await add(person, "Roses", parent_id=task["id"])
    await person.post(f"/tasks/{task['id']}/complete")
    (now,) = await called(person, "Water")
    await person.patch(f"/tasks/{now['id']}", due=on("2027-03-10"))
    copy = await person.post(f"/tasks/{now['id']}/duplicate", 201)
    assert copy["due"] == on("2027-03-10")
    said = ("text", "mode", "catch_up", "phrase")
    assert {name: copy["repeat"][name] for name in said} == {
        name: now["repeat"][name] for name in said if name != "text"
    } | {"text": "every week on Mon, 3 times"}
    assert copy["series_id"] not in (None, now["series_id"])
    # One is done: three are left of the four, for each of them.
    for expected in ("2027-03-15", "2027-03-22"):
        await person.post(f"/tasks/{copy['id']}/complete")
        copy = next(
            each for each in await called(person, "Water") if each["series_id"] == copy["series_id"]
        )
        assert copy["due"] == on(expected)
        assert [label["name"] for label in copy["labels"]] == ["Home"]
    await person.post(f"/tasks/{copy['id']}/complete")
    assert [task["id"] for task in await called(person, "Water")] == [now["id"]]
    assert (await person.get(f"/tasks/{now['id']}"))["due"] == on("2027-03-10")


async def test_a_duplicate_of_what_repeats_is_undone_as_one(person: Person) -> None:
    missed = {"rule": "FREQ=DAILY", "catch_up": "all"}
    task = await add(person, "Pill", due=on("2026-11-20"), repeat=missed)
    before = (await person.get("/tasks"))["items"]
    await person.post(f"/tasks/{task['id']}/duplicate", 201)
    assert len((await person.get("/tasks"))["items"]) == 2 * len(before)
    await person.post("/undo")
    assert (await person.get("/tasks"))["items"] == before


async def test_what_repeats_no_longer_is_duplicated_as_a_plain_task(person: Person) -> None:
    task = await add(
        person, "Once more", due=on("2027-03-01"), repeat={"rule": "FREQ=DAILY;COUNT=1"}
    )
    await person.post(f"/tasks/{task['id']}/complete")
    copy = await person.post(f"/tasks/{task['id']}/duplicate", 201)
    assert (copy["repeat"], copy["state"]) == (None, "inbox")


async def test_a_template_keeps_ties_rules_and_zones(person: Person) -> None:
    project = (await person.post("/projects", 201, name="Release"))["id"]
    repeat = {"rule": "FREQ=WEEKLY;BYDAY=FR;UNTIL=20270716", "phrase": "each Friday"}
    report = await add(person, "Report", project_id=project, due=on("2027-06-04"), repeat=repeat)
    start = {**BERLIN, "date": "2027-06-11"}
    meet = await add(person, "Meet", project_id=project, due=BERLIN, start=start)
    ship = await add(person, "Ship", project_id=project, due=on("2027-06-14"))
    await tie(person, ship, meet)
    await tie(person, meet, report)
    await person.post(f"/tasks/{report['id']}/complete")
    made = await person.post(f"/projects/{project}/template", 201)
    lines = {line["title"]: line for line in made["tasks"]}
    assert [line["title"] for line in made["tasks"]] == ["Report", "Meet", "Ship"]
    assert lines["Report"]["repeat"] == {
        "rule": "FREQ=WEEKLY;BYDAY=FR",
        "mode": "schedule",
        "catch_up": "one",
        "phrase": "each Friday",
        "until_day": 35,
    }
    kept = ("start_time", "start_zone", "due_time", "due_zone")
    assert [lines["Meet"][name] for name in kept] == ["18:00", "Europe/Berlin"] * 2
    # Done of the report is one occurrence; the template has the one that is open.
    assert lines["Report"]["due_day"] == 0
    assert [lines[title]["ties"] for title in ("Report", "Meet", "Ship")] == [
        [],
        [{"line": 0, "kind": "blocks"}],
        [{"line": 1, "kind": "blocks"}],
    ]
    other = (await person.post("/projects", 201, name="Next release"))["id"]
    use = {"start_date": "2028-01-03", "project_id": other}
    used = await person.client.post(f"/templates/{made['id']}/apply", json=use)
    planted = {task["title"]: task for task in used.json()["items"]}
    assert planted["Report"]["due"] == on("2028-01-07")
    assert planted["Report"]["repeat"]["text"] == "every week on Fri until 7 Feb 2028"
    assert planted["Meet"]["due"] == {**BERLIN, "date": "2028-01-04"}
    assert planted["Meet"]["start"] == {**BERLIN, "date": "2028-01-03"}
    assert await ties(person, planted["Meet"]) == {
        ("Report", "blocks", "Meet"),
        ("Meet", "blocks", "Ship"),
    }
    await person.post(f"/history/{used.headers['SelfOS-Changeset']}/undo")
    assert (await person.get("/tasks", project_id=other))["items"] == []


async def test_series_that_wait_for_each_other_do_so_as_copies(person: Person) -> None:
    project = (await person.post("/projects", 201, name="Home"))["id"]
    weekly = {"rule": "FREQ=WEEKLY"}
    fields = {"project_id": project, "due": on("2027-03-01"), "repeat": weekly}
    shop, cook = [await add(person, title, **fields) for title in ("Shop", "Cook")]
    await tie(person, cook, shop)
    made = await person.post(f"/projects/{project}/template", 201)
    other = (await person.post("/projects", 201, name="Cabin"))["id"]
    use = {"start_date": "2028-01-03", "project_id": other}
    await person.post(f"/templates/{made['id']}/apply", 201, **use)
    for title in ("Shop", "Cook"):
        (task,) = await called(person, title, project_id=other)
        await person.post(f"/tasks/{task['id']}/complete")
    (cook,) = await called(person, "Cook", project_id=other)
    assert (cook["due"], cook["blocked"]) == (on("2028-01-10"), True)
    assert await ties(person, cook) == {("Shop", "blocks", "Cook")}


async def test_under_a_task_a_repeating_line_comes_back_with_it(person: Person) -> None:
    line = {"title": "Feed", "due_day": 0, "repeat": {"rule": "FREQ=DAILY"}}
    made = await template(person, [line])
    parent = await add(person, "Sit the cat")
    task = (await person.post(f"/templates/{made['id']}/apply", 201, parent_id=parent["id"]))[
        "items"
    ][0]
    assert (task["repeat"], task["parent_id"]) == (None, parent["id"])
    (alone,) = (await person.post(f"/templates/{made['id']}/apply", 201))["items"]
    assert alone["repeat"]["text"] == "every day"


async def test_what_a_template_shows_can_be_sent_back(person: Person) -> None:
    lines = [
        {"title": "Meet", "due_day": 1, "due_time": "18:00", "due_zone": "Asia/Tokyo"},
        {
            "title": "Report",
            "due_day": 0,
            "repeat": {"rule": "FREQ=DAILY;INTERVAL=3", "mode": "completion", "until_day": 90},
            "ties": [{"line": 0}],
        },
    ]
    made = await template(person, lines)
    same = await person.client.patch(f"/templates/{made['id']}", json={"tasks": made["tasks"]})
    assert (same.json()["tasks"], "SelfOS-Changeset" in same.headers) == (made["tasks"], False)


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([{"title": "A", "ties": [{"line": 1}]}], "tied to no other line"),
        ([{"title": "A", "ties": [{"line": 0}]}], "tied to no other line"),
        (
            [{"title": "A", "ties": [{"line": 1}]}, {"title": "B", "ties": [{"line": 0}]}],
            "wait for each other in a circle",
        ),
        (
            [{"title": "A"}, {"title": "B", "ties": [{"line": 0}, {"line": 0}]}],
            "tied to the same line twice",
        ),
        (
            [
                {"title": "A", "ties": [{"line": 1, "kind": "relates"}]},
                {"title": "B", "ties": [{"line": 0, "kind": "relates"}]},
            ],
            "tied to the same line twice",
        ),
        ([{"title": "A", "repeat": {"rule": "FREQ=DAILY"}}], "repeats without a first day"),
        (
            [
                {"title": "A"},
                {"title": "B", "depth": 1, "due_day": 0, "repeat": {"rule": "FREQ=DAILY"}},
            ],
            "cannot repeat under another",
        ),
        ([{"title": "A", "due_day": 0, "repeat": {"rule": "FREQ=SECONDLY"}}], "cannot repeat so"),
        (
            [{"title": "A", "due_day": 0, "repeat": {"rule": "FREQ=DAILY;UNTIL=20270101"}}],
            "say `until_day`",
        ),
        (
            [
                {
                    "title": "A",
                    "due_day": 0,
                    "repeat": {"rule": "FREQ=DAILY;COUNT=3", "until_day": 9},
                }
            ],
            "not both",
        ),
        ([{"title": "A", "due_zone": "Europe/Berlin", "due_day": 0}], "a zone and no time"),
        ([{"title": "A", "due_zone": "Mars/Base"}], "zone"),
        ([{"title": "A", "start_time": "09:00"}], "add `start_day`"),
    ],
)
async def test_lines_that_contradict_themselves_are_refused(
    person: Person, lines: list[Any], reason: str
) -> None:
    refused = await person.post("/templates", 422, name="Crooked", tasks=lines)
    assert reason in " ".join(error["detail"] for error in refused["errors"]).casefold()


async def test_a_rule_that_has_ended_before_it_begins_is_refused_by_name(person: Person) -> None:
    repeat = {"rule": "FREQ=DAILY", "until_day": 1}
    made = await template(person, [{"title": "Late", "due_day": 3, "repeat": repeat}])
    refused = await person.post(f"/templates/{made['id']}/apply", 422)
    assert "“Late”" in refused["detail"]
    assert (await person.get("/tasks"))["items"] == []
