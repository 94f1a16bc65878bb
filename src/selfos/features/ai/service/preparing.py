"""What has to be looked up before a question leaves: rights, privacy, limits, names to hide."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Uuid, any_, bindparam, func, or_, select

from selfos.features.ai.models import AiDial, AiLimits
from selfos.features.ai.orchestration.hiding import Hider
from selfos.features.ai.schemas.generation import GenerationRequest, Meter, Output, Prepared
from selfos.features.ai.schemas.words import Dial, Reason
from selfos.features.ai.service.privacy import STRICTNESS
from selfos.features.identity import service as identity
from selfos.features.workspaces import service as workspaces
from selfos.kernel.context import Context
from selfos.kernel.identifiers import new_id
from selfos.kernel.model_settings import AiBudgets
from selfos.kernel.permissions import Permission
from selfos.kernel.statements import fetch_rows, make_ready


@dataclass(frozen=True, slots=True)
class Standing:
    """All that is looked up for a question, in one statement."""

    dial: Dial
    reason: Reason | None
    hide_names: bool
    hide_numbers: bool
    hidden_names: frozenset[str]
    meters: tuple[Meter, ...]


_WORKSPACE = bindparam("workspace", type_=Uuid())
_USER = bindparam("user", type_=Uuid())
# Straight on the driver, so the workspace stands in its own words.
LOOK_UP = make_ready(
    select(
        identity.local_day_of(_USER, bindparam("now", type_=DateTime(timezone=True))),
        identity.wants_ai_of(_USER),
        select(
            func.json_agg(
                func.json_build_array(
                    AiDial.dial, AiDial.hide_names, AiDial.hide_numbers, AiDial.hidden_names
                )
            )
        )
        .where(
            AiDial.workspace_id == _WORKSPACE,
            or_(
                AiDial.area_id.is_(None),
                AiDial.area_id == any_(bindparam("areas", type_=ARRAY(Uuid()))),
            ),
        )
        .scalar_subquery(),
        select(
            func.json_build_array(
                AiLimits.user_month_micros,
                AiLimits.user_day_micros,
                AiLimits.workspace_month_micros,
            )
        )
        .where(AiLimits.workspace_id == _WORKSPACE)
        .scalar_subquery(),
    )
)


async def prepare(ctx: Context, request: GenerationRequest[Output]) -> Prepared[Output]:
    """Look up what a request may do: whose money, how private its words are. Writes nothing."""
    ctx.require(Permission.AI_USE)
    standing = await standing_of(ctx, request.area_ids)
    hider = None
    if standing.dial is not Dial.RULES_ONLY:
        hider = await _hider(ctx, standing)
    return Prepared(
        request=_hidden(request, hider) if hider else request,
        generation_id=new_id(),
        workspace_id=ctx.workspace_id,
        user_id=ctx.user_id,
        dial=standing.dial,
        reason=standing.reason,
        meters=standing.meters,
        hidden=hider.stands_for if hider else {},
    )


async def standing_of(ctx: Context, area_ids: Iterable[UUID]) -> Standing:
    """Return what holds for a question about these areas: the strictest dial, all limits."""
    values = {
        "workspace": ctx.workspace_id,
        "user": ctx.user_id,
        "now": ctx.now,
        "areas": list(area_ids),
    }
    ((today, enabled, dials, limits),) = await fetch_rows(ctx.transaction, LOOK_UP, values)
    turned: list[tuple[str, bool, bool, list[str]]] = dials or []
    dial = max((Dial(row[0]) for row in turned), key=STRICTNESS.__getitem__, default=Dial.ANY)
    off = enabled is False
    return Standing(
        dial=Dial.RULES_ONLY if off else dial,
        reason=Reason.SWITCHED_OFF if off else None,
        hide_names=any(row[1] for row in turned),
        hide_numbers=any(row[2] for row in turned),
        hidden_names=frozenset(name for row in turned for name in row[3]),
        meters=_meters(ctx, today, limits or (None, None, None)),
    )


def _meters(
    ctx: Context, today: date, limits: tuple[int | None, int | None, int | None]
) -> tuple[Meter, ...]:
    """Return the meters a call runs on, with the workspace's own limits."""
    user_month, user_day, workspace_month = limits
    month = f"{ctx.now:%Y-%m}"
    return (
        Meter(f"instance:{month}", None),
        Meter(f"user:{ctx.user_id}:{today:%Y-%m}", user_month),
        Meter(f"user:{ctx.user_id}:{today}", user_day),
        Meter(f"workspace:{ctx.workspace_id}:{month}", workspace_month),
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


async def _hider(ctx: Context, standing: Standing) -> Hider | None:
    if not (standing.hide_names or standing.hide_numbers):
        return None
    names: set[str] = set()
    if standing.hide_names:
        names = {*standing.hidden_names, *(await workspaces.member_names(ctx)).values()}
    return Hider(names, numbers=standing.hide_numbers)


def _hidden(request: GenerationRequest[Output], hider: Hider) -> GenerationRequest[Output]:
    """Hide in everything that leaves. What a tool was called with came from the model."""
    messages = tuple(
        replace(message, text=hider.hide(message.text)) for message in request.messages
    )
    wording = hider.hide(request.wording) if request.wording else None
    return replace(request, messages=messages, wording=wording)
