"""Reading the ledger, and taking changesets back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Select, and_, case, cast, exists, func, select, tuple_
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by, distinct_on
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from selfos.features.history.events import ChangesetUndone
from selfos.features.history.schemas import HistoryQuery
from selfos.features.identity import service as identity
from selfos.kernel.context import Context
from selfos.kernel.documents import Document, Documents, Json, Order, assemble
from selfos.kernel.errors import Conflict, Forbidden, NotFound
from selfos.kernel.ledger.models import ActorKind, Change, Changeset
from selfos.kernel.permissions import Permission
from selfos.kernel.rows import missing

CONFLICTS: TypeAdapter[list[dict[str, Any]]] = TypeAdapter(list[dict[str, Any]])
UNDO_WINDOW = timedelta(days=30)

Undo, Redo, Newer = aliased(Changeset), aliased(Changeset), aliased(Changeset)

_redone = exists().where(Redo.undo_of == Undo.id, Redo.workspace_id == Undo.workspace_id)
undone_by = (
    select(Undo.id)
    .where(Undo.undo_of == Changeset.id, Undo.workspace_id == Changeset.workspace_id, ~_redone)
    .order_by(Undo.seq.desc())
    .limit(1)
    .correlate(Changeset)
    .scalar_subquery()
)
undoable = and_(
    Changeset.changes_count > 0,
    Changeset.reversible,
    Changeset.undo_of.is_(None),
    undone_by.is_(None),
    Changeset.at > func.now() - UNDO_WINDOW,
)


def _name_in(image: Any) -> ColumnElement[str | None]:
    """Return the title or name that an image shows, if it shows one."""
    return func.coalesce(
        image.after["title"].astext,
        image.after["name"].astext,
        image.before["title"].astext,
        image.before["name"].astext,
    )


def _title(entity: Any, entity_id: Any) -> ColumnElement[str | None]:
    """The newest title or name an object had, from its images."""
    image = aliased(Change)
    name = _name_in(image)
    return (
        select(name)
        .where(image.entity == entity, image.entity_id == entity_id, name.is_not(None))
        .order_by(image.id.desc())
        .limit(1)
        .scalar_subquery()
    )


CHANGESETS = Documents(
    Changeset,
    {
        "id": Changeset.id,
        "seq": Changeset.seq,
        "door": Changeset.door,
        "actor": func.json_build_object(
            "kind",
            Changeset.actor,
            "user_id",
            Changeset.user_id,
            "name",
            identity.name_of(Changeset.user_id),
        ),
        "label": case((Changeset.summary != "", Changeset.summary), else_="Changed something"),
        "at": Changeset.at,
        "changes_count": Changeset.changes_count,
        "undo_of": Changeset.undo_of,
        "undone_by": undone_by,
        "undoable": undoable,
    },
    version=Changeset.seq,
)


async def list_history(ctx: Context, query: HistoryQuery) -> Json:
    """Return changesets, newest first; of one object if named."""
    ctx.require(Permission.HISTORY_READ)
    conditions: list[ColumnElement[bool]] = [Changeset.changes_count > 0]
    if query.entity is not None or query.entity_id is not None:
        touched = [Change.changeset_id == Changeset.id]
        if query.entity is not None:
            touched.append(Change.entity == query.entity)
        if query.entity_id is not None:
            touched.append(Change.entity_id == query.entity_id)
        conditions.append(exists(select(Change.id).where(*touched)))
    order = Order((Changeset.seq,), descending=True)
    return await CHANGESETS.page(ctx, query, *conditions, order=order)


async def get_changeset(ctx: Context, changeset_id: UUID) -> Document:
    """Return one changeset with every row it touched."""
    ctx.require(Permission.HISTORY_READ)
    head = await CHANGESETS.one(ctx, changeset_id)
    row = func.json_build_object(
        "entity",
        Change.entity,
        "entity_id",
        Change.entity_id,
        "kind",
        Change.kind,
        "title",
        _title(Change.entity, Change.entity_id),
        "before",
        Change.before,
        "after",
        Change.after,
    )
    changes = await ctx.session.scalar(
        select(func.json_agg(aggregate_order_by(row, Change.id))).where(
            Change.changeset_id == changeset_id
        )
    )
    body = head.body[:-1] + b"," + assemble({"changes": changes or []})[1:]
    return Document(body, head.version)


async def undo_changeset(
    ctx: Context, changeset_id: UUID, *, partial: bool = False
) -> list[dict[str, Any]]:
    """Take a changeset back as a new changeset; returns what a partial undo left alone.

    Raises Conflict, listing fields that have changed since, unless `partial`.
    """
    ctx.require(Permission.HISTORY_UNDO)
    target = await _get(ctx, changeset_id)
    if not target.reversible:
        raise Conflict(
            "Memberships and workspaces are changed by their own verbs, and what has left the trash"
            " is gone: undo leaves them alone."
        )
    if target.at < ctx.now - UNDO_WINDOW:
        raise Conflict("This is more than 30 days ago and can no longer be undone.")
    if await ctx.session.scalar(select(undone_by).where(Changeset.id == target.id)) is not None:
        raise Conflict("This has been undone already.")
    return await _take_back(ctx, target, partial=partial)


async def undo_own_assistants(ctx: Context, changeset_id: UUID) -> None:
    """Take back what an assistant has done in the acting user's name, and nothing else."""
    ctx.require(Permission.HISTORY_UNDO)
    target = await _get(ctx, changeset_id)
    if target.actor is not ActorKind.ASSISTANT or target.user_id != ctx.user_id:
        raise Forbidden("An assistant takes back only what it did; you can undo this in History.")
    await undo_changeset(ctx, changeset_id)


