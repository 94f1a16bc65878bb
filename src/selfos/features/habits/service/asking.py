"""What habits can be asked for in the filter language, and the lists that answer.

Whatever follows from check-ins is reckoned when it is asked for, for all habits at once, and laid
beside their rows: nothing of it is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    Double,
    Integer,
    Text,
    and_,
    func,
    or_,
    true,
)

from selfos.features.habits.documents import HABITS
from selfos.features.habits.models import Habit
from selfos.features.habits.reckoning import Reckoning
from selfos.features.habits.schemas.inputs import HabitQuery
from selfos.features.habits.schemas.words import HabitType, Period, Verdict, Whose, Window
from selfos.features.habits.service.days import STRENGTH_DIGITS, show_on_day
from selfos.features.habits.service.gathering import Gathered, gather_all
from selfos.features.planning.service import asking
from selfos.features.planning.service.asking import (
    Asked,
    Asker,
    Condition,
    Fields,
    Filter,
    Wanted,
    always,
)
from selfos.kernel.context import Context
from selfos.kernel.documents import Json, Order, assemble
from selfos.kernel.permissions import Permission
from selfos.kernel.searching import documents_about

Words = dict[tuple[str, str], Callable[[Asker], Condition]]
# What today has become, by the word that asks for it.
VERDICTS = {
    "done": Verdict.DONE,
    "missed": Verdict.MISSED,
    "open": Verdict.OPEN,
    "paused": Verdict.PAUSED,
    "skipped": Verdict.SKIPPED,
}
# What must be reckoned before it can be asked for.
RECKONED = ("streak", "strength", "done", "is:due", *(f"is:{word}" for word in VERDICTS))


async def list_asked(ctx: Context, query: HabitQuery, text: str) -> Json:
    """Return one page of a filter's habits, all its sections in one list."""

    async def fields(chosen: Filter) -> Fields:
        if not asking.asks_for(chosen, *RECKONED):
            return HABIT_FIELDS
        return habit_fields(
            {each.id: each.reckoning for each in await _candidates(ctx, chosen, query)}
        )

    wanted = await asking.read_for(ctx, text, fields, pointer="/query/q")
    query = query.model_copy(update=wanted.overruled(query.include))
    conditions = (or_(*_sections(ctx, wanted, query.whose)), *listed(query))
    return await asking.show_page(ctx, HABITS, query, wanted, *conditions, otherwise=Order())


async def ask_habits(ctx: Context, chosen: Filter, asker: Asker) -> Asked:
    """Return a filter of habits ready to be looked at, each as it stands today."""
    ctx.require(Permission.HABIT_READ)
    habits = {each.id: each for each in await _candidates(ctx, chosen, HabitQuery())}
    fields = habit_fields({habit_id: each.reckoning for habit_id, each in habits.items()})
    wanted = Wanted(chosen, fields, asker)
    kept = listed(HabitQuery(include=wanted.overruled(None).get("include")))
    sections = [and_(section, *kept) for section in _sections(ctx, wanted, None)]

    def shown(rows: Sequence[tuple[Json, tuple[Any, ...]]]) -> list[Json]:
        # One that was made since they were reckoned is there when it is asked again.
        return [show_on_day(habits[keys[-1]]) for _, keys in rows if keys[-1] in habits]

    return Asked(wanted, HABITS, sections, Order(), shown)


async def find_on_today(ctx: Context, text: str, *, limit: int) -> Json:
    """Return the first of a filter's habits, each as it stands today."""
    wanted = await asking.read_for(ctx, text, HABIT_FIELDS, pointer="/q")
    asked = await ask_habits(ctx, wanted.chosen, wanted.asker)
    query = HabitQuery(limit=min(limit, wanted.chosen.limit or limit))
    order = asked.wanted.order(otherwise=asked.otherwise)
    found = await HABITS.stretch(ctx, HABITS.listing(query, or_(*asked.sections), order=order))
    return assemble({"habits": asked.shown(found.rows), "more": found.next_cursor is not None})


def listed(query: HabitQuery) -> list[ColumnElement[bool]]:
    """Return which habits a list is about, whosever they are."""
    conditions: list[ColumnElement[bool]] = []
    if query.include != "deleted":
        conditions.append(Habit.deleted_at.is_(None))
    if query.include != "archived":
        conditions.append(Habit.archived_at.is_(None))
    if query.area_id is not None:
        conditions.append(Habit.area_id == query.area_id)
    if query.goal_id is not None:
        conditions.append(Habit.goal_id == query.goal_id)
    return conditions


