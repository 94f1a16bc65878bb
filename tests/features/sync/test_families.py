"""What else devices sync: habits, notes, data points, repeating tasks, filters, templates."""

from typing import Any

import pytest

from selfos.kernel.identifiers import new_id
from tests.features.sync.devices import Device


def statuses(acks: list[dict[str, Any]]) -> list[str]:
    return [ack["status"] for ack in acks]


async def agree(*devices: Device) -> None:
    for device in devices:
        await device.sync()
    assert all(device.rows == devices[0].rows for device in devices)


async def test_check_ins_of_two_devices_add_up(devices: tuple[Device, Device]) -> None:
    phone, laptop = devices
    goal = phone.do("goal", "create", title="Water", target_value=100, target_unit="glasses")
    habit = phone.do(
        "habit", "create", title="Drink", type="at_least", target=8, unit="glasses", goal_id=goal
    )
    await agree(phone, laptop)
    for device, amount in ((phone, 3), (laptop, 2)):
        device.do("check_in", "create", habit_id=habit, amount=amount)
    assert statuses(await phone.sync()) == statuses(await laptop.sync()) == ["applied"]
    await agree(phone, laptop)
    found = [row for (entity, _), row in phone.rows.items() if entity == "check_in"]
    assert sum(row["amount"] for row in found) == 5
    points = [row for (entity, _), row in phone.rows.items() if entity == "data_point"]
    assert sum(row["value"] for row in points) == 5
    assert phone.row("goal", goal) == await phone.person.get(f"/goals/{goal}")


async def test_ticking_on_two_devices_ticks_once(devices: tuple[Device, Device]) -> None:
    phone, laptop = devices
    habit = phone.do("habit", "create", title="Floss")
    await agree(phone, laptop)
    phone.do("check_in", "create", habit_id=habit)
    laptop.do("check_in", "create", habit_id=habit)
    laptop.do("check_in", "create", habit_id=habit, kind="skip", note="Travelling")
    await phone.sync()
    assert statuses(await laptop.sync()) == ["applied", "applied"]
    await agree(phone, laptop)
    (record,) = [row for (entity, _), row in phone.rows.items() if entity == "check_in"]
    assert record["kind"] == "log"
    phone.do("check_in", "update", record["id"], note="In the morning")
    phone.do("check_in", "delete", record["id"])
    phone.do("habit", "archive", habit)
    phone.do("habit", "update", habit, title="Floss well", schedule={"kind": "quota", "times": 2})
    assert statuses(await phone.sync()) == ["applied"] * 4
    assert phone.row("habit", habit)["schedule"]["times"] == 2


async def test_a_check_in_counts_for_the_day_it_was_made_on(devices: tuple[Device, Device]) -> None:
    phone, _ = devices
    habit = phone.do("habit", "create", title="Read", start_day="2026-01-01")
    await phone.sync()
    op = phone.op("check_in", "create", habit_id=habit)
    made = op["hlc"][:10]
    answer = await phone.send(op)
    assert statuses(answer["acks"]) == ["applied"]
    day = next(c["row"]["day"] for c in answer["changes"] if c["entity"] == "check_in")
    assert day == made


async def test_pauses_are_synced(devices: tuple[Device, Device]) -> None:
    phone, laptop = devices
    pause = phone.do("habit_pause", "create", reason="Holidays")
    await agree(phone, laptop)
    laptop.do("habit_pause", "update", pause, reason="Long holidays")
    laptop.do("habit_pause", "delete", pause)
    assert statuses(await laptop.sync()) == ["applied"] * 2
    await agree(phone, laptop)
    assert ("habit_pause", pause) not in phone.rows


async def test_notes_merge_and_follow_what_they_hang_on(devices: tuple[Device, Device]) -> None:
    phone, laptop = devices
    task = phone.do("task", "create", title="Garden")
    note = phone.do("note", "create", task_id=task, body="one\ntwo")
    comment = phone.do("comment", "create", task_id=task, body="Done by Friday?")
    assert statuses(await phone.sync()) == ["applied"] * 3
    await agree(phone, laptop)
    phone.do("note", "update", note, body="zero\none\ntwo")
    laptop.do("note", "update", note, body="one\ntwo\nthree")
    laptop.do("task", "update", task, title="Vegetables")
    phone.do("comment", "update", comment, body="Done by Monday?")
    phone.do("note", "delete", note)
    phone.do("note", "restore", note)
    await phone.sync()
    await laptop.sync()
    await agree(phone, laptop)
    shown = phone.row("note", note)
    assert (shown["body"], shown["target_title"]) == ("zero\none\ntwo\nthree", "Vegetables")
    assert phone.row("comment", comment)["body"] == "Done by Monday?"


