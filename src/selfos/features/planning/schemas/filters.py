"""The text of a filter, and what may be wrong with it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from selfos.kernel.schema import View

LONGEST_TEXT = 1_000

FilterText = Annotated[str, StringConstraints(max_length=LONGEST_TEXT)]


class FilterProblem(View):
    """What is wrong with a filter; `start` and `end` count characters (code points)."""

    detail: str
    start: int
    end: int
    suggestion: str | None
    fixed: Annotated[str | None, Field(description="The whole text with the suggestion in it.")]
