"""Lets a story out: what fails its proof is written again once, replaced, or dropped."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from selfos.features.stories.checking import Finding, check, check_title
from selfos.features.stories.composition import compose, every_sentence, plain_title
from selfos.features.stories.facts import Sentence, StoryDraft, StoryRequest

Regenerate = Callable[[Sentence, Sequence[Finding]], Sentence]


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A draft in which every sentence is proved, and what it took."""

    draft: StoryDraft
    findings: tuple[Finding, ...]
    regenerated: int = 0
    replaced: int = 0
    dropped: int = 0


def release(
    draft: StoryDraft, request: StoryRequest, regenerate: Regenerate | None = None
) -> Release:
    """The draft with failing sentences regenerated once, else told by the rules, else dropped.

    `regenerate` is asked at most once per failing sentence and gets what was found in it.
    """
    findings = check(draft.sentences, request)
    kept: list[Sentence] = []
    tally = {"regenerated": 0, "replaced": 0, "dropped": 0}
    taken = {sentence.text for sentence in draft.sentences}
    for place, sentence in enumerate(draft.sentences):
        reasons = [finding for finding in findings if finding.place == place]
        if not reasons:
            kept.append(sentence)
            continue
        mended, how = _mend(sentence, reasons, request, regenerate, taken)
        tally[how] += 1
        if mended:
            kept.append(mended)
            taken.add(mended.text)
    released = replace(draft, sentences=tuple(kept))
    return Release(draft=_titled(released, request), findings=findings, **tally)


def _mend(
    sentence: Sentence,
    reasons: Sequence[Finding],
    request: StoryRequest,
    regenerate: Regenerate | None,
    taken: set[str],
) -> tuple[Sentence | None, str]:
    if regenerate is not None:
        again = regenerate(sentence, reasons)
        if again.text not in taken and not check([again], request):
            return again, "regenerated"
    told = _told_by_rules(sentence, request, taken)
    return (told, "replaced") if told else (None, "dropped")


def _told_by_rules(sentence: Sentence, request: StoryRequest, taken: set[str]) -> Sentence | None:
    """The template sentence about most of the same events, if one shares any and is new."""
    about = set(sentence.event_ids)

    def likeness(told: Sentence) -> float:
        cited = set(told.event_ids)
        return len(cited & about) / len(cited | about)

    candidates = [told for told in every_sentence(request) if told.text not in taken]
    for told in sorted(candidates, key=likeness, reverse=True):
        if likeness(told) == 0:
            return None
        if not check([told], request):
            return told
    return None


def _titled(draft: StoryDraft, request: StoryRequest) -> StoryDraft:
    """The draft with a title that is proved too: its own, the rules', or one without a claim."""
    for title in (draft.title, compose(request).title):
        titled = replace(draft, title=title)
        if title.strip() and not check_title(titled, request):
            return titled
    return replace(draft, title=plain_title(request))
