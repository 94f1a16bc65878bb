"""The tables of the numbers; the database's own functions write them (migration 0029)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Index, Text, UniqueConstraint, Uuid, column
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from selfos.features.progress.schemas.reports import ReportKind
from selfos.kernel.database import InWorkspace, Model, Private, Tenant
from selfos.kernel.tables import of_member, of_tenant


class Cursor(InWorkspace, Model):
    """How far the numbers of a workspace have followed its ledger."""

    __tablename__ = "progress_cursors"
    __table_args__ = (of_tenant(),)

    seq: Mapped[int] = mapped_column(BigInteger)


class Move(InWorkspace, Model):
    """One change of the day a task is due, on the local day of whoever made it."""

    __tablename__ = "progress_moves"
    __table_args__ = (
        of_tenant(),
        of_member(),
        Index("progress_moves_task_id_idx", "workspace_id", "task_id"),
    )

    change_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    task_id: Mapped[UUID]
    changeset_id: Mapped[UUID]
    user_id: Mapped[UUID]
    day: Mapped[date]
    due_before: Mapped[date | None]
    due_after: Mapped[date | None]


class Counted:
    """What is counted of one day.

    `done` tasks were `on_time` or `late` if they had a date; `planned` for this day are those due
    then, of which `kept` were done in time; `slipped` were moved to a later day on this one;
    `minutes` is what the `sized` ones among the done were meant to take.
    """

    done: Mapped[int]
    on_time: Mapped[int]
    late: Mapped[int]
    planned: Mapped[int]
    kept: Mapped[int]
    slipped: Mapped[int]
    cancelled: Mapped[int]
    minutes: Mapped[int]
    sized: Mapped[int]


class TaskFacts(InWorkspace, Counted, Model):
    """What one task counts for somebody on one day."""

    __tablename__ = "progress_facts"
    __table_args__ = (of_tenant(), of_member())

    task_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    area_id: Mapped[UUID | None]
    goal_id: Mapped[UUID | None]
    label_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))


class Rollup(InWorkspace, Counted, Model):
    """The sum of what counts on one day for one area, goal or label, or for all of it."""

    __tablename__ = "progress_rollups"
    __table_args__ = (
        of_tenant(),
        of_member(),
        Index("progress_rollups_day_idx", "workspace_id", "dimension", "day"),
    )

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    dimension: Mapped[str] = mapped_column(Text(), primary_key=True)
    of_id: Mapped[UUID] = mapped_column(primary_key=True)


class Achievement(Private, Model):
    """A tier that somebody has earned and was told of; it has no day while it does not stand."""

    __tablename__ = "achievements"
    __table_args__ = (
        of_tenant(),
        of_member(),
        UniqueConstraint("workspace_id", "user_id", "key", "tier"),
    )

    key: Mapped[str]
    tier: Mapped[int]
    earned_on: Mapped[date | None]


class Consent(Tenant, Model):
    """Somebody's yes to be counted where few are, from a day on, until it is taken back.

    Seen by the whole workspace's transactions, since sums are made of it; no verb tells whose.
    """

    __tablename__ = "progress_consents"
    __table_args__ = (
        of_tenant(),
        of_member(),
        Index(
            "progress_consents_standing_key",
            "workspace_id",
            "user_id",
            unique=True,
            postgresql_where=column("until").is_(None),
        ),
    )

    user_id: Mapped[UUID]
    first: Mapped[date]
    until: Mapped[date | None]


class Report(Private, Model):
    """One time looked back on, as it was told."""

    __tablename__ = "reports"
    __table_args__ = (
        of_tenant(),
        of_member(),
        UniqueConstraint("workspace_id", "user_id", "kind", "first"),
    )

    kind: Mapped[ReportKind]
    first: Mapped[date]
    last: Mapped[date]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    told_at: Mapped[datetime]
