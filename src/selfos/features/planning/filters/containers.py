"""What goals and projects can be asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Text, and_, func, or_, true

from selfos.features.planning.filters import tree
from selfos.features.planning.filters.columns import (
    always,
    by,
    by_day,
    gathered,
    in_area,
    named,
    reckoned,
    shared,
    text_in,
    toward_goal,
)
from selfos.features.planning.filters.compiling import (
    Asker,
    Condition,
    Fields,
    Instant,
    PlannedDay,
)
from selfos.features.planning.filters.words import FilterError
from selfos.features.planning.models import Area, Goal, Project
from selfos.features.planning.predicates import found
from selfos.features.planning.schemas.words import GoalStatus, PathState, ProjectStatus
from selfos.kernel.searching import documents_about

Words = dict[tuple[str, str], Callable[[Asker], Condition]]
# What a goal can be on its path, by the word that asks for it.
PACES = {
    "ahead": (PathState.AHEAD,),
    "at_risk": (PathState.AT_RISK,),
    "behind": (PathState.AT_RISK, PathState.OFF),
    "off": (PathState.OFF,),
    "on": (PathState.ON,),
}
GOAL_IS_OPEN = Goal.status == GoalStatus.ACTIVE
PROJECT_IS_OPEN = Project.status != ProjectStatus.COMPLETED


def goal_fields(states: Mapping[UUID, PathState]) -> Fields:
    """Return what goals can be asked for; `states` are needed by filters that say `pace:`."""
    state = reckoned(Goal, Text(), {goal: str(on_path) for goal, on_path in states.items()})
    there = {
        **_there(Goal, "goal"),
        "project": Goal.project_id.is_not(None),
    }
    words: Words = {
        **_words(Goal, GOAL_IS_OPEN, there),
        ("is", "active"): always(Goal.status == GoalStatus.ACTIVE),
        ("is", "completed"): always(Goal.status == GoalStatus.COMPLETED),
        ("is", "done"): always(Goal.status == GoalStatus.COMPLETED),
        ("is", "dropped"): always(Goal.status == GoalStatus.DROPPED),
        ("is", "goal"): always(true()),
        **{("pace", word): always(state.in_(meant)) for word, meant in PACES.items()},
    }
    return Fields(
        noun="goals",
        text=text_in("goal", Goal),
        places={
            "area": in_area(Goal.area_id),
            "project": _in_project("goals", Goal.project_id),
            "goal": toward_goal(Goal.id),
        },
        words=words,
        days=_days(Goal),
        numbers={},
        sorts=_sorts(Goal, Goal.title),
        groups={
            "area": gathered(Area, Goal.area_id),
            "project": gathered(Project, Goal.project_id),
        },
        still_open=GOAL_IS_OPEN,
    )


def _there(model: Any, entity: str) -> dict[str, Condition]:
    noted = found(documents_about("note", entity, model))
    return {
        "area": model.area_id.is_not(None),
        "date": model.target_date.is_not(None),
        "note": or_(model.description != "", noted),
        "start": model.start_date.is_not(None),
    }


def _words(model: Any, is_open: Condition, there: Mapping[str, Condition]) -> Words:
    def overdue(asker: Asker) -> Condition:
        return and_(is_open, model.target_date < asker.present.today)

    def deferred(asker: Asker) -> Condition:
        return and_(is_open, model.start_date > asker.present.today)

    return {
        **{("has", word): always(condition) for word, condition in there.items()},
        **{("no", word): always(~condition) for word, condition in there.items()},
        ("is", "archived"): always(model.archived_at.is_not(None)),
        ("is", "deferred"): deferred,
        ("is", "open"): always(is_open),
        ("is", "overdue"): overdue,
        ("is", "shared"): shared,
    }


def _in_project(noun: str, project_id: Any) -> Callable[[tree.Place, Asker], Condition]:
    def inside(place: tree.Place, asker: Asker) -> Condition:
        if place.phase is not None:
            detail = f"{noun.capitalize()} lie in no phase of a project."
            raise FilterError(detail, place.span.start, place.span.end)
        return project_id.in_(named(Project, place.name, asker))

    return inside


def _days(model: Any) -> dict[str, PlannedDay | Instant]:
    return {
        "due": PlannedDay(lambda _: model.target_date, model.target_date),
        "start": PlannedDay(lambda _: model.start_date, model.start_date),
        "done": Instant(model.completed_at),
        "created": Instant(model.created_at),
        "updated": Instant(model.updated_at),
    }


def _sorts(model: Any, title: Any) -> dict[str, Callable[[bool], tuple[Any, ...]]]:
    return {
        "created": by(model.created_at),
        "done": by_day(model.completed_at),
        "due": by_day(model.target_date),
        "rank": by(model.position),
        "start": by_day(model.start_date),
        "title": by(func.lower(title, type_=Text())),
        "updated": by(model.updated_at),
    }


PROJECT_FIELDS = Fields(
    noun="projects",
    text=text_in("project", Project),
    places={
        "area": in_area(Project.area_id),
        "project": _in_project("projects", Project.id),
    },
    words={
        **_words(Project, PROJECT_IS_OPEN, _there(Project, "project")),
        ("is", "active"): always(Project.status == ProjectStatus.ACTIVE),
        ("is", "completed"): always(Project.status == ProjectStatus.COMPLETED),
        ("is", "done"): always(Project.status == ProjectStatus.COMPLETED),
        ("is", "on_hold"): always(Project.status == ProjectStatus.ON_HOLD),
    },
    days=_days(Project),
    numbers={"priority": Project.priority},
    sorts={**_sorts(Project, Project.name), "priority": by(Project.priority)},
    still_open=PROJECT_IS_OPEN,
)

# What goals can be asked for, where no path has been walked.
GOAL_FIELDS = goal_fields({})
