"""Answers that serve other words: off unless the operator wants it, and never for the near miss."""

from dataclasses import replace
from typing import Any

import pytest

from selfos.features.ai import service as ai
from selfos.features.ai.orchestration.likeness import LONGEST_WORDING, slots
from selfos.features.ai.orchestration.orchestrator import Orchestrator
from selfos.features.ai.schemas import (
    AiTask,
    Cached,
    Generation,
    GenerationRequest,
    Message,
    Speaker,
)
from selfos.kernel.core import Kernel
from selfos.kernel.settings import Settings
from tests.factories import Person
from tests.fakes.vendors import FakeVendor
from tests.features.ai.conftest import Asking, Vendors, ask, question, with_ai

ON = {"semantic_tasks": ["classify"]}


def wording(words: str, *, around: str = "", **more: Any) -> GenerationRequest[Any]:
    messages = (Message(Speaker.SYSTEM, "Be brief."), Message(Speaker.USER, f"{words}{around}"))
    told = {"task": AiTask.CLASSIFY, "cacheable": True, "messages": messages, "wording": words}
    return replace(question(), **{**told, **more})


async def both(
    kernel: Kernel, person: Person, one: GenerationRequest[Any], other: GenerationRequest[Any]
) -> Generation[Any]:
    """Ask one, then the other, whose answer is returned."""
    await ask(kernel, person, one)
    return await ask(kernel, person, other)


def embedded(vendor: FakeVendor) -> list[str]:
    return [text for seen in vendor.seen if "embed" in seen.path for text in seen.body["input"]]


