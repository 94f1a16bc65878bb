"""Subtasks, places and dependencies: each test is named by its rule."""

import asyncio
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from selfos.features.planning import service
from selfos.features.planning.models import TaskDependency
from selfos.features.planning.schemas.inputs import DependencyCreate, TaskCreate
from selfos.kernel.errors import Conflict, Invalid
from selfos.kernel.ledger.models import Change
from tests.factories import Person


async def add(person: Person, title: str = "A task", **fields: Any) -> dict[str, Any]:
    return await person.post("/tasks", 201, title=title, **fields)


async def see(person: Person, task: dict[str, Any]) -> dict[str, Any]:
    return await person.get(f"/tasks/{task['id']}")


async def chain(person: Person, length: int) -> list[dict[str, Any]]:
    tasks = [await add(person, "0")]
    for number in range(1, length):
        tasks.append(await add(person, str(number), parent_id=tasks[-1]["id"]))
    return tasks


async def test_completing_a_parent_settles_its_open_subtasks_in_one_changeset(
    person: Person,
) -> None:
    top, middle, leaf = await chain(person, 3)
    given_up = await add(person, "Given up", parent_id=top["id"])
    await person.post(f"/tasks/{given_up['id']}/cancel")
    response = await person.client.post(f"/tasks/{top['id']}/complete")
    assert {(await see(person, task))["state"] for task in (top, middle, leaf)} == {"done"}
    assert (await see(person, given_up))["state"] == "cancelled"
    changeset_id = UUID(response.headers["SelfOS-Changeset"])
    async with person.context() as ctx:
        changes = select(func.count()).where(Change.changeset_id == changeset_id)
        assert await ctx.session.scalar(changes) == 3


async def test_a_parent_progresses_by_the_weight_of_its_leaves(person: Person) -> None:
    top = await add(person, "Top")
    heavy = await add(person, "Heavy", parent_id=top["id"], weight=3)
    inner = await add(person, "Inner", parent_id=top["id"], weight=100)
    await add(person, "Light", parent_id=inner["id"])
    gone = await add(person, "Gone", parent_id=inner["id"], weight=50)
    await person.post(f"/tasks/{gone['id']}/cancel")
    await person.post(f"/tasks/{heavy['id']}/complete")
    seen = await see(person, top)
    assert (seen["progress"], seen["subtasks_open"], seen["subtasks_done"]) == (0.75, 1, 1)
    assert (await see(person, inner))["progress"] == 0


async def test_reopening_a_subtask_reopens_what_is_above(person: Person) -> None:
    top, middle, leaf = await chain(person, 3)
    await person.post(f"/tasks/{top['id']}/complete")
    await person.post(f"/tasks/{leaf['id']}/reopen")
    assert [(await see(person, task))["state"] for task in (top, middle, leaf)] == ["todo"] * 3


async def test_subtasks_go_at_most_six_levels_deep(person: Person) -> None:
    tasks = await chain(person, 6)
    await person.post("/tasks", 422, title="Seventh", parent_id=tasks[-1]["id"])
    other = await chain(person, 2)
    await person.post(f"/tasks/{other[0]['id']}/move", 422, parent_id=tasks[4]["id"])
    await person.post(f"/tasks/{other[0]['id']}/move", parent_id=tasks[3]["id"])


async def test_a_task_cannot_lie_under_itself(person: Person) -> None:
    top, middle, leaf = await chain(person, 3)
    for parent in (top, middle, leaf):
        await person.post(f"/tasks/{top['id']}/move", 422, parent_id=parent["id"])


async def test_a_settled_parent_takes_no_new_subtasks(person: Person) -> None:
    task = await add(person)
    await person.post(f"/tasks/{task['id']}/complete")
    await person.post("/tasks", 409, title="Late", parent_id=task["id"])


