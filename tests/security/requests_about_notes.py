"""Requests about notes, comments and a journal that succeed, with an id in every slot they have."""

from __future__ import annotations

from typing import Any

from selfos.kernel.identifiers import new_id
from tests.security.operations import Tree
from tests.security.requests_by_operation import Builder, thing
from tests.security.world import Owner

COMMENTED = ("task", "goal", "project", "habit")
NOTED = (*COMMENTED, "area")


async def targets(owner: Owner, nouns: tuple[str, ...] = NOTED) -> dict[str, str]:
    """Make one of everything a text can hang on."""
    return {f"{noun}_id": await thing(owner, f"{noun}s") for noun in nouns}


async def list_notes(owner: Owner) -> list[Tree]:
    return [{"query": await targets(owner)}]


async def create_note(owner: Owner) -> list[Tree]:
    made = await targets(owner)
    bodies: list[dict[str, Any]] = [{name: value} for name, value in made.items()]
    return [{"body": {"body": owner.mark, "id": str(new_id()), **each}} for each in bodies]


async def note(owner: Owner, *before: str) -> str:
    note_id = await owner.make("/notes", body=owner.mark)
    if "delete" in before:
        await owner.call("DELETE", f"/notes/{note_id}")
    return note_id


def on_note(*before: str) -> Builder:
    async def build(owner: Owner) -> list[Tree]:
        return [{"path": {"note_id": await note(owner, *before)}}]

    return build


async def update_note(owner: Owner) -> list[Tree]:
    path = {"note_id": await note(owner)}
    return [{"path": path, "body": {name: v}} for name, v in (await targets(owner)).items()]


async def list_comments(owner: Owner) -> list[Tree]:
    return [{"query": await targets(owner, COMMENTED)}]


async def create_comment(owner: Owner) -> list[Tree]:
    common = {"body": owner.mark, "mentions": [str(owner.person.user_id)]}
    made = await targets(owner, COMMENTED)
    return [{"body": {**common, "id": str(new_id()), name: v}} for name, v in made.items()]


async def comment(owner: Owner) -> str:
    return await owner.make("/comments", body=owner.mark, task_id=await thing(owner, "tasks"))


async def on_comment(owner: Owner) -> list[Tree]:
    return [{"path": {"comment_id": await comment(owner)}}]


async def update_comment(owner: Owner) -> list[Tree]:
    body = {"mentions": [str(owner.person.user_id)]}
    return [{"path": {"comment_id": await comment(owner)}, "body": body}]


async def entry(owner: Owner, *before: str) -> str:
    entry_id = await owner.make("/journal", body=owner.mark, mood=4, words=["calm"])
    if "delete" in before:
        await owner.call("DELETE", f"/journal/{entry_id}")
    return entry_id


def on_entry(*before: str, **more: Any) -> Builder:
    async def build(owner: Owner) -> list[Tree]:
        return [{"path": {"entry_id": await entry(owner, *before)}, **more}]

    return build


async def list_journal(owner: Owner) -> list[Tree]:
    await entry(owner)
    return [{"query": {"since": "2026-01-01"}}]


async def write_journal(owner: Owner) -> list[Tree]:
    return [{"body": {"id": str(new_id()), "body": owner.mark, "energy": 2}}]
