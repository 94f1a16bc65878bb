"""What has happened to a thing since a device last knew it, read from the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Row as Found
from sqlalchemy import Select, and_, func, select

from selfos.features.sync.clock import Stamp
from selfos.features.sync.merging import Kind, Since
from selfos.features.sync.models import SyncOp
from selfos.features.sync.service.nouns import DELETED, Link, Noun, Row
from selfos.kernel.context import Context
from selfos.kernel.ledger.models import ActorKind, Change, ChangeKind, Changeset


@dataclass(frozen=True, slots=True)
class Reader:
    """The device that asks: what it wrote itself up to this stamp is no news to it."""

    device: UUID
    base: int
    stamp: Stamp


@dataclass(slots=True)
class Past:
    """The fields written since, and which of them by others, with who did last.

    A field others have written stays among theirs where the device has written it again. `here`
    are those of theirs that were written to the thing itself, and not to a part of it.
    """

    fields: dict[str, Since] = field(default_factory=dict[str, Since])
    others: dict[str, UUID | None] = field(default_factory=dict[str, UUID | None])
    here: set[str] = field(default_factory=set[str])

    def only(self, bears: Mapping[str, str]) -> Past:
        """Return what was done to these fields, each under the name it counts as."""
        return Past(
            {bears[name]: since for name, since in self.fields.items() if name in bears},
            {bears[name]: user for name, user in self.others.items() if name in bears},
            {bears[name] for name in self.here if name in bears},
        )

    def rival(self, name: str) -> Since | None:
        """Return what somebody else made of this field last, if they did."""
        since = self.fields.get(name)
        return since if since is not None and since.rival is not None else None


async def written_since(ctx: Context, noun: Noun, thing: UUID, row: Row, reader: Reader) -> Past:
    """Return what has been written to this thing and its parts since the reader knew it."""
    mine = and_(Change.entity == noun.entity, Change.entity_id == thing)
    changes = list(await ctx.session.execute(_changes(ctx, reader).where(mine)))
    for name, part in noun.parts.items():
        images = [image for change in changes for image in (change.before, change.after) if image]
        present = [row] if row.get(name) is not None else []
        named = {shown[part.pointer] for shown in [*images, *present] if shown.get(part.pointer)}
        if named:
            theirs = and_(Change.entity == part.entity, Change.entity_id.in_(map(UUID, named)))
            changes += await ctx.session.execute(_changes(ctx, reader).where(theirs))
    past = Past()
    for change in sorted(changes, key=lambda change: (change.seq, change.id)):
        own = _is_own(ctx, change, reader)
        for name in _written(noun, change):
            if noun.kind_of(name) is Kind.ORDER and change.actor == ActorKind.SYSTEM:
                continue  # tidied, not moved
            _note(past, noun, name, change, own=own)
            if not own and change.entity == noun.entity:
                past.here.add(name)
    return past


def _written(noun: Noun, change: Found[Any]) -> set[str]:
    """Return the fields of a thing that one change wrote, to its own row or to a part of it."""
    written: dict[str, Any] = change.after or {DELETED: True}
    if change.entity == noun.entity:
        return noun.fields_of(set(written))
    parts = noun.parts.items()
    return {
        name for name, part in parts if part.entity == change.entity and part.fields & set(written)
    }


async def note_added_words(
    ctx: Context, noun: Noun, thing: UUID, reader: Reader, past: Past
) -> None:
    """Count the words others have added to a thing since among their edits of it."""
    for name, link in noun.links.items():
        for change in await ctx.session.execute(_of_words(ctx, link, thing, reader)):
            if change.after and not _is_own(ctx, change, reader):
                past.others[name] = change.user_id
                past.here.add(name)


def _note(past: Past, noun: Noun, name: str, change: Found[Any], *, own: bool) -> None:
    before = past.fields.get(name)
    column = noun.columns_of(name)[0]
    image: dict[str, Any] = (change.after if own else change.before) or {}
    if own:
        held: dict[str, Any] = change.held or {}
        past.fields[name] = Since(known=held.get(name, image.get(column)))
        return
    known = before.known if before is not None else image.get(column)
    stamp = _stamp(change)
    rival = max(before.rival, stamp) if before is not None and before.rival else stamp
    past.fields[name] = Since(known, rival, change.user_id)
    past.others[name] = change.user_id


async def known_words(ctx: Context, link: Link, thing: UUID, words: Row, reader: Reader) -> Since:
    """Return the words a thing had when the reader knew it; `words` are its present ones by id."""
    added: set[str] = set()
    removed: set[str] = set()
    for change in await ctx.session.execute(_of_words(ctx, link, thing, reader)):
        word = str((change.after or change.before)[link.word_column])
        if not _is_own(ctx, change, reader):
            grown, shrunk = (added, removed) if change.after else (removed, added)
            (shrunk.discard if word in shrunk else grown.add)(word)
    known = [word for word_id, word in words.items() if word_id not in added]
    lost = {UUID(word_id) for word_id in removed if word_id not in words}
    return Since(known=known + await _last_names(ctx, link.word_entity, lost))


def _of_words(ctx: Context, link: Link, thing: UUID, reader: Reader) -> Select[*tuple[Any, ...]]:
    named = func.coalesce(Change.after, Change.before)[link.thing_column].astext == str(thing)
    return _changes(ctx, reader).where(Change.entity == link.entity, named)


@dataclass(frozen=True, slots=True)
class Deletion:
    """How a thing went for good: in which changeset, by whom, and whether the reader knew it."""

    changeset_id: UUID
    user_id: UUID | None
    is_known: bool


async def deletion_of(ctx: Context, noun: Noun, thing: UUID, reader: Reader) -> Deletion | None:
    """Return how a thing went for good, or None if that is not what happened to it last."""
    ever = replace(reader, base=0)
    last = _changes(ctx, ever).where(Change.entity == noun.entity, Change.entity_id == thing)
    last = last.order_by(None).order_by(Change.id.desc()).limit(1)
    found = (await ctx.session.execute(last)).one_or_none()
    if found is None or found.kind != ChangeKind.DELETE:
        return None
    is_known = found.seq <= reader.base or _is_own(ctx, found, reader)
    return Deletion(found.changeset_id, found.user_id, is_known)


async def deleted_with(ctx: Context, changeset_id: UUID, entities: Iterable[str]) -> int:
    """Return how many things of these kinds a changeset deleted for good."""
    count = select(func.count()).where(
        Change.workspace_id == ctx.workspace_id,
        Change.changeset_id == changeset_id,
        Change.kind == ChangeKind.DELETE,
        Change.entity.in_(list(entities)),
    )
    return await ctx.session.scalar(count) or 0


async def _last_names(ctx: Context, entity: str, ids: set[UUID]) -> list[str]:
    if not ids:
        return []
    name = func.coalesce(Change.after["name"].astext, Change.before["name"].astext)
    query = (
        select(Change.entity_id, name)
        .where(Change.entity == entity, Change.entity_id.in_(ids), name.is_not(None))
        .order_by(Change.id)
    )
    newest = {row[0]: row[1] for row in await ctx.session.execute(query)}
    return list(newest.values())


def _changes(ctx: Context, reader: Reader) -> Select[*tuple[Any, ...]]:
    sent = and_(SyncOp.workspace_id == Changeset.workspace_id, SyncOp.changeset_id == Changeset.id)
    return (
        select(
            Change.id,
            Change.entity,
            Change.kind,
            Change.changeset_id,
            Change.before,
            Change.after,
            Changeset.actor,
            Changeset.at,
            Changeset.seq,
            Changeset.user_id,
            SyncOp.hlc,
            SyncOp.device,
            SyncOp.held,
        )
        .join(Changeset, _of_changeset())
        .outerjoin(SyncOp, sent)
        .where(Changeset.workspace_id == ctx.workspace_id, Changeset.seq > reader.base)
        .order_by(Changeset.seq, Change.id)
    )


def _of_changeset() -> Any:
    return and_(Changeset.workspace_id == Change.workspace_id, Changeset.id == Change.changeset_id)


def _is_own(ctx: Context, change: Found[Any], reader: Reader) -> bool:
    by_device = change.device == reader.device and change.user_id == ctx.actor.user_id
    return by_device and Stamp.read(change.hlc) <= reader.stamp


def _stamp(change: Found[Any]) -> Stamp:
    return Stamp.read(change.hlc) if change.hlc else Stamp.at(change.at)
