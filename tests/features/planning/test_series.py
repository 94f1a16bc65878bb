"""Series: changing this, later or all occurrences, stopping, previews, and what opens by itself."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import pytest

from selfos.features.planning.jobs import find_due_series
from selfos.kernel.core import Kernel
from tests.factories import Person

MONDAY = "2027-03-01"
Row = dict[str, Any]


def on(day: str, clock: str | None = None) -> Row:
    if clock is None:
        return {"kind": "date", "date": day}
    return {"kind": "floating", "date": day, "time": clock}


async def repeating(person: Person, rule: str, day: str = MONDAY, **fields: Any) -> Row:
    repeat = {"rule": rule} | fields.pop("repeat", {})
    body = {"title": "Water plants", "due": on(day), "repeat": repeat} | fields
    return await person.post("/tasks", 201, **body)


async def complete(person: Person, task: Row) -> Row:
    """Complete an occurrence and return the one that follows."""
    await person.post(f"/tasks/{task['id']}/complete")
    (following,) = await waiting(person)
    return following


async def waiting(person: Person) -> list[Row]:
    return (await person.get("/tasks", sort="due"))["items"]


async def series_of(person: Person, task: Row) -> Row:
    return await person.get(f"/series/{task['series_id']}")


async def dates(person: Person, task: Row, n: int = 3) -> list[str]:
    shown = await person.get(f"/series/{task['series_id']}/preview", n=n)
    return [item["slot"] for item in shown["items"]]


async def test_a_change_of_this_one_leaves_the_others(person: Person) -> None:
    task = await repeating(person, "FREQ=WEEKLY", labels=["home"])
    change: Row = {"title": "Water and feed", "due": on("2027-03-03"), "labels": [], "priority": 1}
    changed = await person.patch(f"/tasks/{task['id']}", **change)
    assert (changed["due"], changed["slot"]) == (on("2027-03-03"), MONDAY)
    following = await complete(person, task)
    assert following["title"] == "Water plants"
    assert (following["due"], following["priority"]) == (on("2027-03-08"), 4)
    assert [label["name"] for label in following["labels"]] == ["home"]


async def test_a_change_of_all_reaches_those_to_come_and_no_past_one(person: Person) -> None:
    past = await repeating(person, "FREQ=WEEKLY")
    task = await complete(person, past)
    await person.patch(
        f"/tasks/{task['id']}", scope="all", title="Feed", labels=["home"], start=on("2027-03-07")
    )
    following = await complete(person, task)
    assert (following["title"], following["start"]) == ("Feed", on("2027-03-14"))
    assert [label["name"] for label in following["labels"]] == ["home"]
    assert following["series_id"] == past["series_id"]
    assert (await person.get(f"/tasks/{past['id']}"))["title"] == "Water plants"


@pytest.mark.parametrize(
    ("rule", "first", "moved", "words", "expected"),
    [
        ("FREQ=WEEKLY", MONDAY, "2027-03-03", "every week on Wed", "2027-03-10"),
        ("FREQ=MONTHLY", "2027-03-01", "2027-03-31", "the 31st, or the last day", "2027-04-30"),
        ("FREQ=MONTHLY;BYDAY=1MO", MONDAY, "2027-03-09", "the 2nd Tue", "2027-04-13"),
        ("FREQ=MONTHLY;BYDAY=-1WE", "2027-03-31", "2027-03-26", "the last Fri", "2027-04-30"),
        ("FREQ=YEARLY", MONDAY, "2027-05-02", "every year on 2 May", "2028-05-02"),
        ("FREQ=WEEKLY;BYDAY=MO,TH", MONDAY, "2027-03-02", "Mon and Thu", "2027-03-04"),
    ],
)
async def test_moving_all_moves_the_rule(
    person: Person, rule: str, first: str, moved: str, words: str, expected: str
) -> None:
    task = await repeating(person, rule, first)
    changed = await person.patch(f"/tasks/{task['id']}", scope="all", due=on(moved))
    assert words in changed["repeat"]["text"]
    assert (await complete(person, changed))["due"] == on(expected)


async def test_a_new_time_of_all_is_the_time_of_all(person: Person) -> None:
    task = await repeating(person, "FREQ=DAILY")
    await person.patch(f"/tasks/{task['id']}", scope="all", due=on(MONDAY, "07:30"))
    assert await dates(person, task) == [f"2027-03-0{day}T07:30" for day in (1, 2, 3)]
    assert (await complete(person, task))["due"] == on("2027-03-02", "07:30")


async def test_a_change_of_this_and_following_splits_the_series(person: Person) -> None:
    past = await repeating(person, "FREQ=WEEKLY;COUNT=5", repeat={"phrase": "every week, 5 times"})
    task = await complete(person, past)
    changed = await person.patch(f"/tasks/{task['id']}", scope="following", title="Feed")
    assert changed["id"] == task["id"]
    assert changed["series_id"] != past["series_id"]
    assert changed["repeat"]["rule"] == "FREQ=WEEKLY;BYDAY=MO;COUNT=4"
    old, new = await series_of(person, past), await series_of(person, changed)
    assert (new["continues_id"], new["title"]) == (old["id"], "Feed")
    assert (old["title"], old["rule"]) == (
        "Water plants",
        "FREQ=WEEKLY;BYDAY=MO;UNTIL=20270307",
    )
    assert old["finished_at"] is not None
    assert (await complete(person, changed))["title"] == "Feed"
    await person.post("/undo")
    await person.post("/undo")
    assert same(await series_of(person, past)) == {**same(old), **ONCE_MORE}
    assert [row["series_id"] for row in await waiting(person)] == [past["series_id"]]


ONCE_MORE = {"rule": "FREQ=WEEKLY;BYDAY=MO;COUNT=5", "finished_at": None, "text": ""}


def same(series: Row) -> Row:
    return {**series, "version": 0, "updated_at": "", "text": ""}


async def test_following_from_the_first_is_all(person: Person) -> None:
    task = await repeating(person, "FREQ=WEEKLY")
    changed = await person.patch(f"/tasks/{task['id']}", scope="following", title="Feed")
    assert changed["series_id"] == task["series_id"]


async def test_a_new_rule_holds_from_the_current_one_on(person: Person) -> None:
    task = await complete(person, await repeating(person, "FREQ=WEEKLY"))
    changed = await person.patch(
        f"/tasks/{task['id']}", repeat={"rule": "FREQ=MONTHLY;BYDAY=2TU", "phrase": "2nd tuesday"}
    )
    assert (changed["due"], changed["series_id"]) == (on("2027-03-09"), task["series_id"])
    assert changed["repeat"]["phrase"] == "2nd tuesday"
    assert await dates(person, task) == ["2027-03-09", "2027-04-13", "2027-05-11"]
    refused = await person.patch(f"/tasks/{task['id']}", 422, repeat={"rule": "FREQ=NEVER"})
    assert refused["errors"][0]["pointer"] == "/repeat/rule"


async def test_what_did_not_repeat_can_begin_to(person: Person) -> None:
    task = await person.post("/tasks", 201, title="Water plants", due=on(MONDAY))
    child = await person.post("/tasks", 201, title="Can", parent_id=task["id"])
    changed = await person.patch(f"/tasks/{task['id']}", repeat={"rule": "FREQ=DAILY"})
    assert changed["repeat"]["text"] == "every day"
    assert (await person.get(f"/tasks/{child['id']}"))["series_id"] == changed["series_id"]
    stopped = await person.patch(f"/tasks/{task['id']}", repeat=None)
    assert (stopped["repeat"], stopped["series_id"], stopped["slot"]) == (None, None, None)
    assert (await person.get(f"/tasks/{child['id']}"))["series_id"] is None
    again = await person.patch(f"/tasks/{task['id']}", repeat={"rule": "FREQ=DAILY"})
    assert again["series_id"] != changed["series_id"]


async def test_a_stopped_series_stays_stopped(person: Person) -> None:
    task = await repeating(person, "FREQ=WEEKLY")
    stopped = await person.post(f"/series/{task['series_id']}/stop")
    assert stopped["finished_at"] is not None
    await person.post(f"/series/{task['series_id']}/stop", 409)
    await person.patch(f"/series/{task['series_id']}", 409, rule="FREQ=DAILY")
    await person.post(f"/tasks/{task['id']}/complete")
    assert await waiting(person) == []


async def test_a_series_is_changed_by_its_own_address(person: Person) -> None:
    task = await repeating(person, "FREQ=WEEKLY")
    address = f"/series/{task['series_id']}"
    changed = await person.patch(address, exdates=["2027-03-08"], phrase="mondays")
    assert (changed["exdates"], changed["phrase"]) == (["2027-03-08"], "mondays")
    assert await dates(person, task) == [MONDAY, "2027-03-15", "2027-03-22"]
    changed = await person.patch(address, rule="FREQ=WEEKLY;BYDAY=TU", rdates=["2027-03-04"])
    assert changed["anchor"] == "2027-03-02"
    assert await dates(person, task) == ["2027-03-02", "2027-03-04", "2027-03-09"]
    wrong = await person.patch(address, 422, rdates=["2027-03-04T09:00"])
    assert wrong["errors"][0]["pointer"] == "/rdates/0"


async def test_a_rule_is_tried_out_with_late_completions(person: Person) -> None:
    wanted: Row = {"rule": "FREQ=WEEKLY", "due": on(MONDAY), "n": 3}
    on_time = await person.post("/recurrence/preview", 200, **wanted)
    assert [item["slot"] for item in on_time["items"]] == [MONDAY, "2027-03-08", "2027-03-15"]
    assert (on_time["text"], on_time["ends"]) == ("every week on Mon", False)
    after = await person.post(
        "/recurrence/preview",
        200,
        **{**wanted, "rule": "FREQ=DAILY;INTERVAL=7", "mode": "completion", "days_late": [3, -1]},
    )
    assert [item["slot"] for item in after["items"]] == [MONDAY, "2027-03-11", "2027-03-17"]
    ending = await person.post(
        "/recurrence/preview", 200, **{**wanted, "rule": "FREQ=DAILY;COUNT=2"}
    )
    assert (len(ending["items"]), ending["ends"]) == (2, True)
    refused = await person.post("/recurrence/preview", 422, rule="FREQ=SECONDLY", due=on(MONDAY))
    assert refused["errors"][0]["pointer"] == "/rule"


async def test_the_previewed_dates_are_those_that_come(person: Person) -> None:
    task = await repeating(person, "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=4")
    promised = await dates(person, task, 10)
    seen: list[str] = []
    while True:
        seen.append(task["slot"])
        await person.post(f"/tasks/{task['id']}/complete")
        left = await waiting(person)
        if not left:
            break
        (task,) = left
    assert seen == promised == ["2027-03-31", "2027-04-30", "2027-05-31", "2027-06-30"]


async def test_missed_ones_open_each_by_themselves(
    person: Person,
    kernel: Kernel,
    drain: Callable[[], Awaitable[None]],
    travel: Callable[..., None],
) -> None:
    today = date.fromisoformat((await person.get("/today"))["date"])
    days = [(today + timedelta(days=number)).isoformat() for number in range(-2, 3)]
    await repeating(person, "FREQ=DAILY", days[0], repeat={"catch_up": "all"})
    assert [row["slot"] for row in await waiting(person)] == days[:3]
    travel(days=2)
    await find_due_series(kernel)
    await drain()
    opened = await waiting(person)
    assert [row["slot"] for row in opened] == days
    await person.post(f"/tasks/{opened[1]['id']}/complete")
    await person.post(f"/tasks/{opened[1]['id']}/reopen")
    assert [row["slot"] for row in await waiting(person)] == days


async def test_matching_occurrences_wait_for_each_other(person: Person) -> None:
    wash = await repeating(person, "FREQ=WEEKLY", title="Wash")
    iron = await repeating(person, "FREQ=WEEKLY;BYDAY=WE", title="Iron")
    await person.post(f"/tasks/{iron['id']}/dependencies", 201, blocker_id=wash["id"])
    for task in (wash, iron):
        await person.post(f"/tasks/{task['id']}/complete")
    wash, iron = await waiting(person)
    assert (iron["slot"], iron["blocked_by"]) == ("2027-03-10", [wash["id"]])
    await person.post(f"/tasks/{wash['id']}/complete")
    iron, wash = await waiting(person)
    assert (iron["blocked"], wash["slot"]) == (False, "2027-03-15")


async def test_with_another_period_only_the_current_one_is_waited_for(person: Person) -> None:
    buy = await repeating(person, "FREQ=MONTHLY", title="Buy soap")
    wash = await repeating(person, "FREQ=WEEKLY", title="Wash")
    await person.post(f"/tasks/{wash['id']}/dependencies", 201, blocker_id=buy["id"])
    await person.post(f"/tasks/{wash['id']}/complete")
    _, wash = await waiting(person)
    assert wash["blocked_by"] == [buy["id"]]
    await person.post(f"/tasks/{buy['id']}/complete")
    for day in ("2027-03-08", "2027-03-15", "2027-03-22", "2027-03-29"):
        wash, buy = await waiting(person)
        assert (wash["slot"], wash["blocked"], buy["slot"]) == (day, False, "2027-04-01")
        await person.post(f"/tasks/{wash['id']}/complete")
    buy, wash = await waiting(person)
    assert (wash["slot"], wash["blocked_by"]) == ("2027-04-05", [buy["id"]])


async def test_an_untied_series_waits_no_longer(person: Person) -> None:
    wash = await repeating(person, "FREQ=WEEKLY", title="Wash")
    iron = await repeating(person, "FREQ=WEEKLY;BYDAY=WE", title="Iron")
    tie = await person.post(f"/tasks/{iron['id']}/dependencies", 201, blocker_id=wash["id"])
    await person.delete(f"/tasks/{iron['id']}/dependencies/{tie['id']}")
    for task in (iron, wash):
        await person.post(f"/tasks/{task['id']}/complete")
    assert [row["blocked"] for row in await waiting(person)] == [False, False]


async def test_a_repeating_task_stands_by_itself(person: Person) -> None:
    task = await repeating(person, "FREQ=WEEKLY")
    parent = await person.post("/tasks", 201, title="Home")
    await person.post(f"/tasks/{task['id']}/move", 422, parent_id=parent["id"])
    moved = await person.post("/areas", 201, name="Home")
    await person.post(f"/tasks/{task['id']}/move", area_id=moved["id"])
    await person.delete(f"/tasks/{parent['id']}")
    assert (await complete(person, task))["area_id"] == moved["id"]
