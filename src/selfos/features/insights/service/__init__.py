"""The verbs of insights."""

from selfos.features.insights.service.forecasts import (
    forecast_goal,
    keep_forecasts,
    show_reliability,
)
from selfos.features.insights.service.lengths import time_task
from selfos.features.insights.service.looking import Someone, look_at, those_to_look_at
from selfos.features.insights.service.recommendations import recommend
from selfos.features.insights.service.showing import show_insights

__all__ = [
    "Someone",
    "forecast_goal",
    "keep_forecasts",
    "look_at",
    "recommend",
    "show_insights",
    "show_reliability",
    "those_to_look_at",
    "time_task",
]
