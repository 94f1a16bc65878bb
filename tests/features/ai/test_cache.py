"""The exact cache: the same question of the same person, asked once."""

import asyncio
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from selfos.features.ai.schemas import AiTask, Cached, Engine, GenerationRequest
from selfos.kernel.core import Kernel
from tests.factories import Person
from tests.fakes.vendors import Reply, fails, says
from tests.features.ai.conftest import Asking, Vendors, ask, question


class Mood(BaseModel):
    """A made-up schema."""

    word: str


def cacheable(text: str = "How do I feel?", **more: Any) -> GenerationRequest[Any]:
    return question(text, task=AiTask.CLASSIFY, cacheable=True, **more)


async def test_the_same_question_is_asked_once(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    """What is asked of the smallest model here is asked at home: the last of the chain."""
    first, second = await ask(models, asker, cacheable()), await ask(models, asker, cacheable())
    assert (first.cached, second.cached, second.text) == (None, Cached.EXACT, first.text)
    assert (second.engine, second.cost_micros, second.id != first.id) == (first.engine, 0, True)
    assert sum(vendors.asked()) == 1
    outcomes = [line["outcome"] for line in (await asker.get("/ai/calls"))["items"]]
    assert outcomes == ["cached", "ok"]


async def test_any_difference_is_another_question(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    """LiteLLM answered different questions with one entry (#12234)."""
    asked = [
        cacheable("save 500"),
        cacheable("save 5000"),
        cacheable("save 500", prompt_version="2"),
        cacheable("save 500", max_output_tokens=99),
        cacheable("save 500", temperature=0.1),
    ]
    for request in asked:
        assert not (await ask(models, asker, request)).cached
    assert sum(vendors.asked()) == len(asked)


async def test_nobody_gets_what_was_told_to_somebody_else(
    models: Kernel, vendors: Vendors, asker: Person, person: Person
) -> None:
    """A soft prefix for the user leaked elsewhere (vllm semantic-router #1448, #2134)."""
    await ask(models, asker, cacheable())
    assert not (await ask(models, person, cacheable())).cached


async def test_a_conversation_is_never_answered_from_the_cache(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    request = question(cacheable=True)
    assert [(await ask(models, asker, request)).cached for _ in range(2)] == [None, None]


async def test_whoever_wants_a_new_answer_gets_one_which_is_kept_from_then_on(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    vendors.first.will(says("old"), says("new"))
    first = await ask(models, asker, cacheable())
    anew = await ask(models, asker, cacheable(fresh=True))
    third = await ask(models, asker, cacheable())
    assert [first.text, anew.text, third.text] == ["old", "new", "new"]
    assert (anew.cached, third.cached) == (None, Cached.EXACT)


async def test_many_who_ask_at_once_wait_for_one_answer(
    asking: Asking, vendors: Vendors, asker: Person
) -> None:
    vendors.first.usual = Reply(before=0.2)
    async with asking(ai_providers={"first": vendors.providers()["first"]}) as kernel:
        made = await asyncio.gather(*(ask(kernel, asker, cacheable()) for _ in range(10)))
    assert vendors.first.asked == 1
    assert sorted(bool(each.cached) for each in made) == [False, *[True] * 9]


async def test_what_rules_said_is_not_kept_and_what_is_old_is_not_used(
    models: Kernel, vendors: Vendors, asker: Person, travel: Callable[..., None]
) -> None:
    for vendor in vendors.all():
        vendor.usual = fails(429, 1)
    assert (await ask(models, asker, cacheable())).engine is Engine.RULES
    await models.residents.close()
    for vendor in vendors.all():
        vendor.usual = Reply()
    assert (await ask(models, asker, cacheable())).engine is not Engine.RULES
    travel(days=8)
    assert not (await ask(models, asker, cacheable())).cached


async def test_a_kept_answer_still_has_to_fit(
    asking: Asking, vendors: Vendors, asker: Person
) -> None:
    fine = True

    def faults(_: Mood) -> list[str]:
        return [] if fine else ["Not any more."]

    vendors.first.will(says('{"word": "calm"}'), says('{"word": "new"}'), says('{"word": "new"}'))
    request = cacheable(output=Mood, faults=faults)
    async with asking(ai_providers={"first": vendors.providers()["first"]}) as kernel:
        assert (await ask(kernel, asker, request)).output == Mood(word="calm")
        assert (await ask(kernel, asker, request)).cached
        fine = False
        assert (await ask(kernel, asker, request)).engine is Engine.RULES
