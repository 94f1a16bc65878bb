"""When somebody is told: the vectors of DST nights, zones, quiet hours and daily times."""

import json
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfos.features.notifications.moments import (
    before,
    end_of_quiet,
    instant_of,
    next_at,
    tomorrow,
    tonight,
)

VECTORS = json.loads(
    (Path(__file__).parents[2] / "vectors" / "reminders.json").read_text(encoding="utf-8")
)
ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]


def said(vector: dict[str, Any]) -> str:
    return vector["why"]


@pytest.mark.parametrize("vector", VECTORS["instants"], ids=said)
def test_a_wall_time_is_this_instant(vector: dict[str, Any]) -> None:
    wall, zone = datetime.fromisoformat(vector["wall"]), ZoneInfo(vector["zone"])
    found = before(wall, vector["minutes_before"], zone)
    assert found == datetime.fromisoformat(vector["instant"])


@pytest.mark.parametrize("vector", VECTORS["quiet"], ids=said)
def test_quiet_hours_end_then(vector: dict[str, Any]) -> None:
    hours = time.fromisoformat(vector["from"]), time.fromisoformat(vector["until"])
    ends = end_of_quiet(datetime.fromisoformat(vector["now"]), ZoneInfo(vector["zone"]), hours)
    assert (ends.isoformat() if ends else None) == vector["ends"]


@pytest.mark.parametrize("vector", VECTORS["next"], ids=said)
def test_a_daily_time_comes_next_then(vector: dict[str, Any]) -> None:
    now, zone = datetime.fromisoformat(vector["now"]), ZoneInfo(vector["zone"])
    weekday = vector.get("weekday")
    found = next_at(time.fromisoformat(vector["clock"]), now, zone, weekday=weekday)
    assert found == datetime.fromisoformat(vector["next"])


def test_tonight_is_this_evening_or_an_hour_from_now_and_tomorrow_has_the_usual_time() -> None:
    zone = ZoneInfo("Europe/Berlin")
    noon, night = (datetime(2026, 1, 15, hour, tzinfo=zone) for hour in (12, 23))
    assert tonight(noon, zone) == datetime(2026, 1, 15, 19, tzinfo=zone)
    assert tonight(night, zone) == night + timedelta(hours=1)
    assert tomorrow(night.date(), zone, time(8)) == datetime(2026, 1, 16, 8, tzinfo=zone)


@given(
    wall=st.datetimes(datetime.fromisoformat("2020-01-01"), datetime.fromisoformat("2030-01-01")),
    minutes=st.integers(0, 20_000),
    name=st.sampled_from(ZONES),
)
@settings(max_examples=60)
def test_a_longer_time_before_is_never_later(wall: datetime, minutes: int, name: str) -> None:
    zone = ZoneInfo(name)
    day = timedelta(days=minutes // 1_440)
    assert before(wall, minutes, zone) <= instant_of(wall - day, zone)
    assert before(wall, 0, zone) == instant_of(wall, zone)
