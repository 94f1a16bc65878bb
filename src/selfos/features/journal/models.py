"""The table of the journal; each row is its writer's alone, and so are its images."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ARRAY, CheckConstraint, Index, Text, column
from sqlalchemy.orm import Mapped, mapped_column

from selfos.kernel.database import Model, Private, Unshared, Versioned
from selfos.kernel.errors import Conflict, invalid
from selfos.kernel.tables import found_by, of_member, of_tenant


class JournalEntry(Private, Unshared, Versioned, Model):
    """A text, or how somebody feels, or both, for one of their days; never shared."""

    __tablename__ = "journal_entries"
    __table_args__ = (
        of_tenant(),
        of_member(),
        CheckConstraint("seen_by IS NOT NULL AND seen_by = user_id", name="seen_by"),
        CheckConstraint("mood BETWEEN 1 AND 5", name="mood"),
        CheckConstraint("energy BETWEEN 1 AND 5", name="energy"),
        Index(
            "journal_entries_day_idx",
            *("workspace_id", "user_id", "day", "created_at", "id"),
            postgresql_where=column("deleted_at").is_(None),
        ),
        found_by("journal_entries", "deleted_at"),
    )

    day: Mapped[date]
    body: Mapped[str]
    mood: Mapped[int | None]
    energy: Mapped[int | None]
    words: Mapped[list[str]] = mapped_column(ARRAY(Text()))
    deleted_at: Mapped[datetime | None]

    def check(self, today: date) -> None:
        """Refuse an entry that says nothing, and one for a day that has not come."""
        if not self.body.strip() and self.mood is None and self.energy is None and not self.words:
            raise invalid("/body", "An entry needs some text, a mood, energy or a word.")
        if self.day > today:
            raise invalid("/day", "This day has not come yet.")

    def require_kept(self) -> None:
        """Refuse to change an entry in the trash."""
        if self.deleted_at is not None:
            raise Conflict("This entry is in the trash; restore it first.")

    def restore(self) -> None:
        """Take it out of the trash; one that is not there cannot be restored."""
        if self.deleted_at is None:
            raise Conflict("This entry is not in the trash.")
        self.deleted_at = None
