"""The welcome in six steps: kept by the server, gone on with on any device, skipped, begun anew."""

from __future__ import annotations

from selfos.features.assistant.models import Welcome
from selfos.features.assistant.schemas.onboarding import (
    OnboardingUpdate,
    OnboardingView,
    WelcomeStatus,
)
from selfos.features.assistant.schemas.words import WelcomeStep
from selfos.kernel import rows
from selfos.kernel.context import Context

FRESH = OnboardingView(
    status=WelcomeStatus.NOT_STARTED,
    step=WelcomeStep.WELCOME,
    steps=list(WelcomeStep),
    chosen={},
    skipped_at=None,
    completed_at=None,
)


async def get_onboarding(ctx: Context) -> OnboardingView:
    """Return where I am in the welcome."""
    welcome = await rows.find(ctx, Welcome, ctx.user_id)
    return FRESH if welcome is None else _shown(welcome)


async def update_onboarding(ctx: Context, change: OnboardingUpdate) -> OnboardingView:
    """Go to a step, forwards or back; whoever skipped and goes on has not skipped."""
    welcome = await _mine(ctx)
    welcome.step = change.step
    welcome.chosen = {**welcome.chosen, **change.chosen}
    welcome.skipped_at = None
    done = change.step is WelcomeStep.DONE
    welcome.completed_at = (welcome.completed_at or ctx.now) if done else None
    await ctx.transaction.flush()
    return _shown(welcome)


async def skip_onboarding(ctx: Context) -> OnboardingView:
    """Leave the welcome; the step stays, so it can be gone on with."""
    welcome = await _mine(ctx)
    if welcome.completed_at is None:
        welcome.skipped_at = ctx.now
    await ctx.transaction.flush()
    return _shown(welcome)


async def reset_onboarding(ctx: Context) -> OnboardingView:
    """Begin the welcome anew; nothing that was made in it is undone."""
    welcome = await _mine(ctx)
    welcome.step, welcome.chosen = WelcomeStep.WELCOME, {}
    welcome.skipped_at = welcome.completed_at = None
    await ctx.transaction.flush()
    return _shown(welcome)


async def _mine(ctx: Context) -> Welcome:
    welcome = await rows.find(ctx, Welcome, ctx.user_id)
    if welcome is None:
        welcome = Welcome(
            id=ctx.user_id,
            user_id=ctx.user_id,
            step=WelcomeStep.WELCOME,
            chosen={},
            skipped_at=None,
            completed_at=None,
        )
        ctx.session.add(welcome)
    return welcome


def _shown(welcome: Welcome) -> OnboardingView:
    status = WelcomeStatus.IN_PROGRESS
    if welcome.completed_at is not None:
        status = WelcomeStatus.COMPLETED
    elif welcome.skipped_at is not None:
        status = WelcomeStatus.SKIPPED
    return OnboardingView(
        status=status,
        step=welcome.step,
        steps=list(WelcomeStep),
        chosen=welcome.chosen,
        skipped_at=welcome.skipped_at,
        completed_at=welcome.completed_at,
    )
