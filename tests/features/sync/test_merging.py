"""What becomes of two changes that did not know of each other."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.factories import Person
from tests.features.sync.devices import Device

MakePerson = Callable[..., Awaitable[Person]]
Pair = tuple[Device, Device, str]


@pytest.fixture
async def pair(person: Person) -> Pair:
    """Two devices that know the same task."""
    made = await person.post(
        "/tasks", 201, title="Garden", notes="one\ntwo\nthree", labels=["home"], priority=2
    )
    phone, laptop = Device(person), Device(person)
    await phone.sync()
    await laptop.sync()
    return phone, laptop, made["id"]


async def conflicts(person: Person, **query: Any) -> list[dict[str, Any]]:
    return (await person.get("/sync/conflicts", **query))["items"]


async def converged(*devices: Device) -> None:
    for device in devices:
        await device.sync()
    assert all(device.rows == devices[0].rows for device in devices)


async def test_different_fields_merge(pair: Pair) -> None:
    phone, laptop, task = pair
    phone.do("task", "update", task, title="Garden work")
    laptop.do("task", "update", task, priority=1)
    assert (await phone.sync())[0]["status"] == "applied"
    assert (await laptop.sync())[0]["status"] == "merged"
    await converged(phone, laptop)
    assert (phone.row("task", task)["title"], phone.row("task", task)["priority"]) == (
        "Garden work",
        1,
    )
    assert await conflicts(phone.person) == []


async def test_of_two_values_the_later_stays_and_the_earlier_is_in_the_journal(pair: Pair) -> None:
    phone, laptop, task = pair
    phone.do("task", "update", task, title="Earlier")
    laptop.do("task", "update", task, title="Later")
    await phone.sync()
    (ack,) = await laptop.sync()
    assert ack["status"] == "conflict"
    (entry,) = await conflicts(phone.person)
    assert (entry["field"], entry["kept"], entry["lost"]) == ("title", "Later", "Earlier")
    assert entry["id"] == ack["conflicts"][0]["id"]
    await converged(phone, laptop)
    assert phone.row("task", task)["title"] == "Later"


async def test_an_earlier_value_that_comes_last_changes_nothing(pair: Pair) -> None:
    phone, laptop, task = pair
    phone.do("task", "update", task, title="Earlier")
    laptop.do("task", "update", task, title="Later")
    await laptop.sync()
    (ack,) = await phone.sync()
    assert (ack["status"], ack["changeset_id"]) == ("conflict", None)
    (entry,) = await conflicts(phone.person)
    assert (entry["kept"], entry["lost"]) == ("Later", "Earlier")
    assert (await phone.person.get(f"/tasks/{task}"))["title"] == "Later"


async def test_the_own_earlier_changes_of_a_device_are_no_conflict(pair: Pair) -> None:
    phone, _, task = pair
    for title in ("One", "Two", "Three"):
        phone.do("task", "update", task, title=title)
    assert [ack["status"] for ack in await phone.sync()] == ["applied"] * 3
    assert await conflicts(phone.person) == []


async def test_changes_through_other_doors_count_at_their_instant(pair: Pair) -> None:
    phone, _, task = pair
    phone.do("task", "update", task, title="Offline, earlier")
    await phone.person.patch(f"/tasks/{task}", title="In the browser, later")
    (ack,) = await phone.sync()
    assert ack["status"] == "conflict"
    assert phone.row("task", task)["title"] == "In the browser, later"


async def test_labels_merge_as_added_and_removed(pair: Pair) -> None:
    phone, laptop, task = pair
    phone.do("task", "update", task, labels=["home", "spring"])
    laptop.do("task", "update", task, labels=["outside"])
    await phone.sync()
    (ack,) = await laptop.sync()
    assert ack["status"] == "merged"
    names = [label["name"] for label in laptop.row("task", task)["labels"]]
    assert names == ["outside", "spring"]
    phone.do("task", "update", task, labels={"add": ["today"], "remove": ["Spring"]})
    await phone.sync()
    await laptop.sync()
    names = [label["name"] for label in laptop.row("task", task)["labels"]]
    assert names == ["outside", "today"]
    assert await conflicts(phone.person) == []


async def test_a_label_that_was_deleted_does_not_come_back_with_an_old_set(pair: Pair) -> None:
    phone, _, task = pair
    label = phone.row("task", task)["labels"][0]["id"]
    phone.do("task", "update", task, labels=["home", "new"])
    await phone.person.delete(f"/labels/{label}")
    await phone.sync()
    assert [label["name"] for label in phone.row("task", task)["labels"]] == ["new"]


async def test_texts_merge_line_by_line(pair: Pair) -> None:
    phone, laptop, task = pair
    phone.do("task", "update", task, notes="zero\none\ntwo\nthree")
    laptop.do("task", "update", task, notes="one\ntwo\nTHREE")
    # Still from what the laptop holds, which does not know of the phone's line.
    laptop.do("task", "update", task, notes="one\ntwo\nTHREE\nfour")
    await phone.sync()
    assert [ack["status"] for ack in await laptop.sync()] == ["merged", "merged"]
    assert laptop.row("task", task)["notes"] == "zero\none\ntwo\nTHREE\nfour"
    assert await conflicts(phone.person) == []


async def test_texts_that_do_not_merge_are_both_kept(pair: Pair) -> None:
    phone, laptop, task = pair
    phone.do("task", "update", task, notes="one\n2\nthree")
    laptop.do("task", "update", task, notes="one\nzwei\nthree")
    await phone.sync()
    await laptop.sync()
    (entry,) = await conflicts(phone.person)
    assert (entry["kept"], entry["lost"]) == ("one\nzwei\nthree", "one\n2\nthree")


async def test_an_edit_brings_back_what_was_deleted_meanwhile(pair: Pair) -> None:
    phone, laptop, task = pair
    phone.do("task", "update", task, title="Still needed")
    laptop.do("task", "delete", task)
    await laptop.sync()
    (ack,) = await phone.sync()
    assert ack["status"] == "conflict"
    shown = await phone.person.get(f"/tasks/{task}")
    assert (shown["title"], shown["deleted_at"]) == ("Still needed", None)
    (entry,) = await conflicts(phone.person)
    assert (entry["field"], entry["lost"]) == ("deleted", True)


async def test_deleting_what_was_edited_meanwhile_loses(pair: Pair) -> None:
    phone, laptop, task = pair
    laptop.do("task", "delete", task)
    phone.do("task", "update", task, title="Still needed")
    await phone.sync()
    (ack,) = await laptop.sync()
    assert (ack["status"], laptop.row("task", task)["deleted_at"]) == ("conflict", None)
    (entry,) = await conflicts(phone.person)
    await phone.person.post(f"/sync/conflicts/{entry['id']}/restore")
    assert (await phone.person.get(f"/tasks/{task}"))["deleted_at"] is not None


async def test_deleting_what_was_edited_meanwhile_loses_also_where_the_own_edit_stands(
    pair: Pair,
) -> None:
    phone, laptop, task = pair
    laptop.do("task", "update", task, title="Garden of Gran")
    phone.do("task", "update", task, title="Yard")
    phone.do("task", "delete", task)
    await laptop.sync()
    assert [ack["status"] for ack in await phone.sync()] == ["conflict", "conflict"]
    shown = phone.row("task", task)
    assert (shown["title"], shown["deleted_at"]) == ("Yard", None)
    found = await conflicts(phone.person)
    lost = {entry["field"]: entry["lost"] for entry in found}
    assert lost == {"title": "Garden of Gran", "deleted": True}


async def test_deleting_what_got_a_label_meanwhile_loses(pair: Pair) -> None:
    phone, laptop, task = pair
    laptop.do("task", "update", task, labels={"add": ["spring"]})
    phone.do("task", "delete", task)
    await laptop.sync()
    assert (await phone.sync())[0]["status"] == "conflict"
    assert phone.row("task", task)["deleted_at"] is None
    (entry,) = await conflicts(phone.person)
    assert (entry["field"], entry["kept_by"]) == ("deleted", entry["lost_by"])


async def test_deleting_a_label_is_no_edit_of_its_tasks(pair: Pair) -> None:
    phone, laptop, task = pair
    laptop.do("label", "delete", laptop.row("task", task)["labels"][0]["id"])
    phone.do("task", "delete", task)
    await laptop.sync()
    assert (await phone.sync())[0]["status"] == "applied"
    assert await conflicts(phone.person) == []


async def test_an_edit_brings_back_a_label_with_its_tasks(pair: Pair) -> None:
    phone, laptop, task = pair
    label = phone.row("task", task)["labels"][0]["id"]
    laptop.do("label", "delete", label)
    phone.do("label", "update", label, name="house")
    await laptop.sync()
    (ack,) = await phone.sync()
    assert ack["status"] == "conflict"
    assert phone.row("task", task)["labels"][0]["name"] == "house"
    (entry,) = await conflicts(phone.person)
    assert (entry["field"], entry["kept"], entry["lost"]) == ("deleted", False, True)
    assert entry["id"] == ack["conflicts"][0]["id"]
    await phone.person.post("/undo")
    assert (await phone.person.get("/labels"))["items"] == []


async def test_a_deletion_for_good_that_an_edit_undid_can_be_done_after_all(pair: Pair) -> None:
    phone, laptop, task = pair
    comment = phone.do("comment", "create", task_id=task, body="Now?")
    await converged(phone, laptop)
    laptop.do("comment", "delete", comment)
    phone.do("comment", "update", comment, body="Today?")
    await laptop.sync()
    await phone.sync()
    assert phone.row("comment", comment)["body"] == "Today?"
    (entry,) = await conflicts(phone.person)
    await phone.person.post(f"/sync/conflicts/{entry['id']}/restore")
    await converged(phone, laptop)
    assert ("comment", comment) not in phone.rows
    await phone.person.post("/undo")
    await converged(phone, laptop)
    assert phone.row("comment", comment)["body"] == "Today?"


async def test_what_a_device_deleted_for_good_itself_stays_gone(pair: Pair) -> None:
    phone, _, task = pair
    comment = phone.do("comment", "create", task_id=task, body="Now?")
    await phone.sync()
    phone.do("comment", "delete", comment)
    phone.do("comment", "update", comment, body="Today?")
    assert [ack["status"] for ack in await phone.sync()] == ["applied", "refused"]
    assert ("comment", comment) not in phone.rows


async def test_what_deletes_the_same_thing_twice_agrees(pair: Pair) -> None:
    phone, _, task = pair
    label = phone.row("task", task)["labels"][0]["id"]
    for device in pair[:2]:
        device.do("task", "delete", task)
        device.do("label", "delete", label)
        acks = await device.sync()
        assert "refused" not in {ack["status"] for ack in acks}
    assert await conflicts(phone.person) == []


async def test_completing_on_two_devices_counts_once(pair: Pair) -> None:
    phone, laptop, task = pair
    phone.do("task", "complete", task)
    laptop.do("task", "complete", task)
    await phone.sync()
    (ack,) = await laptop.sync()
    assert (ack["status"], ack["changeset_id"]) == ("merged", None)
    await phone.person.post("/undo")
    assert (await phone.person.get(f"/tasks/{task}"))["state"] == "inbox"


@pytest.mark.parametrize(("first", "second", "state"), [("cancel", "complete", "done")])
async def test_the_later_state_stays(pair: Pair, first: str, second: str, state: str) -> None:
    phone, laptop, task = pair
    phone.do("task", first, task)
    laptop.do("task", second, task)
    await phone.sync()
    await laptop.sync()
    assert laptop.row("task", task)["state"] == state
    (entry,) = await conflicts(phone.person)
    assert (entry["field"], entry["kept"], entry["lost"]) == ("state", "done", "cancelled")


async def test_a_later_open_state_reopens_what_was_done(pair: Pair) -> None:
    phone, laptop, task = pair
    phone.do("task", "complete", task)
    laptop.do("task", "update", task, state="doing", title="Garden, part two")
    await phone.sync()
    await laptop.sync()
    shown = laptop.row("task", task)
    assert (shown["state"], shown["title"]) == ("doing", "Garden, part two")


async def test_an_order_made_twice_is_no_conflict(pair: Pair) -> None:
    phone, laptop, task = pair
    other = await phone.person.post("/tasks", 201, title="Other")
    phone.do("task", "move", task, after_id=other["id"])
    laptop.do("task", "move", task, after_id=None)
    await phone.sync()
    (ack,) = await laptop.sync()
    assert ack["status"] == "merged"
    await converged(phone, laptop)
    assert await conflicts(phone.person) == []


async def test_what_a_verb_refuses_because_of_others_is_in_the_journal(pair: Pair) -> None:
    phone, laptop, task = pair
    phone.do("task", "update", task, due={"kind": "date", "date": "2026-12-01"})
    laptop.do("task", "update", task, start={"kind": "date", "date": "2026-12-24"})
    await phone.sync()
    (ack,) = await laptop.sync()
    assert (ack["status"], ack["problem"]["status"]) == ("refused", 422)
    (entry,) = await conflicts(phone.person)
    assert (entry["field"], entry["lost"]["date"]) == ("start", "2026-12-24")


async def test_a_lost_value_can_be_written_back_once_and_undone(pair: Pair) -> None:
    phone, laptop, task = pair
    phone.do("task", "update", task, title="Earlier")
    laptop.do("task", "update", task, title="Later")
    await phone.sync()
    await laptop.sync()
    (entry,) = await conflicts(phone.person)
    path = f"/sync/conflicts/{entry['id']}"
    assert (await phone.person.post(f"{path}/restore"))["state"] == "restored"
    assert (await phone.person.get(f"/tasks/{task}"))["title"] == "Earlier"
    await phone.person.post(f"{path}/restore", 409)
    await phone.person.post(f"{path}/dismiss", 409)
    await phone.person.post("/undo")
    assert (await phone.person.get(f"/tasks/{task}"))["title"] == "Later"
    assert await conflicts(phone.person) == []
    assert len(await conflicts(phone.person, state="restored", entity_id=task)) == 1


async def test_conflicts_are_dismissed_and_paged(pair: Pair) -> None:
    phone, laptop, task = pair
    for device in (phone, laptop):
        device.do("task", "update", task, title=f"By {device.id}", priority=3, weight=2.0)
        device.do("task", "update", task, title=f"Again by {device.id}")
        await device.sync()
    phone.do("task", "update", task, title="Old")
    found = await conflicts(phone.person)
    assert [entry["field"] for entry in found] == ["title"]
    page = await phone.person.get("/sync/conflicts", limit=1)
    assert page["next_cursor"] is None
    await phone.person.post(f"/sync/conflicts/{found[0]['id']}/dismiss")
    assert await conflicts(phone.person) == []
