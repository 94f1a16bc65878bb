"""Rule-checked critique of an unknown goal: a measure, a date, an action, a reason."""

from collections.abc import Iterator, Mapping
from datetime import date

from selfos.features.ai.planner.model import Question
from selfos.features.ai.planner.reading import Reading

_SHORT_WORDS = 3
_VAGUE = frozenset({"better", "more", "less", "improve", "fix", "try", "good", "stuff", "things"})


def critique(
    goal: str, reading: Reading, target: date | None, answers: Mapping[str, str]
) -> tuple[Question, ...]:
    """Ask what the words leave open; answered questions are not asked again."""
    asked = _questions(goal, reading, target)
    return tuple(question for question in asked if not answers.get(question.key, "").strip())


def _questions(goal: str, reading: Reading, target: date | None) -> Iterator[Question]:
    words = goal.lower().split()
    if not reading.quantities or _VAGUE & set(words):
        yield Question(
            key="measure",
            question="What could a stranger see or count when it is done?",
            why="Without a measure neither of us can tell progress from effort.",
            kind="text",
        )
    yield Question(
        key="obstacle",
        question="What in you or around you is most likely to get in the way?",
        why="A plan for the likeliest obstacle is worth more than a longer list.",
        kind="text",
    )
    if len(words) < _SHORT_WORDS or target is None:
        yield Question(
            key="first_action",
            question="What is the smallest thing you could do about it in 15 minutes today?",
            why="It replaces the general first step with yours.",
            kind="text",
        )
