"""Assistant profiles: at most five for a person, one of them the default."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select, update

from selfos.features.ai.schemas import Engine
from selfos.features.assistant.models import AssistantProfile, Conversation
from selfos.features.assistant.schemas.profiles import (
    AVATARS,
    MOST_PROFILES,
    AssistantProfileCreate,
    AssistantProfileOptions,
    AssistantProfilePreview,
    AssistantProfilePreviewAsked,
    AssistantProfileUpdate,
    LanguageOption,
)
from selfos.features.assistant.voice import LANGUAGES, TRAITS, Voice
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.documents import Documents, Json, assemble
from selfos.kernel.errors import Conflict
from selfos.kernel.identifiers import new_id
from selfos.kernel.turns import take_turn

SHOWN = (
    *("id", "name", "avatar", "language", "formality", "directness", "humor", "empathy"),
    *("motivation", "dialogue_temperature", "intent_temperature", "instructions", "is_default"),
    *("created_at", "updated_at", "version"),
)
PROFILES = Documents(AssistantProfile, {name: getattr(AssistantProfile, name) for name in SHOWN})


async def list_profiles(ctx: Context) -> Json:
    """Return my profiles in the order they were made."""
    items = await PROFILES.many(ctx, order_by=[AssistantProfile.id])
    return assemble({"items": items})


async def create_profile(ctx: Context, new: AssistantProfileCreate) -> AssistantProfile:
    """Make a profile; the first is the default."""
    known = await _count(ctx)
    if known >= MOST_PROFILES:
        raise Conflict(f"There are {MOST_PROFILES} profiles already; delete one first.")
    given = new.model_dump()
    profile = AssistantProfile(id=new_id(), user_id=ctx.user_id, is_default=known == 0, **given)
    ctx.session.add(profile)
    await ctx.transaction.flush()
    return profile


async def update_profile(
    ctx: Context, profile_id: UUID, change: AssistantProfileUpdate
) -> AssistantProfile:
    """Change the given fields."""
    profile = await _changeable(ctx, profile_id)
    for name, value in change.given().items():
        setattr(profile, name, value)
    await ctx.transaction.flush()
    return profile


async def delete_profile(ctx: Context, profile_id: UUID) -> None:
    """Delete a profile; the oldest other one becomes the default if it was."""
    profile = await _changeable(ctx, profile_id)
    await ctx.session.execute(
        update(Conversation).where(Conversation.profile_id == profile_id).values(profile_id=None)
    )
    was_default = profile.is_default
    await ctx.session.delete(profile)
    await ctx.transaction.flush()
    if was_default:
        oldest = select(AssistantProfile).order_by(AssistantProfile.id).limit(1)
        heir = await ctx.session.scalar(oldest)
        if heir is not None:
            heir.is_default = True
            await ctx.transaction.flush()


async def make_default(ctx: Context, profile_id: UUID) -> None:
    """Let this profile answer where no other is chosen."""
    profile = await _changeable(ctx, profile_id)
    if profile.is_default:
        return
    was = await ctx.session.scalar(select(AssistantProfile).where(AssistantProfile.is_default))
    if was is not None:
        was.is_default = False
        await ctx.transaction.flush()
    profile.is_default = True
    await ctx.transaction.flush()


async def profile_options(ctx: Context) -> AssistantProfileOptions:
    """Return what there is to choose from."""
    default = select(AssistantProfile.id).where(AssistantProfile.is_default)
    return AssistantProfileOptions(
        most=MOST_PROFILES,
        avatars=list(AVATARS),
        languages=[LanguageOption(code=code, name=name) for code, name in LANGUAGES.items()],
        traits=list(TRAITS),
        default_id=await ctx.session.scalar(default),
    )


def preview_profile(asked: AssistantProfilePreviewAsked) -> AssistantProfilePreview:
    """Return how such a profile would sound; by rules, so it follows the hand at once."""
    voice = Voice(**asked.model_dump())
    return AssistantProfilePreview(
        engine=Engine.RULES,
        greeting=voice.greeting(),
        nudge=voice.nudge(),
        praise=voice.praise(),
        style=voice.style(),
    )


async def voice_for(ctx: Context, profile_id: UUID | None) -> Voice:
    """Return who answers: this profile if it is still there, else the default one."""
    wanted = AssistantProfile.is_default
    if profile_id is not None:
        wanted = wanted | (AssistantProfile.id == profile_id)
    found = await ctx.session.scalars(
        select(AssistantProfile).where(wanted).order_by(AssistantProfile.is_default).limit(1)
    )
    profile = found.one_or_none()
    if profile is None:
        return Voice()
    return Voice(
        name=profile.name,
        language=profile.language,
        **{name: getattr(profile, name) for name in TRAITS},
        temperature=profile.dialogue_temperature,
        intent_temperature=profile.intent_temperature,
        instructions=profile.instructions,
        profile_id=profile.id,
    )


async def _count(ctx: Context) -> int:
    # Held against a second one at the same moment: one lock for each person.
    await take_turn(ctx, str(ctx.user_id))
    return await ctx.session.scalar(select(func.count(AssistantProfile.id))) or 0


async def _changeable(ctx: Context, profile_id: UUID) -> AssistantProfile:
    profile = await rows.get(ctx, AssistantProfile, profile_id, lock=True)
    ctx.expect(profile)
    return profile
