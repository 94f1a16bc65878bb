"""Answering a message: by rules at once where grammar settles it, else by the best rung there is.

Three steps, so that no transaction waits for a model: `begin` keeps what was said and looks up what
is needed; `answer` asks, with no Context open; what comes back is kept in a Context of its own.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import anyio

from selfos.features.ai import service as ai
from selfos.features.ai.schemas import (
    Delta,
    Done,
    Engine,
    Failed,
    Generation,
    Message,
    Prepared,
    Reset,
    Speaker,
    Start,
    StreamEvent,
    ToolAsked,
    UsageKnown,
)
from selfos.features.assistant.schemas.parts import Part, TextPart
from selfos.features.assistant.service.keeping import Asked, Open, keep_answer, look_up_by_meaning
from selfos.features.assistant.service.prompting import Prompt
from selfos.features.assistant.service.replying import Reply, reply_by_rules
from selfos.features.assistant.service.tooling import Used, use_tools
from selfos.features.assistant.sieve import Sieve
from selfos.kernel.core import Kernel
from selfos.kernel.errors import Problem, Unavailable
from selfos.kernel.identifiers import new_id
from selfos.kernel.refusals import content_of
from selfos.kernel.telemetry import get_logger

Said = dict[str, Any]
MOST_ROUNDS = 4

log = get_logger(__name__)


@dataclass(slots=True)
class Course:
    """One answer on its way: what has been shown, used and decided so far."""

    sieve: Sieve
    reply: Reply | None = None
    used: Used | None = None
    made: Generation | None = None
    kept: bool = False
    # What the attempt took, told once the last of its words is.
    took: list[Said] = field(default_factory=list[Said])


async def answer(kernel: Kernel, open_context: Open, asked: Asked) -> AsyncGenerator[Said]:
    """Yield an answer as it comes; the last event is `done` with the message, or `error`.

    Closed early, it keeps what was shown until then, marked as stopped.
    """
    if asked.settled is not None:
        async for said in _settled(asked):
            yield said
        return
    if asked.question is not None:
        try:
            await look_up_by_meaning(kernel, open_context, asked)
        except Problem as problem:
            yield {"type": "error", "problem": content_of(problem)}
            return
    prompt, prepared = asked.prompt, asked.prepared
    if prompt is None or prepared is None:
        raise AssertionError("nothing to ask")
    course = Course(Sieve(prompt.canary))
    try:
        async with aclosing(_converse(kernel, open_context, asked, prompt, prepared, course)) as on:
            async for said in on:
                yield said
    finally:
        if not course.kept and course.sieve.text:
            with anyio.CancelScope(shield=True):
                await _keep(open_context, asked, course, stopped=True)


async def answer_whole(kernel: Kernel, open_context: Open, asked: Asked) -> Said:
    """Return the message that answers, in one piece."""
    async with aclosing(answer(kernel, open_context, asked)) as events:
        async for said in events:
            if said["type"] == "done":
                return said["message"]
            if said["type"] == "error":
                raise Unavailable(said["problem"]["detail"])
    raise AssertionError("an answer ends with done or error")


async def _settled(asked: Asked) -> AsyncGenerator[Said]:
    message = asked.settled or {}
    yield Start(attempt=1, model=Engine.RULES).as_json()
    for part in message["parts"]:
        if part["type"] == "text":
            yield Delta(part["text"]).as_json()
    yield _done(message)


async def _converse(
    kernel: Kernel,
    open_context: Open,
    asked: Asked,
    prompt: Prompt,
    prepared: Prepared,
    course: Course,
) -> AsyncGenerator[Said]:
    """Ask, use the tools asked for, and ask again, a few times at most."""

    async def by_rules() -> str:
        async with open_context() as ctx:
            tools = kernel.tools
            course.reply = await reply_by_rules(ctx, tools, asked.reading, by=prompt.voice.name)
        return course.reply.text

    for round_ in range(MOST_ROUNDS):
        async with aclosing(ai.stream(kernel, prepared, rules=by_rules)) as events:
            async for event in events:
                if isinstance(event, Failed):
                    yield event.as_json()
                    return
                for said in _heard(event, course):
                    yield said
        made = course.made
        if made is None or not made.tools or made.engine is Engine.RULES:
            break
        last = round_ == MOST_ROUNDS - 2
        async with open_context() as ctx:
            course.used = await use_tools(ctx, kernel.tools, prompt, made, course.used)
            _go_on(prompt, made, course.used, last=last)
            prepared = await ai.prepare(ctx, prompt.request())
    try:
        message = await _keep(open_context, asked, course)
    except Problem as problem:
        yield {"type": "error", "problem": {"title": problem.title, "detail": problem.detail}}
        return
    yield _done(message)


def _heard(event: StreamEvent[Any], course: Course) -> list[Said]:
    """Return what a client is told of an event, addresses taken out."""
    match event:
        case Delta(text):
            shown = course.sieve.feed(text)
            return [Delta(shown).as_json()] if shown else []
        case Reset():
            course.sieve.reset()
            return [event.as_json()]
        case Done(generation):
            course.made = generation
            rest = course.sieve.finish()
            took, course.took = course.took, []
            return [*([Delta(rest).as_json()] if rest else []), *took]
        case ToolAsked(call):
            return [{"type": "tool", "id": call.id, "name": call.name}]
        case UsageKnown():
            course.took.append(event.as_json())
            return []
        case _:
            return [event.as_json()]


def _go_on(prompt: Prompt, made: Generation, used: Used, *, last: bool) -> None:
    """Add to the prompt what was asked of the tools and what they said."""
    prompt.messages.append(Message(Speaker.ASSISTANT, made.text, calls=made.tools))
    prompt.messages += [
        Message(Speaker.TOOL, json.dumps(said, ensure_ascii=False), answers=call)
        for call, said in used.latest
    ]
    prompt.area_ids |= used.area_ids
    if last:
        prompt.tools = ()


async def _keep(open_context: Open, asked: Asked, course: Course, *, stopped: bool = False) -> Said:
    if course.sieve.suspected:
        log.warning("assistant.injection_suspected", conversation=str(asked.conversation_id))
    async with open_context() as ctx:
        message = await keep_answer(
            ctx, asked, _parts(course), course.made, stopped=stopped, answer_id=_id(course)
        )
    course.kept, asked.answered = True, message
    return message


def _id(course: Course) -> UUID:
    return course.made.id if course.made else new_id()


def _parts(course: Course) -> list[Part]:
    if course.reply is not None:
        return course.reply.parts
    parts: list[Part] = (
        [TextPart(text=course.sieve.text.strip())] if course.sieve.text.strip() else []
    )
    return [*parts, *(course.used.parts if course.used else [])]


def _done(message: Said) -> Said:
    told = ("engine", "model", "reason", "cost_micros")
    return {
        "type": "done",
        "message_id": message["id"],
        **{name: message[name] for name in told},
        "message": message,
    }
