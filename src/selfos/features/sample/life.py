"""A whole life from a script: the same for the same seed and day, and pure."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from selfos.features.sample.chores import on, task_key, ticked_off, written_down
from selfos.features.sample.deeds import Act, Make, Noun, Step, Verb
from selfos.features.sample.everyday import live_weeks, run_errands
from selfos.features.sample.habits import keep_habits
from selfos.features.sample.measured import measure_goals
from selfos.features.sample.rhythms import Calendar, moment
from selfos.features.sample.script import (
    YOU,
    Appointment,
    DroppedChore,
    Hours,
    OpenChore,
    Script,
)
from selfos.features.sample.undertakings import begin, pursue, run_project

A_SECOND = timedelta(seconds=1)
EARLY, IN_THE_EVENING = time(0, 5), time(20, 50)


def make_life(script: Script, *, seed: int, today: date) -> tuple[Step, ...]:
    """Return every step of a life in order, each at a wall time of its own.

    It goes on after today as planned; whoever lives it stops when the present is reached.
    """
    rng = random.Random(seed)
    calendar = Calendar.of(today, script.days, rng)
    return tuple(_one_by_one(sorted(_all(script, calendar, rng), key=lambda step: step.at)))


def _all(script: Script, calendar: Calendar, rng: random.Random) -> Iterator[Step]:
    yield begin(script, calendar)
    for key, project in script.projects.items():
        yield from run_project(key, project, calendar)
    for key in script.goals:
        yield from pursue(script, key, calendar, rng)
    yield from live_weeks(script, calendar, rng)
    yield from run_errands(script, calendar, rng)
    for number, chore in enumerate(script.open):
        yield from _lie_open(script, chore, f"open.{number}", calendar, rng)
    for number, each in enumerate(script.appointments):
        yield _written_in(each, f"appointment.{number}", calendar)
    for number, chore in enumerate(script.trash):
        yield from _throw_away(script, chore, f"trash.{number}", calendar, rng)
    yield from keep_habits(script, calendar, rng)
    yield from measure_goals(script, calendar, rng)


def _lie_open(
    script: Script, chore: OpenChore, key: str, calendar: Calendar, rng: random.Random
) -> Iterator[Step]:
    day = None if chore.day is None else calendar.day(chore.day)
    due = None if day is None else on(day, chore.clock)
    made = written_down(script, chore, key, due=due, state=chore.state, waiting_for=chore.waiting)
    at = moment(calendar.day(chore.made), Hours.NIGHT, rng)
    if chore.made == 0:
        at = datetime.combine(calendar.today, EARLY)
    yield Step(at, chore.who, tuple(made))
    if chore.done is not None and day is not None:
        clock = datetime.combine(day, time.fromisoformat(chore.done))
        yield from ticked_off(chore, key, clock)


def _written_in(each: Appointment, key: str, calendar: Calendar) -> Step:
    day = calendar.day(each.day)
    fields = {
        "title": each.title,
        "location": each.location,
        "start": on(day, each.clock),
        "end": on(calendar.day(each.until)) if each.until is not None else None,
        "duration_minutes": each.minutes,
        "repeat": {"rule": each.rule} if each.rule else None,
        "transparency": each.transparency,
        "status": each.status,
    }
    at = datetime.combine(calendar.day(each.made), IN_THE_EVENING)
    return Step(at, YOU, (Make(Noun.CALENDAR_EVENT, f"event.{key}", fields),))


def _throw_away(
    script: Script, chore: DroppedChore, key: str, calendar: Calendar, rng: random.Random
) -> Iterator[Step]:
    made = moment(calendar.day(chore.made), Hours.NIGHT, rng)
    yield Step(made, chore.who, tuple(written_down(script, chore, key)))
    gone = moment(calendar.day(chore.gone), Hours.MORNING, rng)
    yield Step(gone, chore.who, (Act(Verb.DELETE_TASK, task_key(key)),))


def _one_by_one(steps: Iterable[Step]) -> Iterator[Step]:
    """Give each step an instant of its own: it is known by it when a broken run goes on."""
    last = datetime.min  # noqa: DTZ901 - wall times have no zone
    for step in steps:
        at = max(step.at, last + A_SECOND) if last > datetime.min else step.at  # noqa: DTZ901
        last = at
        yield replace(step, at=at)
