"""Taking in what a device has done: each change in a transaction of its own, and once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from selfos.features.sync.models import SyncConflict, SyncOp
from selfos.features.sync.schemas import Ack, AckStatus, ConflictState, LostWrite, Op
from selfos.features.sync.service.carrying import Change, Refused, carry_out, understand
from selfos.features.sync.service.deciding import Decision, Lost
from selfos.kernel.context import Context
from selfos.kernel.errors import Forbidden, NotFound, Problem, Unauthenticated, Unavailable
from selfos.kernel.identifiers import new_id
from selfos.kernel.ledger.models import Changeset, Door
from selfos.kernel.refusals import content_of
from selfos.kernel.routing import OpenAgain

KEPT = timedelta(days=90)
ATTEMPTS = 3


class TooOld(Problem):
    """A change from before the time we keep answers for: it may have been dealt with already."""

    status, slug, title = 410, "too-old", "Too long ago"


class Shut(Exception):
    """The caller may no longer come in."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


@dataclass(slots=True)
class Pushed:
    """The answers in the order of the changes, and what they mean for the rest of the request."""

    acks: list[Ack]
    is_too_old: bool = False
    is_shut_out: bool = False


async def push(open_again: OpenAgain, device: UUID, ops: Sequence[Op]) -> Pushed:
    """Carry out each change under the rights of its moment, in the order of the device's clock."""
    acks: dict[int, Ack] = {}
    shut: Problem | None = None
    for place in sorted(range(len(ops)), key=lambda place: ops[place].hlc):
        try:
            acks[place] = (
                _refusal(ops[place], shut) if shut else await _take(open_again, device, ops[place])
            )
        except Shut as error:
            shut = error.problem
            acks[place] = _refusal(ops[place], shut)
    old = any(ack.problem and ack.problem["status"] == TooOld.status for ack in acks.values())
    return Pushed([acks[place] for place in range(len(ops))], old, shut is not None)


async def _take(open_again: OpenAgain, device: UUID, op: Op) -> Ack:
    try:
        change = understand(op, device)
    except Problem as problem:
        return _refusal(op, problem)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return await _try(open_again, op, change)
        except Unavailable:
            # Somebody else's change was in the way; the database asks to try again.
            if attempt == ATTEMPTS:
                raise
    raise AssertionError


async def _try(open_again: OpenAgain, op: Op, change: Change) -> Ack:
    try:
        async with open_again(Door.SYNC) as ctx:
            _refuse_old(ctx, change)
            if not await _claim(ctx, change):
                return await _recall(ctx, op, change)
            decision = await carry_out(ctx, change)
            ack = await _remember(ctx, op, change, decision)
    except TooOld as problem:
        return _refusal(op, problem)
    except Refused as refused:
        return await _remember_refusal(open_again, op, change, refused)
    except (Unauthenticated, NotFound, Forbidden) as problem:
        raise Shut(problem) from problem
    changed = ctx.draft.seq is not None
    return ack.model_copy(update={"changeset_id": ctx.draft.id if changed else None})


def _refuse_old(ctx: Context, change: Change) -> None:
    if change.reader.stamp.instant < ctx.now - KEPT:
        raise TooOld("This was changed more than 90 days ago; load everything anew.")


async def _claim(ctx: Context, change: Change) -> bool:
    """Take the change on; False if that has been done, also by a request at the same moment."""
    claim = (
        insert(SyncOp)
        .values(
            workspace_id=ctx.workspace_id,
            user_id=ctx.user_id,
            id=change.id,
            device=change.reader.device,
            hlc=str(change.reader.stamp.clamped(ctx.now)),
            changeset_id=ctx.draft.id,
            created_at=ctx.now,
        )
        .on_conflict_do_nothing()
        .returning(SyncOp.id)
    )
    return await ctx.session.scalar(claim) is not None


async def _recall(ctx: Context, op: Op, change: Change) -> Ack:
    query = (
        select(SyncOp.ack, Changeset.id)
        .outerjoin(
            Changeset,
            (Changeset.workspace_id == SyncOp.workspace_id) & (Changeset.id == SyncOp.changeset_id),
        )
        .where(SyncOp.user_id == ctx.user_id, SyncOp.id == change.id)
    )
    stored, changeset_id = (await ctx.session.execute(query)).one()
    answer: dict[str, Any] = stored or {}
    ack = Ack.model_validate({**answer, "id": op.id, "changeset_id": changeset_id})
    # A refusal stays one: nothing has been done, and nothing will be.
    refused = ack.status is AckStatus.REFUSED
    return ack if refused else ack.model_copy(update={"status": AckStatus.REPEATED})


async def _remember(ctx: Context, op: Op, change: Change, decision: Decision) -> Ack:
    """Keep the answer beside the effects, and what was lost in the journal."""
    status = AckStatus.MERGED if decision.merged else AckStatus.APPLIED
    status = AckStatus.CONFLICT if decision.lost else status
    ack = Ack(id=op.id, status=status, conflicts=_journal(ctx, change, decision.lost))
    await _store(ctx, change, ack, held=decision.held or None)
    return ack


async def _remember_refusal(open_again: OpenAgain, op: Op, change: Change, refused: Refused) -> Ack:
    try:
        async with open_again(Door.SYNC) as ctx:
            if not await _claim(ctx, change):
                return await _recall(ctx, op, change)
            ack = _refusal(op, refused.problem)
            ack = ack.model_copy(update={"conflicts": _journal(ctx, change, refused.lost)})
            await _store(ctx, change, ack)
    except (Unauthenticated, NotFound, Forbidden) as problem:
        raise Shut(problem) from problem
    return ack


async def _store(ctx: Context, change: Change, ack: Ack, **values: Any) -> None:
    await ctx.session.execute(
        update(SyncOp)
        .where(SyncOp.user_id == ctx.user_id, SyncOp.id == change.id)
        .values(ack=ack.model_dump(mode="json", exclude={"id", "changeset_id"}), **values)
        .execution_options(synchronize_session=False)
    )


def _journal(ctx: Context, change: Change, lost: Sequence[Lost]) -> list[LostWrite]:
    written = [LostWrite(id=new_id(), field=it.field, kept=it.kept, lost=it.lost) for it in lost]
    for entry, it in zip(written, lost, strict=True):
        ctx.session.add(
            SyncConflict(
                workspace_id=ctx.workspace_id,
                id=entry.id,
                entity=change.noun.entity,
                entity_id=it.thing or change.thing,
                field=it.field,
                kept=it.kept,
                lost=it.lost,
                kept_by=it.kept_by,
                lost_by=it.lost_by,
                device=change.reader.device,
                state=ConflictState.OPEN,
                seen_by=ctx.actor.user_id if change.noun.is_private else None,
            )
        )
    return written


def _refusal(op: Op, problem: Problem) -> Ack:
    return Ack(id=op.id, status=AckStatus.REFUSED, problem=content_of(problem))
