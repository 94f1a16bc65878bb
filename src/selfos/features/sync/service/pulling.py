"""Telling a device what has changed since, or everything there is.

Rows are read after the ledger's number they are announced with, so a row is never older than its
`seq` says: a device may hear of a change twice, and never not at all.
"""

from __future__ import annotations

import base64
import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import func, select

from selfos.features.sync.clock import Stamp
from selfos.features.sync.models import SyncOp
from selfos.features.sync.service.registry import NOUNS, POINTERS, SHOWING, SHOWN
from selfos.kernel.context import Context
from selfos.kernel.documents import Json
from selfos.kernel.errors import Invalid, invalid
from selfos.kernel.ledger.models import Change, Changeset, TenantRoot

KEPT = timedelta(days=90)
# One changeset is handed over whole, unless it is so large that everything anew is the better way.
LARGEST_CHANGESET = 5_000
POINTING = sorted({column for columns in POINTERS.values() for column in columns})
PLACE: TypeAdapter[tuple[int, str, UUID | None]] = TypeAdapter(tuple[int, str, UUID | None])
GONE: Json = b"null"


@dataclass(frozen=True, slots=True)
class Pulled:
    """One page of what a device has to know; `page` continues a walk through everything."""

    changes: list[Json]
    cursor: int | None
    more: bool = False
    full: bool = False
    page: str | None = None


async def pull(ctx: Context, cursor: int | None, page: str | None, limit: int) -> Pulled:
    """Return what has changed since the cursor, or everything, page by page."""
    now = await ctx.session.scalar(select(TenantRoot.seq).where(TenantRoot.id == ctx.workspace_id))
    number = now or 0
    if page is not None:
        return await _walk(ctx, *_place(page), number, limit)
    if cursor is None or cursor > number:
        return await _walk(ctx, number, SHOWN[0].entity, None, number, limit)
    window = await _window(ctx, cursor, number, limit)
    if window is None:
        return await _walk(ctx, number, SHOWN[0].entity, None, number, limit)
    changes = await _changed(ctx, cursor, window, number) if window > cursor else []
    return Pulled(changes, window, more=window < number)


async def latest_stamp(ctx: Context) -> Stamp:
    """Return a stamp later than the present and than everything devices have written here."""
    newest = await ctx.session.scalar(
        select(func.max(SyncOp.hlc)).where(SyncOp.workspace_id == ctx.workspace_id)
    )
    present = Stamp.at(ctx.now)
    return max(present, Stamp.read(newest)).following() if newest else present


async def _window(ctx: Context, cursor: int, number: int, limit: int) -> int | None:
    """Return up to where whole changesets fit on one page; None if everything is to be loaded."""
    query = (
        select(Changeset.seq, Changeset.changes_count, Changeset.at)
        .where(Changeset.seq > cursor, Changeset.seq <= number)
        .order_by(Changeset.seq)
        .limit(limit + 1)
    )
    found = (await ctx.session.execute(query)).all()
    if found and (found[0].at < ctx.now - KEPT or found[0].changes_count > LARGEST_CHANGESET):
        return None
    end, total = cursor, 0
    for changeset in found[:limit]:
        total += changeset.changes_count
        if total > limit and end > cursor:
            return end
        end = changeset.seq
    return end if len(found) > limit else number


async def _changed(ctx: Context, start: int, end: int, number: int) -> list[Json]:
    """Return the present rows of what these changesets touched or made look different."""
    touched, pointed = await _touched(ctx, start, end)
    together = {name: touched[name] | pointed[name] for name in touched.keys() | pointed.keys()}
    for rows_showing in SHOWING:
        for name, ids in (await rows_showing(ctx, together)).items():
            pointed[name] |= ids
    changes: list[Json] = []
    for noun in SHOWN:
        if noun.reads not in ctx.permissions:
            continue
        rows = await noun.documents.named(ctx, touched[noun.entity] | pointed[noun.entity])
        gone = dict.fromkeys(touched[noun.entity] - rows.keys(), GONE)
        changes += [
            _change(noun.entity, row_id, number, row) for row_id, row in {**rows, **gone}.items()
        ]
    return changes


Ids = defaultdict[str, set[UUID]]


async def _touched(ctx: Context, start: int, end: int) -> tuple[Ids, Ids]:
    """Return what these changesets changed, and what the changed rows point or pointed to."""
    images = [image[name].astext for image in (Change.before, Change.after) for name in POINTING]
    query = (
        select(Change.entity, Change.entity_id, *images)
        .join(
            Changeset,
            (Changeset.workspace_id == Change.workspace_id) & (Changeset.id == Change.changeset_id),
        )
        .where(Changeset.seq > start, Changeset.seq <= end)
        .distinct()
    )
    touched, pointed = defaultdict[str, set[UUID]](set), defaultdict[str, set[UUID]](set)
    for entity, row_id, *values in await ctx.session.execute(query):
        if entity in NOUNS:
            touched[entity].add(row_id)
        for column, value in zip((*POINTING, *POINTING), values, strict=True):
            kind = POINTERS.get(entity, {}).get(column)
            if kind is not None and value is not None:
                pointed[kind].add(UUID(value))
    return touched, pointed


async def _walk(
    ctx: Context, start: int, entity: str, after: UUID | None, number: int, limit: int
) -> Pulled:
    """Return the next rows of everything; what changes on the way is told after `start`."""
    changes: list[Json] = []
    names = [noun.entity for noun in SHOWN]
    if entity not in names:
        raise _unknown_page()
    for noun in SHOWN[names.index(entity) :]:
        wanted = limit - len(changes)
        if noun.reads not in ctx.permissions:
            continue
        last = after if noun.entity == entity else None
        rows = await noun.documents.following(ctx, last, wanted + 1)
        changes += [_change(noun.entity, row_id, number, row) for row_id, row in rows[:wanted]]
        if len(rows) > wanted:
            last = rows[wanted - 1][0] if wanted else last
            page = _written(start, noun.entity, last)
            return Pulled(changes, None, more=True, full=True, page=page)
    return Pulled(changes, start, more=start < number, full=True)


def _change(entity: str, row_id: UUID, number: int, row: Json) -> Json:
    # By hand: this is done for every row of a copy.
    head = f'{{"entity":"{entity}","id":"{row_id}","seq":{number},"row":'
    return head.encode() + row + b"}"


def _written(start: int, entity: str, last: UUID | None) -> str:
    place = json.dumps([start, entity, str(last) if last else None])
    return base64.urlsafe_b64encode(place.encode()).decode()


def _place(page: str) -> tuple[int, str, UUID | None]:
    try:
        return PLACE.validate_json(base64.urlsafe_b64decode(page))
    except ValueError as error:
        raise _unknown_page() from error


def _unknown_page() -> Invalid:
    return invalid("/page", "This page is not one of ours; start again with cursor null.")
