"""Finds the playbook for a goal: a weighted lexicon decides, BM25 over descriptions refines."""

import math
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from selfos.features.ai.planner.playbooks import GENERIC, Playbook, load_playbooks
from selfos.features.ai.planner.reading import Reading, tokens_of
from selfos.features.ai.planner.slots import found_hint

# Below this the words do not name a kind of goal that a playbook was written for.
_ENOUGH = 4.0
_CONTEXT_WEIGHT = 0.25
_BM25_WEIGHT = 0.12
_BM25_K1, _BM25_B = 1.2, 0.6


@dataclass(frozen=True, slots=True)
class Match:
    """The playbook chosen, the words that chose it, and the one that came next."""

    playbook: Playbook
    score: float
    words: tuple[str, ...]
    runner_up: Playbook | None


@dataclass(frozen=True, slots=True)
class _Index:
    phrases: dict[str, tuple[tuple[tuple[str, ...], str, float], ...]]
    frequencies: dict[str, Counter[str]]
    rarity: dict[str, float]
    mean_length: float


def find_playbook(reading: Reading) -> Match:
    """Choose the playbook of a goal; words that fit none lead to the generic ladder."""
    playbooks = load_playbooks()
    scored = sorted(
        ((*_score(playbook, reading), playbook) for playbook in playbooks.values()),
        key=lambda row: (-row[0], row[2].key),
    )
    best = [row for row in scored if row[0] >= _ENOUGH]
    if not best:
        return Match(playbooks[GENERIC], 0, (), None)
    score, words, playbook = best[0]
    close = best[1][2] if len(best) > 1 and best[1][0] >= 0.8 * score else None
    return Match(playbook, score, words, close)


def _score(playbook: Playbook, reading: Reading) -> tuple[float, tuple[str, ...]]:
    if playbook.key == GENERIC:
        return 0, ()
    total, words = _lexicon(playbook.key, reading.tokens)
    if total > 0:
        total += _CONTEXT_WEIGHT * max(0, _lexicon(playbook.key, reading.context)[0])
        total += found_hint(playbook, reading)
        total += _BM25_WEIGHT * _bm25(playbook.key, reading.tokens)
    return total, words


def _lexicon(key: str, tokens: tuple[str, ...]) -> tuple[float, tuple[str, ...]]:
    covered: set[int] = set()
    total, words = 0.0, list[str]()
    for phrase, written, weight in _index().phrases[key]:
        place = _place(phrase, tokens, covered)
        if place is None:
            continue
        covered.update(range(place, place + len(phrase)))
        total += weight
        words += [written] if weight > 0 else []
    return total, tuple(words)


def _place(phrase: tuple[str, ...], tokens: tuple[str, ...], covered: set[int]) -> int | None:
    width = len(phrase)
    for start in range(len(tokens) - width + 1):
        if tokens[start : start + width] == phrase and not covered & set(
            range(start, start + width)
        ):
            return start
    return None


def _bm25(key: str, tokens: tuple[str, ...]) -> float:
    index = _index()
    counts = index.frequencies[key]
    length = 1 - _BM25_B + _BM25_B * counts.total() / index.mean_length
    return sum(
        index.rarity[token] * counts[token] * (_BM25_K1 + 1) / (counts[token] + _BM25_K1 * length)
        for token in set(tokens)
        if counts[token]
    )


@lru_cache(maxsize=1)
def _index() -> _Index:
    playbooks = load_playbooks()
    phrases = {key: _phrases(playbook) for key, playbook in playbooks.items()}
    frequencies = {key: Counter(_document(playbook)) for key, playbook in playbooks.items()}
    spread = Counter(token for counts in frequencies.values() for token in counts)
    size = len(playbooks)
    rarity = {t: math.log(1 + (size - n + 0.5) / (n + 0.5)) for t, n in spread.items()}
    mean = sum(counts.total() for counts in frequencies.values()) / size
    return _Index(phrases, frequencies, rarity, mean)


def _phrases(playbook: Playbook) -> tuple[tuple[tuple[str, ...], str, float], ...]:
    # Longer phrases first, so that "half marathon" is not also counted as "marathon".
    rows = ((tokens_of(words), words, weight) for words, weight in playbook.words.items())
    return tuple(sorted((row for row in rows if row[0]), key=lambda row: -len(row[0])))


def _document(playbook: Playbook) -> tuple[str, ...]:
    return tokens_of(" ".join((playbook.title, playbook.summary, *playbook.words)))
