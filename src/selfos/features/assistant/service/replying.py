"""What the built-in coach answers to a message: a proposal, rows, nudges, or what it can do.

It never pretends to chat. What it cannot read it says it cannot, with examples of what it can.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from selfos.features.assistant.coaching.offers import Call
from selfos.features.assistant.models import Nudge
from selfos.features.assistant.schemas.parts import (
    ChoicesPart,
    NudgePart,
    Part,
    ProposalPart,
    RowsPart,
    TextPart,
)
from selfos.features.assistant.schemas.words import Help, Intent
from selfos.features.assistant.service import drafting
from selfos.features.assistant.service.nudging import look
from selfos.features.assistant.service.offering import Refused, propose
from selfos.features.assistant.service.resolving import Thing, find_things, rows_for
from selfos.features.assistant.understanding import Reading
from selfos.features.identity import service as identity
from selfos.features.identity.schemas import Tone
from selfos.kernel.context import Context
from selfos.kernel.errors import Invalid
from selfos.kernel.tools import Toolbox

EXAMPLES = [
    "What is overdue?",
    "How am I doing?",
    "Remind me to call the dentist tomorrow at 9",
    "Move the report to Friday",
]
ABOUT = (
    "I am the coach built into SelfOS. No model is behind me, so I do not chat; I read your own"
    " numbers, answer questions about your things, and propose changes that you decide on."
)
GREETINGS: Mapping[Tone, str] = {
    Tone.FRIENDLY: f"Hello! {ABOUT}",
    Tone.COACH: f"Let us get to work. {ABOUT}",
    Tone.PROFESSIONAL: ABOUT,
    Tone.MINIMAL: "Built-in coach, no model. Ask about your things, or tell me what to change.",
}
BEYOND = (
    "I could not read that. Without a model I understand questions about your tasks, goals and"
    " habits, and changes to them."
)
ELSEWHERE = "That is outside of what I know: your own plans, habits and goals."
ASK_FIRST = "I read that as a task; it is not certain. If you meant something else, say no to it."
WRITES: Mapping[str, str] = {
    Tone.FRIENDLY: "Here is what I would do. You decide:",
    Tone.COACH: "Ready for your yes:",
    Tone.PROFESSIONAL: "The following change is proposed:",
    Tone.MINIMAL: "Proposed:",
}


@dataclass(slots=True)
class Reply:
    """An answer by rules. An `open` one is only a last resort: a model may do better."""

    parts: list[Part] = field(default_factory=list[Part])
    open: bool = False

    @property
    def text(self) -> str:
        """Return its words."""
        return "\n\n".join(part.text for part in self.parts if isinstance(part, TextPart))


Replier = Callable[[Context, Toolbox, Reading, str], Awaitable[Reply]]


async def reply_by_rules(ctx: Context, tools: Toolbox, reading: Reading, *, by: str) -> Reply:
    """Return the built-in coach's answer."""
    return await REPLIES[reading.intent](ctx, tools, reading, by)


def speaks_for_itself(reading: Reading) -> bool:
    """Tell whether grammar alone settles it: a sure change or a sure question."""
    return reading.sure and (reading.intent.writes or reading.intent is Intent.QUERY)


async def _create(ctx: Context, tools: Toolbox, reading: Reading, by: str) -> Reply:
    call = await drafting.draft(ctx, reading.intent, reading.entities["text"])
    if isinstance(call, str):
        return _said(call, open_=True)
    reply = await _proposed(ctx, tools, [call], by)
    if not reading.sure:
        reply.parts.append(TextPart(text=ASK_FIRST))
    return reply


async def _update(ctx: Context, tools: Toolbox, reading: Reading, by: str) -> Reply:
    thing = await _one(ctx, reading, ("task",))
    if isinstance(thing, Reply):
        return thing
    change = await drafting.changes(ctx, reading.entities)
    if isinstance(change, str):
        return _said(change, open_=True)
    call = Call("update_task", {"task_id": str(thing.id), "reason": "You asked for it.", **change})
    return await _proposed(ctx, tools, [call], by)


async def _complete(ctx: Context, tools: Toolbox, reading: Reading, by: str) -> Reply:
    thing = await _one(ctx, reading, ("task", "habit", "goal"))
    if isinstance(thing, Reply):
        return thing
    tool = "check_in_habit" if thing.entity == "habit" else f"complete_{thing.entity}"
    given = {f"{thing.entity}_id": str(thing.id), "reason": "You say it is done."}
    return await _proposed(ctx, tools, [Call(tool, given)], by)


