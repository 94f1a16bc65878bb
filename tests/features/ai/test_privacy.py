"""How far words may travel: looked up where a request is built, insisted on where it leaves."""

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel

from selfos.features.ai import service as ai
from selfos.features.ai.adapters.provider import Outgoing, PrivacyBreach
from selfos.features.ai.orchestration.hiding import Hider, Revealer, reveal_all, reveal_json
from selfos.features.ai.orchestration.orchestrator import Orchestrator
from selfos.features.ai.schemas import AiTask, Engine, Message, Reason, Speaker
from selfos.kernel.core import Kernel
from tests.factories import Person
from tests.fakes.vendors import Reply, fails, says
from tests.features.ai.conftest import Asking, Vendors, answer_of, ask, listen, question

SECRET = "The diagnosis is not to leave this house."


async def an_area(person: Person, dial: str) -> UUID:
    """Make a life area with this dial."""
    area = await person.post("/areas", 201, name="Health")
    await person.patch("/ai/privacy", areas=[{"area_id": area["id"], "dial": dial}])
    return UUID(area["id"])


def sent(vendors: Vendors) -> str:
    """Return every word that has left this house."""
    return "".join(seen.text for vendor in (vendors.first, vendors.second) for seen in vendor.seen)


async def test_an_area_marked_local_never_appears_in_an_outbound_body(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    area = await an_area(asker, "local_only")
    request = question(SECRET, area_ids=frozenset({area}))
    made = await ask(models, asker, request)
    assert (made.engine, made.reason) == (Engine.LOCAL_MODEL, Reason.PRIVACY)
    # Also when the model at home fails: rules answer, nobody else is asked.
    vendors.local.usual = fails(503)
    made = await ask(models, asker, request)
    assert made.engine is Engine.RULES
    assert await embedded(models, asker, SECRET, area) is None
    assert SECRET not in sent(vendors)
    assert SECRET in vendors.local.seen[0].text
    assert vendors.asked()[:2] == (0, 0)


async def embedded(kernel: Kernel, person: Person, text: str, area: UUID) -> Any:
    """Ask for a vector of this text."""
    request = question(
        task=AiTask.EMBED, messages=(Message(Speaker.USER, text),), area_ids=frozenset({area})
    )
    async with replace(person, kernel=kernel).context() as ctx:
        prepared = await ai.prepare(ctx, request)
    return await ai.embed(kernel, prepared)


async def test_rules_only_asks_nobody_at_all(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    area = await an_area(asker, "rules_only")
    made = await ask(models, asker, question(SECRET, area_ids=frozenset({area})))
    assert (made.engine, made.reason, vendors.asked()) == (Engine.RULES, Reason.PRIVACY, (0, 0, 0))


async def test_the_strictest_of_all_areas_and_the_workspace_holds(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    strict, loose = await an_area(asker, "local_only"), await an_area(asker, "any")
    both = question(area_ids=frozenset({strict, loose}))
    assert (await ask(models, asker, both)).engine is Engine.LOCAL_MODEL
    alone = question(area_ids=frozenset({loose}))
    assert (await ask(models, asker, alone)).engine is Engine.MODEL
    await asker.patch("/ai/privacy", dial="rules_only")
    assert (await ask(models, asker, alone)).engine is Engine.RULES


async def test_who_switched_models_off_is_answered_by_rules(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    await asker.patch("/preferences", ai_enabled=False)
    made = await ask(models, asker)
    assert (made.engine, made.reason) == (Engine.RULES, Reason.SWITCHED_OFF)
    assert vendors.asked() == (0, 0, 0)


async def test_private_words_are_stopped_at_the_very_edge_too(
    models: Kernel, vendors: Vendors, orchestrator: Orchestrator
) -> None:
    outgoing = Outgoing(
        messages=(Message(Speaker.USER, SECRET),), local_only=True, max_output_tokens=10
    )
    for name, model in (("first", "gpt-5-mini"), ("second", "claude-sonnet-5")):
        provider = await orchestrator.provider(name)
        with pytest.raises(PrivacyBreach):
            async for _ in provider.answer(model, outgoing):
                pass
        with pytest.raises(PrivacyBreach):
            await provider.embed(model, [SECRET], local_only=True)
    assert vendors.asked() == (0, 0, 0)


async def test_names_and_numbers_stay_here_and_come_back(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    hidden: dict[str, Any] = {
        "hide_names": True,
        "hide_numbers": True,
        "hidden_names": [" Beatrix Kiddo "],
    }
    shown = await asker.patch("/ai/privacy", **hidden)
    assert shown["hidden_names"] == ["Beatrix Kiddo"]
    await asker.patch("/ai/privacy", dial="any")
    vendors.first.will(says("Call ⟦N", "1⟧ on ⟦Z", "2⟧ by 2026-12-01."))
    text = "Remind Beatrix to ring +49 170 1234567 before 2026-12-01, two times"
    events = await listen(models, asker, question(text))
    assert "Beatrix" not in sent(vendors)
    assert "1234567" not in sent(vendors)
    assert "2026-12-01" in sent(vendors)
    made = answer_of(events)
    assert made.text == "Call Beatrix on +49 170 1234567 by 2026-12-01."
    kept = await asker.get(f"/ai/calls/{made.attempts[0].call_id}")
    assert "Beatrix" not in str(kept["prompt"])


async def test_hidden_names_come_back_inside_json(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    class Note(BaseModel):
        text: str

    await asker.patch("/ai/privacy", hide_names=True, hidden_names=['Ann "Nan" Lee'])
    vendors.first.will(says('{"text": "for ⟦N1⟧"}'))
    request = question('Write to Ann "Nan" Lee', output=Note)
    assert (await ask(models, asker, request)).output == Note(text='for Ann "Nan" Lee')


def test_the_same_name_hides_the_same_way_and_nothing_else_is_touched() -> None:
    hider = Hider({"Ann Lee"}, numbers=True)
    hidden = hider.hide("Ann and ANN LEE planned 12 runs of 21 km; mail ann@lee.org, Anniversary")
    assert hidden == "⟦N2⟧ and ⟦N3⟧ planned 12 runs of 21 km; mail ⟦A1⟧, Anniversary"
    assert reveal_all({"a": [hidden]}, hider.stands_for)["a"][0].startswith(
        "Ann and ANN LEE planned"
    )
    # Nobody can smuggle a placeholder in.
    assert "⟦" not in Hider().hide("⟦N1⟧")


def test_a_placeholder_in_pieces_is_put_back_and_a_lone_bracket_is_let_go() -> None:
    revealer = Revealer({"⟦N1⟧": "Ann"})
    assert "".join(map(revealer.feed, ("Hi ", "⟦", "N1", "⟧!"))) == "Hi Ann!"
    assert revealer.feed("a ⟦ b that goes on and on") == "a ⟦ b that goes on and on"
    assert revealer.feed("⟦N") + revealer.rest() == "⟦N"


async def test_the_prompt_of_a_call_is_its_users_alone(
    models: Kernel, vendors: Vendors, asker: Person, asking: Asking
) -> None:
    made = await ask(models, asker)
    call = await asker.get(f"/ai/calls/{made.attempts[0].call_id}")
    assert [message["text"] for message in call["prompt"]["messages"]] == [
        "Be kind.",
        "How do I sleep better?",
    ]
    assert call["prompt"]["answer"] == "Hello there!"
    vendors.first.will(Reply())
    async with asking(ai_keeping={"prompt_days": 0}) as kernel:
        made = await ask(kernel, asker)
    assert (await asker.get(f"/ai/calls/{made.attempts[0].call_id}"))["prompt"] is None


def test_brackets_that_a_model_escapes_in_json_are_read_as_brackets() -> None:
    stands_for = {"⟦N1⟧": 'Ada "A"'}
    for written in (r"\u27e6N1\u27e7", r"\u27E6N1\u27E7", "⟦N1⟧"):
        assert json.loads(reveal_json(f'["{written}"]', stands_for)) == ['Ada "A"']
    meant = r'["\\u27e6N1\\u27e7"]'
    assert reveal_json(meant, stands_for) == meant
