"""Proposals: what AI suggests stays a suggestion until somebody says yes, and comes off as one."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from selfos.features.ai.models import ProposalLine
from selfos.kernel.identifiers import new_id
from selfos.kernel.tools import Operation
from tests.factories import Person

MakePerson = Callable[..., Awaitable[Person]]
GOAL = {"title": "Run a half marathon by June", "hours_per_week": 4}


@pytest.fixture
async def planned(person: Person) -> dict[str, Any]:
    """A goal and its proposal."""
    return await person.post("/goals/decompose", 201, goal=GOAL)


async def tasks_of(person: Person, goal_id: str) -> list[dict[str, Any]]:
    return (await person.get("/tasks", goal_id=goal_id, limit=200))["items"]


async def newest(person: Person) -> dict[str, Any]:
    return (await person.get("/history", limit=1))["items"][0]


async def test_a_goal_and_its_plan_are_one_changeset(
    person: Person, planned: dict[str, Any]
) -> None:
    goal, proposal = planned["goal"], planned["proposal"]
    assert (goal["title"], proposal["title"]) == (GOAL["title"], GOAL["title"])
    assert (proposal["status"], proposal["kind"]) == ("open", "decompose_goal")
    assert proposal["engine"] == "rules"
    assert "Built-in planner" in proposal["engine_note"]
    assert 0 < proposal["confidence"] <= 1
    assert proposal["goal_id"] == goal["id"]
    assert len(proposal["lines"]) >= 5
    assert all(line["reason"] and line["accepted"] for line in proposal["lines"])
    assert [line["position"] for line in proposal["lines"]] == list(range(len(proposal["lines"])))
    added = await newest(person)
    assert (added["label"], added["actor"]["kind"]) == (f"Planned “{GOAL['title']}”", "user")
    changed = (await person.get(f"/history/{added['id']}"))["changes"]
    assert {change["entity"] for change in changed} <= {"goal", "proposal", "proposal_line"}


async def test_nothing_is_written_before_somebody_says_yes(
    person: Person, planned: dict[str, Any]
) -> None:
    assert await tasks_of(person, planned["goal"]["id"]) == []
    assert (await person.get("/labels"))["items"] == []
    line = planned["proposal"]["lines"][0]
    path = f"/proposals/{planned['proposal']['id']}"
    await person.patch(path, lines=[{"id": line["id"], "fields": {"title": "Buy shoes"}}])
    await person.post(f"{path}/discard")
    assert await tasks_of(person, planned["goal"]["id"]) == []
    await person.get(f"/tasks/{line['entity_id']}", 404)


async def test_yes_makes_every_line_at_once_as_the_assistant(
    person: Person, planned: dict[str, Any]
) -> None:
    proposal = planned["proposal"]
    applied = await person.post(f"/proposals/{proposal['id']}/apply")
    assert applied["proposal"]["status"] == "applied"
    assert applied["proposal"]["changeset_id"] == applied["changeset_id"]
    made = {task["id"]: task for task in await tasks_of(person, planned["goal"]["id"])}
    assert made.keys() == {line["entity_id"] for line in proposal["lines"]}
    by_id = {line["id"]: line["entity_id"] for line in proposal["lines"]}
    for line in proposal["lines"]:
        task = made[line["entity_id"]]
        assert (task["title"], task["due"]) == (line["fields"]["title"], line["fields"]["due"])
        blockers = {by_id[line_id] for line_id in line["depends_on"]}
        assert set(task["blocked_by"]) == blockers
    changeset = await newest(person)
    assert changeset["id"] == applied["changeset_id"]
    assert changeset["actor"]["kind"] == "assistant"
    assert changeset["actor"]["user_id"] == str(person.user_id)
    assert changeset["label"] == f"Applied the plan for “{GOAL['title']}”"


async def test_one_undo_takes_all_of_it_back_and_redo_brings_it_again(
    person: Person, planned: dict[str, Any]
) -> None:
    proposal = planned["proposal"]
    applied = await person.post(f"/proposals/{proposal['id']}/apply")
    before = await tasks_of(person, planned["goal"]["id"])
    await person.post(f"/history/{applied['changeset_id']}/undo")
    assert await tasks_of(person, planned["goal"]["id"]) == []
    assert (await person.get("/labels"))["items"] == []
    reopened = await person.get(f"/proposals/{proposal['id']}")
    assert (reopened["status"], reopened["changeset_id"]) == ("open", None)
    assert reopened["lines"] == proposal["lines"]
    await person.post("/redo")
    again = await tasks_of(person, planned["goal"]["id"])
    assert [task["id"] for task in again] == [task["id"] for task in before]


async def test_lines_are_edited_and_rejected_one_by_one(
    person: Person, planned: dict[str, Any]
) -> None:
    path = f"/proposals/{planned['proposal']['id']}"
    lines = planned["proposal"]["lines"]
    blocker = next(line for line in lines if any(line["id"] in m["depends_on"] for m in lines))
    dependents = [line for line in lines if blocker["id"] in line["depends_on"]]
    kept = dependents[0]
    edits = [
        {"id": blocker["id"], "accepted": False},
        {"id": kept["id"], "fields": {"title": "My own words", "duration_minutes": 25}},
    ]
    edited = await person.patch(path, lines=edits)
    shown = {line["id"]: line for line in edited["lines"]}
    assert shown[blocker["id"]]["accepted"] is False
    assert shown[kept["id"]]["fields"]["title"] == "My own words"
    assert shown[kept["id"]]["fields"]["due"] == kept["fields"]["due"]
    await person.post(f"{path}/apply")
    made = {task["id"]: task for task in await tasks_of(person, planned["goal"]["id"])}
    assert blocker["entity_id"] not in made
    assert len(made) == len(lines) - 1
    task = made[kept["entity_id"]]
    assert (task["title"], task["duration_minutes"]) == ("My own words", 25)
    # Who waited only for a rejected line waits for nothing; no tie leads out of the plan.
    accepted = {line["id"]: line["entity_id"] for line in lines if line["id"] != blocker["id"]}
    for line in lines:
        if line["id"] in accepted:
            expected = {accepted[d] for d in line["depends_on"] if d in accepted}
            assert set(made[line["entity_id"]]["blocked_by"]) == expected


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"title": ""}, "/lines/0/fields/title"),
        ({"priority": 9}, "/lines/0/fields/priority"),
        ({"colour": "red"}, "/lines/0/fields/colour"),
        ({"due": {"kind": "date", "date": "2027-02-30"}}, "/lines/0/fields/due"),
    ],
)
async def test_a_wrong_edit_changes_nothing_and_says_where(
    person: Person, planned: dict[str, Any], fields: dict[str, Any], pointer: str
) -> None:
    path = f"/proposals/{planned['proposal']['id']}"
    line = planned["proposal"]["lines"][0]
    answer = await person.client.patch(path, json={"lines": [{"id": line["id"], "fields": fields}]})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith(pointer)
    assert (await person.get(path))["lines"] == planned["proposal"]["lines"]


async def test_one_line_that_fails_stops_all(person: Person, planned: dict[str, Any]) -> None:
    path = f"/proposals/{planned['proposal']['id']}"
    last = planned["proposal"]["lines"][-1]
    # Well-formed, but there is no such project: only carrying it out can tell.
    edit = {"id": last["id"], "fields": {"goal_id": None, "project_id": str(new_id())}}
    await person.patch(path, lines=[edit])
    before = await newest(person)
    answer = await person.client.post(f"{path}/apply")
    assert answer.status_code in {404, 422}, answer.text
    assert await tasks_of(person, planned["goal"]["id"]) == []
    assert (await person.get(path))["status"] == "open"
    assert await newest(person) == before


async def test_a_proposal_is_decided_once(person: Person, planned: dict[str, Any]) -> None:
    path = f"/proposals/{planned['proposal']['id']}"
    await person.post(f"{path}/apply")
    for deed in ("apply", "discard"):
        refused = await person.post(f"{path}/{deed}", 409)
        assert "already applied" in refused["detail"]
    line = planned["proposal"]["lines"][0]["id"]
    await person.patch(path, 409, lines=[{"id": line, "accepted": False}])
    assert len(await tasks_of(person, planned["goal"]["id"])) == len(planned["proposal"]["lines"])


async def test_two_who_say_yes_at_once_get_one_plan(
    person: Person, planned: dict[str, Any]
) -> None:
    path = f"/proposals/{planned['proposal']['id']}/apply"
    answers = await asyncio.gather(*(person.client.post(path) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    assert len(await tasks_of(person, planned["goal"]["id"])) == len(planned["proposal"]["lines"])


async def test_a_plan_with_nothing_accepted_is_not_applied(
    person: Person, planned: dict[str, Any]
) -> None:
    path = f"/proposals/{planned['proposal']['id']}"
    lines = planned["proposal"]["lines"]
    await person.patch(path, lines=[{"id": line["id"], "accepted": False} for line in lines])
    assert "Every line is rejected" in (await person.post(f"{path}/apply", 409))["detail"]


async def test_answers_plan_again_and_put_the_older_plan_away(
    person: Person, planned: dict[str, Any]
) -> None:
    first = planned["proposal"]
    assert first["questions"], "the built-in planner always has something to ask"
    question = first["questions"][0]
    answer = question["choices"][0] if question.get("choices") else "20"
    second = await person.post(
        f"/goals/{planned['goal']['id']}/decompose",
        201,
        hours_per_week=8,
        answers={question["key"]: answer},
    )
    assert second["id"] != first["id"]
    assert (await person.get(f"/proposals/{first['id']}"))["status"] == "discarded"
    page = await person.get("/proposals", goal_id=planned["goal"]["id"])
    assert [(p["id"], p["status"]) for p in page["items"]] == [
        (second["id"], "open"),
        (first["id"], "discarded"),
    ]
    still_open = await person.get("/proposals", goal_id=planned["goal"]["id"], status="open")
    assert [p["id"] for p in still_open["items"]] == [second["id"]]
    assert question["key"] not in {q["key"] for q in second["questions"]}


async def test_changes_to_a_plan_one_has_not_seen_are_refused(
    person: Person, planned: dict[str, Any]
) -> None:
    path = f"/proposals/{planned['proposal']['id']}"
    stale = {"If-Match": '"99"'}
    for method, url in (("POST", f"{path}/apply"), ("POST", f"{path}/discard")):
        answer = await person.client.request(method, url, headers=stale)
        assert answer.status_code == 412
    assert (await person.get(path))["status"] == "open"


async def test_unknown_lines_goals_and_proposals(person: Person, planned: dict[str, Any]) -> None:
    path = f"/proposals/{planned['proposal']['id']}"
    await person.patch(path, 404, lines=[{"id": str(new_id()), "accepted": False}])
    await person.patch(path, 422, lines=[])
    await person.get(f"/proposals/{new_id()}", 404)
    await person.post(f"/proposals/{new_id()}/apply", 404)
    await person.post(f"/goals/{new_id()}/decompose", 404)


async def test_a_goal_in_the_trash_is_not_planned(person: Person) -> None:
    goal = await person.post("/goals", 201, title="Learn Spanish")
    await person.delete(f"/goals/{goal['id']}")
    await person.post(f"/goals/{goal['id']}/decompose", 409)


async def test_an_unknown_goal_still_gets_steps_and_questions(person: Person) -> None:
    goal = {"title": "Become less of a stranger to the lighthouse keepers of my coast"}
    made = await person.post("/goals/decompose", 201, goal=goal)
    assert len(made["proposal"]["lines"]) >= 4
    assert made["proposal"]["questions"]


async def test_plans_of_others_cannot_be_seen_or_decided(
    person: Person, make_person: MakePerson, planned: dict[str, Any]
) -> None:
    other = await make_person()
    path = f"/proposals/{planned['proposal']['id']}"
    await other.get(path, 404)
    await other.post(f"{path}/apply", 404)
    await other.post(f"{path}/discard", 404)
    await other.post(f"/goals/{planned['goal']['id']}/decompose", 404)
    assert (await other.get("/proposals"))["items"] == []
    assert (await person.get(path))["status"] == "open"


async def test_the_assistant_writes_nowhere_but_where_somebody_said_yes(
    person: Person, planned: dict[str, Any]
) -> None:
    await person.post(f"/goals/{planned['goal']['id']}/decompose", 201)
    second = await person.post("/goals/decompose", 201, goal={"title": "Learn the cello"})
    await person.post(f"/proposals/{second['proposal']['id']}/apply")
    history = (await person.get("/history", limit=200))["items"]
    by_assistant = [c["label"] for c in history if c["actor"]["kind"] == "assistant"]
    assert by_assistant == ["Applied the plan for “Learn the cello”"]


async def test_a_plan_may_also_change_and_move_what_is_there(
    person: Person, planned: dict[str, Any]
) -> None:
    """No rung proposes this yet; the tables hold it, and applying carries it out."""
    goal = planned["goal"]["id"]
    task = await person.post("/tasks", 201, title="Stretch", goal_id=goal)
    other = await person.post("/goals", 201, title="Sleep well")
    first, second = planned["proposal"]["lines"][:2]
    wanted = {
        UUID(first["id"]): (Operation.UPDATE, {"title": "Stretch every morning"}),
        UUID(second["id"]): (Operation.MOVE, {"goal_id": other["id"]}),
    }
    async with person.context() as ctx:
        for line in await ctx.session.scalars(select(ProposalLine)):
            if line.id in wanted:
                line.op, line.fields = wanted[line.id]
                line.entity_id = UUID(task["id"])
            line.accepted, line.depends_on = line.id in wanted, []
    await person.post(f"/proposals/{planned['proposal']['id']}/apply")
    changed = await person.get(f"/tasks/{task['id']}")
    assert (changed["title"], changed["goal_id"]) == ("Stretch every morning", other["id"])
