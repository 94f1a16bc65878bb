"""Every id a tool takes, one at a time: somebody else's is answered as one that never was."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, get_args
from uuid import UUID

import pytest
from pydantic import ValidationError

from selfos.edge.registry import TOOLS
from selfos.kernel.errors import Problem
from selfos.kernel.identifiers import new_id
from selfos.kernel.tools import Tool
from tests.assistants import ACTOR, PROPOSER, Assistant
from tests.factories import Person
from tests.security.test_hostile_model import things_of

MakePerson = Callable[..., Awaitable[Person]]
# What a tool needs besides ids.
WORDS: dict[str, dict[str, Any]] = {
    "search": {"q": "milk"},
    "create_task": {"title": "x"},
    "create_goal": {"title": "x"},
    "create_area": {"name": "x"},
    "create_project": {"name": "x"},
    "create_note": {"body": "x"},
    "create_habit": {"title": "x"},
    "append_to_note": {"text": "x"},
}


def slots(tool: Tool) -> list[str]:
    """Name the arguments of a tool that take an id."""
    fields = tool.arguments.model_fields.items()
    return [
        name for name, field in fields if UUID in (field.annotation, *get_args(field.annotation))
    ]


def required(tool: Tool) -> list[str]:
    fields = tool.arguments.model_fields
    return [name for name in slots(tool) if fields[name].is_required()]


async def everything_of(person: Person) -> list[Any]:
    lists = ("/tasks", "/goals", "/projects", "/areas", "/notes", "/habits", "/proposals")
    return [(await person.get(path))["items"] for path in lists]


async def answer(assistant: Assistant, tool: Tool, arguments: dict[str, Any]) -> str:
    """Return what a call is refused with, or that it went."""
    try:
        await assistant.call(tool.name, **arguments)
    except (Problem, ValidationError) as problem:
        return f"{type(problem).__name__}: {problem}"
    return "went"


@pytest.mark.parametrize("levels", [ACTOR, PROPOSER], ids=["acting", "proposing"])
async def test_foreign_ids_are_answered_like_ids_of_nothing(
    make_person: MakePerson, levels: dict[Any, Any]
) -> None:
    person, other = await make_person(), await make_person()
    theirs = await things_of(other)
    before = await everything_of(other)
    faults: list[str] = []
    cells = 0
    own: dict[str, list[str]] = {}
    for tool in TOOLS:
        for slot in slots(tool):
            kind = {"parent_id": "task_id", "after_id": "task_id"}.get(slot, slot)
            own = own or await things_of(person)
            base = WORDS.get(tool.name, {}) | {name: own[name][0] for name in required(tool)}
            assistant = Assistant(person, levels)
            foreign = await answer(assistant, tool, base | {slot: theirs[kind][0]})
            nothing = str(new_id())
            missing = await answer(assistant, tool, base | {slot: nothing})
            cells += 1
            if "went" in (foreign, missing):
                own = {}  # what a tool has changed is no base for the next
            if foreign != missing:
                faults.append(f"{tool.name} {slot}: {foreign} / {missing}")
            if slot in required(tool) and foreign == "went":
                faults.append(f"{tool.name} {slot}: reached somebody else's")
    print(f"{cells} id slots of {len(list(TOOLS))} tools")  # noqa: T201
    assert faults == []
    assert cells >= 30
    assert await everything_of(other) == before
