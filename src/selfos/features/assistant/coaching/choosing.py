"""From all that the rules find to the few things worth saying today."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from selfos.features.assistant.coaching.findings import Finding
from selfos.features.assistant.coaching.goals import goal_states, portfolio
from selfos.features.assistant.coaching.habits import crowd, habit_states
from selfos.features.assistant.coaching.signals import Idea, Life
from selfos.features.assistant.coaching.tasks import day_states, task_states
from selfos.features.assistant.schemas.words import Help

# What a person is told at most on one day.
PER_DAY = 3
WEIGHT_OF_IDEAS = 29
Muted = Collection[tuple[str, UUID | None]]


def findings(life: Life) -> list[Finding]:
    """Return every state found in a life, the heaviest first; deterministic."""
    found = [*day_states(life), *portfolio(life), *crowd(life)]
    heap = any(each.state == "heap_overdue" for each in found)
    for task in (*life.overdue, *life.due):
        # One word on the heap says what a word on each of its tasks would.
        found += [each for each in task_states(task) if not (heap and _of_heap(each))]
    for habit in life.habits:
        found += habit_states(habit)
    for goal in life.goals:
        found += goal_states(goal)
    found += [_idea(each, place) for place, each in enumerate(life.ideas)]
    return sorted(found, key=lambda each: (-each.weight, each.state, str(each.subject_id)))


def _idea(idea: Idea, place: int) -> Finding:
    """Return a recommendation as a finding, lighter than all that is about what is there."""
    return Finding(
        idea.state, Help.PLAN, WEIGHT_OF_IDEAS - place / 10, {"sentence": idea.sentence}, idea
    )


def audible(life: Life, muted: Muted = ()) -> list[Finding]:
    """Return what is found and not muted, the heaviest first."""
    return [
        each
        for each in findings(life)
        if (each.state, each.subject_id) not in muted and (each.state, None) not in muted
    ]


def choose(life: Life, muted: Muted = (), most: int = PER_DAY) -> list[Finding]:
    """Return what to say: not muted, each thing once, and good news beside the rest."""
    return pick(audible(life, muted), most)


def pick(heard: list[Finding], most: int) -> list[Finding]:
    """Return what to say of all that is audible."""
    chosen: list[Finding] = []
    for each in heard:
        spoken_of = {one.subject_id for one in chosen if one.subject_id}
        kinds = [one.help for one in chosen]
        if each.subject_id in spoken_of or kinds.count(each.help) > 1:
            continue
        chosen.append(each)
        if len(chosen) == most:
            break
    return _with_good_news(chosen, heard)


def _with_good_news(chosen: list[Finding], heard: list[Finding]) -> list[Finding]:
    """Let the last word be a good one where there is one to say."""
    if len(chosen) < PER_DAY or any(each.help is Help.CELEBRATE for each in chosen):
        return chosen
    good = [each for each in heard if each.help is Help.CELEBRATE]
    return [*chosen[:-1], good[0]] if good else chosen


def _of_heap(finding: Finding) -> bool:
    return finding.state in ("overdue", "long_overdue", "important_overdue")
