"""Numeric models behind plans: training growth, savings, debt, pace, quarter marks."""

import math
from itertools import pairwise

# This much of the time before a target date stays free, so that one bad week breaks nothing.
BUFFER = 0.15
GROWTH = 1.10
_NO_INTEREST = 1e-9
_LIGHT_EVERY = 4
_LIGHT_SHARE = 0.75
QUARTERS = (0.25, 0.5, 0.75, 1.0)


def interpolate(points: tuple[tuple[float, float], ...], at: float) -> float:
    """Read a value off straight lines between points; flat beyond both ends."""
    if at <= points[0][0]:
        return points[0][1]
    for (x0, y0), (x1, y1) in pairwise(points):
        if at <= x1:
            return y0 + (y1 - y0) * (at - x0) / (x1 - x0)
    return points[-1][1]


def capped_growth(start: float, peak: float, weeks: int, least_step: float) -> list[float]:
    """Grow weekly from start towards peak, by a tenth at most and lighter every fourth week.

    `least_step` is the growth allowed where a tenth would be less. The peak is reached as evenly
    as the weeks allow; too few weeks end below it.
    """
    values, hard = list[float](), start
    for week in range(1, weeks + 1):
        if week % _LIGHT_EVERY == 0:
            values.append(hard * _LIGHT_SHARE)
            continue
        if values:
            left = sum(1 for later in range(week, weeks + 1) if later % _LIGHT_EVERY)
            even = hard + (peak - hard) / left
            hard = min(peak, even, max(hard * GROWTH, hard + least_step))
        values.append(hard)
    return values


def hard_weeks(values: list[float]) -> list[float]:
    """Leave out the lighter weeks of a progression."""
    return [value for week, value in enumerate(values, start=1) if week % _LIGHT_EVERY]


def weeks_to_peak(start: float, peak: float, least_step: float) -> int:
    """Count the weeks that capped growth needs from start to peak."""
    week, hard = 1, start
    while hard < peak - 1e-9:
        week += 1
        if week % _LIGHT_EVERY:
            hard = min(peak, max(hard * GROWTH, hard + least_step))
    return week


def monthly_saving(amount: float, months: float) -> float:
    """Give the even monthly sum that reaches an amount; interest is left as a reserve."""
    return amount / max(1.0, months)


def monthly_payment(balance: float, rate: float, months: float) -> float:
    """Give the annuity that clears a balance at `rate` percent a year."""
    months = max(1.0, months)
    monthly = rate / 1200
    if monthly < _NO_INTEREST:
        return balance / months
    return balance * monthly / -math.expm1(-months * math.log1p(monthly))


def months_to_clear(balance: float, rate: float, payment: float) -> float | None:
    """Count the months until a balance is paid; None when interest eats the payment."""
    monthly = rate / 1200
    if payment <= balance * monthly:
        return None
    if monthly < _NO_INTEREST:
        return balance / payment
    return -math.log1p(-balance * monthly / payment) / math.log1p(monthly)


def quarter_marks(start: float, target: float) -> list[float]:
    """Give the values at 25, 50, 75 and 100 % of the way."""
    return [start + (target - start) * share for share in QUARTERS]
