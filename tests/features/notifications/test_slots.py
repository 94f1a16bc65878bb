"""The next free slot: by day, by what has a time, by how full a day is."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from selfos.features.notifications.slots import Taken, awake, next_free
from tests.conftest import Clock
from tests.factories import Person
from tests.features.notifications.conftest import inbox

BERLIN = ZoneInfo("Europe/Berlin")
HOURS = (time(8), time(21))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def slot(now: str, *taken: tuple[str, str], minutes: int = 15, **more: Any) -> str | None:
    found = next_free(
        at(now),
        [Taken(at(start), at(end)) for start, end in taken],
        length=timedelta(minutes=minutes),
        zone=BERLIN,
        hours=more.get("hours", HOURS),
        full=more.get("full", ()),
    )
    return f"{found.astimezone(BERLIN):%m-%dT%H:%M}" if found else None


def test_the_next_slot_is_after_what_is_in_the_way_and_long_enough() -> None:
    noon = "2026-06-10T12:02"
    assert slot(noon) == "06-10T12:10"
    assert slot(noon, ("2026-06-10T12:00", "2026-06-10T12:45")) == "06-10T12:45"
    later = ("2026-06-10T12:30", "2026-06-10T13:00")
    assert slot(noon, later) == "06-10T12:10"
    assert slot(noon, later, minutes=30) == "06-10T13:00"
    assert slot(noon, ("2026-06-10T13:00", "2026-06-10T14:02"), later, minutes=30) == "06-10T14:05"


def test_nights_and_full_days_have_no_slot() -> None:
    assert slot("2026-06-10T20:50") == "06-11T08:00"
    assert slot("2026-06-10T03:00") == "06-10T08:00"
    assert slot("2026-06-10T12:00", full={date(2026, 6, 10), date(2026, 6, 11)}) == "06-12T08:00"
    assert slot("2026-06-10T12:00", minutes=14 * 60) is None
    assert awake((time(22), time(7))) == (time(7), time(22))
    assert awake((time(13), time(14))) == awake(None) == HOURS


def test_a_night_an_hour_short_moves_no_slot() -> None:
    assert slot("2026-03-28T22:00") == "03-29T08:00"


async def test_a_notification_rests_until_the_next_free_slot(person: Person, clock: Clock) -> None:
    await person.post("/notifications/digests", 204, kind="morning_plan")
    (told,) = await inbox(person)
    path = f"/notifications/{told['id']}/snooze"
    first = await person.send("POST", path, 200, json={"for": "free"})
    slot = datetime.fromisoformat(first["snoozed_until"])
    assert slot > clock()
    due = {"kind": "floating", "date": f"{slot:%Y-%m-%d}", "time": f"{slot:%H:%M}"}
    await person.post("/tasks", 201, title="In the way", due=due, duration_minutes=60)
    second = await person.send("POST", path, 200, json={"for": "free"})
    assert datetime.fromisoformat(second["snoozed_until"]) >= slot + timedelta(minutes=60)
