"""Opinions on what was made: one's own, replaced rather than heaped up, and heard from deeds."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from selfos.kernel.identifiers import new_id
from tests.factories import Person

Drain = Callable[[], Awaitable[None]]


def opinion(**more: Any) -> dict[str, Any]:
    return {"generation_id": str(new_id()), "kind": "thumb", "value": 1, **more}


async def lines(person: Person) -> dict[str, float]:
    found = await person.get("/feedback", kind="line", limit=200)
    return {each["line_id"]: each["value"] for each in found["items"]}


async def test_a_new_thumb_replaces_the_one_before(person: Person) -> None:
    first = opinion()
    await person.post("/feedback", 201, **first)
    await person.post("/feedback", 201, **{**first, "value": -1})
    (kept,) = (await person.get("/feedback"))["items"]
    assert (kept["value"], kept["consented"]) == (-1, False)


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": None},
        {"value": 2},
        {"kind": "rating"},
        {"kind": "rating", "rating": 6},
        {"kind": "edit", "original": "a"},
        {"kind": "edit", "original": "a", "edited": "a"},
        {"kind": "pick"},
        {"kind": "pick", "original": "a"},
        {"kind": "pick", "original": "a", "edited": "a"},
        {"kind": "line"},
    ],
)
async def test_an_opinion_must_say_something(person: Person, wrong: dict[str, Any]) -> None:
    await person.post("/feedback", 422, **opinion(**wrong))


async def test_many_are_given_at_once_or_none(person: Person) -> None:
    good = opinion(kind="rating", value=None, rating=5)
    await person.post("/feedback/bulk", 422, items=[good, opinion(kind="pick")])
    assert (await person.get("/feedback"))["items"] == []
    edit = opinion(kind="edit", value=None, original="Run", edited="Walk")
    added = await person.post("/feedback/bulk", 201, items=[good, edit])
    assert len(added["ids"]) == 2
    stats = await person.get("/feedback/stats")
    assert (stats["count"], stats["value"]) == (2, 0.25)
    assert stats["by_kind"]["rating"] == {"count": 1, "value": 1.0}


async def test_consent_is_off_until_given_and_holds_for_all(person: Person) -> None:
    made = await person.post("/feedback", 201, **opinion())
    assert (await person.get("/feedback/consent"))["consent"] is False
    await person.patch("/feedback/consent", consent=True)
    assert (await person.get("/feedback"))["items"][0]["consented"] is True
    await person.patch("/feedback/consent", consent=False)
    assert (await person.get("/feedback"))["items"][0]["consented"] is False
    await person.delete(f"/feedback/{made['id']}")
    assert (await person.get("/feedback"))["items"] == []


async def test_each_line_of_an_applied_plan_is_an_opinion_and_undo_takes_it_back(
    person: Person, drain: Drain
) -> None:
    plan = (await person.post("/goals/decompose", 201, goal={"title": "Run 10 km"}))["proposal"]
    path = f"/proposals/{plan['id']}"
    no = next(
        line
        for line in plan["lines"]
        if not any(line["id"] in other["depends_on"] for other in plan["lines"])
    )
    yes = next(line for line in plan["lines"] if line is not no)
    renamed = {"id": yes["id"], "fields": {"title": "Tie the shoes"}}
    await person.patch(path, lines=[{"id": no["id"], "accepted": False}, renamed])
    applied = await person.post(f"{path}/apply")
    await drain()
    said = await lines(person)
    assert said == {line["id"]: -1.0 if line is no else 1.0 for line in plan["lines"]}
    (edit,) = (await person.get("/feedback", kind="edit"))["items"]
    assert (edit["line_id"], edit["edited"]) == (yes["id"], "Tie the shoes")
    assert edit["original"] == yes["title"]
    await person.post(f"/history/{applied['changeset_id']}/undo")
    await drain()
    assert (await person.get("/feedback"))["items"] == []


async def test_a_refused_plan_is_a_no_and_a_replaced_one_is_not(
    person: Person, drain: Drain
) -> None:
    made = await person.post("/goals/decompose", 201, goal={"title": "Run 10 km"})
    again = f"/goals/{made['goal']['id']}/decompose"
    await person.post(again, 201, fresh=True)
    beside = await person.get("/proposals", status="open")
    assert len(beside["items"]) == 2
    newer = await person.post(again, 201)
    left = await person.get("/proposals", status="open")
    assert [each["id"] for each in left["items"]] == [newer["id"]]
    await drain()
    assert await lines(person) == {}
    await person.post(f"/proposals/{newer['id']}/discard")
    await drain()
    assert set((await lines(person)).values()) == {-1.0}


async def test_opinions_on_several_generations_are_read_at_once(person: Person) -> None:
    said = [opinion() for _ in range(3)]
    await person.post("/feedback/bulk", 201, items=said)
    wanted = {each["generation_id"] for each in said[:2]}
    found = (await person.get("/feedback", generation_id=list(wanted)))["items"]
    assert {each["generation_id"] for each in found} == wanted


async def test_the_stars_of_a_story_are_an_opinion_until_it_says_something_else(
    person: Person, drain: Drain
) -> None:
    for title in ("Answer the letter", "Paint the door", "Mend the bike"):
        task = await person.post("/tasks", 201, title=title)
        await person.post(f"/tasks/{task['id']}/complete")
    story = (await person.post("/stories/generate", 201))["id"]
    await drain()
    await person.patch(f"/stories/{story}", rating=4)
    await drain()
    (kept,) = (await person.get("/feedback", generation_id=story))["items"]
    assert (kept["kind"], kept["rating"], kept["task"]) == ("rating", 4, "story")
    await person.patch(f"/stories/{story}", rating=None)
    await drain()
    assert (await person.get("/feedback"))["items"] == []

    await person.post("/feedback", 201, **opinion(generation_id=story, task="story"))
    before = (await person.get(f"/stories/{story}"))["text"]
    told = await person.post(f"/stories/{story}/regenerate")
    await drain()
    assert told["text"] != before
    assert (await person.get("/feedback"))["items"] == []
    texts = {"kind": "pick", "value": None, "original": told["text"], "edited": before}
    await person.post("/feedback", 201, **opinion(generation_id=story, task="story", **texts))
    await person.post(f"/stories/{story}/regenerate")
    await drain()
    (picked,) = (await person.get("/feedback"))["items"]
    assert (picked["kind"], picked["value"], picked["edited"]) == ("pick", 1.0, before)
