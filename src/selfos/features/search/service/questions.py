"""Filters over several kinds of rows: each section is about one, tasks unless it says otherwise."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import NoReturn

from selfos.features.habits import service as habits
from selfos.features.planning.service import asking
from selfos.features.planning.service.asking import (
    And,
    Asked,
    Asker,
    Everything,
    Fields,
    Filter,
    FilterError,
    Section,
    Word,
)
from selfos.features.search.schemas.searching import Kind
from selfos.kernel.context import Context

# The word by which a section says what it is about, and what such rows are called.
ABOUT = {
    Kind.HABIT: (Word("is", "habit"), "Habits"),
    Kind.GOAL: (Word("is", "goal"), "Goals"),
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What rows of a kind can be asked for, and the slice that answers."""

    fields: Fields
    ask: Callable[[Context, Filter, Asker], Awaitable[Asked]]


SUBJECTS = {
    Kind.TASK: Subject(asking.TASK_FIELDS, asking.ask_tasks),
    Kind.GOAL: Subject(asking.GOAL_FIELDS, asking.ask_goals),
    Kind.HABIT: Subject(habits.HABIT_FIELDS, habits.ask_habits),
}


@dataclass(frozen=True, slots=True)
class Question:
    """A filter that reads, who asks, and what each of its sections is about."""

    chosen: Filter
    asker: Asker
    kinds: Sequence[Kind]

    def about(self, kind: Kind) -> Filter:
        """Return the part of the filter that is about one kind."""
        sections = zip(self.chosen.sections, self.kinds, strict=True)
        return replace(
            self.chosen, sections=tuple(each for each, is_of in sections if is_of is kind)
        )

    async def ask(self, ctx: Context, kinds: Collection[Kind]) -> dict[Kind, Asked]:
        """Ask about those of these kinds that the filter speaks of."""
        wanted = [kind for kind in dict.fromkeys(self.kinds) if kind in kinds]
        return {
            kind: await SUBJECTS[kind].ask(ctx, self.about(kind), self.asker) for kind in wanted
        }


async def read_question(ctx: Context, text: str, about: Kind = Kind.TASK) -> Question:
    """Return what a text asks; raises FilterError for one that does not read.

    Sections that do not say themselves what they are about are about rows of the given kind.
    """
    chosen = asking.read_filter(text)
    question = _question(chosen, await asking.asker_of(ctx), about)
    try:
        _check(question)
    except FilterError as error:
        _refuse(error, text, question.asker, about)
    return question


async def ask_for(ctx: Context, text: str, *, pointer: str, about: Kind = Kind.TASK) -> Question:
    """Return what a text asks; what is wrong with it is Invalid at the pointer."""
    try:
        return await read_question(ctx, text, about)
    except FilterError as error:
        raise asking.refusal_of(error, text, pointer) from error


def _question(chosen: Filter, asker: Asker, about: Kind) -> Question:
    sections = tuple(_said(section, about) for section in chosen.sections)
    kinds = [_kind_of(section) or Kind.TASK for section in sections]
    return Question(replace(chosen, sections=sections), asker, kinds)


def _said(section: Section, about: Kind) -> Section:
    """Return a section that says itself what it is about."""
    if about is Kind.TASK or _kind_of(section) is not None:
        return section
    word, _ = ABOUT[about]
    rest = [] if isinstance(section.where, Everything) else [section.where]
    return replace(section, where=asking.joined(And, [word, *rest]))


def _kind_of(section: Section) -> Kind | None:
    """Return what a section says it is about; `is:habit` says so for the whole of it."""
    where = section.where
    parts = where.parts if isinstance(where, And) else (where,)
    for kind, (word, _) in ABOUT.items():
        if word in parts:
            return kind
    words = [word for word, _ in ABOUT.values()]
    for leaf in asking.leaves(where):
        if isinstance(leaf, Word) and leaf in words:
            raise FilterError(
                f"`{leaf.name}:{leaf.word}` is about a whole list: put it beside the other"
                " conditions, and what is about tasks behind a comma.",
                leaf.span.start,
                leaf.span.end,
            )
    return None


def _check(question: Question) -> None:
    for kind in dict.fromkeys(question.kinds):
        asking.check_fields(question.about(kind), SUBJECTS[kind].fields, question.asker)


def _refuse(error: FilterError, text: str, asker: Asker, about: Kind) -> NoReturn:
    """Raise this error; where other rows know what is asked for, with the way to ask them."""
    for word, name in ABOUT.values() if error.suggestion is None else ():
        said = f"{word.name}:{word.word}"
        suggestion = f"{said} {text[error.start : error.end]}"
        if _reads(text[: error.start] + suggestion + text[error.end :], asker, about):
            detail = f"{error.detail} {name} do: put `{said}` beside it."
            raise FilterError(detail, error.start, error.end, suggestion=suggestion) from error
    raise error


def _reads(text: str, asker: Asker, about: Kind) -> bool:
    try:
        _check(_question(asking.read_filter(text), asker, about))
    except FilterError:
        return False
    return True