def _sections(ctx: Context, wanted: Wanted, whose: Whose | None) -> Sequence[ColumnElement[bool]]:
    """Return the sections of a filter: mine, unless they say whose, or the list does."""
    mine = Habit.user_id == ctx.user_id
    sections = zip(wanted.chosen.sections, wanted.sections(), strict=True)
    return [
        condition if _is_for(section.where, whose) else and_(condition, mine)
        for section, condition in sections
    ]


def _is_for(where: Any, whose: Whose | None) -> bool:
    """Tell whether a section may find other people's habits."""
    if whose is not None:
        return whose is Whose.ALL
    return asking.mentions(where, lambda node: isinstance(node, asking.Assignee))


async def _candidates(ctx: Context, chosen: Filter, query: HabitQuery) -> list[Gathered]:
    """Reckon all habits that a filter may find."""
    if query.include is None and asking.asks_for(chosen, "is:archived"):
        query = query.model_copy(update={"include": "archived"})
    conditions = listed(query)
    if not any(_is_for(section.where, query.whose) for section in chosen.sections):
        conditions.append(Habit.user_id == ctx.user_id)
    return await gather_all(ctx, *conditions)


def habit_fields(reckonings: Mapping[UUID, Reckoning]) -> Fields:
    """Return what habits can be asked for; where nothing was reckoned, that much is unknown."""

    def known(kind: Any, value: Callable[[Reckoning], Any]) -> ColumnElement[Any]:
        values = {habit: value(each) for habit, each in reckonings.items()}
        return asking.reckoned(Habit, kind, values)

    streak = known(Integer(), lambda each: each.streak.current)
    strength = known(Double(), lambda each: round(each.strength, STRENGTH_DIGITS))
    last_done = known(Date(), _last_done)
    return Fields(
        noun="habits",
        text=asking.text_in("habit", Habit),
        places={
            "area": asking.in_area(Habit.area_id),
            "goal": asking.toward_goal(Habit.goal_id),
        },
        words={
            **_words(),
            ("is", "due"): always(known(Boolean(), lambda each: each.due).is_(true())),
            **_verdicts(known(Text(), lambda each: str(each.today.verdict))),
        },
        days={
            "start": asking.PlannedDay(lambda _: Habit.start_day, Habit.start_day),
            "done": asking.PastDay(last_done),
            "created": asking.Instant(Habit.created_at),
            "updated": asking.Instant(Habit.updated_at),
        },
        numbers={"streak": streak, "strength": strength},
        sorts={
            "created": asking.by(Habit.created_at),
            "done": asking.by_day(last_done),
            "start": asking.by(Habit.start_day),
            "streak": asking.by(func.coalesce(streak, 0)),
            "strength": asking.by(func.coalesce(strength, 0.0)),
            "title": asking.by(func.lower(Habit.title, type_=Text())),
            "updated": asking.by(Habit.updated_at),
        },
        groups=asking.in_area_and_goal(Habit.area_id, Habit.goal_id),
        assignee=asking.whose(Habit.user_id),
    )


def _last_done(reckoning: Reckoning) -> date | None:
    done = (judged.day for judged in reckoning.days if judged.verdict is Verdict.DONE)
    return max(done, default=None)


def _verdicts(verdict: ColumnElement[str]) -> Words:
    return {("is", word): always(verdict == str(meant)) for word, meant in VERDICTS.items()}


def _words() -> Words:
    there = {
        "area": Habit.area_id.is_not(None),
        "goal": Habit.goal_id.is_not(None),
        "note": or_(Habit.description != "", asking.found(documents_about("note", "habit", Habit))),
    }
    return {
        ("is", "archived"): always(Habit.archived_at.is_not(None)),
        ("is", "habit"): always(true()),
        ("is", "shared"): asking.shared,
        ("has", "comment"): always(asking.found(documents_about("comment", "habit", Habit))),
        **{("has", word): always(condition) for word, condition in there.items()},
        **{("no", word): always(~condition) for word, condition in there.items()},
        ("schedule", "quota"): always(Habit.rule.is_(None)),
        ("schedule", "rule"): always(Habit.rule.is_not(None)),
        **{("period", word): always(Habit.period == word) for word in Period},
        **{("type", word): always(Habit.type == word) for word in HabitType},
        **{("window", word): always(Habit.window == word) for word in Window},
    }


# What can be asked for, where nothing has been reckoned.
HABIT_FIELDS = habit_fields({})
