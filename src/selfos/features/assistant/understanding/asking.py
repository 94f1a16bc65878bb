"""Questions about one's own things, turned into the filter language of planning. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

ASKS = re.compile(
    r"(?:please\s+)?(?:(?:can|could)\syou\s)?(?:what(?:'s|\sis|\sare)?|which|show(?:\sme)?|list|"
    r"find|give\sme|how\smany|do\si\shave|are\sthere|when\s(?:is|are|do)|search(?:\sfor)?|tell\sme)"
    r"\b(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
NOUN = re.compile(r"\b(task|to-?do|goal|habit|project|area|due|overdue)s?\b", re.IGNORECASE)
# It already speaks the language: a sign or a qualifier of it.
LANGUAGE = re.compile(
    r"(?:^|\s)(?:p[1-4]\b|[#@~^][\w\"]|(?:is|has|no|due|done|deadline|created|duration|sort):\S)"
)
DAYS: tuple[tuple[str, str], ...] = (
    (r"(?:are\s)?overdue|late\b", "is:overdue"),
    (r"(?:due|on\smy\splate|left|scheduled)?\s*(?:for\s)?today", "due:today"),
    (r"(?:due|scheduled)?\s*(?:for\s)?tomorrow", "due:tomorrow"),
    (r"(?:due|coming\sup)?\s*(?:this|the)\sweek", "due:today..eow"),
    (r"(?:due|coming\sup)?\s*(?:in\sthe\s)?next\s(?:7|seven)\sdays|next\sweek", "due:today..+7d"),
    (r"(?:due\s)?this\smonth", "due:today..eom"),
)
DONE_DAYS: tuple[tuple[str, str], ...] = (
    (r"today", "done:today"),
    (r"yesterday", "done:yesterday"),
    (r"this\sweek", "done:sow.."),
    (r"(?:in\sthe\s)?last\s(?:7|seven)\sdays|last\sweek", "done:-7d.."),
    (r"this\smonth", "done:som.."),
    (r"this\syear", "done:soy.."),
)
STATES: tuple[tuple[str, str], ...] = (
    (r"waiting(?:\sfor)?", "is:waiting"),
    (r"blocked", "is:blocked"),
    (r"(?:in\s(?:the|my)\s)?inbox", "is:inbox"),
    (r"(?:high(?:est)?\spriority|most\simportant|urgent|important)", "p1"),
    (r"without\sa?\s?(?:due\s)?date|undated", "no:date"),
    (r"repeating|recurring", "is:recurring"),
)
OF_GOALS: tuple[tuple[str, str], ...] = (
    (r"behind|at\srisk|off\s(?:track|path)", "pace:behind"),
    (r"ahead", "pace:ahead"),
    (r"overdue", "is:overdue"),
    (r"(?:due\s)?this\smonth", "due:today..eom"),
)
OF_HABITS: tuple[tuple[str, str], ...] = (
    (r"(?:due|left|open)\s?(?:for\s)?(?:today)?", "is:due"),
    (r"weak(?:est)?|slipping", "strength:<50%"),
    (r"strong(?:est)?", "strength:>=80%"),
    (r"missed", "is:missed"),
)
DONE = re.compile(
    r"\b(?:did\s(?:i|we)\s(?:do|finish|complete|get\sdone)|done|completed|finished)\b",
    re.IGNORECASE,
)
ABOUT = re.compile(
    r"\b(?:about|with|named|called|containing|mentioning|for)\s+(?P<words>[^?]+)", re.IGNORECASE
)
FILLERS = frozenset("my the a an this that me i of in on to have are is do due open all".split())


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for, as `entity` and `filter`."""

    confidence: float
    entities: Mapping[str, str]


def read_question(text: str) -> Question | None:
    """Return what a question asks for, or None if it asks for none of the user's things."""
    plain = text.strip().rstrip("?! .")
    found = ASKS.fullmatch(plain)
    if found is None:
        if LANGUAGE.search(text) and not text.endswith("?"):
            return Question(0.9, {"entity": "task", "filter": plain})
        return None
    rest = found["rest"]
    if LANGUAGE.search(rest):
        wanted = LANGUAGE.search(rest)
        return (
            Question(0.9, {"entity": _noun(rest), "filter": rest[wanted.start() :].strip()})
            if wanted
            else None
        )
    noun = NOUN.search(rest)
    entity = _noun(rest)
    conditions = _conditions(entity, rest)
    if noun is None and not conditions:
        return None
    counted = {"count": "yes"} if plain.lower().startswith("how many") else {}
    confidence = 0.88 if conditions or noun else 0.6
    return Question(confidence, {"entity": entity, "filter": " ".join(conditions)} | counted)


def _noun(text: str) -> str:
    found = NOUN.search(text)
    named = found[1].lower() if found else "task"
    return named if named in ("goal", "habit", "project", "area") else "task"


def _conditions(entity: str, text: str) -> list[str]:
    tables = {"goal": OF_GOALS, "habit": OF_HABITS, "project": (), "area": ()}
    done = entity == "task" and DONE.search(text)
    if done:
        chosen: tuple[tuple[str, str], ...] = DONE_DAYS
    else:
        chosen = tables.get(entity, (*DAYS, *STATES))
    conditions = ["is:done"] if done else []
    left = text
    for pattern, condition in chosen:
        matched = re.search(rf"\b(?:{pattern})\b", left, re.IGNORECASE)
        if matched is not None and matched[0].strip():
            conditions.append(condition)
            left = left[: matched.start()] + " " + left[matched.end() :]
    return [*conditions, *_words(left)]


def _words(text: str) -> list[str]:
    """Return the words somebody looks for: what follows "about" and the like."""
    about = ABOUT.search(text)
    if about is None:
        return []
    words = re.findall(r"\w+", about["words"])
    return [word for word in words if word.lower() not in FILLERS and not NOUN.fullmatch(word)][:6]
