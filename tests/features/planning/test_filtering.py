"""Finding tasks by the filter language, over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bench.recording import Statement, recorded
from selfos.features.planning import service
from selfos.features.planning.schemas.inputs import TaskQuery
from selfos.kernel.ledger.models import ActorKind
from tests.conftest import MakePerson
from tests.factories import Person


def day(offset: int) -> dict[str, str]:
    return {"kind": "date", "date": (datetime.now(UTC).date() + timedelta(offset)).isoformat()}


async def titles(person: Person, q: str, **query: Any) -> list[str]:
    """Return what a filter finds, sorted."""
    found = await person.get("/tasks", q=q, **query)
    return sorted(task["title"] for task in found["items"])


@pytest.fixture
async def home(person: Person) -> Person:
    """Somebody with a kitchen to renovate, a run to train for and some errands."""
    area = (await person.post("/areas", 201, name="Home"))["id"]
    kitchen = await person.post(
        "/projects", 201, name="New Kitchen", area_id=area, phases=["Plan", "Build"]
    )
    goal = (await person.post("/goals", 201, title="Run 10_000 m"))["id"]
    plan = kitchen["phases"][0]["id"]
    tiles = await person.post(
        "/tasks",
        201,
        title="Choose tiles",
        project_id=kitchen["id"],
        phase_id=plan,
        priority=1,
        due=day(0),
    )
    await person.post("/tasks", 201, title="Measure wall", parent_id=tiles["id"])
    paint = await person.post(
        "/tasks", 201, title="Paint", project_id=kitchen["id"], due=day(3), notes="Oat colour"
    )
    await person.post(f"/tasks/{paint['id']}/dependencies", 201, blocker_id=tiles["id"])
    await person.post(
        "/tasks", 201, title="Intervals", goal_id=goal, due=day(-2), duration_minutes=45
    )
    await person.post("/tasks", 201, title="Buy oat milk", labels=["Errand", "food"])
    done = await person.post("/tasks", 201, title="Call plumber", labels=["errand"])
    await person.post(f"/tasks/{done['id']}/complete")
    return person


FINDS = {
    "*": "Buy oat milk; Choose tiles; Intervals; Measure wall; Paint",
    "oat": "Buy oat milk; Paint",
    '"oat milk"': "Buy oat milk",
    "oat !milk": "Paint",
    "p1": "Choose tiles",
    "priority:>=2 has:date": "Intervals; Paint",
    "due:today": "Choose tiles",
    "!due:today": "Buy oat milk; Intervals; Measure wall; Paint",
    "due:<today": "Intervals",
    "due:today..+7d": "Choose tiles; Paint",
    "is:overdue": "Intervals",
    "no:date": "Buy oat milk; Measure wall",
    "@ERRAND": "Buy oat milk",
    "@err*": "Buy oat milk",
    "@errand is:done": "Call plumber",
    "done:today": "Call plumber",
    "!is:open": "Call plumber",
    '#"new kitchen"': "Choose tiles; Paint",
    '##"new kitchen"': "Choose tiles; Measure wall; Paint",
    "##new*": "Choose tiles; Measure wall; Paint",
    '#"New Kitchen"/plan': "Choose tiles",
    "#New": "",
    "~home": "Choose tiles; Measure wall; Paint",
    '^"run 10_000 m"': "Intervals",
    '^"run 10-000 m"': "",
    "is:blocked": "Paint",
    "is:blocking": "Choose tiles",
    "is:subtask": "Measure wall",
    "has:subtask": "Choose tiles",
    "has:note": "Paint",
    "no:label no:project": "Intervals",
    "is:inbox": "Buy oat milk",
    "duration:<1h": "Intervals",
    "duration:>=1h": "",
    "no:duration p1": "Choose tiles",
    "assignee:none p1": "Choose tiles",
    "assignee:me": "",
    "by:ai": "",
    "by:me p1": "Choose tiles",
    "created:today p1": "Choose tiles",
    "updated:<today": "",
    "created:>-1w is:overdue | @food": "Buy oat milk; Intervals",
    "p1, @food": "Buy oat milk; Choose tiles",
    "is:archived": "",
    "deadline:>=today": "",
    "start:today": "",
    "(p1 | is:overdue) !(#New* | ~Home)": "Intervals",
}


async def test_a_filter_finds_what_it_says(home: Person) -> None:
    for q, expected in FINDS.items():
        assert "; ".join(await titles(home, q)) == expected, q


async def test_a_filter_joins_the_other_questions_of_a_list(home: Person) -> None:
    assert await titles(home, "errand", completed=True) == []
    assert await titles(home, "@errand", completed=True) == ["Call plumber"]
    project = (await home.get("/projects"))["items"][0]["id"]
    assert await titles(home, "p1 | @food", project_id=project) == ["Choose tiles"]


async def test_archived_tasks_are_found_when_asked_for(home: Person) -> None:
    task = (await home.get("/tasks", q="@food"))["items"][0]["id"]
    await home.post(f"/tasks/{task}/archive")
    assert await titles(home, "@food") == []
    assert await titles(home, "is:archived") == ["Buy oat milk"]


async def test_who_made_a_task_is_known_from_the_ledger(person: Person) -> None:
    await person.post("/tasks", 201, title="By hand")
    plan = (await person.post("/goals/decompose", 201, goal={"title": "Learn to swim"}))["proposal"]
    await person.post(f"/proposals/{plan['id']}/apply")
    assert await titles(person, "by:me") == ["By hand"]
    planned = await titles(person, "by:ai")
    assert planned
    assert "By hand" not in planned
    assert ActorKind.ASSISTANT == "assistant"


async def test_what_others_see_is_shared(person: Person, make_person: MakePerson) -> None:
    await person.post("/tasks", 201, title="Mine alone")
    assert await titles(person, "is:shared") == []
    team = await person.post("/workspaces", 201, name="Crew")
    await person.post(f"/workspaces/{team['id']}/switch")
    await person.post("/tasks", 201, title="Ours")
    assert await titles(person, "!is:shared") == ["Ours"]
    guest = await make_person()
    made = await person.post("/invitations", 201, email=guest.email)
    await guest.post("/invitations/accept", token=made["accept_url"].rpartition("token=")[2])
    assert await titles(person, "is:shared") == ["Ours"]
    for noun in ("goals", "projects", "habits"):
        assert (await person.get(f"/{noun}", q="is:shared"))["items"] == []


async def test_tasks_of_one_person_are_found_by_name(home: Person) -> None:
    task = (await home.get("/tasks", q="@food"))["items"][0]["id"]
    await home.patch(f"/tasks/{task}", assignee_id=str(home.user_id))
    name = (await home.get("/auth/me"))["user"]["name"]
    for who in ("me", f'"{name}"', "person*"):
        assert await titles(home, f"assignee:{who}") == ["Buy oat milk"]
    assert await titles(home, "assignee:nobody") == []


SORTS = (
    "sort:due",
    "sort:-due",
    "sort:due,-priority,title",
    "sort:-priority,due",
    "sort:-created",
    "sort:title",
    "sort:-title,rank",
    "sort:duration,-updated",
    "sort:deadline,start,done",
    "group:project sort:-title",
    "group:due",
    "group:priority sort:-due",
    "group:state",
    "group:area",
    "group:goal",
    "group:assignee sort:-rank",
)


async def walk(person: Person, q: str) -> list[str]:
    """Return the ids of a list, two by two."""
    seen: list[str] = []
    cursor: dict[str, Any] = {}
    while True:
        page = await person.get("/tasks", q=q, limit=2, **cursor)
        seen += [task["id"] for task in page["items"]]
        cursor = {"cursor": page["next_cursor"]}
        if page["next_cursor"] is None:
            return seen


async def test_pages_together_are_the_list_whatever_the_order(home: Person) -> None:
    for sort in SORTS:
        whole = [task["id"] for task in (await home.get("/tasks", q=sort))["items"]]
        assert len(whole) == 5, sort
        assert await walk(home, sort) == whole, sort


async def test_keys_of_an_order_run_each_their_own_way(person: Person) -> None:
    for title, priority, due in (("a", 2, 1), ("b", 1, 1), ("c", 1, 0), ("d", 4, None)):
        plan = None if due is None else day(due)
        await person.post("/tasks", 201, title=title, priority=priority, due=plan)

    async def order(q: str) -> str:
        return "".join(task["title"] for task in (await person.get("/tasks", q=q))["items"])

    assert await order("sort:due,-priority") == "cabd"
    assert await order("sort:-due,priority") == "bacd"
    assert await order("sort:-priority,title") == "dabc"
    assert await order("p1 sort:-title") == "cb"


async def test_a_limit_in_the_filter_ends_the_list(home: Person) -> None:
    page = await home.get("/tasks", q="sort:title limit:2")
    assert [task["title"] for task in page["items"]] == ["Buy oat milk", "Choose tiles"]
    assert page["next_cursor"] is None


async def test_a_wrong_filter_says_where_and_what_was_meant(person: Person) -> None:
    answer = await person.client.get("/tasks", params={"q": "p1 prioritty:2"})
    problem = answer.json()
    assert answer.status_code == 422
    assert problem["detail"] == "Unknown field `prioritty`, did you mean `priority`?"
    assert problem["errors"][0]["pointer"] == "/query/q"
    assert problem["filter"] == {
        "detail": problem["detail"],
        "start": 3,
        "end": 12,
        "suggestion": "priority",
        "fixed": "p1 priority:2",
    }


@pytest.mark.parametrize(
    ("q", "detail", "start"),
    [
        ("p1 streak:>=7", "Tasks do not know `streak:`.", 3),
        ("pace:behind", "Tasks do not know `pace:behind`. Goals do: put `is:goal` beside it.", 0),
        ("p1 sort:strength", "Tasks cannot be sorted by strength.", 8),
    ],
)
async def test_what_tasks_have_not_is_refused_where_it_stands(
    person: Person, q: str, detail: str, start: int
) -> None:
    checked = await person.post("/filters/check", query=q)
    assert not checked["ok"]
    assert (checked["problem"]["detail"], checked["problem"]["start"]) == (detail, start)
    await person.send("GET", "/tasks", 422, params={"q": q})


async def test_checking_shows_the_canonical_text(person: Person) -> None:
    checked = await person.post("/filters/check", query="P1 & due:tod, -@errand sort:due")
    assert checked == {
        "ok": True,
        "text": "p1 due:today, !@errand sort:due",
        "sections": ["p1 due:today", "!@errand"],
        "problem": None,
    }
    checked = await person.post("/filters/check", query="is:dne")
    assert checked["problem"]["fixed"] == "is:done"


async def test_relative_days_are_the_askers_own(make_person: MakePerson) -> None:
    now = datetime.now(UTC)
    east = await make_person(time_zone="Pacific/Kiritimati")
    tomorrow_there = (now + timedelta(hours=14)).date().isoformat()
    await east.post("/tasks", 201, title="Here", due={"kind": "date", "date": tomorrow_there})
    berlin = {
        "kind": "zoned",
        "date": tomorrow_there,
        "time": "00:30",
        "zone": "Pacific/Kiritimati",
    }
    await east.post("/tasks", 201, title="At half past", due=berlin)
    assert await titles(east, "due:today") == ["At half past", "Here"]
    await east.patch("/auth/me", time_zone="Pacific/Pago_Pago")
    # Half past midnight in Kiritimati is 23:30 two days before in Pago Pago, on the calendar.
    today = (now - timedelta(hours=11)).date()
    there = datetime.fromisoformat(tomorrow_there).date()
    offset = (there - today).days
    assert await titles(east, f"due:{offset:+d}d") == ["Here"]
    assert await titles(east, f"due:{offset - 2:+d}d") == ["At half past"]


async def test_nobody_finds_what_is_another_workspaces(
    home: Person, make_person: MakePerson
) -> None:
    other = await make_person()
    for q in FINDS:
        assert await titles(other, q) == [], q


async def test_a_filter_costs_two_statements(person: Person) -> None:
    q = "(#Work | @home) ~Health ^Run by:ai assignee:Ada is:blocking milk, p1 sort:-due group:area"
    async with person.context() as ctx:
        sent: list[Statement] = []
        with recorded(sent):
            await service.list_tasks(ctx, TaskQuery(q=q))
    assert len(sent) == 2
