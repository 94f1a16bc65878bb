"""A workspace's own words over HTTP, for those who manage it."""

from __future__ import annotations

from selfos.features.notifications import service as notifications
from selfos.features.notifications.schemas.templates import (
    Language,
    NotificationTemplateInput,
    NotificationTemplateList,
    NotificationTemplateVersionList,
    NotificationTemplateView,
    SaidView,
)
from selfos.features.notifications.schemas.words import NotificationKind
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Ctx, Router, allow

router = Router(prefix="/notifications/templates", tags=["notifications"])
MANAGE = allow(Permission.WORKSPACE_MANAGE)


@router.get("", response_model=NotificationTemplateList, **MANAGE)
async def list_notification_templates(ctx: Ctx) -> NotificationTemplateList:
    """List what this workspace says, for each kind and language, and what it can speak of."""
    return await notifications.list_templates(ctx)


@router.put("/{kind}/{language}", response_model=NotificationTemplateView, **MANAGE)
async def update_notification_template(
    ctx: Ctx, kind: NotificationKind, language: Language, body: NotificationTemplateInput
) -> NotificationTemplateView:
    """Say it in words of the workspace's own from now on."""
    return await notifications.update_template(ctx, kind, language, body)


@router.delete("/{kind}/{language}", response_model=NotificationTemplateView, **MANAGE)
async def reset_notification_template(
    ctx: Ctx, kind: NotificationKind, language: Language
) -> NotificationTemplateView:
    """Say it in the built-in words again."""
    return await notifications.reset_template(ctx, kind, language)


@router.post("/{kind}/{language}/preview", response_model=SaidView, **MANAGE)
async def preview_notification_template(
    ctx: Ctx, kind: NotificationKind, language: Language, body: NotificationTemplateInput
) -> SaidView:
    """Show what words would say of invented things."""
    return await notifications.preview_template(ctx, kind, language, body)


@router.get("/{kind}/{language}/versions", response_model=NotificationTemplateVersionList, **MANAGE)
async def list_notification_template_versions(
    ctx: Ctx, kind: NotificationKind, language: Language
) -> NotificationTemplateVersionList:
    """List what this workspace has said so far."""
    return await notifications.list_template_versions(ctx, kind, language)
