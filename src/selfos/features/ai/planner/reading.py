"""What a goal's words say: its deadline, its quantities, its hours a week, its tokens."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from selfos.features.ai.planner.dates import Deadline, find_deadline
from selfos.features.ai.planner.numbers import NUMBER, number

_KM_PER_MILE = 1.609344
_KG_PER_POUND = 0.45359237
_SHORTEST_STEM = 3
_DISTANCES: dict[str, float] = {
    "km": 1,
    "kilometer": 1,
    "kilometre": 1,
    "mi": _KM_PER_MILE,
    "mile": _KM_PER_MILE,
}
_TIMES = ("day", "week", "month", "year", "hour", "minute", "min", "am", "pm")
_UNITS: dict[str, dict[str, float]] = {
    "distance": _DISTANCES,
    "mass": dict.fromkeys(("kg", "kilo", "kilogram"), 1.0) | {"lb": _KG_PER_POUND},
    "time": dict.fromkeys(_TIMES, 1.0),
}
_SIGNS = {"€": "€", "$": "$", "£": "£", "eur": "€", "euro": "€", "usd": "$", "dollar": "$"} | {
    "gbp": "£",
    "pound": "£",
    "quid": "£",
    "chf": "CHF ",
    "franc": "CHF ",
}
_NAMED_DISTANCES = (
    ("half ironman", 113.0),
    ("ironman", 226.0),
    ("70.3", 113.0),
    ("sprint triathlon", 25.8),
    ("olympic triathlon", 51.5),
    ("half marathon", 21.1),
    ("half-marathon", 21.1),
    ("ultramarathon", 50.0),
    ("ultra marathon", 50.0),
    ("marathon", 42.2),
)
_QUANTITY = re.compile(
    rf"(?<![\w.])(?P<sign>[€$£])?\s?(?P<number>{NUMBER})(?P<kilo>\s?k(?!\w)| thousand\b)?"
    r"(?:[\s-]?(?P<unit>[a-z€£$%]+))?(?: (?P<next>[a-z]+))?"
)
_HOURS = re.compile(
    rf"\b(?P<number>{NUMBER}) ?(?P<unit>h|hrs?|hours?|min|mins|minutes)"
    r" (?:a|per|every|each|/) ?(?P<per>week|day)\b"
)
_STOP_WORDS = """
a an the to of for in on at by and or my me i our we it is be am are with from that this
want wanna would like get go goal plan finally again more up than into about some do
"""
_STOP = frozenset(_STOP_WORDS.split())


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what it counts; `kind` is "bare" when only the playbook can tell.

    `nouns` are the words after it, `sign` a currency sign to write it with.
    """

    value: float
    kind: str
    nouns: tuple[str, ...] = ()
    sign: str = ""
    kilo: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A goal's words, taken apart."""

    text: str
    tokens: tuple[str, ...]
    context: tuple[str, ...]
    quantities: tuple[Quantity, ...]
    deadline: Deadline | None
    hours_per_week: float | None


def read_goal(title: str, description: str, today: date) -> Reading:
    """Read a goal; the description adds facts, but weighs less in finding the playbook."""
    text = _normal(f"{title} . {description}")
    deadline = find_deadline(text, today)
    rest = text
    if deadline:
        rest = text[: deadline.span[0]] + " . " + text[deadline.span[1] :]
    hours = _hours_per_week(rest)
    return Reading(
        text=rest,
        tokens=tokens_of(title),
        context=tokens_of(description),
        quantities=find_quantities(rest),
        deadline=deadline,
        hours_per_week=hours,
    )


def find_quantities(text: str) -> tuple[Quantity, ...]:
    """Find the numbers in lower-case text with their units, and distances that have a name."""
    named = tuple(
        Quantity(value, "distance", (name,))
        for name, value in _NAMED_DISTANCES
        if re.search(rf"\b{name}\b", text)
    )[:1]
    found = (_quantity(match) for match in _QUANTITY.finditer(text))
    return named + tuple(quantity for quantity in found if quantity is not None)


def tokens_of(text: str) -> tuple[str, ...]:
    """Split into stemmed words, without the words that carry no meaning."""
    words = re.findall(r"[a-z0-9][a-z0-9+#]*", _normal(text))
    return tuple(stem(word) for word in words if word not in _STOP)


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """Cut a word to a rough stem, the same for "runs", "running" and "run"."""
    for ending in ("ings", "ing", "ers", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            word = word[: -len(ending)] + ("y" if ending == "ies" else "")
            break
    if len(word) > _SHORTEST_STEM and word.endswith("e"):
        word = word[:-1]
    doubled = len(word) > _SHORTEST_STEM and word[-1] == word[-2] and word[-1] not in "sl"
    return word[:-1] if doubled else word


def _normal(text: str) -> str:
    return re.sub(r"\s+", " ", text.lower().replace("’", "'").replace("–", "-")).strip()


def _quantity(match: re.Match[str]) -> Quantity | None:
    value = number(match["number"])
    if value is None:
        return None
    kilo, unit = bool(match["kilo"]), match["unit"] or ""
    value = value * 1000 if kilo else value
    nouns = tuple(filter(None, (match["unit"], match["next"])))
    single = unit.rstrip("s") or unit
    sign = match["sign"] or _SIGNS.get(single)
    if sign:
        return Quantity(value, "money", nouns, sign, kilo)
    for kind, factors in _UNITS.items():
        if single in factors:
            return Quantity(value * factors[single], kind, nouns)
    # "a" and "one" alone are words far more often than amounts.
    if not unit and not match["number"][0].isdigit():
        return None
    return Quantity(value, "bare", nouns, "", kilo)


def _hours_per_week(text: str) -> float | None:
    match = _HOURS.search(text)
    value = number(match["number"]) if match else None
    if match is None or value is None:
        return None
    hours = value if match["unit"].startswith("h") else value / 60
    return hours * (7 if match["per"] == "day" else 1)
