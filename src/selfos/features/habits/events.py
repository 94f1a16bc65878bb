"""What happens to habits."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

from selfos.kernel.events import Event


class HabitEvent(Event):
    """Something that happened to a habit, with what it belonged to then."""

    aggregate: ClassVar[str] = "habit_id"

    habit_id: UUID
    goal_id: UUID | None = None
    area_id: UUID | None = None


class HabitCreated(HabitEvent):
    type: ClassVar[str] = "habit.created"


class HabitUpdated(HabitEvent):
    """`fields` are the names of what was given anew."""

    type: ClassVar[str] = "habit.updated"

    fields: list[str]


class HabitDeleted(HabitEvent):
    type: ClassVar[str] = "habit.deleted"


class HabitRestored(HabitEvent):
    type: ClassVar[str] = "habit.restored"


class CheckInEvent(HabitEvent):
    """Something that happened to one record of a day."""

    check_in_id: UUID
    day: date
    amount: float


class HabitChecked(CheckInEvent):
    type: ClassVar[str] = "habit.checked"


class HabitUnchecked(CheckInEvent):
    """A record, of having done it or of a skip, was taken back."""

    type: ClassVar[str] = "habit.unchecked"


class CheckInUpdated(CheckInEvent):
    type: ClassVar[str] = "habit.check_in_updated"


class HabitSkipped(HabitEvent):
    """A day was left out for a reason."""

    type: ClassVar[str] = "habit.skipped"

    check_in_id: UUID
    day: date


class PauseEvent(Event):
    """Something that happened to a pause; without a habit it is one of everything."""

    aggregate: ClassVar[str] = "pause_id"

    pause_id: UUID
    habit_id: UUID | None = None


class PauseCreated(PauseEvent):
    type: ClassVar[str] = "habit_pause.created"


class PauseUpdated(PauseEvent):
    type: ClassVar[str] = "habit_pause.updated"


class PauseDeleted(PauseEvent):
    type: ClassVar[str] = "habit_pause.deleted"
