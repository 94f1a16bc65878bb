"""Reading facts out of the ledger: what still stands, under the names things had then.

A completion stands while its task or goal still bears the instant of it. Reopening, undoing and
deleting take that instant away, and undoing those brings it back, whatever the order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, and_, any_, func, literal, or_, select
from sqlalchemy.dialects.postgresql import array

from selfos.features.identity import service as identity
from selfos.features.identity.schemas import PreferencesView
from selfos.features.identity.service import UserTime
from selfos.features.planning import service as planning
from selfos.features.planning.events import (
    GoalCompleted,
    GoalCreated,
    SeriesFinished,
    TaskCompleted,
    TaskCreated,
)
from selfos.features.stories.facts import Fact, Tone
from selfos.kernel.context import Context
from selfos.kernel.ledger.models import Change, ChangeKind, Changeset, EventRecord

TOLD_TYPES = (TaskCompleted.type, GoalCompleted.type, GoalCreated.type, SeriesFinished.type)
ENDINGS = frozenset({TaskCompleted.type, GoalCompleted.type, SeriesFinished.type})
NAMED_ENTITIES = ("task", "goal", "area", "series")
# A series bears its title in its template; each kind of row ends at an instant of its own.
FINISHING_KEYS = ("settled_at", "completed_at", "finished_at")
TELLING_KEYS = ("title", "name", "template", *FINISHING_KEYS, "deleted_at")
# No zone is further from UTC than this, and a day starts at most six hours late.
FARTHEST_ZONE = timedelta(hours=24)
# What was done may be written down for its own day as late as this.
WRITTEN_LATER = timedelta(days=planning.BACKDATED_DAYS)

in_changeset = and_(
    Changeset.id == EventRecord.changeset_id, Changeset.workspace_id == EventRecord.workspace_id
)


@dataclass(frozen=True, slots=True)
class Person:
    """Whose story it is: how they are called, how they like it told, how they count days."""

    user_id: UUID
    name: str
    tone: Tone
    time: UserTime

    def opening(self, day: date) -> datetime:
        """Return the instant their day begins."""
        midnight = datetime.combine(day, time.min, self.time.zone)
        return midnight + timedelta(minutes=self.time.day_start_minutes)

    def day_of(self, event: Any) -> date:
        """Return the day an event counts for: the one written down, or the one it was for them."""
        written = event.payload.get("on")
        return date.fromisoformat(written) if written else self.time.local_day(event.at)


@dataclass(slots=True)
class _Past:
    """What the ledger says of one row: its names by changeset number, and how it stands now."""

    names: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    finished_at: datetime | None = None
    is_gone: bool = False
    is_deleted: bool = False

    def name_at(self, seq: int) -> str | None:
        """Return what it was called when changeset `seq` was made."""
        return next((name for at, name in reversed(self.names) if at <= seq), None)

    def bears(self, event: Any) -> bool:
        """Tell whether what the event says still holds."""
        if self.is_gone or self.is_deleted or event.payload.get("stopped"):
            return False
        return event.type not in ENDINGS or event.at == self.finished_at


async def person_of(ctx: Context, user_id: UUID, known_tone: Tone | None = None) -> Person | None:
    """Return whose story it is, or None when they have left.

    Only they may read how they like it told; for others it stays as it was.
    """
    names = await identity.names(ctx, [user_id])
    if user_id not in names:
        return None
    tone = known_tone or Tone.FRIENDLY
    if user_id == ctx.actor.user_id:
        likes = PreferencesView.model_validate_json((await identity.preferences(ctx)).body)
        tone = Tone(likes.tone)
    return Person(user_id, names[user_id], tone, await identity.user_time(ctx, user_id))


async def gather(
    ctx: Context, person: Person, start: date, end: date, goal_id: UUID | None = None
) -> tuple[Fact, ...]:
    """Return what this person did from `start` to `end`, of one goal if named."""
    conditions = [
        Changeset.user_id == person.user_id,
        EventRecord.type.in_(TOLD_TYPES),
        EventRecord.at >= _midnight(start) - FARTHEST_ZONE,
        EventRecord.at < _midnight(end) + timedelta(days=1) + FARTHEST_ZONE + WRITTEN_LATER,
    ]
    if goal_id is not None:
        conditions.append(EventRecord.payload["goal_id"].astext == str(goal_id))
    events = await _events(ctx, *conditions)
    facts = await _facts(ctx, person, events)
    told = [fact for fact in facts if start <= fact.local_day <= end]
    return (*told, *await _beginning(ctx, person, told))


async def _beginning(ctx: Context, person: Person, told: Sequence[Fact]) -> Iterable[Fact]:
    """Return when the only task done was written down; among many it would not be told."""
    done = [fact for fact in told if fact.type == TaskCompleted.type]
    if len(done) != 1:
        return ()
    events = await _events(
        ctx, EventRecord.aggregate_id == done[0].subject_id, EventRecord.type == TaskCreated.type
    )
    return await _facts(ctx, person, events)


async def gather_goal(ctx: Context, person: Person, goal_id: UUID) -> list[Fact]:
    """Return all this person ever did for a goal, in order."""
    ours = EventRecord.payload["goal_id"].astext == str(goal_id)
    events = await _events(
        ctx, Changeset.user_id == person.user_id, EventRecord.type.in_(TOLD_TYPES), ours
    )
    return await _facts(ctx, person, events)


async def _events(ctx: Context, *conditions: ColumnElement[bool]) -> Sequence[Any]:
    statement = (
        select(
            EventRecord.id,
            EventRecord.type,
            EventRecord.aggregate_id,
            EventRecord.payload,
            EventRecord.at,
            Changeset.seq,
        )
        .join(Changeset, in_changeset)
        .where(*conditions)
        .order_by(Changeset.seq, EventRecord.position)
    )
    return (await ctx.session.execute(statement)).all()


async def _facts(ctx: Context, person: Person, events: Sequence[Any]) -> list[Fact]:
    if not events:
        return []
    mentioned = {event.aggregate_id for event in events}
    for event in events:
        mentioned |= {_pointer(event, "goal_id"), _pointer(event, "area_id")} - {None}
    pasts = await _pasts(ctx, mentioned)
    return [
        fact
        for event in events
        if event.aggregate_id in pasts and pasts[event.aggregate_id].bears(event)
        if (fact := _fact(person, event, pasts)) is not None
    ]


def _fact(person: Person, event: Any, pasts: dict[UUID, _Past]) -> Fact | None:
    def name(row_id: UUID | None) -> str | None:
        past = pasts.get(row_id) if row_id else None
        return past.name_at(event.seq) if past else None

    title = name(event.aggregate_id)
    if title is None:
        return None  # erased since
    goal_id = _pointer(event, "goal_id")
    is_goal = goal_id == event.aggregate_id
    return Fact(
        event_id=event.id,
        type=event.type,
        at=event.at,
        local_day=person.day_of(event),
        subject_id=event.aggregate_id,
        title=title,
        goal_id=None if is_goal else goal_id,
        goal_title=None if is_goal else name(goal_id),
        area_id=_pointer(event, "area_id"),
        area_name=name(_pointer(event, "area_id")),
    )


def _pointer(event: Any, key: str) -> UUID | None:
    value = event.payload.get(key)
    return UUID(value) if value else None


async def _pasts(ctx: Context, row_ids: Iterable[UUID]) -> dict[UUID, _Past]:
    after = Change.after
    statement = (
        select(
            Change.entity_id,
            Change.kind,
            Changeset.seq,
            func.coalesce(
                after["title"].astext, after["name"].astext, after["template"]["title"].astext
            ).label("name"),
            after.has_any(array(FINISHING_KEYS)).label("finishes"),
            func.coalesce(*(after[key].astext for key in FINISHING_KEYS)).label("finished_at"),
            after.has_key("deleted_at").label("moves"),
            after["deleted_at"].astext.label("deleted_at"),
        )
        .join(
            Changeset,
            and_(
                Changeset.id == Change.changeset_id, Changeset.workspace_id == Change.workspace_id
            ),
        )
        .where(
            Change.entity.in_(NAMED_ENTITIES),
            Change.entity_id == any_(literal(list(row_ids), ARRAY(Uuid()))),
            or_(Change.kind == ChangeKind.DELETE, after.has_any(array(TELLING_KEYS))),
        )
        .order_by(Change.id)
    )
    pasts: dict[UUID, _Past] = {}
    for image in await ctx.session.execute(statement):
        _record(pasts.setdefault(image.entity_id, _Past()), image)
    return pasts


def _record(past: _Past, image: Any) -> None:
    past.is_gone = image.kind == ChangeKind.DELETE
    if image.name is not None:
        past.names.append((image.seq, image.name))
    if image.finishes:
        instant = image.finished_at
        past.finished_at = datetime.fromisoformat(instant) if instant else None
    if image.moves:
        past.is_deleted = image.deleted_at is not None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
