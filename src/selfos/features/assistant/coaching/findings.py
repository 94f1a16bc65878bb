"""What the rules of the coach find: a state, whose it is, how much it weighs, the numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from selfos.features.assistant.coaching.signals import GoalSignal, HabitSignal, Idea, TaskSignal
from selfos.features.assistant.schemas.words import Help, Subject

Number = int | float | str
Signal = TaskSignal | HabitSignal | GoalSignal | Idea
SUBJECTS: Mapping[type, Subject] = {
    TaskSignal: Subject.TASK,
    HabitSignal: Subject.HABIT,
    GoalSignal: Subject.GOAL,
}
SUBJECTS_OF_IDEAS: Mapping[str, Subject] = {
    "next_goal": Subject.AREA,
    "goal_habit": Subject.GOAL,
    "better_time": Subject.HABIT,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A state the coach recognises and the help it would offer; heavier ones come first."""

    state: str
    help: Help
    weight: float
    numbers: Mapping[str, Number]
    about: Signal | None = None

    @property
    def subject(self) -> Subject:
        """Return what kind of thing it is about."""
        if isinstance(self.about, Idea):
            return SUBJECTS_OF_IDEAS[self.about.state]
        return SUBJECTS[type(self.about)] if self.about else Subject.LIFE

    @property
    def subject_id(self) -> UUID | None:
        """Return what it is about, None for a life as a whole."""
        return self.about.id if self.about else None

    @property
    def title(self) -> str:
        """Return what the thing is called."""
        return self.about.title if self.about else ""
