"""Today: each test is named by its rule. The day is fixed by `?date=` or by the clock."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.conftest import Clock
from tests.factories import Person

DAY = "2027-03-10"


def on(day: str) -> dict[str, str]:
    return {"kind": "date", "date": day}


async def add(person: Person, title: str, **fields: Any) -> dict[str, Any]:
    return await person.post("/tasks", 201, title=title, **fields)


async def today(person: Person, **query: Any) -> dict[str, list[str]]:
    seen = await person.get("/today", **query)
    lists = ("overdue", "due", "done", "next")
    return {name: [task["title"] for task in seen[name]] for name in lists}


async def test_a_day_shows_what_is_overdue_due_and_next(person: Person) -> None:
    goal = await person.post("/goals", 201, title="Run")
    dropped = await person.post("/goals", 201, title="Dropped")
    await person.patch(f"/goals/{dropped['id']}", status="dropped")
    await add(person, "Yesterday", due=on("2027-03-09"))
    await add(person, "All day", due=on(DAY))
    await add(person, "At nine", due={"kind": "floating", "date": DAY, "time": "09:00"})
    await add(person, "Tomorrow", due=on("2027-03-11"))
    await add(person, "Undated", goal_id=goal["id"])
    await add(person, "First", goal_id=goal["id"], priority=1)
    await add(person, "Of a dropped goal", goal_id=dropped["id"])
    assert await today(person, date=DAY) == {
        "overdue": ["Yesterday"],
        "due": ["At nine", "All day"],
        "done": [],
        "next": ["First", "Undated"],
    }


async def test_deferred_and_blocked_and_put_away_tasks_are_hidden(person: Person) -> None:
    await add(person, "Later", due=on("2027-03-20"), start=on("2027-03-11"))
    deferred = await add(person, "Deferred", due=on(DAY))
    await person.patch(f"/tasks/{deferred['id']}", start=on(DAY))
    blocker = await add(person, "Blocker")
    blocked = await add(person, "Blocked", due=on(DAY))
    await person.post(f"/tasks/{blocked['id']}/dependencies", 201, blocker_id=blocker["id"])
    for verb in ("archive", "cancel"):
        task = await add(person, verb, due=on(DAY))
        await person.post(f"/tasks/{task['id']}/{verb}")
    assert (await today(person, date=DAY))["due"] == ["Deferred"]
    await person.post(f"/tasks/{blocker['id']}/complete")
    assert (await today(person, date=DAY))["due"] == ["Deferred", "Blocked"]


async def test_a_time_elsewhere_is_due_on_the_local_day(make_person: Any) -> None:
    person = await make_person(time_zone="Pacific/Auckland")
    evening = {"kind": "zoned", "date": "2027-03-09", "time": "20:00", "zone": "Europe/Berlin"}
    await add(person, "Berlin evening", due=evening)
    assert (await today(person, date=DAY))["due"] == ["Berlin evening"]
    honolulu = {"kind": "zoned", "date": DAY, "time": "20:00", "zone": "Pacific/Honolulu"}
    await add(person, "Honolulu evening", due=honolulu)
    assert (await today(person, date=DAY))["due"] == ["Berlin evening"]
    assert (await today(person, date="2027-03-11"))["due"] == ["Honolulu evening"]
    assert "Honolulu evening" in (await today(person, date="2027-03-12"))["overdue"]


async def test_at_most_five_tasks_come_next_and_parents_do_not(person: Person) -> None:
    goal = await person.post("/goals", 201, title="Run")
    parent = await add(person, "Parent", goal_id=goal["id"], priority=1)
    for number in range(6):
        await add(person, str(number), parent_id=parent["id"])
    assert (await today(person, date=DAY))["next"] == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("zone", "day_start", "offset"), [("UTC", 0, 0), ("UTC", 240, -1), ("Pacific/Kiritimati", 0, 1)]
)
async def test_the_day_is_the_persons_own(
    make_person: Any,
    clock: Clock,
    travel: Callable[..., None],
    zone: str,
    day_start: int,
    offset: int,
) -> None:
    person = await make_person(time_zone=zone)
    await person.patch("/auth/me", day_start_minutes=day_start)
    midnight = datetime.combine(clock().date(), datetime.min.time(), UTC)
    target = midnight + timedelta(days=1, hours=2 if offset < 1 else 12)
    travel(seconds=(target - clock()).total_seconds())
    task = await add(person, "Now")
    await person.post(f"/tasks/{task['id']}/complete")
    seen = await person.get("/today")
    local = (target + timedelta(days=offset)).date() if offset else target.date()
    assert seen["date"] == local.isoformat()
    assert [done["title"] for done in seen["done"]] == ["Now"]
    assert seen["rings"]["tasks"] == {"done": 1, "planned": 1}
    assert len(seen["days"]) == 14
    assert seen["days"][-1] == {"date": local.isoformat(), "done": 1}
    assert sum(day["done"] for day in seen["days"]) == 1


async def test_somebody_elses_tasks_stay_out_of_my_day(person: Person) -> None:
    await add(person, "Mine", due=on(DAY), assignee_id=str(person.user_id))
    assert (await today(person, date=DAY))["due"] == ["Mine"]


async def test_what_was_done_yesterday_counts_for_yesterday(person: Person) -> None:
    day = datetime.fromisoformat((await person.get("/today"))["date"]).date()
    yesterday = (day - timedelta(days=1)).isoformat()
    task = await add(person, "Forgotten")
    await person.post(f"/tasks/{task['id']}/complete", on=yesterday)
    seen = await person.get("/today")
    assert seen["done"] == []
    assert [bar["done"] for bar in seen["days"]][-2:] == [1, 0]
    assert (await today(person, date=yesterday))["done"] == ["Forgotten"]


@pytest.mark.parametrize("days", [1, -32])
async def test_a_completion_counts_for_today_or_the_month_before(person: Person, days: int) -> None:
    day = datetime.fromisoformat((await person.get("/today"))["date"]).date()
    task = await add(person, "When")
    refused = await person.post(
        f"/tasks/{task['id']}/complete", 422, on=(day + timedelta(days=days)).isoformat()
    )
    assert refused["errors"][0]["pointer"] == "/on"
    assert (await person.get(f"/tasks/{task['id']}"))["state"] == "inbox"


async def test_a_flight_changes_no_day_that_is_over(make_person: Any) -> None:
    """Twelve hours away it is another day, but what was done stays where it was done."""
    person = await make_person(time_zone="Pacific/Kiritimati")
    task = await add(person, "Before the flight")
    await person.post(f"/tasks/{task['id']}/complete")
    before = await person.get("/today")
    await person.patch("/auth/me", time_zone="Pacific/Honolulu")
    after = await person.get("/today", date=before["date"])
    assert [task["title"] for task in after["done"]] == ["Before the flight"]
    assert after["days"] == before["days"]