async def test_reminders_are_set_moved_and_taken_away(devices: tuple[Device, Device]) -> None:
    phone, laptop = devices
    due = {"kind": "floating", "date": "2046-11-23", "time": "17:00"}
    task = phone.do("task", "create", title="Call Ada", due=due)
    first = phone.do("reminder", "create", subject_id=task, minutes_before=30)
    second = phone.do("reminder", "create", subject_id=task, anchor="due", time="09:00")
    assert statuses(await phone.sync()) == ["applied"] * 3
    await agree(phone, laptop)
    shown = await phone.person.get(f"/reminders/{first}")
    assert shown.pop("next_at").startswith("2046-11-23T16:30")
    assert laptop.row("reminder", first) == shown, "when it comes next is reckoned by the device"
    # Both move the first; one takes away what the other moves.
    phone.do("reminder", "update", first, minutes_before=10)
    laptop.do("reminder", "update", first, minutes_before=45)
    phone.do("reminder", "delete", second)
    laptop.do("reminder", "update", second, time="08:00")
    await phone.sync()
    assert statuses(await laptop.sync()) == ["conflict", "conflict"]
    await agree(phone, laptop)
    assert phone.row("reminder", first)["minutes_before"] == 45
    assert phone.row("reminder", second)["time"] == "08:00"
    assert (await phone.person.get(f"/reminders/{second}"))["next_at"].startswith("2046-11-23T08")
    # A time of its own here, and minutes before there: half of each would be none.
    at = {"on_date": "2046-11-20", "time": "10:00", "minutes_before": None}
    phone.do("reminder", "update", first, anchor="at", **at)
    laptop.do("reminder", "update", first, minutes_before=5)
    await phone.sync()
    (refused,) = await laptop.sync()
    assert (refused["status"], refused["conflicts"][0]["lost"]) == ("refused", 5)
    await agree(phone, laptop)
    assert laptop.row("reminder", first)["anchor"] == "at"
    laptop.do("reminder", "delete", first)
    await agree(laptop, phone)
    assert ("reminder", first) not in phone.rows


async def test_data_points_are_recorded_and_corrected(devices: tuple[Device, Device]) -> None:
    phone, laptop = devices
    goal = phone.do("goal", "create", title="Run", target_value=100, target_unit="km")
    point = phone.do("data_point", "create", goal_id=goal, value=5)
    phone.do("data_point", "update", point, value=6, note="Flat")
    assert statuses(await phone.sync()) == ["applied"] * 3
    await agree(phone, laptop)
    laptop.do("data_point", "delete", point)
    await agree(laptop, phone)
    assert ("data_point", point) not in phone.rows
    assert phone.row("goal", goal) == await phone.person.get(f"/goals/{goal}")


async def test_saved_filters_are_kept_in_canonical_text(devices: tuple[Device, Device]) -> None:
    phone, laptop = devices
    soon = phone.do("filter", "create", name="Soon", query="P1 & due:tod")
    late = phone.do("filter", "create", name="Late", query="is:overdue")
    phone.do("filter", "move", late, after_id=None)
    assert statuses(await phone.sync()) == ["applied"] * 3
    await agree(phone, laptop)
    assert laptop.row("filter", soon) == await phone.person.get(f"/filters/{soon}")
    assert laptop.row("filter", soon)["query"] == "p1 due:today"
    assert laptop.row("filter", late)["position"] < laptop.row("filter", soon)["position"]
    phone.do("filter", "update", soon, favourite=True)
    laptop.do("filter", "update", soon, name="Now")
    laptop.do("filter", "delete", late)
    laptop.do("filter", "update", soon, query="is:dne")
    await phone.sync()
    assert statuses(await laptop.sync()) == ["merged", "applied", "refused"]
    await agree(phone, laptop)
    shown = phone.row("filter", soon)
    assert (shown["name"], shown["favourite"], shown["query"]) == ("Now", True, "p1 due:today")
    assert ("filter", late) not in phone.rows


