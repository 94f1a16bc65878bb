"""Comments over HTTP: about one thing, to members, by their author."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from selfos.kernel.identifiers import new_id
from selfos.kernel.ledger.models import EventRecord
from tests.conftest import MakePerson
from tests.factories import Person


async def join(team_owner: Person, person: Person, role: str) -> None:
    invitation = await team_owner.post("/invitations", 201, email=person.email, role=role)
    await person.post("/invitations/accept", token=invitation["accept_url"].rpartition("token=")[2])
    person.client.headers["SelfOS-Workspace"] = str(team_owner.workspace_id)


@dataclass
class Team:
    """A workspace of several people, and a task in it."""

    ada: Person
    grace: Person
    guest: Person
    task_id: str

    async def say(self, person: Person, body: str, expect: int = 201, **more: Any) -> Any:
        return await person.post("/comments", expect, body=body, task_id=self.task_id, **more)

    async def told(self, comment: Any) -> list[UUID]:
        """Return who has been told of this comment."""
        async with self.ada.context() as ctx:
            told = await ctx.session.scalars(
                select(EventRecord).where(
                    EventRecord.type == "comment.mentioned",
                    EventRecord.aggregate_id == UUID(comment["id"]),
                )
            )
            return sorted(UUID(event.payload["user_id"]) for event in told)


@pytest.fixture
async def team(make_person: MakePerson) -> Team:
    alone = await make_person(name="Ada Lovelace")
    club = (await alone.post("/workspaces", 201, name="Club"))["id"]
    alone.client.headers["SelfOS-Workspace"] = club
    ada = replace(alone, workspace_id=UUID(club))
    grace, guest = await make_person(name="Grace Hopper"), await make_person(name="Guest")
    await join(ada, grace, "member")
    await join(ada, guest, "guest")
    task = await ada.post("/tasks", 201, title="Boat")
    return Team(ada, grace, guest, task["id"])


async def test_comments_are_a_conversation_oldest_first(team: Team) -> None:
    first = await team.say(team.ada, "Shall we?")
    await team.say(team.grace, "Yes, *gladly*")
    assert (first["author_id"], first["author_name"]) == (str(team.ada.user_id), "Ada Lovelace")
    page = await team.guest.get("/comments", task_id=team.task_id)
    assert [comment["body"] for comment in page["items"]] == ["Shall we?", "Yes, *gladly*"]
    assert page["items"][0]["edited_at"] is None


@pytest.mark.parametrize("noun", ["goal", "project", "habit"])
async def test_goals_projects_and_habits_are_talked_about_too(person: Person, noun: str) -> None:
    name = {"goal": "title", "project": "name", "habit": "title"}[noun]
    made = await person.post(f"/{noun}s", 201, **{name: "Boat"})
    comment = await person.post("/comments", 201, body="Go on", **{f"{noun}_id": made["id"]})
    page = await person.get("/comments", **{f"{noun}_id": made["id"]})
    assert page["items"] == [comment]
    assert (await person.get("/history"))["items"][0]["label"] == "Commented on “Boat”"
    await person.delete(f"/{noun}s/{made['id']}")
    assert (await person.get("/comments"))["items"] == []


async def test_a_comment_is_about_exactly_one_thing(person: Person) -> None:
    task = await person.post("/tasks", 201, title="Boat")
    goal = await person.post("/goals", 201, title="Sail")
    await person.post("/comments", 422, body="Nothing")
    both = {"task_id": task["id"], "goal_id": goal["id"]}
    problem = await person.post("/comments", 422, body="Both", **both)
    assert problem["errors"][0]["pointer"] == "/goal_id"
    await person.post("/comments", 422, body=" \n", task_id=task["id"])
    await person.post("/comments", 422, body="Gone", task_id=str(new_id()))


async def test_members_called_by_name_or_id_are_told_once(team: Team) -> None:
    ada, grace, guest = (each.user_id for each in (team.ada, team.grace, team.guest))
    comment = await team.say(team.ada, "@grace and I (@Ada)", mentions=[str(guest), str(grace)])
    assert set(comment["mentions"]) == {str(grace), str(guest), str(ada)}
    assert await team.told(comment) == sorted([grace, guest])
    path = f"/comments/{comment['id']}"
    changed = await team.ada.patch(path, body="@Grace Hopper alone")
    assert changed["mentions"] == [str(grace)]
    assert changed["edited_at"] is not None
    await team.ada.patch(path, body="@Grace Hopper and @Guest")
    assert await team.told(comment) == sorted([grace, guest, guest])


async def test_who_was_meant_stays_meant_when_two_share_a_name(
    team: Team, make_person: MakePerson
) -> None:
    comment = await team.say(team.ada, "@Grace Hopper?")
    await join(team.ada, await make_person(name="Grace Hopper"), "member")
    changed = await team.ada.patch(f"/comments/{comment['id']}", body="@Grace Hopper!")
    assert changed["mentions"] == [str(team.grace.user_id)]
    assert (await team.say(team.ada, "@Grace Hopper"))["mentions"] == []


async def test_who_is_mentioned_is_notified_once_also_of_what_is_done(
    team: Team, drain: Callable[[], Awaitable[None]]
) -> None:
    comment = await team.say(team.ada, "Look at the\nboat, @Grace Hopper")
    await team.ada.patch(f"/comments/{comment['id']}", body="Look, @Grace Hopper!")
    await team.ada.post(f"/tasks/{team.task_id}/complete")
    await drain()
    (told,) = (await team.grace.get("/notifications"))["items"]
    assert (told["kind"], told["title"]) == ("mention", "Ada Lovelace mentioned you: Boat")
    assert (told["body"], told["read_at"]) == ("Look, @Grace Hopper!", None)
    assert (told["subject"], told["subject_id"]) == ("task", team.task_id)
    assert (await team.ada.get("/notifications"))["items"] == []


async def test_only_members_can_be_mentioned(team: Team, make_person: MakePerson) -> None:
    stranger = await make_person()
    problem = await team.say(team.ada, "Hello", 422, mentions=[str(stranger.user_id)])
    assert problem["errors"][0]["pointer"] == "/mentions/0"


async def test_a_comment_is_changed_by_its_author_alone(team: Team) -> None:
    comment = await team.say(team.grace, "Mine")
    path = f"/comments/{comment['id']}"
    await team.ada.patch(path, 403, body="Not mine")
    await team.guest.patch(path, 403, body="Not mine")
    response = await team.grace.client.patch(path, json={"body": "Mine"})
    assert "SelfOS-Changeset" not in response.headers
    assert (await team.grace.patch(path, body="Still mine"))["body"] == "Still mine"


async def test_author_and_owner_delete_a_comment_and_undo_brings_it_back(team: Team) -> None:
    hers, mine = await team.say(team.grace, "Hers"), await team.say(team.ada, "@Ada, mine")
    await team.grace.delete(f"/comments/{mine['id']}", 403)
    await team.ada.delete(f"/comments/{hers['id']}")
    await team.ada.get(f"/comments/{hers['id']}", 404)
    await team.ada.delete(f"/comments/{mine['id']}")
    for _ in range(2):
        await team.ada.post("/undo")
    for before in (hers, mine):
        again = await team.ada.get(f"/comments/{before['id']}")
        stamps = {"version", "updated_at"}
        assert {k: again[k] for k in again.keys() - stamps} == {
            k: before[k] for k in before.keys() - stamps
        }


async def test_guests_read_but_do_not_write(team: Team) -> None:
    note = await team.ada.post("/notes", 201, body="Blue", task_id=team.task_id)
    assert (await team.guest.get(f"/notes/{note['id']}"))["body"] == "Blue"
    await team.say(team.guest, "Me too", 403)
    await team.guest.post("/notes", 403, body="Me too")
