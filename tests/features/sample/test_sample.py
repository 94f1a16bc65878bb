"""Sample lives as they are lived: through planning's verbs, in workspaces of their own."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx2
import psycopg
from psycopg import sql

from selfos.edge.analytics import grant, revoke
from selfos.features.progress import service as progress
from selfos.features.sample import service as sample
from selfos.features.sample.deeds import Act, Make, Noun, Verb
from selfos.features.sample.life import make_life
from selfos.features.sample.script import read_script
from selfos.features.sample.service.living import SEED
from selfos.kernel.context import open_context
from selfos.kernel.core import Kernel, Urls
from selfos.kernel.database import Model
from selfos.kernel.embedded import Embedded
from selfos.kernel.identifiers import new_id
from selfos.kernel.settings import Settings
from tests.conftest import Clock, running_app
from tests.factories import Person
from tests.features.sample import board
from tests.features.sample.board import expanded
from tests.features.sample.conftest import (
    PATIENCE_SECONDS,
    Sampled,
    sample_workspaces,
    until_steps,
)

BERLIN = ZoneInfo("Europe/Berlin")


def planned(sampled: Sampled, script: str) -> list[Any]:
    """The steps of this life up to its present."""
    today = sampled.until.astimezone(BERLIN).date()
    steps = make_life(read_script(script), seed=SEED, today=today)
    return [step for step in steps if step.at.replace(tzinfo=BERLIN) <= sampled.until]


async def all_of(sampled: Sampled, path: str, **query: Any) -> list[dict[str, Any]]:
    """Every page of a list in the year's workspace."""
    items: list[dict[str, Any]] = []
    cursor: Any = None
    while True:
        given: dict[str, Any] = {**query, **({"cursor": cursor} if cursor else {}), "limit": 100}
        page: dict[str, Any] = await sampled.get(path, **given)
        items += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return items


async def test_a_life_that_was_cut_short_goes_on_where_it_stopped(
    sampled: Sampled,
) -> None:
    steps = planned(sampled, "ada")
    assert 0 < sampled.steps_when_cut_short < len(steps)
    # Founding the workspace is a changeset too.
    lived = {script: len(planned(sampled, script)) + 1 for script in sampled.steps_when_lived}
    assert sampled.steps_when_lived == lived


async def test_living_again_changes_nothing(sampled: Sampled, kernel: Kernel) -> None:
    before = await sampled.get("/history", limit=1)
    await sample.live(
        kernel,
        script="ada",
        workspace_id=sampled.year,
        user_id=sampled.person.user_id,
        until=sampled.until,
    )
    assert await sampled.get("/history", limit=1) == before


async def test_every_task_was_made_and_settled_at_its_time(sampled: Sampled) -> None:
    settled = await all_of(sampled, "/tasks", completed="true", include="archived")
    open_ones = await all_of(sampled, "/tasks", include="archived")
    deeds = [deed for step in planned(sampled, "ada") for deed in step.deeds]
    made = sum(isinstance(deed, Make) and deed.noun is Noun.TASK for deed in deeds)
    gone = sum(isinstance(deed, Act) and deed.verb is Verb.DELETE_TASK for deed in deeds)
    assert len(settled) + len(open_ones) == made - gone
    done = [task for task in settled if task["state"] == "done"]
    assert len(done) == sum(
        isinstance(deed, Act) and deed.verb is Verb.COMPLETE_TASK for deed in deeds
    )
    for task in done:
        finished = datetime.fromisoformat(task["completed_at"])
        assert datetime.fromisoformat(task["created_at"]) < finished <= sampled.until


async def test_today_looks_lived_in(sampled: Sampled) -> None:
    today: dict[str, Any] = await sampled.get("/today")
    assert len(today["overdue"]) >= 2
    assert len(today["due"]) + len(today["done"]) >= 3
    assert len(today["next"]) == 5
    assert sum(day["done"] > 0 for day in today["days"]) >= 5


async def test_each_week_is_told_once_and_each_reached_goal(sampled: Sampled) -> None:
    stories = await all_of(sampled, "/stories")
    kinds = Counter(story["kind"] for story in stories)
    assert kinds["achievement"] == 5
    assert 50 <= kinds["summary"] <= 53
    assert len({(s["kind"], s["period_start"], s["period_end"]) for s in stories}) == len(stories)
    assert [story["status"] for story in stories].count("draft") <= 1
    assert all(story["regeneration_count"] == 0 for story in stories)


