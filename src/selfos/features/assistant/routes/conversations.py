"""Conversations over HTTP; an answer comes whole, or as it is written."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request, Response
from fastapi.responses import StreamingResponse

from selfos.features.assistant import service as assistant
from selfos.features.assistant.schemas.conversations import (
    AnalyticsQuery,
    ConversationAnalytics,
    ConversationCreate,
    ConversationPage,
    ConversationQuery,
    ConversationUpdate,
    ConversationView,
    Exchange,
    IntentAsked,
    IntentCorrection,
    IntentFeedbackView,
    IntentView,
    MessageCreate,
    MessagePage,
    MessageQuery,
    MessageView,
    Regenerate,
)
from selfos.kernel.core import Kernel
from selfos.kernel.documents import assemble
from selfos.kernel.ledger.models import Door
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import (
    CallerContexts,
    Core,
    Ctx,
    OpenAgain,
    Router,
    allow,
    as_json,
    nothing,
    shown,
)

READ, WRITE = allow(Permission.ASSISTANT_READ), allow(Permission.ASSISTANT_WRITE)
SPEAK = allow(Permission.ASSISTANT_WRITE, apart=True)
EVENTS = "text/event-stream"
STREAMED: dict[int | str, dict[str, Any]] = {
    201: {
        "model": Exchange,
        "description": "The answer; as events with `Accept: text/event-stream`.",
        "content": {EVENTS: {"schema": {"type": "string"}}},
    }
}
router = Router(tags=["assistant"])


@router.get("/conversations", response_model=ConversationPage, **READ)
async def list_conversations(ctx: Ctx, query: Annotated[ConversationQuery, Query()]) -> Response:
    """List my conversations; nobody else sees them, whatever their role."""
    return as_json(await assistant.list_conversations(ctx, query))


@router.post("/conversations", status_code=201, response_model=ConversationView, **WRITE)
async def create_conversation(ctx: Ctx, body: ConversationCreate) -> Response:
    """Begin a conversation."""
    made = await assistant.create_conversation(ctx, body)
    return shown(await assistant.CONVERSATIONS.one(ctx, made.id), 201)


@router.get("/conversations/analytics", response_model=ConversationAnalytics, **READ)
async def analyse_conversations(
    ctx: Ctx, query: Annotated[AnalyticsQuery, Query()]
) -> ConversationAnalytics:
    """Count my conversations: by intent, by who answered, what it cost."""
    return await assistant.analyse(ctx, query.days)


@router.get("/conversations/{conversation_id}", response_model=ConversationView, **READ)
async def get_conversation(ctx: Ctx, conversation_id: UUID) -> Response:
    """Show one of my conversations."""
    return shown(await assistant.get_conversation(ctx, conversation_id))


@router.patch("/conversations/{conversation_id}", response_model=ConversationView, **WRITE)
async def update_conversation(
    ctx: Ctx, conversation_id: UUID, body: ConversationUpdate
) -> Response:
    """Rename it, give it another profile, or show another branch."""
    await assistant.update_conversation(ctx, conversation_id, body)
    return shown(await assistant.CONVERSATIONS.one(ctx, conversation_id))


@router.delete("/conversations/{conversation_id}", status_code=204, **WRITE)
async def delete_conversation(ctx: Ctx, conversation_id: UUID) -> Response:
    """Erase it with all that was said, for good."""
    await assistant.delete_conversation(ctx, conversation_id)
    return nothing()


@router.get("/conversations/{conversation_id}/messages", response_model=MessagePage, **READ)
async def list_messages(
    ctx: Ctx, conversation_id: UUID, query: Annotated[MessageQuery, Query()]
) -> Response:
    """List the messages of all branches, newest first; `parent_id` makes the tree."""
    return as_json(await assistant.list_messages(ctx, conversation_id, query))


@router.post(
    "/conversations/{conversation_id}/messages",
    status_code=201,
    response_model=Exchange,
    responses=STREAMED,
    **SPEAK,
)
async def send_message(
    request: Request,
    kernel: Core,
    contexts: CallerContexts,
    conversation_id: UUID,
    body: MessageCreate,
) -> Response:
    """Say something and get the answer, whole or with `Accept: text/event-stream` as it comes."""
    async with contexts(Door.ASSISTANT) as ctx:
        asked = await assistant.begin(ctx, kernel, conversation_id, body)
    return await _answered(request, kernel, contexts, asked)


@router.post(
    "/conversations/{conversation_id}/messages/{message_id}/regenerate",
    status_code=201,
    response_model=Exchange,
    responses=STREAMED,
    **SPEAK,
)
async def regenerate_message(
    request: Request,
    kernel: Core,
    contexts: CallerContexts,
    conversation_id: UUID,
    message_id: UUID,
    body: Regenerate,  # noqa: ARG001 - closed on purpose, to grow later
) -> Response:
    """Get another answer beside this one; the first stays on its own branch."""
    async with contexts(Door.ASSISTANT) as ctx:
        asked = await assistant.begin_again(ctx, kernel, conversation_id, message_id)
    return await _answered(request, kernel, contexts, asked)


@router.delete(
    "/conversations/{conversation_id}/messages/{message_id}", response_model=MessageView, **WRITE
)
async def erase_message(ctx: Ctx, conversation_id: UUID, message_id: UUID) -> Response:
    """Empty one message for good; its place in the tree stays."""
    await assistant.erase_message(ctx, conversation_id, message_id)
    return as_json((await assistant.MESSAGES.one(ctx, message_id)).body)


@router.post(
    "/conversations/{conversation_id}/messages/{message_id}/intent",
    response_model=IntentFeedbackView,
    **WRITE,
)
async def correct_intent(
    ctx: Ctx, conversation_id: UUID, message_id: UUID, body: IntentCorrection
) -> Response:
    """Say whether the intent of a message was read rightly."""
    kept = await assistant.correct_intent(ctx, conversation_id, message_id, body)
    return as_json(assemble(kept))


@router.post("/intents/classify", response_model=IntentView, **SPEAK)
async def classify_intent(kernel: Core, contexts: CallerContexts, body: IntentAsked) -> IntentView:
    """Say what a message wants, by grammar first; nothing is kept."""
    async with contexts(Door.ASSISTANT) as ctx:
        reading, prepared = await assistant.begin_classifying(ctx, body.text)
    return await assistant.classify(kernel, reading, prepared)


async def _answered(
    request: Request, kernel: Kernel, contexts: OpenAgain, asked: assistant.Asked
) -> Response:
    def again() -> Any:
        return contexts(Door.ASSISTANT)

    if EVENTS in request.headers.get("accept", ""):
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        events = _as_events(kernel, again, asked)
        return StreamingResponse(events, 201, headers, EVENTS)
    answer = await assistant.answer_whole(kernel, again, asked)
    return as_json(assemble({"message": asked.message, "answer": answer}), 201)


async def _as_events(kernel: Kernel, again: Any, asked: assistant.Asked) -> AsyncGenerator[bytes]:
    async with aclosing(assistant.answer(kernel, again, asked)) as events:
        async for said in events:
            text = json.dumps(said, ensure_ascii=False)
            yield f"event: {said['type']}\ndata: {text}\n\n".encode()
