"""Appointments of each member, after RFC 5545's VEVENT."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from selfos.migrations.columns import (
    clock,
    day,
    found_by,
    instant,
    number,
    of_member,
    pointer,
    row,
    word,
    words,
)
from selfos.migrations.walls import make_searchable, protect_private, stamp

revision, down_revision = "0045", "0044"

DATES = ("exdates", "rdates")
CHECKS = {
    "seen_by": "seen_by IS NOT NULL AND seen_by = user_id",
    "slot": "(series_id IS NULL) = (slot IS NULL)",
    "rule": "series_id IS NULL OR rule IS NULL",
    "times": "(start_time IS NULL) = (end_time IS NULL)",
}


def upgrade() -> None:
    """Make the table; its rows are their member's alone, as a journal is."""
    op.create_table(
        "calendar_events",
        *row(),
        *of_member(),
        sa.Column("seen_by", sa.Uuid()),
        *pointer("series_id", "calendar_events", ondelete="CASCADE"),
        words("slot", nullable=True),
        *pointer("continues_id", "calendar_events"),
        *(words(name) for name in ("uid", "title", "description", "location")),
        *(day("start_date"), clock("start_time", nullable=True), words("zone", nullable=True)),
        *(day("end_date"), clock("end_time", nullable=True), words("end_zone", nullable=True)),
        *(words("rule", nullable=True), words("words", nullable=True)),
        *(sa.Column(name, JSONB(), nullable=False) for name in DATES),
        *(word("status"), word("transparency"), number("sequence")),
        *(day("last_on"), instant("deleted_at", nullable=True)),
        *(
            sa.CheckConstraint(check, name=op.f(f"calendar_events_{name}_check"))
            for name, check in CHECKS.items()
        ),
    )
    op.create_index(
        "calendar_events_last_on_idx",
        "calendar_events",
        ["workspace_id", "user_id", "last_on", "start_date"],
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "calendar_events_slot_key",
        "calendar_events",
        ["workspace_id", "series_id", "slot"],
        unique=True,
        postgresql_where=sa.text("series_id IS NOT NULL"),
    )
    found_by("calendar_events", "continues_id", "deleted_at")
    protect_private("calendar_events", "calendar_event")
    stamp("calendar_events")
    make_searchable("calendar_events", "calendar_event", texts=["description", "location"])