async def test_history_tells_what_happened_when_and_can_be_taken_back(sampled: Sampled) -> None:
    here = {"SelfOS-Workspace": str(sampled.year)}
    history: dict[str, Any] = await sampled.get("/history", limit=100)
    changesets = [c for c in history["items"] if c["actor"]["kind"] == "user"]
    instants = [changeset["at"] for changeset in changesets]
    assert instants == sorted(instants, reverse=True)
    assert any(c["label"].startswith("Planned the week of") for c in changesets)
    await sampled.person.send("POST", "/undo", 200, headers=here)
    undone: dict[str, Any] = await sampled.get(f"/history/{changesets[0]['id']}")
    assert undone["undone_by"] is not None
    await sampled.person.send("POST", "/redo", 200, headers=here)


async def test_the_team_shares_the_work(sampled: Sampled) -> None:
    members: dict[str, Any] = await sampled.get("/members", team=True)
    assert len(members["items"]) == 4
    history: dict[str, Any] = await sampled.get("/history", team=True, limit=100)
    assert len({c["actor"]["user_id"] for c in history["items"]} - {None}) == 4


async def test_invented_members_cannot_sign_in_and_nobody_can_be_invited(
    sampled: Sampled, client: httpx2.AsyncClient
) -> None:
    members: dict[str, Any] = await sampled.get("/members", team=True)
    invented = [m for m in members["items"] if m["role"] == "member"]
    for member in invented:
        assert member["email"].endswith("@sample.invalid")
        login = {"email": member["email"], "password": ""}
        assert (await client.post("/auth/login", json=login)).status_code in (401, 422)
        login["password"] = "correct horse battery staple"
        assert (await client.post("/auth/login", json=login)).status_code == 401
    await sampled.person.send(
        "POST",
        "/invitations",
        409,
        json={"email": "friend@example.org"},
        headers={"SelfOS-Workspace": str(sampled.team)},
    )


async def test_a_second_sample_life_is_a_conflict_that_names_the_first(sampled: Sampled) -> None:
    problem = await sampled.person.post("/sample", 409)
    assert "Ada’s year" in problem["detail"]
    assert UUID(problem["workspace_id"]) == sampled.year


