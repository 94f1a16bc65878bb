"""Progress behind the scenes: the numbers follow what happens."""

from __future__ import annotations

from selfos.features.history.events import ChangesetUndone
from selfos.features.planning.events import (
    AreaDeleted,
    AreaRestored,
    TaskCancelled,
    TaskCompleted,
    TaskDeleted,
    TaskReopened,
    TaskRestored,
)
from selfos.features.progress import service as progress
from selfos.kernel.context import Context, open_context
from selfos.kernel.core import Kernel
from selfos.kernel.events import Event, Handler
from selfos.kernel.jobs import Schedule

# One of a burst folds in all of it. What else bears on the numbers (a date, a label) is folded in
# with the next of these, or within a minute.
FOLLOWED: tuple[type[Event], ...] = (
    TaskCompleted, TaskReopened, TaskCancelled, TaskDeleted, TaskRestored, AreaDeleted,
    AreaRestored, ChangesetUndone,
)  # fmt: skip


async def follow(ctx: Context, _: Event) -> None:
    """Fold in what the ledger has that the numbers have not."""
    await progress.catch_up(ctx)


async def follow_all(kernel: Kernel) -> None:
    """Fold in, workspace by workspace, what no handler has."""
    for workspace_id in await progress.workspaces_behind(kernel):
        async with open_context(kernel, workspace_id=workspace_id) as ctx:
            await progress.catch_up(ctx)


HANDLERS = [Handler(f"progress.count.{event.type}", event, follow) for event in FOLLOWED]
SCHEDULES = [Schedule("progress.count", "* * * * *", follow_all)]
