"""Appointments on several devices: all of one, one occurrence, and what follows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from selfos.kernel.identifiers import new_id
from tests.features.sync.devices import Device
from tests.features.sync.test_families import agree, statuses

# A Tuesday; plans are wall times, so nothing hangs on when the tests run.
FIRST = date(2030, 1, 1)
EVENT = "calendar_event"


def on(days: int, clock: str = "09:00") -> dict[str, str]:
    return {"kind": "floating", "date": f"{FIRST + timedelta(days=days)}", "time": clock}


def slot(days: int, clock: str = "09:00") -> str:
    return f"{FIRST + timedelta(days=days)}T{clock}"


async def choir(phone: Device, laptop: Device) -> str:
    """Sing every week, on both devices."""
    more: dict[str, Any] = {
        "start": on(0),
        "duration_minutes": 90,
        "repeat": {"rule": "FREQ=WEEKLY"},
    }
    event = phone.do(EVENT, "create", title="Choir", **more)
    await agree(phone, laptop)
    return event


async def plan(device: Device, days: int = 27) -> list[tuple[str, str]]:
    """Return what takes place in four weeks: the title, and day and time."""
    span: dict[str, Any] = {"from": FIRST, "to": FIRST + timedelta(days=days)}
    found = (await device.person.get("/calendar-events/occurrences", **span))["items"]
    return [(each["title"], each["start"]["date"][8:] + each["start"]["time"]) for each in found]


def apart(device: Device, days: int) -> dict[str, Any]:
    """Return the row of the occurrence at this slot."""
    (row,) = [
        row
        for (entity, _), row in device.rows.items()
        if entity == EVENT and row["slot"] == slot(days)
    ]
    return row


async def test_an_event_is_merged_field_by_field(devices: tuple[Device, Device]) -> None:
    phone, laptop = devices
    event = phone.do(EVENT, "create", title="Dentist", start=on(0), description="one\ntwo")
    assert statuses(await phone.sync()) == ["applied"]
    await agree(phone, laptop)
    assert phone.row(EVENT, event) == await phone.person.get(f"/calendar-events/{event}")
    phone.do(EVENT, "update", event, title="Doctor", description="zero\none\ntwo")
    laptop.do(EVENT, "update", event, start=on(1), description="one\ntwo\nthree")
    laptop.do(EVENT, "update", event, title="Dr Bell", duration_minutes=30)
    phone.do(EVENT, "update", event, end=on(1, "10:00"))
    await phone.sync()
    assert statuses(await laptop.sync()) == ["merged", "conflict"]
    await agree(phone, laptop)
    row = phone.row(EVENT, event)
    assert (row["title"], row["start"], row["description"]) == (
        *("Dr Bell", on(1)),
        "zero\none\ntwo\nthree",
    )
    open_ones = (await phone.person.get("/sync/conflicts"))["items"]
    assert {(each["field"], str(each["lost"])) for each in open_ones} >= {("title", "Doctor")}
    # An edit brings back what was deleted meanwhile.
    phone.do(EVENT, "delete", event)
    laptop.do(EVENT, "update", event, location="Mill Lane")
    await phone.sync()
    assert statuses(await laptop.sync()) == ["conflict"]
    await agree(phone, laptop)
    assert (row := phone.row(EVENT, event))["deleted_at"] is None
    assert row["location"] == "Mill Lane"
    phone.do(EVENT, "delete", event)
    phone.do(EVENT, "restore", event)
    phone.do(EVENT, "delete", event)
    laptop.do(EVENT, "delete", event)
    assert statuses(await phone.sync()) == ["applied"] * 3
    await laptop.sync()
    await agree(phone, laptop)
    assert phone.row(EVENT, event)["deleted_at"] is not None


async def test_one_occurrence_is_a_thing_of_its_own(devices: tuple[Device, Device]) -> None:
    phone, laptop = devices
    event = await choir(phone, laptop)
    # All of it is renamed here, one is moved there, and another there as well: all stand.
    phone.do(EVENT, "update", event, title="Big choir")
    laptop.do(EVENT, "update", event, slot=slot(7), scope="this", start=on(8, "19:00"))
    phone.do(EVENT, "update", event, slot=slot(14), title="Concert")
    await phone.sync()
    assert statuses(await laptop.sync()) == ["applied"]
    await agree(phone, laptop)
    assert await plan(phone) == [
        *(("Big choir", "0109:00"), ("Big choir", "0919:00")),
        *(("Concert", "1509:00"), ("Big choir", "2209:00")),
    ]
    # Both move the same one without having seen its row.
    phone.do(EVENT, "update", event, slot=slot(21), start=on(22))
    laptop.do(EVENT, "update", event, slot=slot(21), start=on(23), location="Hall")
    await phone.sync()
    assert statuses(await laptop.sync()) == ["conflict"]
    await agree(phone, laptop)
    row = apart(phone, 21)
    assert (row["start"], row["location"]) == (on(23), "Hall")
    journal = (await phone.person.get("/sync/conflicts"))["items"]
    assert {each["entity_id"] for each in journal} == {row["id"]}
    lost = next(each for each in journal if each["field"] == "start")
    await phone.person.post(f"/sync/conflicts/{lost['id']}/restore")
    assert ("Big choir", "2309:00") in await plan(phone)


async def test_leaving_out_meets_moving(devices: tuple[Device, Device]) -> None:
    phone, laptop = devices
    event = await choir(phone, laptop)
    # Left out twice is left out once; a rule and what is left out both stand.
    phone.do(EVENT, "delete", event, slot=slot(7))
    laptop.do(EVENT, "delete", event, slot=slot(7), scope="this")
    phone.do(EVENT, "delete", event, slot=slot(14))
    laptop.do(EVENT, "update", event, repeat={"rule": "FREQ=WEEKLY;COUNT=4"})
    await phone.sync()
    assert statuses(await laptop.sync()) == ["merged", "merged"]
    await agree(phone, laptop)
    assert await plan(phone) == [("Choir", "0109:00"), ("Choir", "2209:00")]
    # What was left out there is moved here: it takes place, and the deletion is in the journal.
    phone.do(EVENT, "delete", event, slot=slot(21))
    laptop.do(EVENT, "update", event, slot=slot(21), start=on(22), title="Concert")
    await phone.sync()
    (ack,) = await laptop.sync()
    assert (ack["status"], ack["conflicts"][0]["field"]) == ("conflict", "deleted")
    await agree(phone, laptop)
    assert await plan(phone) == [("Choir", "0109:00"), ("Concert", "2309:00")]
    # The same with the row it has by now, known to both.
    own = apart(phone, 21)["id"]
    phone.do(EVENT, "delete", own)
    laptop.do(EVENT, "update", own, location="Hall")
    await phone.sync()
    assert statuses(await laptop.sync()) == ["conflict"]
    await agree(phone, laptop)
    assert await plan(phone) == [("Choir", "0109:00"), ("Concert", "2309:00")]
    assert apart(phone, 21)["location"] == "Hall"
    # A new rule has no such day: what was done to it is refused, and can be read.
    phone.do(EVENT, "update", event, repeat={"rule": "FREQ=WEEKLY;COUNT=1"})
    laptop.do(EVENT, "update", own, title="Opera")
    await phone.sync()
    (ack,) = await laptop.sync()
    assert (ack["status"], ack["problem"]["status"]) == ("refused", 422)
    await agree(phone, laptop)
    assert await plan(phone) == [("Choir", "0109:00")]


async def test_what_follows_goes_on_under_the_id_the_device_chose(
    devices: tuple[Device, Device],
) -> None:
    phone, laptop = devices
    event = await choir(phone, laptop)
    rest = str(new_id())
    phone.do(EVENT, "update", event, title="Big choir")
    more = {"slot": slot(14), "scope": "following", "rest_id": rest}
    laptop.do(EVENT, "update", event, **more, title="Small choir", start=on(15))
    laptop.do(EVENT, "update", rest, slot=slot(22), location="Hall")
    await phone.sync()
    assert statuses(await laptop.sync()) == ["conflict", "applied"]
    await agree(phone, laptop)
    assert await plan(phone) == [
        *(("Big choir", "0109:00"), ("Big choir", "0809:00")),
        *(("Small choir", "1609:00"), ("Small choir", "2309:00")),
    ]
    assert laptop.row(EVENT, rest)["continues_id"] == event
    (entry,) = (await phone.person.get("/sync/conflicts"))["items"]
    assert (entry["entity_id"], entry["lost"]) == (rest, "Big choir")
    phone.do(EVENT, "delete", rest, slot=slot(22), scope="following")
    assert statuses(await phone.sync()) == ["applied"]
    await phone.person.post("/undo")
    assert len(await plan(phone)) == 4
    whole = laptop.op(EVENT, "update", event, slot=slot(0), scope="all", title="Choir")
    assert statuses((await laptop.send(whole))["acks"]) == ["refused"]
