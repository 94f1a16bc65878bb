"""Money and the ledger: reserve, call, settle. Each is one statement of the system's, alone."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

from opentelemetry import trace
from pydantic_core import to_json, to_jsonable_python
from sqlalchemy import BigInteger, DateTime, Uuid, bindparam, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB

from selfos.features.ai.adapters.provider import Outgoing
from selfos.features.ai.events import BudgetNearlySpent
from selfos.features.ai.models import AiPrice
from selfos.features.ai.orchestration.attempts import Record
from selfos.features.ai.orchestration.books import Reservation
from selfos.features.ai.orchestration.chains import Rung
from selfos.features.ai.orchestration.trimming import estimate_prompt, estimate_tokens
from selfos.features.ai.pricing import Prices
from selfos.features.ai.schemas.generation import Attempt, Meter, Prepared
from selfos.kernel.context import Actor, open_context
from selfos.kernel.core import Kernel
from selfos.kernel.database import SYSTEM, Transaction
from selfos.kernel.identifiers import new_id
from selfos.kernel.ledger.models import ActorKind
from selfos.kernel.model_settings import TokenPrice
from selfos.kernel.statements import AS_SYSTEM, fetch_alone, make_ready

# A reservation outlives its call by this much, for settling under load.
GRACE = timedelta(seconds=60)
PRICES_GOOD_SECONDS = 30.0
_JSON = JSONB(none_as_null=True)
# Everybody's calls meet at the instance's meter, so nobody holds it while waiting for the disk.
# What a power cut could lose is written out by the next commit at the latest: the one that keeps
# the answer. A lost reservation is one that need not expire.
SOON = func.set_config("synchronous_commit", "off", literal(value=True))
RESERVE = make_ready(
    select(
        AS_SYSTEM,
        SOON,
        func.ai_reserve(
            bindparam("reservation", type_=Uuid()),
            bindparam("meters", type_=_JSON),
            bindparam("amount", type_=BigInteger()),
            bindparam("until", type_=DateTime(timezone=True)),
        ),
    )
)
SETTLE = make_ready(
    select(
        AS_SYSTEM,
        SOON,
        func.ai_settle(
            bindparam("reservation", type_=Uuid()),
            bindparam("meters", type_=_JSON),
            bindparam("charge", type_=BigInteger()),
            bindparam("call", type_=_JSON),
            bindparam("prompt", type_=_JSON),
        ),
    )
)


@asynccontextmanager
async def by_system(kernel: Kernel) -> AsyncGenerator[Transaction]:
    """Open a transaction across walls that no ledger of changes sees; commits at the end."""
    async with kernel.database.transaction() as transaction:
        await transaction.enter(SYSTEM)
        yield transaction
        await transaction.commit()


class SqlBooks:
    """The books of one process."""

    def __init__(self, kernel: Kernel) -> None:
        """Keep the books in this kernel's database."""
        self._kernel, self._board = kernel, price_board(kernel)

    async def reserve(
        self, prepared: Prepared[Any], rung: Rung, outgoing: Outgoing
    ) -> Reservation | None:
        """Set aside what an attempt may cost at most; None when a budget does not allow it."""
        asked = estimate_prompt(outgoing.messages) + estimate_tokens(
            to_json([outgoing.schema, [asdict(tool) for tool in outgoing.tools]]).decode()
        )
        prices = await self._board.now()
        amount = prices.most(rung, asked, outgoing.max_output_tokens)
        if amount == 0:
            return Reservation(None)
        reservation = Reservation(new_id())
        if await self._reserve(reservation, prepared.meters, amount):
            return reservation
        # What a crash has left reserved may be in the way.
        freed = await expire(self._kernel)
        if freed and await self._reserve(reservation, prepared.meters, amount):
            return reservation
        return None

    async def _reserve(
        self, reservation: Reservation, meters: tuple[Meter, ...], amount: int
    ) -> bool:
        lifetime = timedelta(seconds=self._kernel.settings.ai_times.total_seconds) + GRACE
        until = self._kernel.clock() + lifetime
        values = {
            "reservation": reservation.id,
            "meters": _meters(meters),
            "amount": amount,
            "until": until,
        }
        ((*_, full),) = await fetch_alone(self._kernel.database, RESERVE, values)
        return full is None

    async def settle(
        self,
        prepared: Prepared[Any],
        rung: Rung,
        reservation: Reservation,
        made: Attempt,
        record: Record,
    ) -> Attempt:
        """Book the cost, give back the rest, write the ledger: one statement."""
        prices = await self._board.now()
        cost = prices.cost(rung, made.usage)
        charge = prices.charged(rung, made.usage, cost)
        made = replace(made, cost_micros=cost.micros)
        touched = prepared.meters if reservation.id is not None else ()
        call = _call(prepared, rung, made, record.served, cost.version, self._kernel.clock())
        keeps = self._kernel.settings.ai_keeping.prompt_days > 0
        prompt = _prompt(call, record) if keeps else None
        values = {
            "reservation": reservation.id,
            "meters": _meters(touched),
            "charge": charge,
            "call": to_jsonable_python(call),
            "prompt": to_jsonable_python(prompt),
        }
        ((*_, passed),) = await fetch_alone(self._kernel.database, SETTLE, values)
        if passed:
            await self._warn(prepared, passed)
        return made

    async def _warn(self, prepared: Prepared[Any], passed: list[str]) -> None:
        actor = Actor(ActorKind.SYSTEM, prepared.user_id)
        async with open_context(
            self._kernel, workspace_id=prepared.workspace_id, actor=actor
        ) as ctx:
            for key in passed:
                scope, _, _ = key.partition(":")
                ctx.emit(BudgetNearlySpent(user_id=prepared.user_id, scope=scope))


