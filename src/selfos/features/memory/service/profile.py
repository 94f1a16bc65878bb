"""The profile somebody writes of themselves, and the switch that turns memory off."""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert

from selfos.features.memory.models import MemoryProfile
from selfos.features.memory.schemas import ProfileUpdate
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.documents import Document, Documents
from selfos.kernel.permissions import Permission

PROFILES = Documents(
    MemoryProfile,
    {name: getattr(MemoryProfile, name) for name in ("text", "enabled", "updated_at", "version")},
)


async def get_profile(ctx: Context) -> Document:
    """Return the acting person's profile here; a new one is empty, and memory is on."""
    ctx.require(Permission.MEMORY_READ)
    await _make_sure(ctx)
    return await PROFILES.one(ctx, ctx.user_id)


async def update_profile(ctx: Context, change: ProfileUpdate) -> Document:
    """Write the profile, or turn memory on or off; facts stay as they are."""
    ctx.require(Permission.MEMORY_WRITE)
    await _make_sure(ctx)
    profile = await rows.get(ctx, MemoryProfile, ctx.user_id, lock=True)
    ctx.expect(profile)
    for name, value in change.given().items():
        setattr(profile, name, value)
    await ctx.session.flush()
    return await PROFILES.one(ctx, ctx.user_id)


async def core_profile(ctx: Context) -> str:
    """Return the few words that always go along with a question; none when memory is off."""
    ctx.require(Permission.MEMORY_READ)
    profile = await rows.find(ctx, MemoryProfile, ctx.user_id)
    return profile.text if profile is not None and profile.enabled else ""


async def is_on(ctx: Context) -> bool:
    """Tell whether the acting person wants anything remembered or recalled here."""
    profile = await rows.find(ctx, MemoryProfile, ctx.user_id)
    return profile is None or profile.enabled


async def _make_sure(ctx: Context) -> None:
    await ctx.session.execute(
        insert(MemoryProfile)
        .values(
            workspace_id=ctx.workspace_id,
            id=ctx.user_id,
            user_id=ctx.user_id,
            text="",
            enabled=True,
        )
        .on_conflict_do_nothing()
    )
