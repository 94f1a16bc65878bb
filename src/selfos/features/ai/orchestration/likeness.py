"""When two questions are alike enough to be answered once, and when they only look alike.

Vectors put "save 500" beside "save 5000" and "gain weight" beside "lose weight". So what makes the
difference is taken out of the words first (`slots`) and has to be equal; a vector judges the rest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from selfos.features.ai.orchestration.hiding import OPEN
from selfos.features.ai.schemas.generation import GenerationRequest, Output
from selfos.features.ai.schemas.words import AiTask
from selfos.kernel.settings import Settings

# The cosine from which the rest of the words counts as the same.
ALIKE = 0.97
# In a long text one word that matters hardly moves the vector.
LONGEST_WORDING = 300
# Where the words decide and nobody's safety hangs on one of them.
SEMANTIC_TASKS = frozenset({AiTask.DECOMPOSE, AiTask.SUMMARISE, AiTask.CLASSIFY})

_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|[\d]+(?:[.,:/-]\d+)*|[€$£¥%!?]")
_SENTENCE_END = frozenset("!?")
_NUMBERS = frozenset(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
    " hundred thousand million half quarter third dozen couple first second once twice double"
    " null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig hundert"
    " tausend halb dutzend einmal zweimal".split()
)
_DAYS = frozenset(
    "today tomorrow tonight yesterday now soon later day days daily week weeks weekly weekend"
    " weekday weekdays month months monthly year years yearly hour hours minute minutes morning"
    " mornings noon afternoon evening evenings night nights midnight monday tuesday wednesday"
    " thursday friday saturday sunday january february march april may june july august september"
    " october november december jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu"
    " fri sat sun spring summer autumn fall winter christmas easter next last this every other each"
    " before after until till by since during am pm heute morgen gestern jetzt tag tage täglich"
    " woche wochen wöchentlich monat monate jahr jahre stunde stunden montag dienstag mittwoch"
    " donnerstag freitag samstag sonntag januar februar märz mai juni juli oktober dezember"
    " nächste letzte jede jeden bis vor nach seit".split()
)
_TURNS = frozenset(
    "no not never none nobody nothing neither nor without cannot except unless instead stop quit"
    " avoid end cancel drop delete remove leave start begin more less fewer most least up down in"
    " out on off over under from for against gain lose win increase reduce raise lower add buy"
    " sell lend borrow give take save spend earn pay open close accept refuse"
    " nicht kein keine keinen nie niemals ohne statt aufhören mehr weniger an aus auf ab für gegen"
    " pas jamais sans sin nunca sem não non niet geen".split()
)


@dataclass(frozen=True, slots=True)
class Slots:
    """What has to be equal in two wordings, each list in the order of the words."""

    numbers: tuple[str, ...]
    days: tuple[str, ...]
    turns: tuple[str, ...]
    names: tuple[str, ...]


def slots(text: str) -> Slots:
    """Return a text's numbers with their units, its days, turning words and names."""
    tokens = _TOKEN.findall(text)
    numbers: list[str] = []
    days: list[str] = []
    turns: list[str] = []
    names: list[str] = []
    begins = True
    for at, piece in enumerate(tokens):
        word = piece.casefold()
        if piece[0].isdigit() or word in _NUMBERS:
            unit = tokens[at + 1].casefold() if at + 1 < len(tokens) else ""
            numbers.append(f"{word} {unit}")
        elif word in _DAYS:
            days.append(word)
        elif word in _TURNS or word.endswith(("n't", "n’t")) or piece in "€$£¥%":
            turns.append(word)
        elif piece[0].isupper() and not begins and len(word) > 1:
            names.append(word)
        begins = piece in _SENTENCE_END
    return Slots(tuple(numbers), tuple(days), tuple(turns), tuple(names))


def wording_of(request: GenerationRequest[Output]) -> str | None:
    """Return the words of a request that another could have chosen; None where all must be equal.

    Hidden names are told apart by their order alone, so words with one in them stand as they are.
    """
    words = request.wording
    if request.task not in SEMANTIC_TASKS or not words or len(words) > LONGEST_WORDING:
        return None
    return None if OPEN in words else words


def around(text: str, words: str) -> Mapping[str, object]:
    """Return a message with the words taken out and their slots beside it.

    Where the words do not stand in it letter by letter, nothing is taken out of it.
    """
    found = slots(words)
    return {
        "text": text.replace(words, OPEN),
        "slots": [found.numbers, found.days, found.turns, found.names],
    }


def semantic_tasks(settings: Settings) -> frozenset[AiTask]:
    """Return the tasks whose answers also serve other words; raises ValueError for others."""
    wanted = settings.ai_cache.semantic_tasks
    if unfit := set(wanted) - SEMANTIC_TASKS:
        fit = ", ".join(sorted(SEMANTIC_TASKS))
        raise ValueError(f"ai_cache: {min(unfit)} cannot be kept by meaning; those can: {fit}")
    return frozenset(map(AiTask, wanted))