async def _query(ctx: Context, tools: Toolbox, reading: Reading, by: str) -> Reply:  # noqa: ARG001
    asked = reading.entities
    count = "count" in asked
    try:
        found = await rows_for(ctx, asked["entity"], asked["filter"], count=count)
    except Invalid as problem:
        return _said(problem.detail, open_=True)
    noun = asked["entity"]
    plural = noun if found.total == 1 else f"{noun}s"
    many = f"{found.total}{' or more' if found.more and not count else ''}"
    if not found.total:
        text = f"No {noun}s fit that."
    elif found.more and not count:
        text = f"The first {len(found.rows)} {noun}s that fit:"
    else:
        text = f"{many} {plural}:"
    parts: list[Part] = [TextPart(text=text)]
    return Reply([*parts, found] if found.rows else parts)


async def _reflect(ctx: Context, tools: Toolbox, reading: Reading, by: str) -> Reply:  # noqa: ARG001
    nudges = await look(ctx)
    waiting = [part_of(nudge) for nudge in nudges]
    if not waiting:
        calm = "Nothing stands out in your numbers today. What would make today a good day?"
        return _said(calm, choices=EXAMPLES[:2], open_=True)
    count = "one thing stands" if len(waiting) == 1 else f"{len(waiting)} things stand"
    parts: list[Part] = [TextPart(text=f"By your own numbers, {count} out today."), *waiting]
    return Reply(parts, open=True)


async def _small_talk(ctx: Context, tools: Toolbox, reading: Reading, by: str) -> Reply:  # noqa: ARG001
    tone = await identity.tone_of(ctx)
    return _said(GREETINGS[tone], choices=EXAMPLES, open_=True)


async def _beyond(ctx: Context, tools: Toolbox, reading: Reading, by: str) -> Reply:  # noqa: ARG001
    return _said(ELSEWHERE if reading.sure else BEYOND, choices=EXAMPLES, open_=True)


async def _one(ctx: Context, reading: Reading, kinds: tuple[str, ...]) -> Thing | Reply:
    """Return the one thing that is meant, or a reply that asks which."""
    name = reading.entities["name"]
    found = await find_things(ctx, name, kinds)  # pyright: ignore[reportArgumentType]
    if len(found) == 1:
        return found[0]
    if not found:
        return _said(f"I found nothing open that is called “{name}”.", open_=True)
    rows = RowsPart(filter=name, rows=[each.cited() for each in found], total=len(found))
    text = f"“{name}” may be any of these. Say its whole name."
    return Reply([TextPart(text=text), rows])


async def _proposed(ctx: Context, tools: Toolbox, calls: list[Call], by: str) -> Reply:
    offered = await propose(ctx, tools, calls, by=by)
    if isinstance(offered, Refused):
        return _said(offered.detail, open_=True)
    tone = await identity.tone_of(ctx)
    return Reply(
        [
            TextPart(text=WRITES[tone]),
            ProposalPart(proposal_id=offered.proposal_id, title=offered.title),
        ]
    )


def _said(text: str, *, choices: list[str] | None = None, open_: bool = False) -> Reply:
    parts: list[Part] = [TextPart(text=text)]
    if choices:
        parts.append(ChoicesPart(choices=choices))
    return Reply(parts, open=open_)


def part_of(nudge: Nudge) -> NudgePart:
    """Return a nudge as a message shows it."""
    return NudgePart(
        nudge_id=nudge.id,
        help=Help(nudge.help),
        subject=nudge.subject,
        subject_id=nudge.subject_id,
        title=nudge.title,
        headline=nudge.headline,
        reason=nudge.reason,
        question=nudge.question,
        offer=nudge.offer,
        why=nudge.why,
    )


REPLIES: Mapping[Intent, Replier] = {
    Intent.CREATE_TASK: _create,
    Intent.CREATE_GOAL: _create,
    Intent.CREATE_PROJECT: _create,
    Intent.CREATE_AREA: _create,
    Intent.CREATE_HABIT: _create,
    Intent.UPDATE: _update,
    Intent.COMPLETE: _complete,
    Intent.QUERY: _query,
    Intent.REFLECT: _reflect,
    Intent.SMALL_TALK: _small_talk,
    Intent.OUT_OF_SCOPE: _beyond,
}
