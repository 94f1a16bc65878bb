"""Phases of a project."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from selfos.features.planning.models import Phase, Project, Task
from selfos.features.planning.ranks import rank_at
from selfos.features.planning.schemas.inputs import PhaseCreate, PhaseUpdate
from selfos.features.planning.service.loading import changeable
from selfos.features.planning.service.ordering import rank_after
from selfos.features.planning.service.tree import change_rows
from selfos.kernel.context import Context
from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import Permission
from selfos.kernel.rows import missing


def new_phase(ctx: Context, project_id: UUID, new: PhaseCreate, serial: int = 0) -> Phase:
    """Return a phase that comes after all the project has."""
    return Phase(
        workspace_id=ctx.workspace_id,
        id=new.id or new_id(),
        project_id=project_id,
        name=new.name,
        position=rank_at(ctx.now, serial),
    )


async def create_phase(ctx: Context, project_id: UUID, new: PhaseCreate) -> Phase:
    """Add a phase at the end of a project."""
    ctx.require(Permission.PROJECT_WRITE)
    project = await changeable(ctx, Project, project_id)
    siblings = select(func.count()).where(Phase.project_id == project.id)
    phase = new_phase(ctx, project.id, new, await ctx.session.scalar(siblings) or 0)
    ctx.session.add(phase)
    ctx.describe(f"Added the phase “{phase.name}” to “{project.name}”")
    return phase


async def update_phase(
    ctx: Context, project_id: UUID, phase_id: UUID, change: PhaseUpdate
) -> Phase:
    """Rename a phase or put it behind another one."""
    ctx.require(Permission.PROJECT_WRITE)
    phase = await _get_phase(ctx, project_id, phase_id)
    given = change.given()
    if "name" in given:
        phase.name = change.name
    if "after_id" in given and change.after_id != phase.id:
        phase.position = await rank_after(ctx, Phase, change.after_id)
    ctx.describe(f"Changed the phase “{phase.name}”")
    return phase


async def delete_phase(ctx: Context, project_id: UUID, phase_id: UUID) -> None:
    """Delete a phase; its tasks stay in the project."""
    ctx.require(Permission.PROJECT_WRITE)
    phase = await _get_phase(ctx, project_id, phase_id)
    ctx.describe(f"Deleted the phase “{phase.name}”")
    # Before the phase itself: undo puts things back in the reverse order.
    await change_rows(ctx, Task, [Task.phase_id == phase.id], phase_id=None)
    await ctx.session.delete(phase)


async def _get_phase(ctx: Context, project_id: UUID, phase_id: UUID) -> Phase:
    query = select(Phase).where(Phase.id == phase_id, Phase.project_id == project_id)
    phase = await ctx.session.scalar(query)
    if phase is None:
        raise missing(Phase.__name__)
    ctx.expect(phase)
    return phase
