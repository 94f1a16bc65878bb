"""Money: set aside before a call, booked after it, also when it fails or nobody waits any more."""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from selfos.features.ai import service as ai
from selfos.features.ai.events import BudgetNearlySpent
from selfos.features.ai.orchestration.chains import Rung
from selfos.features.ai.pricing import Prices
from selfos.features.ai.schemas import Delta, Engine, Meter, Outcome, Reason, Usage
from selfos.features.ai.service.books import by_system, expire
from selfos.kernel.core import Kernel
from selfos.kernel.embedded import Embedded
from selfos.kernel.model_settings import AiBudgets, ProviderConfig, ProviderKind, TokenPrice
from tests.factories import Person
from tests.fakes.vendors import End, FakeVendor, Reply, fails
from tests.features.ai.conftest import Asking, Vendors, ask, by_rules, question

# A dollar for each thousand tokens written, nothing for those read.
DEAR = {"input_micros": 0, "output_micros": 1_000_000_000}
ONE_CALL = 10_000  # micro-units: ten tokens at that price
ASSUMED = AiBudgets().assumed_price


def dear(vendor: FakeVendor) -> dict[str, object]:
    """Return a provider whose every call of ten tokens costs a cent."""
    vendor.usual = Reply(usage=(20, 10), before=0.05)
    return {
        "kind": "openai",
        "base_url": vendor.url,
        "models": ["dear"],
        "price": DEAR,
        "concurrency": 50,
    }


def rung(**config: object) -> Rung:
    """Return a model of one of those providers."""
    made = ProviderConfig.model_validate({"kind": "openai", "models": ["gpt-5"], **config})
    return Rung("p", "gpt-5", made)


async def idle(vendor: FakeVendor) -> None:
    """Wait until nobody is being answered."""
    async with asyncio.timeout(30):
        while vendor.open_streams:  # noqa: ASYNC110 - the fake knows no events
            await asyncio.sleep(0.01)


async def test_fifty_calls_at_once_at_a_budget_for_ten_admit_ten(
    asking: Asking, vendors: Vendors, asker: Person
) -> None:
    """LiteLLM checks, then counts, so that concurrent calls pass together (#34732, #40095)."""
    budgets = {"user_day_micros": 10 * ONE_CALL}
    request = question(max_output_tokens=10)
    async with asking(ai_providers={"dear": dear(vendors.first)}, ai_budgets=budgets) as kernel:
        made = await asyncio.gather(*(ask(kernel, asker, request) for _ in range(50)))
    by_model = [each for each in made if each.engine is Engine.MODEL]
    assert len(by_model) == vendors.first.asked == 10
    assert {each.reason for each in made if each.engine is Engine.RULES} == {Reason.BUDGET}
    spent = {budget["scope"]: budget for budget in (await asker.get("/ai/budgets"))["budgets"]}
    assert spent["user_day"]["spent_micros"] == 10 * ONE_CALL
    assert spent["user_day"]["reserved_micros"] == 0


@pytest.mark.parametrize("scope", ["user_day", "user_month", "workspace_month"])
async def test_each_budget_holds(
    asking: Asking, vendors: Vendors, asker: Person, scope: str
) -> None:
    budgets = {f"{scope}_micros": 2 * ONE_CALL}
    request = question(max_output_tokens=10)
    async with asking(ai_providers={"dear": dear(vendors.first)}, ai_budgets=budgets) as kernel:
        engines = [(await ask(kernel, asker, request)).engine for _ in range(3)]
    assert engines == [Engine.MODEL, Engine.MODEL, Engine.RULES]


async def test_a_spent_budget_leaves_the_model_at_home(
    asking: Asking, vendors: Vendors, asker: Person
) -> None:
    providers = {"dear": dear(vendors.first), "local": vendors.providers()["local"]}
    async with asking(ai_providers=providers, ai_budgets={"user_day_micros": 0}) as kernel:
        made = await ask(kernel, asker)
    assert (made.engine, made.reason, vendors.asked()) == (
        Engine.LOCAL_MODEL,
        Reason.BUDGET,
        (0, 0, 1),
    )


