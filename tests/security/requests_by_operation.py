"""A request that succeeds, for every operation: what the matrix starts from.

Each builder makes what its request needs and returns one request or more; together they carry an
id in every slot the operation has.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from selfos.features.identity.service.passwords import issue_confirmation, issue_reset
from selfos.kernel.identifiers import new_id
from tests.factories import Person
from tests.security.operations import Tree
from tests.security.world import Owner, token_of

Builder = Callable[[Owner], Awaitable[list[Tree]]]
NEW_PASSWORD = "another horse battery staple"


def plain(**tree: Any) -> Builder:
    """A request that needs nothing made before."""

    async def build(owner: Owner) -> list[Tree]:
        return [dict(tree)]

    return build


async def thing(owner: Owner, nouns: str, *before: str) -> str:
    """Make an area, project, goal or task, and carry out these verbs on it."""
    name = "name" if nouns in ("areas", "projects", "labels") else "title"
    thing_id = await owner.make(f"/{nouns}", **{name: f"{owner.mark} {new_id()}"})
    for verb in before:
        if verb == "delete":
            await owner.call("DELETE", f"/{nouns}/{thing_id}")
        else:
            await owner.call("POST", f"/{nouns}/{thing_id}/{verb}")
    return thing_id


def on(noun: str, *before: str, **body: Any) -> Builder:
    """A request about one thing that has been through these verbs."""

    async def build(owner: Owner) -> list[Tree]:
        path = {f"{noun}_id": await thing(owner, f"{noun}s", *before)}
        return [{"path": path, **({"body": body} if body else {})}]

    return build


def behind(noun: str) -> Builder:
    """A request that puts one thing behind another."""

    async def build(owner: Owner) -> list[Tree]:
        path = {f"{noun}_id": await thing(owner, f"{noun}s")}
        return [{"path": path, "body": {"after_id": await thing(owner, f"{noun}s")}}]

    return build


async def containers(owner: Owner) -> dict[str, str]:
    """Make one of everything a task can lie in; none of them contradicts another."""
    project = await thing(owner, "projects")
    phased = await owner.call("POST", f"/projects/{project}/phases", name=owner.mark)
    return {
        "project_id": project,
        "phase_id": phased.json()["phases"][0]["id"],
        "goal_id": await thing(owner, "goals"),
        "area_id": await thing(owner, "areas"),
    }


async def places(owner: Owner) -> list[dict[str, Any]]:
    """Return fields that name every container of a task, in two requests: parents stand alone."""
    return [await containers(owner), {"parent_id": await thing(owner, "tasks")}]


async def list_tasks(owner: Owner) -> list[Tree]:
    label = await thing(owner, "labels")
    parent = await thing(owner, "tasks")
    found = {**await containers(owner), "parent_id": parent, "label_id": label}
    return [{"query": {**found, "assignee_id": await owner.member()}}]


async def create_task(owner: Owner) -> list[Tree]:
    wide, under = await places(owner)
    wide |= {"id": str(new_id()), "assignee_id": str(owner.person.user_id)}
    return [{"body": {"title": owner.mark, **fields}} for fields in (wide, under)]


async def update_task(owner: Owner) -> list[Tree]:
    wide, under = await places(owner)
    wide["assignee_id"] = str(owner.person.user_id)
    return [
        {"path": {"task_id": await thing(owner, "tasks")}, "body": body} for body in (wide, under)
    ]


async def move_task(owner: Owner) -> list[Tree]:
    wide, under = await places(owner)
    wide["after_id"] = await thing(owner, "tasks")
    return [
        {"path": {"task_id": await thing(owner, "tasks")}, "body": body} for body in (wide, under)
    ]


async def edit_tasks(owner: Owner) -> list[Tree]:
    actions: list[dict[str, Any]] = [
        {"kind": "complete"},
        *({"kind": "update", "fields": tree["body"]} for tree in await update_task(owner)),
        *({"kind": "move", **tree["body"]} for tree in await move_task(owner)),
    ]
    return [
        {"body": {"task_ids": [await thing(owner, "tasks")], "action": action}}
        for action in actions
    ]


async def goal_places(owner: Owner) -> dict[str, Any]:
    return {
        "area_id": await thing(owner, "areas"),
        "project_id": await thing(owner, "projects"),
    }


async def create_goal(owner: Owner) -> list[Tree]:
    body = {"id": str(new_id()), "title": owner.mark, **await goal_places(owner)}
    return [{"body": body}]


async def update_goal(owner: Owner) -> list[Tree]:
    path = {"goal_id": await thing(owner, "goals")}
    return [{"path": path, "body": await goal_places(owner)}]


async def list_goals(owner: Owner) -> list[Tree]:
    return [{"query": await goal_places(owner)}]


async def plan_new_goal(owner: Owner) -> list[Tree]:
    return [{"body": {"goal": tree["body"]}} for tree in await create_goal(owner)]


async def create_project(owner: Owner) -> list[Tree]:
    area = await thing(owner, "areas")
    return [{"body": {"id": str(new_id()), "name": owner.mark, "area_id": area}}]


async def update_project(owner: Owner) -> list[Tree]:
    path = {"project_id": await thing(owner, "projects")}
    return [{"path": path, "body": {"area_id": await thing(owner, "areas")}}]


async def list_projects(owner: Owner) -> list[Tree]:
    return [{"query": {"area_id": await thing(owner, "areas")}}]


async def phase(owner: Owner) -> Tree:
    """Return the path of a phase that has a neighbour, and that neighbour."""
    project = await thing(owner, "projects")
    await owner.call("POST", f"/projects/{project}/phases", name="First")
    shown = await owner.call("POST", f"/projects/{project}/phases", name="Second")
    first, second = (p["id"] for p in shown.json()["phases"])
    return {"path": {"project_id": project, "phase_id": first}, "neighbour": second}


async def update_phase(owner: Owner) -> list[Tree]:
    made = await phase(owner)
    return [{"path": made["path"], "body": {"after_id": made["neighbour"]}}]


async def delete_phase(owner: Owner) -> list[Tree]:
    return [{"path": (await phase(owner))["path"]}]


async def create_phase(owner: Owner) -> list[Tree]:
    path = {"project_id": await thing(owner, "projects")}
    return [{"path": path, "body": {"id": str(new_id()), "name": owner.mark}}]


async def create_dependency(owner: Owner) -> list[Tree]:
    path = {"task_id": await thing(owner, "tasks")}
    body = {"id": str(new_id()), "blocker_id": await thing(owner, "tasks")}
    return [{"path": path, "body": body}]


async def delete_dependency(owner: Owner) -> list[Tree]:
    (tree,) = await create_dependency(owner)
    task = tree["path"]["task_id"]
    await owner.call("POST", f"/tasks/{task}/dependencies", **tree["body"])
    return [{"path": {"task_id": task, "dependency_id": tree["body"]["id"]}}]


async def create_area(owner: Owner) -> list[Tree]:
    return [{"body": {"id": str(new_id()), "name": owner.mark}}]


async def create_label(owner: Owner) -> list[Tree]:
    return [{"body": {"id": str(new_id()), "name": f"{owner.mark} {new_id()}"}}]


async def proposal(owner: Owner) -> dict[str, Any]:
    made = await owner.call("POST", "/goals/decompose", goal={"title": f"Learn {owner.mark}"})
    return made.json()["proposal"]


async def on_proposal(owner: Owner) -> list[Tree]:
    return [{"path": {"proposal_id": (await proposal(owner))["id"]}}]


async def update_proposal(owner: Owner) -> list[Tree]:
    made = await proposal(owner)
    path = {"proposal_id": made["id"]}
    wide, under = await places(owner)
    wide["assignee_id"] = str(owner.person.user_id)
    line = made["lines"][0]["id"]
    return [
        {"path": path, "body": {"lines": [{"id": line, "fields": fields}]}}
        for fields in (wide, under)
    ]


async def list_proposals(owner: Owner) -> list[Tree]:
    return [{"query": {"goal_id": (await proposal(owner))["goal_id"]}}]


async def changeset(owner: Owner, *after: str) -> str:
    """Change something, then undo or redo it; returns the changeset of the change."""
    made = await owner.call("POST", "/tasks", title=owner.mark)
    changeset_id = made.headers["SelfOS-Changeset"]
    for verb in after:
        body = {"partial": False} if verb == "undo" else {}
        await owner.call("POST", f"/history/{changeset_id}/{verb}", **body)
    return changeset_id


def on_changeset(*after: str, **body: Any) -> Builder:
    async def build(owner: Owner) -> list[Tree]:
        tree: Tree = {"path": {"changeset_id": await changeset(owner, *after)}}
        return [{**tree, **({"body": body} if body else {})}]

    return build


def having(make: Callable[[Owner], Awaitable[Any]]) -> Builder:
    """A request without parts that needs something to have happened."""

    async def build(owner: Owner) -> list[Tree]:
        await make(owner)
        return [{}]

    return build


async def undone(owner: Owner) -> None:
    await changeset(owner)
    await owner.call("POST", "/undo")


async def list_history(owner: Owner) -> list[Tree]:
    return [{"query": {"entity": "task", "entity_id": await thing(owner, "tasks")}}]


async def reached_goal(owner: Owner) -> str:
    goal = await thing(owner, "goals")
    task = await owner.make("/tasks", title=owner.mark, goal_id=goal)
    await owner.call("POST", f"/tasks/{task}/complete")
    await owner.call("POST", f"/goals/{goal}/complete")
    return goal


async def generate_story(owner: Owner) -> list[Tree]:
    return [{"body": {"goal_id": await reached_goal(owner)}}]


async def list_stories(owner: Owner) -> list[Tree]:
    return [{"query": {"goal_id": await reached_goal(owner), "whose": "all"}}]


def on_story(**body: Any) -> Builder:
    async def build(owner: Owner) -> list[Tree]:
        story = await owner.make("/stories/generate", goal_id=await reached_goal(owner))
        return [{"path": {"story_id": story}, **({"body": body} if body else {})}]

    return build


def on_member(**body: Any) -> Builder:
    async def build(owner: Owner) -> list[Tree]:
        path = {"member_id": await owner.member()}
        return [{"path": path, **({"body": body} if body else {})}]

    return build


def here(**body: Any) -> Builder:
    async def build(owner: Owner) -> list[Tree]:
        path = {"workspace_id": owner.workspace}
        return [{"path": path, **({"body": body} if body else {})}]

    return build


async def new_team(owner: Owner) -> list[Tree]:
    return [{"path": {"workspace_id": await owner.make("/workspaces", name=owner.mark)}}]


async def withdraw_invitation(owner: Owner) -> list[Tree]:
    address = f"{new_id().hex}@example.org"
    made = await owner.call("POST", "/invitations", email=address, role="member")
    return [{"path": {"invitation_id": made.json()["id"]}}]


async def accept_invitation(owner: Owner) -> list[Tree]:
    team = (await owner.friend.post("/workspaces", 201, name="Friends"))["id"]
    made = await owner.friend.client.post(
        "/invitations",
        json={"email": owner.person.email},
        headers={"SelfOS-Workspace": team},
    )
    return [{"body": {"token": token_of(made.json()["accept_url"])}}]


async def revoke_session(owner: Owner) -> list[Tree]:
    return [{"path": {"session_id": await owner.make("/auth/tokens", name="Old script")}}]


Credentials = Callable[[Person], Awaitable[dict[str, Any] | None]]


def by_stranger(body_of: Credentials) -> Builder:
    """A public request about an account made for it."""

    async def build(owner: Owner) -> list[Tree]:
        return [{"body": await body_of(await owner.new_person())}]

    return build


def by_newcomer(body_of: Credentials) -> Builder:
    """A request that ends its sender's sessions, so it is sent by somebody made for it."""

    async def build(owner: Owner) -> list[Tree]:
        sender = await owner.new_person()
        header = {"SelfOS-Workspace": str(sender.workspace_id)}
        return [{"sender": sender.client, "header": header, "body": await body_of(sender)}]

    return build


