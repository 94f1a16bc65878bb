"""What happens when a model fails: each failure that others are known for, as a rule of ours."""

import asyncio
from typing import Any

import pytest
from pydantic import BaseModel

from selfos.features.ai.orchestration.orchestrator import Orchestrator
from selfos.features.ai.schemas import (
    AiTask,
    Delta,
    Engine,
    Generation,
    Message,
    Outcome,
    Reason,
    Reset,
    Speaker,
    Start,
    ToolAsked,
    ToolOffer,
)
from selfos.kernel.core import Kernel
from tests.factories import Person
from tests.fakes.vendors import End, Reply, fails, says
from tests.features.ai.conftest import (
    FIRST,
    SECOND,
    Asking,
    Vendors,
    answer_of,
    ask,
    kinds,
    listen,
    question,
)


class Mood(BaseModel):
    """A made-up schema."""

    word: str


TOOL = ToolOffer(
    "find", "Find something.", {"type": "object", "properties": {"q": {"type": "string"}}}
)


def outcomes(made: Generation[Any]) -> list[Outcome]:
    return [attempt.outcome for attempt in made.attempts]


async def test_the_first_of_the_chain_answers(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    made = await ask(models, asker)
    assert (made.engine, made.text, made.provider, made.model) == (
        Engine.MODEL,
        "Hello there!",
        "first",
        FIRST,
    )
    assert made.reason is None
    assert vendors.asked() == (1, 0, 0)
    sent = vendors.first.seen[0].body
    assert sent["stream"] is True
    assert [message["content"] for message in sent["messages"]] == [
        "Be kind.",
        "How do I sleep better?",
    ]
    assert vendors.first.seen[0].headers["authorization"] == "Bearer key-1"


@pytest.mark.parametrize("status", [500, 502, 503, 529])
async def test_a_server_error_is_tried_once_more_and_then_the_next_is_asked(
    models: Kernel, vendors: Vendors, asker: Person, status: int
) -> None:
    vendors.first.will(fails(status), fails(status))
    made = await ask(models, asker)
    assert outcomes(made) == [Outcome.TRANSIENT, Outcome.TRANSIENT, Outcome.OK]
    assert (made.provider, made.reason) == ("second", Reason.UNAVAILABLE)
    assert vendors.asked() == (2, 1, 0)


@pytest.mark.parametrize("wire", ["first", "second"])
async def test_no_library_of_a_vendor_tries_again_by_itself(
    asking: Asking, vendors: Vendors, asker: Person, wire: str
) -> None:
    """pydantic-ai leaves the SDKs to theirs, for up to a minute before it falls back (#3267)."""
    vendor = getattr(vendors, wire)
    vendor.usual = fails(503)
    async with asking(ai_providers={wire: vendors.providers()[wire]}) as kernel:
        made = await ask(kernel, asker)
    assert (made.engine, len(made.attempts), vendor.asked) == (Engine.RULES, 2, 2)


async def test_failing_in_the_middle_of_a_stream_resets_and_the_second_model_finishes(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    """pydantic-ai's FallbackModel lets the error reach the caller (#4953)."""
    vendors.first.will(Reply(chunks=("one ", "two "), end=End.ERROR))
    events = await listen(models, asker)
    assert kinds(events) == [
        "start",
        "delta",
        "usage",
        "reset",
        "start",
        "delta",
        "usage",
        "done",
    ]
    assert [event.model for event in events if isinstance(event, Start)] == [FIRST, SECOND]
    after = events[events.index(Reset(Outcome.TRANSIENT)) :]
    assert "".join(event.text for event in after if isinstance(event, Delta)) == "Hello there!"
    assert vendors.asked() == (1, 1, 0)


@pytest.mark.parametrize("end", [End.CUT, End.SILENT_CUT, End.GARBAGE, End.ERROR, End.HANG])
@pytest.mark.parametrize("wire", ["first", "second"])
async def test_no_way_of_breaking_off_passes_for_an_answer(
    models: Kernel, vendors: Vendors, asker: Person, end: End, wire: str
) -> None:
    """LiteLLM falls back in the middle of one of its wires and not of another (#28216)."""
    if wire == "second":
        vendors.first.will(fails(401))
    getattr(vendors, wire).will(Reply(chunks=("half ", "a sen"), end=end))
    made = answer_of(await listen(models, asker))
    assert made.text == "Hello there!"
    assert made.provider == ("second" if wire == "first" else "local")
    assert outcomes(made)[-2] is (Outcome.TIMEOUT if end is End.HANG else Outcome.TRANSIENT)


@pytest.mark.parametrize("wire", ["first", "second"])
async def test_a_rate_limit_in_the_middle_of_a_stream_falls_back_too(
    models: Kernel, vendors: Vendors, asker: Person, wire: str
) -> None:
    """LiteLLM leaves 429 out of its mid-stream fallback (#22296)."""
    if wire == "second":
        vendors.first.will(fails(429, 120))
    limited = {"type": "rate_limit_error", "code": "rate_limit_exceeded", "message": "slower"}
    getattr(vendors, wire).will(Reply(chunks=("one ", "two "), end=End.ERROR, error=limited))
    events = await listen(models, asker)
    assert "reset" in kinds(events)
    made = answer_of(events)
    assert (made.provider, made.text) == ("second" if wire == "first" else "local", "Hello there!")


async def test_a_rate_limit_before_a_word_falls_back_at_once_and_is_respected(
    models: Kernel, vendors: Vendors, asker: Person, orchestrator: Orchestrator
) -> None:
    vendors.first.will(fails(429, 120))
    made = await ask(models, asker)
    assert (outcomes(made), made.provider) == ([Outcome.RATE_LIMITED, Outcome.OK], "second")
    assert vendors.asked() == (1, 1, 0)
    rests = orchestrator.breaker(orchestrator.chains[AiTask.COACH][0]).rests_seconds
    assert 30 < rests <= 120


async def test_a_rate_limit_with_nobody_to_fall_back_to_ends_in_rules_at_once(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    """LiteLLM turns in a loop at full load there (#26015)."""
    for vendor in vendors.all():
        vendor.usual = fails(429, 60)
    made = await ask(models, asker)
    assert (made.engine, made.reason) == (Engine.RULES, Reason.RATE_LIMITED)
    assert vendors.asked() == (1, 1, 1)
    assert (await ask(models, asker)).reason is Reason.RESTING
    assert vendors.asked() == (1, 1, 1)


async def test_silence_is_cut_at_the_idle_deadline(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    """FallbackModel waits as long as the provider does."""
    vendors.first.will(Reply(chunks=("one ",), end=End.HANG))
    events = await listen(models, asker)
    assert Reset(Outcome.TIMEOUT) in events
    assert answer_of(events).provider == "second"
    async with asyncio.timeout(60):
        while vendors.first.open_streams:  # noqa: ASYNC110 - the fake knows no events
            await asyncio.sleep(0.01)


async def test_a_model_that_never_begins_is_left_at_the_first_token_deadline(
    asking: Asking, vendors: Vendors, asker: Person
) -> None:
    times = {"total_seconds": 60, "first_token_seconds": 0.5, "idle_seconds": 30}
    providers = {name: vendors.providers()[name] for name in ("first",)}
    async with asking(ai_times=times, ai_providers=providers) as kernel:
        # What is loaded for the first call is not the model's time; let it be loaded.
        await ask(kernel, asker)
        vendors.first.will(Reply(before=20))
        made = await ask(kernel, asker)
    assert (made.engine, outcomes(made)) == (Engine.RULES, [Outcome.TIMEOUT])


async def test_all_attempts_together_end_at_the_total_deadline(
    asking: Asking, vendors: Vendors, asker: Person
) -> None:
    times = {"total_seconds": 1.0, "first_token_seconds": 30, "idle_seconds": 30}
    for vendor in vendors.all():
        vendor.usual = Reply(before=20)
    async with asking(ai_times=times) as kernel:
        made = await ask(kernel, asker)
    assert made.engine is Engine.RULES
    assert len(made.attempts) <= 1


async def test_a_dead_primary_is_hit_three_times_by_ten_requests(
    models: Kernel, vendors: Vendors, asker: Person, orchestrator: Orchestrator
) -> None:
    """FallbackModel hits it ten times (#3023); LiteLLM forgets cooldowns over retries (#32574)."""
    vendors.first.usual = fails(503)
    for _ in range(10):
        assert (await ask(models, asker)).provider == "second"
    assert vendors.first.asked == 3
    rung = orchestrator.chains[AiTask.COACH][0]
    assert not orchestrator.breaker(rung).is_closed


async def test_a_wrong_key_is_not_tried_again_and_rests_the_whole_provider(
    models: Kernel, vendors: Vendors, asker: Person, orchestrator: Orchestrator
) -> None:
    vendors.first.usual = fails(401)
    made = await ask(models, asker)
    assert (outcomes(made), made.provider) == ([Outcome.MISCONFIGURED, Outcome.OK], "second")
    await ask(models, asker)
    assert vendors.first.asked == 1
    embedder = orchestrator.chains[AiTask.EMBED][0]
    assert orchestrator.breaker(embedder).misconfigured


async def test_a_refusal_is_not_shopped_around(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    vendors.first.will(Reply(refusal="I can’t help with that."))
    made = await ask(models, asker)
    assert (made.engine, made.reason) == (Engine.RULES, Reason.REFUSED)
    assert vendors.asked() == (1, 0, 0)
    vendors.first.will(fails(400, code="content_policy_violation", message="no"))
    assert (await ask(models, asker)).reason is Reason.REFUSED
    vendors.first.will(fails(429, 1))
    vendors.second.will(Reply(refusal="no"))
    assert (await ask(models, asker)).reason is Reason.REFUSED
    assert vendors.local.asked == 0


async def test_an_answer_that_does_not_fit_gets_one_chance_to_repair(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    vendors.first.will(says("Sure! Here you are."), says('```json\n{"word": "calm"}\n```'))
    made = await ask(models, asker, output=Mood)
    assert (made.output, outcomes(made)) == (Mood(word="calm"), [Outcome.INVALID, Outcome.OK])
    repair = vendors.first.seen[1].body["messages"]
    assert repair[-2]["content"] == "Sure! Here you are."
    assert "cannot be used" in repair[-1]["content"]


async def test_a_second_misfit_goes_to_the_next_model_while_it_streams_too(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    """pydantic-ai looks at what an answer says only where it does not stream (#4140)."""
    vendors.first.will(says("no"), says("no"))
    vendors.second.will(says('{"word": "brave"}'))
    vendors.second.will(says('{"word": "brave"}'))
    made = answer_of(await listen(models, asker, question(output=Mood)))
    assert (made.output, made.provider) == (Mood(word="brave"), "second")
    # The second is asked the first question, not to repair what another has said.
    assert "cannot be used" not in vendors.second.seen[0].text


async def test_faults_of_the_domain_are_repaired_like_those_of_the_schema(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    def faults(mood: Mood) -> list[str]:
        return [] if mood.word.islower() else ["The word must be small."]

    vendors.first.will(says('{"word": "LOUD"}'), says('{"word": "quiet"}'))
    made = await ask(models, asker, output=Mood, faults=faults)
    assert made.output == Mood(word="quiet")
    assert "The word must be small." in vendors.first.seen[1].text


async def test_too_long_for_one_model_goes_to_one_with_a_larger_window(
    asking: Asking, vendors: Vendors, asker: Person
) -> None:
    providers = vendors.providers()
    providers["first"]["context_window"] = 4_000
    providers["second"]["context_window"] = 200_000
    async with asking(ai_providers=providers) as kernel:
        made = await ask(kernel, asker, question("word " * 5_000))
    assert (made.provider, vendors.asked()) == ("second", (0, 1, 0))


async def test_too_long_for_every_model_is_shortened_and_says_so(
    asking: Asking, vendors: Vendors, asker: Person
) -> None:
    provider = {**vendors.providers()["first"], "context_window": 4_000}
    turns = [
        Message(Speaker.USER if n % 2 == 0 else Speaker.ASSISTANT, f"turn {n} " * 60)
        for n in range(41)
    ]
    messages = (Message(Speaker.SYSTEM, "Be kind."), *turns)
    async with asking(ai_providers={"first": provider}) as kernel:
        made = await ask(kernel, asker, question(messages=messages))
    sent = vendors.first.seen[0].body["messages"]
    assert (made.engine, len(vendors.first.seen)) == (Engine.MODEL, 1)
    assert sent[0]["content"] == "Be kind."
    assert "left out" in sent[1]["content"]
    assert sent[-1]["content"] == turns[-1].text
    assert len(sent) < len(messages)


async def test_an_overflow_that_only_the_provider_sees_shortens_too(
    asking: Asking, vendors: Vendors, asker: Person
) -> None:
    vendors.first.will(fails(400, code="context_length_exceeded", message="maximum context length"))
    async with asking(ai_providers={"first": vendors.providers()["first"]}) as kernel:
        made = await ask(kernel, asker, question("word " * 5_000))
    assert (outcomes(made), made.engine) == ([Outcome.OVERFLOW, Outcome.OK], Engine.MODEL)
    first, second = (len(seen.text) for seen in vendors.first.seen)
    assert second < first


async def test_an_early_failure_never_shows(
    asking: Asking, vendors: Vendors, asker: Person
) -> None:
    vendors.first.will(Reply(chunks=("one ", "two "), end=End.ERROR))
    times = {"total_seconds": 60, "first_token_seconds": 30, "buffer_seconds": 5}
    async with asking(ai_times=times) as kernel:
        events = await listen(kernel, asker)
    assert "reset" not in kinds(events)
    assert [event for event in events if isinstance(event, Delta)] == [Delta("Hello there!")]


async def test_held_back_text_is_shown_when_a_model_pauses(
    asking: Asking, vendors: Vendors, asker: Person
) -> None:
    vendors.first.will(Reply(chunks=("one ", "two"), between=0.4))
    times = {"total_seconds": 60, "first_token_seconds": 30, "buffer_seconds": 0.05}
    async with asking(ai_times=times) as kernel:
        events = await listen(kernel, asker)
    assert [event for event in events if isinstance(event, Delta)] == [Delta("one "), Delta("two")]


@pytest.mark.parametrize("wire", ["first", "second"])
async def test_a_tool_is_asked_for_and_never_called(
    models: Kernel, vendors: Vendors, asker: Person, wire: str
) -> None:
    if wire == "second":
        vendors.first.will(fails(429, 60))
    getattr(vendors, wire).will(Reply(chunks=(), tool=("find", {"q": "sleep"})))
    events = await listen(models, asker, question(tools=(TOOL,)))
    (asked,) = [event for event in events if isinstance(event, ToolAsked)]
    assert (asked.call.name, asked.call.arguments) == ("find", {"q": "sleep"})
    assert answer_of(events).tools == (asked.call,)
