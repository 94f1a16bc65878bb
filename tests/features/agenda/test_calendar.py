"""The calendar: each test is named by its rule."""

from datetime import date, timedelta
from typing import Any

from selfos.features.agenda import service as agenda
from tests.factories import Person, statements


def on(day: str) -> dict[str, str]:
    return {"kind": "date", "date": day}


async def add(person: Person, title: str, **fields: Any) -> dict[str, Any]:
    return await person.post("/tasks", 201, title=title, **fields)


async def calendar(person: Person, first: str, last: str) -> dict[str, dict[str, list[str]]]:
    """Return the titles on each day that has any."""
    seen = await person.get("/calendar", 200, **{"from": first, "to": last})
    days = {
        day["date"]: {
            name: [row["title"] for row in rows]
            for name, rows in day.items()
            if name != "date" and rows
        }
        for day in seen["days"]
    }
    return {day: rows for day, rows in days.items() if rows}


async def test_what_is_dated_lies_on_its_day(person: Person) -> None:
    await add(person, "Before", due=on("2027-02-28"))
    await add(person, "First", due=on("2027-03-01"), deadline="2027-03-05")
    await add(person, "At nine", due={"kind": "floating", "date": "2027-03-05", "time": "09:00"})
    await add(person, "All day", due=on("2027-03-05"))
    await add(person, "After", due=on("2027-03-06"))
    await person.post("/goals", 201, title="Race", target_date="2027-03-05")
    assert await calendar(person, "2027-03-01", "2027-03-05") == {
        "2027-03-01": {"tasks": ["First"]},
        "2027-03-05": {"tasks": ["At nine", "All day"], "deadlines": ["First"], "goals": ["Race"]},
    }


async def test_done_tasks_stay_on_their_day_and_given_up_ones_do_not(person: Person) -> None:
    done = await add(person, "Done", due=on("2027-03-01"), deadline="2027-03-02")
    await person.post(f"/tasks/{done['id']}/complete")
    for verb in ("cancel", "archive"):
        task = await add(person, verb, due=on("2027-03-01"), deadline="2027-03-02")
        await person.post(f"/tasks/{task['id']}/{verb}")
    gone = await add(person, "Gone", due=on("2027-03-01"))
    await person.delete(f"/tasks/{gone['id']}")
    goal = await person.post("/goals", 201, title="Reached", target_date="2027-03-01")
    await person.post(f"/goals/{goal['id']}/complete")
    assert await calendar(person, "2027-03-01", "2027-03-05") == {"2027-03-01": {"tasks": ["Done"]}}


async def test_a_time_elsewhere_lies_on_the_local_day(make_person: Any) -> None:
    person = await make_person(time_zone="Pacific/Auckland")
    evening = {"kind": "zoned", "date": "2027-02-28", "time": "20:00", "zone": "Europe/Berlin"}
    await add(person, "Berlin evening", due=evening)
    assert await calendar(person, "2027-03-01", "2027-03-01") == {
        "2027-03-01": {"tasks": ["Berlin evening"]}
    }
    assert await calendar(person, "2027-02-27", "2027-02-28") == {}


async def habit(person: Person, title: str, **fields: Any) -> dict[str, Any]:
    usual = {"type": "yes_no", "period": "day", "schedule": {"kind": "rule", "rule": "FREQ=DAILY"}}
    return await person.post("/habits", 201, title=title, **{**usual, **fields})


async def test_habits_lie_on_the_days_they_ask_for(person: Person) -> None:
    today = date.fromisoformat((await person.get("/today"))["date"])
    mondays = {"kind": "rule", "rule": "FREQ=WEEKLY;BYDAY=MO"}
    stretch = await habit(person, "Stretch", schedule=mondays)
    await habit(person, "No sugar", type="avoid", target=0)
    await habit(person, "Swim", period="week", schedule={"kind": "quota", "times": 2})
    last = today + timedelta(days=27)
    seen = await person.get("/calendar", 200, **{"from": today.isoformat(), "to": last.isoformat()})
    by_title: dict[str, list[date]] = {}
    for day in seen["days"]:
        for each in day["habits"]:
            assert each["verdict"] == "open"
            by_title.setdefault(each["title"], []).append(date.fromisoformat(day["date"]))
    assert [day.weekday() for day in by_title["Stretch"]] == [0] * 4
    assert {day.weekday() for day in by_title["Swim"]} == {5, 6}
    assert set(by_title) == {"Stretch", "Swim"}
    far = {"from": "2190-01-01", "to": "2190-01-31"}
    assert not any(day["habits"] for day in (await person.get("/calendar", 200, **far))["days"])
    assert stretch["id"]


