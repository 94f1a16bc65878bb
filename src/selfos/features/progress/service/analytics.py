"""What owners are told of their workspace, and the yes of those who are counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, cast, delete, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import TIMESTAMP, insert

from selfos.features.habits import service as habits
from selfos.features.identity import service as identity
from selfos.features.planning import service as planning
from selfos.features.progress.crowds import (
    CROWD,
    WEEK,
    Agreement,
    Amounts,
    Crowd,
    Parts,
    Period,
    periods_told,
    sums_of_agreed,
    sums_of_all,
    weeks_ahead,
)
from selfos.features.progress.models import Consent, Rollup
from selfos.features.progress.schemas import (
    AnalyticsGroupView,
    AnalyticsQuery,
    AnalyticsSeriesView,
    AnalyticsView,
    CountingConsentView,
    Dimension,
    GroupKey,
    Measure,
    PointView,
    Table,
)
from selfos.features.progress.service.counting import ALL, NOTHING
from selfos.features.progress.service.rollups import catch_up
from selfos.features.progress.service.stats import NO_AREA
from selfos.features.progress.spans import DAY, MONDAY, Unit, first_of
from selfos.features.progress.wording import crowd_sentence
from selfos.features.workspaces import service as workspaces
from selfos.kernel.context import Context
from selfos.kernel.errors import invalid
from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import PERMISSIONS_BY_ROLE, Permission

TITLES = {
    Table.AREAS: ("Days with something done, by area", Measure.DAYS),
    Table.HABITS: ("Days habits were done", Measure.DAYS),
    Table.LOAD: ("Due in the weeks to come", Measure.TASKS),
    Table.WORK: ("Tasks", Measure.TASKS),
}
UNITS = {
    Table.AREAS: (Unit.MONTH,),
    Table.HABITS: (Unit.WEEK, Unit.MONTH),
    Table.LOAD: (Unit.WEEK,),
    Table.WORK: (Unit.WEEK, Unit.MONTH),
}
WORK = {
    "done": "Done", "on_time": "On time", "late": "Late", "planned": "Planned", "kept": "Kept",
    "slipped": "Put off",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One or more numbers that the same people have a part in."""

    parts: Parts
    labels: Mapping[str, str]
    color: str | None = None


async def draw_analytics(ctx: Context, table: Table, query: AnalyticsQuery) -> AnalyticsView:
    """Return sums over the people of this workspace; for those who manage it.

    Which periods are told is fixed, and nothing about fewer than five people who did not agree can
    be taken from all the answers together (see `crowds`).
    """
    ctx.require(Permission.WORKSPACE_MANAGE)
    unit = query.by or UNITS[table][0]
    if unit not in UNITS[table]:
        raise invalid("/query/by", f"{TITLES[table][0]}: by {' or '.join(UNITS[table])} only.")
    await catch_up(ctx)
    periods = weeks_ahead(ctx.now) if table is Table.LOAD else periods_told(ctx.now, unit)
    crowd, roles = await _crowd(ctx)
    # The areas of a month are no sums of weeks: all of the month is one piece.
    pieces = [[each[0]] for each in periods] if table is Table.AREAS else periods
    lines = await _lines(ctx, table, periods)
    title, measure = TITLES[table]
    return AnalyticsView(
        table=table,
        title=title,
        measure=measure,
        by=unit,
        points=[PointView(first=each[0], last=each[-1] + WEEK - DAY) for each in periods],
        groups=[_group(key, lines, pieces, crowd) for key in GroupKey],
        members=len(roles),
        agreed=sum(crowd.agrees(person, date.max) for person in roles),
        least=CROWD,
    )


def _group(
    key: GroupKey, lines: Sequence[Line], periods: Sequence[Period], crowd: Crowd
) -> AnalyticsGroupView:
    series: list[AnalyticsSeriesView] = []
    for line in lines:
        sums = (
            sums_of_all(line.parts, periods, crowd)
            if key is GroupKey.EVERYBODY
            else sums_of_agreed(line.parts, periods, crowd, width=len(line.labels))
        )
        series += [
            AnalyticsSeriesView(
                key=name, label=label, color=line.color,
                values=[None if each is None else each[place] for each in sums],
            )
            for place, (name, label) in enumerate(line.labels.items())
        ]  # fmt: skip
    told = any(value is not None for each in series for value in each.values)
    return AnalyticsGroupView(
        key=key,
        label="Everybody" if key is GroupKey.EVERYBODY else "Those who agreed",
        exact=key is GroupKey.AGREED,
        told=told,
        series=series if told else [],
        sentence=crowd_sentence(everybody=key is GroupKey.EVERYBODY, told=told),
    )


