"""Vectors come by the same way as answers: breakers, queues, books."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from selfos.features.ai import service as ai
from selfos.features.ai.schemas import AiTask, Embeddings
from selfos.features.ai.service.generation import orchestrator_of
from selfos.kernel.core import Kernel
from tests.factories import Person
from tests.fakes.vendors import Reply, fails
from tests.features.ai.conftest import Asking, Vendors, ask, to_embed


async def embed(kernel: Kernel, person: Person, times: int) -> list[Embeddings | None]:
    asked = [await to_embed(kernel, person) for _ in range(times)]
    return await asyncio.gather(*(ai.embed(kernel, each) for each in asked))


async def test_no_more_texts_are_out_at_once_than_a_provider_takes(
    asking: Asking, vendors: Vendors, asker: Person
) -> None:
    vendors.first.usual = Reply(before=0.05)
    first = {**vendors.providers()["first"], "concurrency": 2}
    async with asking(ai_providers={"first": first}) as kernel:
        made = await embed(kernel, asker, 6)
        assert all(made)
        assert (vendors.first.asked, vendors.first.most_open) == (6, 2)


async def test_a_broken_embedder_is_tried_again_by_one_question(
    asking: Asking, vendors: Vendors, asker: Person
) -> None:
    async with asking(ai_providers={"first": vendors.providers()["first"]}) as kernel:
        orchestrator = orchestrator_of(kernel)
        breaker = orchestrator.breaker(orchestrator.chains[AiTask.EMBED][0])
        breaker.pause()
        breaker.opened_until = 0.0
        vendors.first.usual = fails(503)
        assert await embed(kernel, asker, 5) == [None] * 5
        assert vendors.first.asked == 1


async def test_whoever_leaves_gives_the_place_and_the_only_try_back(
    asking: Asking, vendors: Vendors, asker: Person
) -> None:
    first = {**vendors.providers()["first"], "concurrency": 1}
    async with asking(ai_providers={"first": first}) as kernel:
        orchestrator = orchestrator_of(kernel)
        breaker = orchestrator.breaker(orchestrator.chains[AiTask.EMBED][0])
        breaker.pause()
        breaker.opened_until = 0.0
        vendors.first.will(Reply(before=60))
        leaving = asyncio.create_task(ai.embed(kernel, await to_embed(kernel, asker)))
        while not vendors.first.asked:  # noqa: ASYNC110 - the vendor tells nobody
            await asyncio.sleep(0.01)
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
        assert all(await embed(kernel, asker, 1))
        outcomes = [line["outcome"] for line in (await asker.get("/ai/calls"))["items"]]
        assert outcomes == ["ok", "cancelled"]


@pytest.mark.parametrize(
    ("failing", "rests_seconds", "others_asked"),
    [
        (fails(503), 0, 1),
        (fails(503, 120), 120, 1),
        (fails(429, 120), 120, 1),
        (fails(400), 0, 1),
        (fails(401), 600, 1),
        (fails(413), 0, 1),
        (fails(400, code="context_length_exceeded"), 0, 1),
        (fails(400, code="content_policy_violation"), 0, 0),
    ],
)
async def test_a_failure_means_to_vectors_what_it_means_to_answers(
    asking: Asking,
    vendors: Vendors,
    asker: Person,
    failing: Reply,
    rests_seconds: int,
    others_asked: int,
) -> None:
    vendors.first.usual = failing
    async with asking() as kernel:
        orchestrator = orchestrator_of(kernel)
        (made,) = await embed(kernel, asker, 1)
        assert (made.provider if made else None) == ("local" if others_asked else None)
        breaker = orchestrator.breaker(orchestrator.chains[AiTask.EMBED][0])
        assert round(breaker.rests_seconds, -1) == rests_seconds
    assert vendors.asked() == (1, 0, others_asked)


async def test_a_date_to_come_back_at_is_kept_for_vectors_and_for_answers(
    asking: Asking, vendors: Vendors, asker: Person
) -> None:
    """RFC 9110 lets a provider name seconds or a date."""
    at = format_datetime(datetime.now(UTC) + timedelta(minutes=20), usegmt=True)
    vendors.first.usual = fails(429, at)
    async with asking(ai_providers={"first": vendors.providers()["first"]}) as kernel:
        orchestrator = orchestrator_of(kernel)
        await embed(kernel, asker, 1)
        await ask(kernel, asker)
        for task in (AiTask.EMBED, AiTask.COACH):
            breaker = orchestrator.breaker(orchestrator.chains[task][0])
            assert 600 < breaker.rests_seconds <= 1_200
