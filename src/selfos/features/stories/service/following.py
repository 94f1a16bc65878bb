"""Following what happens: each week's story and each reached goal's, told unasked.

Every event is handled exactly once; a story is told only for the newest of those that wait, from
all that has happened by then. So a burst of completions costs a telling or two, not one each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Text,
    and_,
    any_,
    column,
    exists,
    func,
    inspect,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import JSONB

from selfos.features.history.events import ChangesetUndone
from selfos.features.planning.events import (
    AreaDeleted,
    AreaRestored,
    GoalCompleted,
    GoalDeleted,
    GoalReopened,
    GoalRestored,
    ProjectDeleted,
    ProjectRestored,
    SeriesFinished,
    TaskCompleted,
    TaskDeleted,
    TaskReopened,
    TaskRestored,
)
from selfos.features.stories.facts import StoryKind
from selfos.features.stories.models import Story
from selfos.features.stories.schemas import StoryStatus
from selfos.features.stories.service.gathering import (
    ENDINGS,
    TOLD_TYPES,
    Person,
    gather_goal,
    in_changeset,
    person_of,
)
from selfos.features.stories.service.telling import plan_story, tell
from selfos.kernel.context import Context, act_for
from selfos.kernel.events import Event
from selfos.kernel.ledger.models import Change, Changeset, EventRecord, Receipt
from selfos.kernel.turns import take_turn

# After any of these a story may say too little or too much.
FOLLOWED: tuple[type[Event], ...] = (
    TaskCompleted, TaskReopened, TaskDeleted, TaskRestored,
    GoalCompleted, GoalReopened, GoalDeleted, GoalRestored, ProjectDeleted, ProjectRestored,
    AreaDeleted, AreaRestored, SeriesFinished, ChangesetUndone,
)  # fmt: skip
HANDLER_PREFIX = "stories.tell."
WEEK = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class _Cause:
    """The event being handled, and its place in the order of all."""

    event_id: UUID
    changeset_id: UUID
    seq: int
    position: int


async def follow(ctx: Context) -> None:
    """Bring up to date every story that the event being handled bears on."""
    cause = await _cause(ctx)
    if await _newer_waits(ctx, cause, EventRecord.changeset_id == cause.changeset_id):
        return
    touched = await _touched(ctx, cause)
    for user_id in sorted({event.user_id for event in touched}):
        mine = await act_for(ctx, user_id)
        await _hold(mine)
        person = await person_of(mine, user_id)
        if person is not None:
            events = [event for event in touched if event.user_id == user_id]
            await _follow_person(mine, person, cause, events)


async def _follow_person(
    ctx: Context, person: Person, cause: _Cause, events: Sequence[Any]
) -> None:
    weeks = {person.time.week_of(person.day_of(event)) for event in events}
    told: set[UUID] = set()
    for week in sorted(weeks):
        if not await _newer_waits(ctx, cause, *_ends_in(person, week)):
            told |= await tell_week(ctx, person, week)
    for goal_id in sorted({e.aggregate_id for e in events if e.type == GoalCompleted.type}):
        told |= await tell_goal(ctx, person, goal_id)
    cited = {event.id for event in events} - {cause.event_id}
    for story in await _citing(ctx, person, cited) if cited else ():
        if story.id not in told:
            await _retell(ctx, person, story)


async def tell_week(ctx: Context, person: Person, week: date) -> set[UUID]:
    """Tell this person's week, a draft until it is over; returns the story's id if there is one."""
    occasion = f"week:{week}"
    story = await _find(ctx, person, occasion)
    if story is None:
        story = plan_story(person, StoryKind.SUMMARY, (week, week + WEEK))
        _identify(ctx, story, occasion)
    return await _retell(ctx, person, story)


async def tell_goal(ctx: Context, person: Person, goal_id: UUID) -> set[UUID]:
    """Tell the way to a goal this person reached; returns the story's id if there is one."""
    occasion = f"goal:{goal_id}"
    story = await _find(ctx, person, occasion)
    facts = await gather_goal(ctx, person, goal_id)
    reached = [fact.local_day for fact in facts if fact.type == GoalCompleted.type]
    if reached:
        period = min(fact.local_day for fact in facts), reached[-1]
        if story is None:
            story = plan_story(person, StoryKind.ACHIEVEMENT, period, goal_id=goal_id)
            _identify(ctx, story, occasion)
        story.period_start, story.period_end = period
    return await _retell(ctx, person, story) if story else set()


