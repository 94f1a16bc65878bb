"""Looking at somebody's days, when there are enough new ones, and keeping what stood."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from datetime import date, timedelta
from random import Random
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select

from selfos.features.identity import service as identity
from selfos.features.insights.association import (
    Association,
    DayFactor,
    DayOutcome,
    Days,
    due_look,
    look,
    questions,
)
from selfos.features.insights.association.looks import RISK_PER_LOOK
from selfos.features.insights.models import Insight, Look
from selfos.features.insights.service.gathering import days_of
from selfos.features.workspaces import service as workspaces
from selfos.kernel.context import Actor, Context, open_context, system_session
from selfos.kernel.core import Kernel
from selfos.kernel.identifiers import new_id
from selfos.kernel.ledger.models import ActorKind, Changeset
from selfos.kernel.permissions import Permission

LATELY = timedelta(hours=30)


class Someone(NamedTuple):
    """A member and their workspace."""

    workspace_id: UUID
    user_id: UUID


async def those_to_look_at(kernel: Kernel) -> list[Someone]:
    """Return the members who have done something lately: nobody else has new days."""
    async with system_session(kernel) as session:
        found = await session.execute(
            select(Changeset.workspace_id, Changeset.user_id)
            .where(Changeset.at >= kernel.clock() - LATELY, Changeset.user_id.is_not(None))
            .distinct()
        )
        return [Someone(place, person) for place, person in found if person is not None]


async def look_at(kernel: Kernel, someone: Someone) -> None:
    """Look at somebody's days if a look is due, outside of any transaction, and keep the answer."""
    async with _as(kernel, someone) as ctx:
        if not await workspaces.is_active_member(ctx, someone.user_id):
            return
        done = await looks_done(ctx)
        days = await days_of(ctx, with_habits=True)
        number = due_look(days.data_days(), done)
        today = (await identity.user_time(ctx)).today(ctx.now)
    if number is None:
        return
    found, asked = await asyncio.to_thread(_look, days, f"{someone.user_id}:{number}")
    async with _as(kernel, someone) as ctx:
        if await looks_done(ctx) == done:
            await _keep(ctx, found, number=number, day=today, days=days.data_days(), asked=asked)


async def looks_done(ctx: Context) -> int:
    """Return the number of the acting person's last look."""
    return await ctx.session.scalar(select(func.max(Look.number))) or 0


def _as(kernel: Kernel, someone: Someone) -> AbstractAsyncContextManager[Context]:
    actor = Actor(ActorKind.SYSTEM, someone.user_id)
    return open_context(kernel, workspace_id=someone.workspace_id, actor=actor)


def _look(days: Days, seed: str) -> tuple[list[Association], int]:
    asked = questions(days)
    return look(asked, risk=RISK_PER_LOOK, random=Random(seed)), len(asked)  # noqa: S311


async def _keep(
    ctx: Context, found: list[Association], *, number: int, day: date, days: int, asked: int
) -> None:
    ctx.require(Permission.INSIGHT_READ)
    kept = Look(
        id=new_id(), number=number, day=day, days=days, questions=asked, user_id=ctx.user_id
    )
    ctx.session.add(kept)
    await ctx.transaction.flush()
    for each in found:
        kind, _, name = each.key.partition(":")
        is_habit = kind == DayFactor.HABIT
        ctx.session.add(
            Insight(
                user_id=ctx.user_id,
                look_id=kept.id,
                outcome=DayOutcome(each.outcome_key),
                kind=DayFactor(kind),
                habit_id=UUID(name) if is_habit else None,
                name="" if is_habit else name,
                with_days=each.with_days,
                without_days=each.without_days,
                with_mean=each.with_mean,
                without_mean=each.without_mean,
                effect=each.effect,
                low=each.low,
                high=each.high,
                p=each.p,
            )
        )
