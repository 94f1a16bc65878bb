"""Numbers as people write them: "5,000", "2.5k", "a dozen", "twenty"."""

import re

_WORDS = {
    "half a": 0.5,
    "a dozen": 12,
    "a couple of": 2,
    "a hundred": 100,
    "a thousand": 1000,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "hundred": 100,
    "an": 1,
    "a": 1,
}
_DIGITS = r"\d{1,3}(?:[ ,.]\d{3})+(?!\d)|\d+(?:\.\d+)?"
NUMBER = rf"(?:{_DIGITS}|(?:{'|'.join(_WORDS)})\b)"
_GROUPED = re.compile(r"\d{1,3}(?:[ ,.]\d{3}){1,4}")
# Thirteen digits are beyond any goal, and keep every number finite.
_PLAIN = re.compile(r"\d{1,13}(?:\.\d{1,9})?")


def number(text: str) -> float | None:
    """Read one number; None when there is none. A dot or comma before three digits groups."""
    words = text.strip().lower()
    if words in _WORDS:
        return _WORDS[words]
    if _GROUPED.fullmatch(words):
        return float(re.sub(r"[ ,.]", "", words))
    return float(words) if _PLAIN.fullmatch(words) else None


def plain(value: float, digits: int = 1) -> str:
    """Write a number without needless decimals, with thousands grouped."""
    rounded = round(value, digits)
    return f"{rounded:,.0f}" if rounded == int(rounded) else f"{rounded:,.{digits}f}"
