"""Who is acting, where, with which rights, in which transaction: what every verb is given."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from selfos.kernel.database import SYSTEM, Scope, SystemScope, Transaction
from selfos.kernel.errors import Forbidden, PreconditionFailed
from selfos.kernel.events import Event
from selfos.kernel.identifiers import new_id
from selfos.kernel.ledger.models import ActorKind, Door
from selfos.kernel.permissions import Permission
from selfos.kernel.telemetry import current_request_id

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession
    from sqlalchemy.orm import Mapped

    from selfos.kernel.core import Kernel

EVERYTHING = frozenset(Permission)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. The assistant and the system may act for a user."""

    kind: ActorKind
    user_id: UUID | None = None
    session_id: UUID | None = None


SYSTEM_ACTOR = Actor(ActorKind.SYSTEM)


@dataclass(frozen=True, slots=True)
class Deferred:
    """A job to start once the transaction has committed."""

    name: str
    arguments: Mapping[str, Any]
    lock: str | None = None
    at: datetime | None = None


@dataclass(slots=True)
class Draft:
    """The changeset being written: what is known of it before it is sealed."""

    door: Door
    id: UUID = field(default_factory=new_id)
    summary: str = ""
    cause: UUID | None = None
    undo_of: UUID | None = None
    assisted: bool = False
    quiet: bool = False
    events: list[tuple[UUID, Event]] = field(default_factory=list[tuple[UUID, Event]])
    jobs: list[Deferred] = field(default_factory=list[Deferred])
    revoked: list[UUID] = field(default_factory=list[UUID])
    told: set[UUID] = field(default_factory=set[UUID])
    expected_version: int | None = None
    seq: int | None = None
    unshared: bool = False

    def copy(self) -> Draft:
        """Return what is known so far; what comes later is not in it."""
        return replace(self, events=[*self.events], jobs=[*self.jobs], revoked=[*self.revoked])

    def return_to(self, earlier: Draft) -> None:
        """Forget all that is not in an earlier copy."""
        for each in fields(self):
            setattr(self, each.name, getattr(earlier, each.name))


class Row(Protocol):
    """A stored row with a version."""

    version: Mapped[int]


@dataclass(frozen=True, slots=True)
class Context:
    """One actor in one workspace doing one thing: one transaction, one changeset."""

    transaction: Transaction
    actor: Actor
    workspace_id: UUID
    permissions: frozenset[Permission]
    now: datetime
    draft: Draft

    @property
    def session(self) -> AsyncSession:
        """Return the ORM session, confined to the workspace."""
        return self.transaction.session

    @property
    def user_id(self) -> UUID:
        """Return the user who acts, or for whom; system work has none and may not ask."""
        if self.actor.user_id is None:
            raise Forbidden("This needs a person.")
        return self.actor.user_id

    def require(self, permission: Permission) -> None:
        """Refuse unless the actor holds this right here and now."""
        if permission not in self.permissions:
            raise Forbidden(
                f"Your role in this workspace does not allow this ({permission}).",
                extra={"permission": permission},
            )

    def expect(self, row: Row) -> None:
        """Refuse if the caller named another version of this row than the stored (If-Match)."""
        expected = self.draft.expected_version
        if expected is not None and expected != row.version:
            raise PreconditionFailed(
                "This was changed in the meantime; reload it and try again.",
                extra={"version": row.version},
            )

    def emit(self, event: Event) -> UUID:
        """Record that something happened; handlers run after the commit. Returns the event id."""
        event_id = new_id()
        self.draft.events.append((event_id, event))
        return event_id

    def defer(
        self, name: str, *, lock: str | None = None, at: datetime | None = None, **arguments: Any
    ) -> None:
        """Start a job once this has committed, or at an instant after; arguments must be JSON."""
        self.draft.jobs.append(Deferred(name, arguments, lock, at))

    def describe(self, summary: str) -> None:
        """Say in a few words what this changeset does; the first verb's words stay."""
        self.draft.summary = self.draft.summary or summary

    def keep_quiet(self) -> None:
        """Record what happens without starting any handler; the caller delivers what matters."""
        self.draft.quiet = True

    async def for_good(self) -> None:
        """Have undo refuse this changeset: what it deletes is gone."""
        await self.transaction.driver.execute("SELECT set_config('selfos.final', 'on', true)")

    def by_assistant(self) -> None:
        """Record this changeset as the assistant's, acting for the user who allowed it."""
        self.draft.assisted = True

    def revoke(self, session_or_user: UUID) -> None:
        """Close the live sockets of this session or user once committed."""
        self.draft.revoked.append(session_or_user)

    def tell(self, user_id: UUID) -> None:
        """Tell this user's live sockets, once committed, that something is there for them."""
        self.draft.told.add(user_id)


