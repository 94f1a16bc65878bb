"""Who has written in a row, as the ledger knows: what is not the reader's own is untrusted."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from uuid import UUID

from sqlalchemy import and_, case, func, select, union_all

from selfos.kernel.context import Context
from selfos.kernel.ledger.models import ActorKind, Change, Changeset, Door

WRITTEN = (
    "area",
    "check_in",
    "comment",
    "data_point",
    "goal",
    "habit",
    "label",
    "note",
    "phase",
    "project",
    "task",
)


class Origin(StrEnum):
    """Whose words may stand in a row that is not only the reader's, least trusted first."""

    IMPORT = "an import"
    MEMBER = "another member"
    ASSISTANT = "an assistant"


async def origins_of(ctx: Context, row_ids: Iterable[UUID]) -> dict[str, Origin]:
    """Return those of these rows in which others have written, by id, in one query.

    Changesets count too: their labels name what others touched. What an assistant proposed and the
    user accepted is the user's own.
    """
    wanted = list(row_ids)
    if not wanted:
        return {}
    by_assistant = and_(
        Changeset.actor == ActorKind.ASSISTANT, Changeset.door.in_([Door.ASSISTANT, Door.MCP])
    )
    by_other = and_(
        Changeset.actor != ActorKind.SYSTEM, Changeset.user_id.is_distinct_from(ctx.user_id)
    )
    # The smallest number is the least trusted.
    rank = case((Changeset.door == Door.IMPORT, 0), (by_other, 1), (by_assistant, 2))
    same = and_(Changeset.workspace_id == Change.workspace_id, Changeset.id == Change.changeset_id)
    in_rows = (
        select(Change.entity_id, func.min(rank))
        .join(Changeset, same)
        .where(Change.entity.in_(WRITTEN), Change.entity_id.in_(wanted), rank.is_not(None))
        .group_by(Change.entity_id)
    )
    in_history = select(Changeset.id, rank).where(Changeset.id.in_(wanted), rank.is_not(None))
    found = await ctx.session.execute(union_all(in_rows, in_history))
    return {str(row_id): list(Origin)[number] for row_id, number in found}
