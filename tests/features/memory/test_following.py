"""Facts from deeds: goals set and reached, habits kept; each follows what it came from."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from selfos.features.memory import service as memory
from selfos.features.planning import service as planning
from selfos.features.planning.schemas.inputs import GoalCreate
from selfos.kernel.context import Actor, open_context
from selfos.kernel.core import Kernel
from selfos.kernel.ledger.models import ActorKind, Door
from tests.factories import Person

Drain = Callable[[], Awaitable[None]]


@pytest.fixture
async def goal(person: Person, drain: Drain) -> dict[str, Any]:
    made = await person.post("/goals", 201, title="Sail to Hiddensee", target_date="2027-08-01")
    await drain()
    return made


async def facts(person: Person, **query: Any) -> list[dict[str, Any]]:
    return (await person.get("/memory/facts", **query))["items"]


async def test_a_goal_becomes_a_commitment_with_its_source(
    person: Person, goal: dict[str, Any]
) -> None:
    (fact,) = await facts(person)
    assert fact["text"] == "Has the goal “Sail to Hiddensee” by 2027-08-01"
    assert (fact["kind"], fact["origin"], fact["pending"]) == ("commitment", "rules", False)
    assert fact["source"] == {"kind": "goal", "id": goal["id"], "title": "Sail to Hiddensee"}


async def test_two_events_of_one_goal_at_the_same_moment_make_one_fact(person: Person) -> None:
    made = await person.post("/goals", 201, title="Sail to Hiddensee")

    async def follow() -> None:
        async with person.context() as ctx:
            await memory.follow_goal(ctx, UUID(made["id"]))

    async with person.context() as ctx:
        await memory.follow_goal(ctx, UUID(made["id"]))
        behind = asyncio.create_task(follow())
        # It waits for this transaction, or would be done before it ends.
        await asyncio.wait([behind], timeout=0.5)
    await behind
    assert len(await facts(person)) == 1


async def test_a_renamed_goal_is_remembered_by_its_new_name(
    person: Person, goal: dict[str, Any], drain: Drain
) -> None:
    await person.patch(f"/goals/{goal['id']}", title="Sail to Bornholm")
    await drain()
    (fact,) = await facts(person)
    assert "Bornholm" in fact["text"]


async def test_a_reached_goal_is_an_event_and_no_commitment_any_more(
    person: Person, goal: dict[str, Any], drain: Drain
) -> None:
    await person.post(f"/goals/{goal['id']}/complete")
    await drain()
    (fact,) = await facts(person)
    assert (fact["kind"], fact["text"]) == ("event", "Reached the goal “Sail to Hiddensee”")
    await person.post(f"/goals/{goal['id']}/reopen")
    await drain()
    (fact,) = await facts(person)
    assert fact["kind"] == "commitment"


async def test_an_undone_goal_is_forgotten(
    person: Person, goal: dict[str, Any], drain: Drain
) -> None:
    await person.post("/undo")
    await drain()
    assert await facts(person, standing="all") == []


async def test_a_goal_from_an_import_waits_for_a_yes(
    kernel: Kernel, person: Person, drain: Drain
) -> None:
    actor = Actor(ActorKind.USER, person.user_id)
    async with open_context(
        kernel, workspace_id=person.workspace_id, actor=actor, door=Door.IMPORT
    ) as ctx:
        await planning.create_goal(ctx, GoalCreate(title="Wire money to Mallory"))
    await drain()
    assert await facts(person) == []
    (fact,) = await facts(person, standing="pending")
    assert fact["trusted"] is False


async def test_what_its_person_corrected_is_left_alone(
    person: Person, goal: dict[str, Any], drain: Drain
) -> None:
    (fact,) = await facts(person)
    await person.post(f"/memory/facts/{fact['id']}/correct", 201, text="I want to sail far")
    await person.patch(f"/goals/{goal['id']}", title="Sail to Bornholm")
    await drain()
    assert [each["text"] for each in await facts(person)] == ["I want to sail far"]


async def test_a_streak_of_seven_is_remembered_and_forgotten_with_it(
    person: Person, drain: Drain
) -> None:
    first = date.today() - timedelta(days=6)  # noqa: DTZ011 - only days matter, and UTC is theirs
    habit = await person.post("/habits", 201, title="Stretch", start_day=first.isoformat())
    checked = [
        await person.post(
            f"/habits/{habit['id']}/check-ins", 201, day=(first + timedelta(days=n)).isoformat()
        )
        for n in range(7)
    ]
    await drain()
    (fact,) = await facts(person)
    assert fact["text"] == "Kept the habit “Stretch” 7 days in a row"
    assert fact["source"]["title"] == "Stretch"
    await person.delete(f"/habits/{habit['id']}/check-ins/{checked[3]['id']}")
    await drain()
    assert await facts(person, standing="all") == []
