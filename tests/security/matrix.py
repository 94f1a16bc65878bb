"""Every operation, every id slot, everybody who must not: one cell each.

A cell takes a request that its sender may make, puts somebody else's id into one slot, and wants
the very answer that an id of nothing gets; or it sends a right of the owner as somebody without
it, and wants a refusal.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx2
import psycopg

from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import Permission, Role, permissions_of
from tests.security.every_operation import BUILDERS
from tests.security.operations import PLACE, WORKSPACE, Operation, Slot, Tree, substituted, value_at
from tests.security.world import Owner, World, send

NOBODY, HIDDEN, REFUSED = 401, 404, 403
UNANSWERABLE = {404, 422}
QUIET_HEADERS = {"x-request-id", "content-length"}
# Here rows are one person's: those with the right see their own, and the victim's are not there.
ONES_OWN = {
    Permission.CALENDAR_READ,
    Permission.CALENDAR_WRITE,
    Permission.FEEDBACK_READ,
    Permission.FEEDBACK_WRITE,
    Permission.FOCUS_READ,
    Permission.FOCUS_WRITE,
    Permission.INSIGHT_READ,
    Permission.JOURNAL_READ,
    Permission.JOURNAL_WRITE,
    Permission.ASSISTANT_READ,
    Permission.ASSISTANT_WRITE,
    Permission.MEMORY_READ,
    Permission.MEMORY_WRITE,
    Permission.NOTIFICATION_READ,
    Permission.NOTIFICATION_WRITE,
    Permission.PROGRESS_WRITE,
    Permission.REMINDER_READ,
    Permission.REMINDER_WRITE,
    Permission.REPORT_READ,
    Permission.REPORT_WRITE,
}
OF_GUEST, OF_READER = permissions_of(Role.GUEST), permissions_of(Role.OWNER, read_only=True)


@dataclass(frozen=True)
class Answer:
    """What an outsider can tell an answer by; ids and the request's own number do not count."""

    status: int
    body: str
    headers: tuple[str, ...]

    @classmethod
    def of(cls, response: httpx2.Response, named: str) -> Answer:
        body = response.text
        if response.headers.get("content-type") == "application/problem+json":
            problem = response.json()
            problem.pop("request_id")
            body = json.dumps(problem)
        headers = sorted(set(response.headers) - QUIET_HEADERS)
        return cls(response.status_code, body.replace(named, "<id>"), tuple(headers))


