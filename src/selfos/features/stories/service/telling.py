"""Telling a story from its own recipe, and telling it again when its facts have changed."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from selfos.features.ai.schemas import Engine
from selfos.features.planning.events import GoalCompleted
from selfos.features.stories.composition import compose
from selfos.features.stories.events import StoryGenerated
from selfos.features.stories.facts import Fact, StoryDraft, StoryKind, StoryRequest
from selfos.features.stories.models import Story
from selfos.features.stories.releasing import release
from selfos.features.stories.schemas import StoryStatus
from selfos.features.stories.service.commissioning import Manuscript
from selfos.features.stories.service.gathering import ENDINGS, Person, gather
from selfos.kernel.context import Context
from selfos.kernel.identifiers import new_id

# Two hundred facts take some ten milliseconds; with more, a thread lets others be served meanwhile.
FACTS_TOLD_AT_ONCE = 200
TOLD_BY_RULES = "Told by the built-in rules from your events."
ALL_FAILED = "What the model wrote could not be proved."
HOW_MANY_FAILED = (
    "",
    " One sentence could not be proved; the rules told it instead, or left it out.",
    " {} sentences could not be proved; the rules told them instead, or left them out.",
)


def plan_story(
    person: Person,
    kind: StoryKind,
    period: tuple[date, date],
    *,
    goal_id: UUID | None = None,
) -> Story:
    """Return a story that is still to be told; the seed differs from period to period."""
    start, end = period
    return Story(
        id=new_id(),
        user_id=person.user_id,
        goal_id=goal_id,
        occasion=None,
        kind=kind,
        period_start=start,
        period_end=end,
        tone=person.tone,
        seed=start.toordinal(),
        status=StoryStatus.READY,
        title="",
        has_own_title=False,
        engine=Engine.RULES,
        engine_note="",
        sentences=[],
        sources=[],
        rating=None,
        regeneration_count=0,
        trigger_event_id=None,
        deleted_at=None,
    )


async def tell(
    ctx: Context, person: Person, story: Story, manuscript: Manuscript | None = None
) -> bool:
    """Tell a story as things stand now; returns False, changing nothing, if nothing is left."""
    request = await request_for(ctx, person, story)
    if story.is_of_reached_goal and GoalCompleted.type not in {f.type for f in request.facts}:
        return False
    draft = await told(request, manuscript)
    if not draft.sentences:
        return False
    accept(ctx, story, request, draft)
    return True


def accept(ctx: Context, story: Story, request: StoryRequest, draft: StoryDraft) -> None:
    """Keep a released draft, and say so if it says something else than before."""
    is_new = story.take(draft, (*request.facts, *request.previous))
    story.tone = request.tone
    ctx.session.add(story)
    if is_new:
        story.trigger_event_id = ctx.draft.cause or story.trigger_event_id
        event = StoryGenerated(story_id=story.id, user_id=story.user_id, goal_id=story.goal_id)
        ctx.emit(event)
    ctx.describe(f"Told the story “{story.title}”")


async def request_for(ctx: Context, person: Person, story: Story) -> StoryRequest:
    """Return all the story may know: the facts of its period that still stand.

    Only a period that is over is compared with the one before.
    """
    start, end = story.period_start, story.period_end
    facts = await gather(ctx, person, start, end, story.goal_id)
    previous: tuple[Fact, ...] = ()
    if story.goal_id is None and end < person.time.today(ctx.now):
        before = start - timedelta(days=1)
        previous = await gather(ctx, person, before - (end - start), before)
    return StoryRequest(
        kind=story.kind,
        period_start=start,
        period_end=end,
        tone=person.tone,
        person_name=person.name,
        facts=facts,
        seed=story.seed,
        previous=previous,
    )


async def told(request: StoryRequest, manuscript: Manuscript | None = None) -> StoryDraft:
    """Return the released story, what a model wrote first; no sentences where nothing was done."""
    if not any(fact.is_deed or fact.type in ENDINGS for fact in request.facts):
        return StoryDraft(title="", sentences=())
    if len(request.facts) <= FACTS_TOLD_AT_ONCE:
        return _tell(request, manuscript)
    return await asyncio.to_thread(_tell, request, manuscript)


def _tell(request: StoryRequest, manuscript: Manuscript | None) -> StoryDraft:
    by_rules = "" if manuscript is None else manuscript.why_not
    if manuscript is not None and manuscript.draft is not None:
        released = release(manuscript.draft, request)
        failed = released.replaced + released.dropped
        if failed < len(manuscript.draft.sentences):
            more = HOW_MANY_FAILED[min(failed, 2)].format(failed)
            return replace(released.draft, engine_note=f"{released.draft.engine_note}{more}")
        by_rules = ALL_FAILED
    draft = release(compose(request), request).draft
    return replace(draft, engine_note=f"{TOLD_BY_RULES} {by_rules}") if by_rules else draft
