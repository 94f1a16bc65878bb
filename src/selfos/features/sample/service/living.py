"""Living an invented life through planning's verbs, each step at its own time.

A step is one changeset, known by its instant: a run that was cut short goes on where it stopped.
The steps keep quiet. Of each week only its owner's last event is delivered, once the week is over,
and the end of each goal at once: who follows events looks at the whole week, and nobody reads what
is told to the invented.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from selfos.features.identity import service as identity
from selfos.features.insights import service as insights
from selfos.features.planning.events import GoalCompleted
from selfos.features.sample.deeds import Step
from selfos.features.sample.life import make_life
from selfos.features.sample.script import YOU, Script, read_script
from selfos.features.sample.service.doing import Things, do
from selfos.features.stories import service as stories
from selfos.features.workspaces import service as workspaces
from selfos.kernel.context import Actor, open_context, system_session
from selfos.kernel.core import Kernel
from selfos.kernel.errors import Problem
from selfos.kernel.jobs import deliver
from selfos.kernel.ledger.models import ActorKind, Changeset, Door, EventRecord, TenantRoot
from selfos.kernel.permissions import Role, permissions_of
from selfos.kernel.telemetry import get_logger

SEED = 1974
A_WEEK = timedelta(days=7)
# Others hear more (memory, each check-in), but it is a story that a week is delivered for.
TOLD = frozenset(event.type for event in stories.FOLLOWED)
# When the week that has just ended is told, after its last day is over.
SETTLING = timedelta(minutes=5)

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Heard:
    """An event somebody may want to hear of."""

    event_id: UUID
    type: str
    at: datetime


@dataclass(frozen=True, slots=True)
class _Person:
    """Somebody in this life."""

    user_id: UUID
    role: Role
    time: identity.UserTime

    def week_of(self, instant: datetime) -> date:
        return self.time.week_of(self.time.today(instant))

    def end_of_week(self, instant: datetime) -> datetime:
        """Return the instant at which the week this instant lies in is over."""
        midnight = datetime.combine(self.week_of(instant) + A_WEEK, time(), self.time.zone)
        return midnight + timedelta(minutes=self.time.day_start_minutes)


@dataclass(slots=True)
class _Life:
    """One life being lived."""

    kernel: Kernel
    workspace_id: UUID
    people: dict[str, _Person]
    things: Things
    # What has been lived already, and what was heard of it.
    lived: dict[datetime, Heard | None] = field(default_factory=dict[datetime, Heard | None])


async def live(
    kernel: Kernel, *, script: str, workspace_id: UUID, user_id: UUID, until: datetime
) -> None:
    """Fill a sample workspace with its life up to `until`; again, it does what is missing.

    A workspace that is removed meanwhile, or was before, stays so.
    """
    try:
        if not await _exists(kernel, workspace_id):
            return
        life = await _awake(kernel, read_script(script), workspace_id, user_id)
        owner = life.people[YOU].time
        steps = make_life(read_script(script), seed=SEED, today=owner.today(until))
        await _live(life, steps, until)
        # Nobody has to wait for the night to see what a year of days shows.
        await insights.look_at(kernel, insights.Someone(workspace_id, user_id))
    except (Problem, SQLAlchemyError):
        if await _exists(kernel, workspace_id):
            raise
        log.info("sample.removed_while_living", workspace_id=str(workspace_id))


async def _awake(kernel: Kernel, script: Script, workspace_id: UUID, user_id: UUID) -> _Life:
    """Return a life with its people, and what of it has been lived."""
    actor = Actor(ActorKind.SYSTEM, user_id)
    async with open_context(kernel, workspace_id=workspace_id, actor=actor) as ctx:
        listed = json.loads(await workspaces.list_members(ctx))["items"]
        keys = {member.name: key for key, member in script.members.items()}
        things = Things(workspace_id)
        people: dict[str, _Person] = {}
        for row in listed:
            key = YOU if row["user_id"] == str(user_id) else keys[row["name"]]
            their_id = UUID(row["user_id"])
            things.ids[f"member.{key}"] = their_id
            time = await identity.user_time(ctx, their_id)
            people[key] = _Person(their_id, Role(row["role"]), time)
        events = await ctx.session.execute(
            select(Changeset.at, EventRecord.id, EventRecord.type)
            .outerjoin(EventRecord, EventRecord.changeset_id == Changeset.id)
            .order_by(Changeset.seq, EventRecord.position)
        )
        life = _Life(kernel, workspace_id, people, things)
        for at, event_id, type_ in events:
            life.lived.setdefault(at, None)
            if event_id and type_ in TOLD:
                life.lived[at] = Heard(event_id, type_, at)
    return life


async def _live(life: _Life, steps: Sequence[Step], until: datetime) -> None:
    you = life.people[YOU]
    last: Heard | None = None
    for step in steps:
        instant = step.at.replace(tzinfo=you.time.zone).astimezone(UTC)
        if instant > until:
            break
        if last is not None and you.week_of(last.at) < you.week_of(instant):
            await _deliver(life, last, you.end_of_week(last.at) + SETTLING)
            last = None
        heard = await _take(life, step, instant)
        if heard is not None and heard.type == GoalCompleted.type:
            await _deliver(life, heard, instant)
        if heard is not None and step.who == YOU:
            last = heard
    if last is not None:
        over = you.end_of_week(last.at) + SETTLING
        await _deliver(life, last, min(over, until))


async def _take(life: _Life, step: Step, instant: datetime) -> Heard | None:
    """Take one step, unless it has been taken; return the last of it that stories tell of."""
    life.things.name(step, instant)
    if instant in life.lived:
        return life.lived[instant]
    person = life.people[step.who]
    async with open_context(
        life.kernel,
        workspace_id=life.workspace_id,
        actor=Actor(ActorKind.USER, person.user_id),
        permissions=permissions_of(person.role),
        door=Door.WEB,
        now=instant,
    ) as ctx:
        ctx.keep_quiet()
        if step.words:
            ctx.describe(step.words)
        for deed in step.deeds:
            await do(ctx, life.things, deed)
    heard = [
        Heard(event_id, event.type, instant)
        for event_id, event in ctx.draft.events
        if event.type in TOLD
    ]
    return heard[-1] if heard else None


async def _deliver(life: _Life, heard: Heard, now: datetime) -> None:
    for handler in life.kernel.jobs.hears(heard.type):
        await deliver(life.kernel, handler, life.workspace_id, heard.event_id, now=now)


async def _exists(kernel: Kernel, workspace_id: UUID) -> bool:
    """Tell whether a workspace is there, once whoever may be removing it has done so."""
    query = select(TenantRoot.id).where(TenantRoot.id == workspace_id)
    async with system_session(kernel) as session:
        found = await session.scalar(query.with_for_update(read=True, key_share=True))
    return found is not None
