"""Timers and sessions over HTTP: one for a person, corrected, undone, and nobody else's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Any

from selfos.features.focus import service as focus
from selfos.features.focus.schemas import FocusCreate
from selfos.features.focus.service import end_forgotten
from selfos.features.planning import service as planning
from selfos.features.planning.schemas.inputs import TaskCreate
from tests.conftest import Clock
from tests.factories import Person
from tests.features.journal.test_journal import in_a_team

Drain = Callable[[], Awaitable[None]]
MakePerson = Callable[..., Awaitable[Person]]
Travel = Callable[..., None]


async def now_of(person: Person) -> dict[str, Any]:
    return await person.get("/focus/now")


async def write(person: Person, clock: Clock, minutes: int = 30, **more: Any) -> dict[str, Any]:
    """Write down some minutes that have just ended."""
    ended = clock().replace(microsecond=0)
    began = ended - timedelta(minutes=minutes)
    times = {"started_at": began.isoformat(), "ended_at": ended.isoformat()}
    return await person.post("/focus", 201, **times, **more)


async def test_a_timer_starts_rests_goes_on_and_stops(person: Person, travel: Travel) -> None:
    task = await person.post("/tasks", 201, title="Write")
    await person.post("/focus/stop", 409)
    started = await person.post("/focus/start", 201, task_id=task["id"])
    assert (started["session"]["state"], started["stopped"]) == ("running", None)
    assert started["session"]["task_title"] == "Write"
    await person.post("/focus/resume", 409)
    travel(minutes=10)
    paused = await person.post("/focus/pause")
    assert paused["state"] == "paused"
    assert 600 <= paused["seconds"] < 660
    await person.post("/focus/pause", 409)
    travel(minutes=30)
    await person.post("/focus/resume")
    travel(minutes=5)
    over = await person.post("/focus/stop")
    assert (over["state"], len(over["stretches"])) == ("over", 2)
    assert 900 <= over["seconds"] < 960
    assert sum(over["days"].values()) == over["seconds"]
    shown = await now_of(person)
    assert (shown["session"], shown["unsure"]) == (None, 0)


async def test_starting_another_stops_the_first_and_undo_lets_it_go_on(
    person: Person, travel: Travel
) -> None:
    first = (await person.post("/focus/start", 201, note="First"))["session"]
    travel(minutes=5)
    second = await person.post("/focus/start", 201, note="Second")
    assert (second["stopped"]["id"], second["stopped"]["state"]) == (first["id"], "over")
    assert second["stopped"]["seconds"] >= 300
    await person.post("/undo")
    shown = (await now_of(person))["session"]
    assert (shown["id"], shown["state"], shown["seconds"]) == (first["id"], "running", 0)
    await person.post("/redo")
    assert (await now_of(person))["session"]["note"] == "Second"


async def test_a_forgotten_timer_ends_by_itself_and_asks_to_be_looked_at(
    person: Person, travel: Travel
) -> None:
    started = (await person.post("/focus/start", 201))["session"]
    travel(hours=3)
    await end_forgotten(person.kernel)
    assert (await now_of(person))["session"]["state"] == "running"
    travel(hours=20)
    await end_forgotten(person.kernel)
    shown = await now_of(person)
    assert (shown["session"], shown["unsure"]) == (None, 1)
    session = await person.get(f"/focus/{started['id']}")
    assert (session["cut"], session["seconds"]) == (True, 4 * 3600)
    ended = datetime.fromisoformat(session["started_at"]) + timedelta(minutes=50)
    right = await person.patch(f"/focus/{started['id']}", ended_at=ended.isoformat())
    assert (right["cut"], right["seconds"]) == (False, 3000)
    # Stopped by hand so late it counts no more, and a pause is not what was forgotten.
    again = (await person.post("/focus/start", 201))["session"]
    travel(hours=9)
    assert (await person.post("/focus/stop"))["cut"]
    assert not (await person.patch(f"/focus/{again['id']}", cut=False))["cut"]
    await person.post("/focus/start", 201)
    travel(hours=1)
    await person.post("/focus/pause")
    travel(hours=9)
    await end_forgotten(person.kernel)
    shown = await now_of(person)
    assert (shown["session"], shown["unsure"]) == (None, 0)


async def test_what_was_written_down_is_corrected_deleted_and_brought_back(
    person: Person, clock: Clock
) -> None:
    task = await person.post("/tasks", 201, title="Read")
    session = await write(person, clock, 30, note="At the library")
    path = f"/focus/{session['id']}"
    ended = datetime.fromisoformat(session["ended_at"])
    for wrong in (
        {"ended_at": session["started_at"]},
        {"ended_at": (ended + timedelta(hours=3)).isoformat()},
        {"started_at": (ended - timedelta(hours=25)).isoformat()},
        {"task_id": session["id"]},
    ):
        await person.patch(path, 422, **wrong)
    began = (ended - timedelta(minutes=45)).isoformat()
    changed = await person.patch(path, task_id=task["id"], started_at=began)
    assert (changed["task_title"], changed["seconds"]) == ("Read", 2700)
    listed = await person.get("/focus", task_id=task["id"])
    assert [each["id"] for each in listed["items"]] == [session["id"]]
    for day in session["days"]:
        assert (await person.get("/focus", day=day))["items"]
    yesterday = min(map(date.fromisoformat, changed["days"])) - timedelta(days=1)
    assert (await person.get("/focus", day=str(yesterday)))["items"] == []
    await person.delete(path)
    await person.get(path, 404)
    await person.post("/undo")
    assert (await person.get(path))["seconds"] == 2700


async def test_time_on_a_habit_is_its_record_day_by_day(person: Person, clock: Clock) -> None:
    habit = await person.post("/habits", 201, title="Cello", type="duration", target=20)
    tick = await person.post("/habits", 201, title="Floss")
    await person.post("/focus/start", 422, habit_id=tick["id"])
    task = await person.post("/tasks", 201, title="Practise")
    await person.post("/focus/start", 422, habit_id=habit["id"], task_id=task["id"])
    session = await write(person, clock, 30, habit_id=habit["id"])
    records = f"/habits/{habit['id']}/check-ins"

    async def minutes() -> float:
        return sum(each["amount"] for each in (await person.get(records))["items"])

    assert await minutes() == 30
    ended = datetime.fromisoformat(session["ended_at"]) - timedelta(minutes=6)
    await person.patch(f"/focus/{session['id']}", ended_at=ended.isoformat())
    assert await minutes() == 24
    await person.patch(f"/focus/{session['id']}", habit_id=None, task_id=task["id"])
    assert await minutes() == 0
    await person.post("/undo")
    assert await minutes() == 24
    # Counted once, though it is a session and a record.
    stats = await person.get("/progress/stats")
    assert stats["focus"]["recorded_minutes"] == 24
    await person.post(f"/habits/{habit['id']}/archive")
    # What was put away keeps its records, and another habit gets its own.
    other = await person.post("/habits", 201, title="Piano", type="duration", target=20)
    await person.patch(f"/focus/{session['id']}", habit_id=other["id"])
    assert await minutes() == 24
    records = f"/habits/{other['id']}/check-ins"
    assert await minutes() == 24
    await person.delete(f"/focus/{session['id']}")
    assert await minutes() == 0


async def test_nobody_else_undoes_the_part_of_a_session_that_is_shared(
    person: Person, make_person: MakePerson, clock: Clock
) -> None:
    admin = await in_a_team(person, await make_person())
    habit = await person.post("/habits", 201, title="Cello", type="duration", target=20)
    await write(person, clock, 30, habit_id=habit["id"])
    newest = (await admin.get("/history")).json()["items"][0]
    assert newest["label"] == "Wrote down a focus session"
    refused = await admin.post(f"/history/{newest['id']}/undo", json={})
    assert refused.status_code == 403
    assert "only they can undo it" in refused.json()["detail"]
    await person.post("/undo")
    assert (await person.get("/focus"))["items"] == []


async def test_a_timer_stops_those_of_other_workspaces(
    person: Person, drain: Drain, travel: Travel
) -> None:
    await person.post("/focus/start", 201, note="At home")
    team = (await person.post("/workspaces", 201, name="Team"))["id"]
    home = dict(person.client.headers)
    person.client.headers["SelfOS-Workspace"] = team
    travel(minutes=5)
    await person.post("/focus/start", 201, note="At work")
    await drain()
    assert (await now_of(person))["session"]["note"] == "At work"
    del person.client.headers["SelfOS-Workspace"]
    assert "SelfOS-Workspace" not in home
    listed = await person.get("/focus")
    assert [(each["note"], each["state"]) for each in listed["items"]] == [("At home", "over")]


async def test_sessions_are_ones_own_in_a_shared_workspace_too(
    person: Person, make_person: MakePerson
) -> None:
    admin = await in_a_team(person, await make_person())
    task = await person.post("/tasks", 201, title="Everybody's")
    session = (await person.post("/focus/start", 201, task_id=task["id"], note="Quietly"))[
        "session"
    ]
    assert (await admin.get("/focus")).json()["items"] == []
    assert (await admin.get("/focus/now")).json()["session"] is None
    assert (await admin.get(f"/focus/{session['id']}")).status_code == 404
    assert (await admin.post("/focus/stop")).status_code == 409
    labels = [each["label"] for each in (await admin.get("/history")).json()["items"]]
    assert "Started a focus session" not in labels
    # A task that somebody else throws away for good takes nobody's time with it.
    assert (await admin.delete(f"/tasks/{task['id']}")).status_code == 204
    assert (await person.post("/focus/stop"))["task_title"] == "Everybody's"


async def test_suggestions_keep_quiet_while_a_timer_runs(person: Person, travel: Travel) -> None:
    await person.post("/focus/start", 201)
    silent = (await person.post("/nudges/today"))["silent"]
    assert silent is not None
    assert "focus" in silent
    await person.post("/focus/pause")
    assert (await person.post("/nudges/today"))["silent"] is None
    await person.post("/focus/resume")
    travel(hours=5)
    assert (await person.post("/nudges/today"))["silent"] is None


async def test_time_is_told_by_task_area_and_label_and_against_what_was_meant(
    person: Person, clock: Clock
) -> None:
    area = await person.post("/areas", 201, name="Work")
    async with person.context() as ctx:
        for number in range(10):
            new = {"title": f"Task {number}", "duration_minutes": 20, "area_id": area["id"]}
            task = await planning.create_task(ctx, TaskCreate.model_validate(new))
            ended = ctx.now - timedelta(hours=number)
            spent = {"started_at": ended - timedelta(minutes=30), "ended_at": ended}
            await ctx.session.flush()
            of = FocusCreate.model_validate({**spent, "task_id": task.id})
            await focus.record_session(ctx, of)
            await planning.complete_task(ctx, task.id)
    more = await person.post("/tasks", 201, title="More", labels=["deep"], duration_minutes=60)
    await write(person, clock, 12, task_id=more["id"])
    stats = await person.get("/progress/stats")
    assert stats["focus"]["recorded_minutes"] == 312
    by_name = {each["name"]: each for each in (*stats["areas"], *stats["labels"])}
    assert (by_name["Work"]["recorded_minutes"], by_name["deep"]["recorded_minutes"]) == (300, 12)
    assert by_name["No area"]["recorded_minutes"] == 12
    assert stats["estimates"] == {
        "tasks": 10, "of": 10, "estimated_minutes": 200, "recorded_minutes": 300.0, "times": 1.5
    }  # fmt: skip
    assert len(stats["each_task"]) == 11
    chart = await person.get("/progress/charts/focus", label_id=by_name["deep"]["id"])
    assert chart["series"][0]["total"] == 12
    shown = await person.get(f"/insights/tasks/{more['id']}/time")
    assert (shown["recorded_minutes"], shown["estimated_minutes"]) == (12, 60)
    assert "1.5 times" in shown["hint"]
    assert "90 minutes" in shown["hint"]
    signal = (await person.get("/insights"))["signals"]["lengths"]
    assert "Of 10 tasks you timed, 10 took longer" in signal["sentence"]
    await person.delete(f"/tasks/{more['id']}")
    stats = await person.get("/progress/stats")
    assert (stats["focus"]["recorded_minutes"], len(stats["each_task"])) == (312, 10)
    await person.get(f"/insights/tasks/{more['id']}/time", 404)
