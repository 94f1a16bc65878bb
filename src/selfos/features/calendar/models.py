"""The table of appointments; each row is its member's alone, and so are its images."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5

from sqlalchemy import CheckConstraint, Index, column
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from selfos.features.calendar.schemas import EventStatus, Transparency
from selfos.features.calendar.timing import Pattern, Timing
from selfos.features.planning import service as planning
from selfos.features.planning.service import Slot
from selfos.kernel.database import Model, Private, Unshared, Versioned
from selfos.kernel.errors import Conflict
from selfos.kernel.tables import found_by, inside, of_member, of_tenant

OWNED = ("user_id", "seen_by", "uid", "sequence")
# What an occurrence has of the event it belongs to until it has its own.
FIELDS = ("title", "description", "location", "status", "transparency")


class CalendarEvent(Private, Unshared, Versioned, Model):
    """Something at a time, with a `rule` again and again. Never shared.

    An occurrence of its own is a row with the `series_id` of what repeats and the `slot` that the
    rule gave it, which it keeps wherever it is moved. `exdates`, `rdates` and slots are starts as
    text. `end_date` is the last day; `end_zone` differs from `zone` or is null. `last_on` is the
    day by which all of it is over as written. `uid` and `sequence` are RFC 5545's.
    """

    __tablename__ = "calendar_events"
    __table_args__ = (
        of_tenant(),
        of_member(),
        inside("series_id", "calendar_events", ondelete="CASCADE"),
        inside("continues_id", "calendar_events"),
        CheckConstraint("seen_by IS NOT NULL AND seen_by = user_id", name="seen_by"),
        CheckConstraint("(series_id IS NULL) = (slot IS NULL)", name="slot"),
        CheckConstraint("series_id IS NULL OR rule IS NULL", name="rule"),
        CheckConstraint("(start_time IS NULL) = (end_time IS NULL)", name="times"),
        Index(
            "calendar_events_last_on_idx",
            *("workspace_id", "user_id", "last_on", "start_date"),
            postgresql_where=column("deleted_at").is_(None),
        ),
        Index(
            "calendar_events_slot_key",
            *("workspace_id", "series_id", "slot"),
            unique=True,
            postgresql_where=column("series_id").is_not(None),
        ),
        found_by("calendar_events", "continues_id"),
        found_by("calendar_events", "deleted_at"),
    )

    series_id: Mapped[UUID | None]
    slot: Mapped[str | None]
    continues_id: Mapped[UUID | None]
    uid: Mapped[str]
    title: Mapped[str]
    description: Mapped[str]
    location: Mapped[str]
    start_date: Mapped[date]
    start_time: Mapped[time | None]
    zone: Mapped[str | None]
    end_date: Mapped[date]
    end_time: Mapped[time | None]
    end_zone: Mapped[str | None]
    rule: Mapped[str | None]
    words: Mapped[str | None]
    exdates: Mapped[list[str]] = mapped_column(JSONB)
    rdates: Mapped[list[str]] = mapped_column(JSONB)
    status: Mapped[EventStatus]
    transparency: Mapped[Transparency]
    sequence: Mapped[int]
    last_on: Mapped[date]
    deleted_at: Mapped[datetime | None]

    @property
    def timing(self) -> Timing:
        """Return when it is, or when the first of it is."""
        return Timing(
            _slot(self.start_date, self.start_time),
            _slot(self.end_date, self.end_time),
            self.zone,
            self.end_zone,
        )

    @property
    def pattern(self) -> Pattern:
        """Return when it takes place, without regard to occurrences with a row of their own."""
        return Pattern(
            self.timing,
            self.rule,
            frozenset(map(planning.read_slot, self.exdates)),
            tuple(map(planning.read_slot, self.rdates)),
        )

    def put(self, timing: Timing) -> None:
        """Let it take place then."""
        self.start_date, self.start_time = _columns(timing.start)
        self.end_date, self.end_time = _columns(timing.end)
        self.zone, self.end_zone = timing.zone, timing.end_zone

    def repeat_by(self, rule: str | None) -> None:
        """Follow this rule, canonical for its start, or none."""
        self.rule = rule
        self.words = planning.say_rule(rule) if rule else None
        if rule is None:
            self.exdates, self.rdates = [], []

    def reckon(self) -> None:
        """Keep in mind by when all of it is over."""
        last = self.end_date
        if self.rule is not None:
            added = [planning.slot_day(planning.read_slot(text)) for text in self.rdates]
            last = max([planning.last_day_of(self.rule, self.timing.start), *added])
            last += max(self.end_date - self.start_date, timedelta())
        self.last_on = max(last, self.start_date)

    def leave_out(self, slot: Slot) -> None:
        """Let it not take place at this slot."""
        self.exdates = sorted({*self.exdates, planning.slot_text(slot)})

    def occurrence_id(self, slot: Slot) -> UUID:
        """Return the id of the occurrence at this slot, the same on every device."""
        return uuid5(self.id, planning.slot_text(slot))

    def occurrence(self, slot: Slot, row_id: UUID) -> CalendarEvent:
        """Return a row for the occurrence at this slot, as it is by the rule."""
        own = CalendarEvent(
            **{name: getattr(self, name) for name in ("workspace_id", *OWNED, *FIELDS)},
            id=row_id,
            series_id=self.id,
            slot=planning.slot_text(slot),
            exdates=[],
            rdates=[],
        )
        own.put(self.timing.at(slot))
        own.reckon()
        return own

    def require_kept(self) -> None:
        """Refuse to change an event in the trash."""
        if self.deleted_at is not None:
            raise Conflict("This event is in the trash; restore it first.")

    def restore(self) -> None:
        """Take it out of the trash; one that is not there cannot be restored."""
        if self.deleted_at is None:
            raise Conflict("This event is not in the trash.")
        self.deleted_at = None


def _slot(day: date, clock: time | None) -> Slot:
    return day if clock is None else datetime.combine(day, clock)


def _columns(slot: Slot) -> tuple[date, time | None]:
    return planning.slot_day(slot), slot.time() if isinstance(slot, datetime) else None
