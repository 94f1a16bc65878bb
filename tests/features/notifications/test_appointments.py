"""Reminders of appointments: one for each time they take place, moved and silenced with it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from selfos.features.calendar.service import Appointment
from selfos.features.calendar.timing import Pattern, Timing
from selfos.features.identity.models import WeekStart
from selfos.features.identity.service import Reached, UserTime
from selfos.features.notifications.models import Reminder
from selfos.features.notifications.schemas.words import Anchor
from selfos.features.notifications.service.appointments import next_of
from selfos.kernel.identifiers import new_id
from tests.conftest import Clock
from tests.factories import Person
from tests.features.notifications.conftest import inbox
from tests.features.notifications.test_reminders import next_of as planned_of
from tests.features.notifications.test_reminders import soon, wall

Step = Callable[[], Awaitable[None]]
Travel = Callable[..., None]
EVENTS = "/calendar-events"


async def daily(person: Person, at: datetime, **more: Any) -> str:
    repeat = {"rule": "FREQ=DAILY"}
    body = {"title": "Standup", "start": wall(at), "repeat": repeat, **more}
    return (await person.post(EVENTS, 201, **body))["id"]


async def remind(person: Person, event: str, **when: Any) -> dict[str, Any]:
    when = when or {"minutes_before": 30}
    body = {"subject": "calendar_event", "subject_id": event, "anchor": "start", **when}
    return await person.post("/reminders", 201, **body)


def slot(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M}"


async def test_a_reminder_comes_before_each_time_an_event_takes_place_and_once(
    person: Person, settle: Step, clock: Clock, travel: Travel
) -> None:
    start = soon(clock, hours=2)
    event = await daily(person, start)
    reminder = await remind(person, event)
    assert await planned_of(person, reminder) == start - timedelta(minutes=30)
    await settle()
    assert await inbox(person) == []
    travel(minutes=100)
    await settle()
    await settle()
    (told,) = await inbox(person)
    assert (told["kind"], told["title"]) == ("calendar_reminder", "Standup")
    assert (told["subject"], told["subject_id"]) == ("calendar_event", event)
    assert await planned_of(person, reminder) == start + timedelta(days=1, minutes=-30)
    # A change of what is told already does not tell it again.
    await person.patch(f"{EVENTS}/{event}", status="tentative")
    await settle()
    assert len(await inbox(person)) == 1
    # Nobody needs to be reminded of what was over while nothing rang.
    travel(days=3)
    await settle()
    assert len(await inbox(person)) == 2


async def test_one_time_that_is_moved_or_left_out_is_reminded_of_when_it_is(
    person: Person, settle: Step, clock: Clock, travel: Travel
) -> None:
    start = soon(clock, hours=2)
    event = await daily(person, start)
    reminder = await remind(person, event)
    later = start + timedelta(hours=3)
    await person.patch(f"{EVENTS}/{event}", slot=slot(start), start=wall(later), title="Retro")
    await settle()
    assert await planned_of(person, reminder) == later - timedelta(minutes=30)
    travel(hours=4, minutes=40)
    await settle()
    assert [each["title"] for each in await inbox(person)] == ["Retro"]
    await person.delete(f"{EVENTS}/{event}?slot={slot(start + timedelta(days=1))}")
    await settle()
    assert await planned_of(person, reminder) == start + timedelta(days=2, minutes=-30)
    await person.post("/undo")
    await settle()
    assert await planned_of(person, reminder) == start + timedelta(days=1, minutes=-30)


async def test_what_does_not_take_place_is_not_reminded_of(
    person: Person, settle: Step, clock: Clock, travel: Travel
) -> None:
    start = soon(clock, hours=2)
    event = await daily(person, start)
    reminder = await remind(person, event)
    own = soon(clock, hours=1)
    at = {"anchor": "at", "on_date": f"{own:%Y-%m-%d}", "time": f"{own:%H:%M}"}
    absolute = await remind(person, event, **at)
    assert await planned_of(person, absolute) == own
    await person.delete(f"{EVENTS}/{event}")
    await settle()
    assert await planned_of(person, reminder) is await planned_of(person, absolute) is None
    await person.post(f"{EVENTS}/{event}/restore")
    await settle()
    assert await planned_of(person, absolute) == own
    await person.patch(f"{EVENTS}/{event}", status="cancelled")
    await settle()
    travel(hours=3)
    await settle()
    assert await inbox(person) == []


async def test_reminders_hold_for_what_continues_an_event(
    person: Person, settle: Step, clock: Clock
) -> None:
    start = soon(clock, hours=2)
    event = await daily(person, start)
    reminder = await remind(person, event)
    second = start + timedelta(days=1)
    rest = await person.patch(
        f"{EVENTS}/{event}", slot=slot(second), scope="following", start=wall(second)
    )
    found = await person.get("/reminders", subject_id=rest["id"])
    assert [each["id"] for each in found["items"]] == [reminder["id"]]
    await person.delete(f"{EVENTS}/{event}")
    await settle()
    assert await planned_of(person, reminder) == second - timedelta(minutes=30)


async def test_only_ones_own_kept_events_can_be_reminded_of(
    person: Person, make_person: Callable[..., Awaitable[Person]], clock: Clock
) -> None:
    event = await daily(person, soon(clock, hours=2))
    body = {"subject": "calendar_event", "subject_id": event, "minutes_before": 5}
    other = await make_person()
    assert (await other.post("/reminders", 422, **body))["errors"][0]["pointer"] == "/subject_id"
    refused = await person.post("/reminders", 422, **{**body, "anchor": "deadline"})
    assert refused["errors"][0]["pointer"] == "/anchor"
    await person.delete(f"{EVENTS}/{event}")
    await person.post("/reminders", 422, **body)


def test_reminders_keep_to_the_wall_clock_over_the_nights_it_changes() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    person = Reached(
        user_id=new_id(),
        name="Ada",
        email="ada@example.org",
        email_verified=True,
        locale="en",
        clock=UserTime(berlin, 0, WeekStart.MONDAY),
        usual=time(9),
    )
    nine = datetime(2026, 3, 28, 9, 0)  # noqa: DTZ001
    pattern = Pattern(Timing(nine, nine, "Europe/Berlin"), "FREQ=DAILY")
    event = Appointment("Run", waits=True, pattern=pattern, apart=())

    def moments(n: int, event: Appointment, **when: Any) -> list[str]:
        reminder = Reminder(
            **{"anchor": Anchor.START, "minutes_before": None, "wall_time": None, **when}
        )
        after, found = datetime(2026, 3, 27, 12, tzinfo=UTC), list[str]()
        for _ in range(n):
            due = next_of(reminder, event, person, after)
            assert due is not None
            after = due.at
            found.append(f"{due.at:%d %H:%M}")
        return found

    assert moments(3, event, minutes_before=30) == ["28 07:30", "29 06:30", "30 06:30"]
    # A day before is the same time on the clock, also over the night.
    assert moments(3, event, minutes_before=1_440) == ["28 08:00", "29 07:00", "30 07:00"]
    assert moments(2, event, wall_time=time(2, 30)) == ["28 01:30", "29 01:30"]
    # What has no time counts from the usual time of being notified.
    whole = Pattern(Timing(date(2026, 3, 28), date(2026, 3, 28)))
    day = Appointment("Run", waits=True, pattern=whole, apart=())
    assert moments(1, day, minutes_before=60) == ["28 07:00"]