async def redo_changeset(ctx: Context, changeset_id: UUID) -> list[dict[str, Any]]:
    """Bring an undone changeset's effects back."""
    ctx.require(Permission.HISTORY_UNDO)
    await _get(ctx, changeset_id)
    undo_id = await ctx.session.scalar(select(undone_by).where(Changeset.id == changeset_id))
    if undo_id is None:
        raise Conflict("This is not undone; there is nothing to redo.")
    return await _take_back(ctx, await _get(ctx, undo_id), partial=False)


async def undo_last(ctx: Context) -> list[dict[str, Any]]:
    """Take back my newest change that stands."""
    ctx.require(Permission.HISTORY_UNDO)
    target = await ctx.session.scalar(_mine(ctx).where(undoable))
    if target is None:
        raise NotFound("There is nothing to undo.")
    return await _take_back(ctx, target, partial=False)


async def redo_last(ctx: Context) -> list[dict[str, Any]]:
    """Bring back what I undid last, unless I have done something else since."""
    ctx.require(Permission.HISTORY_UNDO)
    done_since = exists().where(
        Newer.workspace_id == Changeset.workspace_id,
        Newer.user_id == ctx.user_id,
        Newer.undo_of.is_(None),
        Newer.changes_count > 0,
        Newer.seq > Changeset.seq,
    )
    undone = aliased(Changeset)
    plain = exists().where(
        undone.workspace_id == Changeset.workspace_id,
        undone.id == Changeset.undo_of,
        undone.undo_of.is_(None),
    )
    statement = _mine(ctx).where(undone_by.is_(None), plain, ~done_since)
    target = await ctx.session.scalar(statement)
    if target is None:
        raise NotFound("There is nothing to redo.")
    return await _take_back(ctx, target, partial=False)


async def _take_back(ctx: Context, target: Changeset, *, partial: bool) -> list[dict[str, Any]]:
    if target.user_id != ctx.user_id:
        await _require_whole(ctx, target)
    ctx.draft.undo_of = target.id
    ctx.describe(_label(target))
    try:
        undone = await ctx.session.execute(
            select(cast(func.ledger_undo(target.id, partial), JSONB))
        )
    except IntegrityError as error:
        raise Conflict(
            "This cannot be undone: it refers to something that no longer exists."
        ) from error
    found = await _titled(ctx, CONFLICTS.validate_python(undone.scalar_one()))
    carried = [conflict for conflict in found if conflict["fields"] == ["*"]]
    if carried or (found and not partial):
        raise Conflict(
            "Some of this has changed since; undo it in part, or leave it.",
            extra={"conflicts": found},
        )
    ctx.emit(ChangesetUndone(changeset_id=target.id))
    return found


async def _require_whole(ctx: Context, target: Changeset) -> None:
    """Refuse to take back only what is shared of a change: its other part would stand alone."""
    counted = select(func.count()).where(Change.changeset_id == target.id)
    if await ctx.session.scalar(counted) != target.changes_count:
        raise Forbidden("Part of this is one person's own, so only they can undo it.")


def _label(target: Changeset) -> str:
    """Say what is taken back: a deed is undone, its undo redone, and that undone again."""
    verb, deed = "Redid", target.summary
    if target.undo_of is not None:
        verb, _, deed = target.summary.partition(": ")
    return f"{'Redid' if verb == 'Undid' else 'Undid'}: {deed}".removesuffix(": ")


async def _titled(ctx: Context, conflicts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add the newest title or name that each object had."""
    objects = {(conflict["entity"], UUID(conflict["entity_id"])) for conflict in conflicts}
    if not objects:
        return []
    found = await ctx.session.execute(
        select(Change.entity, Change.entity_id, _name_in(Change).label("title"))
        .ext(distinct_on(Change.entity, Change.entity_id))
        .where(tuple_(Change.entity, Change.entity_id).in_(objects), _name_in(Change).is_not(None))
        .order_by(Change.entity, Change.entity_id, Change.id.desc())
    )
    titles = {(row.entity, str(row.entity_id)): row.title for row in found}
    return [
        {**conflict, "title": titles.get((conflict["entity"], conflict["entity_id"]))}
        for conflict in conflicts
    ]


async def _get(ctx: Context, changeset_id: UUID) -> Changeset:
    found = await ctx.session.scalar(select(Changeset).where(Changeset.id == changeset_id))
    if found is None:
        raise missing("Changeset")
    return found


def _mine(ctx: Context) -> Select[Changeset]:
    return (
        select(Changeset)
        .where(Changeset.user_id == ctx.user_id, Changeset.changes_count > 0)
        .order_by(Changeset.seq.desc())
        .limit(1)
    )
