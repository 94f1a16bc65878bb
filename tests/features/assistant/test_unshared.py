"""What the assistant proposes in somebody's name is theirs alone until they say yes."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from psycopg import sql
from sqlalchemy import select

from selfos.features.ai.models import Proposal, ProposalLine
from selfos.kernel.context import Actor, open_context
from selfos.kernel.core import Kernel
from selfos.kernel.database import SYSTEM, Scope
from selfos.kernel.errors import NotFound
from selfos.kernel.identifiers import new_id
from selfos.kernel.ledger.models import ActorKind, Change, Changeset, Door
from selfos.kernel.permissions import Role, permissions_of
from tests.assistants import PROPOSER, Assistant
from tests.edge.sockets import Socket, cookie_of
from tests.factories import Person
from tests.features.assistant.talking import part
from tests.features.sync.devices import Device
from tests.security.world import token_of

MakePerson = Callable[..., Awaitable[Person]]
Drain = Callable[[], Awaitable[None]]
SECRET = "zebra"


@dataclass
class Team:
    """The owner of a workspace, and a member who has asked the assistant for something."""

    id: str
    owner: Person
    friend: Person
    conversation: str

    async def call(self, who: Person, method: str, path: str, **body: Any) -> Any:
        """Send a request in the team."""
        headers = {"SelfOS-Workspace": self.id}
        sent = None if method == "GET" else body
        return await who.client.request(method, path, json=sent, headers=headers)

    async def ask(self, text: str) -> str:
        """Have the friend say something; returns the proposal that came of it."""
        path = f"/conversations/{self.conversation}/messages"
        said = await self.call(self.friend, "POST", path, text=text)
        return part(said.json(), "proposal")["proposal_id"]


@pytest.fixture
async def team(make_person: MakePerson) -> Team:
    owner, friend = await make_person(), await make_person()
    made = (await owner.post("/workspaces", 201, name="Team"))["id"]
    team = Team(made, owner, friend, "")
    invited = await team.call(owner, "POST", "/invitations", email=friend.email, role="admin")
    await friend.post("/invitations/accept", token=token_of(invited.json()["accept_url"]))
    begun = await team.call(friend, "POST", "/conversations", title="Mine")
    team.conversation = begun.json()["id"]
    return team


async def position(team: Team, who: Person) -> int:
    return (await team.call(who, "GET", "/history?limit=1")).json()["items"][0]["seq"]


async def test_nobody_else_reads_touches_or_hears_of_it(team: Team, app: FastAPI) -> None:
    device = Device(team.owner, workspace=team.id)
    await device.sync()
    headers = {**cookie_of(team.owner), "SelfOS-Workspace": team.id}
    proposal = await team.ask(f"remind me to ask about the {SECRET}")
    line = (await team.call(team.friend, "GET", f"/proposals/{proposal}")).json()["lines"][0]
    edited = {"id": line["id"], "fields": {"title": f"Ask the {SECRET} again"}}
    await team.call(team.friend, "PATCH", f"/proposals/{proposal}", lines=[edited])
    path = f"/proposals/{proposal}"
    for method, where, body in (
        ("GET", path, {}),
        ("GET", f"{path}/what-if", {}),
        ("PATCH", path, {"lines": [edited]}),
        ("POST", f"{path}/relief", {"kind": "later"}),
        ("POST", f"{path}/apply", {}),
        ("POST", f"{path}/discard", {}),
    ):
        told = await team.call(team.owner, method, where, **body)
        nothing = where.replace(proposal, str(new_id()))
        missing = await team.call(team.owner, method, nothing, **body)
        assert (told.status_code, told.json()["detail"]) == (404, missing.json()["detail"]), where
    mine = (await team.call(team.friend, "GET", "/history")).json()["items"]
    assert SECRET in mine[0]["label"] + mine[1]["label"]
    for each in mine[:2]:
        for method, act in (("GET", ""), ("POST", "/undo")):
            told = await team.call(team.owner, method, f"/history/{each['id']}{act}")
            assert told.status_code == 404
    for where in ("/proposals", "/history", f"/search?q={SECRET}", "/today"):
        assert SECRET not in (await team.call(team.owner, "GET", where)).text
    assert SECRET not in str(await device.send())
    async with Socket(app, headers) as socket:
        assert set(await socket.hear()) == {"type", "workspace", "seq"}
    with pytest.raises(NotFound):
        await there(team, team.owner).read("get_proposal", proposal_id=proposal)
    assert SECRET in str(await there(team, team.friend).read("get_proposal", proposal_id=proposal))


def there(team: Team, who: Person) -> Assistant:
    """Return an assistant from outside, with this person's token for the team."""
    return Assistant(replace(who, workspace_id=UUID(team.id)), PROPOSER)


