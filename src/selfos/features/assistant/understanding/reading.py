"""From a message to an intent: the first pattern that fits says what it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from selfos.features.assistant.schemas.words import Intent
from selfos.features.assistant.understanding.asking import read_question

SURE = 0.7
LONGEST_READ = 500


@dataclass(frozen=True, slots=True)
class Reading:
    """An intent, how sure from 0 to 1, and what the message speaks of.

    `entities` holds text only: `text` to be read by the quick-add grammar, `name` of what exists,
    `when`, `priority` or `title` for a change, `entity` and `filter` for a question.
    """

    intent: Intent
    confidence: float
    entities: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def sure(self) -> bool:
        """Tell whether no model needs to be asked."""
        return self.confidence >= SURE


Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], Reading | None]]


def understand(text: str) -> Reading:
    """Return what a message wants; never raises, deterministic."""
    plain = " ".join(text[:LONGEST_READ].split()).strip()
    bare = plain.rstrip(".! ")
    for pattern, read in RULES:
        found = pattern.fullmatch(bare)
        if found is not None and (reading := read(found)) is not None:
            return reading
    asked = read_question(plain)
    if asked is not None:
        return Reading(Intent.QUERY, asked.confidence, asked.entities)
    if bare.endswith("?"):
        return Reading(Intent.OUT_OF_SCOPE, 0.4)
    if _begins_with_a_deed(bare):
        return Reading(Intent.CREATE_TASK, 0.55, {"text": bare})
    return Reading(Intent.OUT_OF_SCOPE, 0.3)


def _re(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE | re.VERBOSE | re.DOTALL)


def _is(intent: Intent, confidence: float) -> Callable[[re.Match[str]], Reading]:
    return lambda _: Reading(intent, confidence)


def _of(intent: Intent, confidence: float) -> Callable[[re.Match[str]], Reading | None]:
    def read(found: re.Match[str]) -> Reading | None:
        entities = {name: said.strip(" \"“”'") for name, said in found.groupdict().items() if said}
        return Reading(intent, confidence, entities) if any(entities.values()) else None

    return read


def _create(found: re.Match[str]) -> Reading | None:
    noun, text = found["noun"].lower(), found["text"].strip(' :"“”')
    if not text:
        return None
    return Reading(NOUNS[noun], 0.95, {"text": text})


def _begins_with_a_deed(text: str) -> bool:
    """Tell whether it sounds like a task: it begins with a word for doing something."""
    first, _, rest = text.partition(" ")
    return bool(rest) and first.lower() in DEEDS


NOUNS: Mapping[str, Intent] = {
    "task": Intent.CREATE_TASK,
    "todo": Intent.CREATE_TASK,
    "to-do": Intent.CREATE_TASK,
    "reminder": Intent.CREATE_TASK,
    "goal": Intent.CREATE_GOAL,
    "project": Intent.CREATE_PROJECT,
    "area": Intent.CREATE_AREA,
    "life area": Intent.CREATE_AREA,
    "habit": Intent.CREATE_HABIT,
    "routine": Intent.CREATE_HABIT,
}
DEEDS = frozenset(
    """
    ask bake bring book build buy call cancel check clean collect cook decide do draft email file
    find finish fix get give go learn mail make mow order organise organize pack paint pay phone
    pick plan plant prepare print read register renew repair reply return review schedule sell send
    sign sort start study submit take text throw tidy update visit walk wash water write
    """.split()
)
_POLITE = r"(?:please\s+)?(?:(?:can|could|would|will)\s+you\s+)?(?:please\s+)?"
_NOUN = r"(?P<noun>task|to-?do|reminder|goal|project|(?:life\s)?area|habit|routine)"
_MAKE = r"(?:add|create|make|new|start|set(?:\sup|(?=\s(?:me\s)?an?\s))|plan|begin|track)"
_CALLED = r"(?:\s+(?:to|of|called|named|for|about|that)\b|\s*:)?"
_WHEN = r"(?P<when>.+?)"
_DOES = r"(?:exercise|meditate|run|read|walk|stretch|journal|floss|practi[cs]e|drink|write|sleep)"
_TIMES = r"(?:once|twice|(?:\d{1,2}|two|three|four|five|six|seven)\s?(?:x|times))"
_OFTEN = (
    r"(?:(?:every|each)\s?(?:other\s)?(?:day|morning|evening|night|week|weekday|month)"
    r"|daily|weekly|nightly|on\sweekdays"
    rf"|{_TIMES}\s(?:a|per|every)\s(?:day|week|month))"
)
_LIST = r"(?:on(?:to)?|to|in(?:to)?)\s(?:my|the)\s(?:\w+\s)?(?:to-?do|to-?dos|tasks?|list|inbox)s?"
# What one learns or becomes takes longer than a task.
_AIMS = r"(?:learn|master|become|quit|stop|lose|save|build|get\s(?:fit|better|into|out))"
SMALL = r"""
    (?:(?:hi|hello|hey|good\s(?:morning|evening|afternoon)|yo)(?:\s+(?:there|coach))?)
    | (?:thanks?(?:\s(?:you|a\slot|so\smuch))?|thx|cheers|great|nice|cool|ok(?:ay)?|perfect|awesome)
    | (?:bye|goodbye|see\syou|good\snight|how\sare\syou|who\sare\syou|what\sare\syou
        |what\scan\syou\sdo|help)[?]?
