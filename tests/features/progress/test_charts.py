"""Charts: gaps are said, comparisons are of as many days, and sheets run nothing."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfos.features.progress.burning import burn_up, due_by, straight
from selfos.features.progress.heat import level, year
from selfos.features.progress.spans import Span, Unit, cut, months_on
from selfos.features.progress.tables import as_csv
from tests.factories import Person
from tests.features.progress.test_stats import done, on, today_of

A_DAY = date(2024, 2, 27)
days = st.dates(date(2020, 1, 1), date(2030, 1, 1))


async def test_days_before_anything_is_known_and_ahead_are_gaps(person: Person) -> None:
    today = await today_of(person)
    await done(person, due=on(today))
    query: dict[str, Any] = {
        "from": str(today - timedelta(days=2)), "to": str(today + timedelta(days=1)), "by": "day"
    }  # fmt: skip
    chart = await person.get("/progress/charts/done", **query)
    (series,) = chart["series"]
    assert series["values"] == [None, None, 1, None]
    assert series["previous"] == [None] * 4
    assert chart["sentence"] == "Tasks done: 1 task."
    planned = await person.get("/progress/charts/planned", **query)
    assert planned["series"][0]["values"] == [None, None, 1, 0]
    share = await person.get("/progress/charts/on_time", **query)
    assert share["series"][0]["values"] == [None, None, 1.0, None]


async def test_a_heatmap_has_every_day_of_a_year(person: Person) -> None:
    habit = await person.post("/habits", 201, title="Stretch")
    await person.post(f"/habits/{habit['id']}/check-ins", 201)
    heat = await person.get("/progress/heatmap", kind="habits")
    assert 53 * 7 - 6 <= len(heat["days"]) <= 53 * 7
    assert heat["days"][-1] == {"day": heat["last"], "value": 1, "level": 4}
    assert heat["days"][0]["value"] is None
    assert heat["sentence"] == "1 habit on 1 day; at most 1 on one."


async def test_a_burn_up_shows_tasks_by_weight_or_the_value_beside_its_path(
    person: Person,
) -> None:
    today = await today_of(person)
    goal = await person.post("/goals", 201, title="Move house")
    await done(person, goal_id=goal["id"], weight=3)
    await person.post("/tasks", 201, title="Pack", goal_id=goal["id"])
    drawn = await person.get(f"/progress/goals/{goal['id']}/burn-up")
    assert drawn["points"] == [{"day": str(today), "scope": 4, "done": 3}]
    assert (drawn["unit"], drawn["sentence"]) == ("points", "3 of 4 points.")
    assert drawn["path"] == []
    end = today + timedelta(days=8)
    await person.patch(f"/goals/{goal['id']}", target_date=str(end))
    drawn = await person.get(f"/progress/goals/{goal['id']}/burn-up")
    assert drawn["path"] == [{"day": str(today), "value": 0}, {"day": str(end), "value": 4}]
    assert drawn["sentence"] == "3 of 4 points; its path asks for 0 by today."
    measured = await person.post(
        "/goals", 201, title="Run 100 km", start_value=0, target_value=100, target_unit="km",
        target_date=str(today + timedelta(days=10)),
    )  # fmt: skip
    await person.post(f"/goals/{measured['id']}/data-points", 201, value=12)
    drawn = await person.get(f"/progress/goals/{measured['id']}/burn-up")
    assert drawn["points"][-1] == {"day": str(today), "scope": 100, "done": 12}
    assert len(drawn["path"]) == 2


@pytest.mark.parametrize("chart", ["done", "focus", "habits", "planned", "slipped", "strength"])
async def test_each_chart_is_a_sheet_too(person: Person, chart: str) -> None:
    answer = await person.client.get(f"/progress/charts/{chart}", headers={"Accept": "text/csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows[0][:2] == ["first", "last"]
    assert len(rows) == 13


async def test_csv_is_given_when_asked_for_by_name(person: Person) -> None:
    for path in ("/progress/stats", "/progress/heatmap"):
        answer = await person.client.get(path, params={"format": "csv"})
        assert answer.headers["content-disposition"].endswith('.csv"')


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1"])
def test_a_text_that_looks_like_a_formula_is_written_as_text(text: str) -> None:
    (row,) = csv.reader(io.StringIO(as_csv([text], []), newline=""))
    assert row == [f"'{text}"]


def test_numbers_stay_numbers_in_a_sheet() -> None:
    assert as_csv(["n"], [[-1.5], [None]]) == 'n\r\n-1.5\r\n""\r\n'


@given(first=days, length=st.integers(0, 500), unit=st.sampled_from(Unit), start=st.integers(0, 6))
def test_periods_cover_a_span_once_and_in_order(
    first: date, length: int, unit: Unit, start: int
) -> None:
    span = Span(first, first + timedelta(days=length))
    periods = cut(span, unit, start)
    assert [day for each in periods for day in each.each()] == list(span.each())
    assert span.before().days == span.days


def test_months_are_counted_across_years() -> None:
    assert months_on(date(2024, 11, 1), 2) == date(2025, 1, 1)
    assert months_on(date(2024, 1, 1), -1) == date(2023, 12, 1)


def test_a_day_is_as_dark_as_the_quarter_it_lies_in() -> None:
    assert [level(value, 8) for value in (0, 1, 2, 3, 5, 8)] == [0, 1, 1, 2, 3, 4]
    assert year({}, Span(A_DAY, A_DAY), None) == [(A_DAY, None, 0)]


def test_what_was_done_before_it_was_written_down_counts_from_that_day() -> None:
    later = A_DAY + timedelta(days=3)
    points = burn_up([(later, A_DAY, 2.0), (A_DAY, None, 1.0)], later)
    assert points == [(A_DAY, 3.0, 2.0), (later, 3.0, 2.0)]
    assert burn_up([], later) == []


def test_a_path_is_straight_between_its_knots_and_flat_outside() -> None:
    knots = straight(A_DAY, A_DAY + timedelta(days=8), 4.0)
    asked = {days: due_by(knots, A_DAY + timedelta(days=days)) for days in (-1, 0, 2, 8, 9)}
    assert asked == {-1: 0.0, 0: 0.0, 2: 1.0, 8: 4.0, 9: 4.0}
    assert (straight(A_DAY, A_DAY, 4.0), straight(A_DAY, None, 4.0)) == ([], [])
    assert due_by([], A_DAY) is None
