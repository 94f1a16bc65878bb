"""Facts: whose they are, what takes the place of what, and what is gone for good."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from selfos.features.memory import service as memory
from selfos.features.memory.schemas import Source, SourceKind
from selfos.kernel.identifiers import new_id
from tests.factories import Person

MakePerson = Callable[..., Awaitable[Person]]
FACTS = "/memory/facts"


async def remember(person: Person, text: str, **more: Any) -> dict[str, Any]:
    return await person.post(FACTS, 201, text=text, **more)


async def texts(person: Person, **query: Any) -> list[str]:
    return [fact["text"] for fact in (await person.get(FACTS, **query))["items"]]


async def test_what_is_written_by_hand_is_shown_with_its_source(person: Person) -> None:
    fact = await remember(person, "I swim on Mondays", kind="preference", valid_from="2026-03-01")
    assert fact["origin"] == "user"
    assert fact["source"] == {"kind": "person", "id": None, "title": None}
    assert (fact["pending"], fact["trusted"]) == (False, True)
    assert fact["confirmed_at"] is not None
    assert await person.get(f"{FACTS}/{fact['id']}") == fact


async def test_saying_the_same_twice_is_a_conflict(person: Person) -> None:
    await remember(person, "I swim on Mondays")
    await person.post(FACTS, 409, text="i swim on mondays")


async def test_correcting_closes_the_old_words_and_keeps_them_as_past(person: Person) -> None:
    old = await remember(person, "I live in Bremen", valid_from="2020-01-01")
    path = f"{FACTS}/{old['id']}"
    new = await person.post(f"{path}/correct", 201, text="I live in Kiel", since="2026-05-01")
    assert new["valid_from"] == "2026-05-01"
    closed = await person.get(path)
    assert (closed["valid_to"], closed["superseded_by"]) == ("2026-05-01", new["id"])
    assert await texts(person) == ["I live in Kiel"]
    assert await texts(person, standing="past") == ["I live in Bremen"]
    await person.post(f"{path}/correct", 409, text="I live in Rome")


async def test_a_mistake_was_never_true(person: Person) -> None:
    old = await remember(person, "I have two sisters", valid_from="2020-01-01")
    path = f"{FACTS}/{old['id']}/correct"
    new = await person.post(path, 201, text="I have three sisters", mistaken=True)
    assert new["valid_from"] == "2020-01-01"
    found = await person.get("/memory/recall", q="sisters", on="2022-01-01")
    assert [hit["text"] for hit in found["items"]] == ["I have three sisters"]


async def test_forgetting_erases_the_fact_and_what_it_replaced(person: Person) -> None:
    old = await remember(person, "I weigh 80 kg", valid_from="2026-01-01")
    new = await person.post(f"{FACTS}/{old['id']}/correct", 201, text="I weigh 78 kg")
    await person.delete(f"{FACTS}/{new['id']}")
    assert await texts(person, standing="all") == []
    await person.get(f"{FACTS}/{old['id']}", 404)


async def test_everything_can_be_forgotten_at_once(person: Person) -> None:
    await remember(person, "I swim")
    await person.patch("/memory/profile", text="A swimmer")
    await person.delete(FACTS)
    assert await texts(person, standing="all") == []
    assert (await person.get("/memory/profile"))["text"] == ""


async def test_memory_leaves_no_word_in_the_workspaces_history(person: Person) -> None:
    before = (await person.get("/history"))["items"]
    fact = await remember(person, "I am afraid of heights")
    await person.delete(f"{FACTS}/{fact['id']}")
    assert (await person.get("/history"))["items"] == before


async def test_another_member_of_the_workspace_sees_nothing_of_it(make_person: MakePerson) -> None:
    owner, other = await make_person(), await make_person()
    team = (await owner.post("/workspaces", 201, name="Team"))["id"]
    here = {"SelfOS-Workspace": team}
    invited = await owner.client.post(
        "/invitations", json={"email": other.email, "role": "admin"}, headers=here
    )
    token = invited.json()["accept_url"].rpartition("token=")[2]
    await other.post("/invitations/accept", token=token)
    written = await owner.client.post(FACTS, json={"text": "I snore"}, headers=here)
    path = f"{FACTS}/{written.json()['id']}"
    for address in (path, f"{path}/uses"):
        assert (await other.client.get(address, headers=here)).status_code == 404
    assert (await other.client.delete(path, headers=here)).status_code == 404
    assert (await other.client.get(FACTS, headers=here)).json()["items"] == []
    asked = await other.client.get("/memory/recall", params={"q": "who snores"}, headers=here)
    assert asked.json()["items"] == []
    assert (await owner.client.get(path, headers=here)).status_code == 200


@pytest.mark.parametrize("kind", ["import", "calendar", "comment"])
async def test_what_others_wrote_waits_for_a_yes(person: Person, kind: str) -> None:
    await remember(person, "I live in Bremen")
    source = Source(SourceKind(kind), new_id(), trusted=False)
    async with person.context() as ctx:
        (fact,) = await memory.learn(ctx, "I live in Palermo.", source=source)
    assert fact.is_pending
    found = await person.get("/memory/recall", q="where do I live")
    assert [hit["text"] for hit in found["items"]] == ["I live in Bremen"]
    assert await texts(person, standing="pending") == ["I live in Palermo."]
    confirmed = await person.post(f"{FACTS}/{fact.id}/confirm")
    assert (confirmed["pending"], confirmed["confidence"]) == (False, 1.0)
    assert "I live in Palermo." in await texts(person)


async def test_what_others_wrote_ends_nothing(person: Person) -> None:
    async with person.context() as ctx:
        await memory.learn(ctx, "I work at Siemens.", source=Source(SourceKind.MESSAGE))
        foreign = Source(SourceKind.CALENDAR, trusted=False)
        await memory.learn(ctx, "I no longer work at Siemens.", source=foreign)
    assert await texts(person) == ["I work at Siemens."]


async def test_a_new_value_closes_the_one_before(person: Person) -> None:
    said = Source(SourceKind.MESSAGE, new_id())
    async with person.context() as ctx:
        await memory.learn(ctx, "I live in Hamburg. I love rain.", source=said)
        await memory.learn(ctx, "I moved to Lisbon.", source=said)
    assert await texts(person) == ["I moved to Lisbon.", "I love rain."]
    assert await texts(person, standing="past") == ["I live in Hamburg."]


async def test_what_somebody_gave_up_holds_no_longer(person: Person) -> None:
    said = Source(SourceKind.MESSAGE)
    async with person.context() as ctx:
        await memory.learn(ctx, "I like techno.", source=said)
        await memory.learn(ctx, "I don't like techno anymore.", source=said)
    assert await texts(person) == []


async def test_switched_off_nothing_is_learnt_or_recalled(person: Person) -> None:
    await remember(person, "I like tea")
    off = await person.patch("/memory/profile", enabled=False, text="Tea drinker")
    assert off["enabled"] is False
    async with person.context() as ctx:
        assert await memory.learn(ctx, "I like rain.", source=Source(SourceKind.MESSAGE)) == []
        assert await memory.core_profile(ctx) == ""
    asked = await person.get("/memory/recall", q="what tea do I like")
    assert (asked["enabled"], asked["items"]) == (False, [])
    assert await texts(person) == ["I like tea"]
    await person.patch("/memory/profile", enabled=True)
    async with person.context() as ctx:
        assert await memory.core_profile(ctx) == "Tea drinker"


async def test_lists_are_paged_and_filtered(person: Person) -> None:
    for number in range(5):
        await remember(person, f"I own book {number}")
    await remember(person, "I like books", kind="preference")
    page = await person.get(FACTS, limit=2)
    rest = await person.get(FACTS, limit=2, cursor=page["next_cursor"])
    assert len({fact["id"] for fact in page["items"] + rest["items"]}) == 4
    assert await texts(person, kind="preference") == ["I like books"]
    assert await texts(person, origin="rules") == []


async def test_two_writers_cannot_correct_unseen(person: Person) -> None:
    fact = await remember(person, "I own a boat")
    answer = await person.client.post(
        f"{FACTS}/{fact['id']}/correct",
        json={"text": "I own two boats"},
        headers={"If-Match": '"9"'},
    )
    assert answer.status_code == 412


async def test_the_coach_learns_from_what_is_said_to_it(person: Person) -> None:
    talk = await person.post("/conversations", 201)
    said = await person.client.post(
        f"/conversations/{talk['id']}/messages", json={"text": "I can't train on Wednesdays."}
    )
    assert said.is_success, said.text
    (fact,) = (await person.get(FACTS))["items"]
    assert (fact["text"], fact["source"]["kind"]) == ("I can't train on Wednesdays.", "message")
