"""Where a task or goal lies, kept free of contradictions.

A row names every container it lies in. What the caller names wins; what he leaves unnamed
follows the named, or is given up where it does not fit. Two named containers that contradict
each other are an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from selfos.features.planning.models import Area, Goal, Phase, Project, Task
from selfos.features.planning.service.loading import container, known
from selfos.features.planning.service.tree import lock, refuse_bad_parent
from selfos.kernel.context import Context
from selfos.kernel.errors import Invalid, invalid


@dataclass(frozen=True, slots=True)
class Place:
    """The containers of a task."""

    parent_id: UUID | None = None
    project_id: UUID | None = None
    phase_id: UUID | None = None
    goal_id: UUID | None = None
    area_id: UUID | None = None

    @classmethod
    def of(cls, task: Task) -> Place:
        """Return where this task lies."""
        return cls(**{name: getattr(task, name) for name in PLACE_FIELDS})

    def columns(self) -> dict[str, UUID | None]:
        """Return the columns of a task that lies here."""
        return asdict(self)


PLACE_FIELDS = tuple(Place.__dataclass_fields__)
CONTAINER_FIELDS = PLACE_FIELDS[1:]
NOWHERE = Place()
Given = Mapping[str, UUID | None]


async def place_task(ctx: Context, given: Given, now: Place, moved: UUID | None) -> Place:
    """Return where a task lies once `given` is done; `moved` is the task if it exists already."""
    if given.get("parent_id") is not None:
        return await _under_parent(ctx, given, moved)
    named = {name: value for name, value in given.items() if name in CONTAINER_FIELDS}
    place = await _in_containers(ctx, named, replace(now, parent_id=None))
    leaves_parent = "parent_id" in given or replace(place, parent_id=now.parent_id) != now
    return place if leaves_parent else now


async def _under_parent(ctx: Context, given: Given, moved: UUID | None) -> Place:
    await lock(ctx, "tree")
    parent = await container(ctx, Task, given["parent_id"], "/parent_id")
    if parent is None:
        return NOWHERE
    await refuse_bad_parent(ctx, parent, moved)
    place = replace(Place.of(parent), parent_id=parent.id)
    for name in CONTAINER_FIELDS:
        if given.get(name) is not None and given[name] != getattr(place, name):
            raise invalid(f"/{name}", "A subtask lies where its parent lies.")
    return place


async def _in_containers(ctx: Context, given: Given, now: Place) -> Place:
    wanted = replace(now, **dict(given))
    wanted, named = await _fit_phase(ctx, given, wanted)
    wanted = await _fit_goal(ctx, named, wanted)
    return await _fit_area(ctx, named, wanted)


async def _fit_phase(ctx: Context, given: Given, wanted: Place) -> tuple[Place, Given]:
    if wanted.phase_id is None:
        return wanted, given
    phase = await known(ctx, Phase, wanted.phase_id)
    if phase is None:
        raise invalid("/phase_id", "There is no such phase.")
    if phase.project_id == wanted.project_id:
        return wanted, given
    if given.get("phase_id") is None:
        return replace(wanted, phase_id=None), given
    if given.get("project_id") is not None:
        raise contradiction("phase_id", "This phase belongs to another project.")
    named = {**given, "project_id": phase.project_id}
    return replace(wanted, project_id=phase.project_id), named


async def _fit_goal(ctx: Context, given: Given, wanted: Place) -> Place:
    goal = await _container_of(ctx, Goal, "goal_id", given, wanted)
    if goal is None or goal.project_id in (None, wanted.project_id):
        return wanted
    if given.get("goal_id") is None:
        return replace(wanted, goal_id=None)
    if "project_id" in given:
        raise contradiction("goal_id", "This goal belongs to another project.")
    return replace(wanted, project_id=goal.project_id, phase_id=None)


async def _fit_area(ctx: Context, given: Given, wanted: Place) -> Place:
    await container(ctx, Area, given.get("area_id"), "/area_id")
    project = await _container_of(ctx, Project, "project_id", given, wanted)
    goal = await _container_of(ctx, Goal, "goal_id", given, wanted)
    for name, holder in (("project_id", project), ("goal_id", goal)):
        if holder is None or holder.area_id in (None, wanted.area_id):
            continue
        if "area_id" not in given:
            wanted = replace(wanted, area_id=holder.area_id)
        elif given.get(name) is not None:
            raise contradiction(name, f"This {name.removesuffix('_id')} lies in another area.")
        else:
            left = {name: None, "phase_id": None} if name == "project_id" else {name: None}
            wanted = replace(wanted, **left)
    return wanted


async def _container_of(
    ctx: Context, model: type[Any], name: str, given: Given, wanted: Place
) -> Any:
    """Return the container at this place; a newly named one must be fit to receive."""
    row_id = getattr(wanted, name)
    if given.get(name) is not None:
        return await container(ctx, model, row_id, f"/{name}")
    return await known(ctx, model, row_id) if row_id else None


async def place_goal(ctx: Context, given: Given, now: Given) -> dict[str, UUID | None]:
    """Return the project and area of a goal once `given` is done."""
    named = {name: value for name, value in given.items() if name in ("project_id", "area_id")}
    here = Place(project_id=now.get("project_id"), area_id=now.get("area_id"))
    place = await _fit_area(ctx, named, replace(here, **named))
    return {"project_id": place.project_id, "area_id": place.area_id}


def contradiction(name: str, sentence: str) -> Invalid:
    """Return the error for two containers that do not hold each other."""
    return invalid(f"/{name}", sentence)