async def test_one_asks_twice_at_once_and_gets_one_life(
    person: Person, make_person: Callable[..., Awaitable[Person]]
) -> None:
    answers = await asyncio.gather(*(person.client.post("/sample") for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    ids = await sample_workspaces(person)
    assert set(ids) == {"ada", "lanternworks"}
    for workspace_id in ids.values():
        await person.delete(f"/workspaces/{workspace_id}")
    await person.post("/sample", 201)
    for workspace_id in (await sample_workspaces(person)).values():
        await person.delete(f"/workspaces/{workspace_id}")


async def test_nobody_else_sees_a_sample_life(
    sampled: Sampled, make_person: Callable[..., Awaitable[Person]]
) -> None:
    stranger = await make_person()
    for workspace_id in (sampled.year, sampled.team):
        await stranger.get(f"/workspaces/{workspace_id}", 404)
        here = {"SelfOS-Workspace": str(workspace_id)}
        await stranger.send("GET", "/tasks", 404, headers=here)
    assert (await stranger.get("/tasks"))["items"] == []


async def test_the_own_workspace_stays_empty(sampled: Sampled) -> None:
    here = {"SelfOS-Workspace": str(sampled.person.workspace_id)}
    for path in ("/tasks", "/goals", "/stories", "/areas"):
        listed = await sampled.person.send("GET", path, 200, headers=here)
        assert listed["items"] == []


async def test_removing_a_sample_leaves_nothing(
    person: Person, kernel: Kernel, postgres: Embedded, database: str
) -> None:
    await person.post("/sample", 201)
    ids, until = await sample_workspaces(person), kernel.clock()

    async def live() -> None:
        await sample.live(
            kernel,
            script="lanternworks",
            workspace_id=ids["lanternworks"],
            user_id=person.user_id,
            until=until,
        )

    living = asyncio.create_task(live())
    await until_steps(kernel, ids["lanternworks"], 12)
    for workspace_id in ids.values():
        await person.delete(f"/workspaces/{workspace_id}")
    # Removed while it was being lived, and asked for once more: both end in peace.
    await asyncio.wait_for(living, PATIENCE_SECONDS)
    await live()
    handles = f"%.{ids['lanternworks'].hex[-8:]}@sample.invalid"
    with psycopg.connect(postgres.url("postgres", database)) as owner:
        for table in Model.metadata.sorted_tables:
            if "workspace_id" in table.c:
                query = sql.SQL("SELECT count(*) FROM {} WHERE workspace_id = ANY(%s)")
                found = owner.execute(
                    query.format(sql.Identifier(table.name)), [list(ids.values())]
                )
                assert found.fetchone() == (0,), table.name
        people = owner.execute("SELECT count(*) FROM users WHERE email LIKE %s", [handles])
        assert people.fetchone() == (0,)


async def test_the_demonstration_opens_an_account_and_later_only_a_password(
    settings: Settings, postgres: Embedded, fresh_database: str, clock: Clock
) -> None:
    url = postgres.url("selfos_app", fresh_database)
    async with running_app(settings, url, clock) as (app, kernel):
        first = await sample.open_demo(kernel, time_zone="Europe/Berlin")
        second = await sample.open_demo(kernel, time_zone="Europe/Berlin")
        assert (first.has_new_life, second.has_new_life) == (True, False)
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(
            transport=transport, base_url="http://127.0.0.1:8000/api/v1"
        ) as client:
            answers = [
                await client.post(
                    "/auth/login", json={"email": demo.email, "password": demo.password}
                )
                for demo in (first, second)
            ]
            assert [answer.status_code for answer in answers] == [401, 200]
            kinds = [workspace["kind"] for workspace in answers[1].json()["workspaces"]]
            assert sorted(kinds) == ["personal", "sample", "sample"]


async def test_habits_have_been_kept_for_a_year(sampled: Sampled) -> None:
    shown: dict[str, Any] = await sampled.get("/habits/today", date=last_day(sampled))
    habits = {each["habit"]["title"]: each for each in shown["habits"]}
    assert len(habits) == 3
    read = habits["Read before sleep"]
    assert 0.5 < read["strength"] < 1
    assert read["streak"]["best"] >= 7
    history: dict[str, Any] = await sampled.get(f"/habits/{read['habit']['id']}/history")
    verdicts = Counter(day["verdict"] for day in history["days"])
    assert verdicts["done"] > 200
    assert verdicts["skipped"] > 0
    records = await all_of(sampled, f"/habits/{read['habit']['id']}/check-ins")
    assert not any(record["late"] for record in records)


async def test_its_insights_find_what_a_run_does_to_a_day(sampled: Sampled) -> None:
    found: dict[str, Any] = await sampled.get("/insights")
    assert found["look"] is not None
    assert "Run or swim" in {each["name"] for each in found["items"]}


async def test_a_measured_goal_is_on_a_path(sampled: Sampled) -> None:
    goals = await all_of(sampled, "/goals")
    (walks,) = [goal for goal in goals if goal["start_value"] is not None]
    path: dict[str, Any] = await sampled.get(f"/goals/{walks['id']}/path")
    assert path["state"] in {"ahead", "on", "at_risk", "off"}
    assert len(path["path"]) >= 2
    assert len(path["values"]) >= 48
    assert path["value"] == walks["value"] == path["values"][-1]["value"]
    assert 0.7 < walks["progress"] < 1


async def test_every_query_of_the_board_finds_a_life(
    sampled: Sampled, kernel: Kernel, postgres: Embedded, database: str
) -> None:
    workspaces = str(sampled.year), str(sampled.team)
    for workspace_id in (sampled.year, sampled.team):
        async with open_context(kernel, workspace_id=workspace_id) as ctx:
            await progress.catch_up(ctx)
    login, said = f"board_{new_id().hex}", list[str]()
    urls = Urls("", postgres.url("postgres", database))
    with psycopg.connect(grant(urls, login, said.append, with_names=False)) as reader:
        found = {
            title: reader.execute(expanded(query, sampled.until, *workspaces).encode()).fetchall()
            for title, query in board.queries()
        }
    revoke(urls, login, said.append)
    # A sample life asks no model.
    assert [title for title, rows in found.items() if not rows] == ["Cost of models by task"]
    ((done,),) = found["Tasks done"]
    assert done > 100
    assert {status for status, _, _ in found["Goals"]} >= {"active", "completed"}


def last_day(sampled: Sampled) -> str:
    return sampled.until.astimezone(BERLIN).date().isoformat()
