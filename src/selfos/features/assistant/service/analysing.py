"""My conversations in numbers."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, func, select

from selfos.features.assistant.models import ChatMessage, IntentFeedback
from selfos.features.assistant.schemas.conversations import (
    ConversationAnalytics,
    Count,
    IntentCount,
)
from selfos.kernel.context import Context
from selfos.kernel.permissions import Permission


async def analyse(ctx: Context, days: int) -> ConversationAnalytics:
    """Return the acting user's conversations of the last days in numbers."""
    ctx.require(Permission.ASSISTANT_READ)
    lately = ChatMessage.created_at > ctx.now - timedelta(days=days)
    unpriced = func.count().filter(
        ChatMessage.model.is_not(None), ChatMessage.cost_micros.is_(None)
    )
    found = await ctx.session.execute(
        select(
            func.count(func.distinct(ChatMessage.conversation_id)),
            func.count(ChatMessage.id),
            func.coalesce(func.sum(ChatMessage.cost_micros), 0),
            unpriced,
        ).where(lately)
    )
    conversations, messages, cost, unknown = found.one()
    return ConversationAnalytics(
        days=days,
        conversations=conversations,
        messages=messages,
        intents=await _intents(ctx, lately),
        engines=await _engines(ctx, lately),
        cost_micros=None if unknown else int(cost or 0),
    )


async def _intents(ctx: Context, lately: ColumnElement[bool]) -> list[IntentCount]:
    found = await ctx.session.execute(
        select(
            ChatMessage.intent,
            func.count(),
            func.avg(ChatMessage.confidence),
            func.count().filter(IntentFeedback.correct.is_(True)),
            func.count().filter(IntentFeedback.correct.is_(False)),
        )
        .outerjoin(IntentFeedback, IntentFeedback.id == ChatMessage.id)
        .where(lately, ChatMessage.intent.is_not(None))
        .group_by(ChatMessage.intent)
        .order_by(func.count().desc(), ChatMessage.intent)
    )
    return [
        IntentCount(
            intent=intent,
            count=count,
            confidence=round(mean or 0, 2),
            confirmed=confirmed,
            corrected=corrected,
        )
        for intent, count, mean, confirmed, corrected in found
        if intent is not None
    ]


async def _engines(ctx: Context, lately: ColumnElement[bool]) -> list[Count]:
    found = await ctx.session.execute(
        select(ChatMessage.engine, func.count())
        .where(lately, ChatMessage.engine.is_not(None))
        .group_by(ChatMessage.engine)
        .order_by(func.count().desc())
    )
    return [Count(name=str(row[0]), count=row[1]) for row in found]