async def finish_week(ctx: Context, story_id: UUID) -> None:
    """Tell a week's draft for the last time, if the week is over for the acting user."""
    await _hold(ctx)
    story = await ctx.session.scalar(select(Story).where(Story.id == story_id))
    if story is None or story.status is StoryStatus.READY or story.deleted_at is not None:
        return
    person = await person_of(ctx, story.user_id)
    if person is None:
        story.status = StoryStatus.READY
    elif story.period_end < person.time.today(ctx.now):
        await _retell(ctx, person, story)


async def _retell(ctx: Context, person: Person, story: Story) -> set[UUID]:
    """Tell a story unless the reader threw it away; delete it if nothing is left to tell."""
    if story.deleted_at is not None:
        return {story.id}
    if await tell(ctx, person, story):
        is_over = story.period_end < person.time.today(ctx.now)
        story.status = StoryStatus.DRAFT if story.is_weekly and not is_over else StoryStatus.READY
    elif inspect(story).persistent:
        await ctx.session.delete(story)
        ctx.describe(f"Took the story “{story.title}” back")
    return {story.id}


async def _cause(ctx: Context) -> _Cause:
    found = await ctx.session.execute(
        select(EventRecord.id, EventRecord.changeset_id, Changeset.seq, EventRecord.position)
        .join(Changeset, in_changeset)
        .where(EventRecord.id == ctx.draft.cause)
    )
    return _Cause(*found.one())


async def _newer_waits(ctx: Context, cause: _Cause, *conditions: ColumnElement[bool]) -> bool:
    """Tell whether a later event such as this will be handled, and will tell all we would."""
    handled = exists().where(
        Receipt.workspace_id == EventRecord.workspace_id,
        Receipt.event_id == EventRecord.id,
        Receipt.handler == func.concat(HANDLER_PREFIX, EventRecord.type),
    )
    newer = (
        select(EventRecord.id)
        .join(Changeset, in_changeset)
        .where(
            EventRecord.type.in_([event.type for event in FOLLOWED]),
            tuple_(Changeset.seq, EventRecord.position) > (cause.seq, cause.position),
            ~handled,
            *conditions,
        )
    )
    return bool(await ctx.session.scalar(select(newer.exists())))


def _ends_in(person: Person, week: date) -> tuple[ColumnElement[bool], ...]:
    """Conditions for this person's completions in a week: each will have the week told."""
    written = EventRecord.payload["on"].astext
    last = week + WEEK
    return (
        EventRecord.type.in_(ENDINGS),
        or_(
            written.between(week.isoformat(), last.isoformat()),
            and_(
                written.is_(None),
                EventRecord.at >= person.opening(week),
                EventRecord.at < person.opening(last + timedelta(days=1)),
            ),
        ),
        Changeset.user_id == person.user_id,
    )


async def _touched(ctx: Context, cause: _Cause) -> Sequence[Any]:
    """Return the events that speak about any row which the cause's changeset changed."""
    rows = select(Change.entity_id).where(Change.changeset_id == cause.changeset_id)
    found = await ctx.session.execute(
        select(
            EventRecord.id,
            EventRecord.type,
            EventRecord.aggregate_id,
            EventRecord.payload,
            EventRecord.at,
            Changeset.user_id,
        )
        .join(Changeset, in_changeset)
        .where(
            EventRecord.type.in_(TOLD_TYPES),
            EventRecord.aggregate_id.in_(rows),
            Changeset.user_id.is_not(None),
        )
    )
    return found.all()


def _identify(ctx: Context, story: Story, occasion: str) -> None:
    """Say what a story is told of; taken back and told again, it is found where it was."""
    story.id = uuid5(ctx.workspace_id, f"{story.user_id} {occasion}")
    story.occasion = occasion


async def _find(ctx: Context, person: Person, occasion: str) -> Story | None:
    return await ctx.session.scalar(
        select(Story)
        .where(Story.user_id == person.user_id, Story.occasion == occasion)
        .with_for_update()
    )


async def _citing(ctx: Context, person: Person, event_ids: set[UUID]) -> Sequence[Story]:
    """Return this person's stories that rest on any of these events."""
    source = (
        func.jsonb_array_elements(Story.sources)
        .table_valued(column("value", JSONB))
        .render_derived(name="source")
    )
    cited = source.c.value["event_id"].astext
    wanted = literal([str(event_id) for event_id in event_ids], ARRAY(Text()))
    rests = select(literal(1)).select_from(source).where(cited == any_(wanted))
    found = await ctx.session.scalars(
        select(Story)
        .where(Story.user_id == person.user_id, rests.correlate(Story).exists())
        .order_by(Story.id)
        .with_for_update()
    )
    return found.all()


async def _hold(ctx: Context) -> None:
    """Let nobody else tell the acting user's stories here until this transaction ends."""
    await take_turn(ctx, f"stories:{ctx.workspace_id}:{ctx.user_id}")
