"""Devices for tests: each with a clock, a queue of changes, and rows as the server showed them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from selfos.kernel.identifiers import new_id
from tests.factories import Person

_last = [datetime.now(UTC)]


def next_instant() -> datetime:
    """Return the present, a millisecond later than the last one: what follows is later."""
    _last[0] = max(datetime.now(UTC), _last[0] + timedelta(milliseconds=1))
    return _last[0]


@dataclass
class Device:
    """One device of a person, offline until it syncs. `skew` moves its clock."""

    person: Person
    skew: timedelta = timedelta()
    id: str = field(default_factory=lambda: str(uuid4()))
    cursor: int | None = None
    rows: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict[Any, Any])
    bases: dict[tuple[str, str], int] = field(default_factory=dict[Any, Any])
    queue: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    count: int = 0
    workspace: str | None = None

    def op(self, entity: str, verb: str, thing: str | None = None, **fields: Any) -> dict[str, Any]:
        """Make a change, without queueing it."""
        entity_id = thing or str(new_id())
        self.count += 1
        wall = (next_instant() + self.skew).isoformat(timespec="milliseconds")[:23]
        return {
            "id": str(new_id()),
            "entity": entity,
            "entity_id": entity_id,
            "verb": verb,
            "fields": fields,
            "base": self.bases.get((entity, entity_id)),
            "hlc": f"{wall}Z-{self.count:04x}-{self.id}",
        }

    def do(self, entity: str, verb: str, thing: str | None = None, **fields: Any) -> str:
        """Change something offline; returns its id."""
        op = self.op(entity, verb, thing, **fields)
        self.queue.append(op)
        return op["entity_id"]

    async def send(self, *ops: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Send one request and return the answer, without keeping anything."""
        body: dict[str, Any] = {"device": self.id, "cursor": self.cursor, "ops": list(ops), **more}
        headers = {"SelfOS-Workspace": self.workspace} if self.workspace else {}
        return await self.person.send("POST", "/sync", 200, json=body, headers=headers)

    async def sync(self, limit: int = 500) -> list[dict[str, Any]]:
        """Send the queue and take everything in; returns the acks."""
        queue, self.queue = self.queue, []
        acks: list[dict[str, Any]] = []
        page, seen = None, set[tuple[str, str]]()
        while True:
            answer = await self.send(*queue, page=page, limit=limit)
            queue = []
            acks += answer["acks"]
            if answer["full_sync"] and page is None:
                self.rows.clear()
            for change in answer["changes"]:
                self._take(change)
                seen.add((change["entity"], change["id"]))
            self.cursor, page = answer["cursor"], answer["page"]
            if not answer["more"]:
                return acks

    def _take(self, change: dict[str, Any]) -> None:
        key = (change["entity"], change["id"])
        self.bases[key] = change["seq"]
        if change["row"] is None:
            self.rows.pop(key, None)
        else:
            self.rows[key] = change["row"]

    def row(self, entity: str, thing: str) -> dict[str, Any]:
        """Return a row as this device knows it."""
        return self.rows[entity, thing]
