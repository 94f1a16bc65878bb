"""Facts from what somebody does: goals they set and reach, habits they keep.

Each is a projection: it is written from how things stand when the event is handled, so that a
repeated or late event, and undo, leave what a timely one would have.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from selfos.features.habits import service as habits
from selfos.features.identity import service as identity
from selfos.features.memory.models import Fact
from selfos.features.memory.schemas import ME, FactKind, Origin, Source, SourceKind
from selfos.features.memory.service.profile import is_on
from selfos.features.memory.service.writing import Statement, embed_soon, take_turn, write
from selfos.features.planning import service as planning
from selfos.features.workspaces import service as workspaces
from selfos.kernel.context import Context, act_for
from selfos.kernel.ledger.models import ActorKind, Change, ChangeKind, Changeset, Door

# What comes in by these doors may have been written by somebody else.
FOREIGN_DOORS = frozenset({Door.IMPORT, Door.MCP, Door.ASSISTANT})
HAS_GOAL, REACHED, KEEPS = "has the goal", "reached the goal", "keeps the habit"
# The longest streaks that are worth a memory of their own, in the habit's own unit.
MARKS = (7, 30, 100, 365)


async def follow_goal(ctx: Context, goal_id: UUID) -> None:
    """Bring what memory says of a goal up to date, for whoever set it."""
    set_by = await _maker(ctx, "goal", goal_id)
    if set_by is None:
        return
    user_id, trusted = set_by
    mine = await act_for(ctx, user_id)
    if not await is_on(mine):
        return
    goal = await planning.find_goal(mine, goal_id)
    if goal is None:
        await _erase(mine, goal_id, HAS_GOAL, REACHED)
        return
    source = Source(SourceKind.GOAL, goal_id, trusted=trusted, area_id=goal.area_id)
    clock = await identity.user_time(mine)
    today = clock.today(mine.now)
    reached = clock.local_day(goal.completed_at) if goal.completed_at else None
    over = reached or (today if goal.deleted_at or goal.archived_at else None)
    set_on = clock.local_day(goal.created_at)
    await _project(mine, _goal_set(goal, source, set_on), until=over)
    if reached is None:
        await _erase(mine, goal_id, REACHED)
    else:
        await _project(mine, _goal_reached(goal, source, reached), until=None)


async def follow_undo(ctx: Context, changeset_id: UUID) -> None:
    """Bring up to date what memory says of every goal that a changeset touched."""
    touched = await ctx.session.scalars(
        select(Change.entity_id)
        .where(Change.changeset_id == changeset_id, Change.entity == "goal")
        .distinct()
    )
    for goal_id in sorted(touched):
        await follow_goal(ctx, goal_id)


async def follow_habit(ctx: Context, habit_id: UUID) -> None:
    """Remember the longest mark that a habit's best streak has passed; less is forgotten again."""
    kept = await habits.streak_of(ctx, habit_id)
    if kept is None or not await workspaces.is_active_member(ctx, kept.user_id):
        return
    mine = await act_for(ctx, kept.user_id)
    if not await is_on(mine):
        return
    passed = [mark for mark in MARKS if kept.streak.best >= mark]
    if not passed:
        await _erase(mine, habit_id, KEEPS)
        return
    text = f"Kept the habit “{kept.title}” {passed[-1]} {kept.streak.unit} in a row"
    source = Source(SourceKind.HABIT, habit_id, area_id=kept.area_id)
    await _project(mine, _event(KEEPS, text, source, kept.today), until=None)


def _goal_set(goal: Any, source: Source, since: date) -> Statement:
    until = f" by {goal.target_date.isoformat()}" if goal.target_date else ""
    stated = _event(HAS_GOAL, f"Has the goal “{goal.title}”{until}", source, since)
    return replace(stated, kind=FactKind.COMMITMENT)


def _goal_reached(goal: Any, source: Source, day: date) -> Statement:
    return _event(REACHED, f"Reached the goal “{goal.title}”", source, day)


def _event(predicate: str, text: str, source: Source, day: date) -> Statement:
    return Statement(
        subject=ME,
        predicate=predicate,
        text=text,
        kind=FactKind.EVENT,
        confidence=1.0,
        origin=Origin.RULES,
        source=source,
        since=day,
    )


async def _project(ctx: Context, stated: Statement, *, until: date | None) -> None:
    """Write a fact down once for each source and predicate, or let the one there is say this.

    What its person has corrected is theirs: it is left alone.
    """
    await take_turn(ctx)
    fact = await ctx.session.scalar(
        select(Fact)
        .where(Fact.source_id == stated.source.id, Fact.predicate == stated.predicate)
        .with_for_update()
    )
    if fact is None:
        fact = await write(ctx, stated)
        if fact is None:
            return
    if fact.superseded_by is not None:
        return
    if fact.text != stated.text:
        embed_soon(ctx)
    fact.text, fact.area_id = stated.text, stated.source.area_id
    fact.valid_to = None
    if until is not None:
        fact.end(until)
    await ctx.session.flush()


async def _erase(ctx: Context, source_id: UUID, *predicates: str) -> None:
    await ctx.session.execute(
        delete(Fact)
        .where(Fact.source_id == source_id, Fact.predicate.in_(predicates))
        .execution_options(synchronize_session=False)
    )


async def _maker(ctx: Context, entity: str, row_id: UUID) -> tuple[UUID, bool] | None:
    """Return who made a thing, and whether they wrote it themselves."""
    found = await ctx.session.execute(
        select(Changeset.user_id, Changeset.actor, Changeset.door)
        .join(
            Change,
            (Change.changeset_id == Changeset.id) & (Change.workspace_id == Changeset.workspace_id),
        )
        .where(
            Change.entity == entity, Change.entity_id == row_id, Change.kind == ChangeKind.CREATE
        )
        .order_by(Change.id)
        .limit(1)
    )
    row = found.one_or_none()
    if (
        row is None
        or row.user_id is None
        or not await workspaces.is_active_member(ctx, row.user_id)
    ):
        return None
    by_hand = row.actor is ActorKind.USER and row.door not in FOREIGN_DOORS
    return row.user_id, by_hand
