"""What could come next: said from enough, with its numbers, and silent below."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from selfos.features.ai.service import playbook_ideas, playbook_of
from selfos.features.insights.behaviour import share_of
from selfos.features.insights.recommended import NEEDS, view_of
from selfos.features.insights.recommending import (
    WELCOME,
    WORDS_OF_AREAS,
    AreaState,
    GoalState,
    HabitState,
    better_times,
    goal_habits,
    neglected,
    next_goals,
    subject_of,
)
from selfos.kernel.identifiers import new_id
from tests.factories import Person, statements
from tests.features.insights.goals import TODAY

Travel = Callable[..., None]


def area(name: str, meant: float, deeds: int, goals: int = 0) -> AreaState:
    return AreaState(new_id(), name, meant, deeds, goals)


def goal(**state: Any) -> GoalState:
    usual: dict[str, Any] = {"weeks": 4, "weeks_moved": 0, "has_habit": False, "area_id": None}
    title = "Meditate every day"
    return GoalState(new_id(), title, playbook=playbook_of(title, TODAY), **{**usual, **state})


def test_an_area_is_neglected_only_if_it_surely_gets_less_than_it_weighs() -> None:
    people, work = area("People", 0.5, 2), area("Work", 0.5, 58)
    assert [found.name for found, _ in neglected([people, work])] == ["People"]
    assert neglected([area("People", 0.5, 7), area("Work", 0.5, 12)]) == []
    assert neglected([area("People", 0.5, 9), area("Work", 0.5, 12)]) == []
    assert neglected([area("People", 0.5, 2, goals=1), work]) == []
    assert neglected([area("People", 1.0, 40)]) == []


def test_the_next_goal_is_a_playbook_of_that_area_which_was_not_tried() -> None:
    people, work = area("Friends & family", 0.5, 2), area("Work", 0.5, 58)
    subjects = {each.id: subject_of(each.name) for each in (people, work)}
    ideas = playbook_ideas().values()
    (first,) = next_goals([people, work], subjects, ideas, ())
    assert first.idea.area == "people"
    (second,) = next_goals([people, work], subjects, ideas, {first.idea.key})
    assert second.idea.key != first.idea.key
    assert second.idea.hours_per_week >= first.idea.hours_per_week
    said = view_of(first)
    assert said.form == {"title": first.idea.title, "area": str(people.id)}
    assert "2 of 60 things done in four weeks (3 %, 95 % interval 1 % to 11 %)" in said.reasons[0]
    assert list(next_goals([people, work], {}, ideas, ())) == []


def test_areas_are_known_by_their_name_or_else_by_their_goals() -> None:
    assert subject_of("Health & fitness") == "health"
    assert subject_of("Xyz", ["play", "play", "mind"]) == "play"
    assert subject_of("Xyz") is None
    ideas = playbook_ideas()
    assert ideas.keys() > WELCOME
    assert {ideas[key].area for key in WELCOME} == set(WORDS_OF_AREAS)


def test_a_goal_that_hardly_moves_gets_the_rhythm_of_its_playbook() -> None:
    (found,) = goal_habits(
        [
            goal(),
            goal(weeks=1),
            goal(weeks_moved=2),
            goal(has_habit=True),
            GoalState(new_id(), "Xyzzy", None, 4, 0, has_habit=False, playbook=None),
        ]
    )
    said = view_of(found)
    assert said.form is not None
    assert said.form["goal"] == str(found.goal.id)
    assert "{" not in said.title
    assert "in 0 of its last 4 whole weeks" in said.reasons[0]


@pytest.mark.parametrize(
    ("reminders", "hours", "time"),
    [
        (["07:00"], [20] * 9 + [8, 12, 15], "20:00"),
        ([], [20] * 9 + [8, 12, 15], "20:00"),
        (["20:30"], [20] * 12, None),
        (["19:30"], [20] * 12, None),
        (["07:00"], [20] * 11, None),
        (["07:00"], list(range(6, 22)), None),
    ],
)
def test_a_better_time_is_one_that_stands_out_and_is_not_reminded_of(
    reminders: list[str], hours: list[int], time: str | None
) -> None:
    found = list(better_times([HabitState(new_id(), "Read", reminders, hours)]))
    assert [view_of(each).reminder_time for each in found] == ([time] if time else [])
    if found:
        share = share_of(9, 12)
        assert (
            f"9 were written between 18:00 and 21:00 ({share.share:.0%}".replace("%", " %")
            in (view_of(found[0]).reasons[0])
        )


async def test_many_goals_are_read_with_no_more_statements_and_each_title_once_a_day(
    person: Person,
) -> None:
    async def cost(path: str) -> int:
        await person.get(path)
        with statements() as sent:
            await person.get(path)
        return len(sent)

    pages = ("/recommendations", "/insights")

    async def add(number: int) -> None:
        goal = await person.post("/goals", 201, title=f"Bake {number}", target_date="2099-01-01")
        await person.patch(f"/goals/{goal['id']}", target_date="2099-02-01")

    await add(0)
    for_one = [await cost(path) for path in pages]
    for number in range(1, 5):
        await add(number)
    assert [await cost(path) for path in pages] == for_one
    read = playbook_of.cache_info().misses
    await person.get("/recommendations")
    assert playbook_of.cache_info().misses == read


async def test_it_is_silent_at_first_and_recommends_from_what_was_done(
    person: Person, travel: Travel
) -> None:
    assert await person.get("/recommendations") == {
        "items": [],
        "needs": {str(kind): words for kind, words in NEEDS.items()},
    }
    await person.post("/areas", 201, name="People", weight=5)
    work = await person.post("/areas", 201, name="Work", weight=5)
    calm = await person.post("/goals", 201, title="Meditate every day", area_id=work["id"])
    await person.post("/tasks", 201, title="Sit", goal_id=calm["id"])
    done = [
        await person.post("/tasks", 201, title=f"Job {n}", area_id=work["id"]) for n in range(20)
    ]
    for _ in range(3):
        travel(days=5)
        await person.get("/areas")
    for task in done:
        await person.post(f"/tasks/{task['id']}/complete")
    goal, habit = (await person.get("/recommendations"))["items"]
    assert (goal["kind"], goal["subject"], goal["form"]["title"] == goal["title"]) == (
        "next_goal",
        "People",
        True,
    )
    assert (habit["kind"], habit["subject"]) == ("goal_habit", "Meditate every day")
    said = {each["state"]: each for each in (await person.post("/nudges"))["items"]}
    assert said["next_goal"]["opens"] == {"form": "goal", "values": goal["form"]}
    assert said["next_goal"]["subject_id"] == goal["subject_id"]
    await person.post(f"/nudges/{said['next_goal']['id']}/propose", 409)
    await person.post(f"/nudges/{said['next_goal']['id']}/accept")
