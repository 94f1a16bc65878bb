"""Reminders: set, moved, silenced, each told once."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from tests.conftest import Clock
from tests.factories import Person
from tests.features.notifications.conftest import inbox
from tests.programs import eventually

Step = Callable[[], Awaitable[None]]
MakePerson = Callable[..., Awaitable[Person]]
Travel = Callable[..., None]
BERLIN = ZoneInfo("Europe/Berlin")


def wall(moment: datetime, zone: tzinfo = UTC) -> dict[str, str]:
    """Return an instant as the plan of a task, at the minute."""
    there = moment.astimezone(zone)
    return {"kind": "floating", "date": f"{there:%Y-%m-%d}", "time": f"{there:%H:%M}"}


def soon(clock: Clock, **by: float) -> datetime:
    return (clock() + timedelta(**by)).replace(second=0, microsecond=0)


async def task_due(person: Person, at: datetime, **more: Any) -> str:
    return (await person.post("/tasks", 201, title="Call Ada", due=wall(at), **more))["id"]


async def next_of(person: Person, reminder: dict[str, Any]) -> datetime | None:
    found = (await person.get(f"/reminders/{reminder['id']}"))["next_at"]
    return datetime.fromisoformat(found) if found else None


async def test_a_reminder_comes_before_the_task_is_due_and_once(
    person: Person, settle: Step, clock: Clock, travel: Travel
) -> None:
    due = soon(clock, hours=2)
    task = await task_due(person, due)
    reminder = await person.post("/reminders", 201, subject_id=task, minutes_before=30)
    assert datetime.fromisoformat(reminder["next_at"]) == due - timedelta(minutes=30)
    await settle()
    assert await inbox(person) == []
    travel(minutes=100)
    await settle()
    await settle()
    (told,) = await inbox(person)
    assert (told["kind"], told["title"], told["subject_id"]) == ("task_reminder", "Call Ada", task)
    assert await person.get("/notifications/unread") == {"unread": 1}


async def test_a_reminder_moves_with_its_task_and_comes_again_when_it_was_put_off(
    person: Person, settle: Step, clock: Clock, travel: Travel
) -> None:
    task = await task_due(person, soon(clock, hours=1))
    reminder = await person.post("/reminders", 201, subject_id=task, minutes_before=10)
    later = soon(clock, hours=5)
    await person.patch(f"/tasks/{task}", due=wall(later))
    await settle()
    assert await next_of(person, reminder) == later - timedelta(minutes=10)
    travel(hours=4, minutes=55)
    await settle()
    assert len(await inbox(person)) == 1
    await person.patch(f"/tasks/{task}", due=wall(soon(clock, hours=1)))
    await settle()
    travel(hours=1)
    await settle()
    assert len(await inbox(person)) == 2


async def test_what_is_done_elsewhere_is_not_reminded_of_and_what_was_said_is_read_off(
    person: Person, settle: Step, clock: Clock, travel: Travel
) -> None:
    task = await task_due(person, soon(clock, hours=1))
    first = await person.post("/reminders", 201, subject_id=task, minutes_before=50)
    last = await person.post("/reminders", 201, subject_id=task, minutes_before=10)
    travel(minutes=15)
    await settle()
    assert await person.get("/notifications/unread") == {"unread": 1}
    done = await person.client.post(f"/tasks/{task}/complete", json={})
    await settle()
    assert await person.get("/notifications/unread") == {"unread": 0}
    assert (await next_of(person, first), await next_of(person, last)) == (None, None)
    changeset = done.headers["SelfOS-Changeset"]
    await person.post(f"/history/{changeset}/undo")
    await settle()
    assert await next_of(person, last) is not None, "what is open again is reminded of again"


async def test_the_next_occurrence_is_reminded_of_like_the_one_before(
    person: Person, settle: Step, clock: Clock
) -> None:
    due = soon(clock, hours=2)
    task = await task_due(person, due, repeat={"rule": "FREQ=DAILY"})
    reminder = await person.post("/reminders", 201, subject_id=task, minutes_before=30)
    await person.post(f"/tasks/{task}/complete")
    await settle()
    assert await next_of(person, reminder) == due + timedelta(days=1, minutes=-30)


async def test_setting_a_reminder_can_be_undone_and_redone(
    person: Person, settle: Step, clock: Clock
) -> None:
    task = await task_due(person, soon(clock, hours=2))
    answer = await person.client.post("/reminders", json={"subject_id": task, "minutes_before": 5})
    changeset = answer.headers["SelfOS-Changeset"]
    await person.post(f"/history/{changeset}/undo")
    await settle()
    assert (await person.get("/reminders"))["items"] == []
    await person.post(f"/history/{changeset}/redo")
    await settle()
    (again,) = (await person.get("/reminders", subject_id=task))["items"]
    assert again["next_at"] is not None


async def test_quick_add_sets_real_reminders(person: Person, clock: Clock) -> None:
    added = await person.post(
        "/quick-add", 201, text="Call Ada tomorrow at 17:00 reminder -30m rem 9am"
    )
    assert added["task"]["notes"] == ""
    found = (await person.get("/reminders", subject_id=added["task"]["id"]))["items"]
    day = added["task"]["due"]["date"]
    assert {datetime.fromisoformat(each["next_at"]) for each in found} == {
        datetime.fromisoformat(f"{day}T16:30:00Z"),
        datetime.fromisoformat(f"{day}T09:00:00Z"),
    }
    plain = (await person.post("/quick-add", 201, text="Call Bob rem 9am"))["task"]["id"]
    (one,) = (await person.get("/reminders", subject_id=plain))["items"]
    assert clock() < datetime.fromisoformat(one["next_at"]) <= clock() + timedelta(days=1)
    await person.post("/undo")
    assert (await person.get("/reminders", subject_id=plain))["items"] == []


async def test_who_moves_is_reminded_by_the_clocks_there(
    make_person: MakePerson, settle: Step, clock: Clock
) -> None:
    person = await make_person(time_zone="Europe/Berlin")
    due = soon(clock, days=2)
    task = (await person.post("/tasks", 201, title="Call", due=wall(due, BERLIN)))["id"]
    reminder = await person.post("/reminders", 201, subject_id=task, minutes_before=0)
    assert await next_of(person, reminder) == due
    await person.patch("/auth/me", time_zone="America/New_York")
    await settle()
    told = due.astimezone(BERLIN).replace(tzinfo=ZoneInfo("America/New_York"))
    assert await next_of(person, reminder) == told.astimezone(UTC)


async def test_a_habit_reminds_at_its_times_until_it_is_kept(
    person: Person, settle: Step, clock: Clock, travel: Travel
) -> None:
    # Half an hour before it, it is the same day.
    lead = 1 if soon(clock, hours=1).hour else 2
    at = soon(clock, hours=lead)
    habit = (await person.post("/habits", 201, title="Stretch", reminder_times=[f"{at:%H:%M}"]))[
        "id"
    ]
    await settle()
    travel(hours=lead)
    await settle()
    (told,) = await inbox(person)
    assert (told["kind"], told["title"]) == ("habit_reminder", "Stretch")
    await person.post(f"/habits/{habit}/check-ins", 201)
    await settle()
    assert await person.get("/notifications/unread") == {"unread": 0}
    travel(hours=24)
    await settle()
    assert len(await inbox(person)) == 2
    await person.post(f"/habits/{habit}/check-ins", 201)
    travel(hours=23, minutes=30)
    await person.post(f"/habits/{habit}/check-ins", 201)
    travel(minutes=30)
    await settle()
    assert len(await inbox(person)) == 2, "what is kept needs no reminder"


async def test_what_was_overdue_for_long_comes_as_one(
    person: Person, settle: Step, clock: Clock, travel: Travel
) -> None:
    for minute in range(7):
        task = await task_due(person, soon(clock, hours=1, minutes=minute))
        await person.post("/reminders", 201, subject_id=task, minutes_before=0)
    await settle()
    travel(hours=3)
    await settle()
    (told,) = await inbox(person)
    assert (told["kind"], told["title"]) == ("overdue", "7 reminders wait for you")


async def test_a_snoozed_notification_rests_and_comes_back(
    person: Person, settle: Step, clock: Clock, travel: Travel
) -> None:
    task = await task_due(person, soon(clock, minutes=30))
    await person.post("/reminders", 201, subject_id=task, minutes_before=0)
    travel(minutes=31)
    await settle()
    (told,) = await inbox(person)
    path = f"/notifications/{told['id']}/snooze"
    rested = await person.send("POST", path, 200, json={"for": "10m"})
    assert rested["snoozed_until"] is not None
    assert await person.get("/notifications/unread") == {"unread": 0}
    travel(minutes=10)
    await settle()
    assert await person.get("/notifications/unread") == {"unread": 1}
    (again,) = await inbox(person)
    assert (again["id"], again["snoozed_until"]) == (told["id"], None)


async def test_a_worker_rings_by_itself(
    person: Person, clock: Clock, worker: Callable[[], AbstractAsyncContextManager[None]]
) -> None:
    task = await task_due(person, soon(clock, minutes=-1))
    await person.post("/reminders", 201, subject_id=task, minutes_before=0)
    async with worker():
        assert len(await eventually(lambda: inbox(person))) == 1


async def test_reminders_are_their_persons_alone(
    person: Person, make_person: MakePerson, clock: Clock
) -> None:
    task = await task_due(person, soon(clock, hours=1))
    reminder = await person.post("/reminders", 201, subject_id=task, minutes_before=0)
    other = await make_person()
    await other.get(f"/reminders/{reminder['id']}", expect=404)
    await other.post("/reminders", expect=422, subject_id=task, minutes_before=0)


async def test_a_reminder_says_its_time_once(person: Person, clock: Clock) -> None:
    task = await task_due(person, soon(clock, hours=1))
    await person.post("/reminders", 422, subject_id=task)
    await person.post("/reminders", 422, subject_id=task, minutes_before=5, time="09:00")
    await person.post("/reminders", 422, subject_id=task, anchor="at", minutes_before=5)
    on_a_day: dict[str, Any] = {
        "anchor": "at",
        "on_date": f"{soon(clock, days=1):%Y-%m-%d}",
        "time": "09:00",
    }
    reminder = await person.post("/reminders", 201, subject_id=task, **on_a_day)
    changed = await person.patch(f"/reminders/{reminder['id']}", time="10:00")
    assert changed["next_at"].endswith("10:00:00+00:00")
    await person.delete(f"/reminders/{reminder['id']}")
    await person.get(f"/reminders/{reminder['id']}", expect=404)
