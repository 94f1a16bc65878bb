"""How a task repeats is one of its fields: two who change it meet as over any other."""

from typing import Any

import pytest

from tests.factories import Person
from tests.features.sync.devices import Device

Pair = tuple[Device, Device, str]
WEEKLY, DAILY = "FREQ=WEEKLY;BYDAY=MO", "FREQ=DAILY"
MONDAY = {"kind": "date", "date": "2027-03-01"}


@pytest.fixture
async def pair(person: Person) -> Pair:
    """Two devices that know the same repeating task."""
    repeat = {"rule": WEEKLY, "exdates": ["2027-03-15"]}
    made = await person.post("/tasks", 201, title="Water", due=MONDAY, repeat=repeat)
    phone, laptop = Device(person), Device(person)
    await phone.sync()
    await laptop.sync()
    return phone, laptop, made["id"]


async def conflicts(person: Person) -> list[dict[str, Any]]:
    return (await person.get("/sync/conflicts"))["items"]


async def converged(*devices: Device) -> None:
    for device in devices:
        await device.sync()
    assert all(device.rows == devices[0].rows for device in devices)


def rule(device: Device, task: str) -> str | None:
    repeat = device.row("task", task)["repeat"]
    return repeat and repeat["rule"]


async def test_of_two_rules_the_later_stays_and_the_earlier_can_be_restored(pair: Pair) -> None:
    phone, laptop, task = pair
    phone.do("task", "update", task, repeat={"rule": DAILY})
    laptop.do("task", "update", task, repeat={"rule": "FREQ=WEEKLY;BYDAY=TU", "phrase": "Tuesdays"})
    assert (await phone.sync())[0]["status"] == "applied"
    (ack,) = await laptop.sync()
    assert ack["status"] == "conflict"
    await converged(phone, laptop)
    assert rule(phone, task) == "FREQ=WEEKLY;BYDAY=TU"
    (entry,) = await conflicts(phone.person)
    assert entry["field"] == "repeat"
    assert (entry["kept"]["phrase"], entry["kept"]["text"]) == ("Tuesdays", "every week on Tue")
    assert (entry["lost"]["rule"], entry["lost"]["text"]) == (DAILY, "every day")
    await phone.person.post(f"/sync/conflicts/{entry['id']}/restore")
    await converged(phone, laptop)
    assert rule(phone, task) == DAILY
    await phone.person.post("/undo")
    await converged(phone, laptop)
    assert rule(phone, task) == "FREQ=WEEKLY;BYDAY=TU"


async def test_an_earlier_rule_that_comes_last_changes_nothing(pair: Pair) -> None:
    phone, laptop, task = pair
    phone.do("task", "update", task, repeat={"rule": DAILY}, title="Water all")
    laptop.do("task", "update", task, repeat={"rule": "FREQ=MONTHLY;BYMONTHDAY=1"})
    await laptop.sync()
    assert (await phone.sync())[0]["status"] == "conflict"
    await converged(phone, laptop)
    assert (rule(phone, task), phone.row("task", task)["title"]) == (
        "FREQ=MONTHLY;BYMONTHDAY=1",
        "Water all",
    )
    (entry,) = await conflicts(phone.person)
    assert (entry["kept"]["rule"], entry["lost"]["rule"]) == ("FREQ=MONTHLY;BYMONTHDAY=1", DAILY)


async def test_the_same_rule_twice_is_no_conflict(pair: Pair) -> None:
    phone, laptop, task = pair
    for device in (phone, laptop):
        device.do("task", "update", task, repeat={"rule": DAILY, "mode": "completion"})
        await device.sync()
    assert await conflicts(phone.person) == []


async def test_a_rule_and_other_fields_both_stand(pair: Pair) -> None:
    phone, laptop, task = pair
    phone.do("task", "update", task, repeat={"rule": DAILY})
    laptop.do("task", "update", task, title="Water all")
    await phone.sync()
    assert (await laptop.sync())[0]["status"] == "merged"
    await converged(phone, laptop)
    assert (rule(phone, task), phone.row("task", task)["title"]) == (DAILY, "Water all")
    assert await conflicts(phone.person) == []


async def test_a_rule_changed_in_the_series_meets_one_changed_in_the_task(pair: Pair) -> None:
    phone, laptop, task = pair
    series = phone.row("task", task)["series_id"]
    phone.do("series", "update", series, rule=DAILY)
    laptop.do("task", "update", task, repeat={"rule": "FREQ=WEEKLY;BYDAY=TU"})
    await phone.sync()
    await laptop.sync()
    (entry,) = await conflicts(phone.person)
    assert (entry["entity"], entry["field"], entry["lost"]["rule"]) == ("task", "repeat", DAILY)
    assert entry["lost"]["exdates"] == ["2027-03-15"]


