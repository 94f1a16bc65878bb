"""Who answers and what it cost, over HTTP."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from prometheus_client import REGISTRY
from sqlalchemy import update

from selfos.features.ai.schemas import AiTask, Outcome
from selfos.features.ai.service.books import by_system
from selfos.features.identity.models import User
from selfos.features.identity.schemas import LATEST_DAY_START_MINUTES
from selfos.kernel.core import Kernel
from selfos.kernel.embedded import Embedded
from selfos.kernel.settings import Settings
from tests.conftest import Clock, running_app
from tests.factories import Person
from tests.fakes.vendors import Reply, fails
from tests.features.ai.conftest import FIRST, Vendors, ask, question, with_ai


async def test_the_status_names_whom_each_task_asks_and_no_key(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    status = await asker.get("/ai/status")
    assert [each["name"] for each in status["providers"]] == ["first", "second", "local"]
    assert "key-1" not in str(status)
    chains = {
        chain["task"]: [rung["provider"] for rung in chain["rungs"]] for chain in status["chains"]
    }
    assert chains["coach"] == ["first", "second", "local"]
    assert chains["embed"] == ["first", "local"]
    assert chains.keys() == set(AiTask)
    vendors.first.usual = fails(401)
    await ask(models, asker)
    (coach,) = [
        each for each in (await asker.get("/ai/status"))["chains"] if each["task"] == "coach"
    ]
    assert [rung["state"] for rung in coach["rungs"]] == ["misconfigured", "ready", "ready"]
    assert [rung["rests_seconds"] > 0 for rung in coach["rungs"]] == [True, False, False]
    parts = {part["name"]: part for part in (await asker.get("/health"))["components"]}
    assert parts["ai first"]["state"] == "degraded"
    assert "not asked for a while" in parts["ai first"]["detail"]


async def test_usage_adds_up_by_day_task_and_model(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    vendors.first.will(fails(429, 1))
    made = await ask(models, asker)
    for by, key in (("task", "coach"), ("model", "second/claude-sonnet-5")):
        rows = {row["key"]: row for row in (await asker.get("/ai/usage", by=by))["rows"]}
        assert rows[key]["cost_micros"] == made.cost_micros
    (day,) = (await asker.get("/ai/usage"))["rows"]
    assert (day["calls"], day["failed"], day["input_tokens"]) == (2, 1, 20)


@pytest.mark.parametrize("day_start", [0, LATEST_DAY_START_MINUTES])
async def test_a_day_of_usage_turns_when_its_persons_day_does(
    models: Kernel, vendors: Vendors, asker: Person, day_start: int
) -> None:
    await asker.patch("/auth/me", day_start_minutes=day_start)
    await ask(models, asker)
    usage = await asker.get("/ai/usage", days=1)
    today = (await asker.get("/today"))["date"]
    assert ([row["key"] for row in usage["rows"]], usage["since"]) == ([today], today)


async def test_only_those_who_manage_see_what_everybody_used(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    await ask(models, asker)
    assert (await asker.get("/ai/usage", everybody=True))["rows"][0]["calls"] == 1
    token = await asker.post("/auth/tokens", 201, name="Reader", read_only=True)
    asker.client.headers["Authorization"] = f"Bearer {token['token']}"
    await asker.get("/ai/usage", 403, everybody=True)


async def test_calls_are_listed_page_by_page_newest_first(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    for _ in range(5):
        await ask(models, asker)
    first = await asker.get("/ai/calls", limit=3)
    rest = await asker.get("/ai/calls", limit=3, cursor=first["next_cursor"])
    ids = [line["id"] for line in (*first["items"], *rest["items"])]
    assert (len(ids), len(set(ids)), rest["next_cursor"]) == (5, 5, None)
    assert ids == sorted(ids, reverse=True)
    assert (await asker.get("/ai/calls", outcome="invalid"))["items"] == []
    assert len((await asker.get("/ai/calls", model=f"first/{FIRST}"))["items"]) == 5
    assert (await asker.get("/ai/calls", model="second/claude-sonnet-5"))["items"] == []


async def test_nobody_reads_the_calls_of_others(
    models: Kernel, vendors: Vendors, asker: Person, person: Person
) -> None:
    made = await ask(models, asker)
    await person.get(f"/ai/calls/{made.attempts[0].call_id}", 404)
    assert (await person.get("/ai/calls"))["items"] == []


def scopes(shown: Any) -> set[str]:
    return {budget["scope"] for budget in shown["budgets"]}


async def promoted(kernel: Kernel, user_id: UUID) -> None:
    """Make somebody the operator, as the first account of an instance is."""
    async with by_system(kernel) as transaction:
        wanted = update(User).where(User.id == user_id).values(is_operator=True)
        await transaction.session.execute(wanted)


async def test_the_operators_price_counts_from_the_next_call_on(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    price: dict[str, Any] = {
        "provider": "first",
        "model": FIRST,
        "input_micros": 50_000_000,
        "output_micros": 0,
    }
    await asker.send("PUT", "/ai/prices", 403, json=price)
    assert (await asker.get("/ai/status"))["operator"] is False
    assert "instance_month" not in scopes(await asker.get("/ai/budgets"))
    await promoted(models, asker.user_id)
    assert (await asker.get("/ai/status"))["operator"] is True
    assert "instance_month" in scopes(await asker.get("/ai/budgets"))
    await ask(models, asker)
    await asker.send("PUT", "/ai/prices", 200, json=price)
    made = await ask(models, asker)
    assert made.cost_micros == 20 * 50
    line = await asker.get(f"/ai/calls/{made.attempts[0].call_id}")
    assert line["price_version"].startswith("override ")
    prices = (await asker.get("/ai/prices"))["items"]
    assert [each["model"] for each in prices if each["provider"] == "first"] == [FIRST]
    await asker.send("DELETE", "/ai/prices", 204, params={"provider": "first", "model": FIRST})
    await asker.send("DELETE", "/ai/prices", 404, params={"provider": "first", "model": FIRST})
    assert (await ask(models, asker)).cost_micros != 20 * 50


async def test_each_provider_is_a_part_of_health_and_never_more_than_degraded(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    await asker.get("/health")
    health = await asker.get("/health")
    parts = {part["name"]: part["state"] for part in health["components"]}
    assert {parts[f"ai {name}"] for name in ("first", "second", "local")} == {"ok"}
    # Anybody may ask; that becomes no stream of questions to a vendor.
    assert len(vendors.first.seen) == 1


async def test_a_provider_that_is_down_degrades_and_nothing_more(
    ai_instance: tuple[FastAPI, Kernel], models: Kernel, vendors: Vendors, asker: Person
) -> None:
    vendors.first.down = True
    health = await asker.get("/health")
    parts = {part["name"]: part for part in health["components"]}
    assert (parts["ai first"]["state"], health["status"]) == ("degraded", "degraded")
    assert parts["ai first"]["detail"].startswith("transient")


async def test_metrics_say_task_and_model_and_never_who(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    labels = {"task": "coach", "provider": "first", "model": FIRST, "outcome": Outcome.OK}
    before = REGISTRY.get_sample_value("selfos_ai_calls_total", labels) or 0
    await ask(models, asker)
    assert REGISTRY.get_sample_value("selfos_ai_calls_total", labels) == before + 1
    ours = [family for family in REGISTRY.collect() if family.name.startswith("selfos_ai_")]
    names = {name for family in ours for sample in family.samples for name in sample.labels}
    calls = {"task", "provider", "model", "outcome", "direction", "engine", "reason", "le"}
    assert names <= calls | {"state"}, "queues and breakers are in a state"
    assert str(asker.user_id) not in str(ours)


async def test_a_hanging_model_holds_no_connection_to_the_database(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    vendors.first.usual = Reply(before=5)
    asked = [asyncio.create_task(ask(models, asker, question())) for _ in range(8)]
    async with asyncio.timeout(60):
        while vendors.first.open_streams < 8:  # noqa: ASYNC110 - the fake knows no events
            await asyncio.sleep(0.01)
    pool: Any = models.database.engine.pool
    assert pool.checkedout() == 0
    for task in asked:
        task.cancel()
    await asyncio.gather(*asked, return_exceptions=True)


@pytest.mark.parametrize(
    ("chains", "reason"),
    [
        ({"dream": ["first"]}, "dream is no task"),
        ({"coach": ["nobody/gpt"]}, "nobody, which is not set up"),
        ({"embed": ["second"]}, "second, which has no models"),
    ],
)
async def test_a_chain_that_names_nobody_stops_the_start(
    ai_settings: Settings,
    postgres: Embedded,
    database: str,
    clock: Clock,
    chains: dict[str, list[str]],
    reason: str,
) -> None:
    wrong = with_ai(ai_settings, ai_chains=chains)
    with pytest.raises(ValueError, match=reason):
        async with running_app(wrong, postgres.url("selfos_app", database), clock):
            pass
