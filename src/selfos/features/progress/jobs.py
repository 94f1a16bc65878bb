"""Progress behind the scenes: the numbers follow what happens."""

from __future__ import annotations

from uuid import UUID

from selfos.features.focus.events import (
    FocusDeleted,
    FocusRecorded,
    FocusStopped,
    FocusUpdated,
)
from selfos.features.habits.events import CheckInUpdated, HabitChecked, HabitUnchecked
from selfos.features.history.events import ChangesetUndone
from selfos.features.planning.events import (
    AreaDeleted,
    AreaRestored,
    GoalCompleted,
    GoalReopened,
    TaskCancelled,
    TaskCompleted,
    TaskDeleted,
    TaskReopened,
    TaskRestored,
)
from selfos.features.progress import service as progress
from selfos.kernel.context import Actor, Context, open_context
from selfos.kernel.core import Kernel
from selfos.kernel.events import Event, Handler
from selfos.kernel.jobs import Job, Schedule
from selfos.kernel.ledger.models import ActorKind

REPORT = "progress.report"

# One of a burst folds in all of it. What else bears on the numbers (a date, a label) is folded in
# with the next of these, or within a minute.
FOLLOWED: tuple[type[Event], ...] = (
    TaskCompleted, TaskReopened, TaskCancelled, TaskDeleted, TaskRestored, AreaDeleted,
    AreaRestored,
)  # fmt: skip
# These bear on achievements, though no sum of tasks follows from them.
ACHIEVED: tuple[type[Event], ...] = (
    HabitChecked, HabitUnchecked, CheckInUpdated, GoalCompleted, GoalReopened, ChangesetUndone,
    FocusStopped, FocusRecorded, FocusUpdated, FocusDeleted,
)  # fmt: skip


async def follow(ctx: Context, _: Event) -> None:
    """Fold in what the ledger has that the numbers have not, and see what that achieves.

    Of a burst the first does all of it, and the others find nothing left to do.
    """
    touched = await progress.catch_up(ctx)
    if touched:
        await progress.follow_achievements(ctx, touched)


async def achieve(ctx: Context, _: Event) -> None:
    """See what keeping a habit or reaching a goal achieves, or no longer does."""
    await progress.follow_achievements(ctx, await progress.catch_up(ctx))


async def follow_all(kernel: Kernel) -> None:
    """Fold in, workspace by workspace, what no handler has."""
    for workspace_id in await progress.workspaces_behind(kernel):
        async with open_context(kernel, workspace_id=workspace_id) as ctx:
            touched = await progress.catch_up(ctx)
            if touched:
                await progress.follow_achievements(ctx, touched)


async def report(kernel: Kernel, *, workspace_id: str, user_id: str) -> None:
    """Tell somebody's last week, month and year, as far as they are over and were not told yet."""
    actor = Actor(ActorKind.SYSTEM, UUID(user_id))
    async with open_context(kernel, workspace_id=UUID(workspace_id), actor=actor) as ctx:
        await progress.report_what_is_over(ctx)


async def report_all(kernel: Kernel) -> None:
    """Start a job for each person who may have something to be told."""
    for workspace_id, user_id in await progress.people_to_report_to(kernel):
        async with open_context(kernel, workspace_id=workspace_id) as ctx:
            ctx.defer(
                REPORT,
                lock=f"{REPORT}:{workspace_id}:{user_id}",
                workspace_id=str(workspace_id),
                user_id=str(user_id),
            )


HANDLERS = [
    *(Handler(f"progress.count.{event.type}", event, follow) for event in FOLLOWED),
    *(Handler(f"progress.achieve.{event.type}", event, achieve) for event in ACHIEVED),
]
JOBS = [Job(REPORT, report)]
SCHEDULES = [
    Schedule("progress.count", "* * * * *", follow_all),
    Schedule("progress.report_all", "23 * * * *", report_all),
]
