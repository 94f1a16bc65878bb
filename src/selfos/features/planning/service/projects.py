"""Projects; their goals and tasks follow them into another area."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_

from selfos.features.planning.documents import PROJECTS
from selfos.features.planning.events import (
    ProjectCompleted,
    ProjectCreated,
    ProjectDeleted,
    ProjectReopened,
    ProjectRestored,
)
from selfos.features.planning.filters.containers import PROJECT_FIELDS
from selfos.features.planning.models import Area, Goal, Project, Task
from selfos.features.planning.schemas.inputs import (
    PhaseCreate,
    ProjectCreate,
    ProjectQuery,
    ProjectUpdate,
    Reorder,
)
from selfos.features.planning.schemas.words import ProjectStatus
from selfos.features.planning.service import keeping
from selfos.features.planning.service.filtering import read_for, show_page
from selfos.features.planning.service.listing import kept_conditions, pointing
from selfos.features.planning.service.loading import changeable, container
from selfos.features.planning.service.ordering import next_rank, rank_after
from selfos.features.planning.service.phases import new_phase
from selfos.features.planning.service.tree import change_rows
from selfos.kernel.context import Context
from selfos.kernel.documents import Document, Json, Order
from selfos.kernel.errors import Conflict
from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import Permission


async def get_project(ctx: Context, project_id: UUID) -> Document:
    """Return one project as shown, also from the trash."""
    ctx.require(Permission.PROJECT_READ)
    return await PROJECTS.one(ctx, project_id)


async def list_projects(ctx: Context, query: ProjectQuery) -> Json:
    """Return one page of projects, by default all in manual order."""
    ctx.require(Permission.PROJECT_READ)
    by_hand = Order((Project.position,))
    if query.q is None:
        return await PROJECTS.page(ctx, query, *_conditions(query), order=by_hand)
    wanted = await read_for(ctx, query.q, PROJECT_FIELDS, pointer="/query/q")
    query = query.model_copy(update=wanted.overruled(query.include))
    sections = wanted.open_sections() if query.status is None else wanted.sections()
    conditions = (or_(*sections), *_conditions(query))
    return await show_page(ctx, PROJECTS, query, wanted, *conditions, otherwise=by_hand)


def _conditions(query: ProjectQuery) -> list[ColumnElement[bool]]:
    return [
        *kept_conditions(Project, query.include),
        *pointing(Project, area_id=query.area_id, status=query.status),
    ]


async def create_project(ctx: Context, new: ProjectCreate) -> Project:
    """Add a project, with its phases if it has any."""
    ctx.require(Permission.PROJECT_WRITE)
    await container(ctx, Area, new.area_id, "/area_id")
    project = Project(
        workspace_id=ctx.workspace_id,
        id=new.id or new_id(),
        position=next_rank(ctx),
        **new.model_dump(exclude={"id", "phases", "status"}),
        status=ProjectStatus(new.status),
    )
    project.check()
    ctx.session.add(project)
    ctx.emit(ProjectCreated(**surroundings(project)))
    ctx.describe(f"Added the project “{project.name}”")
    # Phases name their project by id alone, so the project must be there first.
    await ctx.session.flush()
    for serial, name in enumerate(new.phases):
        ctx.session.add(new_phase(ctx, project.id, PhaseCreate(name=name), serial))
    return project


async def update_project(ctx: Context, project_id: UUID, change: ProjectUpdate) -> Project:
    """Change the given fields; a new area takes goals and tasks along."""
    ctx.require(Permission.PROJECT_WRITE)
    project = await changeable(ctx, Project, project_id)
    given = change.given()
    if "status" in given and project.status is ProjectStatus.COMPLETED:
        raise Conflict("This project is completed; reopen it first.")
    if "area_id" in given and change.area_id != project.area_id:
        await container(ctx, Area, change.area_id, "/area_id")
        for model in (Goal, Task):
            inside = [model.project_id == project.id]
            await change_rows(ctx, model, inside, area_id=change.area_id)
    for name, value in given.items():
        setattr(project, name, value)
    project.check()
    ctx.describe(f"Changed the project “{project.name}”")
    return project


async def move_project(ctx: Context, project_id: UUID, move: Reorder) -> Project:
    """Put a project behind another one, or first."""
    ctx.require(Permission.PROJECT_WRITE)
    project = await changeable(ctx, Project, project_id)
    if move.after_id != project.id:
        project.position = await rank_after(ctx, Project, move.after_id)
    ctx.describe(f"Moved the project “{project.name}”")
    return project


async def complete_project(ctx: Context, project_id: UUID) -> Project:
    """Complete a project, its tasks as they are; completing it again is a conflict."""
    ctx.require(Permission.PROJECT_WRITE)
    project = await changeable(ctx, Project, project_id)
    project.complete(ctx.now)
    ctx.emit(ProjectCompleted(**surroundings(project)))
    ctx.describe(f"Completed the project “{project.name}”")
    return project


async def reopen_project(ctx: Context, project_id: UUID) -> Project:
    """Make a completed project active again."""
    ctx.require(Permission.PROJECT_WRITE)
    project = await changeable(ctx, Project, project_id)
    project.reopen()
    ctx.emit(ProjectReopened(**surroundings(project)))
    ctx.describe(f"Reopened the project “{project.name}”")
    return project


async def archive_project(ctx: Context, project_id: UUID) -> Project:
    """Put a project away with everything inside."""
    ctx.require(Permission.PROJECT_WRITE)
    return await keeping.archive(ctx, Project, project_id)


async def unarchive_project(ctx: Context, project_id: UUID) -> Project:
    """Bring an archived project back with everything inside."""
    ctx.require(Permission.PROJECT_WRITE)
    return await keeping.unarchive(ctx, Project, project_id)


async def delete_project(ctx: Context, project_id: UUID) -> None:
    """Put a project and everything inside into the trash for 30 days."""
    ctx.require(Permission.PROJECT_WRITE)
    project = await changeable(ctx, Project, project_id)
    await keeping.throw_away(ctx, project)
    ctx.emit(ProjectDeleted(**surroundings(project)))


async def restore_project(ctx: Context, project_id: UUID) -> Project:
    """Take a project out of the trash with everything deleted with it."""
    ctx.require(Permission.PROJECT_WRITE)
    project = await keeping.restore(ctx, Project, project_id)
    ctx.emit(ProjectRestored(**surroundings(project)))
    return project


def surroundings(project: Project) -> dict[str, Any]:
    """Return what every event about a project tells."""
    return {"project_id": project.id, "area_id": project.area_id}
