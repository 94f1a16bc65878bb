"""Asking a model where there is none: rules answer and say so."""

import pytest
from pydantic import BaseModel

from selfos.features.ai import service as ai
from selfos.features.ai.schemas import (
    AiTask,
    Delta,
    Done,
    Engine,
    GenerationRequest,
    Message,
    Reason,
    Speaker,
    Start,
)
from selfos.kernel.core import Kernel
from selfos.kernel.errors import Forbidden, Unavailable
from selfos.kernel.permissions import Role
from tests.factories import Person


class Mood(BaseModel):
    """A made-up schema."""

    word: str


REQUEST = GenerationRequest[Mood](
    task=AiTask.CLASSIFY,
    messages=(Message(Speaker.USER, "I slept well"),),
    area_ids=frozenset(),
    output=Mood,
)


async def by_rules() -> Mood:
    return Mood(word="rested")


async def test_without_a_model_rules_answer_and_say_so(kernel: Kernel, person: Person) -> None:
    async with person.context() as ctx:
        prepared = await ai.prepare(ctx, REQUEST)
    made = await ai.generate(kernel, prepared, rules=by_rules)
    assert (made.engine, made.output, made.reason) == (
        Engine.RULES,
        Mood(word="rested"),
        Reason.NO_MODEL,
    )
    assert (made.cost_micros, made.attempts) == (0, ())


async def test_rules_stream_like_a_model(kernel: Kernel, person: Person) -> None:
    async def words() -> str:
        return "Sleep is training too."

    async with person.context() as ctx:
        prepared = await ai.prepare(ctx, REQUEST)
    events = [event async for event in ai.stream(kernel, prepared, rules=words)]
    assert events[:2] == [Start(1, "rules"), Delta("Sleep is training too.")]
    assert isinstance(events[2], Done)
    assert events[2].as_json()["engine"] == "rules"


async def test_without_rules_nothing_is_made_up(kernel: Kernel, person: Person) -> None:
    async with person.context() as ctx:
        prepared = await ai.prepare(ctx, REQUEST)
    with pytest.raises(Unavailable):
        await ai.generate(kernel, prepared, rules=None)


async def test_a_guest_spends_nobodys_money(person: Person) -> None:
    async with person.context(Role.GUEST) as ctx:
        with pytest.raises(Forbidden):
            await ai.prepare(ctx, REQUEST)
