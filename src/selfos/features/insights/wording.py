"""Findings in sentences: what goes together, never what causes what."""

from __future__ import annotations

from selfos.features.insights.association import DayFactor, DayOutcome
from selfos.features.insights.behaviour import BestHours, Load, Share, Slips, Stretch

CAVEAT = "They go together; which brings the other, or whether something else brings both, is open."
OUTCOMES = {
    DayOutcome.MOOD: "your mood",
    DayOutcome.ENERGY: "your energy",
    DayOutcome.TASKS: "the number of tasks you finished",
}


def days_with(kind: DayFactor, name: str) -> tuple[str, str]:
    """Return the days with something, and those without it, in words after "on 23"."""
    match kind:
        case DayFactor.HABIT:
            return f"days with “{name}”", "without"
        case DayFactor.WEEKDAY:
            return f"{name.capitalize()}s", "other days"
        case DayFactor.WEEKEND:
            return "days of a weekend", "other days"
        case DayFactor.MANY_TASKS:
            return "days with more tasks done than usual", "others"
        case DayFactor.MORNING:
            return "days with most tasks done before noon", "others"
        case DayFactor.GOOD_MOOD_BEFORE:
            return "days after a good one", "others"


def association_sentence(
    kind: DayFactor,
    name: str,
    outcome: DayOutcome,
    *,
    days: tuple[int, int],
    means: tuple[float, float],
    effect: tuple[float, float, float],
) -> str:
    """Say one association: days, means, and the effect with its interval."""
    present, absent = days_with(kind, name)
    middle, low, high = effect
    which = "higher" if middle > 0 else "lower"
    taken_out = (
        "" if kind in (DayFactor.WEEKDAY, DayFactor.WEEKEND) else "the pattern of the week and "
    )
    ends = sorted((abs(low), abs(high))) if low * high > 0 else [low, high]
    return (
        f"On {days[0]} {present}, {OUTCOMES[outcome]} was {means[0]:.1f} on average; on {days[1]}"
        f" {absent}, {means[1]:.1f}. With {taken_out}slow drift taken out, that is"
        f" {abs(middle):.1f} {which} (95 % interval {ends[0]:.1f} to {ends[1]:.1f})."
    )


def slips_sentence(slips: Slips) -> str:
    """Say how much slips."""
    late = slips.late
    times = "Once" if slips.put_off == 1 else f"{slips.put_off} times"
    put_off = f" {times} you gave a task a later date." if slips.put_off else ""
    return (
        f"Of {late.of} tasks with a date in the last eight weeks, {late.count} were not done by it"
        f" ({with_interval(late)}).{put_off}"
    )


def hours_sentence(best: BestHours) -> str:
    """Say when most gets done."""
    return (
        f"Between {best.first}:00 and {best.last}:00 you finish {percent(best.done.share)} of all"
        f" you finish ({best.done.count} of {best.done.of} in the last 90 days)."
    )


def stretch_sentence(found: Stretch) -> str:
    """Say how long goals take against how long they were first meant to."""
    late = found.late
    return (
        f"Of {late.of} goals whose first date has passed, {late.count} took longer than first"
        f" planned ({with_interval(late)}). The middle one takes {found.median:.1f} times as long"
        f" (95 % interval {found.low:.1f} to {found.high:.1f})."
    )


def estimates_sentence(found: Stretch) -> str:
    """Say how long tasks take against their estimates; near one is neither longer nor shorter."""
    longer = found.late
    open_still = found.low <= 1 <= found.high
    rest = " So whether they take longer or shorter is open." if open_still else ""
    return (
        f"Of {longer.of} tasks you timed, {longer.count} took longer than their estimate"
        f" ({with_interval(longer)}). The middle one took {found.median:.1f} times its estimate"
        f" (95 % interval {found.low:.1f} to {found.high:.1f}).{rest}"
    )


def hint_sentence(found: Stretch, minutes: int) -> str:
    """Say what an estimate has usually come to."""
    usual = round(minutes * found.median)
    return (
        f"Tasks you timed took {found.median:.1f} times their estimate, the middle one of"
        f" {found.late.of} (95 % interval {found.low:.1f} to {found.high:.1f}): about {usual}"
        f" minutes for {minutes}."
    )


def load_sentence(load: Load) -> str:
    """Say how much is planned against what is kept."""
    return (
        f"On {load.days} days with a plan you planned {load.planned:.1f} tasks a day and"
        f" did {load.kept:.1f} of them that day, and {load.done:.1f} tasks in all."
    )


def with_interval(share: Share) -> str:
    """Say a share and its interval, as they stand in brackets."""
    return f"{percent(share.share)}, 95 % interval {percent(share.low)} to {percent(share.high)}"


def percent(share: float) -> str:
    """Say a share of 0 to 1 in whole percent."""
    return f"{round(share * 100)} %"
