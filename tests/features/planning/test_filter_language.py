"""The language of filters: every vector, and no text that breaks the reader."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfos.features.planning.filters.days import (
    DAY_WORDS,
    EARLIEST,
    LATEST,
    UNITS,
    DayAway,
    DayCalled,
    DayOn,
    Present,
    resolve_day,
)
from selfos.features.planning.filters.reading import read_filter
from selfos.features.planning.filters.tree import (
    And,
    Assignee,
    Dated,
    Everything,
    Filter,
    Group,
    Measured,
    Node,
    Not,
    Or,
    Place,
    Range,
    Section,
    SortKey,
    Text,
    Word,
    joined,
)
from selfos.features.planning.filters.words import (
    CHOICES,
    GROUPS,
    MOST_NODES,
    SORTS,
    FilterError,
)
from selfos.features.planning.filters.writing import write_filter
from selfos.features.planning.schemas.filters import LONGEST_TEXT

VECTORS = json.loads((Path(__file__).parents[2] / "vectors/filters.json").read_text("utf-8"))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["text"][:40])
def test_vector(vector: dict[str, Any]) -> None:
    if "canonical" in vector:
        assert write_filter(read_filter(vector["text"])) == vector["canonical"]
        return
    with pytest.raises(FilterError) as refusal:
        read_filter(vector["text"])
    error = refusal.value
    said = {"error": error.detail, "start": error.start, "end": error.end}
    if error.suggestion is not None:
        said["suggestion"] = error.suggestion
    assert {"text": vector["text"], **said} == vector


def test_there_are_vectors_for_both_ways() -> None:
    assert len(VECTORS) >= 150
    assert len([vector for vector in VECTORS if "error" in vector]) >= 50


def test_nothing_at_all_is_everything() -> None:
    for text in ("", "   ", "\n"):
        assert read_filter(text) == read_filter("*")


def test_a_suggestion_taken_is_the_end_of_that_problem() -> None:
    for vector in VECTORS:
        if "suggestion" in vector:
            text, start, end = vector["text"], vector["start"], vector["end"]
            read_filter(text[:start] + vector["suggestion"] + text[end:])


def reads_or_refuses(text: str) -> None:
    try:
        chosen = read_filter(text)
    except FilterError as refusal:
        error: FilterError | None = refusal
    else:
        error = None
        written = write_filter(chosen)
        assert len(written) > LONGEST_TEXT or read_filter(written) == chosen
    assert error is None or (error.detail and 0 <= error.start <= error.end <= len(text))


PIECES = st.sampled_from(
    [
        *'()|&!-, "\\#@~^*/:<é\u0130\x00\u2028',
        *"## is: due: sort: limit: group: text: assignee: duration: ..".split(),
        *"today p1 a milk 7 +3d done".split(),
    ]
)
SOUP = st.lists(PIECES, max_size=25).map("".join)


@settings(max_examples=100)
@given(st.text(max_size=60) | SOUP)
def test_no_text_raises_anything_but_its_own_error(text: str) -> None:
    reads_or_refuses(text)


@pytest.mark.proof
@settings(max_examples=20_000, deadline=None)
@given(st.text() | SOUP)
def test_no_text_whatever_raises_anything_but_its_own_error(text: str) -> None:
    reads_or_refuses(text)


WORDS = st.text(min_size=1, max_size=8).filter(
    lambda text: "\x00" not in text and any(character.isalnum() for character in text)
)
BARE = WORDS.filter(lambda text: not any(c.isspace() or c in '()|&,"' for c in text))
NAMES = WORDS
DAYS = (
    st.dates(EARLIEST, LATEST).map(DayOn)
    | st.sampled_from(DAY_WORDS).map(DayCalled)
    | st.builds(DayAway, st.integers(-9_999, 9_999), st.sampled_from(UNITS))
)
PRIORITIES = st.integers(1, 4).map(float)
MINUTES = st.integers(0, 999_999).map(float)
NUMBERS = st.integers(0, 10**9).map(lambda number: round(number / 10**4, 6))


def ranges(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Range[Any]]:
    ends: st.SearchStrategy[Range[Any]] = st.builds(
        Range, st.none(), values, st.just(False), st.booleans()
    ) | st.builds(Range, values, st.none(), st.booleans())
    return values.map(lambda value: Range(value, value)) | ends | st.builds(Range, values, values)


LEAVES: st.SearchStrategy[Node] = (
    st.builds(Text, BARE)
    | st.builds(Text, WORDS, st.just(True))
    | st.just(Everything())
    | st.builds(Place, st.just("project"), NAMES, st.none() | NAMES, st.booleans())
    | st.builds(Place, st.sampled_from(["label", "area", "goal"]), NAMES)
    | st.sampled_from([Word(name, word) for name, words in CHOICES.items() for word in words])
    | st.builds(Dated, st.sampled_from(["due", "done", "created"]), ranges(DAYS))
    | st.builds(Measured, st.just("priority"), ranges(PRIORITIES))
    | st.builds(Measured, st.just("duration"), ranges(MINUTES))
    | st.builds(Measured, st.just("progress"), ranges(NUMBERS))
    | st.builds(Assignee, st.sampled_from(["me", "none"]) | WORDS.map(lambda w: f"x{w}"))
)
NODES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, min_size=2, max_size=4).map(lambda parts: joined(And, parts))
        | st.lists(inner, min_size=2, max_size=4).map(lambda parts: joined(Or, parts))
        | inner.map(Not)
    ),
    max_leaves=8,
)
KEYS = st.lists(st.sampled_from(SORTS), max_size=3, unique=True).flatmap(
    lambda names: st.tuples(*(st.builds(SortKey, st.just(n), st.booleans()) for n in names))
)
FILTERS = st.builds(
    Filter,
    st.lists(NODES.map(Section), min_size=1, max_size=2).map(tuple),
    KEYS,
    st.none() | st.sampled_from(GROUPS).map(Group),
    st.none() | st.integers(1, 200),
)


def comes_back(chosen: Filter) -> None:
    text = write_filter(chosen)
    try:
        assert read_filter(text) == chosen
    except FilterError as error:
        assert len(text) > LONGEST_TEXT or str(MOST_NODES) in error.detail, text  # noqa: PT017


@settings(max_examples=100)
@given(FILTERS)
def test_what_is_written_reads_as_the_same_filter(chosen: Filter) -> None:
    comes_back(chosen)


@pytest.mark.proof
@settings(max_examples=10_000, deadline=None)
@given(FILTERS)
def test_whatever_is_written_reads_as_the_same_filter(chosen: Filter) -> None:
    comes_back(chosen)


WEDNESDAY = Present(date(2026, 11, 25), first_weekday=0)
RESOLVED = {
    "today": "2026-11-25",
    "tomorrow": "2026-11-26",
    "yesterday": "2026-11-24",
    "wed": "2026-11-25",
    "mon": "2026-11-30",
    "sow": "2026-11-23",
    "eow": "2026-11-29",
    "som": "2026-11-01",
    "eom": "2026-11-30",
    "soy": "2026-01-01",
    "eoy": "2026-12-31",
    "+7d": "2026-12-02",
    "-2w": "2026-11-11",
    "+3m": "2027-02-25",
    "-1y": "2025-11-25",
}


@pytest.mark.parametrize(("text", "day"), RESOLVED.items())
def test_a_day_is_counted_from_today(text: str, day: str) -> None:
    (section,) = read_filter(f"due:{text}").sections
    assert isinstance(section.where, Dated)
    assert section.where.range.low is not None
    assert resolve_day(section.where.range.low, WEDNESDAY).isoformat() == day


def test_a_weekday_looks_ahead_for_plans_and_back_for_what_happened() -> None:
    monday = DayCalled("mon")
    assert resolve_day(monday, WEDNESDAY) == date(2026, 11, 30)
    assert resolve_day(monday, WEDNESDAY, past=True) == date(2026, 11, 23)
    assert resolve_day(DayCalled("wed"), WEDNESDAY, past=True) == WEDNESDAY.today


def test_a_week_begins_where_its_owner_says() -> None:
    sunday_first = Present(WEDNESDAY.today, first_weekday=6)
    assert resolve_day(DayCalled("sow"), sunday_first) == date(2026, 11, 22)
    assert resolve_day(DayCalled("eow"), sunday_first) == date(2026, 11, 28)


@settings(max_examples=50)
@given(DAYS, st.dates(EARLIEST, LATEST), st.integers(0, 6), st.booleans())
def test_every_day_resolves(day: Any, today: date, first: int, past: bool) -> None:
    assert isinstance(resolve_day(day, Present(today, first), past=past), date)


def test_months_end_on_their_last_day() -> None:
    on_the_31st = Present(date(2027, 1, 31), first_weekday=0)
    assert resolve_day(DayAway(1, "m"), on_the_31st) == date(2027, 2, 28)
    assert resolve_day(DayAway(9_999, "y"), on_the_31st) == LATEST
    assert resolve_day(DayAway(-9_999, "m"), on_the_31st) == EARLIEST
