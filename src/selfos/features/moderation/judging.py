"""From what is found in a text to what becomes of it, depending on who will read it. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from selfos.features.moderation import links, secrets
from selfos.features.moderation.lexicon import ENGLISH
from selfos.features.moderation.normalising import read
from selfos.features.moderation.schemas import (
    Category,
    Finding,
    ListedVerdict,
    Moderation,
    Verdict,
    Where,
)

RULES = "rules"
IN_NEED = frozenset(
    {Category.SELF_HARM, Category.SELF_HARM_INTENT, Category.SELF_HARM_INSTRUCTIONS}
)
# What nobody may publish, to a team or to the world.
NEVER = frozenset(
    {
        Category.THREAT,
        Category.HATE,
        Category.HATE_THREAT,
        Category.ILLICIT_VIOLENT,
        Category.SEXUAL_MINORS,
        Category.SECRET,
    }
)
# What a coach is not asked either, whatever the model behind it would say.
NOT_EVEN_ASKED = frozenset({Category.SEXUAL_MINORS, Category.ILLICIT_VIOLENT})
ORDER = list(Verdict)


def judge(
    text: str,
    where: Where,
    *,
    listed: Mapping[str, ListedVerdict] | None = None,
) -> Moderation:
    """Return what becomes of a text by rules alone; whoever knows the reader adds the card."""
    readings = read(text)
    findings = [*ENGLISH.find(readings), *secrets.find(text), *links.find(text)]
    blocked = False
    for words, verdict in (listed or {}).items():
        form = rf"(?<!\w){re.escape(read(words).bare)}(?!\w)"
        if re.search(form, readings.bare):
            findings.append(Finding(category=Category.WORD_LIST, words=words))
            blocked = blocked or verdict is ListedVerdict.BLOCK
    return conclude(findings, where, blocked=blocked, engine=RULES)


def conclude(
    findings: Iterable[Finding],
    where: Where,
    *,
    blocked: bool,
    engine: str,
    unchecked: bool = False,
) -> Moderation:
    """Return the verdict on what was found."""
    found = list(dict.fromkeys((each.category, each.words) for each in findings))
    categories = {category for category, _ in found}
    verdict = _verdict(categories, where, blocked=blocked)
    return Moderation(
        verdict=verdict,
        findings=[Finding(category=category, words=words) for category, words in found],
        engine=engine,
        unchecked=unchecked,
    )


def worse(one: Verdict, other: Verdict) -> Verdict:
    """Return the one that goes further."""
    return max(one, other, key=ORDER.index)


def _verdict(categories: Collection[Category], where: Where, *, blocked: bool) -> Verdict:
    # Care comes before any rule: somebody in need is spoken to, not shut out.
    if IN_NEED.intersection(categories):
        return Verdict.CRISIS
    shared = where in (Where.TEAM, Where.PUBLIC)
    if shared and (blocked or NEVER.intersection(categories)):
        return Verdict.BLOCK
    if where is Where.COACH and NOT_EVEN_ASKED.intersection(categories):
        return Verdict.BLOCK
    noticed = set(categories)
    if where is Where.TEAM:
        # Those who work together give each other numbers and addresses.
        noticed -= {Category.PERSONAL}
    if not shared:
        # What somebody keeps for themselves, or tells their coach, may be rough.
        noticed &= {Category.SECRET, Category.LINK, *NEVER}
    return Verdict.WARN if noticed else Verdict.ALLOW
