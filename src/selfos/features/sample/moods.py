"""How the days were, written down in bed: better for some habits, worse with the flu."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time

from selfos.features.journal.schemas import HIGHEST, LOWEST
from selfos.features.sample.deeds import Make, Noun, Step
from selfos.features.sample.rhythms import Calendar
from selfos.features.sample.script import YOU

LIGHTS_OUT = time(22, 40)
SHARE_WRITTEN = 0.8
USUAL, SPREAD, WITH_FLU = 3.0, 0.8, -1.4
WORDS = {1: ["drained"], 2: ["tired"], 3: [], 4: ["calm"], 5: ["proud", "calm"]}


def write_down(
    days: Sequence[date], lifts: Mapping[date, float], calendar: Calendar
) -> Iterator[Step]:
    """Yield the moods of most of these days, at the end of the last."""
    made = [made for day in days for made in _mood(day, lifts.get(day, 0), calendar)]
    if made:
        yield Step(datetime.combine(days[-1], LIGHTS_OUT), YOU, tuple(made), "Wrote how it was")


def _mood(day: date, lift: float, calendar: Calendar) -> Iterator[Make]:
    # By the day alone, so that a life is otherwise what it was.
    chance = random.Random(f"mood.{day}")
    if chance.random() > SHARE_WRITTEN:
        return
    usual = USUAL + lift + (WITH_FLU if calendar.is_flu(day) else 0)
    mood, energy = (min(HIGHEST, max(LOWEST, round(chance.gauss(usual, SPREAD)))) for _ in range(2))
    fields = {"day": day, "mood": mood, "energy": energy, "words": WORDS[mood]}
    yield Make(Noun.JOURNAL_ENTRY, f"mood.{day}", fields)
