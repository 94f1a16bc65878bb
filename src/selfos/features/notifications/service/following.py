"""What is told follows what happens: handlers of others' events, each from how things stand."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sqlalchemy import or_, select, update

from selfos.features.calendar import service as calendar
from selfos.features.notes import service as notes
from selfos.features.notifications.models import Alarm, Delivery, Notification, Reminder
from selfos.features.notifications.schemas.words import (
    OPEN,
    AlarmState,
    DeliveryStatus,
    NotificationKind,
    NotificationSubject,
    RemindedOf,
)
from selfos.features.notifications.service.appointments import arm_reminders, rearm_event
from selfos.features.notifications.service.arming import (
    disarm,
    rearm_habits,
    rearm_thing,
)
from selfos.features.notifications.service.telling import News, tell
from selfos.features.notifications.service.timing import follow_times, wait_with_report
from selfos.features.planning import service as planning
from selfos.kernel.context import Context
from selfos.kernel.database import SYSTEM
from selfos.kernel.ledger.models import Change

OF_REPORTS = {
    "week": NotificationKind.WEEKLY_REPORT,
    "month": NotificationKind.MONTHLY_REPORT,
    "year": NotificationKind.YEARLY_REPORT,
}
# How much of a comment its notification says.
LONGEST_SAID = 300
TIMED_HABITS = (NotificationKind.HABIT_REMINDER, NotificationKind.HABIT_WINDOW)


async def follow_task(ctx: Context, task_id: UUID) -> None:
    """Let the reminders of a task move with it, or fall silent once it no longer waits."""
    await see_everybody(ctx)
    plan = (await planning.dated_tasks(ctx, [(ctx.workspace_id, task_id)])).get(
        (ctx.workspace_id, task_id)
    )
    await rearm_thing(ctx, RemindedOf.TASK, task_id, plan)
    if plan is None or not plan.waits:
        await settle(ctx, task_id)


async def follow_goal(ctx: Context, goal_id: UUID) -> None:
    """Let the reminders of a goal move with it, or fall silent once it no longer runs."""
    await see_everybody(ctx)
    plan = (await planning.dated_goals(ctx, [(ctx.workspace_id, goal_id)])).get(
        (ctx.workspace_id, goal_id)
    )
    await rearm_thing(ctx, RemindedOf.GOAL, goal_id, plan)
    if plan is None or not plan.waits:
        await settle(ctx, goal_id)


async def follow_event(ctx: Context, event_id: UUID) -> None:
    """Let the reminders of an event move with it, or fall silent once it takes place no more."""
    await see_everybody(ctx)
    if not await rearm_event(ctx, event_id):
        await settle(ctx, event_id)


async def follow_habit(ctx: Context, habit_id: UUID) -> None:
    """Let a habit remind at the times it has now."""
    await see_everybody(ctx)
    await rearm_habits(ctx, [habit_id])


async def follow_undo(ctx: Context, changeset_id: UUID) -> None:
    """Bring up to date what is reminded of everything that a changeset had touched."""
    await see_everybody(ctx)
    found = await ctx.session.execute(
        select(Change.entity, Change.entity_id)
        .where(Change.workspace_id == ctx.workspace_id, Change.changeset_id == changeset_id)
        .distinct()
    )
    touched: dict[str, list[UUID]] = {}
    for entity, entity_id in found:
        touched.setdefault(entity, []).append(entity_id)
    for task_id in touched.get("task", ()):
        await follow_task(ctx, task_id)
    for goal_id in touched.get("goal", ()):
        await follow_goal(ctx, goal_id)
    if touched.get("calendar_event"):
        for event_id in await calendar.touched_events(ctx, changeset_id):
            await follow_event(ctx, event_id)
    if habits := touched.get("habit"):
        await rearm_habits(ctx, habits)
    if reminders := touched.get("reminder"):
        await follow_reminders(ctx, reminders)


async def follow_reminders(ctx: Context, reminder_ids: list[UUID]) -> None:
    """Set anew the alarms of reminders that were taken back or brought back."""
    await disarm(ctx, Alarm.reminder_id.in_(reminder_ids))
    there = await ctx.session.scalars(
        select(Reminder).where(
            Reminder.workspace_id == ctx.workspace_id, Reminder.id.in_(reminder_ids)
        )
    )
    await arm_reminders(ctx, list(there))


async def follow_report(ctx: Context, user_id: UUID, kind: str, report_id: UUID) -> None:
    """Tell of a report when its person wants to hear of it."""
    await see_everybody(ctx)
    await wait_with_report(ctx, user_id, OF_REPORTS[kind], report_id)


async def follow_mention(ctx: Context, comment_id: UUID, user_id: UUID) -> None:
    """Tell a member that a comment calls them."""
    call = await notes.call_of(ctx, comment_id)
    if call is None:
        return
    await see_everybody(ctx)
    said = " ".join(call.body.split())
    news = News(
        place=(ctx.workspace_id, user_id),
        kind=NotificationKind.MENTION,
        key=f"mention:{comment_id}",
        planned_at=ctx.now,
        values={"author": call.author, "title": call.title, "body": _shortened(said)},
        subject=NotificationSubject(call.noun),
        subject_id=call.thing_id,
    )
    await tell(ctx, [news])


def _shortened(text: str) -> str:
    """Return the beginning of what was said."""
    return text if len(text) <= LONGEST_SAID else f"{text[: LONGEST_SAID - 1]}…"


async def follow_zone(ctx: Context, user_id: UUID) -> None:
    """Let everything that floats come by the clocks of where somebody is now."""
    await see_everybody(ctx)
    await follow_times(ctx, user_id)
    found = list(await ctx.session.scalars(select(Reminder).where(Reminder.user_id == user_id)))
    for home in {reminder.workspace_id for reminder in found}:
        here = [reminder for reminder in found if reminder.workspace_id == home]
        await arm_reminders(replace(ctx, workspace_id=home), here)
    homes = await ctx.session.execute(
        select(Alarm.workspace_id, Alarm.subject_id).where(
            Alarm.user_id == user_id,
            Alarm.state == AlarmState.PENDING,
            Alarm.kind.in_(TIMED_HABITS),
        )
    )
    by_home: dict[UUID, set[UUID]] = {}
    for workspace_id, habit_id in homes:
        if habit_id is not None:
            by_home.setdefault(workspace_id, set()).add(habit_id)
    for workspace_id, habit_ids in by_home.items():
        await rearm_habits(replace(ctx, workspace_id=workspace_id), habit_ids)


async def follow_check_in(ctx: Context, habit_id: UUID) -> None:
    """Read off what was said of a habit that has been kept since."""
    await see_everybody(ctx)
    await settle(ctx, habit_id)


async def settle(ctx: Context, subject_id: UUID) -> None:
    """Read off what is still unread about something that is done, and send no more of it.

    What somebody said of it stays said.
    """
    about = (
        Notification.workspace_id == ctx.workspace_id,
        Notification.subject_id == subject_id,
        Notification.kind != NotificationKind.MENTION,
    )
    await disarm(ctx, Alarm.subject_id == subject_id, Alarm.notification_id.is_not(None))
    await ctx.session.execute(
        update(Delivery)
        .where(
            Delivery.workspace_id == ctx.workspace_id,
            Delivery.notification_id.in_(select(Notification.id).where(*about)),
            Delivery.status.in_(OPEN - {DeliveryStatus.SENDING}),
        )
        .values(status=DeliveryStatus.CANCELLED, reason="settled")
        .execution_options(synchronize_session=False)
    )
    read = await ctx.session.scalars(
        update(Notification)
        .where(
            *about,
            or_(Notification.read_at.is_(None), Notification.snoozed_until.is_not(None)),
        )
        .values(read_at=ctx.now, snoozed_until=None)
        .returning(Notification.user_id)
        .execution_options(synchronize_session=False)
    )
    for user_id in read:
        ctx.tell(user_id)


async def see_everybody(ctx: Context) -> None:
    """See the rows of all people, still writing in this workspace alone."""
    await ctx.transaction.flush()
    await ctx.transaction.enter(SYSTEM, changeset_id=ctx.draft.id, workspace_id=ctx.workspace_id)
