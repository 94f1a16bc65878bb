"""Repeating, by the vectors in tests/vectors/recurrence.json; its README tells their format."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from selfos.features.planning.recurrence.canonical import canonical, moved
from selfos.features.planning.recurrence.following import (
    CatchUp,
    Mode,
    Repetition,
    simulate,
    usual_catch_up,
)
from selfos.features.planning.recurrence.rules import BadRule, read
from selfos.features.planning.recurrence.slots import (
    instant_of,
    next_slots,
    read_slot,
    slot_text,
)
from selfos.features.planning.recurrence.wording import say

Case = dict[str, Any]
VECTORS: dict[str, list[Case]] = json.loads(
    (Path(__file__).parents[2] / "vectors/recurrence.json").read_text(encoding="utf-8")
)


def cases(section: str) -> Any:
    return pytest.mark.parametrize(
        "case", VECTORS[section], ids=lambda case: " ".join(map(str, list(case.values())[:3]))
    )


def test_there_are_as_many_as_promised() -> None:
    assert sum(len(section) for name, section in VECTORS.items() if name != "format") >= 150


@cases("rules")
def test_a_rule_means_these_dates(case: Case) -> None:
    first = read_slot(case["first"])
    rule = canonical(read(case["rule"]), first)
    assert rule.text() == case["canonical"]
    assert say(rule) == case["text"]
    assert [slot_text(slot) for slot in next_slots(rule, first, 5)] == case["next"]


@cases("refused")
def test_a_rule_is_refused(case: Case) -> None:
    with pytest.raises(BadRule):
        canonical(read(case["rule"]), read_slot(case["first"]))


def repetition(case: Case) -> Repetition:
    first, mode = read_slot(case["first"]), Mode(case["mode"])
    rule = canonical(read(case["rule"]), first, follows=mode is Mode.COMPLETION)
    assert rule.text() == case.get("canonical", rule.text())
    catch_up = CatchUp(case["catch_up"]) if "catch_up" in case else usual_catch_up(rule)
    return Repetition(rule, first, mode, catch_up)


@cases("after")
def test_this_comes_after(case: Case) -> None:
    how = repetition(case)
    step = how.following if "done" in case else how.passing
    moment = datetime.fromisoformat(case.get("done") or case["skip"])
    found = step(read_slot(case["slot"]), moment, moment.date())
    assert (slot_text(found) if found else None) == case["next"]


@cases("late")
def test_late_completions_move_what_they_should(case: Case) -> None:
    found = simulate(repetition(case), 4, days_late=case["days_late"])
    assert [slot_text(slot) for slot in found] == case["dates"]


@cases("moved")
def test_a_rule_moves_with_its_date(case: Case) -> None:
    found = moved(read(case["rule"]), read_slot(case["from"]), read_slot(case["to"]))
    assert found.text() == case["becomes"]


@cases("walls")
def test_a_wall_time_is_this_instant(case: Case) -> None:
    found = instant_of(datetime.fromisoformat(case["wall"]), ZoneInfo(case["zone"]))
    assert found == datetime.fromisoformat(case["instant"])


@cases("presets")
def test_what_the_web_app_offers_is_canonical(case: Case) -> None:
    due = read_slot(case["due"])
    for rule, text in case["presets"]:
        assert canonical(read(rule), due).text() == rule
        assert say(read(rule)) == text
