"""Reports: sentences that cite their numbers, back-issues, one telling of each week."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from selfos.features.progress.events import ReportReady
from selfos.features.progress.jobs import report_all
from selfos.kernel.ledger.models import EventRecord
from tests.factories import Person
from tests.features.progress.test_stats import done, today_of


def cites_all(said: dict[str, Any]) -> bool:
    told = {int(number) for number in re.findall(r"\d+", said["text"])}
    return told <= {round(fact["value"]) for fact in said["facts"]}


async def lived(person: Person) -> date:
    """Do several things this week; returns today."""
    today = await today_of(person)
    area = await person.post("/areas", 201, name="Health")
    habit = await person.post("/habits", 201, title="Read", type="duration", target=20)
    await person.post(f"/habits/{habit['id']}/check-ins", 201, amount=25)
    due = {"kind": "date", "date": str(today)}
    for _ in range(3):
        await done(person, area_id=area["id"], due=due)
    task = await person.post("/tasks", 201, title="Later", due=due)
    later = {"kind": "date", "date": str(today + timedelta(days=1))}
    await person.patch(f"/tasks/{task['id']}", due=later)
    return today


async def test_each_number_of_a_report_is_cited(person: Person) -> None:
    today = await lived(person)
    report = await person.post("/reports", 201, kind="week", day=str(today))
    texts = [said["text"] for said in report["sentences"]]
    assert "You completed 3 tasks this week." in texts
    assert "1 task was moved to a later day." in texts
    assert "Most of it lay in Health: 3 tasks." in texts
    assert "You recorded 25 minutes." in texts
    assert all(map(cites_all, [*report["sentences"], report["suggestion"]]))
    assert [chart["chart"] for chart in report["charts"]] == ["done", "planned", "habits"]
    assert report["first"] <= str(today) <= report["last"]


async def test_an_empty_time_is_told_plainly(person: Person) -> None:
    report = await person.post("/reports", 201, kind="year")
    assert [said["text"] for said in report["sentences"]] == ["No task was completed this year."]
    assert report["suggestion"]["text"] == "Go on as you do."


async def test_telling_the_same_time_again_replaces_what_was_told(person: Person) -> None:
    today = await today_of(person)
    first = await person.post("/reports", 201, kind="month", day=str(today))
    await done(person)
    again = await person.post("/reports", 201, kind="month", day=str(today))
    assert again["id"] == first["id"]
    assert again["sentences"] != first["sentences"]
    await person.post("/reports", 201, kind="year", day=str(today))
    assert len((await person.get("/reports"))["items"]) == 2
    (kept,) = (await person.get("/reports", kind="month"))["items"]
    assert kept["title"] == f"{today:%B} {today.year}"


async def test_a_week_and_a_month_tell_themselves_once_when_they_are_over(
    person: Person, travel: Callable[..., None], drain: Callable[[], Awaitable[None]]
) -> None:
    began = await today_of(person)
    await done(person)
    for days in (7, 0, 6, 0):
        travel(days=days)
        await report_all(person.kernel)
        await drain()
    (week,) = (await person.get("/reports", kind="week"))["items"]
    assert week["sentences"][0]["text"] == "You completed 1 task this week."
    months = (await person.get("/reports", kind="month"))["items"]
    assert len(months) == (began.month != (await today_of(person)).month)
    async with person.context() as ctx:
        wanted = select(EventRecord.payload).where(EventRecord.type == ReportReady.type)
        told = list(await ctx.session.scalars(wanted))
    assert sorted(each["report_id"] for each in told) == sorted(
        each["id"] for each in (await person.get("/reports"))["items"]
    )


async def test_a_time_in_which_nothing_was_done_is_not_told_unasked(
    person: Person, drain: Callable[[], Awaitable[None]]
) -> None:
    await done(person)
    await report_all(person.kernel)
    await drain()
    assert (await person.get("/reports"))["items"] == []


async def test_who_only_keeps_habits_or_records_time_is_told_of_it_too(
    make_person: Callable[[], Awaitable[Person]],
    travel: Callable[..., None],
    drain: Callable[[], Awaitable[None]],
) -> None:
    keeper, timer = await make_person(), await make_person()
    habit = await keeper.post("/habits", 201, title="Stretch")
    await keeper.post(f"/habits/{habit['id']}/check-ins", 201)
    now = keeper.kernel.clock()
    times = {"started_at": str(now - timedelta(minutes=30)), "ended_at": str(now)}
    await timer.post("/focus", 201, **times)
    travel(days=7)
    await report_all(keeper.kernel)
    await drain()
    for person in (keeper, timer):
        assert len((await person.get("/reports", kind="week"))["items"]) == 1
