"""Forecasts in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from selfos.features.insights.forecasting import Forecast
from selfos.features.insights.reliability import Level
from selfos.features.insights.wording import percent

REACHED = "This goal is reached."
LET_GO = "This goal was let go, so nothing is foreseen of it."
NO_END = "This goal has no end to foresee: it is kept up, or has nothing to do yet."


def too_little(missing: str) -> str:
    """Say what is missing."""
    return f"Too little history for a forecast: {missing}."


def forecast_sentence(forecast: Forecast, today: date) -> str:
    """Say the median and the 80 % interval, or how much of it is in sight."""
    if forecast.median is None:
        return (
            "At the pace so far it is not in sight: in"
            f" {percent(1 - forecast.reached)} of lives like yours it is not reached in five"
            " years."
        )
    if forecast.high is None:
        return (
            f"As likely as not by {_day(forecast.median, today)}; at the pace so far, one time in"
            " ten or more it is not reached in five years."
        )
    return (
        f"As likely as not by {_day(forecast.median, today)}; in four of five lives like"
        f" yours (80 %) between {_day(forecast.low, today)} and {_day(forecast.high, today)}."
    )


def why_sentence(remaining: float, unit: str, forecast: Forecast) -> str:
    """Say what it rests on."""
    what = f"{_number(remaining)} {unit}".strip()
    grows = f", while {_number(forecast.growth)} a week were added" if forecast.growth > 0 else ""
    return (
        f"{what} remain. Over {forecast.weeks} weeks, recent ones counting more, you did"
        f" {_number(forecast.per_week)} a week{grows}."
    )


def target_chance(forecast: Forecast | None, target: date | None) -> float | None:
    """Return about how likely the target date is kept."""
    return forecast.chance_by(target) if forecast is not None and target is not None else None


def reliability_sentence(found: Sequence[Level]) -> str:
    """Say how past forecasts did."""
    count = max((level.happened.of for level in found), default=0)
    if not found:
        return "No day that was forecast has come yet; forecasts are kept each week from now on."
    last = found[-1]
    return (
        f"Of {last.happened.of} days that were to be kept with {percent(last.level)},"
        f" {last.happened.count} were ({percent(last.happened.share)});"
        f" {count} days have come in all."
    )


def _day(day: date | None, today: date) -> str:
    if day is None:
        return "later than five years"
    return f"{day.day} {day:%B}" + (f" {day.year}" if day.year != today.year else "")


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