async def test_other_words_are_another_question_unless_the_operator_wants_it(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    made = await both(models, asker, wording("put the book away"), wording("put away the book"))
    assert (made.cached, embedded(vendors.first)) == (None, [])
    assert (await asker.get("/ai/status"))["by_meaning"] == []


@pytest.mark.parametrize(("chains", "named"), [({}, ["classify"]), ({"embed": []}, [])])
async def test_the_status_names_what_is_answered_by_meaning_while_somebody_makes_vectors(
    asking: Asking, asker: Person, chains: dict[str, list[str]], named: list[str]
) -> None:
    async with asking(ai_cache=ON, ai_chains=chains) as kernel, asker.context() as ctx:
        assert (await ai.show_status(ctx, kernel)).by_meaning == named


async def test_almost_the_same_words_get_the_answer_and_it_says_so(
    asking: Asking, vendors: Vendors, asker: Person
) -> None:
    """LiteLLM's, once mended against wrong answers, found none at all (#29086)."""
    one, other = wording("file my tax papers"), wording("file the tax papers")
    async with asking(ai_cache=ON) as kernel:
        made = await both(kernel, asker, one, other)
        assert (made.cached, made.cost_micros) == (Cached.SEMANTIC, 0)
        assert embedded(vendors.first) == ["file my tax papers", "file the tax papers"]
        calls = (await asker.get("/ai/calls"))["items"]
        assert [(line["task"], line["outcome"], line["detail"]) for line in calls] == [
            ("classify", "cached", "the answer to almost the same words"),
            ("embed", "ok", ""),
            ("classify", "ok", ""),
            ("embed", "ok", ""),
        ]
        anew = await ask(kernel, asker, replace(other, fresh=True))
        assert anew.cached is None
        assert (await ask(kernel, asker, other)).cached is Cached.EXACT


async def test_whatever_else_differs_is_another_question(asking: Asking, asker: Person) -> None:
    """The fake embedder finds any two sentences alike; what keeps them apart are the guards."""
    assert len("my papers " * 40) > LONGEST_WORDING
    differ = [
        (wording("save 500 euros"), wording("save 5000 euros")),
        (wording("water the plants in the house"), wording("go")),
        (wording("file my forms", around=" slowly"), wording("file the forms", around=" fast")),
        (wording("sort my bills"), wording("sort the bills", prompt_version="2")),
        (wording("read my mails"), wording("read the mails", temperature=0.5)),
        (wording("my papers " * 40), wording("the paper " * 40)),
        (wording("clean my desk", wording=None), wording("clean the desk", wording=None)),
        (wording("ask how I am", task=AiTask.COACH), wording("ask me how", task=AiTask.COACH)),
    ]
    async with asking(ai_cache=ON) as kernel:
        for one, other in differ:
            assert (await both(kernel, asker, one, other)).cached is None, other.wording


async def test_nobody_gets_an_answer_to_almost_the_same_words_of_somebody_else(
    asking: Asking, asker: Person, person: Person
) -> None:
    async with asking(ai_cache=ON) as kernel:
        await ask(kernel, person, wording("file my tax papers"))
        assert (await ask(kernel, asker, wording("file the tax papers"))).cached is None


async def test_words_that_stay_here_are_not_embedded_elsewhere(
    asking: Asking, vendors: Vendors, asker: Person
) -> None:
    one, other = wording("file my tax papers"), wording("file the tax papers")
    async with asking(ai_cache=ON) as kernel:
        await asker.patch("/ai/privacy", dial="local_only")
        assert (await both(kernel, asker, one, other)).cached is Cached.SEMANTIC
        assert embedded(vendors.local) == ["file my tax papers", "file the tax papers"]
        await asker.patch("/ai/privacy", dial="rules_only")
        assert (await both(kernel, asker, one, other)).cached is None
    assert vendors.first.asked == vendors.second.asked == 0


async def test_hidden_names_are_not_mixed_up(asking: Asking, asker: Person) -> None:
    """Of two hidden names only the order is left, so such words have to be the very same."""
    async with asking(ai_cache=ON) as kernel:
        await asker.patch("/ai/privacy", dial="any", hide_names=True, hidden_names=["Anna", "Bob"])
        one = wording("tell Anna about Bob")
        made = await both(kernel, asker, one, wording("about Bob tell Anna"))
        assert made.cached is None


async def test_without_a_model_for_vectors_only_the_same_question_is_the_same(
    asking: Asking, vendors: Vendors, asker: Person
) -> None:
    providers = {"second": vendors.providers()["second"]}
    async with asking(ai_cache=ON, ai_providers=providers) as kernel:
        made = await both(kernel, asker, wording("file my papers"), wording("file the papers"))
        assert made.cached is None
        assert (await ask(kernel, asker, wording("file the papers"))).cached is Cached.EXACT


async def test_conversations_and_safety_cannot_be_kept_by_meaning(ai_settings: Settings) -> None:
    for task in ("coach", "moderate", "story", "quick_add", "anything"):
        settings = with_ai(ai_settings, ai_cache={"semantic_tasks": [task]})
        with pytest.raises(ValueError, match=f"ai_cache: {task} cannot"):
            Orchestrator(settings, None)  # pyright: ignore[reportArgumentType]


def test_what_tells_two_wishes_apart_is_no_matter_of_meaning() -> None:
    differ = [
        ("save 500", "save 5000"),
        ("save 500", "save 500.50"),
        ("run 5 km", "run 5 miles"),
        ("run five km", "run six km"),
        ("write to me today", "write to me tomorrow"),
        ("run on Monday", "run on Tuesday"),
        ("finish by June", "finish by July"),
        ("finish before June", "finish after June"),
        ("I will smoke", "I will not smoke"),
        ("I do eat meat", "I don't eat meat"),
        ("I do eat meat", "I don’t eat meat"),
        ("gain weight", "lose weight"),
        ("start running", "stop running"),
        ("ride from 5 to 10", "ride from 10 to 5"),
        ("learn Spanish", "learn Italian"),
        ("move from Rome to Paris", "move from Paris to Rome"),
        ("earn $5", "earn €5"),
        ("run daily", "run weekly"),
        ("ich will rauchen", "ich will nicht rauchen"),
    ]
    for one, other in differ:
        assert slots(one) != slots(other), (one, other)
    alike = [
        ("learn to swim properly", "learn how to swim well"),
        ("save 500 euros", "I want to save 500 euros"),
        ("Tidy the flat by June", "tidy my flat by june"),
        ("finish the book in June", "in June finish the book"),
    ]
    for one, other in alike:
        assert slots(one) == slots(other), (one, other)
