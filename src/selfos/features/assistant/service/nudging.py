"""What the built-in coach says today, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from pydantic_core import to_jsonable_python

from selfos.features.assistant.coaching.choosing import PER_DAY, audible, pick
from selfos.features.assistant.coaching.findings import Finding
from selfos.features.assistant.coaching.kinds import why
from selfos.features.assistant.coaching.muting import allowance, muted
from selfos.features.assistant.coaching.offers import Call, form_of, offer
from selfos.features.assistant.coaching.signals import Life
from selfos.features.assistant.coaching.welcome import Shown, welcomes
from selfos.features.assistant.coaching.wording import say
from selfos.features.assistant.events import NudgeAccepted, NudgeDismissed, NudgeTaken
from selfos.features.assistant.models import Nudge
from selfos.features.assistant.schemas.nudges import NudgeDismiss
from selfos.features.assistant.schemas.words import HowMuchLess, NudgeStatus
from selfos.features.assistant.service.calming import (
    Calm,
    calm_of,
    forget_again,
    nudges_since,
    shown,
    silence,
)
from selfos.features.assistant.service.observing import ideas_of, observe
from selfos.features.assistant.service.offering import Refused, propose
from selfos.features.identity import service as identity
from selfos.features.identity.schemas import Tone
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.documents import Documents, Json, Order, PageQuery, assemble
from selfos.kernel.errors import Conflict
from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import Permission
from selfos.kernel.tools import Toolbox

BECOMES = {
    HowMuchLess.THIS: NudgeStatus.DISMISSED,
    HowMuchLess.TODAY: NudgeStatus.PUT_OFF,
    HowMuchLess.KIND: NudgeStatus.REFUSED,
}
GONE = frozenset(BECOMES.values())
# An empty Today says itself how to begin.
UNSAID = frozenset({"nothing_yet", "no_goal"})
NOTE = "The built-in coach works from your own numbers; no model is asked."
SHOWN = (
    *("id", "day", "state", "help", "subject", "subject_id", "title", "headline", "reason"),
    *("question", "offer", "numbers", "status", "proposal_id"),
    *("opens", "until", "why"),
    *("created_at", "updated_at", "version"),
)
NUDGES = Documents(Nudge, {name: getattr(Nudge, name) for name in SHOWN})


async def look(ctx: Context) -> list[Nudge]:
    """Return today's nudges, in quiet hours and pauses too; those said earlier today stay.

    What was said on Today is one of them; the others are added when they are first asked for.
    """
    ctx.require(Permission.ASSISTANT_WRITE)
    day = await _day(ctx)
    if all(nudge.on_today for nudge in day.said):
        await _add(ctx, day, PER_DAY, on_today=False)
    return [nudge for nudge in day.said if nudge.status not in GONE]


async def look_for_todays_nudge(ctx: Context) -> Json:
    """Return the one thing for Today: the first that was said, if nobody has answered it."""
    ctx.require(Permission.ASSISTANT_WRITE)
    silent = await silence(ctx, await identity.user_time(ctx))
    said = [] if silent else await _said_on_today(ctx)
    first = next((nudge for nudge in said if nudge.state not in UNSAID), None)
    is_open = first is not None and first.status is NudgeStatus.OPEN
    body = (await NUDGES.one(ctx, first.id)).body if first is not None and is_open else None
    return assemble({"engine": "rules", "silent": silent, "nudge": body})


async def _said_on_today(ctx: Context) -> list[Nudge]:
    day = await _day(ctx)
    if not day.said:
        await _add(ctx, day, 1, on_today=True)
    return day.said


@dataclass(slots=True)
class Day:
    """A life on one day, what was said before, what has been said on the day so far, the budget."""

    life: Life
    past: list[Shown]
    said: list[Nudge]
    calm: Calm


async def _day(ctx: Context) -> Day:
    life = await observe(ctx)
    history = await nudges_since(ctx, life.today)
    said = [nudge for nudge in history if nudge.day == life.today]
    return Day(life, [shown(nudge) for nudge in history], said, await calm_of(ctx))


async def _add(ctx: Context, day: Day, most: int, *, on_today: bool) -> None:
    """Say what there is to say today, beside what has been said, within today's allowance."""
    today = day.life.today
    told = {(nudge.state, nudge.subject_id) for nudge in day.said}
    if on_today:
        told |= {(state, None) for state in UNSAID}
    allowed = allowance(day.past, today, day.calm.per_day)
    left = min(most, allowed) - len(day.said)
    if left <= 0:
        return
    silent = muted(day.past, today, day.calm.again) | told
    heard = audible(day.life, silent)
    chosen = pick(heard, left)
    if not on_today and len(chosen) < left:
        # What could come next is looked for only where there is room to say it, and not on Today.
        day.life = replace(day.life, ideas=await ideas_of(ctx))
        heard = audible(day.life, silent)
        chosen = pick(heard, left)
    known = welcomes(day.past, today, day.calm.again)
    tone = await identity.tone_of(ctx)
    made = [
        _nudge(
            ctx,
            finding,
            day.life,
            tone,
            on_today=on_today,
            why=why(
                finding.state,
                place=heard.index(finding) + 1,
                found=len(heard),
                number=len(day.said) + at,
                allowed=allowed,
                welcome=known.get(finding.state),
            ),
        )
        for at, finding in enumerate(chosen, 1)
    ]
    # Read again they come by their ids, so these follow the weight.
    for nudge, nudge_id in zip(made, sorted(new_id() for _ in made), strict=True):
        nudge.id = nudge_id
    ctx.session.add_all(made)
    await ctx.transaction.flush()
    day.said += made


