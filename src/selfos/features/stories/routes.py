"""Stories over HTTP."""

from __future__ import annotations

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from selfos.features.ai import service as ai
from selfos.features.stories import service as stories
from selfos.features.stories.schemas import (
    StoryGenerate,
    StoryPage,
    StoryQuery,
    StoryUpdate,
    StoryView,
)
from selfos.kernel.context import Context
from selfos.kernel.core import Kernel
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import (
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

router = Router(prefix="/stories", tags=["stories"])


async def think_about_new_story(ctx: Context, request: Request) -> Thinking | None:
    """Have a model write the story of this request, if one may; a wrong body is refused later."""
    kernel: Kernel = request.app.state.kernel
    if not ai.could_ask(ctx, kernel):
        return None
    body = await body_to_think_about(request, StoryGenerate)
    if body is None:
        return None
    commission = await stories.commission_story(ctx, body)
    return partial(stories.write, kernel, commission) if commission else None


async def think_about_other_words(ctx: Context, request: Request) -> Thinking | None:
    """Have a model write the story of this address again, if one may."""
    kernel: Kernel = request.app.state.kernel
    if not ai.could_ask(ctx, kernel):
        return None
    try:
        story_id = UUID(request.path_params["story_id"])
    except ValueError:
        return None
    commission = await stories.commission_other_words(ctx, story_id)
    return partial(stories.write, kernel, commission) if commission else None


@router.get("", response_model=StoryPage, **allow(Permission.STORY_READ))
async def list_stories(ctx: Ctx, query: Annotated[StoryQuery, Query()]) -> Response:
    """List stories, the latest period first."""
    return as_json(await stories.list_stories(ctx, query))


@router.post(
    "/generate", status_code=201, response_model=StoryView, **allow(Permission.STORY_WRITE)
)
@after_thought(think_about_new_story)
async def generate_story(ctx: Ctx, thought: Thought, body: StoryGenerate) -> Response:
    """Tell what I did: this week so far, a period, or the way to a goal."""
    story = await stories.generate_story_content(ctx, body, thought)
    return shown(await stories.get_story(ctx, story.id), 201)


@router.get("/{story_id}", response_model=StoryView, **allow(Permission.STORY_READ))
async def get_story(ctx: Ctx, story_id: UUID) -> Response:
    """Show one story with the events that prove each sentence."""
    return shown(await stories.get_story(ctx, story_id))


@router.patch("/{story_id}", response_model=StoryView, **allow(Permission.STORY_WRITE))
async def update_story(ctx: Ctx, story_id: UUID, body: StoryUpdate) -> Response:
    """Give a story a title of one's own, or rate it."""
    await stories.update_story(ctx, story_id, body)
    return shown(await stories.get_story(ctx, story_id))


@router.post("/{story_id}/regenerate", response_model=StoryView, **allow(Permission.STORY_WRITE))
@after_thought(think_about_other_words)
async def regenerate_story(ctx: Ctx, thought: Thought, story_id: UUID) -> Response:
    """Tell a story again in other words."""
    await stories.regenerate_story(ctx, story_id, thought)
    return shown(await stories.get_story(ctx, story_id))


@router.delete("/{story_id}", status_code=204, **allow(Permission.STORY_WRITE))
async def delete_story(ctx: Ctx, story_id: UUID) -> Response:
    """Throw a story away; undo brings it back."""
    await stories.delete_story(ctx, story_id)
    return nothing()
