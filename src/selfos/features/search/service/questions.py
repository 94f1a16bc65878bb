"""Filters over several kinds of rows: each section is about one, tasks unless it says otherwise."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import NoReturn

from selfos.features.habits import service as habits
from selfos.features.planning.service import asking
from selfos.features.planning.service.asking import And, Asked, Asker, Fields, Filter, FilterError
from selfos.features.search.schemas.searching import Kind
from selfos.kernel.context import Context

IS_HABIT = asking.Word("is", "habit")


@dataclass(frozen=True, slots=True)
class Subject:
    """What rows of a kind can be asked for, and the slice that answers."""

    fields: Fields
    ask: Callable[[Context, Filter, Asker], Awaitable[Asked]]


SUBJECTS = {
    Kind.TASK: Subject(asking.TASK_FIELDS, asking.ask_tasks),
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


async def read_question(ctx: Context, text: str) -> Question:
    """Return what a text asks; raises FilterError for one that does not read."""
    chosen = asking.read_filter(text)
    question = _question(chosen, await asking.asker_of(ctx))
    try:
        _check(question)
    except FilterError as error:
        _refuse(error, text, question.asker)
    return question


async def ask_for(ctx: Context, text: str, *, pointer: str) -> Question:
    """Return what a text asks; what is wrong with it is Invalid at the pointer."""
    try:
        return await read_question(ctx, text)
    except FilterError as error:
        raise asking.refusal_of(error, text, pointer) from error


def _question(chosen: Filter, asker: Asker) -> Question:
    return Question(chosen, asker, [_kind_of(section) for section in chosen.sections])


def _kind_of(section: asking.Section) -> Kind:
    """Return what a section is about; `is:habit` says so for the whole of it."""
    where = section.where
    if IS_HABIT in (where.parts if isinstance(where, And) else (where,)):
        return Kind.HABIT
    for leaf in asking.leaves(where):
        if isinstance(leaf, asking.Word) and leaf == IS_HABIT:
            raise FilterError(
                "`is:habit` is about a whole list: put it beside the other conditions, and what"
                " is about tasks behind a comma.",
                leaf.span.start,
                leaf.span.end,
            )
    return Kind.TASK


def _check(question: Question) -> None:
    for kind in dict.fromkeys(question.kinds):
        asking.check_fields(question.about(kind), SUBJECTS[kind].fields, question.asker)


def _refuse(error: FilterError, text: str, asker: Asker) -> NoReturn:
    """Raise this error; where habits have what tasks have not, with the way to ask them."""
    suggestion = f"is:habit {text[error.start : error.end]}"
    if error.suggestion is None and _reads(
        text[: error.start] + suggestion + text[error.end :], asker
    ):
        detail = f"{error.detail} Habits do: put `is:habit` beside it."
        raise FilterError(detail, error.start, error.end, suggestion=suggestion) from error
    raise error


def _reads(text: str, asker: Asker) -> bool:
    try:
        _check(_question(asking.read_filter(text), asker))
    except FilterError:
        return False
    return True