def make_context(
    transaction: Transaction,
    actor: Actor,
    workspace_id: UUID,
    permissions: frozenset[Permission],
    now: datetime,
    draft: Draft,
) -> Context:
    """Return a Context on an entered transaction; rows made in it carry its instant."""
    transaction.now = now
    return Context(transaction, actor, workspace_id, permissions, now, draft)


async def seal(ctx: Context) -> None:
    """Number the changeset and write its events: one statement, nothing if nothing changed.

    Notes whether all it changed is unshared: then its events are handled for the actor alone.
    """
    await ctx.transaction.flush()
    draft = ctx.draft
    header = {
        "id": str(draft.id),
        "door": draft.door,
        "actor": ActorKind.ASSISTANT if draft.assisted else ctx.actor.kind,
        "user_id": str(ctx.actor.user_id) if ctx.actor.user_id else None,
        "summary": draft.summary,
        "cause": str(draft.cause) if draft.cause else None,
        "undo_of": str(draft.undo_of) if draft.undo_of else None,
        "request_id": current_request_id(),
        "at": ctx.now.isoformat(),
    }
    events = [
        {
            "id": str(event_id),
            "position": position,
            "type": event.type,
            "aggregate_id": str(event.aggregate_id),
            "payload": event.model_dump(mode="json"),
        }
        for position, (event_id, event) in enumerate(draft.events)
    ]
    sealed = await ctx.transaction.driver.execute(
        "SELECT ledger_seal(%s::jsonb, %s::jsonb), coalesce(nullif(current_setting("
        "'selfos.changes', true), '') = current_setting('selfos.unshared', true), false)",
        (json.dumps(header), json.dumps(events)),
    )
    draft.seq, draft.unshared = await sealed.fetchone() or (None, False)


@asynccontextmanager
async def open_context(
    kernel: Kernel,
    *,
    workspace_id: UUID,
    actor: Actor = SYSTEM_ACTOR,
    permissions: frozenset[Permission] = EVERYTHING,
    door: Door = Door.JOB,
    cause: UUID | None = None,
    scope: SystemScope | None = None,
    now: datetime | None = None,
    reading: bool = False,
) -> AsyncGenerator[Context]:
    """Open a Context for work that does not come through HTTP; commits when the block ends well.

    Pass `scope=SYSTEM` to write across walls (registration, invitations), `now` to act at another
    time than the kernel's clock tells (a sample year), and `reading` where nothing will be written:
    the database then refuses changes, and there is nothing to seal.
    """
    async with kernel.database.transaction() as transaction:
        draft = Draft(door, cause=cause)
        confined = scope or Scope(workspace_id, actor.user_id)
        changeset_id = None if reading else draft.id
        await transaction.enter(confined, changeset_id=changeset_id, workspace_id=workspace_id)
        instant = now or kernel.clock()
        ctx = make_context(transaction, actor, workspace_id, permissions, instant, draft)
        yield ctx
        if not reading:
            await commit(kernel, ctx)


async def commit(kernel: Kernel, ctx: Context) -> None:
    """Seal, hand jobs over in the same transaction, commit, then tell live clients."""
    await seal(ctx)
    await kernel.jobs.hand_over(ctx)
    await ctx.transaction.commit()
    draft = ctx.draft
    kernel.signals.announce(ctx.workspace_id, draft.seq, draft.revoked, draft.told)


@asynccontextmanager
async def attempt(ctx: Context) -> AsyncGenerator[None]:
    """Keep what the block changes, emits, defers and says when it ends well, else none of it."""
    await ctx.transaction.flush()
    before = ctx.draft.copy()
    savepoint = await ctx.session.begin_nested()
    try:
        yield
        await ctx.transaction.flush()
    except Exception:
        await savepoint.rollback()
        ctx.draft.return_to(before)
        raise
    await savepoint.commit()


async def act_for(ctx: Context, user_id: UUID) -> Context:
    """Return the same transaction as this person's: system work on what only they may read."""
    await ctx.transaction.flush()
    await ctx.transaction.enter(Scope(ctx.workspace_id, user_id), changeset_id=ctx.draft.id)
    return replace(ctx, actor=Actor(ctx.actor.kind, user_id))


@asynccontextmanager
async def system_session(kernel: Kernel) -> AsyncGenerator[AsyncSession]:
    """Open a read-only look across all workspaces, for sweeps and health."""
    async with kernel.database.transaction() as transaction:
        await transaction.enter(SYSTEM)
        yield transaction.session


def utc_now() -> datetime:
    """Return the present instant; the one place that reads the clock for verbs."""
    return datetime.now(UTC)