async def test_templates_are_synced(devices: tuple[Device, Device]) -> None:
    phone, laptop = devices
    tasks = [{"title": "Pack"}, {"title": "Socks", "depth": 1}]
    trip = phone.do("template", "create", name="Trip", description="one\ntwo", tasks=tasks)
    assert statuses(await phone.sync()) == ["applied"]
    await agree(phone, laptop)
    assert laptop.row("template", trip) == await phone.person.get(f"/templates/{trip}")
    phone.do("template", "update", trip, description="zero\none\ntwo")
    laptop.do("template", "update", trip, description="one\ntwo\nthree")
    laptop.do("template", "update", trip, tasks=tasks[:1])
    await phone.sync()
    assert statuses(await laptop.sync()) == ["merged", "merged"]
    await agree(phone, laptop)
    shown = phone.row("template", trip)
    assert shown["description"] == "zero\none\ntwo\nthree"
    assert [task["title"] for task in shown["tasks"]] == ["Pack"]
    phone.do("template", "delete", trip)
    laptop.do("template", "update", trip, name="Journey")
    await phone.sync()
    assert statuses(await laptop.sync()) == ["conflict"]
    await agree(phone, laptop)
    assert phone.row("template", trip)["name"] == "Journey"


async def weekly(phone: Device) -> str:
    due = {"kind": "date", "date": "2026-11-23"}
    task = phone.do(
        "task", "create", title="Water", due=due, repeat={"rule": "FREQ=WEEKLY;BYDAY=MO"}
    )
    assert statuses(await phone.sync()) == ["applied"]
    return task


def open_ones(device: Device, series: str) -> list[dict[str, Any]]:
    return [
        row
        for (entity, _), row in device.rows.items()
        if entity == "task" and row["series_id"] == series and row["state"] == "todo"
    ]


async def test_an_occurrence_done_on_two_devices_is_done_once(
    devices: tuple[Device, Device],
) -> None:
    phone, laptop = devices
    task = await weekly(phone)
    await laptop.sync()
    for device in devices:
        device.do("task", "complete", task)
    await phone.sync()
    assert statuses(await laptop.sync()) == ["merged"]
    await agree(phone, laptop)
    series = phone.row("task", task)["series_id"]
    assert phone.row("series", series)["done"] == 1
    assert len([row for (entity, _), row in phone.rows.items() if entity == "task"]) == 2


@pytest.mark.parametrize(("first", "second"), [("skip", "complete"), ("complete", "skip")])
async def test_of_skipped_and_done_done_stands(
    devices: tuple[Device, Device], first: str, second: str
) -> None:
    phone, laptop = devices
    task = await weekly(phone)
    await laptop.sync()
    phone.do("task", first, task)
    laptop.do("task", second, task)
    await phone.sync()
    await laptop.sync()
    await agree(phone, laptop)
    assert phone.row("task", task)["state"] == "done"
    tasks = [row for (entity, _), row in phone.rows.items() if entity == "task"]
    assert len(tasks) == 2


async def test_a_series_is_changed_and_stopped(devices: tuple[Device, Device]) -> None:
    phone, laptop = devices
    task = await weekly(phone)
    series = phone.row("task", task)["series_id"]
    phone.do("task", "update", task, title="Water all", scope="all")
    phone.do("series", "update", series, phrase="every Monday")
    assert statuses(await phone.sync()) == ["applied"] * 2
    assert phone.row("series", series)["title"] == "Water all"
    assert phone.row("task", task)["repeat"]["phrase"] == "every Monday"
    phone.do("series", "stop", series)
    phone.do("task", "delete", task, scope="all")
    assert statuses(await phone.sync()) == ["applied"] * 2
    await agree(phone, laptop)
    assert laptop.row("series", series)["finished_at"]
    assert statuses((await phone.send(phone.op("series", "create", str(new_id()))))["acks"]) == [
        "refused"
    ]