async def expire(kernel: Kernel) -> int:
    """Give back what calls that never came back had reserved; returns micro-units."""
    async with by_system(kernel) as transaction:
        freed = await transaction.session.scalar(select(func.ai_expire(kernel.clock())))
    return freed or 0


class PriceBoard:
    """The prices of this moment, with the operator's overrides; read again twice a minute."""

    def __init__(self, kernel: Kernel) -> None:
        """Nothing has been read yet."""
        self._kernel = kernel
        self._read_at = float("-inf")
        self._prices = Prices(kernel.settings.ai_budgets.assumed_price)

    async def now(self) -> Prices:
        """Return the prices."""
        if time.monotonic() - self._read_at > PRICES_GOOD_SECONDS:
            self._read_at = time.monotonic()
            self._prices = Prices(self._prices.assumed, await self._overrides())
        return self._prices

    def forget(self) -> None:
        """Read them again at the next call."""
        self._read_at = float("-inf")

    async def _overrides(self) -> dict[tuple[str, str], tuple[TokenPrice, str]]:
        async with by_system(self._kernel) as transaction:
            rows = (await transaction.session.scalars(select(AiPrice))).all()
        return {
            (row.provider, row.model): (
                TokenPrice(
                    input_micros=row.input_micros,
                    output_micros=row.output_micros,
                    cached_input_micros=row.cached_input_micros,
                ),
                f"override {row.version} of {row.updated_at:%Y-%m-%d}",
            )
            for row in rows
        }

    async def aclose(self) -> None:
        """Hold nothing."""


def price_board(kernel: Kernel) -> PriceBoard:
    """Return the process's board."""
    return kernel.residents.one(PriceBoard, lambda: PriceBoard(kernel))


def _meters(meters: tuple[Meter, ...]) -> list[dict[str, Any]]:
    return [{"key": meter.key, "limit": meter.limit_micros} for meter in meters]


def _call(
    prepared: Prepared[Any],
    rung: Rung,
    made: Attempt,
    served: str | None,
    price_version: str | None,
    now: Any,
) -> dict[str, Any]:
    span = trace.get_current_span().get_span_context()
    return {
        "workspace_id": prepared.workspace_id,
        "id": made.call_id,
        "user_id": prepared.user_id,
        "generation_id": prepared.generation_id,
        "number": made.number,
        "at": now,
        "task": prepared.request.task,
        "prompt_version": prepared.request.prompt_version,
        "engine": rung.engine,
        "provider": made.provider,
        "model": made.model,
        "served_model": served,
        "outcome": made.outcome,
        "detail": made.detail,
        **asdict(made.usage),
        "price_version": price_version,
        "cost_micros": made.cost_micros,
        "latency_ms": made.latency_ms,
        "first_token_ms": made.first_token_ms,
        "background": prepared.request.background,
        "trace_id": f"{span.trace_id:032x}" if span.is_valid else None,
    }


def _prompt(call: dict[str, Any], record: Record) -> dict[str, Any]:
    outgoing = record.outgoing
    return {
        **{name: call[name] for name in ("workspace_id", "id", "user_id", "at")},
        "messages": [
            {
                "speaker": message.speaker,
                "text": message.text,
                "calls": [asdict(each) for each in message.calls],
            }
            for message in outgoing.messages
        ],
        "tools": [asdict(tool) for tool in outgoing.tools],
        "answer": record.text,
    }
