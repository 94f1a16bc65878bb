"""A year in cards, in one language. Of what there is too little, no card is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from selfos.features.progress.heat import level
from selfos.features.progress.schemas.charts import HeatDayView
from selfos.features.progress.schemas.reports import CitedView
from selfos.features.progress.schemas.stats import StatsView
from selfos.features.progress.schemas.years import BarView, CardKind, CardView, YearView
from selfos.features.progress.speaking import Speaker

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


def review(lived: YearLived, speaker: Speaker) -> YearView:
    """Return the cards of a year; a year of which nothing is known has one that says so."""
    active = sum(amount > 0 for amount in lived.deeds.values())
    little = active < LITTLE_DAYS
    cards = [_cover(lived, speaker, active)]
    if active:
        tellers = [_tasks, _habits, _focus, _goals]
        if not little:
            tellers = [_tasks, _month, _plans, _habits, _focus, _goals, _areas, _days]
        told = (teller(lived, speaker) for teller in tellers)
        cards += [card for card in told if card is not None]
        cards.append(_card(speaker, CardKind.END, {"little": little}))
    return YearView(
        year=lived.year,
        language=speaker.locale.language,
        first=lived.stats.first,
        last=lived.last,
        over=lived.over,
        little=little,
        cards=cards,
    )


def _card(
    speaker: Speaker,
    kind: CardKind,
    values: Mapping[str, Any],
    *facts: tuple[str, float],
    figure: str | None = None,
    bars: Sequence[BarView] = (),
    days: Sequence[HeatDayView] = (),
) -> CardView:
    cited = [CitedView(name=name, value=value) for name, value in facts]
    title, sentence, note = (
        speaker.card(kind, part, values) for part in ("title", "sentence", "note")
    )
    return CardView(
        kind=kind, title=title or "", figure=figure, sentence=sentence or "", note=note,
        facts=cited, bars=list(bars), days=list(days),
    )  # fmt: skip


def _cover(lived: YearLived, speaker: Speaker, active: int) -> CardView:
    values = {"year": lived.year, "over": lived.over, "active": active, "since": "", "last": ""}
    if not active:
        return _card(speaker, CardKind.COVER, values)
    since = _since(lived)
    if since.month > 1:
        values["since"] = speaker.day_of_year(since)
    if not lived.over:
        values["last"] = speaker.day_of_year(lived.last)
    return _card(speaker, CardKind.COVER, values, ("days.active", active))


def _tasks(lived: YearLived, speaker: Speaker) -> CardView | None:
    done, stats = lived.stats.tasks.done, lived.stats
    if not done:
        return None
    facts: list[tuple[str, float]] = [("tasks.done", done)]
    before = stats.previous.tasks.done
    if stats.since is None or stats.since > stats.previous.first:
        before = 0
    if before:
        facts.append(("previous.tasks.done", before))
    most = max(each.tasks.done for each in stats.periods)
    bars = [
        BarView(
            label=speaker.short_month(each.first),
            share=each.tasks.done / most,
            text=speaker.number(each.tasks.done),
        )
        for each in stats.periods
    ]
    values = {"done": done, "before": before}
    return _card(
        speaker, CardKind.TASKS, values, *facts, figure=speaker.number(done), bars=bars
    )  # fmt: skip


def _month(lived: YearLived, speaker: Speaker) -> CardView | None:
    known = [each for each in lived.stats.periods if each.tasks.done]
    if len(known) < FEWEST_MONTHS:
        return None
    best = max(known, key=lambda each: each.tasks.done)
    amount = max(lived.deeds.values())
    day = next(on for on, done in sorted(lived.deeds.items()) if done == amount)
    values = {"done": best.tasks.done, "day": speaker.day_of_year(day), "deeds": amount}
    return _card(
        speaker, CardKind.MONTH, values,
        (f"periods.{best.first:%Y-%m}.tasks.done", best.tasks.done),
        figure=speaker.month(best.first),
    )  # fmt: skip


def _plans(lived: YearLived, speaker: Speaker) -> CardView | None:
    tasks = lived.stats.tasks
    if tasks.planned < FEWEST_PLANS or tasks.kept_share is None:
        return None
    values = {"planned": tasks.planned, "kept": tasks.kept, "slipped": tasks.slipped}
    facts = [(f"tasks.{name}", value) for name, value in values.items()]
    return _card(
        speaker, CardKind.PLANS, values, *facts, figure=speaker.share(tasks.kept_share)
    )  # fmt: skip


def _habits(lived: YearLived, speaker: Speaker) -> CardView | None:
    kept, owed = lived.stats.habits.kept, lived.stats.habits.owed
    if not kept:
        return None
    best = sorted(
        (each for each in lived.stats.each_habit if each.kept), key=lambda each: -each.kept
    )
    bars = [
        BarView(
            label=each.title,
            share=each.kept_share or 0.0,
            text=speaker.card("habits", "bar", {"kept": each.kept, "owed": each.owed}) or "",
        )
        for each in best[:BARS_SHOWN]
    ]
    return _card(
        speaker, CardKind.HABITS, {"kept": kept, "owed": owed}, ("habits.kept", kept),
        ("habits.owed", owed), figure=speaker.number(kept), bars=bars,
    )  # fmt: skip


def _focus(lived: YearLived, speaker: Speaker) -> CardView | None:
    minutes = lived.stats.focus.recorded_minutes or 0
    hours = round(minutes / MINUTES_PER_HOUR)
    if not hours:
        return None
    return _card(
        speaker, CardKind.FOCUS, {"hours": hours}, ("focus.recorded_hours", hours),
        figure=speaker.hours(hours * MINUTES_PER_HOUR),
    )  # fmt: skip


def _areas(lived: YearLived, speaker: Speaker) -> CardView | None:
    known = sorted(
        (each for each in lived.stats.balance if each.deeds), key=lambda each: -each.deeds
    )
    if len(known) < FEWEST_MONTHS:
        return None
    first = known[0]
    bars = [
        BarView(label=each.name, share=each.deeds / first.deeds, text=speaker.number(each.deeds))
        for each in known[:BARS_SHOWN]
    ]
    return _card(
        speaker, CardKind.AREAS, {"name": first.name, "deeds": first.deeds},
        (f"balance.{first.area_id}.deeds", first.deeds), bars=bars,
    )  # fmt: skip


def _goals(lived: YearLived, speaker: Speaker) -> CardView | None:
    goals = lived.stats.goal_success
    if not goals.reached:
        return None
    values = {"reached": goals.reached, "reached_on_time": goals.reached_on_time}
    facts = [(f"goal_success.{name}", value) for name, value in values.items()]
    return _card(
        speaker, CardKind.GOALS, values, *facts, figure=speaker.number(goals.reached)
    )  # fmt: skip


def _days(lived: YearLived, speaker: Speaker) -> CardView:
    active = sum(amount > 0 for amount in lived.deeds.values())
    known, most = (lived.last - _since(lived)).days + 1, max(lived.deeds.values())
    days = [
        HeatDayView(day=day, value=amount, level=level(amount, most))
        for day, amount in sorted(lived.deeds.items())
    ]
    return _card(
        speaker, CardKind.DAYS, {"active": active, "known": known}, ("days.active", active),
        ("days.known", known), figure=speaker.number(active), days=days,
    )  # fmt: skip


def _since(lived: YearLived) -> date:
    """Return the first day of the year on which anything was done."""
    return min(day for day, amount in lived.deeds.items() if amount)
