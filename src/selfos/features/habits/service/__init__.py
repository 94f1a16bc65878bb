"""The verbs of habits; each takes a Context and checks its right first."""

from selfos.features.habits.documents import CHECK_INS, HABITS, PAUSES
from selfos.features.habits.service.asking import HABIT_FIELDS, ask_habits, find_on_today
from selfos.features.habits.service.check_ins import (
    check_habit,
    checked_at,
    keep_in_time,
    list_check_ins,
    record_days,
    skip_habit,
    uncheck_habit,
    update_check_in,
)
from selfos.features.habits.service.crowds import days_done, people_with_records
from selfos.features.habits.service.days import (
    habits_between,
    habits_on,
    ring_of,
    show_habit_day,
    show_history,
    show_on_day,
    streak_of,
)
from selfos.features.habits.service.gathering import Gathered
from selfos.features.habits.service.habits import (
    archive_habit,
    create_habit,
    delete_habit,
    get_habit,
    list_habits,
    restore_habit,
    unarchive_habit,
    update_habit,
)
from selfos.features.habits.service.lengths import Length, lengths_of_habits
from selfos.features.habits.service.naming import (
    check_kept_in_time,
    lies_in_trash,
    lying_in,
    name_of_kept,
    title_of,
)
from selfos.features.habits.service.pauses import (
    create_pause,
    delete_pause,
    list_pauses,
    pause_of_all,
    update_pause,
)
from selfos.features.habits.service.reminding import (
    HabitTimes,
    habit_times,
    titles_asking,
    workspaces_of_habits,
)
from selfos.features.habits.service.tallies import Tally, tally_habits

__all__ = [
    "CHECK_INS",
    "HABITS",
    "HABIT_FIELDS",
    "PAUSES",
    "Gathered",
    "HabitTimes",
    "Length",
    "Tally",
    "archive_habit",
    "ask_habits",
    "check_habit",
    "check_kept_in_time",
    "checked_at",
    "create_habit",
    "create_pause",
    "days_done",
    "delete_habit",
    "delete_pause",
    "find_on_today",
    "get_habit",
    "habit_times",
    "habits_between",
    "habits_on",
    "keep_in_time",
    "lengths_of_habits",
    "lies_in_trash",
    "list_check_ins",
    "list_habits",
    "list_pauses",
    "lying_in",
    "name_of_kept",
    "pause_of_all",
    "people_with_records",
    "record_days",
    "restore_habit",
    "ring_of",
    "show_habit_day",
    "show_history",
    "show_on_day",
    "skip_habit",
    "streak_of",
    "tally_habits",
    "title_of",
    "titles_asking",
    "unarchive_habit",
    "uncheck_habit",
    "update_check_in",
    "update_habit",
    "update_pause",
    "workspaces_of_habits",
]
