"""Gathering what recommendations rest on, and saying them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID

from selfos.features.ai import service as ai
from selfos.features.habits import service as habits
from selfos.features.habits.schemas.words import HabitType
from selfos.features.identity import service as identity
from selfos.features.insights.recommended import NEEDS, view_of
from selfos.features.insights.recommending import (
    AreaState,
    GoalState,
    HabitState,
    Recommended,
    better_times,
    goal_habits,
    next_goals,
    subject_of,
)
from selfos.features.insights.schemas import RecommendationsView
from selfos.features.planning import service as planning
from selfos.features.planning.schemas.words import GoalStatus
from selfos.features.progress import service as progress
from selfos.features.progress.schemas import StatsQuery
from selfos.kernel.context import Context
from selfos.kernel.permissions import Permission

DEED_DAYS, CHECK_IN_DAYS, WEEKS = 28, 90, 4
MOST = 3
# The latest goals; what was tried before them may be tried again.
MOST_READ = 500


async def recommend(ctx: Context) -> RecommendationsView:
    """Return what could come next for the acting person, and what is missing to say more."""
    ctx.require(Permission.INSIGHT_READ)
    clock = await identity.user_time(ctx)
    today = clock.today(ctx.now)
    goals = await planning.outcomes(ctx)
    books = await ai.playbooks_of([goal.title for goal in goals[-MOST_READ:]], today)
    playbooks = {goal.id: books.get(goal.title) for goal in goals}
    active = [each for each in goals if each.status is GoalStatus.ACTIVE and not each.archived_at]
    _, of_day = await habits.habits_on(ctx, None, clock=clock)
    fed = {UUID(each.shown["goal_id"]) for each in of_day if each.shown["goal_id"]}
    areas = await _areas(ctx, today, active)
    known: dict[UUID, list[str]] = defaultdict(list)
    for goal in goals:
        book = playbooks[goal.id]
        if goal.area_id is not None and book is not None:
            known[goal.area_id].append(book.area)
    found: list[Recommended] = [
        *next_goals(
            areas,
            {area.id: subject_of(area.name, known[area.id]) for area in areas},
            ai.playbook_ideas().values(),
            {book.key for book in playbooks.values() if book is not None},
        ),
        *list(goal_habits(await _goals(ctx, active, playbooks, fed)))[:MOST],
        *list(better_times(await _habits(ctx, clock, today, of_day)))[:MOST],
    ]
    items = [view_of(each) for each in found]
    said = {each.kind for each in items}
    return RecommendationsView(
        items=items, needs={kind: words for kind, words in NEEDS.items() if kind not in said}
    )


async def _areas(ctx: Context, today: date, active: Iterable[planning.Outcome]) -> list[AreaState]:
    since = today - timedelta(days=DEED_DAYS - 1)
    span = {"from": since.isoformat(), "to": today.isoformat()}
    stats = await progress.calculate_user_stats(ctx, StatsQuery.model_validate(span))
    with_goals = Counter(goal.area_id for goal in active)
    return [
        AreaState(each.area_id, each.name, each.meant or 0, each.deeds, with_goals[each.area_id])
        for each in stats.balance
    ]


async def _goals(
    ctx: Context,
    active: Iterable[planning.Outcome],
    playbooks: dict[UUID, ai.PlaybookIdea | None],
    fed: set[UUID],
) -> list[GoalState]:
    weeks = {each.goal_id: each.weeks[-WEEKS:] for each in await planning.throughputs(ctx)}
    return [
        GoalState(
            id=goal.id,
            title=goal.title,
            area_id=goal.area_id,
            weeks=len(weeks.get(goal.id, ())),
            weeks_moved=sum(done > 0 for done, _ in weeks.get(goal.id, ())),
            has_habit=goal.id in fed,
            playbook=playbooks[goal.id],
        )
        for goal in active
    ]


async def _habits(
    ctx: Context, clock: identity.UserTime, today: date, of_day: Sequence[habits.Gathered]
) -> list[HabitState]:
    hours: dict[UUID, list[int]] = defaultdict(list)
    for habit_id, day, at in await habits.checked_at(ctx, today - timedelta(days=CHECK_IN_DAYS)):
        if clock.local_day(at) == day:
            hours[habit_id].append(at.astimezone(clock.zone_at(at)).hour)
    return [
        HabitState(each.id, each.shown["title"], each.shown["reminder_times"], hours[each.id])
        for each in of_day
        if not HabitType(each.shown["type"]).is_limit
    ]
