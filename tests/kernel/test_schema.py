"""Input is strict and closed; ids are UUIDv7."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from pydantic import TypeAdapter, ValidationError

from selfos.kernel.identifiers import ClientId, new_id
from selfos.kernel.schema import Input, Prose, Title


class Inner(Input):
    day: date


class Outer(Input):
    id: ClientId | None = None
    count: int = 0
    flag: bool = False
    title: Title = "x"
    notes: Prose = ""
    inner: Inner | None = None


@pytest.mark.parametrize(
    "body",
    [
        {"count": False},
        {"count": "1"},
        {"count": 1.0},
        {"flag": 0},
        {"flag": "true"},
        {"title": 5},
        {"title": "   "},
        {"title": "x" * 501},
        {"notes": "a\x00b"},
        {"unknown": 1},
        {"inner": {"day": 0}},
        {"inner": {"day": "2026-11-27T00:00:00"}},
        {"inner": {"day": "2026-11-27", "more": 1}},
        {"id": str(uuid.uuid4())},
    ],
)
def test_wrong_input_is_refused_not_coerced(body: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Outer.model_validate(body)


def test_json_values_and_python_values_are_both_understood() -> None:
    chosen = new_id()
    from_json = Outer.model_validate({"id": str(chosen), "inner": {"day": "2026-11-27"}})
    from_code = Outer(id=chosen, inner=Inner(day=date(2026, 11, 27)))
    assert from_json == from_code


def test_a_patch_tells_absent_from_null() -> None:
    assert Outer.model_validate({"inner": None}).given() == {"inner": None}
    assert Outer.model_validate({}).given() == {}


def test_an_error_points_into_the_nested_field() -> None:
    with pytest.raises(ValidationError) as caught:
        Outer.model_validate({"inner": {"day": "soon"}})
    assert caught.value.errors()[0]["loc"] == ("inner", "day")


def test_new_ids_are_version_7_and_sort_by_time() -> None:
    ids = [new_id() for _ in range(3)]
    assert {one.version for one in ids} == {7}
    assert all(one.variant == uuid.RFC_4122 for one in ids)
    assert TypeAdapter(ClientId).validate_python(ids[0]) == ids[0]
    assert isinstance(ids[0], UUID)
