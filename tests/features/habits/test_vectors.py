"""The vectors: what counts, what breaks a streak, how strength grows."""

from __future__ import annotations

from typing import Any

import pytest

from tests.features.habits.reading import VECTORS, facts, reckoned


def test_there_are_enough_and_no_two_are_called_the_same() -> None:
    names = [(vector["group"], vector["name"]) for vector in VECTORS]
    assert len(names) >= 100
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: f"{v['group']}: {v['name']}")
def test_vector(vector: dict[str, Any]) -> None:
    found = facts(reckoned(vector))
    assert {name: found[name] for name in vector["expect"]} == vector["expect"]
