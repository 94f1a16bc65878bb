"""Stories: what the rules tell is proved by events, and lies put into it are caught."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from evals.scores import Score
from selfos.features.stories.checking import check
from selfos.features.stories.composition import compose
from selfos.features.stories.facts import Fact, Sentence, StoryKind, StoryRequest, Tone
from selfos.features.stories.releasing import release
from tests.features.stories import scenes
from tests.features.stories.test_checking import lies

STORIES = 60
TOWARD_GOAL = 0.4
TITLES = ("Run", "Read", "Write a chapter", "Call Mum", "Fix the bike", "Buy paint", "Practise")
AREAS = ("Health", "Home", "Work", None)
# What a model likes to add; nothing of it can follow from events.
EMBROIDERY = (
    "You are a hero.",
    "I finished twelve marathons with Tom.",
    "It was the best week of the year.",
    "I felt great and slept well.",
    "I saved 500 euros.",
    "Tom and Maria helped me every day.",
)


def scores() -> list[Score]:
    """Return the figures of the storyteller and of its checker."""
    told = [(request, compose(request)) for request in requests()]
    sentences = sum(len(draft.sentences) for _, draft in told)
    proved = sum(
        not check([sentence], request) for request, draft in told for sentence in draft.sentences
    )
    injected = [
        (request, lie)
        for request, draft in told
        for sentence in draft.sentences
        for lie in _lies(sentence, request)
    ]
    caught = sum(bool(check([lie], request)) for request, lie in injected)
    clean = sum(_releases_only_truth(request, lie) for request, lie in injected[::10])
    return [
        _line("stories that say something", sum(bool(d.sentences) for _, d in told), len(told), 1),
        _line("sentences proved by their events", proved, sentences, 1),
        _line("injected lies caught", caught, len(injected), 1),
        _line("drafts with a lie released without it", clean, len(injected[::10]), 1),
    ]


def requests() -> Iterator[StoryRequest]:
    """Yield lives of some weeks, in every kind and tone, the same in each run."""
    kinds, tones = list(StoryKind), list(Tone)
    for number in range(STORIES):
        yield scenes.request(
            *_facts(random.Random(number)),  # noqa: S311 - the same lives each time
            kind=kinds[number % len(kinds)],
            tone=tones[number % len(tones)],
            seed=number,
            previous=scenes.week_before() if number % 2 else (),
        )


def _facts(chance: random.Random) -> Iterator[Fact]:
    goal = (900, "Run a 10k")
    yield scenes.fact(1, "goal.created", scenes.PERIOD_START, goal[1], subject=goal[0])
    for number in range(2, chance.randint(6, 30)):
        yield scenes.fact(
            number,
            chance.choice(scenes.TYPES),
            scenes.PERIOD_START + timedelta(days=chance.randint(0, 90)),
            chance.choice(TITLES),
            goal=goal if chance.random() < TOWARD_GOAL else None,
            area=chance.choice(AREAS),
        )


def _lies(sentence: Sentence, request: StoryRequest) -> Iterator[Sentence]:
    yield from list(lies(sentence, request))[:8]
    yield from (replace(sentence, text=f"{sentence.text} {more}") for more in EMBROIDERY)


def _releases_only_truth(request: StoryRequest, lie: Sentence) -> bool:
    draft = compose(request)
    released = release(replace(draft, sentences=(*draft.sentences, lie)), request).draft
    return not check(released.sentences, request) and lie not in released.sentences


def _line(measure: str, hits: int, of: int, least: float) -> Score:
    return Score(suite="story", measure=measure, value=hits / of, cases=of, least=least)
