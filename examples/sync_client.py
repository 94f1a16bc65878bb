"""A whole SelfOS client that works without a network: one file, kept in one SQLite database.

    export SELFOS_URL=http://127.0.0.1:8000 SELFOS_TOKEN=sos_api_…
    python examples/sync_client.py add "Call Mum" --labels family
    python examples/sync_client.py done 01a2…        # the beginning of an id is enough
    python examples/sync_client.py sync
    python examples/sync_client.py list

Needs Python 3.11 and httpx2. The protocol stands in docs/reference/sync-protocol.md.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sqlite3
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import httpx2

SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value);
CREATE TABLE IF NOT EXISTS rows (
    fresh INTEGER, entity TEXT, id TEXT, seq INTEGER, row TEXT, PRIMARY KEY (fresh, entity, id)
);
CREATE TABLE IF NOT EXISTS queue (place INTEGER PRIMARY KEY, op TEXT);
"""
OPS_AT_ONCE = 500
Batch = list[tuple[int, dict[str, Any]]]
SHUT_OUT = (403, 404)


def uuid7() -> str:
    """Return a UUIDv7: milliseconds, then random bits."""
    value = time.time_ns() // 1_000_000 << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 7 << 76
    return str(uuid.UUID(int=value & ~(0x3 << 62) | 0x2 << 62))


class Device:
    """Rows as the server shows them, and a queue of what was done since."""

    def __init__(self, path: str) -> None:
        """Open the device's database, or make it."""
        self.database = sqlite3.connect(path)
        self.database.executescript(SCHEMA)
        self.id = self.fact("device") or self.keep("device", str(uuid.uuid4()))

    def fact(self, name: str) -> Any:
        """Return something the device knows about itself."""
        found = self.database.execute("SELECT value FROM facts WHERE name = ?", [name]).fetchone()
        return found[0] if found else None

    def keep(self, name: str, value: Any) -> Any:
        """Store something the device knows about itself."""
        self.database.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", [name, value])
        return value

    def stamp(self) -> str:
        """Return the next reading of the clock, later than all it has made or heard."""
        wall = datetime.now(UTC).isoformat(timespec="milliseconds")[:23] + "Z"
        last_wall, last_count = (self.fact("clock") or f"{wall}-0000")[:29].rsplit("-", 1)
        wall, count = (wall, 0) if wall > last_wall else (last_wall, int(last_count, 16) + 1)
        return self.keep("clock", f"{wall}-{count:04x}-{self.id}")

    def do(self, entity: str, verb: str, thing: str | None = None, **fields: Any) -> str:
        """Do something here and now; the server hears of it with the next sync."""
        thing = thing or uuid7()
        known = self.database.execute(
            "SELECT seq FROM rows WHERE fresh = 0 AND entity = ? AND id = ?", [entity, thing]
        ).fetchone()
        op = {"id": uuid7(), "entity": entity, "entity_id": thing, "verb": verb, "fields": fields}
        op |= {"base": known[0] if known else None, "hlc": self.stamp()}
        with self.database:
            self.database.execute("INSERT INTO queue (op) VALUES (?)", [json.dumps(op)])
        return thing

    def waiting(self) -> Batch:
        """Return what the server has not answered yet, oldest first."""
        found = self.database.execute("SELECT place, op FROM queue ORDER BY place")
        return [(place, json.loads(op)) for place, op in found]

    def shown(self, entity: str) -> dict[str, dict[str, Any]]:
        """Return the rows as they look here: the server's, with what waits done to them."""
        found = self.database.execute(
            "SELECT id, row FROM rows WHERE fresh = 0 AND entity = ?", [entity]
        )
        rows: dict[str, dict[str, Any]] = {thing: json.loads(row) for thing, row in found}
        for _, op in self.waiting():
            if op["entity"] == entity:
                row = rows.setdefault(op["entity_id"], {"state": "inbox", "deleted_at": None})
                row.update({k: v for k, v in op["fields"].items() if k != "labels"})
                row.update({"complete": {"state": "done"}}.get(op["verb"], {}))
                row.update({"delete": {"deleted_at": op["hlc"]}}.get(op["verb"], {}))
        return {thing: row for thing, row in rows.items() if row["deleted_at"] is None}

    def sync(self, http: httpx2.Client) -> Iterator[str]:
        """Send the queue and take everything in; yields what a person should read."""
        page = None
        while True:
            batch = self.waiting()[:OPS_AT_ONCE] if page is None else []
            body = {"device": self.id, "cursor": self.fact("cursor"), "page": page}
            answer = http.post("/api/v1/sync", json={**body, "ops": [op for _, op in batch]})
            if answer.status_code in SHUT_OUT:
                self.forget()
            answer.raise_for_status()
            told = answer.json()
            self.take(told, batch, is_first=page is None)
            yield from worth_telling(batch, told["acks"])
            if told["server_hlc"] is None:
                yield "You are no longer a member of this workspace."
                return
            page = told["page"]
            if not told["more"] and not self.waiting():
                return

    def take(self, told: dict[str, Any], batch: Batch, *, is_first: bool) -> None:
        """Store an answer in one step: what was answered leaves the queue as the rows come in."""
        fresh = int(told["full_sync"])
        with self.database as step:
            step.executemany("DELETE FROM queue WHERE place = ?", [[place] for place, _ in batch])
            if fresh and is_first:
                step.execute("DELETE FROM rows WHERE fresh = 1")
            for change in told["changes"]:
                key = [fresh, change["entity"], change["id"]]
                step.execute("DELETE FROM rows WHERE fresh = ? AND entity = ? AND id = ?", key)
                if change["row"] is not None:
                    values = [*key, change["seq"], json.dumps(change["row"])]
                    step.execute("INSERT INTO rows VALUES (?, ?, ?, ?, ?)", values)
            if told["page"] is None:
                if fresh:
                    step.execute("DELETE FROM rows WHERE fresh = 0")
                    step.execute("UPDATE rows SET fresh = 0")
                self.keep("cursor", told["cursor"])
            self.keep("clock", max(self.fact("clock") or "", told["server_hlc"] or ""))

    def forget(self) -> None:
        """Delete the copy of a workspace one may no longer read."""
        with self.database as step:
            step.execute("DELETE FROM rows")
            step.execute("DELETE FROM queue")
            self.keep("cursor", None)

    def find(self, start: str) -> str:
        """Return the one task whose id begins so."""
        found = [thing for thing in self.shown("task") if thing.startswith(start)]
        if len(found) != 1:
            sys.exit(f"{len(found)} tasks have an id that begins with {start}.")
        return found[0]


