"""Before a call goes out, and after it: a place at the provider, money, and the model's record.

The same for answers and for vectors, so that a failure means the same to both.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from selfos.features.ai.adapters.provider import ModelFailure, Outgoing
from selfos.features.ai.orchestration.books import Books, Reservation
from selfos.features.ai.orchestration.chains import Rung
from selfos.features.ai.orchestration.trimming import estimate_prompt
from selfos.features.ai.schemas.generation import Message, Prepared
from selfos.features.ai.schemas.words import Outcome, Reason
from selfos.kernel.telemetry import get_logger

if TYPE_CHECKING:
    from selfos.features.ai.orchestration.orchestrator import Orchestrator

# What came of an attempt, as the reason why somebody else answers.
REASONS = {
    Outcome.MISCONFIGURED: Reason.MISCONFIGURED,
    Outcome.REJECTED: Reason.REJECTED,
    Outcome.RATE_LIMITED: Reason.RATE_LIMITED,
    Outcome.TIMEOUT: Reason.TIMEOUT,
    Outcome.OVERFLOW: Reason.TOO_LONG,
    Outcome.REFUSED: Reason.REFUSED,
    Outcome.INVALID: Reason.INVALID,
}
# What these say may repeat what was asked or answered; the ledger, which is its user's, has it.
UNTOLD = frozenset({Outcome.REFUSED, Outcome.INVALID})

log = get_logger(__name__)


async def opened(owner: Orchestrator, prepared: Prepared[Any], rung: Rung) -> bool:
    """Tell whether the provider is open; one that cannot be opened rests."""
    done = False
    try:
        await owner.provider(rung.provider)
        done = True
    except ModelFailure as failure:
        rest(owner, rung, failure)
        tell_failed(prepared, rung, failure)
    finally:
        if not done:
            owner.breaker(rung).gave_up()
    return done


@asynccontextmanager
async def admission(
    owner: Orchestrator,
    prepared: Prepared[Any],
    books: Books,
    rung: Rung,
    outgoing: Outgoing,
    *,
    deadline: float,
) -> AsyncGenerator[Reservation | Reason]:
    """Hold a place and money for the block; yields why not where one of them is not to be had.

    A place is waited for no longer than a first word, nor past `deadline` on the loop's clock.
    """
    loop = asyncio.get_running_loop()
    gate, background = owner.gates[rung.provider], prepared.request.background
    until = min(deadline, loop.time() + owner.times.first_token_seconds)
    placed, reservation, reason = False, None, Reason.BUSY
    try:
        placed = await _placed(owner, prepared, rung, until)
        if placed and loop.time() >= deadline:
            reason = Reason.TIMEOUT
        elif placed:
            reservation, reason = await books.reserve(prepared, rung, outgoing), Reason.BUDGET
        yield reservation or reason
    finally:
        if reservation is None:
            # A probe that never went out has proved nothing.
            owner.breaker(rung).gave_up()
        if placed:
            gate.leave(background=background)


async def _placed(owner: Orchestrator, prepared: Prepared[Any], rung: Rung, until: float) -> bool:
    gate = owner.gates[rung.provider]
    try:
        async with asyncio.timeout_at(until):
            await gate.enter(prepared.user_id, background=prepared.request.background)
    except TimeoutError:
        return False
    return True


def held_back(owner: Orchestrator, rung: Rung, deadline: float) -> Reason | None:
    """Say why no call may go out now; None lets one through the breaker."""
    if asyncio.get_running_loop().time() >= deadline:
        return Reason.TIMEOUT
    breaker = owner.breaker(rung)
    if breaker.allows():
        return None
    return Reason.MISCONFIGURED if breaker.misconfigured else Reason.RESTING


def tell_breaker(owner: Orchestrator, rung: Rung, failure: ModelFailure | None) -> None:
    """Note on the model's record how a call ended; no failure is an answer."""
    breaker = owner.breaker(rung)
    if failure is None:
        breaker.succeeded()
        return
    match failure.outcome:
        case Outcome.TRANSIENT | Outcome.TIMEOUT if failure.retry_after:
            breaker.pause(failure.retry_after)
        case Outcome.TRANSIENT | Outcome.TIMEOUT:
            breaker.failed()
        case Outcome.REJECTED:
            breaker.failed(rejected=True)
        case Outcome.RATE_LIMITED | Outcome.MISCONFIGURED:
            rest(owner, rung, failure)
        case Outcome.OVERFLOW | Outcome.CANCELLED:
            breaker.gave_up()
        case _:
            breaker.succeeded()


def rest(owner: Orchestrator, rung: Rung, failure: ModelFailure) -> None:
    """Ask this model no more for a while, or none of its provider's."""
    owner.pause(
        rung,
        failure.retry_after or 0.0,
        of_provider=failure.of_provider,
        misconfigured=failure.outcome is Outcome.MISCONFIGURED,
    )


def tell_passed_over(prepared: Prepared[Any], rung: Rung, reason: Reason) -> None:
    """Say in the log why a model is not asked."""
    log.info("ai.passed_over", task=prepared.request.task, **_named(rung), reason=reason)


def tell_shortened(
    prepared: Prepared[Any], rung: Rung, before: Sequence[Message], after: Sequence[Message]
) -> None:
    """Say in the log that a model is asked with less than was to be said, and how much less."""
    log.info(
        "ai.shortened",
        task=prepared.request.task,
        **_named(rung),
        tokens_before=estimate_prompt(before),
        tokens=estimate_prompt(after),
    )


def tell_failed(prepared: Prepared[Any], rung: Rung, failure: ModelFailure) -> None:
    """Say in the log what a model answered with instead of an answer."""
    detail = "" if failure.outcome in UNTOLD else failure.detail
    log.warning(
        "ai.attempt_failed",
        task=prepared.request.task,
        **_named(rung),
        outcome=failure.outcome,
        detail=detail,
    )


def _named(rung: Rung) -> dict[str, str]:
    return {"provider": rung.provider, "model": rung.model}
