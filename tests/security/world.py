"""The people of the matrix: one who owns things, and those who must not reach them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx2
import psycopg
from psycopg import sql

from selfos.kernel.core import Kernel
from selfos.kernel.identifiers import new_id
from tests.factories import Person, register
from tests.security.operations import Tree

NewClient = Callable[[], httpx2.AsyncClient]
NewPerson = Callable[[], Awaitable[Person]]


@dataclass
class Owner:
    """Somebody with a team of their own in which they may do everything.

    All their things carry their `mark`, so that one glance at an answer shows a leak.
    """

    person: Person
    workspace: str
    friend: Person
    new_person: NewPerson
    mark: str = field(default_factory=lambda: f"mark{new_id().hex[-12:]}")

    async def call(self, method: str, path: str, **body: Any) -> httpx2.Response:
        """Send a request in the team and insist on success."""
        response = await self.person.client.request(
            method,
            path,
            json=body or None,
            headers={"SelfOS-Workspace": self.workspace},
        )
        assert response.is_success, f"{method} {path} {body}: {response.text}"
        return response

    async def make(self, path: str, **body: Any) -> str:
        """Create something and return its id."""
        return (await self.call("POST", path, **body)).json()["id"]

    async def member(self) -> str:
        """Return the friend's membership of the team, renewed if need be."""
        for member in (await self.call("GET", "/members")).json()["items"]:
            if member["user_id"] == str(self.friend.user_id):
                return member["id"]
        await join(self, self.friend, "member")
        return await self.member()


async def join(owner: Owner, person: Person, role: str) -> None:
    """Make somebody a member of the owner's team."""
    invitation = (await owner.call("POST", "/invitations", email=person.email, role=role)).json()
    await person.post("/invitations/accept", token=token_of(invitation["accept_url"]))


def token_of(link: str) -> str:
    """Return the token in the link of a mail."""
    return parse_qs(urlsplit(link).query)["token"][0]


@dataclass
class World:
    """The victim, and everybody who tries."""

    kernel: Kernel
    victim: Owner
    outsider: Owner
    removed: Owner
    guest: Person
    token: httpx2.AsyncClient
    anonymous: NewClient
    _look: sql.Composed | None = None

    async def fingerprint(self, owner: psycopg.AsyncConnection[Any]) -> str:
        """Return what changes with any of the victim's rows, seen from behind every wall."""
        if self._look is None:
            user = self.victim.person.user_id
            self._look = await _look_at_all(owner, UUID(self.victim.workspace), user)
        row = await (await owner.execute(self._look, prepare=True)).fetchone()
        assert row is not None
        return row[0]


async def _look_at_all(
    owner: psycopg.AsyncConnection[Any], workspace: UUID, user: UUID
) -> sql.Composed:
    """Return the query for the state of all tables' rows that belong to these two."""
    parts = await _victims_rows(owner, workspace, user)
    return sql.SQL("SELECT concat_ws(',', {})").format(sql.SQL(", ").join(parts))


# Whatever is written gets a later transaction's number; what is deleted is one row less.
WRITTEN = sql.SQL("concat_ws(' ', count(*), max(xmin::text::bigint), sum(xmin::text::bigint))")
# When a session was last used is noted by every use, the victim's own among them.
USED = sql.SQL("md5(string_agg((to_jsonb(r) - 'last_used_at')::text, '' ORDER BY id))")


async def _victims_rows(
    owner: psycopg.AsyncConnection[Any], workspace: UUID, user: UUID
) -> list[sql.Composed]:
    """Tell, for each table, what belongs to the workspace, else what belongs to the user."""
    columns = await owner.execute(
        "SELECT table_name, array_agg(column_name::text) FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name !~ '^(procrastinate|alembic|analytics)'"
        " GROUP BY table_name ORDER BY table_name"
    )
    parts: list[sql.Composed] = []
    for table, names in await columns.fetchall():
        # What is unread is each member's own: a guest who opens a task changes only theirs.
        if table in ("credential_sessions", "unread_tasks"):
            key, value = "user_id", user
        elif "workspace_id" in names:
            key, value = "workspace_id", workspace
        elif "user_id" in names:
            key, value = "user_id", user
        elif table in ("tenants", "users"):
            key, value = "id", workspace if table == "tenants" else user
        else:
            continue
        parts.append(
            sql.SQL("(SELECT {} FROM {} r WHERE {} = {})").format(
                USED if "last_used_at" in names else WRITTEN,
                sql.Identifier(table),
                sql.Identifier(key),
                sql.Literal(value),
            )
        )
    return parts


async def make_world(kernel: Kernel, new_client: NewClient) -> World:
    """Register everybody; the guest and the removed have been members of the victim's team."""

    async def new_person() -> Person:
        return await register(kernel, new_client())

    friend = await new_person()

    async def owner() -> Owner:
        person = await new_person()
        team = (await person.post("/workspaces", 201, name="Team"))["id"]
        return Owner(person, team, friend, new_person)

    victim, outsider, removed = await owner(), await owner(), await owner()
    guest = await new_person()
    await join(victim, guest, "guest")
    await join(victim, removed.person, "member")
    for member in (await victim.call("GET", "/members")).json()["items"]:
        if member["user_id"] == str(removed.person.user_id):
            await victim.call("DELETE", f"/members/{member['id']}")
    made = await victim.call("POST", "/auth/tokens", name="Reader", read_only=True)
    token = new_client()
    token.headers["Authorization"] = f"Bearer {made.json()['token']}"
    return World(kernel, victim, outsider, removed, guest, token, new_client)


async def send(client: httpx2.AsyncClient, method: str, path: str, tree: Tree) -> httpx2.Response:
    """Send one request of the matrix."""
    return await client.request(
        method,
        path.format(**tree.get("path", {})),
        params=tree.get("query"),
        headers=tree.get("header"),
        json=tree.get("body"),
    )
