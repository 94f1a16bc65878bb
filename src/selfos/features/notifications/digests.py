"""Digests in words: what a day asks for, what it brought, what a week was. Touches no session.

They are written from what the pages show (Today, the calendar, the statistics), so that a digest
never says something else than the page it leads to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from selfos.features.notifications.moments import next_at
from selfos.features.notifications.schemas.words import DIGESTS, REPORTS, WEEKLY, NotificationKind
from selfos.features.notifications.wording import phrase

LINES, NAMED = 8, 3
MINUTES_PER_HOUR = 60
DONE = "done"
SUNDAY = 6


@dataclass(frozen=True, slots=True)
class When:
    """A wall time, on one day of the week or on every day; Monday is 0. Reports may come as PDF."""

    clock: time
    weekday: int | None = None
    pdf: bool = False

    def next(self, now: datetime, zone: ZoneInfo) -> datetime:
        """Return the next instant after `now` at which it is this time."""
        return next_at(self.clock, now, zone, weekday=self.weekday)


# Until somebody chooses.
USUAL_TIMES: dict[NotificationKind, When] = {
    NotificationKind.MORNING_PLAN: When(time(7, 30)),
    NotificationKind.EVENING_RECORD: When(time(20, 30)),
    NotificationKind.WEEKLY_REVIEW: When(time(17), SUNDAY),
    NotificationKind.WEEKLY_REPORT: When(time(8), 0),
    NotificationKind.MONTHLY_REPORT: When(time(8)),
    NotificationKind.YEARLY_REPORT: When(time(8)),
}
TIMED = (*DIGESTS, *REPORTS)
# When, such as 09:00, or nothing; and what.
Timed = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Digest:
    """What the templates of its kind need, with its `sections`; empty without anything to say."""

    values: dict[str, Any]
    is_empty: bool


def when_of(times: Mapping[str, Mapping[str, Any]], kind: NotificationKind) -> When:
    """Return when a kind comes, as somebody chose or as is usual."""
    chosen, usual = times.get(kind), USUAL_TIMES[kind]
    if chosen is None:
        return usual
    weekday = chosen.get("weekday")
    if kind in WEEKLY and weekday is None:
        weekday = usual.weekday
    return When(time.fromisoformat(chosen["time"]), weekday, pdf=chosen.get("pdf", False))


def morning(today: Mapping[str, Any], zone: ZoneInfo, locale: str) -> Digest:
    """Say what a day asks for, from its Today."""
    due = [*today["due"], *today["returning"]]
    asked = [each["habit"]["title"] for each in today["habits"] if each["due"]]
    lines = _by_time(
        [_begun(event, zone) for event in today["events"]], [_timed(task, zone) for task in due]
    )
    sections = [
        _section("today", lines, locale),
        _section("overdue", _titles(today["overdue"]), locale),
        _section("habits", asked, locale),
        _section("at_risk", _titles(today["at_risk"]), locale),
    ]
    named = [*lines, *_titles(today["overdue"]), *asked][:NAMED]
    values = {"tasks": len(due), "overdue": len(today["overdue"]), "habits": len(asked)}
    # What takes place anyway asks for nothing; reminders are for that.
    return _digest(values, named, sections, is_empty=not any(values.values()))


def evening(today: Mapping[str, Any], next_day: Mapping[str, Any], locale: str) -> Digest:
    """Say what a day brought, what is left of it, and what the next one asks for."""
    done = _titles(today["done"])
    left = _titles([*today["overdue"], *today["due"], *today["returning"]])
    kept = [each["habit"]["title"] for each in today["habits"] if each["verdict"] == DONE]
    asked = [each["habit"]["title"] for each in today["habits"] if each["due"]]
    waiting = [task for task in next_day["tasks"] if task["state"] not in (DONE, "cancelled")]
    coming = [*_titles([*next_day["events"], *waiting]), *_titles(next_day["occurrences"])]
    sections = [
        _section("done", [*done, *kept], locale),
        _section("unrecorded", asked, locale),
        _section("left", left, locale),
        _section("tomorrow", coming, locale),
    ]
    values = {"done": len(done), "kept": len(kept), "left": len(left), "unrecorded": len(asked)}
    named = [*asked, *left][:NAMED]
    return _digest(values, named, sections, is_empty=not (done or left or kept or asked))


def weekly(
    stats: Any, said: Sequence[str], at_risk: Sequence[Mapping[str, Any]], locale: str
) -> Digest:
    """Say what seven days were, as a report `said` it, and what the next week holds."""
    tasks, habits = stats.tasks, stats.habits
    coming = stats.load[1] if len(stats.load) > 1 else None
    ahead: list[str] = []
    if coming is not None and coming.tasks:
        hours, free = (
            round(minutes / MINUTES_PER_HOUR)
            for minutes in (coming.minutes, coming.available_minutes)
        )
        counted = {"tasks": coming.tasks, "hours": hours, "free": free}
        ahead.append(phrase("week_ahead", locale, counted))
    sections = [
        _section("week", said, locale),
        _section("at_risk", _titles(at_risk), locale),
        _section("next_week", ahead, locale),
    ]
    lived = tasks.done or tasks.planned or tasks.slipped or habits.owed or habits.done_days
    values = {"done": tasks.done, "lead": " ".join([*said[1:], *ahead][:NAMED]) or said[0]}
    return _digest(values, [], sections, is_empty=not (lived or ahead or at_risk))


def report(page: Mapping[str, Any]) -> Digest:
    """Say a report from its page: its sentences, what to try, and each number it cites."""
    heads = page["heads"]
    weeks = [f"{each['week']}: {each['tasks']}, {each['hours']}" for each in page["load"]]
    parts = {
        "happened": [_marked(each) for each in page["sentences"]],
        "try": [_marked(page["suggestion"])],
        "ahead": weeks,
        "numbers": [f"[{each['mark']}] {each['name']}: {each['value']}" for each in page["cited"]],
    }
    sections = [{"heading": heads[name], "lines": lines} for name, lines in parts.items() if lines]
    lead = page["sentences"][0]["text"] if page["sentences"] else page["suggestion"]["text"]
    values = {"title": page["subject"], "lead": lead}
    return _digest(values, [], sections, is_empty=False)


def _marked(said: Mapping[str, Any]) -> str:
    return " ".join([said["text"], *(f"[{mark}]" for mark in said["marks"])])


def _digest(
    values: dict[str, Any],
    named: Sequence[str],
    sections: Sequence[dict[str, Any] | None],
    *,
    is_empty: bool,
) -> Digest:
    kept = [each for each in sections if each is not None]
    return Digest({**values, "named": list(named), "sections": kept}, is_empty)


def _section(name: str, lines: Sequence[str], locale: str) -> dict[str, Any] | None:
    if not lines:
        return None
    shown, more = list(lines[:LINES]), len(lines) - LINES
    if more > 0:
        shown.append(phrase("more", locale, {"count": more}))
    return {"heading": phrase(f"heading_{name}", locale), "lines": shown}


def _titles(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return [each["title"] for each in rows]


def _by_time(events: Sequence[Timed], tasks: Sequence[Timed]) -> list[str]:
    """Return whole days first, then what has a time, then tasks at any time."""
    clocked = sorted(each for each in (*events, *tasks) if each[0])
    ordered = (
        *(each for each in events if not each[0]),
        *clocked,
        *(each for each in tasks if not each[0]),
    )
    return [f"{at} {title}".strip() for at, title in ordered]


def _begun(event: Mapping[str, Any], zone: ZoneInfo) -> Timed:
    """Return the time an appointment begins on clocks here, or nothing, and its title."""
    if event["begins_at"] is None:
        return "", event["title"]
    begins = datetime.fromisoformat(event["begins_at"]).astimezone(zone)
    return f"{begins:%H:%M}", event["title"]


def _timed(task: Mapping[str, Any], zone: ZoneInfo) -> Timed:
    """Return the time a task has on clocks here, or nothing, and its title."""
    due: Mapping[str, Any] = task["due"] or {}
    written = due.get("time")
    if written is None:
        return "", task["title"]
    wall = datetime.fromisoformat(f"{due['date']}T{written}")
    if due.get("zone"):
        wall = wall.replace(tzinfo=ZoneInfo(due["zone"])).astimezone(zone)
    return f"{wall:%H:%M}", task["title"]
