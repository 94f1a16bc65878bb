"""The calendar's work behind the scenes: emptying the trash."""

from __future__ import annotations

from selfos.features.calendar import service as calendar
from selfos.kernel.jobs import Schedule

SCHEDULES = [Schedule("calendar.purge_trash", "41 3 * * *", calendar.purge_trash)]
