"""Conversations: a tree that only grows, one branch of it shown, and all of it one person's."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select

from selfos.features.assistant.events import IntentCorrected
from selfos.features.assistant.models import (
    AssistantProfile,
    ChatMessage,
    Conversation,
    IntentFeedback,
)
from selfos.features.assistant.schemas.conversations import (
    LONGEST_TITLE,
    ConversationCreate,
    ConversationQuery,
    ConversationUpdate,
    IntentCorrection,
    MessageQuery,
)
from selfos.features.assistant.schemas.words import MessageRole
from selfos.features.assistant.service.showing import CONVERSATIONS, MESSAGES
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.documents import Document, Json, Order
from selfos.kernel.errors import Conflict, invalid
from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import Permission
from selfos.kernel.rows import missing

NEWEST = Order((Conversation.updated_at,), descending=True)


async def list_conversations(ctx: Context, query: ConversationQuery) -> Json:
    """Return one page of my conversations, the last spoken in first."""
    ctx.require(Permission.ASSISTANT_READ)
    return await CONVERSATIONS.page(ctx, query, order=NEWEST)


async def get_conversation(ctx: Context, conversation_id: UUID) -> Document:
    """Return one of my conversations as shown."""
    ctx.require(Permission.ASSISTANT_READ)
    return await CONVERSATIONS.one(ctx, conversation_id)


async def create_conversation(ctx: Context, new: ConversationCreate) -> Conversation:
    """Begin a conversation."""
    ctx.require(Permission.ASSISTANT_WRITE)
    if new.profile_id is not None:
        await _known_profile(ctx, new.profile_id)
    conversation = Conversation(
        id=new.id or new_id(),
        user_id=ctx.user_id,
        title=new.title or "",
        head_id=None,
        profile_id=new.profile_id,
    )
    ctx.session.add(conversation)
    await ctx.transaction.flush()
    return conversation


async def update_conversation(
    ctx: Context, conversation_id: UUID, change: ConversationUpdate
) -> Conversation:
    """Rename it, give it another profile, or show another branch."""
    conversation = await changeable(ctx, conversation_id)
    given = change.given()
    if given.get("profile_id") is not None:
        await _known_profile(ctx, given["profile_id"])
    if "head_id" in given:
        await message_in(ctx, conversation_id, given["head_id"], "/head_id")
    for name, value in given.items():
        setattr(conversation, name, value)
    await ctx.transaction.flush()
    return conversation


async def delete_conversation(ctx: Context, conversation_id: UUID) -> None:
    """Erase it with all that was said; there is no trash for it."""
    conversation = await changeable(ctx, conversation_id)
    await ctx.session.execute(delete(Conversation).where(Conversation.id == conversation.id))


async def list_messages(ctx: Context, conversation_id: UUID, query: MessageQuery) -> Json:
    """Return one page of the tree's messages, newest first."""
    ctx.require(Permission.ASSISTANT_READ)
    await rows.get(ctx, Conversation, conversation_id)
    mine = ChatMessage.conversation_id == conversation_id
    return await MESSAGES.page(ctx, query, mine, order=Order(descending=True))


async def erase_message(ctx: Context, conversation_id: UUID, message_id: UUID) -> ChatMessage:
    """Empty one message for good; what was answered to it stays where it is."""
    await changeable(ctx, conversation_id)
    message = await message_in(ctx, conversation_id, message_id)
    message.redact(ctx.now)
    await ctx.transaction.flush()
    return message


async def correct_intent(
    ctx: Context, conversation_id: UUID, message_id: UUID, correction: IntentCorrection
) -> dict[str, Any]:
    """Keep whether the intent of my message was read rightly; a later word replaces it."""
    await changeable(ctx, conversation_id)
    message = await message_in(ctx, conversation_id, message_id)
    if message.role is not MessageRole.USER:
        raise Conflict("Only what you have said has an intent.")
    if not correction.correct and correction.intent is None:
        raise invalid("/intent", "Say what it should have been.")
    meant = None if correction.correct else correction.intent
    await ctx.session.execute(delete(IntentFeedback).where(IntentFeedback.id == message_id))
    feedback = IntentFeedback(
        id=message_id,
        user_id=ctx.user_id,
        correct=correction.correct,
        intent=meant,
        created_at=ctx.now,
    )
    ctx.session.add(feedback)
    ctx.emit(
        IntentCorrected(
            message_id=message_id, read=message.intent, correct=correction.correct, meant=meant
        )
    )
    await ctx.transaction.flush()
    return {
        "id": str(message_id),
        "correct": feedback.correct,
        "intent": meant,
        "created_at": ctx.now.isoformat(),
    }


async def changeable(ctx: Context, conversation_id: UUID) -> Conversation:
    """Return one of my conversations in the version the caller expects, held until the end."""
    ctx.require(Permission.ASSISTANT_WRITE)
    conversation = await rows.get(ctx, Conversation, conversation_id, lock=True)
    ctx.expect(conversation)
    return conversation


async def message_in(
    ctx: Context, conversation_id: UUID, message_id: UUID, pointer: str | None = None
) -> ChatMessage:
    """Return a message of this conversation; with a pointer, a missing one is Invalid there."""
    message = await ctx.session.scalar(
        select(ChatMessage).where(
            ChatMessage.id == message_id, ChatMessage.conversation_id == conversation_id
        )
    )
    if message is None:
        raise (
            missing("message") if pointer is None else invalid(pointer, "There is no such message.")
        )
    return message


async def branch(ctx: Context, tip: UUID | None, most: int) -> list[ChatMessage]:
    """Return the last messages of the branch that ends here, oldest first."""
    if tip is None:
        return []
    start = (
        select(ChatMessage.id, ChatMessage.parent_id, func.coalesce(0).label("depth"))
        .where(ChatMessage.workspace_id == ctx.workspace_id, ChatMessage.id == tip)
        .cte("branch", recursive=True)
    )
    higher = (
        select(ChatMessage.id, ChatMessage.parent_id, start.c.depth + 1)
        .join(start, ChatMessage.id == start.c.parent_id)
        .where(ChatMessage.workspace_id == ctx.workspace_id, start.c.depth < most - 1)
    )
    found = start.union_all(higher)
    messages = await ctx.session.scalars(
        select(ChatMessage).join(found, found.c.id == ChatMessage.id).order_by(found.c.depth.desc())
    )
    return list(messages)


def call_it(conversation: Conversation, text: str) -> None:
    """Name a conversation by its first words, unless it has a name."""
    conversation.title = conversation.title or first_words(text)


def first_words(text: str) -> str:
    """Return what a conversation that begins with this text is called until it has a name."""
    line = " ".join(text.split())
    cut = line[:LONGEST_TITLE]
    return cut if len(line) <= LONGEST_TITLE else cut[:-1].rstrip() + "…"


async def _known_profile(ctx: Context, profile_id: UUID) -> None:
    if await rows.find(ctx, AssistantProfile, profile_id) is None:
        raise invalid("/profile_id", "There is no such profile.")
