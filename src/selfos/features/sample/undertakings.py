"""Projects and goals: begun, worked on in their own time, reached or given up."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from selfos.features.sample.chores import on, task_key, ticked_off, written_down
from selfos.features.sample.deeds import Act, Deed, Make, Noun, Postpone, Step, Tie, Verb
from selfos.features.sample.rhythms import Calendar, moment
from selfos.features.sample.script import YOU, Chore, GoalScript, Hours, ProjectScript, Script

# Nearly everything is done on its day; some things a little early, a few late.
SLIPS = (-1, 0, 0, 0, 0, 0, 1, 1, 2, 4)
LATE_DAYS = 2
CHAIN_GAP = timedelta(hours=2)
# What lies further ahead has no date yet.
PLANNED_AHEAD_DAYS = 21
ARCHIVED_AFTER_DAYS = 9


@dataclass(frozen=True, slots=True)
class _Stage:
    """One task of a goal: when it should be done, and when it will be."""

    key: str
    chore: Chore
    due: date
    done: datetime


def begin(script: Script, calendar: Calendar) -> Step:
    """Return the very first step: the areas of this life."""
    deeds = [
        Make(
            Noun.AREA,
            f"area.{key}",
            {**area.model_dump(exclude={"about"}), "description": area.about},
        )
        for key, area in script.areas.items()
    ]
    at = datetime.combine(calendar.first, time(8, 5))
    return Step(at, YOU, tuple(deeds), f"Began with {len(deeds)} areas")


def run_project(key: str, project: ProjectScript, calendar: Calendar) -> Iterator[Step]:
    """Yield a project's beginning and end."""
    start, end = calendar.day(project.start), calendar.day(project.end)
    fields = {
        **project.model_dump(include={"name", "priority"}),
        "description": project.about,
        "status": "on_hold" if project.ending == "on_hold" else "active",
        "start_date": start.isoformat(),
        "target_date": end.isoformat(),
    }
    made: list[Deed] = [Make(Noun.PROJECT, _project(key), fields, {"area_id": _area(project.area)})]
    made += [
        Make(Noun.PHASE, f"phase.{key}.{phase}", {"name": phase}, {"project_id": _project(key)})
        for phase in project.phases
    ]
    yield Step(datetime.combine(start, time(19, 12)), YOU, tuple(made))
    if project.ending in ("completed", "archived"):
        yield _evening(end, Act(Verb.COMPLETE_PROJECT, _project(key)))
    if project.ending == "archived":
        later = end + timedelta(days=ARCHIVED_AFTER_DAYS)
        yield _evening(later, Act(Verb.ARCHIVE_PROJECT, _project(key)))


def pursue(script: Script, key: str, calendar: Calendar, rng: random.Random) -> Iterator[Step]:
    """Yield everything that happens to one goal."""
    goal = script.goals[key]
    stages = _stages(key, goal, calendar, rng)
    yield _plan(script, key, goal, stages, calendar)
    given_up = datetime.combine(calendar.day(goal.drop), time(21, 40))
    dropped = [s for s in stages if goal.ending == "dropped" and s.done >= given_up]
    for stage in stages:
        if stage not in dropped:
            yield from _work_off(stage)
    if goal.ending == "dropped":
        left = (Act(Verb.CANCEL_TASK, task_key(stage.key)) for stage in dropped)
        deeds = (*left, Act(Verb.DROP_GOAL, _goal(key)))
        yield Step(given_up, YOU, deeds, f"Let go of the goal “{goal.title}”")
    else:
        reached = max(stage.done for stage in stages) + timedelta(minutes=2)
        yield Step(reached, YOU, (Act(Verb.COMPLETE_GOAL, _goal(key)),))


def _stages(key: str, goal: GoalScript, calendar: Calendar, rng: random.Random) -> list[_Stage]:
    """Spread a goal's tasks over its time; the last one ends it."""
    chores = goal.chores()
    gap = (goal.end - goal.start) / len(chores)
    stages: list[_Stage] = []
    for number, chore in enumerate(chores, start=1):
        is_last = number == len(chores)
        early = 0 if is_last else rng.uniform(0, gap / 3)
        due = calendar.day(round(goal.start + number * gap - early))
        slip = 0 if is_last else rng.choice(SLIPS)
        done = _possible(goal, calendar, due + timedelta(days=slip), rng)
        if goal.chain and stages:
            done = max(done, stages[-1].done + CHAIN_GAP)
        if goal.at is Hours.WORK:
            due = calendar.working(due)
        placed = chore.model_copy(update={"goal": key})
        stages.append(_Stage(f"{key}.{number}", placed, due, done))
    return stages


def _possible(goal: GoalScript, calendar: Calendar, day: date, rng: random.Random) -> datetime:
    day = calendar.healthy(day)
    return moment(calendar.working(day) if goal.at is Hours.WORK else day, goal.at, rng)


def _plan(
    script: Script, key: str, goal: GoalScript, stages: Sequence[_Stage], calendar: Calendar
) -> Step:
    value, unit = goal.target or (None, None)
    fields = {
        **goal.model_dump(include={"title", "why"}),
        "target_value": value,
        "target_unit": unit,
        "start_date": calendar.day(goal.start).isoformat(),
        "target_date": calendar.day(goal.end).isoformat(),
    }
    place = {"project_id": _project(goal.project)} if goal.project else {}
    place |= {"area_id": _area(goal.area)} if goal.area else {}
    deeds: list[Deed] = [Make(Noun.GOAL, _goal(key), fields, place)]
    horizon = calendar.day(PLANNED_AHEAD_DAYS)
    for stage in stages:
        due = on(stage.due) if stage.due <= horizon else None
        deeds += written_down(script, stage.chore, stage.key, due=due)
    if goal.chain:
        deeds += [Tie(task_key(later.key), task_key(one.key)) for one, later in pairwise(stages)]
    at = datetime.combine(calendar.day(goal.start), time(20, 3))
    return Step(at, YOU, tuple(deeds), f"Planned the goal “{goal.title}”")


def _work_off(stage: _Stage) -> Iterator[Step]:
    late = (stage.done.date() - stage.due).days
    if late >= LATE_DAYS:
        noticed = datetime.combine(stage.due + timedelta(days=1), time(7, 58))
        yield Step(noticed, stage.chore.who, (Postpone(task_key(stage.key), stage.done.date()),))
    yield from ticked_off(stage.chore, stage.key, stage.done)


def _evening(day: date, act: Act) -> Step:
    return Step(datetime.combine(day, time(22, 15)), YOU, (act,))


def _area(key: str) -> str:
    return f"area.{key}"


def _project(key: str) -> str:
    return f"project.{key}"


def _goal(key: str) -> str:
    return f"goal.{key}"
