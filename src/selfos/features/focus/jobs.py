"""Focus behind the scenes: no timer runs for ever, and nobody has two."""

from __future__ import annotations

from selfos.features.focus import service as focus
from selfos.kernel.jobs import Job, Schedule

JOBS = [Job(focus.STOP_ELSEWHERE, focus.end_elsewhere)]
SCHEDULES = [Schedule("focus.end_forgotten", "*/10 * * * *", focus.end_forgotten)]
