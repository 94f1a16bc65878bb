"""The grammar of quick-add: our own vectors, and whatever else anybody may type."""

import json
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from time import process_time
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfos.features.capture.grammar import Name, Names, Options, Parsed, Plan, parse
from selfos.features.planning import service as planning

FILE = json.loads((Path(__file__).parents[2] / "vectors/quick_add.json").read_text("utf-8"))
VECTORS: list[dict[str, Any]] = FILE["vectors"]
NAMES = Names(
    [
        Name(
            each["kind"],
            each["id"],
            each["name"],
            frozenset(each.get("within", ())),
            tuple(each.get("aliases", ())),
        )
        for each in FILE["names"]
    ]
)
EMPTY: tuple[Any, ...] = (None, "", [])
# Words and signs that mean something, in the three languages, to meet in any order.
PIECES = (
    "every ev each every! other 2nd 3rd last first day week month year monday fri mon, wed and 5 "
    "5pm 17:00 at on by due until starting for in 45m 1h30 90min times tomorrow today next "
    'jan 27 31 31st 29 feb 30 2027 2027-01-27 9/11 27.1. {fri} {x} #a #a/b #"a b" @b ^c ~d +e >f '
    'p1 !2 *3/week *<=2 x/day -30m rem // /// https://a.b/#c \\#x " “ ” goal: note: jeden zweiten '
    "alle Tage morgen um Uhr halb acht cada lunes mañana a las ( ) , . ; - … ½ İ \x00 \x01 \n"
).split(" ")


def plain(value: Any) -> Any:
    """Return a result as the vectors write it: without what is empty."""
    match value:
        case Plan():
            return value.as_json()
        case time():
            return value.strftime("%H:%M")
        case date():
            return value.isoformat()
        case list():
            return [plain(each) for each in cast("list[Any]", value)]
        case _ if is_dataclass(value):
            found = {each.name: getattr(value, each.name) for each in fields(value)}
            kept = {name: each for name, each in found.items() if each is not False}
            return {name: plain(each) for name, each in kept.items() if each not in EMPTY}
        case _:
            return value


def read(vector: dict[str, Any]) -> Parsed:
    return parse(
        vector["text"],
        datetime.fromisoformat(vector.get("now", FILE["now"])),
        ZoneInfo(FILE["zone"]),
        vector.get("locale", "en"),
        NAMES,
        options=Options(**vector.get("options", {})),
        ignored=[(start, end) for start, end in vector.get("ignored", [])],
    )


def test_there_are_vectors_enough_in_three_languages() -> None:
    languages = [vector.get("locale", "en")[:2] for vector in VECTORS]
    assert len(VECTORS) >= 300
    assert languages.count("de") >= 40
    assert languages.count("es") >= 40


@pytest.mark.parametrize("start", range(0, len(VECTORS), 50))
def test_each_vector_means_what_we_wrote_down(start: int) -> None:
    for vector in VECTORS[start : start + 50]:
        parsed = read(vector)
        found = {
            "kind": parsed.kind,
            "title": parsed.title,
            "fields": plain(parsed.fields),
            "spans": [[each.start, each.end, each.kind] for each in parsed.spans],
            "warnings": [each.code for each in parsed.warnings],
            "preview": [
                f"{each.date}" + (f" {each.time:%H:%M}" if each.time else "")
                for each in parsed.preview
            ],
        }
        assert found == vector["expect"], vector["text"]


def test_every_rule_is_in_the_form_in_which_planning_keeps_it() -> None:
    rules = {vector["expect"]["fields"].get("repeat", {}).get("rule") for vector in VECTORS}
    for rule in rules - {None}:
        without_week_start = planning.canonical_rule(rule).replace(";WKST=MO", "")
        assert without_week_start == rule


def test_a_text_of_which_everything_is_ignored_stays_as_it_is() -> None:
    for vector in VECTORS:
        text = vector["text"]
        if text[0] in '"“' or "\\" in text:
            continue
        parsed = read({**vector, "ignored": [(0, len(text))]})
        assert (parsed.spans, parsed.fields.due, parsed.kind) == ([], None, "task")
        assert parsed.title == " ".join(text.split())


texts = st.one_of(
    st.text(max_size=80),
    st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join),
)
# Hypothesis adds the zone itself.
FIRST, LAST = datetime(1, 1, 2), datetime(9999, 12, 30)  # noqa: DTZ001
moments = st.datetimes(min_value=FIRST, max_value=LAST, timezones=st.just(UTC))
zones = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Pacific/Kiritimati"])


def check_any_text(text: str, now: datetime, zone: str, locale: str, spans: list[Any]) -> None:
    options = Options("vikunja" if len(text) % 2 else "todoist", len(text) % 7)
    parsed = parse(text, now, ZoneInfo(zone), locale, NAMES, options=options, ignored=spans)
    last = 0
    for span in parsed.spans:
        assert last <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == span.text
        last = span.end
    repeat = parsed.fields.repeat
    if repeat:
        planning.canonical_rule(repeat.rule)
        assert parsed.fields.due == parsed.preview[0]
    assert len(parsed.preview) <= 5


@settings(max_examples=150, deadline=None)
@given(texts, moments, zones, st.sampled_from(["en", "en-GB", "de", "es", "fr", ""]), st.just([]))
def test_no_text_is_refused(text: str, now: datetime, zone: str, locale: str, spans: Any) -> None:
    check_any_text(text, now, zone, locale, spans)


@pytest.mark.parametrize("word", ["monday ", "27 jan ", "every ", "-30m ", "#a ", "1 ", "("])
def test_a_hostile_text_costs_little(word: str) -> None:
    began = process_time()
    check_any_text((word * 5_000)[:5_000], datetime(2026, 11, 25, tzinfo=UTC), "UTC", "en", [])
    assert process_time() - began < 1


@pytest.mark.proof
@settings(max_examples=20_000, deadline=None)
@given(
    texts,
    moments,
    zones,
    st.sampled_from(["en", "en-GB", "de", "es", "fr", ""]),
    st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), max_size=3),
)
def test_no_text_whatsoever_is_refused(
    text: str, now: datetime, zone: str, locale: str, spans: list[Any]
) -> None:
    check_any_text(text, now, zone, locale, spans)
