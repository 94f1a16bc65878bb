"""What may be spent: limits, meters, and the operator's prices."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from selfos.features.ai.models import AiLimits, AiMeter, AiPrice
from selfos.features.ai.schemas.accounts import (
    BudgetScope,
    BudgetsView,
    BudgetView,
    LimitsUpdate,
    ModelName,
    PriceList,
    PriceUpdate,
    PriceView,
)
from selfos.features.ai.service.books import by_system, price_board
from selfos.features.ai.service.preparing import standing_of, within
from selfos.features.identity import service as identity
from selfos.kernel.context import Actor, Context
from selfos.kernel.core import Kernel
from selfos.kernel.permissions import Permission
from selfos.kernel.rows import missing

SHOWN = (
    BudgetScope.INSTANCE_MONTH,
    BudgetScope.USER_MONTH,
    BudgetScope.USER_DAY,
    BudgetScope.WORKSPACE_MONTH,
)


async def show_budgets(ctx: Context, kernel: Kernel) -> BudgetsView:
    """Return the budgets of me and of this workspace; the instance's for its operator alone."""
    ctx.require(Permission.AI_READ)
    own = (await standing_of(ctx, ())).meters
    holding = within(kernel.settings.ai_budgets, own)
    read = await _read(ctx, [meter.key for meter in own])
    operates = await identity.is_operator(ctx)
    if operates:
        async with by_system(kernel) as transaction:
            instance = await transaction.session.get(AiMeter, own[0].key)
            read |= {own[0].key: instance} if instance else {}
    shown = [
        BudgetView(
            scope=scope,
            period=mine.key.rpartition(":")[2],
            limit_micros=held.limit_micros,
            own_limit_micros=mine.limit_micros,
            spent_micros=row.spent_micros if (row := read.get(mine.key)) else 0,
            reserved_micros=row.reserved_micros if row else 0,
        )
        for scope, mine, held in zip(SHOWN, own, holding, strict=True)
        if operates or scope is not BudgetScope.INSTANCE_MONTH
    ]
    return BudgetsView(budgets=shown)


async def _read(ctx: Context, keys: list[str]) -> dict[str, AiMeter]:
    rows = await ctx.session.scalars(select(AiMeter).where(AiMeter.key.in_(keys)))
    return {row.key: row for row in rows}


async def update_limits(ctx: Context, change: LimitsUpdate) -> None:
    """Set the given limits of this workspace; none lifts the operator's."""
    ctx.require(Permission.AI_MANAGE)
    given = change.given()
    await ctx.session.execute(
        insert(AiLimits)
        .values(workspace_id=ctx.workspace_id, id=ctx.workspace_id, **given)
        .on_conflict_do_nothing()
    )
    limits = await ctx.session.scalar(select(AiLimits).with_for_update())
    for name, value in given.items():
        setattr(limits, name, value)
    await ctx.session.flush()


async def list_prices(ctx: Context, kernel: Kernel) -> PriceList:
    """Return every price the operator has set."""
    ctx.require(Permission.AI_READ)
    async with by_system(kernel) as transaction:
        wanted = select(AiPrice).order_by(AiPrice.provider, AiPrice.model)
        rows = await transaction.session.scalars(wanted)
        return PriceList(items=[PriceView.model_validate(row) for row in rows])


async def set_price(kernel: Kernel, caller: Actor, wanted: PriceUpdate) -> PriceView:
    """Set a model's price, from the next call on."""
    await identity.require_operator(kernel, caller)
    values = wanted.model_dump()
    async with by_system(kernel) as transaction:
        row = await transaction.session.scalar(
            insert(AiPrice)
            .values(**values)
            .on_conflict_do_update(index_elements=["provider", "model"], set_=values)
            .returning(AiPrice)
        )
        view = PriceView.model_validate(row)
    price_board(kernel).forget()
    return view


async def delete_price(kernel: Kernel, caller: Actor, name: ModelName) -> None:
    """Take a price back, or raise NotFound."""
    await identity.require_operator(kernel, caller)
    async with by_system(kernel) as transaction:
        gone = await transaction.session.scalar(
            delete(AiPrice)
            .where(AiPrice.provider == name.provider, AiPrice.model == name.model)
            .returning(AiPrice.model)
        )
    if gone is None:
        raise missing("price")
    price_board(kernel).forget()
