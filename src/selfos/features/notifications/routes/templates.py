"""A workspace's own words over HTTP, for those who manage it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from fastapi.responses import HTMLResponse

from selfos.features.notifications import service as notifications
from selfos.features.notifications.schemas.templates import (
    Language,
    NotificationPreviewView,
    NotificationTemplateInput,
    NotificationTemplateList,
    NotificationTemplateVersionList,
    NotificationTemplateView,
)
from selfos.features.notifications.schemas.words import NotificationKind
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Access, Core, Ctx, Router, allow

router = Router(prefix="/notifications/templates", tags=["notifications"])
MANAGE = allow(Permission.WORKSPACE_MANAGE)
LONGEST_TOKEN = 30_000
# A mail has its styles in it and nothing else; only our own pages may show it, in a frame.
IN_A_FRAME = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
    )
}


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


@router.post("/{kind}/{language}/preview", response_model=NotificationPreviewView, **MANAGE)
async def preview_notification_template(
    ctx: Ctx,
    kind: NotificationKind,
    language: Language,
    body: NotificationTemplateInput,
    core: Core,
) -> NotificationPreviewView:
    """Show what words would say of invented things, and where that is shown as a mail."""
    return await notifications.preview_template(ctx, core, kind, language, body)


@router.get("/mail", response_class=HTMLResponse, **allow(Access.SELF))
async def show_notification_mail(
    ctx: Ctx,
    core: Core,
    token: Annotated[str, Query(max_length=LONGEST_TOKEN)],
    scheme: Annotated[notifications.Scheme, Query()] = notifications.Scheme.LIGHT,
) -> HTMLResponse:
    """Show words as a mail, by the address that a preview has given to me."""
    return HTMLResponse(notifications.show_preview(ctx, core, token, scheme), headers=IN_A_FRAME)


@router.get("/{kind}/{language}/versions", response_model=NotificationTemplateVersionList, **MANAGE)
async def list_notification_template_versions(
    ctx: Ctx, kind: NotificationKind, language: Language
) -> NotificationTemplateVersionList:
    """List what this workspace has said so far."""
    return await notifications.list_template_versions(ctx, kind, language)
