"""What is to come: the next dates of a series, of a rule being tried out, and of the calendar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from selfos.features.identity import service as identity
from selfos.features.planning.models import Task
from selfos.features.planning.recurrence.canonical import canonical
from selfos.features.planning.recurrence.following import (
    CatchUp,
    Mode,
    Repetition,
    begin_of,
    simulate,
    usual_catch_up,
)
from selfos.features.planning.recurrence.rules import BadRule, read
from selfos.features.planning.recurrence.slots import (
    Slot,
    day_of,
    instant_of,
    read_slot,
    slot_text,
)
from selfos.features.planning.recurrence.wording import say
from selfos.features.planning.schemas.repeating import RecurrencePreview
from selfos.features.planning.series import Series, plan_of, planned
from selfos.features.planning.service.occurrences import (
    WAITS,
    left_of,
    left_of_each,
    waiting_occurrences,
)
from selfos.features.planning.service.repeating import read_slots
from selfos.features.planning.service.today import Day
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.errors import invalid
from selfos.kernel.permissions import Permission

# A calendar shows at most this many occurrences of one task; hourly ones would fill it.
MOST_OF_ONE = 200
# A daily task of two years; what repeats by the hour is a habit of machines.
MOST_REPEATS = 800


@dataclass(frozen=True, slots=True)
class Upcoming:
    """An occurrence that is not there yet: of which series, and when it will be due."""

    series_id: UUID
    slot: str
    day: date
    due: dict[str, Any]
    title: str
    text: str
    rank: str
    area_id: UUID | None
    goal_id: UUID | None
    project_id: UUID | None


async def preview_series(ctx: Context, series_id: UUID, n: int) -> dict[str, Any]:
    """Return the current occurrence of a series and the dates to come."""
    ctx.require(Permission.TASK_READ)
    series = await rows.get(ctx, Series, series_id)
    found: list[Slot] = []
    ends = True
    waiting = await waiting_occurrences(ctx, series) if series.finished_at is None else []
    if waiting and waiting[-1].slot:
        current = [read_slot(each.slot) for each in waiting if each.slot]
        left = await left_of(ctx, series)
        most = n + 1 if left is None else min(n + 1, len(current) + left)
        to_come = [*current, *islice(_to_come(series.repetition, current[-1]), most)][:most]
        found, ends = to_come[:n], len(to_come) <= n
    return _shown(series.rule, series.words, series.catch_up, found, series.zone, ends=ends)


async def preview_recurrence(ctx: Context, wanted: RecurrencePreview) -> dict[str, Any]:
    """Return what a rule means and its next dates, done on time or as late as is said."""
    ctx.require(Permission.TASK_READ)
    due, zone = planned(wanted.due)
    time = await identity.user_time(ctx)
    try:
        rule = canonical(
            read(wanted.rule, zone=ZoneInfo(zone) if zone else time.zone),
            due,
            week_start=time.first_weekday,
            follows=wanted.mode is Mode.COMPLETION,
        )
    except BadRule as error:
        raise invalid("/rule", str(error)) from error
    catch_up = wanted.catch_up or usual_catch_up(rule)
    repetition = Repetition(
        rule,
        due,
        wanted.mode,
        catch_up,
        frozenset(read_slots(wanted.exdates, due, "/exdates")),
        tuple(read_slots(wanted.rdates, due, "/rdates")),
    )
    found = simulate(repetition, wanted.n + 1, days_late=wanted.days_late)
    shown, ends = found[: wanted.n], len(found) <= wanted.n
    return _shown(rule.text(), say(rule, wanted.mode), catch_up, shown, zone, ends=ends)


async def upcoming_occurrences(ctx: Context, day: Day, last: date) -> list[Upcoming]:
    """Return the occurrences that are not there yet, on the acting person's days from `day`.

    Dates up to today are not among them: what is due by now is there, or collapsed into one.
    """
    ctx.require(Permission.TASK_READ)
    upcoming = [_upcoming(*each) for each in await _walk(ctx, day, last, most=MOST_OF_ONE)]
    return sorted(upcoming, key=lambda each: (each.day, each.slot, each.rank))


async def upcoming_minutes(ctx: Context, day: Day, last: date) -> dict[date, float]:
    """Return what repeating tasks of a known length will take, by day, as far as not there yet."""
    ctx.require(Permission.TASK_READ)
    minutes = Series.template["duration_minutes"].as_integer()
    days: dict[date, float] = {}
    for series, _, _, due in await _walk(ctx, day, last, minutes > 0, most=MOST_REPEATS):
        days[due] = days.get(due, 0.0) + series.template["duration_minutes"]
    return days


async def _walk(
    ctx: Context, day: Day, last: date, *conditions: ColumnElement[bool], most: int
) -> list[tuple[Series, Task, Slot, date]]:
    """Return what these series will bring, so many of each at most: the slot and the local day."""
    first = max(day.date, day.clock.today(ctx.now) + timedelta(days=1))
    if first > last:
        return []
    pairs = await _going_on(ctx, *conditions)
    left = await left_of_each(ctx, [series for series, _ in pairs])
    found: list[tuple[Series, Task, Slot, date]] = []
    for series, task in pairs:
        slots = _to_come(series.repetition, read_slot(task.slot or ""))
        for slot in islice(slots, min(most, left.get(series.id, most))):
            due = _local_day(slot, series.zone, day.clock.zone)
            if due > last:
                break
            if due >= first:
                found.append((series, task, slot, due))
    return found


async def _going_on(ctx: Context, *conditions: ColumnElement[bool]) -> list[tuple[Series, Task]]:
    """Return the series that go on, each with its current occurrence."""
    found = await ctx.session.execute(
        select(Series, Task)
        .join(Task, and_(Task.workspace_id == Series.workspace_id, Task.series_id == Series.id))
        .where(
            Series.finished_at.is_(None),
            *WAITS,
            Task.archived_at.is_(None),
            or_(Task.assignee_id.is_(None), Task.assignee_id == ctx.user_id),
            *conditions,
        )
        .order_by(Series.id, Task.slot.desc())
        .ext(distinct_on(Series.id))
    )
    return [(series, task) for series, task in found]


def _to_come(repetition: Repetition, slot: Slot) -> Iterator[Slot]:
    """Walk the slots after this one, each done on its day."""
    if repetition.mode is Mode.SCHEDULE:
        yield from repetition.slots(slot)
        return
    following: Slot | None = slot
    while following is not None:
        following = repetition.following(following, begin_of(following), day_of(following))
        if following is not None:
            yield following


def _local_day(slot: Slot, zone: str | None, here: ZoneInfo) -> date:
    if zone is None or not isinstance(slot, datetime):
        return day_of(slot)
    return instant_of(slot, ZoneInfo(zone)).astimezone(here).date()


def _upcoming(series: Series, task: Task, slot: Slot, day: date) -> Upcoming:
    return Upcoming(
        series_id=series.id,
        slot=slot_text(slot),
        day=day,
        due=plan_of(slot, series.zone),
        title=series.template["title"],
        text=series.words,
        rank=task.rank,
        area_id=task.area_id,
        goal_id=task.goal_id,
        project_id=task.project_id,
    )


def _shown(
    rule: str, text: str, catch_up: CatchUp, slots: Sequence[Slot], zone: str | None, *, ends: bool
) -> dict[str, Any]:
    return {
        "rule": rule,
        "text": text,
        "catch_up": catch_up,
        "items": [{"slot": slot_text(slot), "due": plan_of(slot, zone)} for slot in slots],
        "ends": ends,
    }
