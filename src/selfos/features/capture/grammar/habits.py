"""What a habit asks for: *3/week, *8 glasses/day, *<=2 coffee/day, *20 min/day."""

from __future__ import annotations

import re
from functools import cache, partial

from selfos.features.capture.grammar.draft import Draft
from selfos.features.capture.grammar.lexicon import TAKEN, Lexicon, lexicon_for, spaced
from selfos.features.capture.grammar.results import Habit, Kind, Period, Target
from selfos.features.capture.grammar.tokens import SIGNS, too_late

MINUTES = {"minute": 1, "hour": 60, "h": 60}
PERIODS: dict[str, tuple[Period, int]] = {
    "day": ("day", 1),
    "week": ("week", 7),
    "month": ("month", 30),
}
LIMITS = ("<", "<=", "≤")
UNIT = r"[^\s/\d<>=*#@+%\x00\x01][^\s/\x00\x01]*"


def read_habit(draft: Draft, lexicon: Lexicon, prefixes: str, kind: Kind) -> None:
    """Take what is asked for per period; in a goal, an amount is what it reaches."""
    sign = next(sign for sign, meaning in SIGNS[prefixes].items() if meaning == "habit")
    for found in _pattern(lexicon.language, sign, kind).finditer(draft.work):
        spoken = found.groupdict()
        unit = draft.text[found.start("unit") : found.end("unit")] if spoken["unit"] else ""
        amount = float(spoken["n"].replace(",", "."))
        if kind == "goal":
            asked, target = None, Target(amount, unit)
        else:
            asked, target = _habit(spoken, amount, unit, lexicon), None
        if asked is None and target is None:
            continue
        if draft.fields.habit or draft.fields.target:
            too_late(draft, "amount", found.span())
            continue
        draft.fields.habit, draft.fields.target = asked, target
        draft.take(*found.span(), "habit" if asked else "target")


@cache
def _pattern(language: str, sign: str, kind: Kind) -> re.Pattern[str]:
    """A task needs a period to become a habit, a habit's is a day unless said, goals have none."""
    lexicon = lexicon_for(language)
    per = spaced(lexicon.table["per"])
    periods = lexicon.source("unit")
    period = rf"(?:{per})[ \t]*(?:(?P<many>\d{{1,3}})[ \t]*)?(?P<period>{periods})"
    unit = rf"(?:[ \t]*(?!(?:{lexicon.table['no_unit']})\b)(?P<unit>{UNIT}))?"
    ending = {"goal": "", "habit": f"(?:{period})?"}.get(kind, period)
    return re.compile(
        rf"(?<![^\s{TAKEN}]){re.escape(sign)}(?P<limit><=|<|≤|>=|≥)?[ \t]*"
        rf"(?P<n>\d{{1,6}}(?:[.,]\d{{1,2}})?){unit}{ending}(?![\w/])"
    )


def _habit(
    found: dict[str, str | None], amount: float, unit: str, lexicon: Lexicon
) -> Habit | None:
    period, days = PERIODS["day"]
    if spoken := found["period"]:
        named = lexicon.words["unit"][" ".join(spoken.split())]
        if named not in PERIODS:
            return None
        period, days = PERIODS[named]
    rolling = int(found["many"] or 0) * days if found["many"] else None
    if rolling == 0:
        return None
    if rolling is not None:
        period = "rolling"
    minutes = MINUTES.get(lexicon.words["unit"].get(unit.lower(), unit.lower()))
    make = partial(Habit, period=period, rolling_days=rolling)
    if amount == 0:
        return make("avoid", 0, unit)
    if found["limit"] in LIMITS:
        return make("at_most", amount, unit)
    if minutes:
        return make("duration", amount * minutes, "min")
    return make("at_least", amount, unit) if unit else make(times=max(1, int(amount)))
