"""Lets a story out: what fails its proof is told by the rules instead, or dropped."""

from dataclasses import dataclass, replace

from selfos.features.stories.checking import Finding, check, check_title
from selfos.features.stories.composition import compose, every_sentence, plain_title
from selfos.features.stories.facts import Sentence, StoryDraft, StoryRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A draft in which every sentence is proved, and what it took."""

    draft: StoryDraft
    findings: tuple[Finding, ...]
    replaced: int = 0
    dropped: int = 0


def release(draft: StoryDraft, request: StoryRequest) -> Release:
    """The draft with failing sentences told by the rules, else dropped; nothing is said twice."""
    findings = check(draft.sentences, request)
    failing = {finding.place for finding in findings}
    proved = [each for place, each in enumerate(draft.sentences) if place not in failing]
    taken = {text for sentence in proved for text in (sentence.text, *sentence.retells)}
    kept: list[Sentence] = []
    for place, sentence in enumerate(draft.sentences):
        told = _told_by_rules(sentence, request, taken) if place in failing else sentence
        if told:
            kept.append(told)
            taken.add(told.text)
    released = replace(draft, sentences=tuple(kept))
    dropped = len(draft.sentences) - len(kept)
    return Release(
        draft=_titled(released, request),
        findings=findings,
        replaced=len(failing) - dropped,
        dropped=dropped,
    )


def _told_by_rules(sentence: Sentence, request: StoryRequest, taken: set[str]) -> Sentence | None:
    """The new template sentence that it retells, or one about most of the same events."""
    about = set(sentence.event_ids)

    def likeness(told: Sentence) -> float:
        cited = set(told.event_ids)
        return len(cited & about) / len(cited | about)

    candidates = [told for told in every_sentence(request) if told.text not in taken]
    candidates.sort(key=lambda told: (told.text in sentence.retells, likeness(told)), reverse=True)
    for told in candidates:
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
