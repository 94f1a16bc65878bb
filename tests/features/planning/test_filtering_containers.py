"""Finding goals and projects by the filter language, over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bench.recording import Statement, recorded
from selfos.features.planning import service
from selfos.features.planning.schemas.inputs import GoalQuery
from tests.conftest import MakePerson
from tests.factories import Person


def day(offset: int) -> str:
    return (datetime.now(UTC).date() + timedelta(offset)).isoformat()


async def found(person: Person, path: str, q: str, **query: Any) -> str:
    """Return what a filter finds, sorted."""
    rows = (await person.get(path, q=q, **query))["items"]
    return "; ".join(sorted(row.get("title") or row["name"] for row in rows))


@pytest.fixture
async def home(make_person: MakePerson) -> Person:
    """Somebody with a kitchen to renovate, a garden on hold, and goals of every kind."""
    person = await make_person(time_zone="UTC")
    area = (await person.post("/areas", 201, name="Home"))["id"]
    kitchen = await person.post(
        "/projects",
        201,
        name="New Kitchen",
        area_id=area,
        description="With an oat floor",
        priority=1,
        start_date=day(-20),
        target_date=day(-1),
    )
    await person.post("/projects", 201, name="Garden", status="on_hold", target_date=day(9))
    attic = await person.post("/projects", 201, name="Attic")
    await person.post(f"/projects/{attic['id']}/complete")
    span = {"start_date": day(-10), "target_date": day(10)}
    numbers = {"start_value": 0, "target_value": 20, **span}
    await person.post("/goals", 201, title="Tile walls", project_id=kitchen["id"], **numbers)
    ahead = await person.post("/goals", 201, title="Save", area_id=area, **numbers)
    await person.post(f"/goals/{ahead['id']}/data-points", 201, value=19)
    due_today = await person.post("/goals", 201, title="Read", **numbers)
    await person.post(f"/goals/{due_today['id']}/data-points", 201, value=9, day=day(-3))
    tight = await person.post("/goals", 201, title="Write", **numbers)
    await person.post(f"/goals/{tight['id']}/data-points", 201, value=12)
    steps = await person.post("/goals", 201, title="Launch", kind="milestones")
    due = {"kind": "date", "date": day(-1)}
    await person.post("/tasks", 201, title="Hire", goal_id=steps["id"], due=due)
    await person.post("/goals", 201, title="Be kind", description="Oat milk for guests")
    done = await person.post("/goals", 201, title="Move in", target_date=day(-5))
    await person.post(f"/goals/{done['id']}/complete")
    dropped = await person.post("/goals", 201, title="Fly")
    await person.patch(f"/goals/{dropped['id']}", status="dropped")
    return person


GOALS = {
    "*": "Be kind; Launch; Read; Save; Tile walls; Write",
    "oat": "Be kind",
    '"oat milk"': "Be kind",
    "~home": "Save; Tile walls",
    '#"new kitchen"': "Tile walls",
    "##new*": "Tile walls",
    "^be*": "Be kind",
    "is:done": "Move in",
    "is:dropped": "Fly",
    "!is:open": "Fly; Move in",
    "is:overdue": "",
    "due:<today is:done": "Move in",
    "due:today..+10d ~home": "Save; Tile walls",
    "start:<today -~home": "Read; Write",
    "done:today": "Move in",
    "created:today no:date": "Be kind; Launch",
    "updated:<today": "",
    "no:date": "Be kind; Launch",
    "no:area has:date": "Read; Write",
    "has:project": "Tile walls",
    "has:note": "Be kind",
    "pace:ahead": "Save",
    "pace:on": "Write",
    "pace:at_risk": "Read",
    "pace:off": "Launch; Tile walls",
    "pace:behind": "Launch; Read; Tile walls",
    "pace:behind ~home": "Tile walls",
    "!pace:behind": "Be kind; Save; Write",
    "pace:ahead | oat": "Be kind; Save",
    "is:archived": "",
}
PROJECTS = {
    "*": "Garden; New Kitchen",
    "oat": "New Kitchen",
    "~home": "New Kitchen",
    "#garden": "Garden",
    "is:done": "Attic",
    "is:on_hold": "Garden",
    "is:active": "New Kitchen",
    "is:overdue": "New Kitchen",
    "due:>today": "Garden",
    "start:<-1w": "New Kitchen",
    "done:today": "Attic",
    "created:today !is:open": "Attic",
    "no:area": "Garden",
    "no:start has:date": "Garden",
    "has:note": "New Kitchen",
    "p1": "New Kitchen",
    "p1, is:done": "Attic; New Kitchen",
}


async def test_a_filter_of_goals_finds_what_it_says(home: Person) -> None:
    for q, expected in GOALS.items():
        assert await found(home, "/goals", q) == expected, q


async def test_a_filter_of_projects_finds_what_it_says(home: Person) -> None:
    for q, expected in PROJECTS.items():
        assert await found(home, "/projects", q) == expected, q


async def test_pace_is_the_state_each_goal_shows(home: Person) -> None:
    for goal in (await home.get("/goals"))["items"]:
        state = (await home.get(f"/goals/{goal['id']}/path"))["state"]
        for word in ("ahead", "on", "at_risk", "off"):
            told = goal["title"] in (await found(home, "/goals", f"pace:{word}")).split("; ")
            assert told == (word == state), goal["title"]


async def test_a_filter_joins_the_other_questions_of_the_list(home: Person) -> None:
    assert await found(home, "/goals", "*", status="completed") == "Move in"
    assert await found(home, "/projects", "-garden", status="on_hold") == ""
    goal = (await home.get("/goals", q="oat"))["items"][0]
    await home.post(f"/goals/{goal['id']}/archive")
    assert await found(home, "/goals", "oat") == ""
    assert await found(home, "/goals", "is:archived") == "Be kind"


@pytest.mark.parametrize("path", ["/goals", "/projects"])
async def test_pages_together_are_the_list_whatever_the_order(home: Person, path: str) -> None:
    for sort in "created -done due,-title -due rank start -start title -updated".split():
        q = f"* !zzz, is:done sort:{sort}"
        whole = (await home.get(path, q=q))["items"]
        assert len(whole) >= 3, sort
        seen, cursor = list[Any](), dict[str, Any]()
        while cursor.get("cursor", "") is not None:
            page = await home.get(path, q=q, limit=2, **cursor)
            seen += page["items"]
            cursor = {"cursor": page["next_cursor"]}
        assert seen == whole, sort


async def test_sort_and_limit_in_the_filter(home: Person) -> None:
    page = await home.get("/goals", q="sort:-title limit:2")
    assert [goal["title"] for goal in page["items"]] == ["Write", "Tile walls"]
    assert page["next_cursor"] is None
    page = await home.get("/projects", q="sort:priority")
    assert [project["name"] for project in page["items"]] == ["New Kitchen", "Garden"]


@pytest.mark.parametrize(
    ("path", "q", "detail", "start", "end"),
    [
        ("/goals", "is:done @errand", "Goals do not know a label.", 8, 15),
        ("/goals", "x p1", "Goals do not know `priority:`.", 2, 4),
        ("/goals", "#Kitchen/Plan", "Goals lie in no phase of a project.", 0, 13),
        ("/goals", "is:on_hold", "Goals do not know `is:on_hold`.", 0, 10),
        ("/goals", "x group:goal", "Goals cannot be grouped by goal.", 2, 12),
        ("/projects", "pace:on", "Projects do not know `pace:on`.", 0, 7),
        ("/projects", "assignee:me", "Projects are nobody's in particular.", 0, 11),
    ],
)
async def test_what_these_rows_have_not_is_refused_where_it_stands(
    person: Person, path: str, q: str, detail: str, start: int, end: int
) -> None:
    problem = await person.send("GET", path, 422, params={"q": q})
    assert problem["errors"] == [{"pointer": "/query/q", "detail": detail}]
    assert (problem["filter"]["start"], problem["filter"]["end"]) == (start, end)


async def test_a_wrong_word_is_suggested_the_right_one(person: Person) -> None:
    problem = await person.send("GET", "/goals", 422, params={"q": "~Home pace:behnd"})
    assert problem["filter"]["fixed"] == "~Home pace:behind"


async def test_nobody_finds_what_is_another_workspaces(
    home: Person, make_person: MakePerson
) -> None:
    other = await make_person()
    assert await found(other, "/goals", "*, !is:open, pace:behind") == ""
    assert await found(other, "/projects", "*, !is:open") == ""
    assert await found(home, "/projects", "p1") == "New Kitchen"


async def test_pace_costs_the_same_however_many_goals(home: Person) -> None:
    async def cost() -> int:
        sent: list[Statement] = []
        async with home.context() as ctx:
            with recorded(sent):
                await service.list_goals(ctx, GoalQuery(q="pace:behind"))
        return len(sent)

    before = await cost()
    for title in "abcdef":
        await home.post(
            "/goals", 201, title=title, start_value=0, target_value=9, target_date=day(9)
        )
    assert await cost() == before <= 8
