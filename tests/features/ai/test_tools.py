"""Tools: read at once, propose by default, act with consent, and never more than that."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from selfos.edge.registry import TOOLS
from selfos.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import Role
from selfos.kernel.tools import ActTool, Change, Consent, Group, Level, Toolbox
from tests.assistants import ACTOR, PROPOSER, READER, Assistant
from tests.factories import Person

MakePerson = Callable[..., Awaitable[Person]]


async def newest(person: Person) -> dict[str, Any]:
    return (await person.get("/history", limit=1))["items"][0]


async def open_titles(person: Person) -> list[str]:
    return [task["title"] for task in (await person.get("/tasks"))["items"]]


async def test_tasks_are_found_by_the_filter_language(person: Person) -> None:
    await person.post("/tasks", 201, title="Call the plumber", priority=1)
    await person.post("/tasks", 201, title="Water the plants")
    assistant = Assistant(person, READER)
    found = await assistant.read("list_tasks", q="p1")
    assert [task["title"] for task in found["items"]] == ["Call the plumber"]
    shown = await assistant.read("get_task", task_id=found["items"][0]["id"])
    assert (shown["title"], shown["priority"]) == ("Call the plumber", 1)


async def test_habits_are_found_by_the_filter_language_as_they_stand(person: Person) -> None:
    for title in ("Read", "Swim"):
        habit = await person.post("/habits", 201, title=title)
    await person.post(f"/habits/{habit['id']}/check-ins", 201)
    assistant = Assistant(person, READER)
    found = await assistant.read("list_habits", q="streak:>=1")
    assert [(day["habit"]["title"], day["verdict"]) for day in found["habits"]] == [
        ("Swim", "done")
    ]
    found = await assistant.read("list_habits", q="sort:title limit:1")
    assert ([day["habit"]["title"] for day in found["habits"]], found["more"]) == (["Read"], True)
    for arguments in ({"q": "p1"}, {"q": "is:due", "date": "2026-11-25"}):
        with pytest.raises(Invalid):
            await assistant.call("list_habits", **arguments)


async def test_each_reading_tool_answers_and_changes_nothing(person: Person) -> None:
    goal = await person.post("/goals", 201, title="Swim a mile")
    project = await person.post("/projects", 201, name="Renovate")
    task = await person.post("/tasks", 201, title="Paint", project_id=project["id"])
    note = await person.post("/notes", 201, body="Blue", task_id=task["id"])
    planned = await person.post("/goals/decompose", 201, goal={"title": "Learn the cello"})
    before = await newest(person)
    needed: dict[str, dict[str, Any]] = {
        "get_goal": {"goal_id": goal["id"]},
        "get_project": {"project_id": project["id"]},
        "get_task": {"task_id": task["id"]},
        "get_note": {"note_id": note["id"]},
        "get_proposal": {"proposal_id": planned["proposal"]["id"]},
        "search": {"q": "paint"},
    }
    assistant = Assistant(person, READER)
    for tool in TOOLS:
        if tool.level is Level.READ:
            assert await assistant.read(tool.name, **needed.get(tool.name, {})) is not None
    assert await newest(person) == before


async def test_the_profile_says_what_day_it_is_there_and_no_address(person: Person) -> None:
    told = await Assistant(person, READER).read("get_profile")
    assert told["time_zone"] == "UTC"
    assert date.fromisoformat(told["today"])
    assert person.email not in json.dumps(told)


async def test_without_consent_a_deed_becomes_a_proposal(person: Person) -> None:
    assistant = Assistant(person, PROPOSER)
    proposed = await assistant.propose("create_task", title="Buy stamps", reason="You are out.")
    assert await open_titles(person) == []
    shown = await person.get(f"/proposals/{proposed.proposal_id}")
    assert (shown["kind"], shown["status"], shown["engine"]) == ("changes", "open", "client")
    assert shown["title"] == "Add “Buy stamps”"
    assert "Robin" in shown["engine_note"]
    (line,) = shown["lines"]
    assert (line["op"], line["entity"], line["title"]) == ("create", "task", "Buy stamps")
    assert (line["reason"], line["fields"]) == ("You are out.", {"title": "Buy stamps"})
    made = await newest(person)
    assert (made["actor"]["kind"], made["door"]) == ("assistant", "mcp")
    assert made["label"] == "Proposed: Add “Buy stamps”"
    await person.post(f"/proposals/{proposed.proposal_id}/apply")
    (task,) = (await person.get("/tasks"))["items"]
    assert (task["title"], task["id"]) == ("Buy stamps", str(proposed.entity_id))


async def test_a_proposal_collects_lines_that_build_on_each_other(person: Person) -> None:
    assistant = Assistant(person, PROPOSER)
    first = await assistant.propose("create_project", name="Move house")
    for title in ("Pack", "Carry"):
        await assistant.propose(
            "create_task",
            title=title,
            project_id=str(first.entity_id),
            proposal_id=str(first.proposal_id),
        )
    shown = await person.get(f"/proposals/{first.proposal_id}")
    assert shown["title"] == "Add “Move house” and 2 more"
    applied = await person.post(f"/proposals/{first.proposal_id}/apply")
    tasks = (await person.get("/tasks", project_id=str(first.entity_id)))["items"]
    assert [task["title"] for task in tasks] == ["Pack", "Carry"]
    changeset = await newest(person)
    assert (changeset["id"], changeset["actor"]["kind"]) == (applied["changeset_id"], "assistant")
    await person.post(f"/history/{applied['changeset_id']}/undo")
    await person.get(f"/projects/{first.entity_id}", 404)
    assert await open_titles(person) == []


async def test_lines_complete_reopen_delete_check_in_append_and_move(person: Person) -> None:
    task = await person.post("/tasks", 201, title="Post the letter")
    done = await person.post("/tasks", 201, title="Read the manual")
    await person.post(f"/tasks/{done['id']}/complete")
    old = await person.post("/tasks", 201, title="Old idea")
    goal = await person.post("/goals", 201, title="Write more")
    habit = await person.post("/habits", 201, title="Journal")
    note = await person.post("/notes", 201, body="First", goal_id=goal["id"])
    assistant = Assistant(person, PROPOSER)
    first = await assistant.propose("complete_task", task_id=task["id"])
    rest: list[tuple[str, dict[str, Any]]] = [
        ("reopen_task", {"task_id": done["id"]}),
        ("delete_task", {"task_id": old["id"]}),
        ("move_task", {"task_id": task["id"], "goal_id": goal["id"]}),
        ("check_in_habit", {"habit_id": habit["id"], "note": "two pages"}),
        ("append_to_note", {"note_id": note["id"], "text": "Second"}),
    ]
    for name, arguments in rest:
        await assistant.propose(name, **arguments, proposal_id=str(first.proposal_id))
    shown = await person.get(f"/proposals/{first.proposal_id}")
    assert [line["title"] for line in shown["lines"]] == [
        "Post the letter",
        "Read the manual",
        "Old idea",
        "Post the letter",
        "Journal",
        "a note",
    ]
    await person.post(f"/proposals/{first.proposal_id}/apply")
    assert (await person.get(f"/tasks/{task['id']}"))["state"] == "done"
    assert (await person.get(f"/tasks/{task['id']}"))["goal_id"] == goal["id"]
    assert (await person.get(f"/tasks/{done['id']}"))["state"] == "todo"
    assert (await person.get(f"/tasks/{old['id']}"))["deleted_at"] is not None
    check_ins = await person.get(f"/habits/{habit['id']}/check-ins")
    assert [each["note"] for each in check_ins["items"]] == ["two pages"]
    assert (await person.get(f"/notes/{note['id']}"))["body"] == "First\n\nSecond"


async def test_what_cannot_be_carried_out_is_not_even_proposed(
    person: Person, make_person: MakePerson
) -> None:
    other = await make_person()
    foreign = await other.post("/tasks", 201, title="Secret of the other")
    done = await person.post("/tasks", 201, title="Done already")
    await person.post(f"/tasks/{done['id']}/complete")
    assistant = Assistant(person, PROPOSER)
    before = await newest(person)
    with pytest.raises(NotFound):
        await assistant.propose("complete_task", task_id=foreign["id"])
    with pytest.raises(NotFound):
        await assistant.read("get_task", task_id=foreign["id"])
    with pytest.raises(Conflict):
        await assistant.propose("complete_task", task_id=done["id"])
    with pytest.raises((NotFound, Invalid)):
        await assistant.propose("create_task", title="x", project_id=str(new_id()))
    assert await newest(person) == before
    assert (await person.get("/proposals"))["items"] == []
    assert (await other.get(f"/tasks/{foreign['id']}"))["state"] == "inbox"


async def test_with_consent_a_deed_is_done_at_once_and_undone_as_one(person: Person) -> None:
    assistant = Assistant(person, ACTOR)
    made = await assistant.act("create_task", title="Buy stamps")
    assert made.data["title"] == "Buy stamps"
    assert await open_titles(person) == ["Buy stamps"]
    changeset = await newest(person)
    assert changeset["id"] == str(made.changeset_id)
    assert (changeset["actor"]["kind"], changeset["door"]) == ("assistant", "mcp")
    assert changeset["actor"]["user_id"] == str(person.user_id)
    await person.post(f"/history/{made.changeset_id}/undo")
    assert await open_titles(person) == []


async def test_what_destroys_waits_for_a_click_whatever_the_consent(person: Person) -> None:
    task = await person.post("/tasks", 201, title="Precious")
    await Assistant(person, ACTOR).propose("delete_task", task_id=task["id"])
    assert await open_titles(person) == ["Precious"]


async def test_an_assistant_takes_back_what_it_did_and_nothing_else(
    person: Person, make_person: MakePerson
) -> None:
    await person.post("/tasks", 201, title="Precious")
    of_user = await newest(person)
    assistant = Assistant(person, ACTOR)
    made = await assistant.act("create_task", title="Mistake")
    theirs = await Assistant(await make_person(), ACTOR).act("create_task", title="Theirs")
    with pytest.raises(Forbidden, match="only what it did"):
        await assistant.call("undo_change", changeset_id=of_user["id"])
    with pytest.raises(NotFound):
        await assistant.call("undo_change", changeset_id=str(theirs.changeset_id))
    with pytest.raises(Forbidden, match="no consent"):
        await Assistant(person, PROPOSER).call("undo_change", changeset_id=str(made.changeset_id))
    await assistant.act("undo_change", changeset_id=str(made.changeset_id))
    assert await open_titles(person) == ["Precious"]


async def test_consent_is_given_group_by_group(person: Person) -> None:
    goal = await person.post("/goals", 201, title="Swim")
    assistant = Assistant(person, {Group.TASKS: Level.ACT, Group.GOALS: Level.READ})
    await assistant.act("create_task", title="Practise")
    await assistant.read("get_goal", goal_id=goal["id"])
    for name, arguments in (
        ("create_goal", {"title": "Another"}),
        ("decompose_goal", {"goal_id": goal["id"]}),
        ("list_notes", {}),
        ("create_area", {"name": "Mine"}),
    ):
        with pytest.raises(Forbidden, match="Robin"):
            await assistant.call(name, **arguments)
    consent = Consent("Robin", assistant.levels)
    names = {tool.name for tool in TOOLS.offered(consent)}
    assert {tool.group for tool in TOOLS if tool.name in names} == {Group.TASKS, Group.GOALS}
    assert "create_goal" not in names


async def test_a_tool_gives_no_more_than_the_role(person: Person) -> None:
    guest = Assistant(person, ACTOR, Role.GUEST)
    assert (await guest.read("list_tasks"))["items"] == []
    for name, arguments in (
        ("create_task", {"title": "x"}),
        ("list_history", {}),
        ("create_note", {"body": "x"}),
    ):
        with pytest.raises(Forbidden):
            await guest.call(name, **arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"title": ""},
        {"title": "x", "priority": "1"},
        {"title": "x", "workspace_id": str(new_id())},
        {"title": "x", "assignee_id": str(new_id())},
        {"title": "x", "due": "tomorrow"},
        {"title": "x", "notes": "as you showed: ⟦link removed⟧"},
    ],
)
async def test_wrong_arguments_are_refused_and_change_nothing(
    person: Person, arguments: dict[str, Any]
) -> None:
    before = (await person.get("/history", limit=1))["items"]
    with pytest.raises((ValidationError, Invalid)):
        await Assistant(person, ACTOR).call("create_task", **arguments)
    assert (await person.get("/history", limit=1))["items"] == before


async def test_a_plan_asked_for_by_an_assistant_leaves_the_users_own_alone(person: Person) -> None:
    planned = await person.post("/goals/decompose", 201, goal={"title": "Run a half marathon"})
    proposed = await Assistant(person, PROPOSER).propose(
        "decompose_goal", goal_id=planned["goal"]["id"], hours_per_week=3
    )
    assert (await person.get(f"/proposals/{planned['proposal']['id']}"))["status"] == "open"
    assert len((await person.get(f"/proposals/{proposed.proposal_id}"))["lines"]) >= 4


async def test_an_assistant_adds_only_to_what_it_asked(
    person: Person, make_person: MakePerson
) -> None:
    planned = await person.post("/goals/decompose", 201, goal={"title": "Run a half marathon"})
    other = await make_person()
    theirs = await Assistant(other, PROPOSER).propose("create_task", title="Theirs")
    mine = await Assistant(person, PROPOSER).propose("create_task", title="Mine")
    await person.post(f"/proposals/{mine.proposal_id}/discard")
    assistant = Assistant(person, PROPOSER)
    for proposal_id in (planned["proposal"]["id"], theirs.proposal_id, new_id()):
        with pytest.raises(NotFound):
            await assistant.propose("create_task", title="More", proposal_id=str(proposal_id))
    with pytest.raises(Conflict):
        await assistant.propose("create_task", title="M", proposal_id=str(mine.proposal_id))


async def test_an_assistant_that_goes_on_and_on_is_stopped(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("selfos.features.ai.service.proposals.MOST_OPEN", 2)
    monkeypatch.setattr("selfos.features.ai.service.asking.MOST_LINES", 2)
    assistant = Assistant(person, PROPOSER)
    first = await assistant.propose("create_task", title="One")
    await assistant.propose("create_task", title="Two", proposal_id=str(first.proposal_id))
    with pytest.raises(Conflict, match="at most 2 lines"):
        await assistant.propose("create_task", title="3", proposal_id=str(first.proposal_id))
    await assistant.propose("create_task", title="Three")
    with pytest.raises(Conflict, match="ask them to decide"):
        await assistant.propose("create_task", title="Four")


async def test_a_proposed_line_is_edited_within_what_its_verb_takes(person: Person) -> None:
    habit = await person.post("/habits", 201, title="Journal")
    proposed = await Assistant(person, PROPOSER).propose("check_in_habit", habit_id=habit["id"])
    path = f"/proposals/{proposed.proposal_id}"
    line = (await person.get(path))["lines"][0]["id"]
    await person.patch(path, 422, lines=[{"id": line, "fields": {"title": "x"}}])
    yesterday = (date.fromisoformat(habit["start_day"]) - timedelta(days=1)).isoformat()
    edited = await person.patch(path, lines=[{"id": line, "fields": {"note": "yes"}}])
    assert edited["lines"][0]["fields"] == {"note": "yes"}
    await person.patch(path, lines=[{"id": line, "fields": {"day": yesterday}}])


def test_no_tool_takes_a_workspace_a_user_or_an_address() -> None:
    refused = ("workspace", "tenant", "user_id", "url", "uri", "href", "assignee", "email")
    for tool in TOOLS:
        schema = json.dumps(tool.arguments.model_json_schema()["properties"])
        names = set(tool.arguments.model_fields)
        assert not [name for name in names if any(word in name for word in refused)], tool.name
        assert '"format": "uri"' not in schema, tool.name


def test_each_name_and_each_deed_is_offered_once() -> None:
    tools = list(TOOLS)
    assert len({tool.name for tool in tools}) == len(tools)
    deeds = [tool.deed for tool in tools if isinstance(tool, ActTool)]
    assert len({(deed.entity, deed.operation) for deed in deeds}) == len(deeds)
    assert list(Toolbox()) == []


def test_what_a_deed_takes_is_what_its_verb_takes() -> None:
    """An argument that the verb does not know would fail when the user has said yes."""
    for tool in TOOLS:
        if isinstance(tool, ActTool):
            given = set(tool.arguments.model_fields) - set(Change.model_fields) - {tool.subject}
            assert given <= set(tool.deed.fields.model_fields), tool.name


def test_consent_reaches_no_further_than_the_tools_of_its_group() -> None:
    furthest = TOOLS.furthest()
    assert furthest[Group.OVERVIEW] is Level.READ
    assert furthest[Group.TASKS] is Level.ACT