@dataclass
class Matrix:
    """The cells of one run: how many there were, and what was wrong in them."""

    world: World
    owner: psycopg.AsyncConnection[Any]
    faults: list[str] = field(default_factory=list[str])
    cells: Counter[str] = field(default_factory=Counter[str])
    slots: set[tuple[str, Slot]] = field(default_factory=set[tuple[str, Slot]])

    async def run(self, operation: Operation) -> None:
        """Control, attack, control: the owner's request works before and after."""
        world = self.world
        used = await self.build(operation, world.victim)
        await self.control(operation, world.victim, used)
        if operation.public:
            return
        targets = await self.build(operation, world.victim)
        before = await world.fingerprint(self.owner)
        for owner, name in ((world.outsider, "outsider"), (world.removed, "removed member")):
            await self.try_from_outside(operation, targets, used, owner, name)
        if await world.fingerprint(self.owner) != before:
            self.faults.append(f"{operation.id}: from outside, something of the victim changed")
        foreign = await self.build(operation, world.outsider)
        before = await world.fingerprint(self.owner)
        await self.try_from_inside(operation, targets, foreign)
        if await world.fingerprint(self.owner) != before:
            self.faults.append(f"{operation.id}: from inside, something of the victim changed")
        await self.control(operation, world.victim, targets)

    async def build(self, operation: Operation, owner: Owner) -> list[Tree]:
        """Return the requests this owner may make, in their team unless they say otherwise."""
        trees = await BUILDERS[operation.id](owner)
        return [{"header": {"SelfOS-Workspace": owner.workspace}, **tree} for tree in trees]

    async def control(self, operation: Operation, owner: Owner, trees: list[Tree]) -> None:
        """Send the owner's own requests and insist on success."""
        for tree in trees:
            client = self.world.anonymous() if operation.public else owner.person.client
            response = await send(
                tree.get("sender", client), operation.method, operation.path, tree
            )
            if not response.is_success:
                self.faults.append(f"{operation.id}: its owner's {tree} got {response.text}")
                continue
            self.slots.update((operation.id, s) for s in operation.slots if value_at(tree, s))

    async def try_from_outside(
        self, operation: Operation, targets: list[Tree], used: list[Tree], owner: Owner, name: str
    ) -> None:
        """Try as somebody with a team of their own, who may do everything there."""
        mine = await self.build(operation, owner)
        client = owner.person.client
        for slot, target, tree in _cells(operation, targets, mine):
            if operation.creates(slot):
                await self.try_taken_id(operation, slot, value_at(used[0], slot), owner, name)
                continue
            base = target if slot in (WORKSPACE, PLACE) else tree
            await self.compare(operation, slot, target, base, client, name)
        if any(not operation.creates(slot) and slot != WORKSPACE for slot in operation.slots):
            whole: Tree = {**targets[0], "header": {}}
            response = await send(client, operation.method, operation.path, whole)
            self.look(operation, name, ("everything",), response)
            if response.is_success and "query" not in whole:
                self.faults.append(f"{operation.id}: {name} may do all of it")
        if not operation.personal:
            await self.control(operation, owner, await self.build(operation, owner))

    async def try_taken_id(
        self, operation: Operation, slot: Slot, taken: str | None, owner: Owner, name: str
    ) -> None:
        """Create with an id that the victim has used already, which nobody may learn."""
        assert taken is not None
        (mine, *_) = await self.build(operation, owner)
        client = owner.person.client
        fresh = await send(client, operation.method, operation.path, mine)
        (again, *_) = await self.build(operation, owner)
        response = await send(
            client, operation.method, operation.path, substituted(again, slot, taken)
        )
        self.look(operation, name, slot, response)
        if response.status_code != fresh.status_code:
            self.faults.append(f"{operation.id} {slot} tells {name} of an id: {response.text}")

    async def try_from_inside(
        self, operation: Operation, targets: list[Tree], foreign: list[Tree]
    ) -> None:
        """Try as those who are in the team with fewer rights, and as nobody."""
        world = self.world
        people = (
            ("guest", world.guest.client),
            ("read-only token", world.token),
            ("anonymous", world.anonymous()),
        )
        for name, client in people:
            for slot, other, tree in _cells(operation, foreign, targets):
                await self.compare(operation, slot, other, tree, client, name)
            if operation.personal and name == "guest":
                continue  # what is about oneself is everybody's right
            there = PLACE if PLACE in operation.slots else WORKSPACE
            whole = substituted(targets[0], there, world.victim.workspace)
            response = await send(client, operation.method, operation.path, whole)
            self.cells[name] += 1
            if response.status_code not in _rights(operation, name):
                self.faults.append(f"{operation.id}: {name} got {response.text}")

    async def compare(
        self,
        operation: Operation,
        slot: Slot,
        target: Tree,
        base: Tree,
        client: httpx2.AsyncClient,
        name: str,
    ) -> None:
        """Want the answer for the target's id to be the answer for an id of nothing."""
        answers: list[Answer] = []
        for value in (value_at(target, slot), str(new_id())):
            assert value is not None
            tree = substituted(base, slot, value)
            response = await send(client, operation.method, operation.path, tree)
            answers.append(Answer.of(response, value))
            self.look(operation, name, slot, response, count=len(answers) == 1)
        found, missing = answers
        if found != missing:
            self.faults.append(f"{operation.id} {slot} as {name}: {found} is not {missing}")
        elif found.status not in _expected(operation, slot, name):
            self.faults.append(f"{operation.id} {slot} as {name}: {found}")

    def look(
        self,
        operation: Operation,
        name: str,
        slot: Slot,
        response: httpx2.Response,
        *,
        count: bool = True,
    ) -> None:
        """Count a cell, and find in any answer what is the victim's."""
        self.cells[name] += count
        outside = name in ("outsider", "removed member", "anonymous")
        if outside and self.world.victim.mark in response.text:
            self.faults.append(f"{operation.id} {slot} as {name} shows: {response.text}")
        if response.status_code >= 500:
            self.faults.append(f"{operation.id} {slot} as {name} breaks: {response.text}")


def _cells(
    operation: Operation, targets: list[Tree], bases: list[Tree]
) -> Iterator[tuple[Slot, Tree, Tree]]:
    """Pair each slot with a request that carries the target's id and one to put it into."""
    for slot in operation.slots:
        for target, base in zip(targets, bases, strict=True):
            if value_at(target, slot) and value_at(base, slot):
                yield slot, target, base
                break


def _expected(operation: Operation, slot: Slot, name: str) -> set[int]:
    """Return how a foreign id in this slot may be answered."""
    if name == "anonymous":
        return {NOBODY}
    if slot in (WORKSPACE, PLACE):
        return {HIDDEN}
    held = _held(operation, name)
    if not held:
        return {REFUSED}
    if slot[0] == "query":
        return {200}
    # A plan is only read when it is applied; see the test of that.
    return UNANSWERABLE | ({200} if "lines" in slot else set())


def _rights(operation: Operation, name: str) -> set[int]:
    """Return how somebody in the team may be answered to a request the owner may make."""
    if name == "anonymous":
        return {NOBODY}
    if not _held(operation, name):
        return {REFUSED}
    if name == "guest" and operation.permission in ONES_OWN and "{" in operation.path:
        return {HIDDEN}
    return {200} if operation.reads else {200, REFUSED}


def _held(operation: Operation, name: str) -> bool:
    if name == "read-only token" and not operation.reads:
        return False
    if operation.permission is None or name in ("outsider", "removed member"):
        return True
    return operation.permission in (OF_GUEST if name == "guest" else OF_READER)