async def test_moving_a_parent_moves_the_tree_with_its_containers(person: Person) -> None:
    area = await person.post("/areas", 201, name="Health")
    project = await person.post("/projects", 201, name="Race", area_id=area["id"])
    goal = await person.post("/goals", 201, title="Run 10 km", project_id=project["id"])
    top, middle, leaf = await chain(person, 3)
    await person.post(f"/tasks/{top['id']}/move", goal_id=goal["id"])
    for task in (top, middle, leaf):
        seen = await see(person, task)
        placed = (seen["goal_id"], seen["project_id"], seen["area_id"])
        assert placed == (goal["id"], project["id"], area["id"])
    moved = await person.post(f"/tasks/{middle['id']}/move", parent_id=None)
    assert (moved["parent_id"], moved["goal_id"]) == (None, goal["id"])


async def test_a_subtask_moved_elsewhere_leaves_its_parent(person: Person) -> None:
    project = await person.post("/projects", 201, name="Race")
    top, middle, leaf = await chain(person, 3)
    moved = await person.post(f"/tasks/{middle['id']}/move", project_id=project["id"])
    assert (moved["parent_id"], moved["project_id"]) == (None, project["id"])
    assert (await see(person, leaf))["project_id"] == project["id"]
    assert (await see(person, top))["project_id"] is None


async def test_contradicting_containers_are_refused(person: Person) -> None:
    areas = [await person.post("/areas", 201, name=name) for name in ("Health", "Money")]
    one = await person.post("/projects", 201, name="One", area_id=areas[0]["id"])
    two = await person.post("/projects", 201, name="Two", phases=["First"])
    goal = await person.post("/goals", 201, title="Goal", project_id=one["id"])
    phase = two["phases"][0]["id"]
    place = {"goal_id": goal["id"], "project_id": two["id"]}
    await person.post("/tasks", 422, title="No", **place)
    await person.post("/tasks", 422, title="No", project_id=one["id"], phase_id=phase)
    await person.post("/tasks", 422, title="No", project_id=one["id"], area_id=areas[1]["id"])
    parent = await add(person, goal_id=goal["id"])
    await person.post("/tasks", 422, title="No", parent_id=parent["id"], project_id=two["id"])


async def test_what_does_not_fit_the_new_place_is_given_up(person: Person) -> None:
    areas = [await person.post("/areas", 201, name=name) for name in ("Health", "Money")]
    one = await person.post("/projects", 201, name="One", area_id=areas[0]["id"], phases=["A"])
    two = await person.post("/projects", 201, name="Two", area_id=areas[1]["id"], phases=["B"])
    goal = await person.post("/goals", 201, title="Goal", project_id=one["id"])
    task = await add(person, goal_id=goal["id"], phase_id=one["phases"][0]["id"])
    moved = await person.post(f"/tasks/{task['id']}/move", project_id=two["id"])
    assert (moved["goal_id"], moved["phase_id"], moved["area_id"]) == (None, None, areas[1]["id"])
    moved = await person.post(f"/tasks/{task['id']}/move", phase_id=one["phases"][0]["id"])
    assert (moved["project_id"], moved["area_id"]) == (one["id"], areas[0]["id"])
    moved = await person.post(f"/tasks/{task['id']}/move", area_id=areas[1]["id"])
    assert (moved["project_id"], moved["phase_id"], moved["area_id"]) == (
        None,
        None,
        areas[1]["id"],
    )


async def block(person: Person, blocked: Any, blocker: Any, expect: int = 201, **more: Any) -> Any:
    path = f"/tasks/{blocked['id']}/dependencies"
    return await person.post(path, expect, blocker_id=blocker["id"], **{"kind": "blocks", **more})


async def test_a_blocked_task_says_by_what_until_it_is_settled(person: Person) -> None:
    first, second = await add(person, "First"), await add(person, "Second")
    await block(person, second, first)
    seen = await see(person, second)
    assert (seen["blocked"], seen["blocked_by"]) == (True, [first["id"]])
    await person.post(f"/tasks/{first['id']}/complete")
    seen = await see(person, second)
    assert (seen["blocked"], seen["blocked_by"]) == (False, [])


