"""The journal's work behind the scenes: emptying the trash."""

from __future__ import annotations

from selfos.features.journal import service as journal
from selfos.kernel.jobs import Schedule

SCHEDULES = [Schedule("journal.purge_trash", "37 3 * * *", journal.purge_trash)]
