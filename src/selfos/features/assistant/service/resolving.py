"""From a name somebody said to the thing they mean, and from a question to its rows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from selfos.features.assistant.schemas.parts import CitedRow, RowsPart
from selfos.features.habits import service as habits
from selfos.features.habits.schemas.inputs import HabitQuery
from selfos.features.planning import service as planning
from selfos.features.planning.schemas.inputs import AreaQuery, GoalQuery, ProjectQuery, TaskQuery
from selfos.features.search import service as searching
from selfos.features.search.schemas.searching import SearchQuery
from selfos.kernel.context import Context

Entity = Literal["task", "goal", "habit", "project", "area"]
SHOWN_ROWS, COUNTED_ROWS = 10, 200
MOST_HITS = 6
ARTICLES = re.compile(r"^(?:the|my|a|an|task|habit|goal|that|this)\s+", re.IGNORECASE)
WORD = re.compile(r"\w[\w'’-]*")


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that exists, by the name it was called."""

    entity: Entity
    id: UUID
    title: str

    def cited(self) -> CitedRow:
        """Return it as an answer cites it."""
        return CitedRow(entity=self.entity, id=self.id, title=self.title)


async def find_things(ctx: Context, name: str, kinds: tuple[Entity, ...]) -> list[Thing]:
    """Return the open things of these kinds that a name may mean; one exact match stands alone."""
    wanted = _without_article(name)
    words = _plain(wanted)
    if not words:
        return []
    found = await searching.search(
        ctx, SearchQuery(q=words, kinds=",".join(kinds), limit=MOST_HITS)
    )
    things = [Thing(_entity(hit.kind), hit.id, hit.title) for hit in found.items if not hit.closed]
    exact = [thing for thing in things if thing.title.casefold() == wanted.casefold()]
    return exact if len(exact) == 1 else things


async def rows_for(ctx: Context, entity: str, wanted: str, *, count: bool) -> RowsPart:
    """Return what a filter finds among these things; a wrong filter is Invalid."""
    ask, detail = READERS[entity]
    limit = COUNTED_ROWS if count else SHOWN_ROWS
    page = json.loads(await ask(ctx, wanted or None, limit))
    items = page["items"]
    rows = [
        CitedRow(
            entity=_entity(entity),
            id=row["id"],
            title=row.get("title") or row["name"],
            detail=detail(row),
        )
        for row in items[:SHOWN_ROWS]
    ]
    more = page["next_cursor"] is not None or len(items) > SHOWN_ROWS
    return RowsPart(filter=wanted, rows=rows, total=len(items), more=more)


def _entity(name: str) -> Entity:
    match str(name):
        case "task" | "goal" | "habit" | "project" | "area" as known:
            return known
        case _:
            return "task"


def _without_article(name: str) -> str:
    while (shorter := ARTICLES.sub("", name)) != name:
        name = shorter
    return name.strip()


def _plain(name: str) -> str:
    """Return the words of a name as a search takes them, none of them read as a qualifier."""
    words = WORD.findall(name)[:8]
    return " ".join(f'"{word}"' if re.fullmatch(r"p[1-4]", word) else word for word in words)


async def _tasks(ctx: Context, wanted: str | None, limit: int) -> bytes:
    fields = "title,due,priority,state,completed_at"
    return await planning.list_tasks(ctx, TaskQuery(q=wanted, limit=limit, fields=fields))


async def _goals(ctx: Context, wanted: str | None, limit: int) -> bytes:
    fields = "title,progress,target_date"
    return await planning.list_goals(ctx, GoalQuery(q=wanted, limit=limit, fields=fields))


async def _projects(ctx: Context, wanted: str | None, limit: int) -> bytes:
    fields = "name,progress,target_date"
    return await planning.list_projects(ctx, ProjectQuery(q=wanted, limit=limit, fields=fields))


async def _areas(ctx: Context, _: str | None, limit: int) -> bytes:
    return await planning.list_areas(ctx, AreaQuery(limit=limit, fields="name"))


async def _habits(ctx: Context, wanted: str | None, limit: int) -> bytes:
    return await habits.list_habits(ctx, HabitQuery(q=wanted, limit=limit, fields="title,period"))


def _of_task(row: Mapping[str, Any]) -> str:
    if row["completed_at"]:
        return f"done {row['completed_at'][:10]}"
    said = [f"due {row['due']['date']}"] if row["due"] else []
    return ", ".join([*said, *([f"p{row['priority']}"] if row["priority"] < 4 else [])])  # noqa: PLR2004


def _of_way(row: Mapping[str, Any]) -> str:
    said = [f"{round(row['progress'] * 100)} %"] if row["progress"] is not None else []
    return ", ".join([*said, *([f"by {row['target_date']}"] if row["target_date"] else [])])


READERS: Mapping[str, tuple[Callable[..., Any], Callable[[Mapping[str, Any]], str]]] = {
    "task": (_tasks, _of_task),
    "goal": (_goals, _of_way),
    "project": (_projects, _of_way),
    "area": (_areas, lambda _: ""),
    "habit": (_habits, lambda row: f"by the {row['period']}"),
}
