"""What happens to achievements and reports."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

from selfos.features.progress.schemas.reports import ReportKind
from selfos.kernel.events import Event


class AchievementEarned(Event):
    """Somebody came to a tier for the first time; told once, also if it goes and comes back."""

    type: ClassVar[str] = "achievement.earned"
    aggregate: ClassVar[str] = "user_id"

    user_id: UUID
    key: str
    tier: int
    day: date


class ReportReady(Event):
    """Somebody's week, month or year is over and told; who sends mail may send it."""

    type: ClassVar[str] = "report.ready"
    aggregate: ClassVar[str] = "report_id"

    report_id: UUID
    user_id: UUID
    kind: ReportKind = ReportKind.WEEK
    first: date
