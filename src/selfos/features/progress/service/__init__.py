"""The verbs of progress."""

from selfos.features.progress.adapters.typesetting import is_installed as sets_paper
from selfos.features.progress.service.achievements import (
    follow_achievements,
    get_achievement_progress,
)
from selfos.features.progress.service.analytics import (
    counting_consent,
    draw_analytics,
    set_counting_consent,
)
from selfos.features.progress.service.burnups import draw_burn_up
from selfos.features.progress.service.charts import draw_chart, draw_heatmap
from selfos.features.progress.service.printing import (
    Paper,
    print_report,
    retell_report,
    set_report,
)
from selfos.features.progress.service.reports import (
    generate_report,
    generate_weekly_report,
    get_report,
    list_reports,
    people_to_report_to,
    report_what_is_over,
    told_in_sentences,
)
from selfos.features.progress.service.rollups import (
    Doubt,
    catch_up,
    count_anew,
    doubts,
    workspaces_behind,
)
from selfos.features.progress.service.stats import calculate_user_stats
from selfos.features.progress.service.years import picture_card, print_year, review_year

__all__ = [
    "Doubt",
    "Paper",
    "calculate_user_stats",
    "catch_up",
    "count_anew",
    "counting_consent",
    "doubts",
    "draw_analytics",
    "draw_burn_up",
    "draw_chart",
    "draw_heatmap",
    "follow_achievements",
    "generate_report",
    "generate_weekly_report",
    "get_achievement_progress",
    "get_report",
    "list_reports",
    "people_to_report_to",
    "picture_card",
    "print_report",
    "print_year",
    "report_what_is_over",
    "retell_report",
    "review_year",
    "set_counting_consent",
    "set_report",
    "sets_paper",
    "told_in_sentences",
    "workspaces_behind",
]
