"""Nudges as they cross a door."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, model_validator

from selfos.features.ai.schemas import Engine
from selfos.features.assistant.schemas.words import Help, HowMuchLess, NudgeStatus, Subject
from selfos.kernel.schema import Input, Page, RowView, View

LONGEST_DELAY_DAYS = 90
MOST_PER_DAY = 3


class NudgeForm(View):
    """A form of the app that a nudge offers to open, filled in as far as it can say."""

    form: Literal["goal", "habit"]
    values: dict[str, Any]


class NudgeView(RowView):
    """What the coach sees today, the numbers behind it, a question, and an offer if it has one."""

    day: date
    state: str
    help: Help
    subject: Subject
    subject_id: UUID | None
    title: str
    headline: str
    reason: str
    question: str
    offer: str
    numbers: dict[str, Any]
    status: NudgeStatus
    proposal_id: UUID | None
    opens: NudgeForm | None
    until: date | None
    why: Annotated[list[str], Field(description="Why it was said on that day, in sentences.")]


class NudgePage(Page):
    """What was said on each day and what became of it; newest first."""

    items: list[NudgeView]


class NudgeDismiss(Input):
    """This one rests for a week and then longer; `today` puts it off; its kind rests for a month.

    `days` is for how long it is put off, by default until tomorrow.
    """

    less: HowMuchLess = HowMuchLess.THIS
    days: Annotated[int, Field(ge=1, le=LONGEST_DELAY_DAYS)] | None = None

    @model_validator(mode="after")
    def _only_put_off(self) -> NudgeDismiss:
        if self.days is not None and self.less is not HowMuchLess.TODAY:
            raise ValueError("days are for what is put off, with less: today")
        return self


class NudgeKindView(View):
    """A kind of nudge: what it looks for, what became of it, and until when it rests."""

    kind: str
    looks_for: str
    said: int
    taken_up: int
    sent_away: int
    passed_over: int
    expected: Annotated[float, Field(description="The estimated chance that the next is taken up.")]
    quiet_until: date | None
    sentence: str


class NudgeCalmView(View):
    """How much the coach says and why; the kinds it has said something of in 200 days."""

    per_day: int
    allowed_today: int
    said_today: int
    silent: str | None
    sentence: str
    kinds: list[NudgeKindView]


class NudgeCalmUpdate(Input):
    """How many nudges a day at most; none turns the coach's own word off."""

    per_day: Annotated[int, Field(ge=0, le=MOST_PER_DAY)]


class TodaysNudge(View):
    """The one thing said on Today, if there is one that has not been answered; by rules, always."""

    engine: Literal[Engine.RULES]
    silent: str | None
    nudge: NudgeView | None


class NudgeList(View):
    """Today's few; by rules, always."""

    engine: Literal[Engine.RULES]
    note: str
    silent: Annotated[str | None, Field(description="Why nothing is said now, if that is so.")]
    items: list[NudgeView]
