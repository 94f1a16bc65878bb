"""Assistant profiles and the welcome over HTTP: a person's own, whatever the workspace."""

from __future__ import annotations

from uuid import UUID

from fastapi import Response

from selfos.features.assistant import service as assistant
from selfos.features.assistant.schemas.onboarding import OnboardingUpdate, OnboardingView
from selfos.features.assistant.schemas.profiles import (
    AssistantProfileCreate,
    AssistantProfileList,
    AssistantProfileOptions,
    AssistantProfilePreview,
    AssistantProfilePreviewAsked,
    AssistantProfileUpdate,
    AssistantProfileView,
)
from selfos.kernel.routing import Access, Ctx, Router, allow, as_json, nothing, shown

MINE = allow(Access.SELF)
router = Router(tags=["assistant"])


@router.get("/assistant-profiles", response_model=AssistantProfileList, **MINE)
async def list_assistant_profiles(ctx: Ctx) -> Response:
    """List my assistant profiles."""
    return as_json(await assistant.list_profiles(ctx))


@router.post("/assistant-profiles", status_code=201, response_model=AssistantProfileView, **MINE)
async def create_assistant_profile(ctx: Ctx, body: AssistantProfileCreate) -> Response:
    """Make a profile; at most five, and the first is the default."""
    made = await assistant.create_profile(ctx, body)
    return shown(await assistant.PROFILES.one(ctx, made.id), 201)


@router.get("/assistant-profiles/options", response_model=AssistantProfileOptions, **MINE)
async def get_assistant_profile_options(ctx: Ctx) -> AssistantProfileOptions:
    """Show what a profile can be made of."""
    return await assistant.profile_options(ctx)


@router.post("/assistant-profiles/preview", response_model=AssistantProfilePreview, **MINE)
async def preview_assistant_profile(body: AssistantProfilePreviewAsked) -> AssistantProfilePreview:
    """Show how such a profile would sound; nothing is kept."""
    return assistant.preview_profile(body)


@router.get("/assistant-profiles/{profile_id}", response_model=AssistantProfileView, **MINE)
async def get_assistant_profile(ctx: Ctx, profile_id: UUID) -> Response:
    """Show one of my profiles."""
    return shown(await assistant.PROFILES.one(ctx, profile_id))


@router.patch("/assistant-profiles/{profile_id}", response_model=AssistantProfileView, **MINE)
async def update_assistant_profile(
    ctx: Ctx, profile_id: UUID, body: AssistantProfileUpdate
) -> Response:
    """Change a profile."""
    await assistant.update_profile(ctx, profile_id, body)
    return shown(await assistant.PROFILES.one(ctx, profile_id))


@router.delete("/assistant-profiles/{profile_id}", status_code=204, **MINE)
async def delete_assistant_profile(ctx: Ctx, profile_id: UUID) -> Response:
    """Delete a profile; its conversations go on with the default one."""
    await assistant.delete_profile(ctx, profile_id)
    return nothing()


@router.post(
    "/assistant-profiles/{profile_id}/default", response_model=AssistantProfileView, **MINE
)
async def make_assistant_profile_default(ctx: Ctx, profile_id: UUID) -> Response:
    """Let this profile answer where no other is chosen."""
    await assistant.make_default(ctx, profile_id)
    return shown(await assistant.PROFILES.one(ctx, profile_id))


@router.get("/onboarding", response_model=OnboardingView, **MINE)
async def get_onboarding(ctx: Ctx) -> OnboardingView:
    """Show where I am in the welcome."""
    return await assistant.get_onboarding(ctx)


@router.patch("/onboarding", response_model=OnboardingView, **MINE)
async def update_onboarding(ctx: Ctx, body: OnboardingUpdate) -> OnboardingView:
    """Go to a step of the welcome; `done` completes it."""
    return await assistant.update_onboarding(ctx, body)


@router.post("/onboarding/skip", response_model=OnboardingView, **MINE)
async def skip_onboarding(ctx: Ctx) -> OnboardingView:
    """Leave the welcome; it can be gone on with later."""
    return await assistant.skip_onboarding(ctx)


@router.post("/onboarding/reset", response_model=OnboardingView, **MINE)
async def reset_onboarding(ctx: Ctx) -> OnboardingView:
    """Begin the welcome anew; nothing made in it is undone."""
    return await assistant.reset_onboarding(ctx)
