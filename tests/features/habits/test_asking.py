"""Finding habits by the filter language, over HTTP."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.recording import Statement, recorded
from selfos.features.habits import service
from selfos.features.habits.schemas.inputs import HabitQuery
from selfos.features.habits.service.asking import habit_fields
from selfos.features.planning.filters.compiling import Asker, check_fields
from selfos.features.planning.filters.days import Present
from selfos.features.planning.filters.reading import read_filter
from selfos.features.planning.filters.words import CHOICES, QUALIFIERS, SORTS, FilterError
from tests.conftest import MakePerson
from tests.factories import Person

SUNDAY = 6


def day(offset: int) -> str:
    return (datetime.now(UTC).date() + timedelta(offset)).isoformat()


async def found(person: Person, q: str, **query: Any) -> str:
    """Return what a filter finds, sorted."""
    rows = (await person.get("/habits", q=q, **query))["items"]
    return "; ".join(sorted(row["title"] for row in rows))


async def do(person: Person, habit: dict[str, Any], *offsets: int, **fields: Any) -> None:
    for offset in offsets:
        await person.post(f"/habits/{habit['id']}/check-ins", 201, day=day(offset), **fields)


@pytest.fixture
async def alive(make_person: MakePerson) -> Person:
    """Somebody with an area, a goal, and a habit of every kind in every state."""
    person = await make_person(time_zone="UTC")
    # Once a week is due at last on the last day of a week, which today is not.
    is_sunday = datetime.now(UTC).weekday() == SUNDAY
    await person.patch("/auth/me", week_start="sunday" if is_sunday else "monday")
    area = (await person.post("/areas", 201, name="Health"))["id"]
    goal = (await person.post("/goals", 201, title="Run a marathon"))["id"]

    async def habit(title: str, **fields: Any) -> dict[str, Any]:
        fields = {"start_day": day(-10), **fields}
        return await person.post("/habits", 201, title=title, **fields)

    run = await habit("Run", goal_id=goal, area_id=area, window="morning")
    await do(person, run, *range(-10, 1))
    read = await habit("Read", description="With oat milk", type="duration", target=20)
    await do(person, read, -3, -1, amount=30)
    swim = await habit("Swim", period="week", schedule={"kind": "quota", "times": 1}, area_id=area)
    await do(person, swim, -8)
    walk = await habit("Walk", schedule={"kind": "rule", "rule": "FREQ=DAILY"}, window="evening")
    await person.post(f"/habits/{walk['id']}/skip", 201, reason="Rain")
    rest = await habit("Rest")
    await person.post(f"/habits/{rest['id']}/pauses", 201, first_day=day(-2))
    smoke = await habit("Smoke", type="avoid")
    await do(person, smoke, 0)
    await habit("Coffee", type="at_most", target=2, start_day=day(0))
    old = await habit("Old")
    await person.post(f"/habits/{old['id']}/archive")
    gone = await habit("Gone")
    await person.delete(f"/habits/{gone['id']}")
    return person


HABITS = {
    "*": "Coffee; Read; Rest; Run; Smoke; Swim; Walk",
    "oat": "Read",
    '"oat milk"': "Read",
    "r": "Read; Rest; Run",
    "~health": "Run; Swim",
    "^run*": "Run",
    "is:done": "Run",
    "is:due": "Read",
    "!is:due": "Coffee; Rest; Run; Smoke; Swim; Walk",
    "is:paused": "Rest",
    "is:skipped": "Walk",
    "is:missed": "Smoke",
    "is:open type:at_most": "Coffee",
    "is:archived": "Old",
    "is:habit": "Coffee; Read; Rest; Run; Smoke; Swim; Walk",
    "!is:habit": "",
    "streak:>=7": "Run",
    "streak:11": "Run",
    "streak:>7 | oat": "Read; Run",
    "streak:0 is:due": "",
    "strength:>=0.4": "Run",
    "strength:<40% ~health": "Swim",
    "type:yes_no": "Rest; Run; Swim; Walk",
    "type:avoid": "Smoke",
    "type:duration": "Read",
    "period:week": "Swim",
    "schedule:rule": "Walk",
    "schedule:quota period:week": "Swim",
    "window:morning": "Run",
    "window:evening | window:morning": "Run; Walk",
    "done:today": "Run",
    "done:<-1w": "Swim",
    "done:yesterday type:duration": "Read",
    "start:today": "Coffee",
    "start:<today no:area no:note": "Rest; Smoke; Walk",
    "created:today has:goal": "Run",
    "updated:<today": "",
    "has:area": "Run; Swim",
    "no:goal has:area": "Swim",
    "has:note": "Read",
    "has:comment": "",
    "assignee:me is:done": "Run",
    "assignee:none": "",
    "is:done, is:paused": "Rest; Run",
}


async def test_a_filter_of_habits_finds_what_it_says(alive: Person) -> None:
    for q, expected in HABITS.items():
        assert await found(alive, q) == expected, q


async def test_what_is_asked_for_is_what_each_habit_shows(alive: Person) -> None:
    words = {"done": "done", "missed": "missed", "open": "open", "paused": "paused"}
    days = {row["habit"]["title"]: row for row in (await alive.get("/habits/today"))["habits"]}
    for word, verdict in words.items():
        shown = [title for title, row in days.items() if row["verdict"] == verdict]
        assert await found(alive, f"is:{word}") == "; ".join(sorted(shown)), word
    due = [title for title, row in days.items() if row["due"]]
    assert await found(alive, "is:due") == "; ".join(sorted(due))
    for title, row in days.items():
        numbers = f"streak:{row['streak']['current']} strength:{row['strength']:.4f}"
        assert await found(alive, f"{title} {numbers}") == title


async def test_a_check_in_moves_a_habit_from_one_answer_to_the_other(alive: Person) -> None:
    habit = (await alive.get("/habits", q="read"))["items"][0]
    before = float((await alive.get(f"/habits/{habit['id']}/history"))["strength"])
    await do(alive, habit, 0, amount=20)
    assert await found(alive, "is:due") == ""
    assert await found(alive, "is:done") == "Read; Run"
    assert await found(alive, f"read strength:>{before}") == "Read"
    await alive.post("/undo")
    assert await found(alive, "is:due") == "Read"


async def test_a_filter_joins_the_other_questions_of_the_list(alive: Person) -> None:
    area = (await alive.get("/areas"))["items"][0]["id"]
    assert await found(alive, "is:done", area_id=area) == "Run"
    assert await found(alive, "is:due", area_id=area) == ""
    assert await found(alive, "old streak:0", include="archived") == "Old"
    # What lies in the trash is found by everything but its words.
    assert "Gone" in await found(alive, "streak:0", include="deleted")
    page = await alive.get("/habits", q="sort:-strength limit:1", fields="title")
    assert [row["title"] for row in page["items"]] == ["Run"]
    assert page["next_cursor"] is None


async def test_without_an_order_habits_stand_as_they_were_made(alive: Person) -> None:
    assert await alive.get("/habits", q="*") == await alive.get("/habits")


async def test_pages_together_are_the_list_whatever_the_order(alive: Person) -> None:
    for sort in "created -done done start -start streak -strength,title title -updated".split():
        q = f"* !zzz, is:done sort:{sort}"
        whole = (await alive.get("/habits", q=q))["items"]
        assert len(whole) == 7, sort
        seen, cursor = list[Any](), dict[str, Any]()
        while cursor.get("cursor", "") is not None:
            page = await alive.get("/habits", q=q, limit=2, **cursor)
            seen += page["items"]
            cursor = {"cursor": page["next_cursor"]}
        assert seen == whole, sort


async def test_what_habits_have_not_is_refused_where_it_stands(person: Person) -> None:
    refused = {
        "is:done @errand": ("Habits do not know a label.", 8, 15, None),
        "x p1": ("Habits do not know `priority:`.", 2, 4, None),
        "due:today": ("Habits do not know `due:`.", 0, 9, None),
        "#Kitchen": ("Habits do not know a project.", 0, 8, None),
        "is:blocked": ("Habits do not know `is:blocked`.", 0, 10, None),
        "x group:project": ("Habits cannot be grouped by project.", 2, 15, None),
        "sort:due": ("Habits cannot be sorted by due.", 5, 8, None),
        "x type:tick": ("`type:` knows no `tick`.", 7, 11, None),
        "strenght:>1": ("Unknown field `strenght`, did you mean `strength`?", 0, 8, "strength"),
        "has:file": ("There are no files yet, so nothing has one.", 0, 8, None),
    }
    for q, (detail, start, end, suggestion) in refused.items():
        problem = await person.send("GET", "/habits", 422, params={"q": q})
        assert problem["errors"] == [{"pointer": "/query/q", "detail": detail}]
        said = problem["filter"]
        assert (said["start"], said["end"], said["suggestion"]) == (start, end, suggestion)


@pytest.mark.parametrize(
    ("q", "start", "end"),
    [
        ("streak:>=7", 0, 10),
        ("x strength:<0.5", 2, 15),
        ("is:paused", 0, 9),
        ("p1 is:habit", 3, 11),
        ("sort:streak", 5, 11),
    ],
)
async def test_tasks_have_nothing_that_only_habits_have(
    person: Person, q: str, start: int, end: int
) -> None:
    problem = await person.send("GET", "/tasks", 422, params={"q": q})
    assert problem["detail"].startswith("Tasks ")
    assert (problem["filter"]["start"], problem["filter"]["end"]) == (start, end)


async def test_who_asks_tasks_whether_they_are_due_is_told_how(person: Person) -> None:
    problem = await person.send("GET", "/tasks", 422, params={"q": "p1 is:due"})
    assert problem["detail"] == "Tasks do not know `is:due`, did you mean `due:today`?"
    assert problem["filter"]["fixed"] == "p1 due:today"
    assert (await person.get("/tasks", q="p1 due:today"))["items"] == []


async def test_a_filter_finds_my_own_habits_unless_it_says_whose(make_person: MakePerson) -> None:
    bob = await make_person(time_zone="Pacific/Pago_Pago")
    ada = await make_person(time_zone="Pacific/Kiritimati", name="Ada Lovelace")
    team = await bob.post("/workspaces", 201, name="Crew")
    await bob.post(f"/workspaces/{team['id']}/switch")
    invited = await bob.post("/invitations", 201, email=ada.email, role="member")
    link: str = invited["accept_url"]
    await ada.post("/invitations/accept", token=parse_qs(urlsplit(link).query)["token"][0])
    for person, title in ((bob, "Run"), (ada, "Row")):
        habit = await person.post("/habits", 201, title=title)
        await person.post(f"/habits/{habit['id']}/check-ins", 201)
    assert await found(ada, "is:done") == "Row"
    assert await found(bob, "is:done") == "Run"
    # Where Ada is it is a day later: each habit is reckoned as of its person's own today.
    assert await found(bob, "is:done streak:1", whose="all") == "Row; Run"
    assert await found(bob, 'assignee:"ada lovelace" is:done') == "Row"
    assert await found(bob, "assignee:ada* is:done", whose="mine") == ""
    assert await found(bob, "assignee:ada*, is:done") == "Row; Run"


async def test_nobody_finds_what_is_another_workspaces(
    alive: Person, make_person: MakePerson
) -> None:
    other = await make_person()
    assert await found(other, "*, !is:due, streak:>=0", whose="all") == ""
    assert await found(alive, "is:done") == "Run"


async def test_reckoning_costs_the_same_however_many_habits(alive: Person) -> None:
    async def cost(q: str) -> int:
        sent: list[Statement] = []
        async with alive.context() as ctx:
            with recorded(sent):
                await service.list_habits(ctx, HabitQuery(q=q))
        return len(sent)

    # Who asks; and with what is reckoned: habits with their pauses, clocks, check-ins.
    assert (await cost("oat ~health"), await cost("streak:>3 is:due")) == (2, 5)
    for number in range(6):
        habit = await alive.post("/habits", 201, title=f"Habit {number}")
        await do(alive, habit, 0)
    assert (await cost("oat ~health"), await cost("streak:>3 is:due")) == (2, 5)


ASKER = Asker(
    UUID(int=1),
    UUID(int=2),
    Present(date(2026, 11, 25), 0),
    "UTC",
    lambda start: datetime(start.year, start.month, start.day, tzinfo=UTC),
)
WORDS = [f"{name}:{word}" for name, words in CHOICES.items() for word in words]
PIECES = st.sampled_from(
    [
        *'()|&!-, "#@~^*:é\x00',
        *WORDS,
        *(f"{name}:" for name in QUALIFIERS),
        *(f"sort:{name}" for name in SORTS),
        *"streak:>=7 strength:<50% done:-1w..today start:mon 7 today group:area limit:5".split(),
    ]
)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40) | st.lists(PIECES, max_size=12).map("".join))
def test_no_text_raises_anything_but_its_own_error(text: str) -> None:
    try:
        check_fields(read_filter(text), habit_fields({}), ASKER)
    except FilterError as refusal:
        error: FilterError | None = refusal
    else:
        error = None
    assert error is None or (error.detail and 0 <= error.start <= error.end <= len(text))
