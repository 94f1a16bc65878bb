"""Requests about filters that succeed, with an id in every slot they have."""

from __future__ import annotations

from typing import Any

from selfos.kernel.identifiers import new_id
from tests.security.operations import Tree
from tests.security.world import Owner


async def saved(owner: Owner) -> str:
    """Save a filter and return its id."""
    return await owner.make("/filters", name=owner.mark, query="p1, is:habit is:due")


async def create_filter(owner: Owner) -> list[Tree]:
    return [{"body": {"id": str(new_id()), "name": owner.mark, "query": "p1"}}]


async def on_filter(owner: Owner) -> list[Tree]:
    return [{"path": {"filter_id": await saved(owner)}}]


async def update_filter(owner: Owner) -> list[Tree]:
    body: dict[str, Any] = {"query": "is:overdue"}
    return [{"path": {"filter_id": await saved(owner)}, "body": body}]


async def move_filter(owner: Owner) -> list[Tree]:
    path = {"filter_id": await saved(owner)}
    return [{"path": path, "body": {"after_id": await saved(owner)}}]
