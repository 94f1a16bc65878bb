"""What goes in and out about filters."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from selfos.kernel.schema import Input, View

LONGEST_TEXT = 1_000

FilterText = Annotated[str, StringConstraints(max_length=LONGEST_TEXT)]


class FilterCheck(Input):
    query: FilterText


class FilterProblem(View):
    """What is wrong with a filter; `start` and `end` count characters (code points)."""

    detail: str
    start: int
    end: int
    suggestion: str | None
    fixed: Annotated[str | None, Field(description="The whole text with the suggestion in it.")]


class FilterCheckView(View):
    """The canonical text of a filter and of its sections, or what is wrong with it."""

    ok: bool
    text: str | None = None
    sections: list[str] = []
    problem: FilterProblem | None = None