async def _crowd(ctx: Context) -> tuple[Crowd, Mapping[UUID, Any]]:
    roles = await workspaces.roles_here(ctx)
    agreements: dict[UUID, list[Agreement]] = defaultdict(list)
    found = await ctx.session.execute(select(Consent.user_id, Consent.first, Consent.until))
    for user_id, first, until in found:
        agreements[user_id].append(Agreement(first, until))
    lookers = frozenset(
        person
        for person, role in roles.items()
        if Permission.WORKSPACE_MANAGE in PERMISSIONS_BY_ROLE[role]
    )
    return Crowd(lookers, agreements), roles


async def _lines(ctx: Context, table: Table, periods: Sequence[Period]) -> list[Line]:
    first, last = periods[0][0], periods[-1][-1] + WEEK - DAY
    match table:
        case Table.WORK:
            return [Line(await _work(ctx, first, last, list(WORK)), WORK)]
        case Table.LOAD:
            return [Line(await _work(ctx, first, last, ["planned"]), {"planned": "Due"})]
        case Table.HABITS:
            return [Line(await _habits(ctx, first, last), {"days": "Days done"})]
        case Table.AREAS:
            return await _areas(ctx, periods)


async def _work(ctx: Context, first: date, last: date, names: Sequence[str]) -> Parts:
    """Return what each person's tasks amount to in each week."""
    found = await ctx.session.execute(
        select(Rollup.user_id, _monday(), *(func.sum(getattr(Rollup, name)) for name in names))
        .where(Rollup.dimension == ALL, Rollup.day.between(first, last))
        .group_by(Rollup.user_id, _monday())
    )
    return {(row[0], row[1]): tuple(row[2:]) for row in found}


async def _habits(ctx: Context, first: date, last: date) -> Parts:
    parts: dict[tuple[UUID, date], Amounts] = defaultdict(lambda: (0,))
    for person, day, done in await habits.days_done(ctx, first, last):
        key = person, first_of(day, Unit.WEEK, MONDAY)
        parts[key] = (parts[key][0] + done,)
    return parts


async def _areas(ctx: Context, periods: Sequence[Period]) -> list[Line]:
    """Return, for each area, on how many days each person did something there in each month.

    Days, not tasks: tasks by area would add up to the weeks' sums and could be set against them.
    """
    first, last = periods[0][0], periods[-1][-1] + WEEK - DAY
    month = _begin_of("month", _monday())
    found = await ctx.session.execute(
        select(Rollup.of_id, Rollup.user_id, month, func.count())
        .where(Rollup.dimension == Dimension.AREA, Rollup.day.between(first, last), Rollup.done > 0)
        .group_by(Rollup.of_id, Rollup.user_id, month)
    )
    begins = {each[0].replace(day=1): each[0] for each in periods}
    parts: dict[UUID, dict[tuple[UUID, date], Amounts]] = defaultdict(dict)
    for of_id, person, begin, days in found:
        parts[of_id][person, begins[begin]] = (days,)
    named = await planning.called(ctx, set(parts) - {NOTHING})
    lines = [
        Line(
            each,
            {str(of_id): named[of_id].name if of_id in named else NO_AREA},
            named[of_id].color if of_id in named else None,
        )
        for of_id, each in parts.items()
        if of_id in named or of_id == NOTHING
    ]
    return sorted(lines, key=lambda line: list(line.labels.values()))


def _monday() -> Any:
    # Of a timestamp without a zone, so that the session's zone has no say.
    return _begin_of("week", Rollup.day)


def _begin_of(unit: str, day: Any) -> Any:
    # The same text wherever it stands, so that it can be grouped by.
    return cast(func.date_trunc(literal_column(f"'{unit}'"), cast(day, TIMESTAMP)), Date)


async def counting_consent(ctx: Context) -> CountingConsentView:
    """Tell whether the acting person may be counted among few here; no until they say so."""
    ctx.require(Permission.PROGRESS_READ)
    standing = select(Consent.id).where(Consent.user_id == ctx.user_id, Consent.until.is_(None))
    return CountingConsentView(consent=await ctx.session.scalar(standing) is not None)


async def set_counting_consent(ctx: Context, *, consent: bool) -> CountingConsentView:
    """Let the acting person be counted among few from the next week on, or no longer at all."""
    ctx.require(Permission.PROGRESS_WRITE)
    today = (await identity.user_time(ctx)).today(ctx.now)
    if consent:
        await ctx.session.execute(
            insert(Consent)
            .values(workspace_id=ctx.workspace_id, id=new_id(), user_id=ctx.user_id, first=today)
            .on_conflict_do_nothing()
        )
    else:
        standing = (Consent.user_id == ctx.user_id, Consent.until.is_(None))
        # One that no week has begun under has told nothing.
        unused = Consent.first > first_of(today, Unit.WEEK, MONDAY)
        await ctx.session.execute(delete(Consent).where(*standing, unused))
        await ctx.session.execute(update(Consent).where(*standing).values(until=today))
    return CountingConsentView(consent=consent)
