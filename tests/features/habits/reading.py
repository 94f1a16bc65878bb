"""Reading the vectors of `tests/vectors/habits.json`.

A log has a word for each day from the start: `.` nothing, `x` a tick, a number an amount, `0` a
record of nothing, `5+3` two records; a word that ends in `s` is also skipped. Verdicts have a
letter for each day.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from selfos.features.habits.reckoning import Calendar, Mark, Obligation, Reckoning, reckon
from selfos.features.habits.schemas.words import HabitType, Period, Verdict

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "vectors/habits.json").read_text(encoding="utf-8")
)
LETTERS = {
    Verdict.DONE: "D",
    Verdict.PARTIAL: "P",
    Verdict.MISSED: "M",
    Verdict.SKIPPED: "S",
    Verdict.PAUSED: "z",
    Verdict.NOT_DUE: "-",
    Verdict.OPEN: "o",
}
FIRST_WEEKDAYS = {"monday": 0, "saturday": 5, "sunday": 6}
SIGHT = 366


def reckoned(vector: Mapping[str, Any]) -> Reckoning:
    """Reckon one vector."""
    marks = read_log(vector)
    start = date.fromisoformat(vector["start"])
    logged = len(vector["log"].split())
    ended = start + timedelta(days=logged - 1)
    today = _day(vector.get("today")) or ended
    calendar = Calendar(
        start=start,
        today=today,
        final_before=_day(vector.get("final_before")) or today,
        first_weekday=FIRST_WEEKDAYS[vector.get("week_start", "monday")],
        pauses=[(date.fromisoformat(a), _day(b)) for a, b in vector.get("pauses", [])],
        unlived=frozenset(map(date.fromisoformat, vector.get("unlived", []))),
    )
    return reckon(obligation(vector.get("habit", {}), start, today), marks, calendar)


def obligation(habit: Mapping[str, Any], start: date, today: date) -> Obligation:
    """Read a habit; `weekdays` stand for the days of a rule."""
    kind = HabitType(habit.get("type", "yes_no"))
    due = None
    if "weekdays" in habit:
        days = (today - start).days + SIGHT
        ahead = (start + timedelta(days=n) for n in range(days))
        due = frozenset(day for day in ahead if day.weekday() in habit["weekdays"])
    return Obligation(
        type=kind,
        target=habit.get("target", 0.0 if kind is HabitType.AVOID else 1.0),
        period=Period(habit.get("period", "day")),
        times=habit.get("times", 1),
        rolling_days=habit.get("rolling_days", 0),
        due=due,
        forgiven=habit.get("forgiven", 0),
    )


def read_log(vector: Mapping[str, Any]) -> dict[date, Mark]:
    """Return the marks of a log."""
    start = date.fromisoformat(vector["start"])
    words = enumerate(vector["log"].split())
    return {start + timedelta(days=n): _mark(word) for n, word in words if word != "."}


def _mark(word: str) -> Mark:
    skipped = word.endswith("s")
    amounts = [1.0 if part == "x" else float(part) for part in word.rstrip("s").split("+") if part]
    return Mark(sum(amounts), confirmed=0.0 in amounts, skipped=skipped)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text is not None else None


def letters(reckoning: Reckoning) -> str:
    """Write the verdicts as vectors have them."""
    return "".join(LETTERS[judged.verdict] for judged in reckoning.days)


def facts(reckoning: Reckoning) -> dict[str, Any]:
    """Return everything a vector may expect."""
    streak = reckoning.streak
    return {
        "verdicts": letters(reckoning),
        "today": reckoning.today.verdict,
        "due": reckoning.due,
        "rest_until": _text(reckoning.rest_until),
        "unrecorded": _text(reckoning.unrecorded),
        "forgiven": sorted(day.isoformat() for day in reckoning.forgiven),
        "reached": reckoning.reached,
        "need": reckoning.need,
        "strength": round(reckoning.strength, 2),
        "streak": streak.current,
        "best": streak.best,
        "unit": streak.unit,
        "since": _text(streak.since),
        "days": streak.days,
    }


def _text(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
