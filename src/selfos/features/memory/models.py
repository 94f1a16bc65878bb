"""The tables of memory; each row is its person's alone."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ColumnElement,
    Computed,
    Index,
    Text,
    and_,
    column,
    func,
    or_,
)
from sqlalchemy.dialects.postgresql import REGCONFIG, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, synonym

from selfos.features.memory.schemas import FactKind, Origin, SourceKind
from selfos.kernel.database import Model, Private, Versioned
from selfos.kernel.errors import Conflict, invalid
from selfos.kernel.tables import found_by, inside, of_member, of_tenant
from selfos.kernel.vectors import Vector

# What is searched: whom it is about, what it says of them, and the sentence itself.
SEARCHED = "to_tsvector(language, ((((subject || ' '::text) || predicate) || ' '::text) || text))"


class Fact(Private, Versioned, Model):
    """One sentence about somebody, with two times: when it holds, and when it was written down.

    It holds from `valid_from` (null: as far back as we know) up to but not on `valid_to`. `slot`
    names what can have one value only ("me lives in"): a new fact closes the one before.
    """

    __tablename__ = "memory_facts"
    __table_args__ = (
        of_tenant(),
        of_member(),
        inside("superseded_by", "memory_facts"),
        inside("area_id", "areas"),
        CheckConstraint("origin <> 'import' OR NOT trusted", name="import"),
        Index("memory_facts_recorded_at_idx", "workspace_id", "user_id", "recorded_at", "id"),
        Index(
            "memory_facts_slot_idx",
            *("workspace_id", "user_id", "slot"),
            postgresql_where=column("slot").is_not(None),
        ),
        Index("memory_facts_source_id_idx", "workspace_id", "source_id"),
        Index("memory_facts_superseded_by_idx", "workspace_id", "superseded_by"),
        found_by("memory_facts", "area_id"),
    )

    subject: Mapped[str]
    predicate: Mapped[str]
    text: Mapped[str]
    kind: Mapped[FactKind]
    slot: Mapped[str | None]
    confidence: Mapped[float]
    origin: Mapped[Origin]
    source_kind: Mapped[SourceKind]
    source_id: Mapped[UUID | None]
    # How far its words may travel is a matter of the life area they come from.
    area_id: Mapped[UUID | None]
    trusted: Mapped[bool]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    recorded_at: Mapped[datetime]
    superseded_by: Mapped[UUID | None]
    confirmed_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    uses_count: Mapped[int] = mapped_column(default=0)
    language: Mapped[str] = mapped_column(REGCONFIG)
    vector: Mapped[str] = mapped_column(TSVECTOR, Computed(SEARCHED, persisted=True))

    # What it was taken from, by the names that other slices look for.
    task_id = synonym("source_id")
    goal_id = synonym("source_id")
    habit_id = synonym("source_id")

    @property
    def is_pending(self) -> bool:
        """Tell whether it waits for its person's yes."""
        return not self.trusted and self.confirmed_at is None

    def confirm(self, now: datetime) -> None:
        """Take its person's word for it."""
        if self.superseded_by is not None:
            raise Conflict("This has been corrected since; confirm what took its place.")
        self.confirmed_at, self.confidence = now, 1.0

    def end(self, day: date) -> None:
        """Let it hold no longer from this day on; it never ends before it begins."""
        self.valid_to = max(day, self.valid_from or day)

    def give_way(self, other: Fact, since: date, *, mistaken: bool = False) -> None:
        """Let another one hold in its place since a day, or all along."""
        if self.superseded_by is not None:
            raise Conflict("This has been corrected already; correct what took its place.")
        if not mistaken and self.valid_from is not None and since < self.valid_from:
            raise invalid("/since", "This began later; say that it was a mistake, or a later day.")
        # What was never true holds on no day: its time is empty.
        self.end(self.valid_from or date.min if mistaken else since)
        if mistaken:
            self.valid_from = self.valid_to
        self.superseded_by = other.id


def is_pending() -> ColumnElement[bool]:
    """Tell whether a fact waits for its person's yes."""
    return and_(Fact.trusted.is_(False), Fact.confirmed_at.is_(None))


def held(first: date, last: date) -> ColumnElement[bool]:
    """Tell whether a fact may be used and held on some day from the first to the last."""
    return and_(
        ~is_pending(),
        or_(Fact.valid_from.is_(None), Fact.valid_from <= last),
        or_(Fact.valid_to.is_(None), Fact.valid_to > first),
        or_(
            Fact.valid_to.is_(None),
            Fact.valid_to > func.coalesce(Fact.valid_from, date.min),
        ),
    )


class FactUse(Private, Model):
    """One time a fact went into something, and why it was chosen."""

    __tablename__ = "memory_uses"
    __table_args__ = (
        of_tenant(),
        of_member(),
        inside("fact_id", "memory_facts", ondelete="CASCADE"),
        Index("memory_uses_fact_id_idx", "workspace_id", "fact_id", "at", "id"),
        Index("memory_uses_at_idx", "at"),
    )

    fact_id: Mapped[UUID]
    at: Mapped[datetime]
    purpose: Mapped[str]
    used_by: Mapped[UUID | None]
    words: Mapped[list[str]] = mapped_column(ARRAY(Text()))
    score: Mapped[float]
    similarity: Mapped[float | None]


class MemoryProfile(Private, Versioned, Model):
    """The few words that always go along, and the switch; its id is its person's."""

    __tablename__ = "memory_profiles"
    __table_args__ = (of_tenant(), of_member())

    text: Mapped[str] = mapped_column(default="")
    enabled: Mapped[bool] = mapped_column(default=True)


class Embedding(Private, Model):
    """What a model makes of a text: one vector, good for as long as the text is the same."""

    __tablename__ = "embeddings"
    __table_args__ = (
        of_tenant(),
        of_member(),
        Index(
            "embeddings_owner_key",
            *("workspace_id", "owner_type", "owner_id", "model"),
            unique=True,
        ),
        Index("embeddings_user_id_idx", "workspace_id", "user_id", "model"),
    )

    owner_type: Mapped[str]
    owner_id: Mapped[UUID]
    model: Mapped[str]
    dim: Mapped[int]
    content_hash: Mapped[bytes]
    vec: Mapped[list[float]] = mapped_column(Vector())
