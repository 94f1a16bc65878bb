"""Sync's work by the clock: forgetting what nobody asks for any more."""

from __future__ import annotations

from selfos.features.sync import service
from selfos.kernel.events import Handler
from selfos.kernel.jobs import Job, Schedule

HANDLERS: tuple[Handler, ...] = ()
JOBS: tuple[Job, ...] = ()
SCHEDULES = (Schedule("sync.forget", "47 3 * * *", service.forget),)
