"""Whatever people do, undoing it all step by step leads back through every state they saw."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.factories import Person

MakePerson = Callable[..., Awaitable[Person]]
STAMPS = {"version", "updated_at"}
LISTS = ("/areas", "/projects", "/goals", "/tasks", "/labels", "/trash")
Picture = dict[str, list[dict[str, Any]]]
# A deed and two numbers that choose what it is done to.
Deeds = list[tuple[str, int, int]]


class Life:
    """Somebody's life, made up as it goes; a deed that makes no sense now is refused by rule."""

    def __init__(self, person: Person) -> None:
        self.person = person

    async def picture(self) -> Picture:
        """Return all there is to see, without the stamps."""
        seen: Picture = {}
        for path in LISTS:
            query = {} if path in {"/labels", "/trash"} else {"limit": 200}
            seen[path] = (await self.person.client.get(path, params=query)).json()["items"]
        return {
            path: [{k: v for k, v in row.items() if k not in STAMPS} for row in rows]
            for path, rows in seen.items()
        }

    async def do(self, deed: str, first: int, second: int) -> None:
        """Do something, if there is anything to do it to."""
        kind, _, action = deed.partition(".")
        if action == "add":
            answer = await self._add(kind, first)
        else:
            rows: list[dict[str, Any]] = await self._rows(kind)
            if not rows:
                return
            path = f"/{kind}/{rows[first % len(rows)]['id']}"
            answer = await self._change(path, kind, action, rows[second % len(rows)]["id"], second)
        assert answer.status_code < 500, answer.text

    async def _rows(self, kind: str) -> list[dict[str, Any]]:
        query = {} if kind == "labels" else {"include": "deleted"}
        return (await self.person.client.get(f"/{kind}", params=query)).json()["items"]

    async def _add(self, kind: str, number: int) -> httpx2.Response:
        named = "name" if kind in {"areas", "projects", "labels"} else "title"
        body: dict[str, Any] = {named: f"{kind} {number}"}
        for place, lists in (("area_id", "areas"), ("goal_id", "goals"), ("parent_id", "tasks")):
            fits = kind == "tasks" or (kind in {"goals", "projects"} and place == "area_id")
            rows = await self._rows(lists) if fits and number % 3 else []
            if rows and (kind != "tasks" or number % 3 == len(lists) % 3):
                body[place] = rows[number % len(rows)]["id"]
        if kind == "tasks" and number % 2:
            body["labels"] = [f"label {number % 4}"]
        return await self.person.client.post(f"/{kind}", json=body)

    async def _change(
        self, path: str, kind: str, action: str, other: str, number: int
    ) -> httpx2.Response:
        client = self.person.client
        match action:
            case "edit":
                named = "name" if kind in {"areas", "projects", "labels"} else "title"
                return await client.patch(path, json={named: f"edited {number}"})
            case "delete":
                return await client.delete(path)
            case "block":
                return await client.post(f"{path}/dependencies", json={"blocker_id": other})
            case "under":
                return await client.post(f"{path}/move", json={"parent_id": other})
            case "after":
                return await client.post(f"{path}/move", json={"after_id": other})
            case _:
                return await client.post(f"{path}/{action}")


ACTIONS = {
    "areas": ("add", "edit", "delete", "restore", "archive", "unarchive"),
    "projects": ("add", "edit", "delete", "complete", "archive"),
    "goals": ("add", "edit", "delete", "restore", "complete", "reopen"),
    "tasks": (
        *("add", "add", "edit", "delete", "restore", "archive", "complete", "reopen", "cancel"),
        *("block", "under", "after"),
    ),
    "labels": ("add", "edit"),
}
deeds = st.lists(
    st.tuples(
        st.sampled_from([f"{kind}.{action}" for kind, many in ACTIONS.items() for action in many]),
        st.integers(0, 11),
        st.integers(0, 11),
    ),
    min_size=4,
    max_size=12,
)


@given(script=deeds)
@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_undo_leads_back_through_every_state(make_person: MakePerson, script: Deeds) -> None:
    person = await make_person()
    life = Life(person)
    # Enough to act on from the start; it is undone like the rest.
    opening = [("areas.add", 1, 0), ("goals.add", 1, 0), ("tasks.add", 1, 0), ("tasks.add", 3, 0)]
    pictures: list[Picture] = [await life.picture()]
    for deed in (*opening, *script):
        await life.do(*deed)
        seen = await life.picture()
        pictures += [seen] if seen != pictures[-1] else []
    for before in reversed(pictures[:-1]):
        await person.post("/undo")
        assert await life.picture() == before
    await person.post("/undo", 404)
    for after in pictures[1:]:
        await person.post("/redo")
        assert await life.picture() == after
    await person.post("/redo", 404)
