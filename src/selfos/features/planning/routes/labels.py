"""Labels over HTTP."""

from __future__ import annotations

from uuid import UUID

from fastapi import Response

from selfos.features.planning import service
from selfos.features.planning.schemas.inputs import LabelCreate, LabelUpdate
from selfos.features.planning.schemas.views import LabelList, LabelView
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Ctx, Router, allow, as_json, nothing, shown

READ, WRITE = allow(Permission.LABEL_READ), allow(Permission.LABEL_WRITE)
router = Router(prefix="/labels", tags=["labels"])


@router.get("", response_model=LabelList, **READ)
async def list_labels(ctx: Ctx) -> Response:
    return as_json(await service.list_labels(ctx))


@router.post("", status_code=201, response_model=LabelView, **WRITE)
async def create_label(ctx: Ctx, body: LabelCreate) -> Response:
    label = await service.create_label(ctx, body)
    return shown(await service.LABELS.one(ctx, label.id), 201)


@router.patch("/{label_id}", response_model=LabelView, **WRITE)
async def update_label(ctx: Ctx, label_id: UUID, body: LabelUpdate) -> Response:
    await service.update_label(ctx, label_id, body)
    return shown(await service.LABELS.one(ctx, label_id))


@router.delete("/{label_id}", status_code=204, **WRITE)
async def delete_label(ctx: Ctx, label_id: UUID) -> Response:
    await service.delete_label(ctx, label_id)
    return nothing()