async def test_two_who_let_a_task_repeat_meet(person: Person) -> None:
    phone, laptop = Device(person), Device(person)
    made = await person.post("/tasks", 201, title="Water", due=MONDAY)
    task = made["id"]
    await phone.sync()
    await laptop.sync()
    phone.do("task", "update", task, repeat={"rule": WEEKLY})
    laptop.do("task", "update", task, repeat={"rule": DAILY})
    await laptop.sync()
    await phone.sync()
    await converged(phone, laptop)
    assert rule(phone, task) == DAILY
    (entry,) = await conflicts(person)
    assert (entry["field"], entry["lost"]["rule"]) == ("repeat", WEEKLY)
    series = [row for (entity, _), row in phone.rows.items() if entity == "series"]
    assert len(series) == 1


@pytest.mark.parametrize("stops_first", [True, False])
async def test_stopping_meets_a_new_rule(pair: Pair, *, stops_first: bool) -> None:
    phone, laptop, task = pair
    if stops_first:
        phone.do("task", "update", task, repeat=None)
        laptop.do("task", "update", task, repeat={"rule": DAILY})
    else:
        laptop.do("task", "update", task, repeat={"rule": DAILY})
        phone.do("task", "update", task, repeat=None)
    await phone.sync()
    (ack,) = await laptop.sync()
    assert ack["status"] == "conflict"
    await converged(phone, laptop)
    assert rule(phone, task) == (DAILY if stops_first else None)
    (entry,) = await conflicts(phone.person)
    lost = entry["lost"] and entry["lost"]["rule"]
    assert (entry["field"], lost) == ("repeat", None if stops_first else DAILY)
    await phone.person.post(f"/sync/conflicts/{entry['id']}/restore")
    await converged(phone, laptop)
    assert rule(phone, task) == (None if stops_first else DAILY)


async def test_a_new_rule_holds_on_where_the_occurrence_was_done_meanwhile(pair: Pair) -> None:
    phone, laptop, task = pair
    phone.do("task", "complete", task)
    laptop.do("task", "update", task, repeat={"rule": "FREQ=WEEKLY;BYDAY=TH"})
    await phone.sync()
    (ack,) = await laptop.sync()
    assert ack["status"] == "merged"
    await converged(phone, laptop)
    done = phone.row("task", task)
    assert (done["state"], done["due"]) == ("done", MONDAY)
    series = done["series_id"]
    (open_one,) = [
        row
        for (entity, _), row in phone.rows.items()
        if entity == "task" and row["series_id"] == series and row["state"] != "done"
    ]
    assert open_one["repeat"]["rule"] == "FREQ=WEEKLY;BYDAY=TH"
    assert open_one["due"]["date"] == "2027-03-11"


async def test_deleting_one_occurrence_stands_beside_a_new_rule(pair: Pair) -> None:
    phone, laptop, task = pair
    phone.do("task", "update", task, repeat={"rule": DAILY})
    laptop.do("task", "delete", task)
    await phone.sync()
    assert (await laptop.sync())[0]["status"] == "merged"
    await converged(phone, laptop)
    assert phone.row("task", task)["deleted_at"] is not None
    assert await conflicts(phone.person) == []


async def test_deleting_all_occurrences_loses_against_a_new_rule(pair: Pair) -> None:
    phone, laptop, task = pair
    phone.do("task", "update", task, repeat={"rule": DAILY})
    laptop.do("task", "delete", task, scope="all")
    await phone.sync()
    assert (await laptop.sync())[0]["status"] == "conflict"
    await converged(phone, laptop)
    assert (phone.row("task", task)["deleted_at"], rule(phone, task)) == (None, DAILY)
    (entry,) = await conflicts(phone.person)
    assert (entry["field"], entry["lost"]) == ("deleted", True)


async def test_a_rule_that_cannot_be_read_is_refused_where_it_goes_wrong(pair: Pair) -> None:
    phone, _, task = pair
    phone.do("task", "update", task, repeat={"rule": "FREQ=NEVER"})
    phone.do("task", "update", task, repeat={"mode": "schedule"})
    refused = await phone.sync()
    pointers = [ack["problem"]["errors"][0]["pointer"] for ack in refused]
    assert pointers == ["/repeat/rule", "/repeat/rule"]
