"""Asking memory: what comes back, why, and when nothing does."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from selfos.features.memory import service as memory
from selfos.features.memory.models import Embedding
from selfos.features.memory.schemas import FactKind, Source, SourceKind
from selfos.features.memory.weighing import Aspect, Weighed, tokens, within
from selfos.kernel.core import Kernel
from selfos.kernel.documents import PageQuery
from selfos.kernel.identifiers import new_id
from tests.factories import Person

SAID = Source(SourceKind.MESSAGE)


async def tell(person: Person, *sentences: str) -> None:
    async with person.context() as ctx:
        for sentence in sentences:
            assert await memory.learn(ctx, sentence, source=SAID), sentence


async def test_each_hit_says_why(person: Person) -> None:
    await tell(person, "I'm allergic to peanuts.", "I love jazz.")
    found = await person.get("/memory/recall", q="Which allergies should the cook know of?")
    (hit,) = found["items"]
    assert hit["text"] == "I'm allergic to peanuts."
    assert hit["why"]["words"] == ["allergies"]
    assert hit["why"]["text_score"] == 1
    assert hit["why"]["kind_weight"] > 1


async def test_a_word_in_common_is_not_enough(person: Person) -> None:
    await tell(person, "My brother's name is Tom.", "I love jazz.")
    found = await person.get("/memory/recall", q="What is the name of my dentist's assistant?")
    assert found["items"] == []


async def test_the_answer_fits_the_budget(person: Person) -> None:
    await tell(person, *(f"I like tea number {number}." for number in range(20)))
    async with person.context() as ctx:
        found = await memory.recall(ctx, "tea", 60)
    assert sum(tokens(hit.text) for hit in found.items) <= 60
    assert len(found.items) == 5


async def test_a_question_about_the_past_is_answered_from_the_past(person: Person) -> None:
    await tell(person, "I live in Hamburg since 2019.", "I moved to Lisbon in March 2026.")
    now = await person.get("/memory/recall", q="Where do I live?")
    then = await person.get("/memory/recall", q="Where did I live in 2021?")
    assert [hit["text"] for hit in now["items"]] == ["I moved to Lisbon in March 2026."]
    assert [hit["text"] for hit in then["items"]] == ["I live in Hamburg since 2019."]
    assert then["on"] == "2021-01-01"


async def test_what_went_into_a_message_is_written_down(person: Person) -> None:
    await tell(person, "I'm allergic to peanuts.")
    message = new_id()
    async with person.context() as ctx:
        found = await memory.recall(ctx, "allergic", 100)
        await memory.note_use(ctx, found.items, purpose="coach", used_by=message)
    (fact,) = (await person.get("/memory/facts"))["items"]
    assert fact["uses_count"] == 1
    assert fact["last_used_at"] is not None
    (use,) = (await person.get(f"/memory/facts/{fact['id']}/uses"))["items"]
    assert (use["purpose"], use["used_by"]) == ("coach", str(message))
    assert use["words"] == ["allergic"]


async def test_uses_are_forgotten_after_ninety_days(
    kernel: Kernel, person: Person, travel: Callable[..., None]
) -> None:
    await tell(person, "I'm allergic to peanuts.")
    async with person.context() as ctx:
        found = await memory.recall(ctx, "allergic", 100)
        await memory.note_use(ctx, found.items, purpose="coach")

    async def uses_after(days: int) -> str:
        travel(days=days)
        await memory.forget_uses(kernel)
        async with person.context() as ctx:
            return str(await memory.list_uses(ctx, found.items[0].id, PageQuery()))

    assert '"coach"' in await uses_after(89)
    assert '"coach"' not in await uses_after(2)


async def test_meaning_is_fused_with_words(person: Person) -> None:
    await tell(person, "I love jazz.", "I love rain.")
    facts = {fact["text"]: fact for fact in (await person.get("/memory/facts"))["items"]}
    near = {"I love jazz.": [1.0, 0.0], "I love rain.": [0.0, 1.0]}
    async with person.context() as ctx:
        ctx.session.add_all(
            Embedding(
                owner_type="fact",
                owner_id=facts[text]["id"],
                model="tiny",
                dim=2,
                content_hash=b"",
                vec=vec,
            )
            for text, vec in near.items()
        )
    async with person.context() as ctx:
        vector = memory.QueryVector("tiny", (0.9, 0.1))
        found = await memory.recall(ctx, "Miles Davis concert", 100, vector=vector)
        assert [hit.text for hit in found.items] == ["I love jazz."]
        assert found.items[0].why.similarity == 0.9939
        silent = await memory.recall(ctx, "Miles Davis concert", 100)
        assert silent.items == []
    await person.delete(f"/memory/facts/{facts['I love jazz.']['id']}")
    async with person.context() as ctx:
        vector = memory.QueryVector("tiny", (0.9, 0.1))
        gone = await memory.recall(ctx, "Miles Davis concert", 100, vector=vector)
        assert gone.items == []


WHEN = datetime(2026, 11, 1, tzinfo=UTC)


@given(lengths=st.lists(st.integers(1, 1_000), max_size=12), budget=st.integers(1, 500))
def test_never_more_than_the_budget_and_never_less_than_fits(
    lengths: list[int], budget: int
) -> None:
    aspects = {
        new_id(): Aspect("x" * length, FactKind.FACT, 1.0, WHEN - timedelta(days=1))
        for length in lengths
    }
    weighed = [Weighed(fact_id, 1.0, 1.0, 1.0, 1.0, (), None) for fact_id in aspects]
    chosen = within(budget, weighed, aspects)
    spent = sum(tokens(aspects[each.fact_id].text) for each in chosen)
    assert spent <= budget
    left_out = [each for each in weighed if each not in chosen]
    assert all(tokens(aspects[each.fact_id].text) > budget - spent for each in left_out)
