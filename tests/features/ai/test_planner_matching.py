"""Goals in words lead to the right playbook, slots and dates."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from selfos.features.ai.planner import PlanRequest, plan_goal
from selfos.features.ai.planner.matching import find_playbook
from selfos.features.ai.planner.playbooks import GENERIC, load_playbooks
from selfos.features.ai.planner.reading import read_goal
from selfos.features.ai.planner.slots import fill_slots

VECTORS = Path(__file__).parents[2] / "vectors"
LEAST_MATCHED = 0.97
LEAST_FILLED = 0.95
# These goals were written once and never used to tune a word; keep it so.
LEAST_MATCHED_HELD_OUT = 0.90
LEAST_MATCHED_LATER = 0.70


@dataclass(frozen=True)
class Tally:
    right: int
    total: int

    @property
    def share(self) -> float:
        return self.right / self.total


def _cases(name: str = "decompose.json") -> tuple[date, list[dict[str, Any]]]:
    vectors = json.loads((VECTORS / name).read_text("utf-8"))
    return date.fromisoformat(vectors["today"]), vectors["cases"]


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("decompose.json", LEAST_MATCHED),
        ("decompose_held_out.json", LEAST_MATCHED_HELD_OUT),
        ("decompose_held_out_later.json", LEAST_MATCHED_LATER),
    ],
)
def test_goals_find_their_playbook(name: str, least: float) -> None:
    today, cases = _cases(name)
    misses = [
        f"{case['goal']} -> {found}, not {case['playbook']}"
        for case in cases
        if (found := plan_goal(PlanRequest(title=case["goal"], today=today)).playbook)
        != case["playbook"]
    ]
    tally = Tally(len(cases) - len(misses), len(cases))
    print(f"{name}: {tally.right} of {tally.total} ({tally.share:.1%})", *misses, sep="\n  ")  # noqa: T201
    assert tally.total >= 26
    assert tally.share >= least


def test_slots_and_dates_are_read_from_the_words() -> None:
    today, cases = _cases()
    pairs: list[tuple[str, object, object]] = []
    for case in cases:
        reading = read_goal(case["goal"], "", today)
        slots = fill_slots(find_playbook(reading).playbook, reading, {})
        said = {name: slot.text for name, slot in slots.items() if slot.origin == "words"}
        pairs += [(case["goal"], said.get(k), v) for k, v in case.get("slots", {}).items()]
        day = str(reading.deadline.day) if reading.deadline else None
        pairs.append((case["goal"], day, case.get("target_date")))
        pairs.append((case["goal"], reading.hours_per_week, case.get("hours_per_week")))
    misses = [row for row in pairs if row[1] != row[2]]
    tally = Tally(len(pairs) - len(misses), len(pairs))
    print(f"slots: {tally.right} of {tally.total} ({tally.share:.1%})", *misses, sep="\n  ")  # noqa: T201
    assert tally.share >= LEAST_FILLED


def test_every_playbook_is_reached_by_a_goal_of_the_vectors() -> None:
    _, cases = _cases()
    reached = {case["playbook"] for case in cases}
    assert set(load_playbooks()) - reached == set()


@pytest.mark.parametrize(
    "words",
    ["", "?", "!!!", "the of and", "x" * 500, "42", "€", "{goal}", "{0.__class__}", "🏔️", "% s"],
)
def test_nonsense_leads_to_the_general_ladder(words: str) -> None:
    draft = plan_goal(PlanRequest(title=words, today=date(2026, 11, 23)))
    assert draft.playbook == GENERIC
    assert draft.confidence < 0.3
    assert draft.questions


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("by June", "2027-06-30"),
        ("before June", "2027-05-31"),
        ("in 3 months", "2027-02-23"),
        ("within two weeks", "2026-12-07"),
        ("before 1 March 2027", "2027-02-28"),
        ("on March 3rd", "2027-03-03"),
        ("by 24.12.2026", "2026-12-24"),
        ("by 2027-05-01", "2027-05-01"),
        ("by the end of the year", "2026-12-31"),
        ("next year", "2027-12-31"),
        ("in 2028", "2028-12-31"),
        ("by 2028", "2027-12-31"),
        ("by summer", "2027-06-21"),
        ("by easter", "2027-03-28"),
        ("by friday", "2026-11-27"),
        ("tomorrow", "2026-11-24"),
        ("by 31 February", None),
        ("I may march on", None),
        ("for 3 months", None),
        ("in 99999 years", None),
    ],
)
def test_deadlines_are_read(words: str, day: str | None) -> None:
    found = read_goal(f"do it {words}", "", date(2026, 11, 23)).deadline
    assert (str(found.day) if found else None) == day


def test_five_k_is_a_distance_to_a_runner_and_money_to_a_saver() -> None:
    today = date(2026, 11, 23)
    run = plan_goal(PlanRequest(title="Run a 5k", today=today))
    save = plan_goal(PlanRequest(title="Save 5k", today=today))
    assert (run.target_value, run.target_unit) == (5, "km")
    assert (save.target_value, save.target_unit) == (5000, "€")