async def look_for_nudges(ctx: Context) -> Json:
    """Return today's nudges as shown."""
    ctx.require(Permission.ASSISTANT_WRITE)
    silent = await silence(ctx, await identity.user_time(ctx))
    nudges = [] if silent else await look(ctx)
    found = await NUDGES.named(ctx, [nudge.id for nudge in nudges])
    items = [found[nudge.id] for nudge in nudges]
    return assemble({"engine": "rules", "note": NOTE, "silent": silent, "items": items})


async def list_nudges(ctx: Context, query: PageQuery) -> Json:
    """Return one page of what was said and what became of it, newest first."""
    ctx.require(Permission.ASSISTANT_READ)
    return await NUDGES.page(ctx, query, order=Order((Nudge.day,), descending=True))


async def dismiss_nudge(ctx: Context, nudge_id: UUID, asked: NudgeDismiss) -> Nudge:
    """Say that this is not wanted: the same thing rests, or only for days, or all of its kind."""
    ctx.require(Permission.ASSISTANT_WRITE)
    nudge = await rows.get(ctx, Nudge, nudge_id, lock=True)
    nudge.require_open()
    nudge.status = BECOMES[asked.less]
    if asked.less is HowMuchLess.TODAY:
        nudge.until = nudge.day + timedelta(days=asked.days or 1)
    if asked.less is HowMuchLess.KIND:
        await forget_again(ctx, nudge.state)
    ctx.emit(NudgeDismissed(nudge_id=nudge.id, state=nudge.state, less=asked.less))
    return nudge


async def accept_nudge(ctx: Context, nudge_id: UUID) -> Nudge:
    """Say yes to what a nudge says or opens; what follows is done by hand."""
    ctx.require(Permission.ASSISTANT_WRITE)
    nudge = await rows.get(ctx, Nudge, nudge_id, lock=True)
    nudge.require_open()
    nudge.status = NudgeStatus.ACCEPTED
    ctx.emit(NudgeAccepted(nudge_id=nudge.id, state=nudge.state))
    return nudge


async def take_nudge(ctx: Context, tools: Toolbox, nudge_id: UUID) -> UUID:
    """Turn what a nudge offers into a proposal and return its id; nothing else changes."""
    ctx.require(Permission.ASSISTANT_WRITE)
    ctx.require(Permission.PROPOSAL_WRITE)
    nudge = await rows.get(ctx, Nudge, nudge_id, lock=True)
    nudge.require_open()
    if not nudge.calls:
        raise Conflict("This one only asks; it has nothing to propose.")
    calls = [Call(call["tool"], call["arguments"]) for call in nudge.calls]
    offered = await propose(ctx, tools, calls)
    if isinstance(offered, Refused):
        raise Conflict(offered.detail)
    nudge.status, nudge.proposal_id = NudgeStatus.PROPOSED, offered.proposal_id
    ctx.emit(NudgeTaken(nudge_id=nudge.id, state=nudge.state, proposal_id=offered.proposal_id))
    return offered.proposal_id


def _nudge(
    ctx: Context, finding: Finding, life: Life, tone: Tone, *, on_today: bool, why: list[str]
) -> Nudge:
    said, calls, form = say(finding, tone), offer(finding, life), form_of(finding)
    return Nudge(
        id=new_id(),
        user_id=ctx.user_id,
        day=life.today,
        state=finding.state,
        help=finding.help,
        subject=finding.subject,
        subject_id=finding.subject_id,
        title=finding.title,
        headline=said.headline,
        reason=said.reason,
        question=said.question,
        offer=said.offer if calls or form else "",
        numbers=dict(finding.numbers),
        calls=[
            {"tool": call.tool, "arguments": to_jsonable_python(call.arguments)} for call in calls
        ],
        status=NudgeStatus.OPEN,
        proposal_id=None,
        on_today=on_today,
        why=why,
        opens=form,
        until=None,
    )
