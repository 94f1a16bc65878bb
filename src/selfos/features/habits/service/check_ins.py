"""Recording what was done, and what was left out for a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from selfos.features.habits.documents import CHECK_INS
from selfos.features.habits.events import (
    CheckInUpdated,
    HabitChecked,
    HabitSkipped,
    HabitUnchecked,
)
from selfos.features.habits.models import CheckIn, Habit
from selfos.features.habits.schemas.inputs import (
    CheckInCreate,
    CheckInQuery,
    CheckInUpdate,
    SkipCreate,
)
from selfos.features.habits.schemas.words import CheckInKind, HabitType, Period
from selfos.features.habits.service.habits import surroundings
from selfos.features.habits.service.loading import checkable, recorded_day, today_of
from selfos.features.planning import service as planning
from selfos.features.planning.schemas.words import PointSource
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.documents import Json, Order
from selfos.kernel.errors import Conflict, invalid
from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import Permission
from selfos.kernel.rows import missing

# Back-filling is free for this long; a record written later says that it was.
FREE_BACKFILL = timedelta(days=7)


async def list_check_ins(ctx: Context, habit_id: UUID, query: CheckInQuery) -> Json:
    """Return one page of a habit's records, the latest day first."""
    ctx.require(Permission.HABIT_READ)
    await rows.get(ctx, Habit, habit_id)
    conditions = [CheckIn.habit_id == habit_id]
    if query.day is not None:
        conditions.append(CheckIn.day == query.day)
    order = Order((CheckIn.day,), descending=True)
    return await CHECK_INS.page(ctx, query, *conditions, order=order)


async def checked_at(ctx: Context, since: date) -> list[tuple[UUID, date, datetime]]:
    """Return for each of my records since a day its habit, its day, and when it was written."""
    ctx.require(Permission.HABIT_READ)
    mine = select(Habit.id).where(Habit.user_id == ctx.user_id)
    found: Any = await ctx.session.execute(
        select(CheckIn.habit_id, CheckIn.day, CheckIn.created_at).where(
            CheckIn.day >= since, CheckIn.kind == CheckInKind.LOG, CheckIn.habit_id.in_(mine)
        )
    )
    return [tuple(row) for row in found]


async def check_habit(ctx: Context, habit_id: UUID, new: CheckInCreate) -> CheckIn:
    """Record something done for a day; amounts of one day add up."""
    ctx.require(Permission.HABIT_WRITE)
    habit = await checkable(ctx, habit_id)
    day = await recorded_day(ctx, habit, new.day)
    amount = habit.amount_of(new.amount)
    await _refuse_second_tick(ctx, habit, day)
    late = await _is_late(ctx, habit, day)
    return await _check(ctx, habit, new, day=day, amount=amount, late=late)


async def skip_habit(ctx: Context, habit_id: UUID, skip: SkipCreate) -> CheckIn:
    """Leave one day out for a reason; it neither extends nor breaks a streak."""
    ctx.require(Permission.HABIT_WRITE)
    habit = await checkable(ctx, habit_id)
    day = await recorded_day(ctx, habit, skip.day)
    if await _count(ctx, habit, day, CheckInKind.SKIP):
        raise Conflict("This day is skipped already.")
    return _skip(ctx, habit, skip, day=day, late=await _is_late(ctx, habit, day))


async def record_days(
    ctx: Context, habit_id: UUID, records: Sequence[CheckInCreate | SkipCreate]
) -> None:
    """Record a run of days at once; the caller names each day, and each only once."""
    ctx.require(Permission.HABIT_WRITE)
    habit = await checkable(ctx, habit_id)
    today = await today_of(ctx, habit.user_id)
    for record in records:
        day = record.day or today
        late = day < today - FREE_BACKFILL
        if isinstance(record, SkipCreate):
            _skip(ctx, habit, record, day=day, late=late)
        else:
            amount = habit.amount_of(record.amount)
            await _check(ctx, habit, record, day=day, amount=amount, late=late)


async def keep_in_time(
    ctx: Context, habit_id: UUID, records: Mapping[UUID, tuple[date, float]]
) -> None:
    """Make these the records that something else keeps of a habit, each with its day and minutes.

    Nothing is recorded for no minutes, and nothing at all of a habit that was put away meanwhile.
    """
    ctx.require(Permission.HABIT_WRITE)
    habit = await rows.find(ctx, Habit, habit_id)
    if habit is None or habit.archived_at is not None or habit.deleted_at is not None:
        return
    found = {
        each.id: each
        for each in await ctx.session.scalars(select(CheckIn).where(CheckIn.id.in_(records)))
    }
    today = await today_of(ctx, habit.user_id)
    for record_id, (day, minutes) in records.items():
        check_in = found.get(record_id)
        if check_in is None:
            if minutes:
                new = CheckInCreate(day=day, amount=minutes)
                late = day < today - FREE_BACKFILL
                await _check(
                    ctx, habit, new, day=day, amount=minutes, late=late, record_id=record_id
                )
        elif not minutes:
            await _take_back(ctx, habit, check_in)
        elif check_in.amount != minutes:
            check_in.amount = minutes
            await _corrected(ctx, habit, check_in)


