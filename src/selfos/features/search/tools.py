"""Search for assistants."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from selfos.features.planning.schemas.filters import FilterText
from selfos.features.search import service
from selfos.features.search.schemas.searching import Kind, SearchQuery
from selfos.kernel.context import Context
from selfos.kernel.documents import Json, assemble
from selfos.kernel.permissions import Permission
from selfos.kernel.schema import Input
from selfos.kernel.tools import Group, ReadTool

MOST_FOUND = 20
# What one writes for oneself is not handed to a model, nor to a program one has let in.
KINDS = tuple(kind for kind in Kind if kind is not Kind.JOURNAL_ENTRY)


class Search(Input):
    q: Annotated[
        FilterText, Field(description='Words, `"phrases"`, or a filter of tasks or habits.')
    ]
    kinds: Annotated[list[Kind], Field(max_length=len(Kind), description="Default: all.")] = []
    limit: Annotated[int, Field(ge=1, le=MOST_FOUND)] = 10


async def _search(ctx: Context, asked: Search) -> Json:
    kinds = ",".join(kind for kind in asked.kinds or KINDS if kind in KINDS) or "task"
    found = await service.search(ctx, SearchQuery(q=asked.q, kinds=kinds, limit=asked.limit))
    hits = [
        hit.model_dump(mode="json", include={"kind", "id", "title", "about", "closed"})
        # In one piece: an address must not hide in the gaps between what was found.
        | {"snippet": "".join(part.text for part in hit.snippet_parts or [])}
        for hit in found.items
    ]
    return assemble({"items": hits, "problem": found.problem and found.problem.detail})


TOOLS = (
    ReadTool(
        name="search",
        description="Find anything by words: tasks, goals, projects, areas, habits, notes.",
        group=Group.OVERVIEW,
        permission=Permission.WORKSPACE_READ,
        arguments=Search,
        verb=_search,
    ),
)
