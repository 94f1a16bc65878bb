"""Nudges as they cross a door."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal
from uuid import UUID

from selfos.features.ai.schemas import Engine
from selfos.features.assistant.schemas.words import Help, HowMuchLess, NudgeStatus, Subject
from selfos.kernel.schema import Input, RowView, View


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


class NudgeDismiss(Input):
    """This one rests for a week and then longer; today only, not; its kind rests for a month."""

    less: HowMuchLess = HowMuchLess.THIS


class TodaysNudge(View):
    """The one thing said on Today, if there is one that has not been answered; by rules, always."""

    engine: Literal[Engine.RULES]
    nudge: NudgeView | None


class NudgeList(View):
    """Today's few; by rules, always."""

    engine: Literal[Engine.RULES]
    note: str
    items: list[NudgeView]
