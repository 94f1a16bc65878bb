"""What the rules of moderation find and let be, counted; thresholds pinned."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from selfos.features.moderation.judging import judge
from selfos.features.moderation.schemas import Where

CASES = Path(__file__).parents[3] / "evals/moderation/cases.yaml"
APART = ("harmless", "hard", "held-out")
Case = tuple[str, str]


def told() -> dict[str, Any]:
    return yaml.safe_load(CASES.read_text(encoding="utf-8"))


def known() -> list[Case]:
    """The cases that rules were made with, those they cannot find among them."""
    cases = told()
    plain = {name: texts for name, texts in cases.items() if name not in APART}
    return [*pairs(plain), *pairs(cases["hard"]), *pairs({"": cases["harmless"]})]


def held_out() -> list[Case]:
    """The cases that were written afterwards."""
    cases = dict(told()["held-out"])
    harmless = cases.pop("harmless")
    return [*pairs(cases), *pairs({"": harmless})]


def pairs(by_category: dict[str, list[str]]) -> Iterator[Case]:
    return ((name, text) for name, texts in by_category.items() for text in texts)


def measured(cases: list[Case]) -> tuple[float, float]:
    """Return precision (of all texts flagged, how many should be) and recall by category."""
    flagged = right = found = wanted = 0
    for category, text in cases:
        categories = {each.category.value for each in judge(text, Where.PUBLIC).findings}
        flagged += bool(categories)
        right += bool(categories and category)
        wanted += bool(category)
        found += category in categories
    return right / flagged, found / wanted


def test_the_suite_has_two_hundred_cases_of_every_category() -> None:
    assert len(known()) + len(held_out()) >= 300
    names = {category for category, _ in known() if category}
    assert len(names) == 16


def test_rules_find_what_they_found_and_let_be_what_they_let_be() -> None:
    precision, recall = measured(known())
    print(f"known: precision {precision:.3f}, recall {recall:.3f}")  # noqa: T201
    assert precision >= 0.99
    assert recall >= 0.87


def test_on_texts_never_seen_they_find_less_and_say_so() -> None:
    precision, recall = measured(held_out())
    print(f"held out: precision {precision:.3f}, recall {recall:.3f}")  # noqa: T201
    assert precision >= 0.99
    assert recall >= 0.34
