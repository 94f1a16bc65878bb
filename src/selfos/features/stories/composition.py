"""Tells a story from facts without a model: what was worth it, in order, in one voice."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from selfos.features.stories.facts import (
    Sentence,
    StoryDraft,
    StoryKind,
    StoryRequest,
    Tone,
    spoken_name,
)
from selfos.features.stories.moments import FINDERS
from selfos.features.stories.scene import Moment, Scene
from selfos.features.stories.wording import Wording, wording_for

ENGINE_NOTE = "Told by the built-in rules from your events; no model was asked."
SENTENCES_AT_MOST = {
    StoryKind.SUMMARY: 5,
    StoryKind.STORY: 7,
    StoryKind.REFLECTION: 5,
    StoryKind.ACHIEVEMENT: 4,
}
SENTENCES_ABOUT_ONE_DEED = 3
# What a kind looks at first; where none of it happened, everything may be told.
_SINGLE_TASK = frozenset({"task_done", "task_when", "task_for_goal", "task_area", "task_waited"})
FOCUS: Mapping[StoryKind, frozenset[str]] = {
    StoryKind.SUMMARY: _SINGLE_TASK
    | {"total", "total_day", "highlights", "contrast", "goal_done", "goals_done"}
    | {"milestone", "milestones", "habit", "balance", "ahead", "busiest_day"}
    | {"series_end", "series_ends"},
    StoryKind.REFLECTION: _SINGLE_TASK
    | {"pause", "comeback", "streak", "habit_streak", "habit", "amount", "balance"}
    | {"busiest_day", "busiest_week", "total", "total_day", "contrast", "ahead", "first_step"},
    StoryKind.ACHIEVEMENT: _SINGLE_TASK
    | {"goal_set", "goal_done", "goals_done", "took", "milestone", "milestones"}
    | {"streak", "habit_streak", "total", "total_day", "series_end", "series_ends"},
}
_SLOT = re.compile(r"\{(\w+)\}")
_FIRST_WORD = re.compile(r"\W*(\w+)")


def compose(request: StoryRequest) -> StoryDraft:
    """The story of the request; no sentences where nothing worth telling happened."""
    scene = _scene(request)
    told = _choose(request, _moments(scene))
    teller = _Teller(request, scene.words)
    sentences = tuple(
        teller.sentence(moment) for moment in sorted(told, key=lambda m: (m.beat, -m.weight))
    )
    title = _title(scene.words, told)
    return StoryDraft(title=title, sentences=sentences, engine_note=ENGINE_NOTE)


def every_sentence(request: StoryRequest) -> tuple[Sentence, ...]:
    """All the rules could say about the facts, the most telling first."""
    scene = _scene(request)
    teller = _Teller(request, scene.words)
    ranked = sorted(_moments(scene), key=lambda moment: -moment.weight)
    return tuple(teller.sentence(moment) for moment in ranked)


def plain_title(request: StoryRequest) -> str:
    """A title that claims nothing."""
    return wording_for(request.locale).plain_title


def fill(template: str, slots: Mapping[str, str]) -> str:
    """The template with its slots replaced in one pass: values are never read as templates."""
    return _SLOT.sub(lambda match: slots[match[1]], template)


def _scene(request: StoryRequest) -> Scene:
    facts = tuple(sorted(request.facts, key=lambda fact: fact.order))
    return Scene(request, wording_for(request.locale), facts)


def _moments(scene: Scene) -> list[Moment]:
    return [moment for find in FINDERS for moment in find(scene)]


def _choose(request: StoryRequest, moments: Sequence[Moment]) -> list[Moment]:
    focus = FOCUS.get(request.kind)
    focused = [moment for moment in moments if focus is None or moment.key in focus]
    ranked = sorted(focused or moments, key=lambda moment: -moment.weight)
    return ranked[: most_sentences(request)]


def most_sentences(request: StoryRequest) -> int:
    """Return how many sentences a story may have: few about little."""
    deeds = sum(fact.is_deed for fact in request.facts)
    reached = any(fact.type in ("goal.completed", "series.finished") for fact in request.facts)
    if deeds == 1 and not reached:
        return SENTENCES_ABOUT_ONE_DEED
    return SENTENCES_AT_MOST[request.kind]


def _title(words: Wording, told: Iterable[Moment]) -> str:
    for moment in sorted(told, key=lambda moment: -moment.weight):
        if template := words.titles.get(moment.key):
            return _capitalised(fill(template, moment.slots))
    return words.plain_title


def _said(voice: str, slots: Mapping[str, str]) -> str:
    """The voice with its slots, beginning with a capital unless a person's own name begins it."""
    text = fill(voice, slots)
    return text if voice.startswith("{name}") else _capitalised(text)


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:] if text[:1].isascii() else text


@dataclass(slots=True)
class _Teller:
    """Says moments in one tone, turning through the voices so that none comes twice in a row."""

    request: StoryRequest
    words: Wording
    _used: dict[str, int] = field(default_factory=dict[str, int])
    _last_opening: str = ""

    def sentence(self, moment: Moment) -> Sentence:
        """The moment in words, with the events that prove it."""
        name = spoken_name(self.request.person_name)
        tone = self.request.tone
        if tone is Tone.PROFESSIONAL and name is None:
            tone = Tone.FRIENDLY
        slots = {**moment.slots, "name": name or ""}
        said = [_said(voice, slots) for voice in self._voices(moment.key, tone)]
        text = next((text for text in said if _opening(text) != self._last_opening), said[0])
        self._last_opening = _opening(text)
        return Sentence(text, moment.event_ids)

    def _voices(self, key: str, tone: Tone) -> list[str]:
        """The voices in this seed's order, beginning after those already used for the key."""
        seed = self.request.seed
        voices = sorted(
            self.words.voices[key][tone],
            key=lambda voice: sha256(f"{seed}:{key}:{voice}".encode()).digest(),
        )
        turn = self._used.get(key, 0) % len(voices)
        self._used[key] = turn + 1
        return voices[turn:] + voices[:turn]


def _opening(text: str) -> str:
    match = _FIRST_WORD.match(text)
    return match[1] if match else text
