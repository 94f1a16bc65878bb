"""What owners see of their team, and what they do not."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from tests.conftest import MakePerson
from tests.factories import Person
from tests.features.progress.test_stats import today_of
from tests.security.world import Owner, join

Travel = Callable[..., None]


async def a_team(make_person: MakePerson, size: int) -> tuple[Owner, list[Person]]:
    """Found a team; its owner is not among those returned with it."""
    boss, others = await make_person(), [await make_person() for _ in range(size - 1)]
    team = (await boss.post("/workspaces", 201, name="Team"))["id"]
    owner = Owner(boss, team, others[0], make_person)
    for each in others:
        await join(owner, each, "member")
        each.client.headers["SelfOS-Workspace"] = team
    boss.client.headers["SelfOS-Workspace"] = team
    return owner, others


async def work(people: Sequence[Person], **task: Any) -> None:
    for each in people:
        made = await each.post("/tasks", 201, title="Something", **task)
        await each.post(f"/tasks/{made['id']}/complete")


def values(drawn: dict[str, Any], group: int, key: str) -> list[int | None]:
    found = [each for each in drawn["groups"][group]["series"] if each["key"] == key]
    return found[0]["values"] if found else []


async def test_a_crowd_is_told_in_fives_and_fewer_only_by_their_yes(
    make_person: MakePerson, travel: Travel
) -> None:
    owner, others = await a_team(make_person, 6)
    boss = owner.person
    area = (await boss.post("/areas", 201, name="Work"))["id"]
    habit = await others[0].post("/habits", 201, title="Stretch")
    assert await others[0].patch("/analytics/consent", consent=True) == {"consent": True}
    await others[1].patch("/analytics/consent", consent=True)
    await others[1].patch("/analytics/consent", consent=False)
    travel(days=7)
    await work([boss, *others], area_id=area)
    await others[0].post(f"/habits/{habit['id']}/check-ins", 201)
    travel(days=9)
    drawn = await boss.get("/analytics/work")
    # Four are left who neither look nor agreed.
    assert [group["told"] for group in drawn["groups"]] == [False, True]
    assert values(drawn, 1, "done")[-1] in (1, 0)
    assert sum(each or 0 for each in values(drawn, 1, "done")) == 1
    assert (drawn["members"], drawn["agreed"], drawn["least"]) == (6, 1, 5)
    assert "five" in drawn["groups"][0]["sentence"]
    kept = await boss.get("/analytics/habits")
    assert sum(each or 0 for each in values(kept, 1, "days")) == 1
    # One more who does not agree makes a crowd of five, of those and of what they do from now on.
    newcomer = await make_person()
    await join(owner, newcomer, "member")
    newcomer.client.headers["SelfOS-Workspace"] = owner.workspace
    await work([boss, *others, newcomer], area_id=area)
    travel(days=9)
    drawn = await boss.get("/analytics/work")
    # Seven did one each.
    assert [each for each in values(drawn, 0, "done") if each is not None] == [5]
    sheet = await boss.client.get("/analytics/work", params={"format": "csv"})
    rows = list(csv.reader(io.StringIO(sheet.text)))
    assert rows[0][:3] == ["first", "last", "Done, everybody"]
    assert len(rows) == 27


async def test_months_and_areas_are_told_with_their_names(
    make_person: MakePerson, travel: Travel
) -> None:
    owner, others = await a_team(make_person, 6)
    boss = owner.person
    area = (await boss.post("/areas", 201, name="Garden"))["id"]
    await work(others, area_id=area)
    travel(days=10)
    month = await boss.get("/analytics/work", by="month")
    assert len(month["points"]) == 12
    travel(days=40)
    token = await boss.client.post(
        "/auth/login", json={"email": boss.email, "password": boss.password}
    )
    assert token.status_code == 200
    drawn = await boss.get("/analytics/areas")
    (garden,) = drawn["groups"][0]["series"]
    assert garden["label"] == "Garden"
    assert [each for each in garden["values"] if each is not None] == [5]
    assert drawn["groups"][1]["told"] is False


async def test_what_is_due_is_told_ahead_of_time(make_person: MakePerson) -> None:
    owner, others = await a_team(make_person, 6)
    day = await today_of(owner.person) + timedelta(days=8)
    for each in others:
        await each.post("/tasks", 201, title="Due", due={"kind": "date", "date": str(day)})
    drawn = await owner.person.get("/analytics/load")
    told = dict(
        zip([each["first"] for each in drawn["points"]], values(drawn, 0, "planned"), strict=True)
    )
    monday = day - timedelta(days=day.weekday())
    assert {date.fromisoformat(key) for key, value in told.items() if value == 5} == {monday}


async def test_only_those_who_manage_look_and_periods_are_not_theirs_to_choose(
    make_person: MakePerson,
) -> None:
    owner, others = await a_team(make_person, 2)
    await others[0].get("/analytics/work", 403)
    await owner.person.get("/analytics/work", 422, by="day")
    await owner.person.get("/analytics/areas", 422, by="week")
    await owner.person.get("/analytics/work", 422, **{"from": "2026-01-01"})
    assert await others[0].get("/analytics/consent") == {"consent": False}
    drawn = await owner.person.get("/analytics/work")
    assert [group["told"] for group in drawn["groups"]] == [False, False]
    assert "fewer than five" in drawn["groups"][0]["sentence"]
