"""The verbs of insights."""

from selfos.features.insights.service.looking import Someone, look_at, those_to_look_at
from selfos.features.insights.service.showing import show_insights

__all__ = ["Someone", "look_at", "show_insights", "those_to_look_at"]
