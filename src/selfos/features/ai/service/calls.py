"""The ledger of calls, as its people see it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, delete, func, select
from sqlalchemy import cast as as_type

from selfos.features.ai.models import AiCall, AiPrompt
from selfos.features.ai.schemas.accounts import (
    CallQuery,
    CallView,
    UsageGrouping,
    UsageQuery,
    UsageRow,
    UsageView,
)
from selfos.features.ai.schemas.words import Outcome
from selfos.features.ai.service.books import by_system, expire
from selfos.features.identity import service as identity
from selfos.kernel.context import Context
from selfos.kernel.core import Kernel
from selfos.kernel.documents import Documents, Json, Order, assemble
from selfos.kernel.permissions import Permission
from selfos.kernel.rows import missing

CALLS = Documents(
    AiCall,
    {name: getattr(AiCall, name) for name in CallView.model_fields},
    # A line never changes, so any number of it is its version.
    version=AiCall.number,
)
model_name = AiCall.provider + "/" + AiCall.model
WELL = (Outcome.OK, Outcome.CACHED)


async def list_calls(ctx: Context, query: CallQuery) -> Json:
    """Return my calls, newest first."""
    ctx.require(Permission.AI_READ)
    conditions: list[ColumnElement[bool]] = [AiCall.user_id == ctx.user_id]
    if query.task is not None:
        conditions.append(AiCall.task == query.task)
    if query.model is not None:
        conditions.append(model_name == query.model)
    if query.outcome is not None:
        conditions.append(AiCall.outcome == query.outcome)
    if query.generation_id is not None:
        conditions.append(AiCall.generation_id == query.generation_id)
    return await CALLS.page(ctx, query, *conditions, order=Order((AiCall.at,), descending=True))


async def get_call(ctx: Context, call_id: UUID) -> Json:
    """Return one of my calls with its prompt, as long as that is kept."""
    ctx.require(Permission.AI_READ)
    mine = AiCall.id == call_id, AiCall.user_id == ctx.user_id
    found = await CALLS.many(ctx, *mine)
    if not found:
        raise missing("call")
    prompt = await ctx.session.scalar(
        select(AiPrompt).where(AiPrompt.id == call_id, AiPrompt.user_id == ctx.user_id)
    )
    shown = prompt and {
        "messages": prompt.messages,
        "tools": prompt.tools,
        "answer": prompt.answer,
    }
    return assemble({**json.loads(found[0]), "prompt": shown})


async def show_usage(ctx: Context, query: UsageQuery) -> UsageView:
    """Add up my calls, or everybody's here for those who manage AI."""
    ctx.require(Permission.AI_MANAGE if query.everybody else Permission.AI_READ)
    time = await identity.user_time(ctx)
    since = time.today(ctx.now) - timedelta(days=query.days - 1)
    wall = func.timezone(time.zone.key, AiCall.at) - timedelta(minutes=time.day_start_minutes)
    keys: dict[UsageGrouping, Any] = {
        UsageGrouping.DAY: func.to_char(wall, "YYYY-MM-DD"),
        UsageGrouping.TASK: as_type(AiCall.task, Text),
        UsageGrouping.MODEL: model_name,
    }
    key = keys[query.by].label("key")
    whose = [] if query.everybody else [AiCall.user_id == ctx.user_id]
    # The first finds by the index, the second cuts where a day of theirs begins.
    recent = AiCall.at >= ctx.now - timedelta(days=query.days + 1), wall >= since
    found = await ctx.session.execute(
        select(key, *_sums()).where(*recent, *whose).group_by(key).order_by(key)
    )
    rows = [UsageRow.model_validate(row, from_attributes=True) for row in found]
    return UsageView(since=since, by=query.by, rows=rows)


def _sums() -> tuple[ColumnElement[Any], ...]:
    return (
        func.count().label("calls"),
        func.count().filter(AiCall.outcome.not_in(WELL)).label("failed"),
        func.count().filter(AiCall.outcome == Outcome.CACHED).label("cached"),
        _total(AiCall.input_tokens).label("input_tokens"),
        _total(AiCall.output_tokens).label("output_tokens"),
        _total(AiCall.cost_micros).label("cost_micros"),
        func.count().filter(AiCall.cost_micros.is_(None)).label("unpriced"),
    )


def _total(column: Any) -> ColumnElement[int]:
    return func.coalesce(func.sum(column), 0)


async def forget_calls(kernel: Kernel) -> None:
    """Delete what is older than the operator keeps, and give back stale reservations."""
    keeping, now = kernel.settings.ai_keeping, kernel.clock()
    async with by_system(kernel) as transaction:
        old = AiPrompt.at < now - timedelta(days=keeping.prompt_days)
        await transaction.session.execute(delete(AiPrompt).where(old))
        old = AiCall.at < now - timedelta(days=keeping.call_days)
        await transaction.session.execute(delete(AiCall).where(old))
    await expire(kernel)
