"""History for assistants: what happened, and taking back what assistants did."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field

from selfos.features.history import service as history
from selfos.features.history.schemas import HistoryQuery
from selfos.kernel.context import Context
from selfos.kernel.documents import Json
from selfos.kernel.permissions import Permission
from selfos.kernel.schema import Input
from selfos.kernel.tools import DirectTool, Group, ReadTool

MOST_LISTED = 50
LISTED = "label,door,actor,at,changes_count,undoable"


class ListHistory(Input):
    limit: Annotated[int, Field(ge=1, le=MOST_LISTED)] = 20
    cursor: Annotated[str | None, Field(max_length=1_000)] = None


class UndoChange(Input):
    changeset_id: Annotated[UUID, Field(description="The `id` of an entry of `list_history`.")]


async def _list(ctx: Context, asked: ListHistory) -> Json:
    query = HistoryQuery(limit=asked.limit, cursor=asked.cursor, fields=LISTED)
    return await history.list_history(ctx, query)


async def _undo(ctx: Context, asked: UndoChange) -> Json:
    await history.undo_own_assistants(ctx, asked.changeset_id)
    return (await history.get_changeset(ctx, asked.changeset_id)).body


TOOLS = (
    ReadTool(
        name="list_history",
        description="List what was changed lately, by whom, newest first.",
        group=Group.HISTORY,
        permission=Permission.HISTORY_READ,
        arguments=ListHistory,
        verb=_list,
    ),
    DirectTool(
        name="undo_change",
        description="Take back one change that an assistant has made. The user's own are theirs.",
        group=Group.HISTORY,
        permission=Permission.HISTORY_UNDO,
        arguments=UndoChange,
        verb=_undo,
    ),
)
