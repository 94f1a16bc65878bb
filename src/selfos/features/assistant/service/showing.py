"""How conversations and messages are shown."""

from __future__ import annotations

from sqlalchemy import func, select

from selfos.features.assistant.models import ChatMessage, Conversation
from selfos.kernel.documents import Documents

_count = (
    select(func.count())
    .where(
        ChatMessage.workspace_id == Conversation.workspace_id,
        ChatMessage.conversation_id == Conversation.id,
    )
    .correlate(Conversation)
    .scalar_subquery()
)
CONVERSATIONS = Documents(
    Conversation,
    {
        "id": Conversation.id,
        "title": Conversation.title,
        "head_id": Conversation.head_id,
        "profile_id": Conversation.profile_id,
        "messages": _count,
        "created_at": Conversation.created_at,
        "updated_at": Conversation.updated_at,
        "version": Conversation.version,
    },
)
SHOWN = (
    *("id", "conversation_id", "parent_id", "role", "parts", "intent", "confidence", "entities"),
    *("engine", "model", "reason", "cost_micros", "context_refs", "stopped"),
    *("created_at", "redacted_at"),
)
MESSAGES = Documents(
    ChatMessage,
    {name: getattr(ChatMessage, name) for name in SHOWN},
    # A message is never rewritten; it has no version of its own.
    version=func.num_nonnulls(ChatMessage.redacted_at),
)