async def test_today_shows_habits_with_a_ring_of_their_own(person: Person) -> None:
    run = await habit(person, "Run")
    someday = await person.get("/today")
    weekday = date.fromisoformat(someday["date"]) + timedelta(days=2)
    rule = f"FREQ=WEEKLY;BYDAY={weekday:%a}"[:-1].upper()
    await habit(person, "Another day", schedule={"kind": "rule", "rule": rule})
    seen = await person.get("/today")
    assert [each["habit"]["title"] for each in seen["habits"]] == ["Run"]
    assert seen["rings"]["habits"] == {"done": 0, "planned": 1}
    await person.post(f"/habits/{run['id']}/check-ins", 201)
    seen = await person.get("/today")
    assert [each["verdict"] for each in seen["habits"]] == ["done"]
    assert seen["rings"]["habits"] == {"done": 1, "planned": 1}


async def test_what_repeats_lies_on_the_days_to_come(person: Person) -> None:
    today = date.fromisoformat((await person.get("/today"))["date"])
    days = [today + timedelta(days=number) for number in range(9)]
    repeat = {"rule": "FREQ=DAILY;INTERVAL=3;COUNT=3", "mode": "schedule"}
    due = {"kind": "floating", "date": today.isoformat(), "time": "09:00"}
    await add(person, "Water the plants", due=due, repeat=repeat)
    shown = await person.get(
        "/calendar", 200, **{"from": today.isoformat(), "to": days[-1].isoformat()}
    )
    tasks = [day["date"] for day in shown["days"] if day["tasks"]]
    to_come = {day["date"]: day["occurrences"] for day in shown["days"] if day["occurrences"]}
    assert tasks == [days[0].isoformat()]
    assert list(to_come) == [days[3].isoformat(), days[6].isoformat()]
    ((first,), _) = to_come.values()
    assert (first["title"], first["due"]["time"]) == ("Water the plants", "09:00")
    assert first["text"] == "every 3 days, 3 times"


async def test_two_weeks_are_shown_unless_asked_and_92_days_at_most(person: Person) -> None:
    seen = await person.get("/calendar")
    assert (len(seen["days"]), seen["days"][0]["date"]) == (14, seen["from"])
    assert seen["days"][-1]["date"] == seen["to"]
    whole = await person.get("/calendar", 200, **{"from": "2027-03-01", "to": "2027-05-31"})
    assert len(whole["days"]) == 92
    for last in ("2027-06-01", "2027-02-28", "soon", "0"):
        await person.get("/calendar", 422, **{"from": "2027-03-01", "to": last})


async def test_days_cost_few_statements_whatever_lies_on_them(person: Person) -> None:
    for number in range(5):
        await add(person, f"Task {number}", due=on(f"2027-03-0{number + 1}"))
        await habit(person, f"Habit {number}")
        repeat = {"rule": "FREQ=DAILY;COUNT=5", "mode": "schedule"}
        await add(person, "Again", due=on(f"2027-03-0{number + 1}"), repeat=repeat)
    async with person.context() as ctx:
        with statements() as today:
            await agenda.show_today(ctx, None)
        with statements() as calendar:
            await agenda.show_calendar(ctx, None, None)
    # The person's clock, the tasks in all their lists, the bars, habits, check-ins, events, goals.
    assert today == ["SELECT"] * 7
    assert calendar == ["SELECT"] * 9


async def test_events_stand_on_each_of_their_days_and_cancelled_ones_on_none(
    person: Person,
) -> None:
    today = (await person.get("/today"))["date"]
    last = (date.fromisoformat(today) + timedelta(days=1)).isoformat()
    at = {"kind": "floating", "date": today, "time": "23:00"}
    until = {"kind": "floating", "date": last, "time": "01:30"}
    for title, more in (("Night train", {}), ("Dinner", {"status": "cancelled"})):
        await person.post("/calendar-events", 201, title=title, start=at, end=until, **more)
    whole = {"kind": "date", "date": last}
    await person.post("/calendar-events", 201, title="Holiday", start=whole)
    shown = await person.get("/calendar", 200, **{"from": today, "to": last})
    names = [[each["title"] for each in day["events"]] for day in shown["days"]]
    assert names == [["Night train"], ["Night train", "Holiday"]]
    assert [each["title"] for each in (await person.get("/today"))["events"]] == ["Night train"]
