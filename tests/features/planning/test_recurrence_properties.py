"""What holds for every repetition, in any zone, with any day start, across clock changes."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from selfos.features.identity.schemas import WeekStart
from selfos.features.identity.service import UserTime
from selfos.features.planning.recurrence.canonical import canonical
from selfos.features.planning.recurrence.following import CatchUp, Mode, Repetition
from selfos.features.planning.recurrence.rules import read
from selfos.features.planning.recurrence.slots import (
    Slot,
    day_of,
    instant_of,
    next_slots,
    read_slot,
    slot_text,
)
from selfos.features.planning.series import Series

ZONES = st.sampled_from(
    [
        "Europe/Berlin",
        "America/New_York",
        "America/St_Johns",
        "Australia/Lord_Howe",
        "Pacific/Kiritimati",
        "Pacific/Honolulu",
        "Asia/Kolkata",
        "Africa/Casablanca",
    ]
)
WALLS = st.datetimes(
    datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2028-12-31")
).map(lambda wall: wall.replace(second=0, microsecond=0))
RULES = st.sampled_from(
    ["FREQ=DAILY", "FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "FREQ=MONTHLY", "FREQ=YEARLY"]
)
MODES = st.sampled_from(list(Mode))
CATCH_UPS = st.sampled_from(list(CatchUp))


@settings(max_examples=80, deadline=None)
@given(WALLS, ZONES)
def test_one_local_day_has_one_slot(wall: datetime, zone: str) -> None:
    """A daily wall time comes once on each day, and its instants follow each other."""
    slots = next_slots(canonical(read("FREQ=DAILY"), wall), wall, 400)
    days = [day_of(slot) for slot in slots]
    assert days == [wall.date() + timedelta(days=number) for number in range(400)]
    instants = [instant_of(slot, ZoneInfo(zone)) for slot in slots if isinstance(slot, datetime)]
    assert len(instants) == 400
    assert all(earlier < later for earlier, later in pairwise(instants))


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3_000), ZONES), min_size=5, max_size=40),
    st.integers(0, 360),
)
def test_a_flight_never_gives_one_day_two_occurrences(
    steps: list[tuple[int, str]], day_start: int
) -> None:
    """Done as soon as it is due, wherever one is: no local day does two slots, none comes twice."""
    now = datetime(2027, 1, 1, 12, tzinfo=UTC)
    first_day = UserTime(ZoneInfo("UTC"), day_start, WeekStart.MONDAY).today(now)
    how = Repetition(read("FREQ=DAILY"), first_day, catch_up=CatchUp.COLLAPSE)
    slot: Slot | None = first_day
    done: list[tuple[Slot, object]] = []
    for minutes, name in steps:
        now += timedelta(minutes=minutes)
        time = UserTime(ZoneInfo(name), day_start, WeekStart.MONDAY)
        today = time.today(now)
        assert slot is not None
        if slot <= today:
            done.append((slot, today))
            slot = how.following(slot, now.replace(tzinfo=None), today)
    slots, days = [slot for slot, _ in done], [day for _, day in done]
    assert slots == sorted(set(slots))
    assert len(set(days)) == len(days)


@settings(max_examples=80, deadline=None)
@given(RULES, WALLS, MODES, CATCH_UPS, st.integers(-500, 500), st.booleans(), st.booleans())
def test_what_follows_is_later(
    text: str, wall: datetime, mode: Mode, catch_up: CatchUp, late: int, timed: bool, skipped: bool
) -> None:
    first: Slot = wall if timed else wall.date()
    text = text.partition(";")[0] if mode is Mode.COMPLETION else text
    rule = canonical(read(text), first, follows=mode is Mode.COMPLETION)
    how = Repetition(rule, first, mode, catch_up)
    slot = how.first()
    assert slot is not None
    done = wall + timedelta(days=late)
    step = how.passing if skipped else how.following
    found = step(slot, done, done.date())
    assert found is not None
    assert found > slot
    if catch_up is CatchUp.COLLAPSE and mode is Mode.SCHEDULE:
        assert day_of(found) >= done.date()
    assert step(slot, done, done.date()) == found


@settings(max_examples=60, deadline=None)
@given(st.uuids(), WALLS, st.booleans())
def test_every_device_makes_the_same_occurrence(
    series_id: UUID, wall: datetime, timed: bool
) -> None:
    slot: Slot = wall if timed else wall.date()
    assert read_slot(slot_text(slot)) == slot
    one, other = Series(id=series_id), Series(id=series_id)
    made = one.occurrence_id(slot)
    assert made == other.occurrence_id(read_slot(slot_text(slot)))
    assert made.version == 5
    assert made != one.occurrence_id(slot + timedelta(days=1))