def worth_telling(batch: Batch, acks: list[dict[str, Any]]) -> Iterator[str]:
    """Yield what was refused, and what lost against others."""
    for (_, op), ack in zip(batch, acks, strict=True):
        if ack["problem"]:
            yield f"Refused: {op['verb']} {op['entity']}: {ack['problem']['detail']}"
        for lost in ack["conflicts"]:
            if lost["field"] == "deleted":
                yield f"Not deleted: somebody changed this {op['entity']} meanwhile."
            else:
                yield f"Conflict in {lost['field']}: “{lost['kept']}” stands, not “{lost['lost']}”"


def exchange(device: Device) -> None:
    """Sync with the server the environment names."""
    headers = {"Authorization": f"Bearer {os.environ.get('SELFOS_TOKEN', '')}"}
    address = os.environ.get("SELFOS_URL", "http://127.0.0.1:8000")
    try:
        with httpx2.Client(base_url=address, headers=headers, timeout=60) as http:
            for line in device.sync(http):
                print(line)
    except httpx2.HTTPStatusError as refusal:
        problem = refusal.response.json()
        sys.exit(f"{problem['detail']} {len(device.waiting())} changes wait.")
    except httpx2.TransportError:
        sys.exit(f"{address} does not answer; {len(device.waiting())} changes wait.")
    print(f"At {device.fact('cursor')}; {len(device.waiting())} changes wait.")


def act(device: Device, wanted: argparse.Namespace) -> None:
    """Do what the command line says."""
    match wanted.command:
        case "add":
            print(device.do("task", "create", title=wanted.title, labels=wanted.labels))
        case "rename":
            device.do("task", "update", device.find(wanted.id), title=wanted.title)
        case "done":
            device.do("task", "complete", device.find(wanted.id))
        case "delete":
            device.do("task", "delete", device.find(wanted.id))
        case "sync":
            exchange(device)
        case _:
            for thing, row in device.shown("task").items():
                print(thing, row["state"].ljust(9), row["title"])


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Tasks of SelfOS, with or without a network.")
    parser.add_argument("--file", default=os.environ.get("SELFOS_FILE", "selfos-device.sqlite"))
    commands = parser.add_subparsers(dest="command", required=True)
    takes = {"add": "title", "rename": "id title", "done": "id", "delete": "id"}
    for name in (*takes, "sync", "list"):
        command = commands.add_parser(name)
        for word in takes.get(name, "").split():
            command.add_argument(word)
    commands.choices["add"].add_argument("--labels", nargs="*", default=[])
    wanted = parser.parse_args()
    device = Device(wanted.file)
    with closing(device.database):
        act(device, wanted)


if __name__ == "__main__":
    main()
