"""From words to the call of a tool, by the grammar of quick-add."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from selfos.features.assistant.coaching.offers import Call
from selfos.features.assistant.schemas.words import Intent
from selfos.features.capture import service as capture
from selfos.features.capture.schemas import QuickText
from selfos.kernel.context import Context
from selfos.kernel.errors import Problem

ASKED = "You asked for it."
LONGEST_NAME = 200
NAMED = {Intent.CREATE_PROJECT: "create_project", Intent.CREATE_AREA: "create_area"}
NO_TITLE = "Say what it is about, too; so far I only have a date or the like."
SIGNS = {Intent.CREATE_GOAL: "goal: ", Intent.CREATE_HABIT: "habit: "}


async def draft(ctx: Context, intent: Intent, text: str) -> Call | str:
    """Return the call that would create what the words say, or what is missing."""
    if intent in NAMED:
        return Call(NAMED[intent], {"name": _capital(text)[:LONGEST_NAME], "reason": ASKED})
    said = await _read(ctx, SIGNS.get(intent, "") + text)
    if isinstance(said, str):
        return said
    if not said["title"]:
        return NO_TITLE
    tool, fill = MAKERS[intent]
    return Call(tool, fill(_capital(said["title"]), said["fields"]))


async def changes(ctx: Context, said: Mapping[str, str]) -> dict[str, Any] | str:
    """Return the fields a change sets, or why it cannot be read."""
    if "title" in said:
        return {"title": said["title"]}
    if "priority" in said:
        return {"priority": int(said["priority"])}
    read = await _read(ctx, f"it {said['when']}")
    if isinstance(read, str):
        return read
    if read["fields"]["due"] is None:
        return f"I could not read “{said['when']}” as a day."
    return {"due": read["fields"]["due"]}


async def _read(ctx: Context, text: str) -> dict[str, Any] | str:
    try:
        return capture.as_json(await capture.read(ctx, QuickText(text=text)))
    except Problem as problem:
        return problem.detail


def _task(title: str, said: Mapping[str, Any]) -> dict[str, Any]:
    given: dict[str, Any] = {
        "title": title,
        "notes": said["notes"] or None,
        "due": said["due"],
        "start": said["start"],
        "deadline": said["deadline"],
        "priority": said["priority"],
        "duration_minutes": said["duration_minutes"],
        "labels": said["labels"] or None,
        "repeat": said["repeat"],
        "reason": ASKED,
    }
    for noun in ("project", "goal", "area", "parent"):
        given[f"{noun}_id"] = said[noun]["id"] if said[noun] else None
    return _filled(given)


def _goal(title: str, said: Mapping[str, Any]) -> dict[str, Any]:
    target: dict[str, Any] = said["target"] or {}
    due: dict[str, Any] = said["due"] or {}
    return _filled(
        {
            "title": title,
            "description": said["notes"] or None,
            "target_date": said["deadline"] or due.get("date"),
            "target_value": target.get("value"),
            "target_unit": target.get("unit") or None,
            "area_id": said["area"]["id"] if said["area"] else None,
            "reason": ASKED,
        }
    )


def _habit(title: str, said: Mapping[str, Any]) -> dict[str, Any]:
    asked: dict[str, Any] = said["habit"] or {}
    repeat: dict[str, Any] | None = said["repeat"]
    due: dict[str, Any] = said["due"] or {}
    # A rule names its days, so it goes with a daily target only.
    schedule: dict[str, Any] = {"kind": "quota", "times": asked.get("times") or 1}
    if repeat and asked.get("period", "day") == "day" and asked.get("times") in (None, 1):
        schedule = {"kind": "rule", "rule": repeat["rule"]}
    at = due.get("time")
    return _filled(
        {
            "title": title,
            "description": said["notes"] or None,
            "type": asked.get("type"),
            "target": asked.get("target"),
            "unit": asked.get("unit") or None,
            "period": asked.get("period"),
            "rolling_days": asked.get("rolling_days"),
            "schedule": schedule,
            "reminder_times": [at] if at else None,
            "reason": ASKED,
        }
    )


def _filled(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None}


def _capital(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:]


MAKERS: Mapping[Intent, tuple[str, Callable[[str, Mapping[str, Any]], dict[str, Any]]]] = {
    Intent.CREATE_TASK: ("create_task", _task),
    Intent.CREATE_GOAL: ("create_goal", _goal),
    Intent.CREATE_HABIT: ("create_habit", _habit),
}
