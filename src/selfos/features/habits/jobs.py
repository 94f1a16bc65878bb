"""Habits' work behind the scenes: emptying the trash."""

from selfos.features.habits.service.sweeping import purge_habits
from selfos.kernel.jobs import Schedule

SCHEDULES = [Schedule("habits.purge_trash", "33 3 * * *", purge_habits)]
