"""Series: how a task repeats, and the template from which its occurrences are made.

An occurrence is an ordinary task that bears the series' id and its slot, the local date or time
the rule gave it. It keeps the slot when it is moved. Only occurrences that are current, done or
touched are stored; later ones follow from the rule.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, ForeignKeyConstraint, Index, column, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from selfos.features.planning.models import Task
from selfos.features.planning.recurrence.following import CatchUp, Mode, Repetition
from selfos.features.planning.recurrence.rules import Rule, read
from selfos.features.planning.recurrence.slots import Slot, day_of, read_slot, slot_text
from selfos.features.planning.recurrence.wording import say
from selfos.features.planning.schemas.words import Floating, OnDate, TaskState, When, Zoned
from selfos.kernel.database import Model, Tenant, Versioned
from selfos.kernel.documents import Documents
from selfos.kernel.tables import inside, of_tenant

TEMPLATE_FIELDS = (
    "title",
    "notes",
    "priority",
    "duration_minutes",
    "weight",
    "assignee_id",
)


class Series(Tenant, Versioned, Model):
    """One task that repeats. `owner_id` is whose days and zone count for it.

    `anchor`, `exdates` and `rdates` are slots as text. `next_on` is the day on which a further
    occurrence opens by itself, where missed ones stay open each.
    """

    __tablename__ = "series"
    __table_args__ = (
        of_tenant(),
        ForeignKeyConstraint(
            ["workspace_id", "owner_id"],
            ["members.workspace_id", "members.user_id"],
            ondelete="SET NULL (owner_id)",
        ),
        inside("continues_id", "series"),
        Index(
            "series_next_on_idx",
            "workspace_id",
            "next_on",
            postgresql_where=column("next_on").is_not(None),
        ),
    )

    owner_id: Mapped[UUID | None]
    continues_id: Mapped[UUID | None]
    rule: Mapped[str]
    words: Mapped[str]
    phrase: Mapped[str | None]
    anchor: Mapped[str]
    zone: Mapped[str | None]
    mode: Mapped[Mode]
    catch_up: Mapped[CatchUp]
    exdates: Mapped[list[str]] = mapped_column(JSONB)
    rdates: Mapped[list[str]] = mapped_column(JSONB)
    template: Mapped[dict[str, Any]] = mapped_column(JSONB)
    next_on: Mapped[date | None]
    finished_at: Mapped[datetime | None]

    @property
    def repetition(self) -> Repetition:
        """Return how it repeats, as the pure core understands it."""
        return Repetition(
            read(self.rule),
            read_slot(self.anchor),
            self.mode,
            self.catch_up,
            frozenset(read_slot(text) for text in self.exdates),
            tuple(read_slot(text) for text in self.rdates),
        )

    def repeat_by(self, rule: Rule, anchor: Slot) -> None:
        """Follow this canonical rule from this slot on."""
        self.rule, self.anchor = rule.text(), slot_text(anchor)
        self.words = say(rule, self.mode)

    def occurrence_id(self, slot: Slot) -> UUID:
        """Return the id of the occurrence at this slot, the same on every device."""
        return uuid5(self.id, slot_text(slot))

    def learn(self, task: Task, fields: Collection[str], label_ids: Collection[UUID]) -> None:
        """Take these fields of an occurrence as the ones to come shall have them."""
        template = dict(self.template)
        for name in TEMPLATE_FIELDS:
            if name in fields:
                value = getattr(task, name)
                template[name] = str(value) if isinstance(value, UUID) else value
        due = task.due_date
        if "start" in fields and due is not None:
            template["start"] = start_of(task, due)
        if "deadline" in fields and due is not None:
            template["deadline_days"] = (task.deadline - due).days if task.deadline else None
        if "labels" in fields:
            template["label_ids"] = sorted(str(label_id) for label_id in label_ids)
        self.template = template

    def fill(self, task: Task, slot: Slot) -> None:
        """Make a task the occurrence at this slot."""
        for name in TEMPLATE_FIELDS:
            setattr(task, name, self.template[name])
        assignee = self.template["assignee_id"]
        task.assignee_id = UUID(assignee) if assignee else None
        task.series_id, task.slot = self.id, slot_text(slot)
        self.plan(task, slot)

    def plan(self, task: Task, slot: Slot) -> None:
        """Give a task the dates of this slot: due then, start and deadline as far away as ever."""
        day = day_of(slot)
        task.due_date = day
        task.due_time = slot.time() if isinstance(slot, datetime) else None
        task.due_zone = self.zone
        start, deadline = self.template["start"], self.template["deadline_days"]
        task.start_date = day + timedelta(days=start["days"]) if start else None
        task.start_time = time.fromisoformat(start["time"]) if start and start["time"] else None
        task.start_zone = start["zone"] if start else None
        task.deadline = day + timedelta(days=deadline) if deadline is not None else None

    @property
    def waits_for(self) -> list[UUID]:
        """Return the series whose occurrences its own wait for."""
        return [UUID(text) for text in self.template["waits_for"]]

    def wait_for(self, series_id: UUID | None, *, no_longer: bool = False) -> None:
        """Wait for the occurrences of another series, or no longer."""
        others = {text for text in self.template["waits_for"] if text != str(series_id)}
        wanted = others if no_longer else others | {str(series_id)}
        self.template = {**self.template, "waits_for": sorted(wanted)}

    @property
    def label_ids(self) -> list[UUID]:
        """Return the labels its occurrences bear."""
        return [UUID(text) for text in self.template["label_ids"]]


def start_of(task: Task, due: date) -> dict[str, Any] | None:
    """Return when a task starts to matter, as seen from the day it is due."""
    if task.start_date is None:
        return None
    clock = task.start_time.isoformat("minutes") if task.start_time else None
    return {"days": (task.start_date - due).days, "time": clock, "zone": task.start_zone}


def planned(when: When) -> tuple[Slot, str | None]:
    """Return a plan as a slot, and the zone it is bound to."""
    match when:
        case OnDate(date=day):
            return day, None
        case Floating(date=day, time=clock):
            return datetime.combine(day, time.fromisoformat(clock)), None
        case Zoned(date=day, time=clock, zone=zone):
            return datetime.combine(day, time.fromisoformat(clock)), zone


def plan_of(slot: Slot, zone: str | None) -> dict[str, Any]:
    """Return a slot as a plan that can be shown."""
    day = day_of(slot).isoformat()
    if not isinstance(slot, datetime):
        return {"kind": "date", "date": day}
    clock = slot.time().isoformat("minutes")
    if zone is None:
        return {"kind": "floating", "date": day, "time": clock}
    return {"kind": "zoned", "date": day, "time": clock, "zone": zone}


def slot_of(task: Task) -> Slot | None:
    """Return when a task is due as a slot, or None."""
    if task.due_date is None:
        return None
    if task.due_time is None:
        return task.due_date
    return datetime.combine(task.due_date, task.due_time)


def _done_occurrences() -> ColumnElement[int]:
    done = select(func.count()).where(
        Task.workspace_id == Series.workspace_id,
        Task.series_id == Series.id,
        Task.slot.is_not(None),
        Task.state == TaskState.DONE,
        Task.deleted_at.is_(None),
    )
    return done.correlate(Series).scalar_subquery()


SERIES = Documents(
    Series,
    {
        "id": Series.id,
        "title": Series.template["title"].astext,
        "rule": Series.rule,
        "text": Series.words,
        "phrase": Series.phrase,
        "mode": Series.mode,
        "catch_up": Series.catch_up,
        "anchor": Series.anchor,
        "zone": Series.zone,
        "exdates": Series.exdates,
        "rdates": Series.rdates,
        "continues_id": Series.continues_id,
        "done": _done_occurrences(),
        "finished_at": Series.finished_at,
        "created_at": Series.created_at,
        "updated_at": Series.updated_at,
        "version": Series.version,
    },
)
