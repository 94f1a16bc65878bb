"""Notes' work behind the scenes: emptying the trash."""

from __future__ import annotations

from selfos.features.notes import service as notes
from selfos.kernel.jobs import Schedule

SCHEDULES = [Schedule("notes.purge_trash", "31 3 * * *", notes.purge_trash)]