async def update_check_in(
    ctx: Context, habit_id: UUID, check_in_id: UUID, change: CheckInUpdate
) -> CheckIn:
    """Correct one record."""
    ctx.require(Permission.HABIT_WRITE)
    habit, check_in = await _record(ctx, habit_id, check_in_id)
    given = change.given()
    if not given:
        return check_in
    if "amount" in given:
        if check_in.kind is CheckInKind.SKIP:
            raise invalid("/amount", "A skipped day has no amount.")
        check_in.amount = habit.amount_of(change.amount)
    if "day" in given and change.day != check_in.day:
        day = await recorded_day(ctx, habit, change.day)
        if check_in.kind is CheckInKind.LOG:
            await _refuse_second_tick(ctx, habit, day)
        check_in.day = day
    if "note" in given:
        check_in.note = change.note
    check_in.late = check_in.late or await _is_late(ctx, habit, check_in.day)
    if given.keys() & {"amount", "day"}:
        await _corrected(ctx, habit, check_in)
    else:
        ctx.emit(CheckInUpdated(**_facts(habit, check_in)))
    ctx.describe(f"Corrected “{habit.title}”")
    return check_in


async def uncheck_habit(ctx: Context, habit_id: UUID, check_in_id: UUID) -> None:
    """Take one record back."""
    ctx.require(Permission.HABIT_WRITE)
    habit, check_in = await _record(ctx, habit_id, check_in_id)
    ctx.describe(f"Took a record of “{habit.title}” back")
    await _take_back(ctx, habit, check_in)


async def _take_back(ctx: Context, habit: Habit, check_in: CheckIn) -> None:
    await ctx.session.delete(check_in)
    ctx.emit(HabitUnchecked(**_facts(habit, check_in)))
    await planning.remove_data_points(ctx, check_in.id)


async def _corrected(ctx: Context, habit: Habit, check_in: CheckIn) -> None:
    """Tell that a record counts otherwise now, and let its goal follow."""
    ctx.emit(CheckInUpdated(**_facts(habit, check_in)))
    await planning.remove_data_points(ctx, check_in.id)
    await _feed_goal(ctx, habit, check_in)


async def _feed_goal(ctx: Context, habit: Habit, check_in: CheckIn) -> None:
    """Move the linked goal by what was done, in the same transaction."""
    if habit.goal_id is not None and check_in.amount > 0:
        await planning.record_data_point(
            ctx,
            habit.goal_id,
            check_in.day,
            check_in.amount * habit.goal_amount,
            source=PointSource.HABIT,
            source_id=check_in.id,
        )


async def _check(
    ctx: Context,
    habit: Habit,
    new: CheckInCreate,
    *,
    day: date,
    amount: float,
    late: bool,
    record_id: UUID | None = None,
) -> CheckIn:
    check_in = CheckIn(
        workspace_id=ctx.workspace_id,
        id=record_id or new.id or new_id(),
        habit_id=habit.id,
        day=day,
        kind=CheckInKind.LOG,
        amount=amount,
        note=new.note,
        late=late,
    )
    ctx.session.add(check_in)
    ctx.emit(HabitChecked(**_facts(habit, check_in)))
    ctx.describe(f"Checked “{habit.title}”")
    await _feed_goal(ctx, habit, check_in)
    return check_in


def _skip(ctx: Context, habit: Habit, skip: SkipCreate, *, day: date, late: bool) -> CheckIn:
    check_in = CheckIn(
        workspace_id=ctx.workspace_id,
        id=skip.id or new_id(),
        habit_id=habit.id,
        day=day,
        kind=CheckInKind.SKIP,
        amount=0.0,
        note=skip.reason,
        late=late,
    )
    ctx.session.add(check_in)
    ctx.emit(HabitSkipped(**surroundings(habit), check_in_id=check_in.id, day=day))
    ctx.describe(f"Skipped “{habit.title}”")
    return check_in


async def _record(ctx: Context, habit_id: UUID, check_in_id: UUID) -> tuple[Habit, CheckIn]:
    habit = await checkable(ctx, habit_id)
    check_in = await rows.find(ctx, CheckIn, check_in_id)
    if check_in is None or check_in.habit_id != habit.id:
        raise missing("check-in")
    ctx.expect(check_in)
    return habit, check_in


async def _refuse_second_tick(ctx: Context, habit: Habit, day: date) -> None:
    """Raise Conflict when a day that is ticked once, or so many times, has all its ticks."""
    if habit.type is not HabitType.YES_NO:
        return
    enough = habit.times if habit.period is Period.DAY else 1
    if await _count(ctx, habit, day, CheckInKind.LOG) >= enough:
        raise Conflict("This day is checked already.")


async def _count(ctx: Context, habit: Habit, day: date, kind: CheckInKind) -> int:
    found = await ctx.session.scalar(
        select(func.count(CheckIn.id)).where(
            CheckIn.habit_id == habit.id, CheckIn.day == day, CheckIn.kind == kind
        )
    )
    return found or 0


async def _is_late(ctx: Context, habit: Habit, day: date) -> bool:
    return day < await today_of(ctx, habit.user_id) - FREE_BACKFILL


def _facts(habit: Habit, check_in: CheckIn) -> dict[str, Any]:
    return {
        **surroundings(habit),
        "check_in_id": check_in.id,
        "day": check_in.day,
        "amount": check_in.amount,
    }
