"""OpenAI's own endpoint for moderation, in its documented form, as a model like any other."""

from dataclasses import replace
from typing import Any

import pytest

from selfos.features.ai.orchestration.chains import make_chains
from selfos.features.ai.schemas import AiTask
from selfos.features.moderation import service as moderation
from selfos.features.moderation.schemas import Category, Moderation, Verdict, Where
from selfos.kernel.core import Kernel
from selfos.kernel.settings import Settings
from tests.factories import Person
from tests.fakes.vendors import Reply, fails, says
from tests.features.ai.conftest import LOCAL, Asking, Vendors, with_ai

OMNI = "omni-moderation-latest"
TEXT = "It would be a shame if your house caught fire"


def providers(vendors: Vendors) -> dict[str, dict[str, Any]]:
    """Return the first vendor with the endpoint alone, and a guard model at home."""
    every = vendors.providers()
    omni = {**every["first"], "models": [], "moderation_models": [OMNI]}
    return {"local": every["local"], "first": omni}


async def looked(kernel: Kernel, person: Person) -> Moderation:
    async with replace(person, kernel=kernel).context() as ctx:
        look = await moderation.prepare_look(ctx, kernel, TEXT, Where.PUBLIC)
    return await moderation.look_closer(kernel, look)


async def test_the_endpoint_looks_first_is_free_and_stands_in_the_ledger(
    asking: Asking, vendors: Vendors, asker: Person
) -> None:
    vendors.first.usual = Reply(flagged=("harassment", "harassment/threatening"))
    budgets = {"user_day_micros": 0}
    async with asking(ai_providers=providers(vendors), ai_budgets=budgets) as kernel:
        found = await looked(kernel, asker)
    assert (found.verdict, found.engine, found.unchecked) == (Verdict.BLOCK, "llm", False)
    assert {each.category for each in found.findings} == {Category.HARASSMENT, Category.THREAT}
    assert [seen.path for seen in vendors.first.seen] == ["/v1/moderations"]
    assert vendors.first.seen[0].body == {"model": OMNI, "input": TEXT}
    assert vendors.first.seen[0].headers["authorization"] == "Bearer key-1"
    line = (await asker.get("/ai/calls"))["items"][0]
    assert (line["task"], line["model"], line["outcome"]) == ("moderate", OMNI, "ok")
    assert (line["cost_micros"], line["price_version"]) == (0, "free")


async def test_a_guard_model_at_home_looks_where_the_endpoint_fails_or_may_not(
    asking: Asking, vendors: Vendors, asker: Person
) -> None:
    vendors.local.usual = says('{"categories": ["harassment/threatening"]}')
    async with asking(ai_providers=providers(vendors)) as kernel:
        vendors.first.usual = Reply(flagged=("cruelty/robots",))
        assert (await looked(kernel, asker)).engine == "local-llm"
        vendors.first.usual = fails(401)
        assert (await looked(kernel, asker)).engine == "local-llm"
        asked = vendors.first.asked
        # A refused key rests, and is not shown again.
        assert (await looked(kernel, asker)).engine == "local-llm"
        assert vendors.first.asked == asked
    await asker.patch("/ai/privacy", dial="local_only")
    async with asking(ai_providers=providers(vendors)) as kernel:
        vendors.first.usual = Reply()
        assert (await looked(kernel, asker)).engine == "local-llm"
        assert vendors.first.asked == asked


async def test_a_harmless_text_and_a_silent_endpoint_are_told_apart(
    asking: Asking, vendors: Vendors, asker: Person
) -> None:
    only = {"first": providers(vendors)["first"]}
    async with asking(ai_providers=only) as kernel:
        found = await looked(kernel, asker)
        assert (found.verdict, found.engine, found.unchecked) == (Verdict.ALLOW, "llm", False)
    vendors.first.usual = Reply(before=5)
    times = {"total_seconds": 0.2, "first_token_seconds": 0.2, "idle_seconds": 0.2}
    async with asking(ai_providers=only, ai_times=times) as kernel:
        found = await looked(kernel, asker)
        assert (found.engine, found.unchecked) == ("rules", True)


def test_what_only_moderates_is_asked_for_nothing_else(
    ai_settings: Settings, running_vendors: Vendors
) -> None:
    settings = with_ai(ai_settings, ai_providers=providers(running_vendors))
    chains = make_chains(settings)
    assert [rung.model for rung in chains[AiTask.MODERATE]] == [OMNI, LOCAL]
    assert OMNI not in {
        rung.model for task in chains for rung in chains[task] if task != "moderate"
    }
    with pytest.raises(ValueError, match="can only moderate"):
        make_chains(with_ai(settings, ai_chains={"coach": [f"first/{OMNI}"]}))
    named = make_chains(with_ai(settings, ai_chains={"moderate": [f"first/{OMNI}"]}))
    assert [rung.only_moderates for rung in named[AiTask.MODERATE]] == [True]
