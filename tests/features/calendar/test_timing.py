"""When events take place: as planned by the wall clock, whatever clocks do."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from selfos.features.calendar.timing import Pattern, Timing, carried, moved, timing_of
from selfos.kernel.errors import Invalid

BERLIN, NEW_YORK, TOKYO = map(ZoneInfo, ("Europe/Berlin", "America/New_York", "Asia/Tokyo"))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def zoned(start: str, end: str, zone: str = "Europe/Berlin", end_zone: str | None = None) -> Timing:
    return Timing(at(start), at(end), zone, end_zone)


def utc(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}"


@pytest.mark.parametrize(
    ("timing", "begins", "ends"),
    [
        (zoned("2026-03-28T02:30", "2026-03-28T03:30"), "2026-03-28T01:30", "2026-03-28T02:30"),
        # The night on which 02:00 is 03:00: what does not exist moves ahead, and stays in order.
        (zoned("2026-03-29T02:30", "2026-03-29T03:30"), "2026-03-29T01:30", "2026-03-29T01:30"),
        (zoned("2026-03-29T02:30", "2026-03-29T03:15"), "2026-03-29T01:30", "2026-03-29T01:30"),
        # The night on which 03:00 is 02:00 again: what comes twice is the first.
        (zoned("2026-10-25T02:30", "2026-10-25T03:30"), "2026-10-25T00:30", "2026-10-25T02:30"),
        # A night shift is eight hours on the clock, and nine or seven in between.
        (zoned("2026-10-24T22:00", "2026-10-25T06:00"), "2026-10-24T20:00", "2026-10-25T05:00"),
        # A flight lands by the clocks of where it lands, earlier than it left.
        (
            zoned("2026-11-29T17:00", "2026-11-29T09:00", "Asia/Tokyo", "America/New_York"),
            "2026-11-29T08:00",
            "2026-11-29T14:00",
        ),
    ],
)
def test_plans_mean_instants_by_the_clocks_of_their_zone(
    timing: Timing, begins: str, ends: str
) -> None:
    assert (utc(timing.begins(TOKYO)), utc(timing.ends(TOKYO))) == (begins, ends)


def test_days_are_those_of_whoever_looks() -> None:
    call = zoned("2026-11-29T23:00", "2026-11-30T00:00")
    assert call.days(BERLIN) == (date(2026, 11, 29), date(2026, 11, 29))
    assert call.days(TOKYO) == (date(2026, 11, 30), date(2026, 11, 30))
    trip = Timing(date(2026, 12, 24), date(2026, 12, 26))
    assert trip.days(TOKYO) == trip.days(NEW_YORK) == (date(2026, 12, 24), date(2026, 12, 26))
    night = Timing(at("2026-11-29T22:00"), at("2026-11-30T06:30"))
    assert dict(night.minutes_by_day(BERLIN)) == {
        date(2026, 11, 29): 120.0,
        date(2026, 11, 30): 390.0,
    }
    assert dict(trip.minutes_by_day(BERLIN)) == {}


def test_what_repeats_keeps_its_wall_time_over_the_night_the_clocks_change() -> None:
    pattern = Pattern(zoned("2026-10-18T09:00", "2026-10-18T10:00"), "FREQ=WEEKLY;BYDAY=SU")
    found = list(pattern.between(date(2026, 10, 18), date(2026, 11, 1), BERLIN))
    assert [utc(timing.begins(BERLIN)) for _, timing in found] == [
        "2026-10-18T07:00",
        "2026-10-25T08:00",
        "2026-11-01T08:00",
    ]


def test_exceptions_leave_out_and_add() -> None:
    plain = Pattern(Timing(date(2026, 12, 1), date(2026, 12, 2)), "FREQ=DAILY;INTERVAL=3;COUNT=3")
    pattern = Pattern(
        plain.timing, plain.rule, frozenset([date(2026, 12, 4)]), (date(2026, 12, 5),)
    )
    assert list(pattern.slots()) == [date(2026, 12, 1), date(2026, 12, 5), date(2026, 12, 7)]
    assert (pattern.has(date(2026, 12, 4)), pattern.has(date(2026, 12, 5))) == (False, True)
    # What began before is still there on its last day.
    found = plain.between(date(2026, 12, 2), date(2026, 12, 3), BERLIN)
    assert [slot for slot, _ in found] == [date(2026, 12, 1)]


def test_exceptions_move_with_their_event() -> None:
    old, new = at("2026-12-01T09:00"), at("2026-12-02T10:30")
    assert carried(at("2026-12-08T09:00"), old, new) == at("2026-12-09T10:30")
    assert carried(at("2026-12-08T09:00"), old, date(2026, 12, 1)) == date(2026, 12, 8)
    assert carried(date(2026, 12, 8), date(2026, 12, 1), new) == at("2026-12-09T10:30")


def test_an_event_that_moves_stays_as_long_as_it_was() -> None:
    hour = Timing(at("2026-12-01T09:00"), at("2026-12-01T10:00"))
    assert moved(hour, (at("2026-12-03T11:00"), "Asia/Tokyo")) == Timing(
        at("2026-12-03T11:00"), at("2026-12-03T12:00"), "Asia/Tokyo"
    )
    assert moved(hour, (date(2026, 12, 3), None)) == Timing(date(2026, 12, 3), date(2026, 12, 3))


DAY, NINE, IN_BERLIN = (date(2026, 12, 1), None), (at("2026-12-01T09:00"), None), "Europe/Berlin"


@pytest.mark.parametrize(
    ("start", "end", "minutes", "pointer"),
    [
        (DAY, (date(2026, 11, 30), None), None, "/end"),
        (NINE, (at("2026-12-01T08:59"), None), None, "/end"),
        (DAY, NINE, None, "/end"),
        (NINE, (NINE[0], IN_BERLIN), None, "/end"),
        (DAY, (date(2028, 12, 1), None), None, "/end"),
        (NINE, NINE, 5, "/duration_minutes"),
        (DAY, None, 5, "/duration_minutes"),
    ],
)
def test_an_end_fits_its_start(start: Any, end: Any, minutes: int | None, pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        timing_of(start, end, minutes)
    assert [each.pointer for each in refused.value.errors] == [pointer]
