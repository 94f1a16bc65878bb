"""Forecasts of goals over HTTP: from real weeks, kept once a week, held against what happened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from selfos.features.insights.jobs import forecast, forecast_all
from selfos.kernel.core import Kernel
from tests.factories import Person


async def today_of(person: Person) -> date:
    return date.fromisoformat((await person.get("/today"))["date"])


async def measured(person: Person, weeks: int, target: int = 40) -> str:
    """Make a goal that has grown by two a week for some weeks."""
    today = await today_of(person)
    goal = await person.post(
        "/goals",
        201,
        title="Runs",
        start_value=0,
        target_value=target,
        target_unit="runs",
        start_date=str(today - timedelta(days=7 * weeks)),
        target_date=str(today + timedelta(days=200)),
    )
    for back in range(weeks):
        day = str(today - timedelta(days=7 * back + 3))
        await person.post(f"/goals/{goal['id']}/data-points", 201, value=2, day=day)
    return goal["id"]


async def keep(kernel: Kernel, person: Person) -> None:
    await forecast_all(kernel)
    where = {"workspace_id": str(person.workspace_id), "user_id": str(person.user_id)}
    await forecast(kernel, **where)


async def test_a_goal_is_forecast_from_its_own_weeks_with_the_reason(person: Person) -> None:
    shown = await person.get(f"/goals/{await measured(person, 8)}/forecast")
    assert shown["state"] == "forecast"
    assert shown["today"] < shown["low"] < shown["median"] < shown["high"]
    why = shown["why"]
    assert (why["remaining"], why["unit"], why["weeks"], why["per_week"]) == (24, "runs", 8, 2)
    assert shown["target_chance"] > 0.9
    assert "24 runs remain" in why["sentence"]


async def test_what_cannot_be_foreseen_says_why(person: Person) -> None:
    young = await person.get(f"/goals/{await measured(person, 2)}/forecast")
    assert (young["state"], young["median"]) == ("too_little", None)
    assert "2 of 4 whole weeks" in young["sentence"]
    idle = (await person.post("/goals", 201, title="Nothing to do"))["id"]
    await person.patch(f"/goals/{young['goal_id']}", status="dropped")
    assert (await person.get(f"/goals/{young['goal_id']}/forecast"))["state"] == "let_go"
    assert (await person.get(f"/goals/{idle}/forecast"))["state"] == "no_end"
    await person.post(f"/goals/{idle}/complete")
    assert (await person.get(f"/goals/{idle}/forecast"))["state"] == "reached"


async def test_steps_count_with_what_was_added_on_the_way(
    person: Person, travel: Callable[..., None]
) -> None:
    goal = (await person.post("/goals", 201, title="Book"))["id"]
    titles = [f"Chapter {number}" for number in range(8)]
    steps = [(await person.post("/tasks", 201, title=t, goal_id=goal))["id"] for t in titles]
    for number in range(5):
        travel(days=7)
        await person.post(f"/tasks/{steps[number]}/complete")
    await person.post("/tasks", 201, title="An afterword", goal_id=goal)
    travel(days=1)
    shown = await person.get(f"/goals/{goal}/forecast")
    assert shown["state"] == "forecast"
    why: dict[str, Any] = shown["why"]
    assert (why["remaining"], why["unit"], why["weeks"]) == (4, "steps", 5)
    assert 0.8 < why["per_week"] <= 1
    assert why["growth"] > 0


async def test_forecasts_are_kept_once_a_week_and_held_against_what_happened(
    kernel: Kernel, person: Person, travel: Callable[..., None]
) -> None:
    goal = await measured(person, 8, target=20)
    await keep(kernel, person)
    await keep(kernel, person)
    (kept,) = (await person.get(f"/goals/{goal}/forecast"))["past"]
    assert (
        "No day that was forecast has come"
        in (await person.get("/forecasts/reliability"))["sentence"]
    )
    for _ in range(5):  # nobody stays signed in who does not come
        travel(days=10)
        await person.get("/today")
    await keep(kernel, person)
    assert len((await person.get(f"/goals/{goal}/forecast"))["past"]) == 2
    told = await person.get("/forecasts/reliability")
    assert [each["level"] for each in told["levels"]] == [0.1, 0.25, 0.5, 0.75, 0.9]
    assert {each["happened"] for each in told["levels"]} == {0}
    done = str(date.fromisoformat(kept["median"]) - timedelta(days=1))
    await person.post(f"/goals/{goal}/data-points", 201, value=4, day=done)
    told = await person.get("/forecasts/reliability")
    assert [each["happened"] for each in told["levels"]] == [0, 0, 1, 1, 1]
    assert (told["forecasts"], told["levels"][0]["count"]) == (2, 1)
