"""Insights over HTTP: found by the nightly job, from real rows, for their person alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, timedelta

from selfos.features.insights.jobs import look, look_at_all
from selfos.kernel.core import Kernel
from tests.factories import Person

MakePerson = Callable[..., Awaitable[Person]]
DAYS = 66


async def lived(person: Person) -> str:
    """Write two months of moods that are good on days with a run; returns the habit."""
    today = date.fromisoformat((await person.get("/today"))["date"])
    start = today - timedelta(days=DAYS)
    habit = await person.post("/habits", 201, title="Run", start_day=start.isoformat())
    pattern = "1101001011001110010"
    for back in range(1, DAYS):
        day = (today - timedelta(days=back)).isoformat()
        ran = pattern[back % len(pattern)] == "1"
        if ran:
            await person.post(f"/habits/{habit['id']}/check-ins", 201, day=day)
        mood = 3 + 2 * ran - (back % 3 == 0)
        await person.post("/journal", 201, day=day, mood=mood)
    return habit["id"]


async def look_now(kernel: Kernel, person: Person) -> None:
    await look_at_all(kernel)
    where = {"workspace_id": str(person.workspace_id), "user_id": str(person.user_id)}
    await look(kernel, **where)


async def test_who_has_few_days_is_told_how_many_are_missing(person: Person) -> None:
    await person.post("/journal", 201, mood=4)
    shown = await person.get("/insights")
    assert (shown["look"], shown["items"], shown["next_look_at"]) == (None, [], 28)
    assert "first look comes after 28 more" in shown["status"]
    assert shown["signals"]["slips"] == {
        "sentence": None,
        "needs": "0 of 20 tasks whose date has passed",
    }


async def test_goals_are_held_against_the_date_they_were_first_planned_for(
    person: Person, travel: Callable[..., None]
) -> None:
    today = date.fromisoformat((await person.get("/today"))["date"])
    soon, later = ((today + timedelta(days=days)).isoformat() for days in (2, 40))
    goals = [
        await person.post("/goals", 201, title=f"Goal {n}", target_date=soon) for n in range(7)
    ]
    await person.patch(f"/goals/{goals[0]['id']}", target_date=later)
    await person.post(f"/goals/{goals[1]['id']}/complete")
    await person.patch(f"/goals/{goals[2]['id']}", status="dropped")
    assert (await person.get("/insights"))["signals"]["estimates"]["sentence"] is None
    travel(days=6)
    said = (await person.get("/insights"))["signals"]["estimates"]["sentence"]
    assert "Of 6 goals whose first date has passed, 5 took longer" in said
    assert "takes 3.0 times as long (95 % interval 0.0 to 3.0)" in said


async def test_a_look_keeps_what_stood_with_its_evidence_and_is_made_once(
    kernel: Kernel, person: Person, make_person: MakePerson
) -> None:
    habit = await lived(person)
    await look_now(kernel, person)
    shown = await person.get("/insights")
    assert (shown["look"]["number"], shown["look"]["days"]) == (3, DAYS - 1)
    found = {(each["outcome"], each["kind"]): each for each in shown["items"]}
    run = found["mood", "habit"]
    assert (run["habit_id"], run["name"]) == (habit, "Run")
    assert run["with_days"] + run["without_days"] == DAYS - 1
    assert 1.2 < run["effect"] < 2.8
    assert "On " in run["sentence"]
    await look_now(kernel, person)
    assert await person.get("/insights") == shown
    await person.delete(f"/habits/{habit}")
    assert (await person.get("/insights"))["items"][0]["sentence"]
    other = await make_person()
    assert (await other.get("/insights"))["items"] == []
