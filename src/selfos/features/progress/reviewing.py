"""A year in cards. Pure: numbers in, cards out; of what there is too little, no card is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from selfos.features.progress.heat import level
from selfos.features.progress.schemas.charts import HeatDayView
from selfos.features.progress.schemas.reports import CitedView
from selfos.features.progress.schemas.stats import StatsView
from selfos.features.progress.schemas.years import BarView, CardKind, CardView, YearView
from selfos.features.progress.wording import counted

# With fewer days than these, a best month or a balance says nothing about somebody.
LITTLE_DAYS = 14
FEWEST_PLANS = 5
FEWEST_MONTHS = 2
BARS_SHOWN = 6
MINUTES_PER_HOUR = 60


@dataclass(frozen=True, slots=True)
class YearLived:
    """What is known of a year: its numbers by month, and what was done on each day."""

    year: int
    last: date
    over: bool
    stats: StatsView
    deeds: Mapping[date, int]


def review(lived: YearLived) -> YearView:
    """Return the cards of a year; a year of which nothing is known has one that says so."""
    active = sum(amount > 0 for amount in lived.deeds.values())
    little = active < LITTLE_DAYS
    cards = [_cover(lived, active)]
    if active:
        told = [_tasks(lived), _habits(lived), _focus(lived), _goals(lived)]
        if not little:
            told[1:1] = [_month(lived), _plans(lived)]
            told += [_areas(lived), _days(lived, active)]
        cards += [card for card in told if card is not None]
        cards.append(_end(little=little))
    return YearView(
        year=lived.year,
        first=lived.stats.first,
        last=lived.last,
        over=lived.over,
        little=little,
        cards=cards,
    )


def _card(
    kind: CardKind,
    title: str,
    sentence: str,
    *facts: tuple[str, float],
    figure: str | None = None,
    note: str | None = None,
    bars: Sequence[BarView] = (),
    days: Sequence[HeatDayView] = (),
) -> CardView:
    cited = [CitedView(name=name, value=value) for name, value in facts]
    return CardView(
        kind=kind, title=title, figure=figure, sentence=sentence, note=note, facts=cited,
        bars=list(bars), days=list(days),
    )  # fmt: skip


def _cover(lived: YearLived, active: int) -> CardView:
    title = f"Your {lived.year}" if lived.over else f"Your {lived.year} so far"
    if not active:
        return _card(CardKind.COVER, title, "Nothing is known of this year.")
    since = min(day for day, amount in lived.deeds.items() if amount)
    note = f"Up to {_day(lived.last)}." if not lived.over else None
    if since.month > 1:
        note = " ".join(filter(None, [f"What is known begins on {_day(since)}.", note]))
    return _card(
        CardKind.COVER, title, f"You did something on {counted(active, 'day')}.",
        ("days.active", active), note=note,
    )  # fmt: skip


def _tasks(lived: YearLived) -> CardView | None:
    done, stats = lived.stats.tasks.done, lived.stats
    if not done:
        return None
    facts: list[tuple[str, float]] = [("tasks.done", done)]
    sentence = f"{counted(done, 'task')} done."
    before = stats.previous.tasks.done
    if before and stats.since is not None and stats.since <= stats.previous.first:
        facts.append(("previous.tasks.done", before))
        sentence = f"{counted(done, 'task')} done, {before} in as many days before."
    most = max(each.tasks.done for each in stats.periods)
    bars = [
        BarView(label=f"{each.first:%b}", share=each.tasks.done / most, text=str(each.tasks.done))
        for each in stats.periods
    ]
    return _card(
        CardKind.TASKS, "Done", sentence, *facts, figure=str(done), bars=bars
    )  # fmt: skip


def _month(lived: YearLived) -> CardView | None:
    known = [each for each in lived.stats.periods if each.tasks.done]
    if len(known) < FEWEST_MONTHS:
        return None
    best = max(known, key=lambda each: each.tasks.done)
    amount = max(lived.deeds.values())
    day = next(on for on, done in sorted(lived.deeds.items()) if done == amount)
    return _card(
        CardKind.MONTH, "The fullest month", f"{counted(best.tasks.done, 'task')} in one month.",
        (f"periods.{best.first:%Y-%m}.tasks.done", best.tasks.done),
        figure=f"{best.first:%B}",
        note=f"The fullest day was {_day(day)}, with {counted(amount, 'deed')}.",
    )  # fmt: skip


def _plans(lived: YearLived) -> CardView | None:
    tasks = lived.stats.tasks
    if tasks.planned < FEWEST_PLANS or tasks.kept_share is None:
        return None
    slipped = tasks.slipped
    note = f"{counted(slipped, 'time')} something was moved to a later day. That is planning, too."
    return _card(
        CardKind.PLANS, "Planned and kept",
        f"Of {counted(tasks.planned, 'plan')}, {tasks.kept} were done in time.",
        ("tasks.planned", tasks.planned), ("tasks.kept", tasks.kept), ("tasks.slipped", slipped),
        figure=f"{round(tasks.kept_share * 100)} %", note=note if slipped else None,
    )  # fmt: skip


def _habits(lived: YearLived) -> CardView | None:
    kept, owed = lived.stats.habits.kept, lived.stats.habits.owed
    if not kept:
        return None
    best = sorted(
        (each for each in lived.stats.each_habit if each.kept), key=lambda each: -each.kept
    )
    bars = [
        BarView(label=each.title, share=each.kept_share or 0.0, text=f"{each.kept} of {each.owed}")
        for each in best[:BARS_SHOWN]
    ]
    return _card(
        CardKind.HABITS, "Kept", f"Habits were kept {kept} of {counted(owed, 'time')}.",
        ("habits.kept", kept), ("habits.owed", owed), figure=str(kept), bars=bars,
    )  # fmt: skip


def _focus(lived: YearLived) -> CardView | None:
    hours = round((lived.stats.focus.recorded_minutes or 0) / MINUTES_PER_HOUR)
    if not hours:
        return None
    return _card(
        CardKind.FOCUS, "Time you gave", f"{counted(hours, 'hour')} with habits kept in time.",
        ("focus.recorded_hours", hours), figure=f"{hours} h",
        note="Only what you wrote down is counted.",
    )  # fmt: skip


def _areas(lived: YearLived) -> CardView | None:
    known = sorted(
        (each for each in lived.stats.balance if each.deeds), key=lambda each: -each.deeds
    )
    if len(known) < FEWEST_MONTHS:
        return None
    first = known[0]
    bars = [
        BarView(label=each.name, share=each.deeds / first.deeds, text=str(each.deeds))
        for each in known[:BARS_SHOWN]
    ]
    return _card(
        CardKind.AREAS, "Where it went",
        f"Most of it lay in {first.name}: {counted(first.deeds, 'deed')}.",
        (f"balance.{first.area_id}.deeds", first.deeds), bars=bars,
    )  # fmt: skip


def _goals(lived: YearLived) -> CardView | None:
    goals = lived.stats.goal_success
    if not goals.reached:
        return None
    return _card(
        CardKind.GOALS, "Reached",
        f"{counted(goals.reached, 'goal')} reached, {goals.reached_on_time} by the date you set.",
        ("goal_success.reached", goals.reached),
        ("goal_success.reached_on_time", goals.reached_on_time), figure=str(goals.reached),
    )  # fmt: skip


def _days(lived: YearLived, active: int) -> CardView:
    since = min(day for day, amount in lived.deeds.items() if amount)
    known, most = (lived.last - since).days + 1, max(lived.deeds.values())
    days = [
        HeatDayView(day=day, value=amount, level=level(amount, most))
        for day, amount in sorted(lived.deeds.items())
    ]
    return _card(
        CardKind.DAYS, "Day by day", f"Something was done on {active} of {counted(known, 'day')}.",
        ("days.active", active), ("days.known", known), figure=str(active), days=days,
        note="The others are days as well.",
    )  # fmt: skip


def _end(*, little: bool) -> CardView:
    if little:
        sentence = "There is little of this year here, and so there is little to say. No harm done."
        return _card(CardKind.END, "That is all", sentence)
    sentence = "Every number here can be looked up in the report of the year. Rest well."
    return _card(CardKind.END, "That was it", sentence)


def _day(day: date) -> str:
    return f"{day.day} {day:%B}"
