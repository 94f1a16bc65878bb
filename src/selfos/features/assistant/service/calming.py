"""How much the coach says, and why: the budget, quiet kinds, quiet hours, pauses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from selfos.features.assistant.coaching.choosing import PER_DAY
from selfos.features.assistant.coaching.kinds import KINDS, record
from selfos.features.assistant.coaching.muting import allowance, quiet_kinds
from selfos.features.assistant.coaching.welcome import Shown, Welcome, welcome_of, welcomes
from selfos.features.assistant.models import Nudge, NudgePreference
from selfos.features.assistant.schemas.nudges import NudgeCalmUpdate, NudgeCalmView, NudgeKindView
from selfos.features.focus import service as focus
from selfos.features.habits import service as habits
from selfos.features.identity import service as identity
from selfos.features.notifications import service as notifications
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.errors import NotFound
from selfos.kernel.permissions import Permission

REMEMBERED = timedelta(days=200)


@dataclass(frozen=True, slots=True)
class Calm:
    """What somebody has chosen: how many a day, and which kinds again since when."""

    per_day: int
    again: dict[str, date]


async def calm_of(ctx: Context) -> Calm:
    """Return what the acting person has chosen, or what is usual."""
    mine = await rows.find(ctx, NudgePreference, ctx.user_id)
    if mine is None:
        return Calm(PER_DAY, {})
    return Calm(
        mine.per_day, {kind: date.fromisoformat(since) for kind, since in mine.again.items()}
    )


async def silence(ctx: Context, clock: identity.UserTime) -> str | None:
    """Say why nothing is said now: quiet hours, a timer that runs, or a pause of everything."""
    ends = await notifications.quiet_until(ctx, clock.zone)
    if ends is not None:
        return f"Your quiet hours last until {ends.astimezone(clock.zone):%H:%M}."
    if await focus.is_in_focus(ctx):
        return "You are in focus; suggestions wait until your timer stops."
    pause = await habits.pause_of_all(ctx, clock.today(ctx.now))
    if pause is None:
        return None
    until = f" until {pause.last_day:%-d %B}" if pause.last_day else ""
    return f"You have paused everything{until}."


async def nudges_since(ctx: Context, today: date) -> list[Nudge]:
    """Return what was said in the days that still count, the oldest first."""
    found = await ctx.session.scalars(
        select(Nudge).where(Nudge.day >= today - REMEMBERED).order_by(Nudge.day, Nudge.id)
    )
    return list(found)


def shown(nudge: Nudge) -> Shown:
    """Return what counts of a nudge of the past."""
    asks = bool(nudge.calls) or nudge.opens is not None
    return Shown(nudge.state, nudge.subject_id, nudge.day, nudge.status, asks, nudge.until)


async def show_calm(ctx: Context) -> NudgeCalmView:
    """Show how much is said today, what rests and until when, with the numbers that led to it."""
    ctx.require(Permission.ASSISTANT_READ)
    clock = await identity.user_time(ctx)
    today = clock.today(ctx.now)
    calm = await calm_of(ctx)
    past = [shown(nudge) for nudge in await nudges_since(ctx, today)]
    allowed = allowance(past, today, calm.per_day)
    return NudgeCalmView(
        per_day=calm.per_day,
        allowed_today=allowed,
        said_today=sum(each.day == today for each in past),
        silent=await silence(ctx, clock),
        sentence=_sentence(calm.per_day, allowed),
        kinds=_kinds(past, today, calm),
    )


async def update_calm(ctx: Context, change: NudgeCalmUpdate) -> NudgeCalmView:
    """Choose how many nudges there may be a day."""
    ctx.require(Permission.ASSISTANT_WRITE)
    mine = await _mine(ctx)
    ctx.expect(mine)
    mine.per_day = change.per_day
    await ctx.session.flush()
    return await show_calm(ctx)


async def hear_again(ctx: Context, kind: str) -> NudgeCalmView:
    """Let a kind that rests be heard again; what became of it before counts no longer."""
    ctx.require(Permission.ASSISTANT_WRITE)
    if kind not in KINDS:
        raise NotFound("There is no such kind of nudge.")
    mine = await _mine(ctx)
    today = (await identity.user_time(ctx)).today(ctx.now)
    mine.again = {**mine.again, kind: today.isoformat()}
    await ctx.session.flush()
    return await show_calm(ctx)


async def forget_again(ctx: Context, kind: str) -> None:
    """Let what became of a kind count as it did before it was asked for again."""
    mine = await rows.find(ctx, NudgePreference, ctx.user_id)
    if mine is not None and kind in mine.again:
        mine.again = {name: since for name, since in mine.again.items() if name != kind}


def _kinds(past: Sequence[Shown], today: date, calm: Calm) -> list[NudgeKindView]:
    quiet = quiet_kinds(past, today, calm.again)
    counted = welcomes(past, today, calm.again)
    names = {each.state for each in past if each.state in KINDS}
    found = [_kind(name, counted.get(name) or welcome_of([], today), quiet) for name in names]
    return sorted(found, key=lambda each: (each.quiet_until is None, -each.said, each.kind))


def _kind(name: str, welcome: Welcome, quiet: dict[str, date]) -> NudgeKindView:
    return NudgeKindView(
        kind=name,
        looks_for=KINDS[name],
        said=welcome.said,
        taken_up=welcome.taken_up,
        sent_away=welcome.sent_away,
        passed_over=welcome.passed_over,
        expected=round(welcome.share, 3),
        quiet_until=quiet.get(name),
        sentence=record(welcome),
    )


def _sentence(per_day: int, allowed: int) -> str:
    if not per_day:
        return "You have turned these off; nothing is said by itself."
    most = f"At most {per_day} a day"
    if allowed < per_day:
        return f"{most}; {allowed} for now, since none of the last two weeks was taken up."
    return f"{most}, as you have chosen."


async def _mine(ctx: Context) -> NudgePreference:
    values: dict[str, Any] = {
        "workspace_id": ctx.workspace_id,
        "id": ctx.user_id,
        "user_id": ctx.user_id,
        "per_day": PER_DAY,
        "again": {},
    }
    await ctx.session.execute(insert(NudgePreference).values(**values).on_conflict_do_nothing())
    return await rows.get(ctx, NudgePreference, ctx.user_id, lock=True)
