"""Keeping what is said: the message, then its answer, each in a Context of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import anyio
from pydantic import TypeAdapter

from selfos.features.ai import service as ai
from selfos.features.ai.schemas import AiTask, Engine, Generation, Prepared, Reason
from selfos.features.assistant.models import ChatMessage, Conversation
from selfos.features.assistant.schemas.conversations import MessageCreate
from selfos.features.assistant.schemas.parts import ContextRef, Part, TextPart
from selfos.features.assistant.schemas.words import MessageRole
from selfos.features.assistant.service.care import care_for
from selfos.features.assistant.service.conversations import (
    branch,
    call_it,
    changeable,
    message_in,
)
from selfos.features.assistant.service.naming import name_soon
from selfos.features.assistant.service.profiles import voice_for
from selfos.features.assistant.service.prompting import (
    AREA,
    MOST_TURNS,
    Prompt,
    areas_spoken_of,
    prompt_for,
    spoken_text,
)
from selfos.features.assistant.service.replying import Reply, reply_by_rules, speaks_for_itself
from selfos.features.assistant.service.showing import MESSAGES
from selfos.features.assistant.understanding import Reading, understand
from selfos.features.memory import service as memory
from selfos.features.memory.schemas import Source, SourceKind
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.core import Kernel
from selfos.kernel.errors import Conflict
from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import Permission

Open = Callable[[], AbstractAsyncContextManager[Context]]
# Words alone answer well; nobody waits longer for meaning.
VECTOR_SECONDS = 3.0
PARTS: TypeAdapter[list[Part]] = TypeAdapter(list[Part])
REFS: TypeAdapter[list[ContextRef]] = TypeAdapter(list[ContextRef])


@dataclass(slots=True)
class Asked:
    """A message that has been kept and waits for its answer; a `settled` one has it.

    `answered` is the answer once it is kept, whole or as far as it was shown. One with a
    `question` waits for its vector before what a model needs is looked up.
    """

    conversation_id: UUID
    message: dict[str, Any]
    reading: Reading
    settled: dict[str, Any] | None = None
    prompt: Prompt | None = None
    prepared: Prepared | None = None
    question: Prepared | None = None
    answered: dict[str, Any] | None = None

    @property
    def message_id(self) -> UUID:
        """Return what is answered."""
        return UUID(self.message["id"])


async def begin(ctx: Context, kernel: Kernel, conversation_id: UUID, new: MessageCreate) -> Asked:
    """Keep what was said, and answer it where grammar settles it."""
    conversation = await _speakable(ctx, conversation_id)
    parent_id = await _parent(ctx, conversation, new)
    reading = understand(new.text)
    message = ChatMessage(
        **_blank(ctx, conversation, parent_id),
        id=new.id or new_id(),
        role=MessageRole.USER,
        parts=PARTS.dump_python([TextPart(text=new.text)], mode="json"),
        intent=reading.intent,
        confidence=reading.confidence,
    )
    message.entities = dict(reading.entities)
    ctx.session.add(message)
    call_it(conversation, new.text)
    conversation.head_id = message.id
    await ctx.transaction.flush()
    return await _ask(ctx, kernel, conversation, message, reading)


async def begin_again(
    ctx: Context, kernel: Kernel, conversation_id: UUID, message_id: UUID
) -> Asked:
    """Prepare another answer beside this one."""
    conversation = await _speakable(ctx, conversation_id)
    message = await message_in(ctx, conversation_id, message_id)
    if message.role is MessageRole.ASSISTANT and message.parent_id is not None:
        message = await message_in(ctx, conversation_id, message.parent_id)
    if message.redacted_at is not None:
        raise Conflict("What this answers is gone, so it cannot be answered again.")
    return await _ask(ctx, kernel, conversation, message, understand(spoken_text(message)))


async def keep_answer(
    ctx: Context,
    asked: Asked,
    parts: Sequence[Part],
    made: Generation | None,
    *,
    answer_id: UUID,
    stopped: bool = False,
) -> dict[str, Any]:
    """Keep an answer as the tip of the branch and return it as shown."""
    conversation = await changeable(ctx, asked.conversation_id)
    await message_in(ctx, asked.conversation_id, asked.message_id)
    by_model = stopped if made is None else made.engine is not Engine.RULES
    refs = _refs(asked.prompt) if asked.prompt and by_model else []
    answer = ChatMessage(
        **_blank(ctx, conversation, asked.message_id),
        id=answer_id,
        role=MessageRole.ASSISTANT,
        parts=PARTS.dump_python(list(parts), mode="json"),
        intent=None,
        confidence=None,
    )
    answer.engine = made.engine if made else (Engine.MODEL if stopped else Engine.RULES)
    if made is not None:
        answer.model, answer.reason, answer.cost_micros = made.model, made.reason, made.cost_micros
    answer.context_refs = REFS.dump_python(refs, mode="json")
    answer.stopped = stopped
    ctx.session.add(answer)
    conversation.head_id = answer.id
    await name_soon(ctx, answer)
    await ctx.transaction.flush()
    return json.loads((await MESSAGES.one(ctx, answer.id)).body)


async def _ask(
    ctx: Context,
    kernel: Kernel,
    conversation: Conversation,
    message: ChatMessage,
    reading: Reading,
) -> Asked:
    """Answer where grammar settles it or nobody else could, else look up what a model needs."""
    shown = json.loads((await MESSAGES.one(ctx, message.id)).body)
    asked = Asked(conversation.id, shown, reading)
    voice = await voice_for(ctx, conversation.profile_id)
    said = spoken_text(message)
    reply, alone = await care_for(ctx, kernel, said), not ai.has_models(kernel)
    if reply is None:
        await memory.learn(ctx, said, source=Source(SourceKind.MESSAGE, message.id))
    if reply is None and (alone or speaks_for_itself(reading)):
        reply = await reply_by_rules(ctx, kernel.tools, reading, by=voice.name)
    if reply is not None and (alone or not reply.open):
        asked.settled = asked.answered = await _settle(ctx, asked, reply)
        return asked
    turns = await branch(ctx, message.id, MOST_TURNS)
    asked.question = await memory.prepare_question(ctx, said, areas_spoken_of(turns))
    if asked.question is None:
        await _look_up(ctx, kernel, asked)
    return asked


async def look_up_by_meaning(kernel: Kernel, open_context: Open, asked: Asked) -> None:
    """Look up what a model needs, memory by meaning as well; no Context is open meanwhile."""
    question, vector = asked.question, None
    if question is not None:
        with anyio.move_on_after(VECTOR_SECONDS):
            vector = await memory.vector_of(kernel, question)
    async with open_context() as ctx:
        await _look_up(ctx, kernel, asked, vector)


async def _look_up(
    ctx: Context, kernel: Kernel, asked: Asked, vector: memory.QueryVector | None = None
) -> None:
    conversation = await rows.get(ctx, Conversation, asked.conversation_id)
    voice = await voice_for(ctx, conversation.profile_id)
    turns = await branch(ctx, asked.message_id, MOST_TURNS)
    asked.prompt = await prompt_for(ctx, kernel.tools, voice, turns, vector)
    asked.prepared = await ai.prepare(ctx, asked.prompt.request())


async def _settle(ctx: Context, asked: Asked, reply: Reply) -> dict[str, Any]:
    """Keep an answer by rules; an open one has a reason why it was not a better rung."""
    made = Generation(
        id=new_id(),
        task=AiTask.COACH,
        engine=Engine.RULES,
        text=reply.text,
        reason=Reason.NO_MODEL if reply.open else None,
    )
    return await keep_answer(ctx, asked, reply.parts, made, answer_id=made.id)


def _refs(prompt: Prompt) -> list[ContextRef]:
    return [*prompt.refs, *(ContextRef(kind=AREA, id=each, title="") for each in prompt.area_ids)]


async def _speakable(ctx: Context, conversation_id: UUID) -> Conversation:
    ctx.require(Permission.ASSISTANT_WRITE)
    ctx.require(Permission.AI_USE)
    return await changeable(ctx, conversation_id)


async def _parent(ctx: Context, conversation: Conversation, new: MessageCreate) -> UUID | None:
    """Return what a message follows: null said aloud begins a branch at the root."""
    if "parent_id" not in new.model_fields_set:
        return conversation.head_id
    if new.parent_id is not None:
        await message_in(ctx, conversation.id, new.parent_id, "/parent_id")
    return new.parent_id


def _blank(ctx: Context, conversation: Conversation, parent_id: UUID | None) -> dict[str, Any]:
    return {
        "user_id": ctx.user_id,
        "conversation_id": conversation.id,
        "parent_id": parent_id,
        "entities": {},
        "engine": None,
        "model": None,
        "reason": None,
        "cost_micros": None,
        "context_refs": [],
        "stopped": False,
        "created_at": ctx.now,
        "redacted_at": None,
    }
