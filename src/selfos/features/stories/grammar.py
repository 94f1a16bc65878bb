"""Reads a sentence into the claims it makes; whatever looks like a claim and is none is left over.

Nothing here knows the facts or how composition writes: it reads any English sentence.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from decimal import Decimal

from selfos.features.stories import lexicon
from selfos.features.stories.claims import (
    Amount,
    Claim,
    Contrast,
    Count,
    Day,
    Frame,
    Leftover,
    Length,
    More,
    Quote,
    Reading,
    Share,
    Span,
    Stretch,
    Word,
)

_QUOTED = re.compile('“([^“”]*)”|"([^"]*)"')
_RELATION = re.compile(
    r"\b(?:towards?|for|under|in|behind|part of|step of|belongs to)"
    r"(?: the (?:goal|area))? *$",
    re.IGNORECASE,
)
_IN_AREA = re.compile(r"in(?: the area)? *", re.IGNORECASE)
_KIND_BEFORE = re.compile(r"\b(goal|milestone|task|habit)s?:? *$", re.IGNORECASE)
# Spans already understood are filled with these, so that offsets stay true.
_QUOTE_FILL, _NAME_FILL, _READ_FILL = "\ue000", "\ue001", "\ue002"
_FRAME_WORDS: dict[Frame, str] = {
    Frame.BUSIEST_DAY: r"busiest day",
    Frame.BUSIEST_WEEK: r"busiest week",
    Frame.PAUSE: r"pauses?|gaps?|breaks?|silence|quiet|standstill",
    Frame.RUN: r"in a row|streaks?|consecutive|days running|days straight",
    Frame.FIRST: r"first|began|begun|beginning|started|opening",
    Frame.LAST: r"last|final|latest",
    Frame.SINCE: r"since",
    Frame.AHEAD: r"open|ahead|remaining|remains?|left|outstanding|waiting|unfinished",
}


def _one_of(words: Iterator[str] | frozenset[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_UNIT_WORDS = _one_of(frozenset(lexicon.SMALL_NUMBERS))
_TEN_WORDS = _one_of(frozenset(lexicon.TENS))
_NUMBER = (
    rf"(?:(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?(?![\d,.]*\d)|(?:{_one_of(frozenset(lexicon.NUMBER_PHRASES))})"
    rf"|(?:{_TEN_WORDS})(?:-(?:{_UNIT_WORDS}))?|(?:{_UNIT_WORDS}))"
)
_KIND = r"(?:finished |completed |different |separate |small |open )?"
_COUNTED = r"(?P<noun>tasks?|steps?|goals?|milestones?|check-ins?)\b"
_MONTH = _one_of(frozenset(lexicon.MONTHS))
_WEEKDAY = _one_of(frozenset(lexicon.WEEKDAYS))
_DAY_PATTERN = re.compile(
    rf"\b(?P<week>week of )?(?:(?P<wd>{_WEEKDAY}),? (?:the )?)?"
    rf"(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<m>{_MONTH})"
    rf"|(?P<m2>{_MONTH}) (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?)"
    r"(?!\w)(?:,? (?P<y>\d{4})\b)?"
    r"|\b(?P<iso>\d{4}-\d{2}-\d{2})\b"
    rf"|\bin (?P<im>{_MONTH})\b(?: (?P<iy>\d{{4}})\b)?"
    rf"|\b(?P<owd>{_WEEKDAY})\b",
    re.IGNORECASE,
)
_TO = re.compile(r" ?(?:to|until|and|–|-) ?")
_PATTERNS: tuple[tuple[str, Callable[[re.Match[str]], Claim]], ...] = (
    (
        rf"(?P<part>{_NUMBER}) of the (?P<n>{_NUMBER}) {_KIND}{_COUNTED}",
        lambda m: Share(*m.span(), _value(m["part"]), _value(m["n"]), _singular(m["noun"])),
    ),
    (
        rf"(?P<dir>up from|down from|level with) (?P<n>{_NUMBER}) {_KIND}{_COUNTED}",
        lambda m: Contrast(*m.span(), m["dir"].split()[0], _value(m["n"]), _singular(m["noun"])),
    ),
    (rf"(?P<n>{_NUMBER}) more\b(?! \w)", lambda m: More(*m.span(), _value(m["n"]))),
    (
        rf"(?P<n>{_one_of(frozenset(lexicon.NUMBER_ADVERBS))}|(?:{_NUMBER}) times)\b",
        lambda m: Count(*m.span(), _value(m["n"].removesuffix(" times")), "time"),
    ),
    (
        rf"(?P<n>{_NUMBER}) {_KIND}(?P<noun>tasks?|steps?|goals?|milestones?|check-ins?|areas?)\b",
        lambda m: Count(*m.span(), _value(m["n"]), _singular(m["noun"])),
    ),
    (
        (
            rf"(?P<on>on )?(?P<about>(?:about|around|roughly|nearly) )?(?P<n>{_NUMBER}|an?) "
            r"(?P<kind>different |separate )?(?P<unit>days?|weeks?|months?|years?)\b"
        ),
        lambda m: Length(
            *m.span(),
            _value("one" if m["n"] in {"a", "an"} else m["n"]),
            _singular(m["unit"]),
            bool(m["about"]),
            bool(m["on"] or m["kind"]),
        ),
    ),
    (
        rf"(?P<n>{_NUMBER}) (?P<unit>[a-z]+)\b",
        lambda m: Amount(*m.span(), _value(m["n"]), m["unit"]),
    ),
)
_COMPILED = tuple((re.compile(rf"(?<![\w.,-]){pattern}"), make) for pattern, make in _PATTERNS)


def read(sentence: str, person_name: str) -> Reading:
    """The claims of a sentence; `person_name` may be said freely."""
    text = sentence
    reading = Reading(frames=())
    text = _read_quotes(text, reading)
    if person_name:
        text = _fill(re.compile(rf"(?<!\w){re.escape(person_name)}(?!\w)"), text, _NAME_FILL)
    reading.leftovers += _hidden(text, sentence)
    text = _read_days(text, reading)
    reading.frames = tuple(
        frame
        for frame, pattern in _FRAME_WORDS.items()
        if re.search(rf"\b(?:{pattern})\b", text, re.IGNORECASE)
    )
    reading.said = frozenset(words(_lowered(text)))
    text = _read_numbers(text, reading)
    reading.names += _names(text)
    reading.leftovers += _left_over(text)
    return reading


def _fill(pattern: re.Pattern[str], text: str, mark: str) -> str:
    return pattern.sub(lambda match: mark * len(match[0]), text)


def _cover(text: str, span: Span, mark: str) -> str:
    return text[: span.start] + mark * (span.end - span.start) + text[span.end :]


def _read_quotes(text: str, reading: Reading) -> str:
    related, area, noun = False, False, None
    last_end: int | None = None
    for match in _QUOTED.finditer(text):
        between = "" if last_end is None else text[last_end : match.start()]
        if last_end is None or between not in {", ", " and "}:
            before = text[: match.start()]
            relation = _RELATION.search(before)
            related = bool(relation)
            area = bool(relation and _IN_AREA.fullmatch(relation[0]))
            said = _KIND_BEFORE.search(before)
            noun = said[1].lower() if said else None
        title = match[1] if match[1] is not None else match[2]
        reading.claims.append(Quote(*match.span(), title, related, area, noun))
        last_end = match.end()
    return _fill(_QUOTED, text, _QUOTE_FILL)


def _hidden(masked: str, sentence: str) -> Iterator[Leftover]:
    for place, mark in enumerate(masked):
        original = sentence[place]
        is_covered = mark in {_QUOTE_FILL, _NAME_FILL} and original != mark
        if is_covered:
            continue
        if unicodedata.category(original).startswith("C"):
            yield Leftover(place, place + 1, "a hidden character")
        elif original in '“”"„«»':
            yield Leftover(place, place + 1, "a quotation that does not close")
        elif not original.isascii() and unicodedata.numeric(original, None) is not None:
            yield Leftover(place, place + 1, "a number in a form nobody can check")


def _read_days(text: str, reading: Reading) -> str:
    days = [_day(match) for match in _DAY_PATTERN.finditer(text)]
    place = 0
    while place < len(days):
        day = days[place]
        following = days[place + 1] if place + 1 < len(days) else None
        if following and _is_stretch(text, day, following):
            reading.claims.append(Stretch(day.start, following.end, day, following))
            place += 1
        else:
            reading.claims.append(day)
        place += 1
    for day in days:
        text = _cover(text, day, _READ_FILL)
    return text


def _is_stretch(text: str, day: Day, following: Day) -> bool:
    return bool(_TO.fullmatch(text[day.end : following.start]))


def _day(match: re.Match[str]) -> Day:
    if iso := match["iso"]:
        year, month, day = (int(part) for part in iso.split("-"))
        return Day(*match.span(), day, month, year, None)
    if month_name := match["im"]:
        year = int(match["iy"]) if match["iy"] else None
        return Day(*match.span(), None, lexicon.MONTHS[month_name.lower()], year, None)
    if weekday := match["owd"]:
        return Day(*match.span(), None, None, None, lexicon.WEEKDAYS[weekday.lower()])
    month = lexicon.MONTHS[(match["m"] or match["m2"]).lower()]
    weekday = lexicon.WEEKDAYS[match["wd"].lower()] if match["wd"] else None
    year = int(match["y"]) if match["y"] else None
    day = int(match["d"] or match["d2"])
    return Day(*match.span(), day, month, year, weekday, bool(match["week"]))


def _value(said: str) -> Decimal:
    """The number a matched phrase says."""
    if said[0].isdigit():
        return Decimal(said.replace(",", ""))
    known = lexicon.NUMBER_PHRASES | lexicon.NUMBER_ADVERBS | lexicon.SMALL_NUMBERS | lexicon.TENS
    if said in known:
        return Decimal(known[said])
    tens, _, units = said.partition("-")
    return Decimal(lexicon.TENS[tens] + lexicon.SMALL_NUMBERS[units])


def _lowered(text: str) -> str:
    """Lower case that keeps offsets: some foreign letters grow when lowered."""
    return "".join(mark.lower() if mark.isascii() else mark for mark in text)


def _singular(noun: str) -> str:
    return noun.removesuffix("s")


def _read_numbers(text: str, reading: Reading) -> str:
    for pattern, make in _COMPILED:
        for match in list(pattern.finditer(_lowered(text))):
            claim = make(match)
            reading.claims.append(claim)
            text = _cover(text, claim, _READ_FILL)
    return text


_NUMBER_LEFT = re.compile(
    rf"\w*\d(?:[\w.,:/%-]*[\w%])?|\b(?:{_UNIT_WORDS}|{_TEN_WORDS}|{_one_of(lexicon.UNCOUNTED)})\b"
)
_DATE_LEFT = re.compile(
    rf"\b(?:{_one_of(frozenset(lexicon.MONTHS) - {'may', 'march'})}|{_WEEKDAY}"
    rf"|{_one_of(lexicon.RELATIVE_TIME)})s?\b"
)
_CAPITAL_DATE_LEFT = re.compile(
    r"\b(?:May|March|"
    + _one_of(frozenset(word.capitalize() for word in lexicon.ABBREVIATED_DATES))
    + r")\b"
)
_LENGTH_LEFT = re.compile(
    r"\b(?:days|weeks|months|years|decades)\b|\b(?:next|past|this|that|another|whole) "
    r"(?:day|week|month|year)\b"
)
_FEELING = re.compile(rf"\b(?:{_one_of(lexicon.FEELINGS)})\b")
_CAUSE = re.compile(rf"\b(?:{_one_of(lexicon.CAUSES)})\b")
_LEFT: tuple[tuple[re.Pattern[str], str], ...] = (
    (_NUMBER_LEFT, "a number that counts nothing the events show"),
    (_DATE_LEFT, "a time that no event fixes"),
    (_LENGTH_LEFT, "a duration that no event measures"),
    (_FEELING, "a feeling no event can show"),
    (_CAUSE, "a cause no event can show"),
)


def _left_over(text: str) -> Iterator[Leftover]:
    lowered = _lowered(text)
    for pattern, reason in _LEFT:
        for match in pattern.finditer(lowered):
            yield Leftover(*match.span(), reason)
    for match in _CAPITAL_DATE_LEFT.finditer(text):
        yield Leftover(*match.span(), "a time that no event fixes")


_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE_START = re.compile(r"(?:^|[.!?:]) *$")


def _names(text: str) -> Iterator[Word]:
    for match in _WORD.finditer(text):
        word = match[0]
        if word in lexicon.ALWAYS_CAPITAL or (word.isascii() and word.islower()):
            continue
        starts = bool(_SENTENCE_START.search(text[: match.start()]))
        if starts and word.lower() in lexicon.OPENERS and word[1:] == word[1:].lower():
            continue
        yield Word(*match.span(), word)


def words(text: str) -> list[str]:
    """The words of a text as the checker splits it."""
    return [match[0] for match in _WORD.finditer(text)]
