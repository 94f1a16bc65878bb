"""Whom a text calls."""

from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfos.features.notes.mentions import mentioned

ADA, ADAM, GRACE, GREG, JO = (UUID(int=number) for number in range(5))
NAMES = {
    ADA: "Ada Lovelace",
    ADAM: "Adam",
    GRACE: "Grace Hopper",
    GREG: "Grace Kelly",
    JO: "José-María (Pepe)",
}


CALLS: list[tuple[str, set[UUID]]] = [
    ("@Ada Lovelace, look", {ADA}),
    ("ask @ada.", {ADA}),
    ("@ADAM and @Ada", {ADAM, ADA}),
    ("@Adamant is nobody", set()),
    ("ada@example.org is an address", set()),
    ("@@Ada", set()),
    ("two are called @Grace", set()),
    ("@Grace Hopper is one", {GRACE}),
    ("@Grace Kellyanne is neither", set()),
    ("(@José-María (Pepe))", {JO}),
    ("@ Ada", set()),
    ("", set()),
]


@pytest.mark.parametrize(("text", "called"), CALLS)
def test_a_text_calls_members_by_name(text: str, called: set[UUID]) -> None:
    assert mentioned(text, NAMES) == called


def test_without_members_nobody_is_called() -> None:
    assert mentioned("@Ada", {}) == set()


@given(text=st.text(max_size=40), names=st.lists(st.text(max_size=8), max_size=4))
@settings(max_examples=100, deadline=None)
def test_any_text_and_any_names_can_be_read(text: str, names: list[str]) -> None:
    members = {UUID(int=number): name for number, name in enumerate(names)}
    assert mentioned(f"{text} @{text}", members) <= members.keys()
