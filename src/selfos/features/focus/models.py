"""The table of sessions; each row is its person's alone, and so are its images."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, column
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from selfos.features.focus.stretches import Stretch, close, seconds_by_day
from selfos.kernel.database import Model, Private, Unshared, Versioned
from selfos.kernel.errors import Conflict
from selfos.kernel.tables import found_by, inside, of_member, of_tenant

# Who pauses more often than this has begun something else.
MOST_STRETCHES = 100


class FocusSession(Private, Unshared, Versioned, Model):
    """Time somebody gave to a task, to a habit, or to nothing that has a name here.

    `stretches` are its times without the pauses; the last has no end while the timer runs. `days`
    are the seconds of those that have one, by the days they were in when they were written down.
    `cut` says that the timer had been forgotten, and that nobody has looked since.
    """

    __tablename__ = "focus_sessions"
    __table_args__ = (
        of_tenant(),
        of_member(),
        inside("task_id", "tasks"),
        inside("habit_id", "habits"),
        CheckConstraint("seen_by IS NOT NULL AND seen_by = user_id", name="seen_by"),
        CheckConstraint("task_id IS NULL OR habit_id IS NULL", name="subject"),
        Index(
            "focus_sessions_open_key",
            *("workspace_id", "user_id"),
            unique=True,
            postgresql_where=column("ended_at").is_(None),
        ),
        Index("focus_sessions_day_idx", "workspace_id", "user_id", "last_day", "first_day"),
        Index("focus_sessions_start_idx", "workspace_id", "user_id", "started_at", "id"),
        found_by("focus_sessions", "task_id"),
        found_by("focus_sessions", "habit_id"),
    )

    task_id: Mapped[UUID | None]
    habit_id: Mapped[UUID | None]
    note: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    stretches: Mapped[list[dict[str, str | None]]] = mapped_column(JSONB)
    days: Mapped[dict[str, int]] = mapped_column(JSONB)
    seconds: Mapped[int]
    first_day: Mapped[date]
    last_day: Mapped[date]
    cut: Mapped[bool]

    @property
    def is_running(self) -> bool:
        """Tell whether its timer runs: neither over nor in a pause."""
        return self.ended_at is None and self.times[-1].is_open

    @property
    def times(self) -> list[Stretch]:
        """Return its stretches."""
        return [
            Stretch(
                datetime.fromisoformat(str(each["start"])),
                datetime.fromisoformat(each["end"]) if each["end"] else None,
            )
            for each in self.stretches
        ]

    @property
    def seconds_of_days(self) -> Mapping[date, int]:
        """Return how long it was on each of its days."""
        return {date.fromisoformat(day): seconds for day, seconds in self.days.items()}

    def set_times(self, times: Sequence[Stretch], day_of: Callable[[datetime], date]) -> None:
        """Take these stretches and count the days of those that are closed."""
        days = seconds_by_day(times, day_of)
        self.stretches = [
            {"start": each.start.isoformat(), "end": each.end.isoformat() if each.end else None}
            for each in times
        ]
        self.days = {day.isoformat(): seconds for day, seconds in sorted(days.items())}
        self.seconds = sum(days.values())
        self.started_at = times[0].start
        self.first_day, self.last_day = min(days), max(days)

    def pause(self, now: datetime, day_of: Callable[[datetime], date]) -> None:
        """Let it rest; one that rests already is a conflict."""
        if not self.is_running:
            raise Conflict("The timer is paused already.")
        closed = close(self.times, now)
        self.set_times(closed.stretches, day_of)
        self.cut = self.cut or closed.cut

    def resume(self, now: datetime, day_of: Callable[[datetime], date]) -> None:
        """Go on after a pause; one that runs already is a conflict."""
        if self.is_running:
            raise Conflict("The timer runs already.")
        if len(self.stretches) >= MOST_STRETCHES:
            raise Conflict("It has been paused too often; stop it and start another.")
        # A clock that was set back does not let it run in its own past.
        start = max(now, self.times[-1].end or now)
        self.set_times([*self.times, Stretch(start)], day_of)

    def stop(self, now: datetime, day_of: Callable[[datetime], date]) -> None:
        """End it, now or when it was forgotten or paused."""
        closed = close(self.times, now)
        self.set_times(closed.stretches, day_of)
        self.ended_at = closed.stretches[-1].end
        self.cut = self.cut or closed.cut

    def require_over(self) -> None:
        """Refuse to change the times of one that has not ended."""
        if self.ended_at is None:
            raise Conflict("The timer still runs; stop it first.")
