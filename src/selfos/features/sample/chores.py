"""Chores written down as tasks, and ticked off."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from selfos.features.sample.deeds import Act, Give, Make, Noun, Step, Verb
from selfos.features.sample.script import Chore, Script

BETWEEN_STEPS = timedelta(minutes=11)
# How many chores are timed, and how often their estimate they take.
SHARE_TIMED = 0.4
TOOK = (0.8, 1.9)


def on(day: date, clock: str | None = None) -> dict[str, str]:
    """Return a plan for this day, at a wall time if given."""
    if clock is None:
        return {"kind": "date", "date": day.isoformat()}
    return {"kind": "floating", "date": day.isoformat(), "time": clock}


def written_down(script: Script, chore: Chore, key: str, **more: Any) -> list[Make]:
    """Return what makes a chore a task, with a subtask for each of its steps."""
    fields = {
        "title": chore.do,
        "notes": chore.notes,
        "priority": chore.priority,
        "duration_minutes": chore.minutes,
        "labels": chore.labels,
        **more,
    }
    links = _links(script, chore)
    below = {"parent_id": task_key(key)}
    if "assignee_id" in links:
        below["assignee_id"] = links["assignee_id"]
    return [
        Make(Noun.TASK, task_key(key), fields, links),
        *(
            Make(Noun.TASK, task_key(key, number), {"title": title}, below)
            for number, title in enumerate(chore.steps)
        ),
    ]


def ticked_off(chore: Chore, key: str, at: datetime) -> Iterator[Step]:
    """Yield the completion of a chore, its steps one after the other before it."""
    count = len(chore.steps)
    for number in range(count):
        done = at - BETWEEN_STEPS * (count - number)
        yield Step(done, chore.who, (Act(Verb.COMPLETE_TASK, task_key(key, number)),))
    yield Step(at, chore.who, (*_timed(chore, key), Act(Verb.COMPLETE_TASK, task_key(key))))


def _timed(chore: Chore, key: str) -> Iterator[Give]:
    """Yield what a timer says of some chores that had a length: mostly more than was meant."""
    # By the key alone, so that a life is otherwise what it was.
    chance = random.Random(key)
    if chore.minutes and chance.random() < SHARE_TIMED:
        yield Give(task_key(key), max(1, round(chore.minutes * chance.uniform(*TOOK))))


def task_key(key: str, number: int | None = None) -> str:
    """Return the key of a task, or of one of its subtasks."""
    return f"task.{key}" if number is None else f"task.{key}.{number}"


def _links(script: Script, chore: Chore) -> dict[str, str]:
    project = chore.project
    if chore.goal is not None:
        project = project or script.goals[chore.goal].project
    wanted = {
        "area_id": chore.area and f"area.{chore.area}",
        "project_id": project and f"project.{project}",
        "goal_id": chore.goal and f"goal.{chore.goal}",
        "phase_id": chore.phase and f"phase.{project}.{chore.phase}",
        "assignee_id": f"member.{chore.who}" if script.members else None,
    }
    return {name: link for name, link in wanted.items() if link}