"""
REFLECTING = r"""
    (?:how\s(?:am|was|is|did)\s(?:i|my|it|the|this)\b.*)
    | (?:i(?:'m|\sam)\s(?:so\s|really\s|feeling\s|a\sbit\s|very\s)*
        (?:stuck|overwhelmed|tired|stressed|behind|lost|unmotivated|anxious|procrastinating|lazy
        |burn(?:ed|t)\sout|exhausted|distracted)\b.*)
    | (?:i\s(?:feel|felt|keep|can't|cannot|don't\sknow|never|always|struggle|failed)\b.*)
    | (?:what\s(?:should|could|do|can)\si\s(?:do|focus|work|start|drop|change|improve)\b.*)
    | (?:(?:please\s)?(?:coach|motivate|encourage|help)\sme\b.*)
    | (?:(?:let's\s|let\sus\s)?(?:reflect|review)\b.*(?:week|day|month|year|progress|life|it|me)?)
    | (?:where\s(?:do\si\sstand|am\si)\b.*)
    | (?:why\s(?:do|don't|can't|am|did)\s(?:i|my)\b.*)
    | (?:any\s(?:advice|suggestions?|ideas?|tips?)\b.*)
    | (?:what(?:'s|\sis)\s(?:going\s(?:well|wrong)|slipping|my\s(?:biggest|next)\b.*).*)
"""
ELSEWHERE = r"""
    (?:.*\b(?:weather|news|stock\sprice|bitcoin|recipe|joke|poem|song\slyrics|translate|capital\sof
    |president\sof|world\scup|write\s(?:me\s)?(?:some\s)?(?:code|python|javascript)|sudoku|horoscope
    |exchange\srate|movie\srecommendation|who\swon|meaning\sof\slife)\b.*)
"""
RULES: tuple[Rule, ...] = (
    (_re(SMALL), _is(Intent.SMALL_TALK, 0.95)),
    (
        _re(
            rf"{_POLITE}{_MAKE}\s+(?:me\s)?(?:an?\s|the\s|my\s)?(?:new\s)?{_NOUN}{_CALLED}"
            r"\s*(?P<text>.*)"
        ),
        _create,
    ),
    (_re(rf"{_NOUN}\s*:\s*(?P<text>.+)"), _create),
    (_re(r"(?P<noun>to-?do)\s+(?P<text>.+)(?<!\?)"), _create),
    (_re(rf"(?P<noun>habit|routine)\s+(?P<text>{_DOES}\b.+)(?<!\?)"), _create),
    (
        _re(rf"{_POLITE}(?:put|add|get|stick|write)\s+(?P<text>.+?)\s+{_LIST}"),
        _of(Intent.CREATE_TASK, 0.9),
    ),
    (
        _re(
            rf"{_POLITE}(?:remind\sme\s(?:to|about)|don't\slet\sme\sforget(?:\s(?:to|about))?"
            r"|remember\sto|i\s(?:need|have|must|ought|got)\sto|i\smust|note\sto\sself:?)"
            r"\s+(?P<text>.+)"
        ),
        _of(Intent.CREATE_TASK, 0.9),
    ),
    (
        _re(
            rf"{_POLITE}(?:mark|set|tick|check)\s+(?:off\s)?(?P<name>.+?)\s+"
            r"(?:as\s)?(?:done|complete[d]?|finished|off)"
        ),
        _of(Intent.COMPLETE, 0.92),
    ),
    (
        _re(
            rf"{_POLITE}(?:complete|finish|tick\soff|check\soff|close|check\sin(?:\sto|\son|\sfor)?)"
            r"\s+(?P<name>.+)"
        ),
        _of(Intent.COMPLETE, 0.82),
    ),
    (
        _re(
            r"(?:i(?:'ve|\shave)?\s(?:just\s)?(?:did|done|finished|completed)|done\swith|done:"
            r"|finished|completed)\s+(?P<name>.+)"
        ),
        _of(Intent.COMPLETE, 0.85),
    ),
    (_re(r"(?P<name>.+?)\s+is\s(?:done|finished|complete)"), _of(Intent.COMPLETE, 0.85)),
    (
        _re(rf"{_POLITE}rename\s+(?P<name>.+?)\s+(?:to|as|into)\s+(?P<title>.+)"),
        _of(Intent.UPDATE, 0.93),
    ),
    (
        _re(
            rf"{_POLITE}(?:make|set|give)\s+(?:the\s)?(?:priority\sof\s)?(?P<name>.+?)\s+"
            r"(?:to\s(?:priority\s|p|!)?|(?:a\s|as\s)?(?:priority\s|p|!))(?P<priority>[1-4])"
        ),
        _of(Intent.UPDATE, 0.92),
    ),
    (
        _re(
            rf"{_POLITE}(?:move|reschedule|postpone|push|shift|delay|put\soff|defer|bring\sforward)"
            rf"\s+(?P<name>.+?)\s+(?:to|until|till|for|by|on|onto)\s+{_WHEN}"
        ),
        _of(Intent.UPDATE, 0.92),
    ),
    (
        _re(rf"(?P<text>(?:i\swant\sto\s)?{_DOES}\b.*\b{_OFTEN}\b.*)"),
        _of(Intent.CREATE_HABIT, 0.75),
    ),
    (_re(rf"(?P<text>{_OFTEN}\s.+)"), _of(Intent.CREATE_HABIT, 0.72)),
    (
        _re(
            r"(?:i\s(?:want|would\slike|wish|hope|plan|aim)\sto|my\sgoal\sis(?:\sto)?)\s+(?P<text>.+)"
        ),
        _of(Intent.CREATE_GOAL, 0.78),
    ),
    (_re(rf"{_POLITE}help\sme\s(?:to\s)?(?P<text>{_AIMS}\b.+)"), _of(Intent.CREATE_GOAL, 0.72)),
    (_re(ELSEWHERE), _is(Intent.OUT_OF_SCOPE, 0.85)),
    (_re(REFLECTING), _is(Intent.REFLECT, 0.85)),
    (
        _re(rf"{_POLITE}(?:add|create|note|jot\sdown|capture)\s+(?P<text>.+)"),
        _of(Intent.CREATE_TASK, 0.8),
    ),
)
