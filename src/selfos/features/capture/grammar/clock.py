"""What the words for times of day mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from selfos.features.capture.grammar.calendar import Here
from selfos.features.capture.grammar.lexicon import Values

NOON, HOURS = 12, 24
# "Tonight at 3" is in the small hours, "tonight at 7" is not.
EVENING_FROM = 5


@dataclass(frozen=True, slots=True)
class Hour:
    """A time as said: a clock, a part of the day, or both; `loose` may be morning or afternoon."""

    clock: time | None = None
    loose: bool = False
    part: str | None = None
    days: int | None = None

    def joined(self, other: Hour) -> Hour | None:
        """Return both as one ("in the evening" and "at 7"), or None where they are two times."""
        if (self.clock and other.clock) or (self.part and other.part):
            return None
        days = self.days if self.days is not None else other.days
        clock = self.clock or other.clock
        return Hour(clock, self.loose or other.loose, self.part or other.part, days)

    def on_the_clock(self, parts: Mapping[str, time]) -> time:
        """Return the wall time; a part of the day decides between 7 and 19 o'clock."""
        if self.clock is None:
            return parts[self.part or "morning"]
        hour = self.clock.hour
        late = self.part in ("evening", "night") and hour >= EVENING_FROM
        if self.loose and hour < NOON and (self.part == "afternoon" or late):
            return self.clock.replace(hour=hour + NOON)
        return self.clock


def read_hour(meaning: str, values: Values, here: Here) -> Hour | None:
    """Return the time these words mean, or None where there is none."""
    try:
        return MEANINGS[meaning](values, here)
    except ValueError:
        return None


def next_slot(hour: Hour, here: Here) -> datetime:
    """Return the next wall time that this can mean: today if it is still to come."""
    wall = datetime.combine(here.today, hour.on_the_clock(here.parts))
    if wall > here.now:
        return wall
    later = second_reading(wall, hour, here)
    return later if later > here.now else wall + timedelta(days=1)


def second_reading(wall: datetime, hour: Hour, here: Here) -> datetime:
    """Return the afternoon where "at 5" can mean both, else the time itself."""
    both = here.clock == NOON and hour.loose and hour.part is None
    return wall + timedelta(hours=NOON) if both and 0 < wall.hour < NOON else wall


def _clock(values: Values, _here: Here) -> Hour | None:
    said, minute = values["h"], int(values.get("mm", 0))
    hour = int(said)
    half = values.get("half")
    if half is not None:
        if not 1 <= hour <= NOON:
            return None
        hour = hour % NOON + (NOON if half == "pm" else 0)
        return Hour(time(hour, minute))
    padded = isinstance(said, str) and said.startswith("0")
    loose = 1 <= hour < NOON and not padded
    return Hour(time(hour % HOURS if hour == HOURS else hour, minute), loose, values.get("part"))


def _before_hour(values: Values, _here: Here) -> Hour | None:
    hour = int(values["h"])
    whole = time((hour - 1) % HOURS)
    minute = 60 - int(values["mm"])
    return Hour(whole.replace(minute=minute), loose=True, part=values.get("part"))


def _part(values: Values, _here: Here) -> Hour:
    return Hour(part=values["part"], days=values.get("days"))


def _late(values: Values, _here: Here) -> Hour | None:
    """Return a time with its part of the day, in languages that count to 24 otherwise."""
    minute = int(values.get("mm", 0))
    return Hour(time(int(values["h"]), minute), loose=True, part=values["part"])


MEANINGS: Mapping[str, Callable[[Values, Here], Hour | None]] = {
    "before_hour": _before_hour,
    "clock": _clock,
    "late": _late,
    "part": _part,
}
