"""Reminders over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from selfos.features.notifications import service as notifications
from selfos.features.notifications.schemas.reminders import (
    ReminderCreate,
    ReminderPage,
    ReminderQuery,
    ReminderUpdate,
    SetReminderView,
)
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Ctx, Router, allow, as_json, nothing, shown

router = Router(prefix="/reminders", tags=["notifications"])
READ, WRITE = allow(Permission.REMINDER_READ), allow(Permission.REMINDER_WRITE)


@router.get("", response_model=ReminderPage, **READ)
async def list_reminders(ctx: Ctx, query: Annotated[ReminderQuery, Query()]) -> Response:
    """List my reminders, or those of one task or goal."""
    return as_json(await notifications.list_reminders(ctx, query))


@router.post("", status_code=201, response_model=SetReminderView, **WRITE)
async def schedule_reminder(ctx: Ctx, body: ReminderCreate) -> Response:
    """Remind me of a task or a goal."""
    reminder = await notifications.schedule_reminder(ctx, body)
    return shown(await notifications.REMINDERS.one(ctx, reminder.id), 201)


@router.get("/{reminder_id}", response_model=SetReminderView, **READ)
async def get_reminder(ctx: Ctx, reminder_id: UUID) -> Response:
    """Show one reminder of mine."""
    return shown(await notifications.REMINDERS.one(ctx, reminder_id))


@router.patch("/{reminder_id}", response_model=SetReminderView, **WRITE)
async def update_reminder(ctx: Ctx, reminder_id: UUID, body: ReminderUpdate) -> Response:
    """Change when a reminder comes."""
    reminder = await notifications.update_reminder(ctx, reminder_id, body)
    return shown(await notifications.REMINDERS.one(ctx, reminder.id))


@router.delete("/{reminder_id}", status_code=204, **WRITE)
async def delete_reminder(ctx: Ctx, reminder_id: UUID) -> Response:
    """Take a reminder away."""
    await notifications.delete_reminder(ctx, reminder_id)
    return nothing()
