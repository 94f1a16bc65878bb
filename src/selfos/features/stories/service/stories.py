"""Showing stories, telling them on request, rating them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Text, column, func, literal, select
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from selfos.features.stories.events import StoryRated
from selfos.features.stories.facts import StoryKind
from selfos.features.stories.models import Story
from selfos.features.stories.schemas import (
    StoryGenerate,
    StoryQuery,
    StoryUpdate,
    Whose,
)
from selfos.features.stories.service.commissioning import Commission, Manuscript, commission
from selfos.features.stories.service.gathering import Person, gather_goal, person_of
from selfos.features.stories.service.telling import accept, plan_story, request_for, tell, told
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.documents import Document, Documents, Json, Order
from selfos.kernel.errors import Conflict, Invalid, invalid
from selfos.kernel.ledger.models import Change, EventRecord
from selfos.kernel.permissions import Permission

# Few facts leave few ways to say them; after so many seeds the words stay as they are.
SEEDS_TRIED = 12
NOTHING = "Nothing was completed in this time, so there is nothing to tell yet."

_sentence = (
    func.jsonb_array_elements(Story.sentences)
    .table_valued(column("value", JSONB), with_ordinality="place")
    .render_derived(name="sentence")
)
_text = (
    select(
        func.coalesce(
            func.string_agg(
                _sentence.c.value["text"].astext,
                aggregate_order_by(sql_cast(literal(" "), Text), _sentence.c.place),
            ),
            "",
        )
    )
    .correlate(Story)
    .scalar_subquery()
)
_trigger = (
    select(func.json_build_object("event_id", EventRecord.id, "type", EventRecord.type))
    .where(EventRecord.workspace_id == Story.workspace_id, EventRecord.id == Story.trigger_event_id)
    .correlate(Story)
    .scalar_subquery()
)
STORIES = Documents(
    Story,
    {
        "id": Story.id,
        "user_id": Story.user_id,
        "goal_id": Story.goal_id,
        "title": Story.title,
        "period_start": Story.period_start,
        "period_end": Story.period_end,
        "kind": Story.kind,
        "engine": Story.engine,
        "engine_note": Story.engine_note,
        "status": Story.status,
        "sentences": Story.sentences,
        "text": _text,
        "rating": Story.rating,
        "regeneration_count": Story.regeneration_count,
        "trigger": _trigger,
        "sources": Story.sources,
        "created_at": Story.created_at,
        "updated_at": Story.updated_at,
        "deleted_at": Story.deleted_at,
        "version": Story.version,
    },
)


async def list_stories(ctx: Context, query: StoryQuery) -> Json:
    """Return one page of stories, the latest period first; by default the acting user's."""
    ctx.require(Permission.STORY_READ)
    conditions: list[ColumnElement[bool]] = [Story.deleted_at.is_(None)]
    if query.whose is Whose.MINE:
        conditions.append(Story.user_id == ctx.user_id)
    if query.kind is not None:
        conditions.append(Story.kind == query.kind)
    if query.goal_id is not None:
        conditions.append(Story.goal_id == query.goal_id)
    order = Order((Story.period_end,), descending=True)
    return await STORIES.page(ctx, query, *conditions, order=order)


async def get_story(ctx: Context, story_id: UUID) -> Document:
    """Return one story as shown, also a deleted one."""
    ctx.require(Permission.STORY_READ)
    return await STORIES.one(ctx, story_id)


async def commission_story(ctx: Context, wanted: StoryGenerate) -> Commission | None:
    """Prepare to have a model write what `generate_story_content` would tell."""
    person, story = await _planned(ctx, wanted)
    return await commission(ctx, await request_for(ctx, person, story))


async def generate_story_content(
    ctx: Context, wanted: StoryGenerate, manuscript: Manuscript | None = None
) -> Story:
    """Tell what the acting user did; without dates this week so far, or a goal's whole way.

    What a model wrote comes first, as far as it is proved. Raises Invalid where nothing was done.
    """
    person, story = await _planned(ctx, wanted)
    if not await tell(ctx, person, story, manuscript):
        raise Invalid(NOTHING)
    return story


