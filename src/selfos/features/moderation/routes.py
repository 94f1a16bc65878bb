"""Moderation over HTTP: look at a text, and keep the workspace's list of words."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from selfos.features.moderation import service
from selfos.features.moderation.schemas import (
    ListedWordCreate,
    ListedWordPage,
    ListedWordQuery,
    ListedWordView,
    Moderation,
    TextCheck,
)
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Core, Ctx, Router, allow, as_json, nothing, shown

router = Router(prefix="/moderation", tags=["moderation"])


@router.post("/check", response_model=Moderation, **allow(Permission.WORKSPACE_READ))
async def check_text(ctx: Ctx, kernel: Core, body: TextCheck) -> Moderation:
    """Look at a text by rules before it is published; nothing is kept."""
    return await service.moderate(ctx, kernel, body.text, body.where)


@router.get("/words", response_model=ListedWordPage, **allow(Permission.WORKSPACE_READ))
async def list_listed_words(ctx: Ctx, query: Annotated[ListedWordQuery, Query()]) -> Response:
    """List the words this workspace does not want in what it shares."""
    return as_json(await service.list_words(ctx, query))


@router.post(
    "/words",
    status_code=201,
    response_model=ListedWordView,
    **allow(Permission.WORKSPACE_MANAGE),
)
async def create_listed_word(ctx: Ctx, body: ListedWordCreate) -> Response:
    """Put a word on the list."""
    word = await service.create_word(ctx, body)
    return shown(await service.WORDS.one(ctx, word.id), 201)


@router.delete("/words/{word_id}", status_code=204, **allow(Permission.WORKSPACE_MANAGE))
async def delete_listed_word(ctx: Ctx, word_id: UUID) -> Response:
    """Take a word off the list."""
    await service.delete_word(ctx, word_id)
    return nothing()
