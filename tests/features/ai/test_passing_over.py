"""Why a model is not asked or does not answer, said to its asker and in the log."""

from typing import Any

import pytest
from structlog.testing import capture_logs

from selfos.features.ai import service as ai
from selfos.features.ai.orchestration.orchestrator import Orchestrator
from selfos.features.ai.schemas import WHY_NOT, AiTask, Engine, Generation, Outcome, Reason
from selfos.features.ai.service.generation import orchestrator_of
from selfos.kernel.core import Kernel
from tests.factories import Person
from tests.fakes.vendors import Reply, fails
from tests.features.ai.conftest import FIRST, Asking, Vendors, ask, to_embed


def outcomes(made: Generation[Any]) -> list[Outcome]:
    return [attempt.outcome for attempt in made.attempts]


async def test_a_rejected_request_takes_the_model_from_no_other_question(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    """It may lie in the words of one person; whoever else asks is answered as always."""
    vendors.first.will(fails(400))
    made = await ask(models, asker)
    assert (outcomes(made), made.provider) == ([Outcome.REJECTED, Outcome.OK], "second")
    assert made.reason is Reason.REJECTED
    made = await ask(models, asker)
    assert (made.provider, made.reason) == ("first", None)


async def test_an_unknown_model_is_left_alone_at_once_and_only_it(
    models: Kernel, vendors: Vendors, asker: Person, orchestrator: Orchestrator
) -> None:
    vendors.first.usual = fails(404)
    for _ in range(3):
        assert (await ask(models, asker)).reason is Reason.MISCONFIGURED
    assert vendors.first.asked == 1
    assert orchestrator.breaker(orchestrator.chains[AiTask.EMBED][0]).would_allow


async def test_who_answers_after_a_second_try_is_no_lower_rung(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    vendors.first.will(fails(503))
    made = await ask(models, asker)
    assert (made.provider, made.reason) == ("first", None)


PASSED_OVER: dict[Reason, dict[str, Any]] = {
    Reason.RESTING: {},
    Reason.MISCONFIGURED: {},
    Reason.BUSY: {"ai_times": {"total_seconds": 60, "first_token_seconds": 0.1}},
    Reason.TIMEOUT: {"ai_times": {"total_seconds": 1e-9}},
    Reason.BUDGET: {"ai_budgets": {"user_day_micros": 0}},
    Reason.TOO_LONG: {},
}


@pytest.mark.parametrize("reason", PASSED_OVER)
async def test_a_model_that_is_not_asked_is_named_in_the_log_with_the_reason_the_user_sees(
    asking: Asking, vendors: Vendors, asker: Person, reason: Reason
) -> None:
    first = {**vendors.providers()["first"], "concurrency": 1}
    if reason is Reason.TOO_LONG:
        first["context_window"] = 512
    async with asking(ai_providers={"first": first}, **PASSED_OVER[reason]) as kernel:
        orchestrator = orchestrator_of(kernel)
        breaker = orchestrator.breaker(orchestrator.chains[AiTask.COACH][0])
        if reason in (Reason.RESTING, Reason.MISCONFIGURED):
            breaker.pause(misconfigured=reason is Reason.MISCONFIGURED)
        if reason is Reason.BUSY:
            await orchestrator.gates["first"].enter(asker.user_id, background=False)
        with capture_logs() as told:
            made = await ask(kernel, asker)
    assert (made.engine, made.reason, vendors.first.asked) == (Engine.RULES, reason, 0)
    passed = {"task": "coach", "provider": "first", "model": FIRST, "reason": reason}
    lines = [line for line in told if line["event"] == "ai.passed_over"]
    assert lines
    assert all(passed.items() <= line.items() for line in lines)
    assert reason in WHY_NOT


async def test_what_a_model_failed_with_stands_in_the_log_without_a_word_of_anybody(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    vendors.first.will(Reply(refusal="I will not speak of your divorce."))
    with capture_logs() as told:
        await ask(models, asker)
    (line,) = [each for each in told if each["event"] == "ai.attempt_failed"]
    assert (line["outcome"], line["detail"]) == (Outcome.REFUSED, "")


async def test_a_provider_that_cannot_be_opened_is_set_up_wrongly_and_the_next_answers(
    asking: Asking, vendors: Vendors, asker: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What the vendors' libraries make of it is an error while they are set up.
    monkeypatch.setenv("ALL_PROXY", "nonsense://nowhere")
    async with asking(ai_providers={"first": vendors.providers()["first"]}) as kernel:
        made = await ask(kernel, asker)
        assert (made.engine, made.reason) == (Engine.RULES, Reason.MISCONFIGURED)
        assert await ai.embed(kernel, await to_embed(kernel, asker)) is None