async def test_a_list_shows_each_task_its_own_labels_blockers_and_subtasks(
    person: Person,
) -> None:
    first = await add(person, "First", labels=["home"])
    second = await add(person, "Second", labels=["work"])
    await add(person, "Child", parent_id=first["id"])
    await block(person, second, first)
    rows = (await person.get("/tasks"))["items"]
    seen = [
        (
            row["title"],
            [label["name"] for label in row["labels"]],
            row["blocked"],
            row["blocked_by"],
            row["subtasks_open"],
        )
        for row in rows
    ]
    assert seen == [
        ("First", ["home"], False, [], 1),
        ("Second", ["work"], True, [first["id"]], 0),
        ("Child", [], False, [], 0),
    ]
    assert rows == [await see(person, row) for row in rows]


async def test_blocking_tasks_never_form_a_circle(person: Person) -> None:
    first, second, third = [await add(person, name) for name in ("First", "Second", "Third")]
    await block(person, second, first)
    await block(person, third, second)
    await block(person, first, third, 409)
    await block(person, first, second, 409)
    await block(person, first, first, 422)
    await block(person, first, third, kind="relates")
    await block(person, third, first, 409, kind="relates")
    await block(person, second, first, 409)


async def test_untying_frees_the_task(person: Person) -> None:
    first, second = await add(person, "First"), await add(person, "Second")
    tie = await block(person, second, first)
    assert (tie["blocker_title"], tie["blocked_title"]) == ("First", "Second")
    ties = await person.get(f"/tasks/{first['id']}/dependencies")
    assert [each["id"] for each in ties["items"]] == [tie["id"]]
    await person.delete(f"/tasks/{second['id']}/dependencies/{tie['id']}")
    await person.delete(f"/tasks/{second['id']}/dependencies/{tie['id']}", 404)
    assert (await see(person, second))["blocked"] is False


async def test_settling_the_last_blocker_tells_who_is_free(person: Person) -> None:
    one, two, waiting = [await add(person, name) for name in ("One", "Two", "Waiting")]
    await block(person, waiting, one)
    await block(person, waiting, two)
    async with person.context() as ctx:
        await service.complete_task(ctx, one["id"])
        assert [event.type for _, event in ctx.draft.events] == ["task.completed"]
    async with person.context() as ctx:
        await service.cancel_task(ctx, two["id"])
        types = [event.type for _, event in ctx.draft.events]
        assert types == ["task.cancelled", "task.unblocked"]


async def test_two_ties_made_at_once_cannot_close_a_circle(person: Person) -> None:
    tasks = [await add(person, str(number)) for number in range(2)]

    async def tie(blocked: int, blocker: int) -> bool:
        new = DependencyCreate.model_validate({"blocker_id": tasks[blocker]["id"]})
        try:
            async with person.context() as ctx:
                await service.create_dependency(ctx, tasks[blocked]["id"], new)
        except Conflict:
            return False
        return True

    assert sorted(await asyncio.gather(tie(0, 1), tie(1, 0))) == [False, True]


EDGES = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=15)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(edges=EDGES)
async def test_whatever_is_tied_the_order_stays_free_of_circles(
    person: Person, edges: list[tuple[int, int]]
) -> None:
    kept: set[tuple[int, int]] = set()
    async with person.context() as ctx:
        tasks = [await service.create_task(ctx, TaskCreate(title=str(n))) for n in range(6)]
        for blocked, blocker in edges:
            new = DependencyCreate(blocker_id=tasks[blocker].id)
            try:
                await service.create_dependency(ctx, tasks[blocked].id, new)
            except (Conflict, Invalid):
                assert (
                    blocked == blocker
                    or reaches(kept, blocked, blocker)
                    or ((blocked, blocker) in kept)
                )
                continue
            assert not reaches(kept, blocked, blocker)
            kept.add((blocked, blocker))
        ids = [task.id for task in tasks]
        stored = await ctx.session.scalars(
            select(TaskDependency.id).where(TaskDependency.blocked_id.in_(ids))
        )
        assert len(stored.all()) == len(kept)


def reaches(edges: set[tuple[int, int]], blocked: int, blocker: int) -> bool:
    """Tell whether `blocker` already waits, over however many tasks, for `blocked`."""
    seen, frontier = {blocker}, [blocker]
    while frontier:
        waiting = frontier.pop()
        for waits, waited_for in edges:
            if waits == waiting and waited_for not in seen:
                seen.add(waited_for)
                frontier.append(waited_for)
    return blocked in seen
