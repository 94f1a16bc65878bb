"""What has to be looked up before a question leaves: rights, privacy, limits, names to hide."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from selfos.features.ai.models import AiLimits
from selfos.features.ai.orchestration.hiding import Hider
from selfos.features.ai.schemas.generation import GenerationRequest, Meter, Output, Prepared
from selfos.features.ai.schemas.words import Dial, Reason
from selfos.features.ai.service.privacy import Privacy, privacy_of
from selfos.features.identity import service as identity
from selfos.features.workspaces import service as workspaces
from selfos.kernel.context import Context
from selfos.kernel.identifiers import new_id
from selfos.kernel.model_settings import AiBudgets
from selfos.kernel.permissions import Permission


async def prepare(ctx: Context, request: GenerationRequest[Output]) -> Prepared[Output]:
    """Look up what a request may do: whose money, how private its words are. Writes nothing."""
    ctx.require(Permission.AI_USE)
    privacy = await privacy_of(ctx, request.area_ids)
    dial, reason = privacy.dial, None
    if not await identity.wants_ai(ctx):
        dial, reason = Dial.RULES_ONLY, Reason.SWITCHED_OFF
    hider = await _hider(ctx, request, privacy) if dial is not Dial.RULES_ONLY else None
    return Prepared(
        request=_hidden(request, hider) if hider else request,
        generation_id=new_id(),
        workspace_id=ctx.workspace_id,
        user_id=ctx.user_id,
        dial=dial,
        reason=reason,
        meters=await meters_of(ctx),
        hidden=hider.stands_for if hider else {},
    )


async def meters_of(ctx: Context) -> tuple[Meter, ...]:
    """Return the meters a call runs on, with the workspace's own limits."""
    time = await identity.user_time(ctx)
    today = time.today(ctx.now)
    limits = await ctx.session.scalar(select(AiLimits))
    month = f"{ctx.now:%Y-%m}"
    return (
        Meter(f"instance:{month}", None),
        Meter(f"user:{ctx.user_id}:{today:%Y-%m}", limits and limits.user_month_micros),
        Meter(f"user:{ctx.user_id}:{today}", limits and limits.user_day_micros),
        Meter(f"workspace:{ctx.workspace_id}:{month}", limits and limits.workspace_month_micros),
    )


def within(budgets: AiBudgets, meters: tuple[Meter, ...]) -> tuple[Meter, ...]:
    """Return the meters with the lower of the workspace's and the operator's limit."""
    operators = (
        budgets.instance_month_micros,
        budgets.user_month_micros,
        budgets.user_day_micros,
        budgets.workspace_month_micros,
    )
    return tuple(
        replace(meter, limit_micros=lower(meter.limit_micros, limit))
        for meter, limit in zip(meters, operators, strict=True)
    )


def lower(one: int | None, other: int | None) -> int | None:
    """Return the lower of two limits; None is no limit."""
    known = [limit for limit in (one, other) if limit is not None]
    return min(known, default=None)


async def _hider(
    ctx: Context, request: GenerationRequest[Output], privacy: Privacy
) -> Hider | None:
    if not (privacy.hide_names or privacy.hide_numbers):
        return None
    names: set[str] = set()
    if privacy.hide_names:
        names = {*request.names, *(await workspaces.member_names(ctx)).values()}
    return Hider(names, numbers=privacy.hide_numbers)


def _hidden(request: GenerationRequest[Output], hider: Hider) -> GenerationRequest[Output]:
    """Hide in everything that leaves. What a tool was called with came from the model."""
    messages = tuple(
        replace(message, text=hider.hide(message.text)) for message in request.messages
    )
    return replace(request, messages=messages)
