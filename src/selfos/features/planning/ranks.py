"""Manual order as text: between any two ranks there is another one, compared byte by byte.

A rank is a whole number and an optional fraction, both in base 62 (digits before capitals before
small letters, as in ASCII). The first letter tells how many digits the whole number has, so that
numbers of different length still compare as text: `a0` < `a1` < `az` < `b00`. The fraction never
ends in `0`. Putting something last or first therefore costs no length; only repeated insertion at
one spot does, by one letter for about every five insertions, and is mended by `spread`.

A new row takes the rank of its millisecond: later rows sort later without asking for the last.
"""

from __future__ import annotations

import secrets
from datetime import datetime

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
BASE = len(DIGITS)
# Eight digits hold milliseconds until the year 8900; a whole number of eight digits begins so.
CLOCK_HEAD, CLOCK_DIGITS = "h", 8
SERIAL_DIGITS = 3
ZERO = "a0"
SMALLEST = "A" + DIGITS[0] * 26


def rank_at(instant: datetime, serial: int = 0) -> str:
    """Return the rank of a row made now: after all earlier ones, and unlike its twins'.

    `serial` keeps the order of rows made in the same instant.
    """
    milliseconds = int(instant.timestamp() * 1_000)
    tie = secrets.choice(DIGITS) + secrets.choice(DIGITS[1:])
    return CLOCK_HEAD + _digits(milliseconds, CLOCK_DIGITS) + _digits(serial, SERIAL_DIGITS) + tie


def rank_between(before: str | None, after: str | None) -> str:
    """Return a rank above `before` and below `after`; None is an open end.

    Raises ValueError unless before < after.
    """
    if before is not None and after is not None and before >= after:
        raise ValueError(f"{before!r} is not below {after!r}")
    if before is None:
        return _below(after) if after is not None else ZERO
    whole, fraction = _split(before)
    following = _next(whole)
    if following is not None and (after is None or following < after):
        return following
    after_whole, after_fraction = _split(after) if after is not None else ("", None)
    return whole + _middle(fraction, after_fraction if whole == after_whole else None)


def spread(before: str | None, after: str | None, count: int) -> list[str]:
    """Return `count` ascending ranks between the two, as short as halving allows."""
    if before is None or after is None:
        return _chain(before, after, count)
    if count == 0:
        return []
    middle, half = rank_between(before, after), count // 2
    return [*spread(before, middle, half), middle, *spread(middle, after, count - half - 1)]


def _chain(before: str | None, after: str | None, count: int) -> list[str]:
    ranks: list[str] = []
    for _ in range(count):
        if after is None:
            ranks.append(rank_between(ranks[-1] if ranks else before, None))
        else:
            ranks.append(rank_between(None, ranks[-1] if ranks else after))
    return ranks if after is None else ranks[::-1]


def _digits(number: int, length: int) -> str:
    text = ""
    for _ in range(length):
        number, digit = divmod(number, BASE)
        text = DIGITS[digit] + text
    return text


def _length(head: str) -> int:
    """Return how long the whole number is, its head included."""
    return ord(head) - ord("a") + 2 if head >= "a" else ord("Z") - ord(head) + 2


def _split(rank: str) -> tuple[str, str]:
    length = _length(rank[0])
    return rank[:length], rank[length:]


def _below(rank: str) -> str:
    whole, fraction = _split(rank)
    if fraction:
        return whole
    if whole == SMALLEST:
        raise ValueError("nothing is below the smallest rank")
    lower = _previous(whole)
    return lower + _middle("", None) if lower == SMALLEST else lower


def _next(whole: str) -> str | None:
    head, number = whole[0], whole[1:]
    if number.strip(DIGITS[-1]):
        return head + _digits(_value(number) + 1, len(number))
    if head == "Z":
        return ZERO
    if head == "z":
        return None
    risen = chr(ord(head) + 1)
    return risen + DIGITS[0] * (_length(risen) - 1)


def _previous(whole: str) -> str:
    head, number = whole[0], whole[1:]
    if number.strip(DIGITS[0]):
        return head + _digits(_value(number) - 1, len(number))
    if head == "a":
        return "Z" + DIGITS[-1]
    fallen = chr(ord(head) - 1)
    return fallen + DIGITS[-1] * (_length(fallen) - 1)


def _value(digits: str) -> int:
    value = 0
    for digit in digits:
        value = value * BASE + DIGITS.index(digit)
    return value


def _middle(low: str, high: str | None) -> str:
    """Return the shortest fraction about halfway between two fractions; None is one."""
    if high is not None:
        shared = 0
        while low[shared : shared + 1].ljust(1, DIGITS[0]) == high[shared]:
            shared += 1
        if shared:
            return high[:shared] + _middle(low[shared:], high[shared:])
    first = DIGITS.index(low[0]) if low else 0
    last = DIGITS.index(high[0]) if high is not None else BASE
    if last - first > 1:
        return DIGITS[(first + last) // 2]
    if high is not None and len(high) > 1:
        return high[0]
    return DIGITS[first] + _middle(low[1:], None)