async def credentials(person: Person) -> dict[str, Any]:
    return {"email": person.email, "password": person.password}


async def device(person: Person) -> dict[str, Any]:
    return {**await credentials(person), "device_name": "Phone"}


async def refresh_token(person: Person) -> dict[str, Any]:
    pair = await person.post("/auth/token", **await device(person))
    return {"refresh_token": pair["refresh_token"]}


async def reset(person: Person) -> dict[str, Any]:
    issued = await issue_reset(person.kernel, person.email)
    assert issued is not None
    return {"token": issued[1], "password": NEW_PASSWORD}


async def confirmation(person: Person) -> dict[str, Any]:
    token = await issue_confirmation(person.kernel, person.user_id, person.email)
    return {"token": token}


async def address(person: Person) -> dict[str, Any]:
    return {"email": person.email}


async def new_password(person: Person) -> dict[str, Any]:
    return {"current_password": person.password, "new_password": NEW_PASSWORD}


async def new_address(person: Person) -> dict[str, Any]:
    return {"email": f"{new_id().hex}@example.org", "password": person.password}


async def registration(owner: Owner) -> list[Tree]:
    body = {"email": f"{new_id().hex}@example.org", "password": NEW_PASSWORD, "name": "Ada"}
    return [{"body": body}]


async def invitation(owner: Owner) -> list[Tree]:
    return [{"body": {"email": f"{new_id().hex}@example.org", "role": "guest"}}]


async def nothing(person: Person) -> None:
    """A request without a body."""