async def commission_other_words(ctx: Context, story_id: UUID) -> Commission | None:
    """Prepare to have a model write what `regenerate_story` would tell."""
    ctx.require(Permission.STORY_WRITE)
    story = await rows.get(ctx, Story, story_id)
    story.require_kept()
    person = await _teller(ctx, story.user_id, story)
    request = await request_for(ctx, person, story)
    return await commission(ctx, replace(request, seed=story.seed + 1))


async def regenerate_story(
    ctx: Context, story_id: UUID, manuscript: Manuscript | None = None
) -> Story:
    """Tell a story again in other words, a model's first, from the facts that stand now."""
    story = await _changeable(ctx, story_id)
    person = await _teller(ctx, story.user_id, story)
    request = await request_for(ctx, person, story)
    for seed in range(story.seed + 1, story.seed + 1 + SEEDS_TRIED):
        story.seed = seed
        request = replace(request, seed=seed)
        draft = await told(request, manuscript)
        if not draft.sentences:
            raise Invalid(NOTHING)
        if [said.text for said in draft.sentences] != [said["text"] for said in story.sentences]:
            accept(ctx, story, request, draft)
            break
        manuscript = None
    story.regeneration_count += 1
    ctx.describe(f"Told the story “{story.title}” again")
    return story


async def update_story(ctx: Context, story_id: UUID, patch: StoryUpdate) -> Story:
    """Give a story the reader's own title, or say what they think of it."""
    story = await _changeable(ctx, story_id)
    given = patch.given()
    if "title" in given:
        story.rename(given["title"])
    if "rating" in given:
        story.rating = given["rating"]
        ctx.emit(StoryRated(story_id=story.id, rating=story.rating))
    ctx.describe(f"Changed the story “{story.title}”")
    return story


async def delete_story(ctx: Context, story_id: UUID) -> None:
    """Throw a story away; what is told unasked will not be told again."""
    story = await _changeable(ctx, story_id)
    story.deleted_at = ctx.now
    ctx.describe(f"Deleted the story “{story.title}”")


async def _planned(ctx: Context, wanted: StoryGenerate) -> tuple[Person, Story]:
    ctx.require(Permission.STORY_WRITE)
    person = await _teller(ctx, ctx.user_id)
    if wanted.goal_id is not None:
        await _require_goal(ctx, wanted.goal_id)
    kind = StoryKind.SUMMARY if wanted.goal_id is None else StoryKind.ACHIEVEMENT
    period = await _period(ctx, person, wanted)
    return person, plan_story(person, wanted.kind or kind, period, goal_id=wanted.goal_id)


async def _changeable(ctx: Context, story_id: UUID) -> Story:
    ctx.require(Permission.STORY_WRITE)
    story = await rows.get(ctx, Story, story_id, lock=True)
    ctx.expect(story)
    story.require_kept()
    return story


async def _require_goal(ctx: Context, goal_id: UUID) -> None:
    goal = select(Change.id).where(Change.entity == "goal", Change.entity_id == goal_id)
    if not await ctx.session.scalar(select(goal.exists())):
        raise invalid("/goal_id", "There is no such goal.")


async def _teller(ctx: Context, user_id: UUID, story: Story | None = None) -> Person:
    person = await person_of(ctx, user_id, story.tone if story else None)
    if person is None:
        raise Conflict("The person this story is about has left.")
    return person


async def _period(ctx: Context, person: Person, wanted: StoryGenerate) -> tuple[date, date]:
    today = person.time.today(ctx.now)
    start, end = wanted.period_start, wanted.period_end or today
    if start is None and wanted.goal_id is not None:
        facts = await gather_goal(ctx, person, wanted.goal_id)
        start = min((fact.local_day for fact in facts if fact.local_day <= end), default=end)
    start = start or person.time.week_of(end)
    if start > end:
        raise invalid("/period_start", "The period ends before it starts.")
    return start, end