async def test_a_yes_shows_it_to_the_team_and_undo_hides_it_from_nobody(team: Team) -> None:
    proposal = await team.ask("remind me to call Ada")
    applied = await team.call(team.friend, "POST", f"/proposals/{proposal}/apply")
    seen = (await team.call(team.owner, "GET", f"/proposals/{proposal}")).json()
    assert (seen["status"], len(seen["lines"])) == ("applied", 1)
    changeset = applied.json()["changeset_id"]
    undone = await team.call(team.owner, "POST", f"/history/{changeset}/undo")
    assert undone.status_code == 200
    for who in (team.owner, team.friend):
        seen = (await team.call(who, "GET", f"/proposals/{proposal}")).json()
        assert (seen["status"], len(seen["lines"])) == ("open", 1)
    redone = await team.call(team.friend, "POST", f"/history/{changeset}/redo")
    assert redone.status_code == 200


async def test_its_asker_can_take_it_back_and_bring_it_again_unseen(team: Team) -> None:
    proposal = await team.ask("remind me to call Ada")
    asked = (await team.call(team.friend, "GET", "/history")).json()["items"][0]["id"]
    for deed, found in (("undo", 404), ("redo", 200)):
        done = await team.call(team.friend, "POST", f"/history/{asked}/{deed}")
        assert done.status_code == 200, done.text
        mine = await team.call(team.friend, "GET", f"/proposals/{proposal}")
        assert mine.status_code == found
        theirs = await team.call(team.owner, "GET", f"/proposals/{proposal}")
        assert theirs.status_code == 404


async def test_each_wall_hides_it_alone(team: Team, kernel: Kernel) -> None:
    await team.ask("remind me to call Ada")
    models = (Proposal, ProposalLine, Change, Changeset)
    workspace = UUID(team.id)

    async def seen(user: UUID, *, security: bool) -> list[int]:
        scope = Scope(workspace, user)
        async with kernel.database.transaction() as transaction:
            if security:
                await transaction.enter(scope)
                counts: list[int] = []
                for model in models:
                    table = sql.Identifier(model.__tablename__)
                    query = sql.SQL("SELECT FROM {} WHERE seen_by IS NOT NULL").format(table)
                    counts.append((await transaction.driver.execute(query)).rowcount)
                return counts
            await transaction.enter(SYSTEM)
            transaction.scope = scope
            hidden = [select(model).where(model.seen_by.is_not(None)) for model in models]
            return [len((await transaction.session.scalars(each)).all()) for each in hidden]

    for security in (True, False):
        assert await seen(team.owner.user_id, security=security) == [0, 0, 0, 0]
        assert await seen(team.friend.user_id, security=security) == [1, 1, 2, 1]


async def test_nobody_writes_a_row_for_the_eyes_of_another(team: Team, kernel: Kernel) -> None:
    proposal = await team.ask("remind me to call Ada")
    opened = open_context(
        kernel,
        workspace_id=UUID(team.id),
        actor=Actor(ActorKind.USER, team.friend.user_id),
        permissions=permissions_of(Role.ADMIN),
        door=Door.API,
    )
    async with opened as ctx:
        line = await ctx.session.scalar(select(ProposalLine))
        assert line is not None
        assert str(line.proposal_id) == proposal
        given = {c.key: getattr(line, c.key) for c in ProposalLine.__mapper__.column_attrs}
        stolen = ProposalLine(**given | {"id": new_id(), "seen_by": team.owner.user_id})
        ctx.session.add(stolen)
        with pytest.raises(RuntimeError, match="eyes of another"):
            await ctx.session.flush()
        ctx.session.expunge(stolen)


async def test_a_plan_asked_for_a_shared_goal_is_unseen_and_goes_with_it(team: Team) -> None:
    goal = (await team.call(team.owner, "POST", "/goals", title="Run 10 km")).json()["id"]
    asked = await there(team, team.friend).propose("decompose_goal", goal_id=goal)
    path = f"/proposals/{asked.proposal_id}"
    plan = (await team.call(team.friend, "GET", path)).json()
    assert plan["goal_id"] == goal
    assert (await team.call(team.owner, "GET", path)).status_code == 404
    assert (await team.call(team.owner, "GET", f"/proposals?goal_id={goal}")).json()["items"] == []
    created = (await team.call(team.owner, "GET", "/history")).json()["items"][0]["id"]
    undone = await team.call(team.owner, "POST", f"/history/{created}/undo")
    assert (undone.status_code, str(asked.proposal_id) in undone.text) == (200, False)
    assert (await team.call(team.friend, "GET", path)).status_code == 404


async def test_a_refusal_nobody_else_sees_is_heard_as_feedback(team: Team, drain: Drain) -> None:
    proposal = await team.ask("remind me to call Ada")
    await team.call(team.friend, "POST", f"/proposals/{proposal}/discard")
    await drain()
    said = (await team.call(team.friend, "GET", "/feedback")).json()["items"]
    assert [(each["generation_id"], each["value"]) for each in said] == [(proposal, -1.0)]
    discarded = (await team.call(team.friend, "GET", "/history")).json()["items"][0]["id"]
    await team.call(team.friend, "POST", f"/history/{discarded}/undo")
    await drain()
    assert (await team.call(team.friend, "GET", "/feedback")).json()["items"] == []
