"""Our slots against dateutil's, on random rules; dateutil is asked only about rules that come up.

Left out is what dateutil reads otherwise than RFC 5545: weekdays with and without a number in one
list (it intersects them), week numbers in every nth year, and weeks at the turn of a year (it
counts 2039-01-01 to a 53rd one), for which Python's ISO calendar is asked instead. A first week is
whole for us; it counts places (BYSETPOS) only from the anchor, so it is asked from that week's
first day.
"""

from datetime import date, datetime, timedelta
from itertools import dropwhile, islice, takewhile

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from selfos.features.planning.recurrence.canonical import canonical
from selfos.features.planning.recurrence.rules import WEEKDAYS, BadRule, Frequency, Rule, read
from selfos.features.planning.recurrence.slots import next_slots, slots_after

MONTH_DAYS = st.integers(1, 31) | st.integers(-3, -1)
YEARS_ASKED = 12


def some(values: st.SearchStrategy[int], most: int = 4) -> st.SearchStrategy[str]:
    return st.lists(values, min_size=1, max_size=most, unique=True).map(
        lambda chosen: ",".join(map(str, chosen))
    )


@st.composite
def rule_texts(draw: st.DrawFn) -> str:
    frequency = draw(st.sampled_from(list(Frequency)))
    interval = draw(st.integers(1, 5))
    parts = [f"FREQ={frequency}", f"INTERVAL={interval}"]
    chosen = draw(st.sets(st.sampled_from(["month", "month_day", "day", "hour", "other"])))
    days = draw(st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=4, unique=True))
    is_wide = frequency in {Frequency.MONTHLY, Frequency.YEARLY}
    if "month" in chosen:
        parts.append(f"BYMONTH={draw(some(st.integers(1, 12)))}")
    if "month_day" in chosen and frequency is not Frequency.WEEKLY:
        parts.append(f"BYMONTHDAY={draw(some(MONTH_DAYS))}")
    if "day" in chosen:
        which = draw(st.sampled_from(["", "1", "2", "-1", "5"])) if is_wide else ""
        parts.append(f"BYDAY={','.join(which + day for day in days)}")
    if "hour" in chosen:
        parts.append(f"BYHOUR={draw(some(st.integers(0, 23)))}")
    elif "other" in chosen and frequency is Frequency.YEARLY and "day" not in chosen:
        if draw(st.booleans()):
            parts.append(f"BYYEARDAY={draw(some(st.integers(1, 366) | st.integers(-366, -1)))}")
        elif interval == 1:
            parts.append(f"BYWEEKNO={draw(some(st.integers(2, 51)))}")
    has_set = any(part.startswith(("BYDAY", "BYMONTHDAY")) for part in parts)
    if has_set and frequency is not Frequency.HOURLY and draw(st.booleans()):
        parts.append(f"BYSETPOS={draw(some(st.integers(1, 3) | st.integers(-2, -1), 2))}")
    if draw(st.booleans()):
        parts.append(f"WKST={draw(st.sampled_from(WEEKDAYS))}")
    return ";".join(parts)


FIRST, LAST = datetime.fromisoformat("2019-01-01"), datetime.fromisoformat("2035-12-31")
ANCHORS = st.datetimes(FIRST, LAST).map(lambda moment: moment.replace(second=0, microsecond=0))


def stored(text: str, anchor: datetime) -> Rule:
    try:
        return canonical(read(text), anchor)
    except BadRule:
        assume(False)
        raise


def theirs(rule: Rule, anchor: datetime, n: int) -> list[datetime]:
    """Ask dateutil, which walks as far as it finds something."""
    end = anchor + timedelta(days=365 * YEARS_ASKED)
    begin = week_of(rule, anchor) if rule.frequency is Frequency.WEEKLY else anchor
    found = dropwhile(lambda slot: slot < anchor, rrulestr(rule.text(), dtstart=begin))
    return list(takewhile(lambda slot: slot <= end, islice(found, n)))


def week_of(rule: Rule, anchor: datetime) -> datetime:
    return anchor - timedelta(days=(anchor.weekday() - (rule.week_start or 0)) % 7)


@settings(max_examples=60, deadline=None)
@given(rule_texts(), ANCHORS)
def test_slots_are_those_of_the_standard(text: str, anchor: datetime) -> None:
    compare(text, anchor)


@pytest.mark.proof
@settings(max_examples=3_000, deadline=None)
@given(rule_texts(), ANCHORS)
def test_slots_are_those_of_the_standard_thousands_of_times(text: str, anchor: datetime) -> None:
    compare(text, anchor)


def compare(text: str, anchor: datetime) -> None:
    rule = stored(text, anchor)
    expected = theirs(rule, anchor, 8)
    assert next_slots(rule, anchor, len(expected)) == expected


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 53), st.integers(0, 6), ANCHORS)
def test_numbered_weeks_are_those_of_the_iso_calendar(
    week: int, day: int, anchor: datetime
) -> None:
    rule = stored(f"FREQ=YEARLY;BYWEEKNO={week};BYDAY={WEEKDAYS[day]}", anchor)
    days = (anchor + timedelta(days=after) for after in range(365 * YEARS_ASKED))
    expected = [slot for slot in days if slot.isocalendar()[1:] == (week, day + 1)]
    assert next_slots(rule, anchor, len(expected)) == expected


@settings(max_examples=60, deadline=None)
@given(rule_texts(), ANCHORS, st.integers(0, 4_000))
def test_a_search_may_begin_anywhere(text: str, anchor: datetime, days: int) -> None:
    """Starting late finds what walking from the anchor finds."""
    rule = stored(text, anchor)
    after = anchor + timedelta(days=days)
    walked = (slot for slot in slots_after(rule, anchor) if slot > after)
    assert next_slots(rule, anchor, 3, after=after) == list(islice(walked, 3))


@settings(max_examples=60, deadline=None)
@given(rule_texts(), ANCHORS)
def test_the_canonical_form_is_final(text: str, anchor: datetime) -> None:
    rule = stored(text, anchor)
    again = canonical(read(rule.text()), anchor, week_start=6)
    assert again == rule
    assert again.text() == rule.text()


@settings(max_examples=60, deadline=None)
@given(rule_texts(), ANCHORS)
def test_whole_days_are_the_days_of_wall_times(text: str, anchor: datetime) -> None:
    rule = stored(text, anchor)
    assume(not rule.is_timed)
    days = next_slots(rule, anchor.date(), 5)
    assert days == [slot.date() for slot in next_slots(rule, anchor, 5)]  # type: ignore[union-attr]
    assert all(type(day) is date for day in days)
