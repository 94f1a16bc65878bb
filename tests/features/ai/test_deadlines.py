"""Whose time passes: what is loaded, who waits for a place, and a process that stands still."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from structlog.testing import capture_logs

from selfos.features.ai.adapters.opening import open_provider
from selfos.features.ai.adapters.provider import ModelProvider
from selfos.features.ai.orchestration.attempts import Patience
from selfos.features.ai.orchestration.hiding import Revealer
from selfos.features.ai.orchestration.orchestrator import Orchestrator
from selfos.features.ai.orchestration.queueing import Gate
from selfos.features.ai.schemas import Delta, Engine, Outcome, Reason
from selfos.features.ai.schemas.generation import Generation
from selfos.features.ai.service.generation import orchestrator_of
from selfos.kernel.model_settings import ProviderConfig
from tests.factories import Person
from tests.fakes.vendors import Reply, fails
from tests.features.ai.conftest import Asking, Vendors, ask, listen, question

PATIENCE_SECONDS = 60
Leap = Callable[[float], None]


async def until(happened: Callable[[], Any]) -> None:
    """Wait for something that tells nobody when it happens."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not happened():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@asynccontextmanager
async def late_at_the_gate(
    asking: Asking, vendors: Vendors, asker: Person, leap: Leap
) -> AsyncGenerator[tuple[Gate, asyncio.Task[Generation[Any]]]]:
    """Have a question wait for the one place until its time is over; yields the gate and it."""
    one = {**vendors.providers()["first"], "concurrency": 1}
    times = {"total_seconds": 60, "first_token_seconds": 600}
    async with asking(ai_providers={"first": one}, ai_times=times) as kernel:
        gate = orchestrator_of(kernel).gates["first"]
        await gate.enter(asker.user_id, background=False)
        asked = asyncio.create_task(ask(kernel, asker))
        await until(lambda: gate.waiting)
        leap(61)
        yield gate, asked


async def test_loading_the_vendors_libraries_is_no_time_of_the_call(
    asking: Asking, vendors: Vendors, asker: Person, leap: Leap
) -> None:
    async def slowly(name: str, config: ProviderConfig) -> ModelProvider:
        leap(100)
        return await open_provider(name, config)

    async with asking(ai_times={"total_seconds": 60, "first_token_seconds": 30}) as kernel:
        kernel.residents.one(Orchestrator, lambda: Orchestrator(kernel.settings, slowly))
        made = await ask(kernel, asker)
    assert (made.provider, made.reason, vendors.asked()) == ("first", None, (1, 0, 0))


async def test_no_place_is_waited_for_past_the_deadline_of_the_whole_call(
    asking: Asking, vendors: Vendors, asker: Person, leap: Leap
) -> None:
    async with late_at_the_gate(asking, vendors, asker, leap) as (gate, asked):
        made = await asked
        assert (made.engine, made.reason, made.attempts) == (Engine.RULES, Reason.BUSY, ())
        assert (gate.inside, gate.waiting) == (1, 0)


async def test_a_place_that_comes_with_the_deadline_is_given_back_unused(
    asking: Asking, vendors: Vendors, asker: Person, leap: Leap
) -> None:
    async with late_at_the_gate(asking, vendors, asker, leap) as (gate, asked):
        gate.leave(background=False)
        made = await asked
        assert (made.engine, made.reason, made.attempts) == (Engine.RULES, Reason.TIMEOUT, ())
        assert gate.inside == 0


async def test_a_process_that_stands_still_is_no_silence_of_the_models(
    asking: Asking, vendors: Vendors, asker: Person, leap: Leap
) -> None:
    """The model has answered meanwhile; it only was not read."""
    times = {"total_seconds": 60, "first_token_seconds": 30, "idle_seconds": 30}
    async with asking(ai_times=times) as kernel:
        vendors.first.will(Reply(before=40))
        asked = asyncio.create_task(ask(kernel, asker))
        await until(lambda: vendors.first.open_streams)
        leap(50)
        made = await asked
    assert (made.provider, [each.outcome for each in made.attempts]) == ("first", [Outcome.OK])


async def test_text_is_shown_when_a_model_pauses_though_looking_at_it_took_its_time(
    asking: Asking,
    vendors: Vendors,
    asker: Person,
    leap: Leap,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    feed = Revealer.feed

    def slowly(revealer: Revealer, text: str) -> str:
        leap(0.2)
        return feed(revealer, text)

    monkeypatch.setattr(Revealer, "feed", slowly)
    vendors.first.will(Reply(chunks=("one ", "two"), between=0.4))
    times = {"total_seconds": 60, "first_token_seconds": 30, "buffer_seconds": 0.05}
    async with asking(ai_times=times) as kernel:
        events = await listen(kernel, asker)
    assert [event for event in events if isinstance(event, Delta)] == [Delta("one "), Delta("two")]


def test_standing_still_excuses_a_model_for_a_minute_and_no_longer() -> None:
    patience = Patience(deadline=60, seconds=20, heard=0)
    for _ in range(5):
        patience.forgive(25)
    assert (patience.until, patience.deadline) == (20 + 60, 60 + 60)


async def test_the_log_says_of_a_long_question_whether_it_was_shortened_or_the_model_passed_over(
    asking: Asking, vendors: Vendors, asker: Person
) -> None:
    async def told(**changes: Any) -> list[tuple[str, str]]:
        async with asking(**changes) as kernel:
            with capture_logs() as lines:
                await ask(kernel, asker, question("word " * 5_000))
        ours = ("ai.passed_over", "ai.shortened", "ai.attempt_failed")
        return [(each["event"], each["provider"]) for each in lines if each["event"] in ours]

    providers = vendors.providers()
    first, second = providers["first"], providers["second"]
    small = {**first, "context_window": 4_000}
    assert await told(ai_providers={"first": small}) == [("ai.shortened", "first")]
    both = {"first": small, "second": second}
    assert await told(ai_providers=both) == [("ai.passed_over", "first")]
    larger = {"second": {**second, "context_window": 5_000}, "first": small}
    assert await told(ai_providers=larger) == [
        ("ai.passed_over", "first"),
        ("ai.shortened", "second"),
    ]
    vendors.first.will(fails(400, code="context_length_exceeded", message="too long"))
    assert await told(ai_providers={"first": first}) == [
        ("ai.attempt_failed", "first"),
        ("ai.shortened", "first"),
    ]