async def test_an_unknown_price_is_null_and_still_meets_the_budget(
    asking: Asking, vendors: Vendors, asker: Person
) -> None:
    """LiteLLM lets what has no price pass (#26672, #11083)."""
    vendors.first.usual = Reply(usage=(1_000, 100))
    provider = {
        "kind": "openai_compatible",
        "base_url": vendors.first.url,
        "models": ["nobody-knows"],
    }
    request = question(max_output_tokens=100)
    assumed = -(-(1_000 * ASSUMED.input_micros + 100 * ASSUMED.output_micros) // 10**6)
    async with asking(
        ai_providers={"p": provider}, ai_budgets={"user_day_micros": assumed + 1}
    ) as kernel:
        first, second = await ask(kernel, asker, request), await ask(kernel, asker, request)
    assert (first.engine, first.cost_micros, second.engine) == (Engine.MODEL, None, Engine.RULES)
    usage = await asker.get("/ai/usage", by="model", days=1)
    assert [(row["key"], row["cost_micros"], row["unpriced"]) for row in usage["rows"]] == [
        ("p/nobody-knows", 0, 1)
    ]


async def test_a_workspace_may_allow_itself_less_but_not_more(
    asking: Asking, vendors: Vendors, asker: Person
) -> None:
    budgets = {"user_day_micros": 5 * ONE_CALL, "user_month_micros": None}
    await asker.patch("/ai/budgets", user_day_micros=ONE_CALL, user_month_micros=10**12)
    async with asking(ai_providers={"dear": dear(vendors.first)}, ai_budgets=budgets) as kernel:
        made = [await ask(kernel, asker, question(max_output_tokens=10)) for _ in range(2)]
    assert [each.engine for each in made] == [Engine.MODEL, Engine.RULES]
    shown = (await asker.patch("/ai/budgets", user_day_micros=10**12))["budgets"]
    day = next(budget for budget in shown if budget["scope"] == "user_day")
    assert (day["own_limit_micros"], day["limit_micros"]) == (10**12, 2_000_000)


async def test_what_a_crash_left_reserved_comes_back_by_itself(
    asking: Asking, vendors: Vendors, asker: Person, travel: Callable[..., None]
) -> None:
    budgets = {"user_day_micros": ONE_CALL, "user_month_micros": ONE_CALL}
    request = question(max_output_tokens=10)
    async with asking(ai_providers={"dear": dear(vendors.first)}, ai_budgets=budgets) as kernel:
        async with replace(asker, kernel=kernel).context() as ctx:
            prepared = await ai.prepare(ctx, request)
        await reserved_by_a_process_that_died(kernel, prepared.meters, ONE_CALL)
        assert (await ask(kernel, asker, request)).reason is Reason.BUDGET
        travel(minutes=5)
        assert (await ask(kernel, asker, request)).engine is Engine.MODEL
        assert await expire(kernel) == 0


async def reserved_by_a_process_that_died(
    kernel: Kernel, meters: Sequence[Meter], amount: int
) -> None:
    """Reserve as a call would that never settles."""
    wanted = json.dumps([{"key": meter.key, "limit": None} for meter in meters])
    async with by_system(kernel) as transaction:
        await transaction.driver.execute(
            "SELECT ai_reserve(%s, %s::jsonb, %s, %s + interval '2 minutes')",
            (uuid4(), wanted, amount, kernel.clock()),
        )


async def test_four_fifths_of_a_budget_are_told_once(
    asking: Asking, vendors: Vendors, asker: Person, postgres: Embedded, database: str
) -> None:
    budgets = {"user_day_micros": 5 * ONE_CALL}
    async with asking(ai_providers={"dear": dear(vendors.first)}, ai_budgets=budgets) as kernel:
        for _ in range(5):
            await ask(kernel, asker, question(max_output_tokens=10))
    async with await psycopg.AsyncConnection.connect(postgres.url("postgres", database)) as owner:
        found = await owner.execute(
            "SELECT payload FROM events WHERE workspace_id = %s AND type = %s",
            [asker.workspace_id, BudgetNearlySpent.type],
        )
        told = [row[0] for row in await found.fetchall()]
    assert told == [{"user_id": str(asker.user_id), "scope": "user"}]


async def test_every_attempt_is_a_line_of_the_ledger_with_its_cost(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    vendors.first.will(fails(503), fails(503))
    vendors.second.will(Reply(usage=(10_000, 500), cached_tokens=8_000))
    made = await ask(models, asker)
    lines = (await asker.get("/ai/calls"))["items"]
    assert [
        (line["number"], line["provider"], line["outcome"], line["cost_micros"]) for line in lines
    ] == [
        (3, "second", "ok", made.cost_micros),
        (2, "first", "transient", 0),
        (1, "first", "transient", 0),
    ]
    assert {line["generation_id"] for line in lines} == {str(made.id)}
    assert (lines[0]["input_tokens"], lines[0]["cache_read_tokens"]) == (10_000, 8_000)
    assert lines[0]["price_version"].startswith("genai-prices ")


async def test_an_attempt_that_broke_off_counts_against_the_budgets_too(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    """pydantic-ai's limits hold for one run, and do not count attempts that fell back."""
    vendors.first.will(Reply(chunks=("one ", "two "), end=End.ERROR))
    made = await ask(models, asker)
    broken, whole = (attempt.cost_micros or 0 for attempt in made.attempts)
    spent = {each["scope"]: each["spent_micros"] for each in await budgets_of(asker)}
    assert broken > 0
    assert spent["user_day"] == spent["workspace_month"] == broken + whole == made.cost_micros


async def budgets_of(person: Person) -> Any:
    return (await person.get("/ai/budgets"))["budgets"]


# A million read, read from the cache, written: $0.25, $0.025, $2 and $2, $0.2, $10.
@pytest.mark.parametrize(
    ("wire", "cost"), [("first", {0: 3_500, 8_000: 1_700}), ("second", {0: 25_000, 8_000: 10_600})]
)
async def test_cached_input_of_a_stream_is_priced_as_cached(
    models: Kernel, vendors: Vendors, asker: Person, wire: str, cost: dict[int, int]
) -> None:
    """LiteLLM's were 4 times too dear, or half too cheap (#11789, #36168, #42663)."""
    for cached, expected in cost.items():
        if wire == "second":
            vendors.first.usual = fails(429, 60)
        getattr(vendors, wire).will(Reply(usage=(10_000, 500), cached_tokens=cached))
        assert (await ask(models, asker)).cost_micros == expected


def test_prices_are_found_in_order_and_never_made_up() -> None:
    usage = Usage(input_tokens=10_000, cache_read_tokens=8_000, output_tokens=500)
    override = TokenPrice(input_micros=1_000_000, output_micros=2_000_000)
    prices = Prices(ASSUMED)
    assert prices.cost(rung(), usage).micros == 8_500
    assert prices.cost(rung(kind="anthropic"), usage).micros is None
    assert prices.cost(rung(free=True), usage).micros == 0
    declared = rung(price={"input_micros": 100_000, "output_micros": 0})
    assert prices.cost(declared, usage).micros == 1_000
    overridden = Prices(ASSUMED, {("p", "gpt-5"): (override, "override 1")})
    assert overridden.cost(declared, usage).micros == 11_000
    home = rung(kind=ProviderKind.OPENAI_COMPATIBLE, base_url="http://localhost/v1", local=True)
    assert prices.cost(home, usage).micros is None
    assert prices.charge(home, usage) == 0
    assert prices.cost(home, Usage()).micros == 0


async def test_the_ledger_cannot_be_rewritten(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    await ask(models, asker)
    for deed in (
        "UPDATE ai_calls SET cost_micros = 0",
        "DELETE FROM ai_calls",
        "DELETE FROM ai_prompts",
        "UPDATE ai_meters SET spent_micros = 0",
        "SELECT * FROM ai_reservations",
    ):
        async with asker.context() as ctx:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await ctx.transaction.driver.execute(deed.encode())
            await ctx.transaction.driver.rollback()


async def test_a_reader_who_leaves_stops_the_model_and_is_still_booked(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    vendors.first.will(Reply(chunks=("one ", "two "), end=End.HANG))
    async with replace(asker, kernel=models).context() as ctx:
        prepared = await ai.prepare(ctx, question())
    events = ai.stream(models, prepared, rules=by_rules)
    async for event in events:
        if isinstance(event, Delta):
            break
    await events.aclose()
    await idle(vendors.first)
    (line,) = (await asker.get("/ai/calls"))["items"]
    assert (line["outcome"], line["estimated"]) == (Outcome.CANCELLED, True)
    assert line["cost_micros"] > 0
    assert line["output_tokens"] > 0


async def test_somebody_who_is_cancelled_while_asking_is_still_booked(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    await ask(models, asker)
    vendors.first.will(Reply(chunks=("one ", "two "), between=0.2))
    asked = asyncio.create_task(ask(models, asker))
    async with asyncio.timeout(30):
        while not vendors.first.open_streams:  # noqa: ASYNC110 - the fake knows no events
            await asyncio.sleep(0.01)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    await models.residents.close()
    line = (await asker.get("/ai/calls"))["items"][0]
    assert line["outcome"] == Outcome.CANCELLED
