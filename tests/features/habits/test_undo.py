"""Undo leads back through every state a habit was in, with all that is derived from its records."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.factories import Person

STAMPS = {"version", "updated_at"}


async def picture(person: Person, goal_id: str) -> dict[str, Any]:
    """Return all there is to see of habits, without the stamps."""
    habits = (await person.get("/habits", include="archived"))["items"]
    return {
        "habits": [{k: v for k, v in habit.items() if k not in STAMPS} for habit in habits],
        "days": [
            {**day, "habit": day["habit"]["id"]}
            for day in (await person.get("/habits/today"))["habits"]
        ],
        "pauses": len((await person.get("/habit-pauses"))["items"]),
        "points": len((await person.get(f"/goals/{goal_id}/data-points"))["items"]),
    }


async def test_undo_leads_back_through_every_state(person: Person) -> None:
    goal = (await person.post("/goals", 201, title="Run 100 km"))["id"]
    pictures = [await picture(person, goal)]

    async def then(method: str, path: str, status: int = 200, **body: Any) -> Any:
        made = await person.send(method, path, status, json=body or {})
        pictures.append(await picture(person, goal))
        return made

    habit = await then("POST", "/habits", 201, title="Run", goal_id=goal, type="at_least", target=5)
    path = f"/habits/{habit['id']}"
    yesterday = (date.fromisoformat(habit["start_day"]) - timedelta(days=1)).isoformat()
    first = await then("POST", f"{path}/check-ins", 201, amount=3)
    await then("POST", f"{path}/check-ins", 201, amount=6, day=yesterday)
    await then("PATCH", f"{path}/check-ins/{first['id']}", amount=7)
    await then("DELETE", f"{path}/check-ins/{first['id']}", 204)
    await then("POST", f"{path}/skip", 201, reason="Ill")
    pause = await then("POST", "/habit-pauses", 201, reason="Holiday")
    await then("PATCH", f"/habit-pauses/{pause['id']}", last_day=pause["first_day"])
    await then("PATCH", path, target=6, auto_skip=True)
    await then("DELETE", f"/habit-pauses/{pause['id']}", 204)
    for verb in ("archive", "unarchive"):
        await then("POST", f"{path}/{verb}")
    await then("DELETE", path, 204)
    await then("POST", f"{path}/restore")

    for before in reversed(pictures[:-1]):
        await person.post("/undo")
        assert await picture(person, goal) == before
    for after in pictures[1:]:
        await person.post("/redo")
        assert await picture(person, goal) == after
