"""Stories' work behind the scenes: following events, finishing weeks, emptying the trash."""

from __future__ import annotations

from uuid import UUID

from selfos.features.stories import service as stories
from selfos.kernel.context import Actor, Context, open_context
from selfos.kernel.core import Kernel
from selfos.kernel.events import Event, Handler
from selfos.kernel.jobs import Job, Schedule
from selfos.kernel.ledger.models import ActorKind

FINISH_WEEK = "stories.finish_week"


async def tell_on_event(ctx: Context, _: Event) -> None:
    """Bring up to date what the event bears on."""
    await stories.follow(ctx)


async def finish_week(kernel: Kernel, *, workspace_id: str, story_id: str, user_id: str) -> None:
    """Tell one week for the last time, once it is over where its person lives."""
    actor = Actor(ActorKind.SYSTEM, UUID(user_id))
    async with open_context(kernel, workspace_id=UUID(workspace_id), actor=actor) as ctx:
        await stories.finish_week(ctx, UUID(story_id))


async def finish_weeks(kernel: Kernel) -> None:
    """Start a job for each draft whose week may be over."""
    for due in await stories.due_weeks(kernel):
        async with open_context(kernel, workspace_id=due.workspace_id) as ctx:
            ctx.defer(
                FINISH_WEEK,
                lock=f"{FINISH_WEEK}:{due.story_id}",
                workspace_id=str(due.workspace_id),
                story_id=str(due.story_id),
                user_id=str(due.user_id),
            )


async def purge_deleted(kernel: Kernel) -> None:
    """Delete for good, workspace by workspace, what was thrown away 30 days ago."""
    for workspace_id in await stories.workspaces_to_purge(kernel):
        async with open_context(kernel, workspace_id=workspace_id) as ctx:
            await stories.purge_deleted(ctx)


HANDLERS = [
    Handler(stories.HANDLER_PREFIX + event.type, event, tell_on_event) for event in stories.FOLLOWED
]
JOBS = [Job(FINISH_WEEK, finish_week)]
SCHEDULES = [
    Schedule("stories.finish_weeks", "7 * * * *", finish_weeks),
    Schedule("stories.purge_deleted", "37 3 * * *", purge_deleted),
]
