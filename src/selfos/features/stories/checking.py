"""Proves sentences against the events they cite; whoever wrote them, rules or a model.

Every number, date, duration, quoted title and name must follow from the cited events, and every
cited event must be needed. What the checker cannot read as a claim it knows, it refuses.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from selfos.features.stories import claims, evidence, grammar, lexicon
from selfos.features.stories.claims import Frame, Reading
from selfos.features.stories.facts import (
    Fact,
    Sentence,
    StoryDraft,
    StoryRequest,
    shown_title,
    spoken_name,
)

WHOLE_SCOPE_FRAMES = frozenset(
    {Frame.BUSIEST_DAY, Frame.BUSIEST_WEEK, Frame.PAUSE, Frame.RUN, Frame.FIRST, Frame.LAST}
)
UNSPOKEN = "it cites an event it does not speak about"
WAIT_ENDS = 2  # the planning and the doing
QUOTATION = re.compile("“[^“”]*”")
SECOND_SENTENCE = re.compile(r"[.!?…]\s+\S")
TIMES = claims.Day | claims.Stretch | claims.Length


@dataclass(frozen=True, slots=True)
class Finding:
    """An unsupported span of a sentence and why; `place` is -1 for the title."""

    place: int
    span: str
    reason: str


def check(sentences: Sequence[Sentence], request: StoryRequest) -> tuple[Finding, ...]:
    """All that is not proved by the cited events; empty where everything is."""
    return tuple(
        Finding(place, span, reason)
        for place, sentence in enumerate(sentences)
        for span, reason in _Trial(sentence, request).findings()
    )


def check_title(draft: StoryDraft, request: StoryRequest) -> tuple[Finding, ...]:
    """As `check`, for the title against all events the sentences cite; it may claim nothing."""
    current = {fact.event_id for fact in request.facts}
    cited = dict.fromkeys(
        event_id for sentence in draft.sentences for event_id in sentence.event_ids
    )
    title = Sentence(draft.title, tuple(event_id for event_id in cited if event_id in current))
    trial = _Trial(title, request, is_title=True)
    return tuple(Finding(-1, span, reason) for span, reason in trial.findings())


def _same(title: str) -> str:
    kept = (mark for mark in title if mark not in "\u2068\u2069")
    return unicodedata.normalize("NFC", "".join(kept))


def _named(name: str | None) -> str | None:
    return None if name is None else _same(shown_title(name))


@dataclass(slots=True)
class _Trial:
    """One sentence, its reading and the events it cites."""

    sentence: Sentence
    request: StoryRequest
    is_title: bool = False
    reading: Reading = field(init=False)
    frame: Frame = field(init=False)
    cited: list[Fact] = field(init=False)
    before: list[Fact] = field(init=False)
    used: set[UUID] = field(default_factory=set[UUID])
    found: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    def __post_init__(self) -> None:
        name = spoken_name(self.request.person_name) or ""
        self.reading = grammar.read(self.sentence.text, name)
        self.frame = self.reading.frames[0] if self.reading.frames else Frame.PLAIN
        wanted = set(self.sentence.event_ids)
        self.cited = sorted(
            (fact for fact in self.request.facts if fact.event_id in wanted),
            key=lambda fact: fact.order,
        )
        self.before = [fact for fact in self.request.previous if fact.event_id in wanted]

    def findings(self) -> list[tuple[str, str]]:
        """The unsupported spans with their reasons."""
        self._check_citations()
        for leftover in self.reading.leftovers:
            self._refuse(leftover, leftover.reason)
        if len(self.reading.frames) > 1:
            self.found.append((self.sentence.text, "more than one kind of measure in a sentence"))
        for name in self.reading.names:
            self._check_name(name)
        self._check_scope()
        for claim in self.reading.claims:
            self._check_claim(claim)
        self._check_use()
        return self.found

    def _refuse(self, span: claims.Span, reason: str) -> None:
        self.found.append((self.sentence.text[span.start : span.end], reason))

    def _require(self, span: claims.Span, *, holds: bool, reason: str) -> None:
        if not holds:
            self._refuse(span, reason)

    def _use(self, facts: Iterable[Fact]) -> None:
        self.used.update(fact.event_id for fact in facts)

    def _check_citations(self) -> None:
        known = {fact.event_id for fact in (*self.cited, *self.before)}
        if not self.is_title and not self.sentence.event_ids:
            self.found.append((self.sentence.text, "it cites no event"))
        for event_id in self.sentence.event_ids:
            if event_id not in known:
                self.found.append((str(event_id), "it cites an event this story does not have"))

    def _check_use(self) -> None:
        if self.is_title:
            return
        if not self.reading.claims:
            self.found.append((self.sentence.text, "nothing in it can be checked"))
        if SECOND_SENTENCE.search(self._bare()):
            self.found.append((self.sentence.text, "a second sentence, which could say anything"))
        for fact in (*self.cited, *self.before):
            if fact.event_id not in self.used:
                self.found.append((str(fact.event_id), UNSPOKEN))

    def _bare(self) -> str:
        """Return the text without quotations and without the person's name, which may hold dots."""
        name = spoken_name(self.request.person_name)
        text = QUOTATION.sub("“”", self.sentence.text)
        return text.replace(name, "") if name else text

    def _check_name(self, name: claims.Word) -> None:
        spoken = spoken_name(self.request.person_name) or ""
        texts = [spoken, *(shown for fact in self.cited for shown in fact.shown_names)]
        words = {word for text in texts for word in grammar.words(text)}
        self._require(name, holds=name.text in words, reason="a name that no cited event bears")

    def _check_scope(self) -> None:
        """A superlative needs everything it compares: all that was done, or all for a title."""
        if self.frame in WHOLE_SCOPE_FRAMES:
            scope = self._scope()
            if {fact.event_id for fact in scope} != {fact.event_id for fact in self.cited}:
                self.found.append((self.frame, "it does not cite everything it compares"))
            self._use(self.cited)
        elif self.frame is Frame.SINCE:
            self._check_wait()
        elif self.frame is Frame.AHEAD and not evidence.are_open(self.cited, self.request.facts):
            self.found.append((self.frame, "a cited event is not open"))

    def _check_wait(self) -> None:
        subjects = {fact.subject_id for fact in self.cited}
        begins = bool(self.cited) and self.cited[0].type.endswith(".created")
        if len(self.cited) != WAIT_ENDS or len(subjects) > 1 or not begins:
            self.found.append((self.frame, "the cited events are no beginning and end"))
        self._use(self.cited)

    def _scope(self) -> list[Fact]:
        deeds = [fact for fact in self.request.facts if fact.is_deed]
        for quote in self._quotes():
            title = _same(quote.title)
            if self.frame is Frame.RUN:
                deeds = [fact for fact in deeds if _same(shown_title(fact.title)) == title]
            elif quote.is_related:
                deeds = [fact for fact in deeds if title in map(_same, fact.shown_names)]
        return deeds

    def _quotes(self) -> list[claims.Quote]:
        return [claim for claim in self.reading.claims if isinstance(claim, claims.Quote)]

    def _check_claim(self, claim: claims.Claim) -> None:
        match claim:
            case claims.Quote():
                self._check_quote(claim)
            case claims.Count():
                self._check_count(claim)
            case claims.Share():
                self._check_share(claim)
            case claims.Contrast():
                self._check_contrast(claim)
            case claims.More():
                self._check_more(claim)
            case claims.Length():
                self._check_length(claim)
            case claims.Amount():
                self._check_amount(claim)
            case claims.Day():
                self._check_day(claim)
            case claims.Stretch():
                self._check_stretch(claim)

    def _check_quote(self, quote: claims.Quote) -> None:
        title = _same(quote.title)
        if quote.is_related:
            bearers = [fact for fact in self.cited if title in map(_same, fact.shown_names)]
            is_shared = any(isinstance(claim, claims.Share) for claim in self.reading.claims)
            complete = self.is_title or is_shared or len(bearers) == len(self.cited)
            holds = bool(bearers) and complete
        else:
            allowed = self._nameable()
            bearers = [fact for fact in allowed if _same(shown_title(fact.title)) == title]
            if quote.noun:
                bearers = [fact for fact in bearers if fact.type.startswith(f"{quote.noun}.")]
            holds = bool(bearers)
        self._require(quote, holds=holds, reason="a title that the cited events do not bear so")
        self._use(bearers)

    def _nameable(self) -> list[Fact]:
        """The cited events whose own title may stand in this sentence."""
        match self.frame:
            case Frame.FIRST | Frame.LAST:
                return evidence.at_edge(self.cited, last=self.frame is Frame.LAST)
            case Frame.PAUSE:
                returns = self._pause_returns()
                return [fact for fact in self.cited if fact.local_day in returns]
            case _:
                return [fact for fact in self.cited if self._was_so(fact)]

    def _pause_returns(self) -> set[date]:
        said = {
            self._resolved(claim) for claim in self.reading.claims if isinstance(claim, claims.Day)
        }
        returns = {end for _, end in evidence.longest_pauses(self.cited)}
        return returns & said if said else returns

    def _was_so(self, fact: Fact) -> bool:
        """Whether the verbs of the sentence fit what happened to the event's subject."""
        completes = bool(self.reading.said & lexicon.COMPLETING_WORDS)
        creates = bool(self.reading.said & lexicon.CREATING_WORDS)
        ends = bool(self.reading.said & lexicon.ENDING_WORDS)
        if not completes and not creates and not ends:
            return True
        if ends and fact.type.endswith(".finished"):
            return True
        if completes and fact.type.endswith((".completed", ".checked")):
            return True
        return creates and fact.type.endswith(".created")

    def _counted(self, noun: str, facts: Sequence[Fact]) -> list[Fact]:
        if noun == "time":
            titles = {_same(quote.title) for quote in self._quotes()}
            return [fact for fact in facts if _same(shown_title(fact.title)) in titles]
        if noun == "area":
            return [fact for fact in facts if fact.area_name is not None]
        if self.frame is Frame.AHEAD:
            return [fact for fact in facts if fact.type == f"{noun}.created"]
        return [fact for fact in facts if fact.type in lexicon.COUNTED_TYPES[noun]]

    def _check_count(self, count: claims.Count) -> None:
        facts = self._counted(count.noun, self._measured())
        number = (
            len({_named(fact.area_name) for fact in facts}) if count.noun == "area" else len(facts)
        )
        is_measure = self.frame in {
            Frame.PLAIN, Frame.BUSIEST_DAY, Frame.BUSIEST_WEEK, Frame.AHEAD,
        }  # fmt: skip
        self._require(
            count,
            holds=is_measure and number == count.value,
            reason=f"the cited events give {number}",
        )
        self._use(facts)

    def _measured(self) -> list[Fact]:
        """The cited events a count is about: all, or those of the busiest stretch."""
        match self.frame:
            case Frame.BUSIEST_DAY:
                peak = evidence.peak([fact.local_day for fact in self.cited])
                return [fact for fact in self.cited if fact.local_day == peak]
            case Frame.BUSIEST_WEEK:
                peak = evidence.peak([evidence.week(fact.local_day) for fact in self.cited])
                return [fact for fact in self.cited if evidence.week(fact.local_day) == peak]
            case _:
                return self.cited

    def _check_share(self, share: claims.Share) -> None:
        whole = self._counted(share.noun, self.cited)
        related = [quote for quote in self._quotes() if quote.is_related]
        part = [
            fact
            for fact in whole
            for quote in related
            if _named(fact.area_name if quote.is_area else fact.goal_title) == _same(quote.title)
        ]
        holds = len(related) == 1 and self.frame is Frame.PLAIN
        holds = holds and (len(part), len(whole)) == (share.part, share.value)
        reason = f"the cited events give {len(part)} of {len(whole)}"
        self._require(share, holds=holds, reason=reason)
        self._use(whole)

    def _check_contrast(self, contrast: claims.Contrast) -> None:
        now = self._counted(contrast.noun, self.cited)
        before = self._counted(contrast.noun, self.before)
        is_whole = len(now) == len(self._counted(contrast.noun, self.request.facts)) and len(
            before
        ) == len(self._counted(contrast.noun, self.request.previous))
        difference = len(now) - len(before)
        direction = "level" if not difference else "up" if difference > 0 else "down"
        holds = is_whole and len(before) == contrast.value and direction == contrast.direction
        reason = f"the cited events give {len(now)} after {len(before)}"
        self._require(contrast, holds=holds, reason=reason)
        self._use([*now, *before])

    def _check_more(self, more: claims.More) -> None:
        titles = {_same(quote.title) for quote in self._quotes()}
        rest = [fact for fact in self.cited if _same(shown_title(fact.title)) not in titles]
        holds = bool(titles) and len(rest) == more.value
        self._require(more, holds=holds, reason=f"the cited events leave {len(rest)}")
        self._use(rest)

    def _check_length(self, length: claims.Length) -> None:
        match self.frame:
            case Frame.PAUSE:
                expected = evidence.pause_days(self.cited)
            case Frame.RUN:
                expected = evidence.run_days(self.cited)
            case Frame.PLAIN if length.is_spread:
                expected = len({fact.local_day for fact in self.cited})
            case Frame.PLAIN:
                expected = evidence.span_days(self.cited)
            case _:
                expected = None
        holds = expected is not None and evidence.is_length(length, expected)
        self._require(length, holds=holds, reason=f"the cited events give {expected} days")
        self._use_by_time()

    def _check_amount(self, amount: claims.Amount) -> None:
        measured = [fact for fact in self.cited if evidence.unit_of(fact, amount.unit)]
        total = sum(evidence.measured(fact, amount.unit) for fact in measured)
        holds = bool(measured) and self.frame is Frame.PLAIN and total == amount.value
        self._require(amount, holds=holds, reason=f"the cited events give {total}")
        self._use(fact for fact in measured if evidence.measured(fact, amount.unit))

    def _resolved(self, day: claims.Day) -> date | None:
        return evidence.resolve(day, self.request.period_end)

    def _check_day(self, day: claims.Day) -> None:
        reason = "the cited events are not of that time"
        self._require(day, holds=bool(self.cited) and self._is_day(day), reason=reason)
        self._use_by_time()

    def _is_day(self, day: claims.Day) -> bool:
        if self.frame in {Frame.PLAIN, Frame.AHEAD}:
            until = self.request.period_end
            return all(evidence.falls_on(fact.local_day, day, until) for fact in self.cited)
        resolved = self._resolved(day)
        return resolved is not None and resolved in self._measured_days(is_week=day.is_week)

    def _measured_days(self, *, is_week: bool) -> set[date]:
        """The days, or weeks by their Mondays, that the frame's measure comes to."""
        days = [fact.local_day for fact in self.cited]
        match self.frame, is_week:
            case Frame.BUSIEST_WEEK, True:
                return {peak} if (peak := evidence.peak(map(evidence.week, days))) else set()
            case Frame.BUSIEST_DAY, False:
                return {peak} if (peak := evidence.peak(days)) else set()
            case Frame.PAUSE, False:
                return {end for _, end in evidence.longest_pauses(self.cited)}
            case Frame.FIRST | Frame.SINCE, False:
                return {min(days)}
            case Frame.LAST, False:
                return {max(days)}
            case _:
                return set()

    def _check_stretch(self, stretch: claims.Stretch) -> None:
        ends = (self._resolved(stretch.first), self._resolved(stretch.last))
        days = sorted(fact.local_day for fact in self.cited)
        match self.frame:
            case Frame.PLAIN:
                holds = bool(days) and ends == (days[0], days[-1])
            case Frame.PAUSE:
                holds = ends in evidence.longest_pauses(self.cited)
            case Frame.RUN:
                holds = ends in evidence.longest_runs(self.cited)
            case _:
                holds = False
        holds = holds and not (stretch.first.is_week or stretch.last.is_week)
        self._require(stretch, holds=holds, reason="the cited events do not span that time")
        self._use_by_time()

    def _use_by_time(self) -> None:
        """A time needs its events only where nothing else in the sentence says which they are."""
        if all(isinstance(claim, TIMES) for claim in self.reading.claims):
            self._use(self.cited)
