"""What the tables of `Fields` are made of, whatever their rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, Uuid, case, cast, column, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from selfos.features.identity.service import User
from selfos.features.planning.filters import tree
from selfos.features.planning.filters.compiling import Asker, Condition, Grouping
from selfos.features.planning.filters.names import called
from selfos.features.planning.filters.values import ME, NOBODY
from selfos.features.planning.models import Area, Goal
from selfos.features.workspaces import service as workspaces
from selfos.kernel.searching import found_ids

# Where an order puts what has no value: last, whichever way it runs.
FIRST_DAY, LAST_DAY = date(1, 1, 1), date(9999, 12, 31)


def text_in(entity: str, model: Any) -> Callable[[tree.Text, Asker], Condition]:
    """Find rows of this kind by what the search index knows of them."""

    def said(words: tree.Text, _: Asker) -> Condition:
        asked = ((), [words.text]) if words.exact else ([words.text],)
        return model.id.in_(found_ids(entity, *asked))

    return said


def named(model: Any, name: str, asker: Asker) -> Any:
    """Select the ids of all that is called so."""
    title = model.title if model is Goal else model.name
    return select(model.id).where(model.workspace_id == asker.workspace_id, called(title, name))


def in_area(area_id: Any) -> Callable[[tree.Place, Asker], Condition]:
    """Find what lies in an area of this name."""
    return lambda place, asker: area_id.in_(named(Area, place.name, asker))


def toward_goal(goal_id: Any) -> Callable[[tree.Place, Asker], Condition]:
    """Find what serves a goal of this name."""
    return lambda place, asker: goal_id.in_(named(Goal, place.name, asker))


def whose(user_id: Any) -> Callable[[tree.Assignee, Asker], Condition]:
    """Find what is somebody's: the asker's, nobody's, or that of people of this name."""

    def theirs(node: tree.Assignee, asker: Asker) -> Condition:
        match node.who:
            case who if who == ME:
                return user_id == asker.user_id
            case who if who == NOBODY:
                return user_id.is_(None)
            case who:
                return user_id.in_(select(User.id).where(called(User.name, who)))

    return theirs


def shared(asker: Asker) -> Condition:
    """Find what others see as well: all in a workspace that the asker is not alone in."""
    return workspaces.others_here(asker.workspace_id, asker.user_id)


def always(condition: Condition) -> Callable[[Asker], Condition]:
    """Ask the same, whoever asks."""
    return lambda _: condition


def by(*columns: Any) -> Callable[[bool], tuple[Any, ...]]:
    """Sort by columns that are never NULL."""
    return lambda _: columns


def by_day(column: Any, *finer: Any) -> Callable[[bool], tuple[Any, ...]]:
    """Sort by a day that may be missing."""

    def keys(descending: bool) -> tuple[Any, ...]:  # noqa: FBT001 - the direction is the question
        return (func.coalesce(column, FIRST_DAY if descending else LAST_DAY), *finer)

    return keys


def missing_last(column: Any) -> ColumnElement[int]:
    """Put groups of what has no value behind the others."""
    return case((column.is_(None), 1), else_=0)


def gathered(model: Any, column: Any) -> Callable[[Asker], Grouping]:
    """Gather by the area, project or goal that rows lie in, in their own order; then the others."""
    owner = column.class_

    def of(name: str) -> Any:
        value = select(getattr(model, name)).where(
            model.workspace_id == owner.workspace_id, model.id == column
        )
        return func.coalesce(value.correlate(owner).scalar_subquery(), "")

    title = "title" if model is Goal else "name"
    order = (missing_last(column), of("position"))
    key = func.coalesce(cast(column, Text), "")
    return lambda _: Grouping(order, key, of(title))


def in_area_and_goal(area_id: Any, goal_id: Any) -> dict[str, Callable[[Asker], Grouping]]:
    """Gather what may lie in an area and serve a goal."""
    return {"area": gathered(Area, area_id), "goal": gathered(Goal, goal_id)}


def reckoned(model: Any, kind: Any, values: Mapping[UUID, Any]) -> ColumnElement[Any]:
    """Return what was reckoned in Python as a column of these rows; NULL where nothing was."""
    pairs = (
        func.unnest(
            cast(literal(list(values), ARRAY(Uuid())), ARRAY(Uuid())),
            cast(literal(list(values.values()), ARRAY(kind)), ARRAY(kind)),
        )
        .table_valued(column("id", Uuid()), column("value", kind))
        .render_derived()
    )
    found = select(pairs.c.value).where(pairs.c.id == model.id)
    return found.correlate(model).scalar_subquery()
