"""Applies a playbook's measure to the filled slots and the weeks there are."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from selfos.features.ai.planner.numbers import plain
from selfos.features.ai.planner.playbooks import Debt, Pace, Playbook, Saving, Slot, Training
from selfos.features.ai.planner.progressions import (
    BUFFER,
    capped_growth,
    hard_weeks,
    interpolate,
    monthly_payment,
    monthly_saving,
    months_to_clear,
    quarter_marks,
    weeks_to_peak,
)
from selfos.features.ai.planner.slots import Slots, written

_WEEKS_PER_MONTH = 52 / 12
_MOST_SESSIONS = 12
_LONGEST_START_WEEKS = 4
_LONGEST_END_WEEKS = 4
_FEW_UNITS = 20
_LARGE_SUM = 1000
# Money that arrives over a lifetime is not a plan any more.
_LONGEST_WEEKS = 2600


@dataclass(frozen=True, slots=True)
class Sized:
    """The numbers of a plan: words for its texts, minutes a week, marks, sessions, and limits.

    `weeks_needed` is the least the model allows whatever the hours; `shortfall` says why, and
    `remedy` what besides time would help.
    """

    target: float | None = None
    unit: str | None = None
    words: Mapping[str, str] = field(default_factory=dict[str, str])
    minutes_per_week: int = 0
    marks: tuple[str, ...] = ()
    sessions: tuple[tuple[str, int], ...] = ()
    weeks_needed: float = 0
    shortfall: str | None = None
    remedy: str | None = None


def size(playbook: Playbook, slots: Slots, weeks: float, scale: float = 1) -> Sized:
    """Size a playbook for so many weeks; `scale` shrinks the target (0..1)."""
    match playbook.measure:
        case None:
            return Sized()
        case Pace() as rule:
            return _pace(rule, playbook, slots, weeks, scale)
        case Training() as rule:
            return _training(rule, playbook, slots, weeks, scale)
        case Saving() as rule:
            return _saving(rule, playbook, slots, weeks, scale)
        case Debt() as rule:
            return _debt(rule, slots, weeks, scale)


def work_weeks(playbook: Playbook, weeks: float) -> float:
    """Give the weeks of measured work: from the phase that begins it, less the buffer."""
    windows = phase_windows(playbook, weeks)
    for phase, (begin, _) in zip(playbook.phases, windows, strict=True):
        if any(step.habit and step.habit.minutes_per_week == "pace" for step in phase.steps):
            return max(1.0, weeks * (1 - begin) * (1 - BUFFER))
    pairs = list(zip(playbook.phases, windows, strict=True))
    share = sum(end - begin for phase, (begin, end) in pairs if phase.ladder) or 1
    return max(1.0, weeks * share * (1 - BUFFER))


def phase_windows(playbook: Playbook, weeks: float) -> list[tuple[float, float]]:
    """Give each phase its stretch of the plan (0..1); a long plan does not begin more slowly.

    A last phase that holds the day itself does not grow with the plan either.
    """
    shares = [phase.share for phase in playbook.phases]
    fixed = {0: min(shares[0], _LONGEST_START_WEEKS / weeks)}
    if any(step.event for step in playbook.phases[-1].steps):
        fixed[len(shares) - 1] = min(shares[-1], _LONGEST_END_WEEKS / weeks)
    loose = sum(share for index, share in enumerate(shares) if index not in fixed)
    if loose:
        rest = (1 - sum(fixed.values())) / loose
        shares = [fixed.get(index, share * rest) for index, share in enumerate(shares)]
    ends = [sum(shares[: index + 1]) for index in range(len(shares))]
    return list(zip([0.0, *ends[:-1]], ends, strict=True))


def scaled_text(playbook: Playbook, slots: Slots, scale: float) -> str | None:
    """Write the smaller target that a scale below 1 stands for."""
    rule = playbook.measure
    if rule is None or slots[rule.slot].amount is None:
        return None
    slot, filled = playbook.slots[rule.slot], slots[rule.slot]
    amount = _rounded(slot, (filled.amount or 0) * scale)
    unit = "" if slot.kind == "money" else f" {getattr(rule, 'unit', '')}"
    return f"{written(slot, amount, filled.sign)}{unit} instead of {filled.text}{unit}"


def _pace(rule: Pace, playbook: Playbook, slots: Slots, weeks: float, scale: float) -> Sized:
    target, start = (_units(rule, slots, name) for name in (rule.slot, rule.start))
    factor = rule.factors.get(slots[rule.factor_slot].text, 1) if rule.factor_slot else 1
    total = max(0.0, target - start) * factor * scale
    per_week = total / work_weeks(playbook, weeks)
    digits = 1 if total < _FEW_UNITS else 0
    marks = tuple(f"{plain(mark, digits)} {rule.unit}" for mark in quarter_marks(0, total))
    most = rule.most_per_week or math.inf
    return Sized(
        target=round(total, 1),
        unit=rule.unit,
        words={
            "per_week": plain(per_week, _digits(per_week)),
            "per_day": plain(per_week / 6, _digits(per_week / 6)),
            "per_month": plain(per_week * _WEEKS_PER_MONTH),
        },
        minutes_per_week=max(1, round(per_week * rule.minutes_per_unit)),
        marks=marks,
        weeks_needed=weeks * per_week / most,
        shortfall=_too_fast(rule, per_week) if per_week > most * 1.001 else None,
    )


def _too_fast(rule: Pace, per_week: float) -> str:
    most = plain(rule.most_per_week or 0)
    return f"The date asks for {plain(per_week)} {rule.unit} a week; {most} is the safe most."


def _units(rule: Pace, slots: Slots, name: str | None) -> float:
    if name is None:
        return 0
    filled = slots[name]
    return rule.table.get(filled.text, 0) if rule.table else filled.amount or 0


def _training(
    rule: Training, playbook: Playbook, slots: Slots, weeks: float, scale: float
) -> Sized:
    goal = (slots[rule.slot].amount or rule.peak[0][0]) * scale
    peak, start = interpolate(rule.peak, goal), slots[rule.start].amount or rule.least_step
    start = min(start, peak)
    windows = zip(playbook.phases, phase_windows(playbook, weeks), strict=True)
    share = sum(end - begin for phase, (begin, end) in windows if phase.series) * (1 - BUFFER)
    there_are = max(1, int(weeks * share))
    needed = weeks_to_peak(start, peak, rule.least_step)
    values = capped_growth(start, peak, there_are, rule.least_step)
    kept = _thinned(values)
    whole = needed / share
    short = None
    if there_are < needed:
        short = (
            f"Growing from {plain(start)} to {plain(peak)} {rule.unit} by about a tenth a week"
            f" takes {needed} weeks of build-up; there are {there_are}."
        )
    sessions = tuple((plain(v), max(10, round(v * rule.minutes_per_unit))) for v in kept)
    return Sized(goal, rule.unit, sessions=sessions, weeks_needed=whole, shortfall=short)


def _thinned(values: list[float]) -> list[float]:
    # A year of weekly sessions would bury the plan; the peak always stays.
    if len(values) <= _MOST_SESSIONS:
        return values
    hard = hard_weeks(values)
    stride = math.ceil(len(hard) / _MOST_SESSIONS)
    return hard[::-1][::stride][::-1]


def _saving(rule: Saving, playbook: Playbook, slots: Slots, weeks: float, scale: float) -> Sized:
    filled, slot = slots[rule.slot], playbook.slots[rule.slot]
    start = (slots[rule.start].amount if rule.start else None) or 0
    target = max((filled.amount or 0) * scale, 1)
    missing = max(0.0, target - start)
    months = weeks / _WEEKS_PER_MONTH
    can = slots[rule.monthly].amount if rule.monthly else None
    needed = missing / can * _WEEKS_PER_MONTH if can else 0
    least = monthly_saving(missing, months)
    shortfall, remedy = _money_limits(slot, filled.sign, least, can)
    per_month = _with_slack(least, monthly_saving(missing, months * (1 - BUFFER)), can)
    return Sized(
        target=target,
        unit=(filled.sign or "€").strip(),
        words={
            "per_month": written(slot, per_month, filled.sign),
            "per_week": written(slot, per_month / _WEEKS_PER_MONTH, filled.sign),
        },
        marks=tuple(written(slot, v, filled.sign) for v in quarter_marks(start, target)),
        weeks_needed=needed,
        shortfall=shortfall,
        remedy=remedy,
    )


def _debt(rule: Debt, slots: Slots, weeks: float, scale: float) -> Sized:
    filled, rate = slots[rule.slot], slots[rule.rate].amount or 0
    balance = max(1.0, (filled.amount or 0) * scale)
    paying = weeks / _WEEKS_PER_MONTH
    least = monthly_payment(balance, rate, paying)
    can = slots[rule.monthly].amount if rule.monthly else None
    months = months_to_clear(balance, rate, can) if can else 0
    needed = _LONGEST_WEEKS if months is None else months * _WEEKS_PER_MONTH
    money = Slot(kind="money")
    shortfall, remedy = _money_limits(money, filled.sign, least, can)
    payment = _with_slack(least, monthly_payment(balance, rate, paying * (1 - BUFFER)), can)
    return Sized(
        target=balance,
        unit=(filled.sign or "€").strip(),
        words={"per_month": written(money, payment, filled.sign)},
        marks=tuple(written(money, v, filled.sign) for v in quarter_marks(0, balance)),
        weeks_needed=needed,
        shortfall=shortfall,
        remedy=remedy,
    )


def _with_slack(least: float, slack: float, can: float | None) -> float:
    # Done before the buffer if that can be paid; else as much as can, but enough for the date.
    return slack if can is None else max(least, min(slack, can))


def _money_limits(
    slot: Slot, sign: str, needs: float, can: float | None
) -> tuple[str | None, str | None]:
    if can is None or needs <= can * 1.005:
        return None, None
    asked, have = written(slot, needs, sign), written(slot, can, sign)
    return (
        f"The date asks for {asked} a month; you have {have}.",
        f"Put aside {asked} a month instead of {have}: earn, sell or cut the rest.",
    )


def _digits(value: float) -> int:
    return 1 if value < _FEW_UNITS else 0


def _rounded(slot: Slot, value: float) -> float:
    if slot.kind == "money":
        return float(round(value, -2 if value >= _LARGE_SUM else -1))
    return float(max(1, round(value))) if slot.kind == "count" else round(value, 1)
