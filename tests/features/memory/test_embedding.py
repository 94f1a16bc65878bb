"""Vectors of facts: made in a job where a model may make them, and gone with the fact."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select

from selfos.features.memory import service as memory
from selfos.features.memory.models import Embedding
from selfos.features.memory.schemas import Source, SourceKind
from selfos.kernel.core import Kernel
from tests.factories import Person
from tests.features.ai.conftest import Vendors


async def embedded(kernel: Kernel, person: Person) -> list[Embedding]:
    who = {"workspace_id": str(person.workspace_id), "user_id": str(person.user_id)}
    await memory.embed_facts(kernel, **who)
    async with replace(person, kernel=kernel).context() as ctx:
        return list(await ctx.session.scalars(select(Embedding)))


async def test_each_fact_is_embedded_once_and_again_when_it_changes(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    fact = await asker.post("/memory/facts", 201, text="I love jazz")
    (first,) = await embedded(models, asker)
    assert (first.model, first.dim) == ("text-embedding-3-small", 3)
    assert first.vec == [11.0, 0.0, 1.0]
    asked = vendors.first.asked
    await embedded(models, asker)
    assert vendors.first.asked == asked
    path = f"/memory/facts/{fact['id']}"
    await asker.post(f"{path}/correct", 201, text="I love free jazz")
    assert len(await embedded(models, asker)) == 2
    new = (await asker.get("/memory/facts"))["items"][0]
    await asker.delete(f"/memory/facts/{new['id']}")
    assert await embedded(models, asker) == []


async def test_a_question_gets_a_vector_of_the_same_model(models: Kernel, asker: Person) -> None:
    async with replace(asker, kernel=models).context() as ctx:
        prepared = await memory.prepare_texts(ctx, ("Who plays?",))
    vector = await memory.vector_of(models, prepared)
    assert vector == memory.QueryVector("text-embedding-3-small", (10.0, 0.0, 1.0))


async def test_what_must_not_leave_is_embedded_at_home_or_not_at_all(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    area = (await asker.post("/areas", 201, name="Love"))["id"]
    await asker.patch("/ai/privacy", areas=[{"area_id": area, "dial": "rules_only"}])
    source = Source(SourceKind.MESSAGE, area_id=UUID(area))
    async with replace(asker, kernel=models).context() as ctx:
        await memory.learn(ctx, "I promised to leave him.", source=source)
    assert await embedded(models, asker) == []
    assert vendors.asked() == (0, 0, 0)


async def test_what_waits_for_a_yes_goes_nowhere(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    foreign = Source(SourceKind.IMPORT, trusted=False)
    async with replace(asker, kernel=models).context() as ctx:
        await memory.learn(ctx, "I love spam.", source=foreign)
    assert await embedded(models, asker) == []
    assert vendors.asked() == (0, 0, 0)


async def test_without_a_model_nothing_is_embedded(kernel: Kernel, person: Person) -> None:
    await person.post("/memory/facts", 201, text="I love jazz")
    assert await embedded(kernel, person) == []
