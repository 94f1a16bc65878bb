"""Memory's work behind the scenes: following goals and habits, forgetting old uses."""

from __future__ import annotations

from selfos.features.habits.events import CheckInUpdated, HabitChecked, HabitUnchecked
from selfos.features.history.events import ChangesetUndone
from selfos.features.memory import service as memory
from selfos.features.planning.events import (
    GoalCompleted,
    GoalCreated,
    GoalDeleted,
    GoalEvent,
    GoalReopened,
    GoalRestored,
    GoalUpdated,
)
from selfos.kernel.context import Context
from selfos.kernel.events import Handler
from selfos.kernel.jobs import Job, Schedule

GOALS: tuple[type[GoalEvent], ...] = (
    GoalCreated, GoalUpdated, GoalCompleted, GoalReopened, GoalDeleted, GoalRestored,
)  # fmt: skip
CHECK_INS = (HabitChecked, HabitUnchecked, CheckInUpdated)


async def goal_changed(ctx: Context, event: GoalEvent) -> None:
    """Follow a goal."""
    await memory.follow_goal(ctx, event.goal_id)


async def habit_kept(ctx: Context, event: HabitChecked | HabitUnchecked | CheckInUpdated) -> None:
    """Follow a habit's streak."""
    await memory.follow_habit(ctx, event.habit_id)


async def changeset_undone(ctx: Context, event: ChangesetUndone) -> None:
    """Follow what was taken back."""
    await memory.follow_undo(ctx, event.changeset_id)


HANDLERS = [
    *(Handler(f"memory.goal.{event.type}", event, goal_changed) for event in GOALS),
    *(Handler(f"memory.habit.{event.type}", event, habit_kept) for event in CHECK_INS),
    Handler("memory.undo", ChangesetUndone, changeset_undone),
]
JOBS = [Job(memory.EMBED_JOB, memory.embed_facts)]
SCHEDULES = [Schedule("memory.forget_uses", "43 3 * * *", memory.forget_uses)]
