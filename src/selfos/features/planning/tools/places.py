"""Life areas and projects for assistants: where things lie."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field

from selfos.features.planning import service as planning
from selfos.features.planning.schemas.filters import FilterText
from selfos.features.planning.schemas.inputs import (
    AreaCreate,
    AreaQuery,
    ProjectCreate,
    ProjectQuery,
)
from selfos.features.planning.schemas.words import Day, Hue, Priority
from selfos.features.planning.tools.tasks import MOST_LISTED
from selfos.kernel.context import Context
from selfos.kernel.documents import PAGE_LIMIT, Json, assemble
from selfos.kernel.permissions import Permission
from selfos.kernel.schema import Input, Name, Prose
from selfos.kernel.tools import ActTool, Change, Deed, Group, Operation, ReadTool

LISTED_AREA = "name,description,weight"
LISTED_PROJECT = (
    "name,status,priority,start_date,target_date,progress,open_tasks,done_tasks,area_id"
)


class ListAreas(Input):
    pass


class CreateArea(Change):
    name: Name
    description: Prose = ""
    color: Hue = Hue.GROWTH


class ListProjects(Input):
    q: Annotated[FilterText | None, Field(description="A filter, such as `~Home due:<=eom`.")] = (
        None
    )
    limit: Annotated[int, Field(ge=1, le=MOST_LISTED)] = 25
    cursor: Annotated[str | None, Field(max_length=1_000)] = None


class GetProject(Input):
    project_id: UUID


class CreateProject(Change):
    name: Name
    description: Prose = ""
    priority: Priority = 4
    start_date: Day | None = None
    target_date: Day | None = None
    phases: Annotated[
        list[Name], Field(max_length=50, description="Names of its phases, in order.")
    ] = []
    area_id: UUID | None = None


async def _list_areas(ctx: Context, _: ListAreas) -> Json:
    return await planning.list_areas(ctx, AreaQuery(limit=PAGE_LIMIT, fields=LISTED_AREA))


async def _list_projects(ctx: Context, asked: ListProjects) -> Json:
    query = ProjectQuery(q=asked.q, limit=asked.limit, cursor=asked.cursor, fields=LISTED_PROJECT)
    return await planning.list_projects(ctx, query)


async def _get_project(ctx: Context, asked: GetProject) -> Json:
    return assemble(
        {
            "project": (await planning.get_project(ctx, asked.project_id)).body,
            "progress": await planning.explain_project(ctx, asked.project_id),
        }
    )


async def _create_area(ctx: Context, area_id: UUID, new: AreaCreate) -> None:
    await planning.create_area(ctx, new.model_copy(update={"id": area_id}))


async def _create_project(ctx: Context, project_id: UUID, new: ProjectCreate) -> None:
    await planning.create_project(ctx, new.model_copy(update={"id": project_id}))


TOOLS = (
    ReadTool(
        name="list_areas",
        description="List the life areas.",
        group=Group.AREAS,
        permission=Permission.AREA_READ,
        arguments=ListAreas,
        verb=_list_areas,
    ),
    ActTool(
        name="create_area",
        description="Add a life area.",
        group=Group.AREAS,
        permission=Permission.AREA_WRITE,
        arguments=CreateArea,
        deed=Deed("area", Operation.CREATE, AreaCreate, _create_area, planning.get_area),
    ),
    ReadTool(
        name="list_projects",
        description="List projects with their progress.",
        group=Group.PROJECTS,
        permission=Permission.PROJECT_READ,
        arguments=ListProjects,
        verb=_list_projects,
    ),
    ReadTool(
        name="get_project",
        description="Show one project with its phases and the tasks that make its progress.",
        group=Group.PROJECTS,
        permission=Permission.PROJECT_READ,
        arguments=GetProject,
        verb=_get_project,
    ),
    ActTool(
        name="create_project",
        description="Add a project, with phases if it has some.",
        group=Group.PROJECTS,
        permission=Permission.PROJECT_WRITE,
        arguments=CreateProject,
        deed=Deed(
            "project", Operation.CREATE, ProjectCreate, _create_project, planning.get_project
        ),
    ),
)
