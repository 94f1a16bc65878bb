"""Moderation over HTTP: look at a text, and keep the workspace's list of words."""

from __future__ import annotations

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from selfos.features.moderation import service
from selfos.features.moderation.schemas import (
    ListedWordCreate,
    ListedWordPage,
    ListedWordQuery,
    ListedWordView,
    Moderation,
    TextCheck,
)
from selfos.kernel.context import Context
from selfos.kernel.core import Kernel
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import (
    Core,
    Ctx,
    Router,
    Thinking,
    Thought,
    after_thought,
    allow,
    as_json,
    body_to_think_about,
    nothing,
    shown,
)

router = Router(prefix="/moderation", tags=["moderation"])


async def think_about_text(ctx: Context, request: Request) -> Thinking | None:
    """Have a model look beside the rules, if one may; a wrong body is refused later."""
    kernel: Kernel = request.app.state.kernel
    body = await body_to_think_about(request, TextCheck)
    if body is None or not service.may_look_closer(ctx, kernel):
        return None
    look = await service.prepare_look(ctx, kernel, body.text, body.where)
    return partial(service.look_closer, kernel, look)


@router.post("/check", response_model=Moderation, **allow(Permission.WORKSPACE_READ))
@after_thought(think_about_text)
async def check_text(ctx: Ctx, kernel: Core, thought: Thought, body: TextCheck) -> Moderation:
    """Look at a text before it is published, by rules and a model beside them; nothing is kept."""
    return thought or await service.moderate(ctx, kernel, body.text, body.where)


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
