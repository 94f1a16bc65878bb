"""People and things for tests, made through the doors users use."""

from __future__ import annotations

import itertools
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx2

from bench.recording import Statement, recorded
from selfos.kernel.context import Actor, Context, open_context
from selfos.kernel.core import Kernel
from selfos.kernel.identifiers import new_id
from selfos.kernel.ledger.models import ActorKind, Door
from selfos.kernel.permissions import Role, permissions_of

PASSWORD = "correct horse battery staple"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Person:
    """Somebody with an account: their signed-in client and their workspace."""

    kernel: Kernel
    client: httpx2.AsyncClient
    user_id: UUID
    workspace_id: UUID
    email: str
    password: str

    @asynccontextmanager
    async def context(self, role: Role = Role.OWNER) -> AsyncGenerator[Context]:
        """Open a Context as this person; commits at the end."""
        async with open_context(
            self.kernel,
            workspace_id=self.workspace_id,
            actor=Actor(ActorKind.USER, self.user_id),
            permissions=permissions_of(role),
            door=Door.WEB,
        ) as ctx:
            yield ctx

    async def post(self, path: str, expect: int = 200, **body: Any) -> Any:
        """POST and return the JSON, insisting on the status."""
        return await self.send("POST", path, expect, json=body)

    async def patch(self, path: str, expect: int = 200, **body: Any) -> Any:
        """PATCH and return the JSON, insisting on the status."""
        return await self.send("PATCH", path, expect, json=body)

    async def get(self, path: str, expect: int = 200, **query: Any) -> Any:
        """GET and return the JSON, insisting on the status."""
        return await self.send("GET", path, expect, params=query)

    async def delete(self, path: str, expect: int = 204) -> Any:
        """DELETE, insisting on the status."""
        return await self.send("DELETE", path, expect)

    async def send(self, method: str, path: str, expect: int, **options: Any) -> Any:
        """Send a request and return the JSON (None when empty), insisting on the status."""
        response = await self.client.request(method, path, **options)
        assert response.status_code == expect, f"{method} {path}: {response.text}"
        return response.json() if response.content else None


async def register(kernel: Kernel, client: httpx2.AsyncClient, **details: Any) -> Person:
    """Register over HTTP; `details` override name, email, password, time_zone."""
    number = next(_numbers)
    body = {
        "name": f"Person {number}",
        "email": f"person{number}.{new_id().hex[-8:]}@example.org",
        "password": PASSWORD,
        **details,
    }
    response = await client.post("/auth/register", json=body)
    assert response.status_code == 201, response.text
    me = response.json()
    return Person(
        kernel=kernel,
        client=client,
        user_id=UUID(me["user"]["id"]),
        workspace_id=UUID(me["workspace"]["id"]),
        email=body["email"],
        password=body["password"],
    )


@contextmanager
def statements() -> Generator[list[str]]:
    """Collect the first word of every statement that is sent, by the ORM or past it."""
    sent: list[Statement] = []
    words: list[str] = []
    with recorded(sent):
        yield words
    words += [str(query).split(maxsplit=1)[0] for query, _ in sent]
