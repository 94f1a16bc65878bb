"""What the clock asks of stories: weeks that are over, and thrown away ones that are old."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select

from selfos.features.stories.models import Story
from selfos.features.stories.schemas import StoryStatus
from selfos.kernel.context import Context, system_session
from selfos.kernel.core import Kernel

KEPT = timedelta(days=30)
# Where the day begins first, it is fourteen hours ahead of UTC.
EARLIEST_ZONE = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class DueStory:
    """A draft whose week may be over for its person."""

    workspace_id: UUID
    story_id: UUID
    user_id: UUID


async def due_weeks(kernel: Kernel) -> list[DueStory]:
    """Return the drafts whose week is over somewhere on earth."""
    latest_day = (kernel.clock() + EARLIEST_ZONE).date()
    async with system_session(kernel) as session:
        found = await session.execute(
            select(Story.workspace_id, Story.id, Story.user_id).where(
                Story.status == StoryStatus.DRAFT,
                Story.period_end < latest_day,
                Story.deleted_at.is_(None),
            )
        )
        return [DueStory(*row) for row in found]


async def workspaces_to_purge(kernel: Kernel) -> Sequence[UUID]:
    """Return the workspaces with stories that were thrown away 30 days ago."""
    async with system_session(kernel) as session:
        old = Story.deleted_at < kernel.clock() - KEPT
        return (await session.scalars(select(Story.workspace_id).where(old).distinct())).all()


async def purge_deleted(ctx: Context) -> None:
    """Delete for good what was thrown away 30 days ago."""
    old = Story.deleted_at < ctx.now - KEPT
    await ctx.session.execute(delete(Story).where(old).execution_options(synchronize_session=False))
    ctx.describe("Emptied the trash")
    await ctx.for_good()
