"""The verbs of sync: one exchange with a device, and the journal of lost writes."""

from __future__ import annotations

from uuid import UUID

from selfos.features.sync.schemas import SyncRequest
from selfos.features.sync.service.journal import (
    dismiss_conflict,
    forget,
    list_conflicts,
    restore_conflict,
)
from selfos.features.sync.service.pulling import Pulled, latest_stamp, pull
from selfos.features.sync.service.pushing import push
from selfos.kernel.documents import Json, assemble
from selfos.kernel.ledger.models import Door
from selfos.kernel.routing import OpenAgain

__all__ = ["dismiss_conflict", "exchange", "forget", "list_conflicts", "restore_conflict"]


async def exchange(open_again: OpenAgain, request: SyncRequest) -> Json:
    """Take in what a device has done, then tell it what has changed."""
    pushed = await push(open_again, UUID(request.device), request.ops)
    acks = [ack.model_dump_json().encode() for ack in pushed.acks]
    if pushed.is_shut_out:
        return _answer(acks, Pulled([], request.cursor), None)
    async with open_again(Door.SYNC) as ctx:
        cursor, page = (None, None) if pushed.is_too_old else (request.cursor, request.page)
        pulled = await pull(ctx, cursor, page, request.limit)
        stamp = await latest_stamp(ctx)
    return _answer(acks, pulled, str(stamp))


def _answer(acks: list[Json], pulled: Pulled, stamp: str | None) -> Json:
    return assemble(
        {
            "acks": acks,
            "changes": pulled.changes,
            "cursor": pulled.cursor,
            "page": pulled.page,
            "more": pulled.more,
            "full_sync": pulled.full,
            "server_hlc": stamp,
        }
    )
