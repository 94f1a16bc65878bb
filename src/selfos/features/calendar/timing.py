"""When something takes place, as pure functions of wall times; touches no session.

A plan is a day, a wall time wherever one is, or a wall time in a zone. What comes again is as long
by the wall clock each time. A wall time that a clock skips moves ahead by the gap, one that comes
twice is the first, and nothing ends before it begins.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from selfos.features.planning import service as planning
from selfos.features.planning.service import Slot
from selfos.kernel.errors import invalid

A_DAY, A_MOMENT = timedelta(days=1), timedelta(microseconds=1)
LONGEST = timedelta(days=366)
# A wall time in another zone may lie on another day here, at most this far off.
ZONES_APART = timedelta(days=2)
# A start or an end as planned: the slot, and the zone it is bound to.
Point = tuple[Slot, str | None]


@dataclass(frozen=True, slots=True)
class Timing:
    """From when to when. What has no time of day lasts to the end of its last day."""

    start: Slot
    end: Slot
    zone: str | None = None
    end_zone: str | None = None

    @property
    def is_all_day(self) -> bool:
        """Tell whether it has days and no times."""
        return not isinstance(self.start, datetime)

    @property
    def length(self) -> timedelta:
        """Return how far the written end lies after the written start."""
        return _written(self.end) - _written(self.start)

    def at(self, slot: Slot) -> Timing:
        """Return the same, as long by the wall clock, from another start on."""
        return replace(self, start=slot, end=slot + self.length)

    def begins(self, here: ZoneInfo) -> datetime:
        """Return the instant it begins, for somebody in this zone."""
        return planning.instant_of(_written(self.start), _zone(self.zone, here))

    def ends(self, here: ZoneInfo) -> datetime:
        """Return the instant it is over, for somebody in this zone."""
        last = _written(self.end) + (A_DAY if self.is_all_day else timedelta())
        ends = planning.instant_of(last, _zone(self.end_zone or self.zone, here))
        return max(ends, self.begins(here))

    def days(self, here: ZoneInfo) -> tuple[date, date]:
        """Return its first and last day in this zone; midnight ends the day before it."""
        if self.is_all_day:
            return planning.slot_day(self.start), planning.slot_day(self.end)
        begins, ends = self.begins(here), self.ends(here)
        last = max(begins, ends - A_MOMENT)
        return begins.astimezone(here).date(), last.astimezone(here).date()

    def minutes_by_day(self, here: ZoneInfo) -> Iterator[tuple[date, float]]:
        """Return how many minutes of each of its days it takes; whole days take none."""
        if self.is_all_day:
            return
        begins, ends = self.begins(here), self.ends(here)
        first, last = self.days(here)
        for number in range((last - first).days + 1):
            day = first + number * A_DAY
            opens = planning.instant_of(_written(day), here)
            closes = planning.instant_of(_written(day + A_DAY), here)
            yield day, (min(ends, closes) - max(begins, opens)).total_seconds() / 60

    def shown(self) -> dict[str, Any]:
        """Return the start and the end as plans."""
        return {
            "start": planning.plan_of(self.start, self.zone),
            "end": planning.plan_of(self.end, self.end_zone or self.zone),
        }


def timing_of(start: Point, end: Point | None, minutes: int | None) -> Timing:
    """Return when something is: to an end, or so many minutes long, or no longer than its start.

    Raises Invalid for an end of another kind than the start or before it, and for more than a year.
    """
    (begins, zone), utc = start, ZoneInfo("UTC")
    if end is not None and minutes is not None:
        raise invalid("/duration_minutes", "Say when it ends or how long it lasts, not both.")
    if end is None:
        return _lasting(Timing(begins, begins, zone), minutes)
    ends, end_zone = end
    if (isinstance(ends, datetime), end_zone is None) != (
        isinstance(begins, datetime),
        zone is None,
    ):
        raise invalid("/end", "It ends as it begins: on a day, at a time, or at one in a zone.")
    timing = Timing(begins, ends, zone, end_zone if end_zone != zone else None)
    over = planning.instant_of(_written(ends), _zone(end_zone, utc))
    if over < timing.begins(utc):
        raise invalid("/end", "An event cannot end before it begins.")
    if timing.length > LONGEST:
        raise invalid("/end", "An event lasts a year at most.")
    return timing


def moved(timing: Timing, start: Point) -> Timing:
    """Return the same from another start on, as long as it was; a day has no length in minutes."""
    begins, zone = start
    if isinstance(begins, datetime) is timing.is_all_day:
        return Timing(begins, begins, zone)
    return replace(
        timing.at(begins), zone=zone, end_zone=timing.end_zone if zone is not None else None
    )


def _lasting(timing: Timing, minutes: int | None) -> Timing:
    if minutes is None:
        return timing
    if timing.is_all_day:
        raise invalid("/duration_minutes", "What has no time of day ends on a day; say which.")
    return replace(timing, end=timing.start + timedelta(minutes=minutes))


@dataclass(frozen=True, slots=True)
class Pattern:
    """When something takes place again and again, or once: its canonical rule and exceptions."""

    timing: Timing
    rule: str | None = None
    left_out: frozenset[Slot] = frozenset()
    added: tuple[Slot, ...] = ()

    def slots(self, after: Slot | None = None) -> Iterator[Slot]:
        """Walk the starts in order, strictly after `after` or from the first on."""
        start = self.timing.start
        if self.rule is None:
            return iter((start,) if after is None or start > after else ())
        return planning.walk_slots(
            self.rule, start, after=after, left_out=self.left_out, added=self.added
        )

    def without_exceptions(self) -> Pattern:
        """Return the same with nothing left out."""
        return replace(self, left_out=frozenset())

    def has(self, slot: Slot) -> bool:
        """Tell whether it takes place at this slot."""
        return next(self.slots(planning.just_before(slot)), None) == slot

    def between(self, first: date, last: date, here: ZoneInfo) -> Iterator[tuple[Slot, Timing]]:
        """Walk what touches the days from `first` to `last` in this zone, by start."""
        reach = max(self.timing.length, timedelta()) + ZONES_APART
        earliest = _written(first) - reach
        after: Slot = earliest.date() if self.timing.is_all_day else earliest
        for slot in self.slots(after):
            if planning.slot_day(slot) > last + ZONES_APART:
                return
            timing = self.timing.at(slot)
            begins, ends = timing.days(here)
            if begins <= last and ends >= first:
                yield slot, timing


def carried(slot: Slot, old: Slot, new: Slot) -> Slot:
    """Return where an exception goes when the start `old` of its event goes to `new`."""
    if isinstance(slot, datetime) and isinstance(old, datetime) and isinstance(new, datetime):
        return slot + (new - old)
    day = planning.slot_day(slot) + (planning.slot_day(new) - planning.slot_day(old))
    return datetime.combine(day, new.time()) if isinstance(new, datetime) else day


def _written(slot: Slot) -> datetime:
    return slot if isinstance(slot, datetime) else datetime.combine(slot, time())


def _zone(name: str | None, here: ZoneInfo) -> ZoneInfo:
    return ZoneInfo(name) if name else here
