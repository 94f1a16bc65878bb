"""What the application offers, read from its own OpenAPI description: operations and id slots.

A slot is a place in a request that takes an id. Slots are found, not listed, so that a new
operation or a new field is attacked the day it exists.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI

from selfos.kernel.permissions import Permission

Slot = tuple[str, ...]
# A request as a tree: {"path": {…}, "query": {…}, "header": {…}, "body": {…}}; "sender" is the
# client of somebody other than the owner who may send it.
Tree = dict[str, Any]
WORKSPACE: Slot = ("header", "SelfOS-Workspace")
PLACE: Slot = ("path", "workspace_id")
# A proposal's line carries the fields of a task, which the description leaves open.
INSIDE_LINES = ("parent_id", "project_id", "phase_id", "goal_id", "area_id", "assignee_id")


@dataclass(frozen=True)
class Operation:
    """One verb at one address: who may call it, and where its requests carry ids."""

    id: str
    method: str
    path: str
    access: str
    slots: tuple[Slot, ...]

    @property
    def public(self) -> bool:
        return self.access == "public"

    @property
    def personal(self) -> bool:
        """Whether it is about the caller rather than about a workspace."""
        return self.access == "self"

    @property
    def permission(self) -> Permission | None:
        return None if self.public or self.personal else Permission(self.access)

    @property
    def reads(self) -> bool:
        return self.method == "GET"

    def creates(self, slot: Slot) -> bool:
        """Tell whether this slot is the id a client chooses for a new row."""
        if slot[0] != "body":
            return False
        return slot[-1] == "rest_id" or (self.method == "POST" and slot[-1] == "id")


def operations(app: FastAPI) -> list[Operation]:
    """Return every operation of the application."""
    description = app.openapi()
    found: list[Operation] = []
    for path, methods in description["paths"].items():
        for method, details in methods.items():
            access = details.get("x-selfos-access")
            if access is None:
                continue  # probes outside the interface take nothing
            slots = list(dict.fromkeys(_slots(description, details)))
            if access != "public" and PLACE not in slots:
                slots.append(WORKSPACE)
            found.append(
                Operation(
                    details["operationId"],
                    method.upper(),
                    path.removeprefix("/api/v1"),
                    access,
                    tuple(slots),
                )
            )
    return found


def _slots(description: dict[str, Any], details: dict[str, Any]) -> Iterator[Slot]:
    for parameter in details.get("parameters", []):
        yield from _ids(description, parameter["schema"], (parameter["in"], parameter["name"]))
    body = details.get("requestBody", {}).get("content", {}).get("application/json")
    if body is not None:
        yield from _ids(description, body["schema"], ("body",))
    if details["operationId"] == "update_proposal":
        yield from (("body", "lines", "*", "fields", name) for name in INSIDE_LINES)


def _ids(description: dict[str, Any], schema: dict[str, Any], at: Slot) -> Iterator[Slot]:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        schema = description["components"]["schemas"][name]
    if schema.get("format") == "uuid":
        yield at
    for union in ("anyOf", "oneOf", "allOf"):
        for member in schema.get(union, []):
            yield from _ids(description, member, at)
    if "items" in schema:
        yield from _ids(description, schema["items"], (*at, "*"))
    for name, field in schema.get("properties", {}).items():
        yield from _ids(description, field, (*at, name))


def value_at(tree: Tree, slot: Slot) -> str | None:
    """Return the id a request carries in this slot, if it does."""
    node: Any = tree
    for step in slot:
        if step == "*":
            node = node[0] if node else None
        else:
            node = node.get(step) if hasattr(node, "get") else None
    return node


def substituted(tree: Tree, slot: Slot, value: str) -> Tree:
    """Return the same request with another id in this slot."""
    changed = copy.deepcopy({part: node for part, node in tree.items() if part != "sender"})
    node: Any = changed
    for step in slot[:-1]:
        node = node[0] if step == "*" else node[step]
    node[0 if slot[-1] == "*" else slot[-1]] = value
    return changed
