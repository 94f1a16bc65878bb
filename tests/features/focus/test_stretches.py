"""How time is cut: forgotten timers, corrected ends, days that turn, whatever the clocks do."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from selfos.features.focus.stretches import LONGEST, Stretch, close, fitted, seconds_by_day
from selfos.features.identity.schemas import WeekStart
from selfos.features.identity.service.clocks import UserTime

NIGHT = datetime(2026, 10, 24, 22, tzinfo=UTC)
BERLIN, AUCKLAND = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Auckland")
HOUR = timedelta(hours=1)


def lived(*, day_start: int = 0, flown_at: datetime | None = None) -> UserTime:
    """Somebody in Berlin, who may have come from Auckland at some instant."""
    changes = ((NIGHT - 90 * HOUR, AUCKLAND), (flown_at, BERLIN)) if flown_at else ()
    return UserTime(BERLIN, day_start, WeekStart.MONDAY, changes)


def test_a_forgotten_timer_counts_up_to_where_it_was_forgotten_and_says_so() -> None:
    running = [Stretch(NIGHT)]
    assert close(running, NIGHT + HOUR).stretches == (Stretch(NIGHT, NIGHT + HOUR),)
    late = close(running, NIGHT + 30 * HOUR)
    assert (late.stretches, late.cut) == ((Stretch(NIGHT, NIGHT + LONGEST),), True)
    assert not close(running, NIGHT + LONGEST).cut
    # What is over stays, and a clock that was set back makes no negative time.
    assert close(late.stretches, NIGHT + 90 * HOUR).stretches == late.stretches
    assert close(running, NIGHT - HOUR).stretches == (Stretch(NIGHT, NIGHT),)


def test_another_start_or_end_keeps_the_pauses_that_still_lie_between() -> None:
    first, second = Stretch(NIGHT, NIGHT + HOUR), Stretch(NIGHT + 2 * HOUR, NIGHT + 3 * HOUR)
    times = [first, second]
    assert fitted(times, NIGHT - HOUR, NIGHT + 4 * HOUR) == (
        Stretch(NIGHT - HOUR, NIGHT + HOUR),
        Stretch(NIGHT + 2 * HOUR, NIGHT + 4 * HOUR),
    )
    assert fitted(times, NIGHT, NIGHT + HOUR / 2) == (Stretch(NIGHT, NIGHT + HOUR / 2),)
    elsewhere = (NIGHT + 9 * HOUR, NIGHT + 10 * HOUR)
    assert fitted(times, *elsewhere) == (Stretch(*elsewhere),)


def test_the_day_turns_when_its_person_says_and_not_at_midnight_of_anybody_else() -> None:
    # From 0:00 to 4:00 in Berlin, in the night that has 2:00 twice.
    night = [Stretch(NIGHT, NIGHT + 5 * HOUR)]
    assert seconds_by_day(night, lived().local_day) == {date(2026, 10, 25): 5 * 3600}
    assert seconds_by_day(night, lived(day_start=240).local_day) == {date(2026, 10, 24): 5 * 3600}
    evening = [Stretch(NIGHT - HOUR / 2, NIGHT + HOUR / 4)]
    assert seconds_by_day(evening, lived().local_day) == {
        date(2026, 10, 24): 1800, date(2026, 10, 25): 900
    }  # fmt: skip


# All in tens of seconds, which is as fine as the slow way looks.
STEP = 10
seconds = st.integers(0, 26 * 360).map(lambda number: number * STEP)
lengths = st.integers(0, 3 * 360).map(lambda number: number * STEP)


@settings(max_examples=20, deadline=None)
@given(
    starts=st.lists(st.tuples(seconds, lengths), min_size=1, max_size=2),
    day_start=st.integers(0, 360),
    flown=st.none() | seconds,
)
def test_no_second_is_lost_or_counted_twice_and_each_minute_is_of_the_day_it_begins_on(
    starts: list[tuple[int, int]], day_start: int, flown: int | None
) -> None:
    flown_at = None if flown is None else NIGHT + timedelta(seconds=flown)
    clock = lived(day_start=day_start, flown_at=flown_at)
    times = [
        Stretch(NIGHT + timedelta(seconds=at), NIGHT + timedelta(seconds=at + length))
        for at, length in starts
    ]
    slow: Counter[date] = Counter()
    for each in times:
        assert each.end is not None
        second = each.start
        while second < each.end:
            begun = max(second.replace(second=0), each.start)
            slow[clock.local_day(begun)] += STEP
            second += timedelta(seconds=STEP)
    found = seconds_by_day(times, clock.local_day)
    assert {day: count for day, count in found.items() if count} == slow
    assert clock.local_day(times[0].start) in found
