"""The everyday: routines planned week by week, errands as they come, and days of clearing up."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from selfos.features.sample.chores import on, task_key, ticked_off, written_down
from selfos.features.sample.deeds import Act, Deed, Step, Verb
from selfos.features.sample.rhythms import SATURDAY, Calendar, moment, shortly_after
from selfos.features.sample.script import MONDAY_FIRST, YOU, Chore, Hours, Routine, Script

SUNDAY = timedelta(days=6)
# Of what is not done on its day, this share is done on one of the next days.
MADE_UP = 0.5
LATEST_MAKING_UP = 3
ERRANDS_DATED = 0.6
ERRANDS_DONE = 0.94
ERRANDS_OF_A_BURST = 6
BURST_EVERY = 18
BURST_BEGINS = time(9, 31)
GIVEN_UP_AFTER_DAYS = 40


@dataclass(frozen=True, slots=True)
class _Occurrence:
    """One routine on one day, and when it gets done, if ever."""

    key: str
    chore: Chore
    day: date
    clock: str | None
    done: datetime | None


def live_weeks(script: Script, calendar: Calendar, rng: random.Random) -> Iterator[Step]:
    """Yield week after week: what was left is let go, the new week planned, and lived."""
    left: list[_Occurrence] = []
    for monday in calendar.weeks():
        if monday <= calendar.first:
            continue
        evening = moment(monday - timedelta(days=1), Hours.EVENING, rng)
        if left:
            yield _let_go(left, evening - timedelta(minutes=4), calendar)
        week = list(_occurrences(script.routines, monday, calendar, rng))
        deeds: list[Deed] = []
        for each in week:
            deeds += written_down(script, each.chore, each.key, due=on(each.day, each.clock))
        if deeds:
            yield Step(evening, YOU, tuple(deeds), f"Planned the week of {monday.day} {monday:%B}")
        for each in week:
            if each.done is not None:
                yield from ticked_off(each.chore, each.key, each.done)
        left = [each for each in week if each.done is None]


def _let_go(left: Sequence[_Occurrence], at: datetime, calendar: Calendar) -> Step:
    count = "1 task" if len(left) == 1 else f"{len(left)} tasks"
    in_bed = calendar.is_flu(left[0].day) or calendar.is_flu(left[-1].day)
    words = f"In bed with flu: let go of {count}" if in_bed else f"Let go of {count}"
    return Step(at, YOU, tuple(Act(Verb.CANCEL_TASK, task_key(e.key)) for e in left), words)


def _occurrences(
    routines: Sequence[Routine], monday: date, calendar: Calendar, rng: random.Random
) -> Iterator[_Occurrence]:
    for offset in range(7):
        day = monday + timedelta(days=offset)
        for number, routine in enumerate(routines):
            if _is_on(routine, day, calendar):
                yield _Occurrence(
                    key=f"routine.{number}.{day}",
                    chore=routine.model_copy(update={"do": _title(routine, day)}),
                    day=day,
                    clock=routine.clock,
                    done=_outcome(routine, day, calendar, rng),
                )


def _is_on(routine: Routine, day: date, calendar: Calendar) -> bool:
    if day.month not in routine.months:
        return False
    if routine.kind == "work" and calendar.is_holiday(day):
        return False
    if routine.monthly is not None:
        return day.day == routine.monthly
    return MONDAY_FIRST[day.weekday()] in routine.weekdays and _week(day) % routine.every == 0


def _title(routine: Routine, day: date) -> str:
    """Fill the braces; the words take turns, so that routines with the same words agree."""
    earlier = sum(MONDAY_FIRST.index(name) < day.weekday() for name in routine.weekdays)
    turn = _week(day) * len(routine.weekdays) + earlier
    filled = {name: words[turn % len(words)] for name, words in routine.words.items()}
    return routine.do.format_map(filled)


def _week(day: date) -> int:
    return (day.toordinal() - 1) // 7


def _outcome(
    routine: Routine, day: date, calendar: Calendar, rng: random.Random
) -> datetime | None:
    if rng.random() < routine.share * calendar.energy(day):
        if routine.clock is not None:
            return shortly_after(routine.clock, day, routine.minutes or 0, rng)
        return moment(day, routine.at, rng)
    later = day + timedelta(days=rng.randint(1, LATEST_MAKING_UP))
    same_week = later.weekday() > day.weekday() and later.weekday() <= SATURDAY
    if rng.random() < MADE_UP and same_week and not calendar.is_flu(later):
        return moment(later, routine.at, rng)
    return None


def run_errands(script: Script, calendar: Calendar, rng: random.Random) -> Iterator[Step]:
    """Yield single things that come up, and now and then a Saturday on which many get done."""
    errands = list(enumerate(script.errands))
    rng.shuffle(errands)
    gap = (calendar.days - 2) / len(errands)
    for turn, (number, chore) in enumerate(errands):
        key = f"errand.{number}"
        day = calendar.day(round(-calendar.days + 1 + turn * gap))
        if turn % BURST_EVERY < ERRANDS_OF_A_BURST:
            first = calendar.day(round(-calendar.days + 1 + (turn - turn % BURST_EVERY) * gap))
            yield from _in_a_burst(script, chore, key, _saturday(first), turn % BURST_EVERY)
        else:
            yield from _in_between(script, chore, key, calendar.healthy(day), rng)


def _in_a_burst(script: Script, chore: Chore, key: str, day: date, nth: int) -> Iterator[Step]:
    written = datetime.combine(day, BURST_BEGINS) + timedelta(minutes=nth)
    yield Step(written, chore.who, tuple(written_down(script, chore, key, due=on(day))))
    done = written + timedelta(minutes=52 * (nth + 1), seconds=37 * nth)
    yield from ticked_off(chore, key, done)


def _in_between(
    script: Script, chore: Chore, key: str, day: date, rng: random.Random
) -> Iterator[Step]:
    written = moment(day, rng.choice((Hours.MORNING, Hours.AFTERNOON, Hours.NIGHT)), rng)
    wait = rng.randint(1, 9)
    due = on(day + timedelta(days=wait)) if rng.random() < ERRANDS_DATED else None
    yield Step(written, chore.who, tuple(written_down(script, chore, key, due=due)))
    if rng.random() < ERRANDS_DONE:
        late = rng.choice((-1, 0, 0, 0, 1, 3))
        done = moment(day + timedelta(days=max(wait + late, 1)), Hours.EVENING, rng)
        yield from ticked_off(chore, key, done)
    else:
        tired = moment(day + timedelta(days=GIVEN_UP_AFTER_DAYS), Hours.NIGHT, rng)
        yield Step(tired, chore.who, (Act(Verb.CANCEL_TASK, task_key(key)),))


def _saturday(day: date) -> date:
    return day + timedelta(days=(SATURDAY - day.weekday()) % 7)
