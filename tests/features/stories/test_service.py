"""Stories through HTTP and real jobs: told unasked, kept true, told on request."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from selfos.features.stories.jobs import finish_weeks, purge_deleted
from selfos.kernel.core import Kernel
from tests.conftest import MakePerson
from tests.factories import Person

Drain = Callable[[], Awaitable[None]]
Travel = Callable[..., None]


async def done(person: Person, title: str, **fields: Any) -> Any:
    task = await person.post("/tasks", 201, title=title, **fields)
    return await person.post(f"/tasks/{task['id']}/complete")


async def stories(person: Person, **query: Any) -> list[Any]:
    return (await person.get("/stories", **query))["items"]


async def only_story(person: Person) -> Any:
    (story,) = await stories(person)
    return story


def titles(story: Any) -> set[str]:
    return {source["title"] for source in story["sources"]}


async def test_a_completed_task_is_told_in_the_weeks_draft(person: Person, drain: Drain) -> None:
    await done(person, "Buy running shoes")
    assert await stories(person) == []
    await drain()
    story = await only_story(person)
    assert story["status"] == "draft"
    assert story["kind"] == "summary"
    assert story["engine"] == "rules"
    assert "“Buy running shoes”" in story["text"]
    assert story["text"] == " ".join(said["text"] for said in story["sentences"])
    cited = {event_id for said in story["sentences"] for event_id in said["event_ids"]}
    assert cited == {source["event_id"] for source in story["sources"]}
    assert titles(story) == {"Buy running shoes"}
    assert story["trigger"]["type"] == "task.completed"
    assert story["trigger"]["event_id"] in cited
    assert (await person.get(f"/stories/{story['id']}")) == story


async def test_a_burst_of_completions_is_told_once(person: Person, drain: Drain) -> None:
    for number in range(12):
        await done(person, f"Task {number}")
    await drain()
    story = await only_story(person)
    assert "twelve tasks" in story["text"].lower()
    assert len(story["sources"]) == 12
    tellings = await person.get("/history", entity="story")
    assert len(tellings["items"]) == 1


async def test_a_bulk_completion_is_told_once(person: Person, drain: Drain) -> None:
    tasks = [await person.post("/tasks", 201, title=f"Task {number}") for number in range(5)]
    ids = [task["id"] for task in tasks]
    await person.post("/tasks/bulk", task_ids=ids, action={"kind": "complete"})
    await drain()
    assert len((await only_story(person))["sources"]) == 5
    await person.post("/tasks/bulk", task_ids=ids[:3], action={"kind": "reopen"})
    await drain()
    assert titles(await only_story(person)) == {"Task 3", "Task 4"}
    assert len((await person.get("/history", entity="story"))["items"]) == 2


async def test_what_was_reopened_is_told_no_more(person: Person, drain: Drain) -> None:
    first, second = await done(person, "Swim"), await done(person, "Read")
    await drain()
    assert titles(await only_story(person)) == {"Swim", "Read"}
    await person.post(f"/tasks/{first['id']}/reopen")
    await drain()
    story = await only_story(person)
    assert titles(story) == {"Read"}
    assert "Swim" not in story["text"]
    await person.post(f"/tasks/{second['id']}/reopen")
    await drain()
    assert await stories(person) == []


async def test_completing_again_is_told_as_the_new_completion(person: Person, drain: Drain) -> None:
    task = await done(person, "Swim")
    await done(person, "Read")
    await person.post(f"/tasks/{task['id']}/reopen")
    await person.post(f"/tasks/{task['id']}/complete")
    await drain()
    assert len((await only_story(person))["sources"]) == 2


async def test_a_series_that_ends_by_itself_is_told_and_one_that_is_stopped_is_not(
    person: Person, drain: Drain
) -> None:
    today = (await person.get("/today"))["date"]
    due = {"kind": "date", "date": today}
    physio, water = [
        await person.post("/tasks", 201, title=title, due=due, repeat={"rule": rule})
        for title, rule in (("Physio", "FREQ=DAILY;COUNT=1"), ("Water", "FREQ=DAILY"))
    ]
    await person.post(f"/tasks/{physio['id']}/complete")
    await person.post(f"/series/{water['series_id']}/stop")
    await drain()
    story = await only_story(person)
    assert story["text"].count("“Physio”") == 2
    assert " end" in story["text"]
    told = [source["type"] for source in story["sources"]]
    assert sorted(told) == ["series.finished", "task.completed"]
    await person.post(f"/tasks/{physio['id']}/reopen")
    await drain()
    assert await stories(person) == []


async def test_undo_takes_a_story_back_and_redo_brings_it_back(
    person: Person, drain: Drain
) -> None:
    task = await person.post("/tasks", 201, title="Swim")
    response = await person.client.post(f"/tasks/{task['id']}/complete")
    changeset_id = response.headers["SelfOS-Changeset"]
    await drain()
    story = await only_story(person)
    assert titles(story) == {"Swim"}
    await person.post(f"/history/{changeset_id}/undo")
    await drain()
    assert await stories(person) == []
    await person.post(f"/history/{changeset_id}/redo")
    await drain()
    again = await only_story(person)
    assert (again["id"], titles(again)) == (story["id"], {"Swim"})


async def test_undoing_a_reopening_makes_the_completion_a_fact_again(
    person: Person, drain: Drain
) -> None:
    task = await done(person, "Swim")
    response = await person.client.post(f"/tasks/{task['id']}/reopen")
    await drain()
    assert await stories(person) == []
    await person.post(f"/history/{response.headers['SelfOS-Changeset']}/undo")
    await drain()
    assert titles(await only_story(person)) == {"Swim"}


async def test_a_deleted_task_is_no_fact_until_it_is_restored(person: Person, drain: Drain) -> None:
    task = await done(person, "Swim")
    await person.delete(f"/tasks/{task['id']}")
    await drain()
    assert await stories(person) == []
    await person.post(f"/tasks/{task['id']}/restore")
    await drain()
    assert titles(await only_story(person)) == {"Swim"}


async def test_a_deleted_goal_takes_its_tasks_out_of_the_story(
    person: Person, drain: Drain
) -> None:
    goal = await person.post("/goals", 201, title="Run a marathon")
    await done(person, "Buy shoes", goal_id=goal["id"])
    await done(person, "Read")
    await drain()
    await person.delete(f"/goals/{goal['id']}")
    await drain()
    assert titles(await only_story(person)) == {"Read"}


async def test_a_deleted_area_takes_what_lies_in_it_out_of_the_story_until_restored(
    person: Person, drain: Drain
) -> None:
    area = await person.post("/areas", 201, name="Sport")
    await done(person, "Swim", area_id=area["id"])
    await done(person, "Read")
    await drain()
    await person.delete(f"/areas/{area['id']}")
    await drain()
    assert titles(await only_story(person)) == {"Read"}
    await person.post(f"/areas/{area['id']}/restore")
    await drain()
    assert titles(await only_story(person)) == {"Read", "Swim"}


async def test_things_keep_the_names_they_had(person: Person, drain: Drain) -> None:
    goal = await person.post("/goals", 201, title="Run a marathon")
    task = await done(person, "Buy shoes", goal_id=goal["id"])
    await person.patch(f"/tasks/{task['id']}", title="Bought slippers")
    await person.patch(f"/goals/{goal['id']}", title="Sit on the sofa")
    await drain()
    text = (await only_story(person))["text"]
    assert "“Buy shoes”" in text
    assert "“Run a marathon”" in text
    assert "slippers" not in text


async def test_a_week_is_ready_when_it_is_over_where_the_person_lives(
    make_person: MakePerson, kernel: Kernel, drain: Drain, travel: Travel
) -> None:
    person = await make_person(time_zone="Pacific/Auckland")
    await done(person, "Swim")
    await drain()
    await finish_weeks(kernel)
    await drain()
    assert (await only_story(person))["status"] == "draft"
    travel(days=7)
    await done(person, "Read")
    await finish_weeks(kernel)
    await drain()
    this_week, last_week = await stories(person)
    assert this_week["status"] == "draft"
    assert titles(this_week) == {"Read"}
    assert last_week["status"] == "ready"
    assert titles(last_week) == {"Swim"}
    assert last_week["period_end"] < this_week["period_start"]


async def test_a_ready_week_is_corrected_when_a_fact_of_it_falls(
    person: Person, drain: Drain, travel: Travel
) -> None:
    task = await done(person, "Swim")
    await done(person, "Read")
    await drain()
    travel(days=8)
    await person.post(f"/tasks/{task['id']}/reopen")
    await drain()
    story = await only_story(person)
    assert story["status"] == "ready"
    assert titles(story) == {"Read"}


async def test_a_reached_goal_gets_a_story_of_its_own(
    person: Person, drain: Drain, travel: Travel
) -> None:
    goal = await person.post("/goals", 201, title="Run a marathon")
    for title in ("Buy shoes", "Run 10 km", "Run 30 km"):
        travel(days=9)
        await done(person, title, goal_id=goal["id"])
    await done(person, "Water the plants")
    await person.post(f"/goals/{goal['id']}/complete")
    await drain()
    (story,) = await stories(person, kind="achievement")
    assert story["goal_id"] == goal["id"]
    assert story["status"] == "ready"
    assert "“Run a marathon”" in story["text"]
    assert "Water the plants" not in story["text"]
    assert {"Buy shoes", "Run a marathon"} <= titles(story)
    assert story["trigger"]["type"] == "goal.completed"
    await person.post(f"/goals/{goal['id']}/reopen")
    await drain()
    assert await stories(person, kind="achievement") == []


async def test_telling_on_request_needs_something_done(person: Person) -> None:
    await person.post("/tasks", 201, title="Swim")
    problem = await person.post("/stories/generate", 422)
    assert problem["detail"].startswith("Nothing was completed")


async def test_a_period_is_told_on_request(person: Person, travel: Travel) -> None:
    await done(person, "Swim")
    travel(days=3)
    task = await done(person, "Read")
    start = task["completed_at"][:10]
    story = await person.post("/stories/generate", 201, period_start=start, kind="reflection")
    assert story["status"] == "ready"
    assert story["trigger"] is None
    assert titles(story) == {"Read"}
    wrong = {"period_start": "2026-03-02", "period_end": "2026-03-01"}
    await person.post("/stories/generate", 422, **wrong)
    await person.post("/stories/generate", 422, period_start="2020-01-01", period_end="2026-01-01")


async def test_a_goal_is_told_on_request_but_not_another_persons(
    person: Person, make_person: MakePerson
) -> None:
    goal = await person.post("/goals", 201, title="Run a marathon")
    await done(person, "Buy shoes", goal_id=goal["id"])
    await done(person, "Read")
    story = await person.post("/stories/generate", 201, goal_id=goal["id"])
    assert story["kind"] == "achievement"
    assert "Read" not in titles(story)
    stranger = await make_person()
    await done(stranger, "Swim")
    await stranger.post("/stories/generate", 422, goal_id=goal["id"])
    await stranger.get(f"/stories/{story['id']}", 404)
    await stranger.post(f"/stories/{story['id']}/regenerate", 404)


async def test_telling_again_uses_other_words_and_counts(person: Person) -> None:
    for title in ("Swim", "Read", "Write"):
        await done(person, title)
    story = await person.post("/stories/generate", 201)
    await person.patch(f"/stories/{story['id']}", rating=4)
    again = await person.post(f"/stories/{story['id']}/regenerate")
    assert again["regeneration_count"] == 1
    assert again["text"] != story["text"]
    assert again["rating"] is None
    assert titles(again) == titles(story)


async def test_a_story_keeps_the_readers_title(person: Person, drain: Drain) -> None:
    await done(person, "Swim")
    await drain()
    story = await only_story(person)
    await person.patch(f"/stories/{story['id']}", title="A wet week", rating=5)
    await done(person, "Read")
    await drain()
    told = await only_story(person)
    assert told["title"] == "A wet week"
    assert told["text"] != story["text"]
    assert told["rating"] is None


@pytest.mark.parametrize("body", [{"rating": 0}, {"rating": 6}, {"title": None}, {"text": "I won"}])
async def test_a_story_cannot_be_given_other_words(person: Person, body: dict[str, Any]) -> None:
    await done(person, "Swim")
    story = await person.post("/stories/generate", 201)
    await person.patch(f"/stories/{story['id']}", 422, **body)


async def test_a_deleted_story_stays_away(
    person: Person, kernel: Kernel, drain: Drain, travel: Travel
) -> None:
    await done(person, "Swim")
    await drain()
    story = await only_story(person)
    await person.delete(f"/stories/{story['id']}")
    await done(person, "Read")
    await drain()
    assert await stories(person) == []
    await person.post(f"/stories/{story['id']}/regenerate", 409)
    await person.patch(f"/stories/{story['id']}", 409, rating=5)
    assert (await person.get(f"/stories/{story['id']}"))["deleted_at"] is not None
    travel(days=31)
    await purge_deleted(kernel)
    await person.post("/auth/login", email=person.email, password=person.password)
    await person.get(f"/stories/{story['id']}", 404)


async def test_deleting_a_story_can_be_undone(person: Person, drain: Drain) -> None:
    await done(person, "Swim")
    await drain()
    story = await only_story(person)
    await person.delete(f"/stories/{story['id']}")
    await person.post("/undo")
    assert (await only_story(person))["text"] == story["text"]


async def test_a_teams_stories_are_told_of_each_and_seen_by_all(
    person: Person, make_person: MakePerson, drain: Drain
) -> None:
    mate = await make_person(name="Grace Hopper")
    team = await person.post("/workspaces", 201, name="Crew")
    await person.post(f"/workspaces/{team['id']}/switch")
    invited = await person.post("/invitations", 201, email=mate.email, role="member")
    token = invited["accept_url"].partition("token=")[2]
    await mate.post("/invitations/accept", token=token)
    await mate.post(f"/workspaces/{team['id']}/switch")
    await mate.patch("/preferences", tone="professional")
    await done(person, "Swim")
    await done(mate, "Read")
    await drain()
    assert titles(await only_story(person)) == {"Swim"}
    theirs = await only_story(mate)
    assert titles(theirs) == {"Read"}
    assert "Grace Hopper" in theirs["text"]
    everybody = await stories(person, whose="all")
    assert {story["user_id"] for story in everybody} == {str(person.user_id), str(mate.user_id)}
    again = await person.post(f"/stories/{theirs['id']}/regenerate")
    assert "Grace Hopper" in again["text"]
