"""Stories over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from selfos.features.stories import service as stories
from selfos.features.stories.schemas import (
    StoryGenerate,
    StoryPage,
    StoryQuery,
    StoryUpdate,
    StoryView,
)
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Ctx, Router, allow, as_json, nothing, shown

router = Router(prefix="/stories", tags=["stories"])


@router.get("", response_model=StoryPage, **allow(Permission.STORY_READ))
async def list_stories(ctx: Ctx, query: Annotated[StoryQuery, Query()]) -> Response:
    """List stories, the latest period first."""
    return as_json(await stories.list_stories(ctx, query))


@router.post(
    "/generate", status_code=201, response_model=StoryView, **allow(Permission.STORY_WRITE)
)
async def generate_story(ctx: Ctx, body: StoryGenerate) -> Response:
    """Tell what I did: this week so far, a period, or the way to a goal."""
    story = await stories.generate_story_content(ctx, body)
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
async def regenerate_story(ctx: Ctx, story_id: UUID) -> Response:
    """Tell a story again in other words."""
    await stories.regenerate_story(ctx, story_id)
    return shown(await stories.get_story(ctx, story_id))


@router.delete("/{story_id}", status_code=204, **allow(Permission.STORY_WRITE))
async def delete_story(ctx: Ctx, story_id: UUID) -> Response:
    """Throw a story away; undo brings it back."""
    await stories.delete_story(ctx, story_id)
    return nothing()
