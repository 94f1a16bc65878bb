"""Having a model write a story: whom its words may reach, and what came back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from selfos.features.ai import service as ai
from selfos.features.ai.schemas import (
    WHY_NOT,
    AiTask,
    GenerationRequest,
    Message,
    Prepared,
    Reason,
    Speaker,
)
from selfos.features.planning import service as planning
from selfos.features.stories.facts import StoryDraft, StoryRequest
from selfos.features.stories.writing import Brief, WrittenStory, brief
from selfos.kernel.context import Context
from selfos.kernel.core import Kernel

PROMPT_VERSION = "story-1"
# Proving what was written about more would keep others waiting.
MOST_FACTS = 1_000


@dataclass(frozen=True, slots=True)
class Commission:
    """A story to be written by a model: what it is told, and the question it is asked."""

    brief: Brief
    prepared: Prepared[WrittenStory]


@dataclass(frozen=True, slots=True)
class Manuscript:
    """What a model wrote, not proved yet; or None, and why."""

    draft: StoryDraft | None
    why_not: str = ""


async def commission(ctx: Context, request: StoryRequest) -> Commission | None:
    """Prepare to have a model write a story, if there is something to tell, and not too much."""
    if len(request.facts) > MOST_FACTS:
        return None
    told = brief(request)
    if not told.notes:
        return None
    question = GenerationRequest[WrittenStory](
        task=AiTask.STORY,
        messages=(
            Message(Speaker.SYSTEM, told.instructions),
            Message(Speaker.USER, told.data),
        ),
        area_ids=frozenset(await _areas_of(ctx, request)),
        output=WrittenStory,
        faults=told.faults,
        prompt_version=PROMPT_VERSION,
    )
    return Commission(told, await ai.prepare(ctx, question))


async def write(kernel: Kernel, commissioned: Commission) -> Manuscript:
    """Have it written. Call it with no Context open."""
    made = await ai.generate(kernel, commissioned.prepared, rules=ai.no_answer)
    if made.output is None:
        return Manuscript(None, WHY_NOT.get(made.reason or Reason.UNAVAILABLE, ""))
    note = f"Written by {ai.writer_of(made)} from your events."
    draft = commissioned.brief.draft(made.output)
    return Manuscript(replace(draft, engine=made.engine, engine_note=note))


async def _areas_of(ctx: Context, request: StoryRequest) -> set[UUID]:
    """Return the areas that what is told of lay in then, and lies in now."""
    facts = (*request.facts, *request.previous)
    rows = {row for fact in facts for row in (fact.subject_id, fact.goal_id) if row is not None}
    then = {fact.area_id for fact in facts if fact.area_id is not None}
    return then | await planning.areas_around(ctx, rows)
