"""What notifications do by themselves: follow what happens, ring, send, tidy."""

from __future__ import annotations

from selfos.features.calendar.events import (
    CalendarEventCreated,
    CalendarEventDeleted,
    CalendarEventRestored,
    CalendarEventUpdated,
)
from selfos.features.habits.events import (
    CheckInUpdated,
    HabitChecked,
    HabitCreated,
    HabitDeleted,
    HabitRestored,
    HabitSkipped,
    HabitUpdated,
)
from selfos.features.history.events import ChangesetUndone
from selfos.features.identity.events import ZoneChanged
from selfos.features.notes.events import CommentMentioned
from selfos.features.notifications import service as notifications
from selfos.features.planning.events import (
    GoalCompleted,
    GoalDeleted,
    GoalReopened,
    GoalRestored,
    GoalUpdated,
    SeriesStarted,
    SeriesUpdated,
    TaskCancelled,
    TaskCompleted,
    TaskDeleted,
    TaskReopened,
    TaskRepeated,
    TaskRestored,
    TaskSkipped,
    TaskUpdated,
)
from selfos.features.progress.events import ReportReady
from selfos.kernel.context import Context
from selfos.kernel.events import Handler
from selfos.kernel.jobs import Job, Schedule, Watch

# What a reminder could move with; words and places are not.
DATES = frozenset({"due", "start", "deadline", "series_id", "state", "archived_at"})
GOAL_DATES = frozenset({"target_date", "start_date", "status", "archived_at"})
WORDS = frozenset({"title", "description", "location", "transparency"})
LOOK_SECONDS = 1.0
TASKS = (
    *(TaskCompleted, TaskReopened, TaskCancelled, TaskSkipped),
    *(TaskRepeated, TaskDeleted, TaskRestored),
)
GOALS = (GoalCompleted, GoalReopened, GoalDeleted, GoalRestored)
HABITS = (HabitCreated, HabitUpdated, HabitDeleted, HabitRestored)
EVENTS = (CalendarEventCreated, CalendarEventDeleted, CalendarEventRestored)
CHECKED = (HabitChecked, CheckInUpdated, HabitSkipped)


async def task_happened(ctx: Context, event: TaskCompleted) -> None:
    """Follow a task."""
    await notifications.follow_task(ctx, event.task_id)


async def task_updated(ctx: Context, event: TaskUpdated) -> None:
    """Follow a task whose dates are others now."""
    if DATES.intersection(event.fields):
        await notifications.follow_task(ctx, event.task_id)


async def series_happened(ctx: Context, event: SeriesStarted | SeriesUpdated) -> None:
    """Follow the occurrence by which a series was started or changed."""
    if event.task_id is not None:
        await notifications.follow_task(ctx, event.task_id)


async def goal_happened(ctx: Context, event: GoalCompleted) -> None:
    """Follow a goal."""
    await notifications.follow_goal(ctx, event.goal_id)


async def goal_updated(ctx: Context, event: GoalUpdated) -> None:
    """Follow a goal whose dates are others now."""
    if GOAL_DATES.intersection(event.fields):
        await notifications.follow_goal(ctx, event.goal_id)


async def event_happened(ctx: Context, event: CalendarEventCreated) -> None:
    """Follow an event of a calendar."""
    await notifications.follow_event(ctx, event.calendar_event_id)


async def event_updated(ctx: Context, event: CalendarEventUpdated) -> None:
    """Follow an event that takes place at other times now."""
    if not WORDS.issuperset(event.fields):
        await notifications.follow_event(ctx, event.calendar_event_id)


async def habit_happened(ctx: Context, event: HabitCreated) -> None:
    """Follow the times of a habit."""
    await notifications.follow_habit(ctx, event.habit_id)


async def habit_checked(ctx: Context, event: HabitChecked) -> None:
    """Say no more of a habit that has been kept."""
    await notifications.follow_check_in(ctx, event.habit_id)


async def undone(ctx: Context, event: ChangesetUndone) -> None:
    """Follow what was taken back."""
    await notifications.follow_undo(ctx, event.changeset_id)


async def report_ready(ctx: Context, event: ReportReady) -> None:
    """Tell of a report that is there."""
    await notifications.follow_report(ctx, event.user_id, event.kind, event.report_id)


async def mentioned(ctx: Context, event: CommentMentioned) -> None:
    """Tell somebody whom a comment calls."""
    await notifications.follow_mention(ctx, event.comment_id, event.user_id)


async def zone_changed(ctx: Context, event: ZoneChanged) -> None:
    """Follow somebody to another time zone."""
    await notifications.follow_zone(ctx, event.user_id)


HANDLERS = [
    *(Handler(f"notifications.{event.type}", event, task_happened) for event in TASKS),
    Handler("notifications.task.updated", TaskUpdated, task_updated),
    Handler("notifications.series.started", SeriesStarted, series_happened),
    Handler("notifications.series.updated", SeriesUpdated, series_happened),
    *(Handler(f"notifications.{event.type}", event, goal_happened) for event in GOALS),
    Handler("notifications.goal.updated", GoalUpdated, goal_updated),
    *(Handler(f"notifications.{event.type}", event, event_happened) for event in EVENTS),
    Handler("notifications.calendar_event.updated", CalendarEventUpdated, event_updated),
    *(Handler(f"notifications.{event.type}", event, habit_happened) for event in HABITS),
    *(Handler(f"notifications.{event.type}", event, habit_checked) for event in CHECKED),
    Handler("notifications.undone", ChangesetUndone, undone),
    Handler("notifications.report.ready", ReportReady, report_ready),
    Handler("notifications.comment.mentioned", CommentMentioned, mentioned),
    Handler("notifications.zone_changed", ZoneChanged, zone_changed),
]
JOBS = [
    Job(notifications.DELIVER_JOB, notifications.deliver),
    Job(notifications.DIGEST_JOB, notifications.tell_digest),
]
SCHEDULES = [Schedule("notifications.tidy", "47 3 * * *", notifications.tidy)]
WATCHES = [Watch("notifications.ring", LOOK_SECONDS, notifications.ring)]
