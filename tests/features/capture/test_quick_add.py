"""Quick-add over HTTP: reading lines, adding what they say, and what it costs."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.recording import Statement, recorded
from selfos.features.capture import service
from selfos.features.capture.schemas import ParsedView, QuickText
from tests.conftest import MakePerson
from tests.factories import Person


def tomorrow() -> str:
    return (datetime.now(UTC) + timedelta(days=1)).date().isoformat()


async def parse(person: Person, text: str, **more: Any) -> Any:
    return await person.post("/quick-add/parse", text=text, **more)


async def test_a_line_is_read_and_nothing_is_added(person: Person) -> None:
    project = await person.post("/projects", 201, name="Health")
    parsed = await parse(person, "Stretch tomorrow 7am #health")
    ParsedView.model_validate_json(json.dumps(parsed))
    assert parsed["title"] == "Stretch"
    assert parsed["fields"]["due"] == {"kind": "floating", "date": tomorrow(), "time": "07:00"}
    assert parsed["fields"]["project"] == {"id": project["id"], "name": "Health"}
    assert [span["text"] for span in parsed["spans"]] == ["tomorrow 7am", "#health"]
    assert (await person.get("/tasks"))["items"] == []


async def test_enter_adds_what_the_line_says(person: Person) -> None:
    area = await person.post("/areas", 201, name="Health")
    parent = await person.post("/tasks", 201, title="Get fit", area_id=area["id"])
    added = await person.post(
        "/quick-add",
        201,
        text='Stretch tomorrow 7am p1 @Body for 45m {31 dec 2030} > get fit // "slowly"',
    )
    task = added["task"]
    assert (added["kind"], task["title"], task["priority"]) == ("task", "Stretch", 1)
    assert task["due"] == {"kind": "floating", "date": tomorrow(), "time": "07:00"}
    assert (task["deadline"], task["duration_minutes"]) == ("2030-12-31", 45)
    assert (task["parent_id"], task["notes"]) == (parent["id"], '"slowly"')
    assert [label["name"] for label in task["labels"]] == ["Body"]


async def test_a_repeating_task_repeats(person: Person) -> None:
    text = "Water the plants every! 3 days at 7am"
    task = (await person.post("/quick-add", 201, text=text))["task"]
    repeat = task["repeat"]
    assert (repeat["rule"], repeat["mode"]) == ("FREQ=DAILY;INTERVAL=3", "completion")
    assert (repeat["phrase"], task["due"]["time"]) == ("every! 3 days", "07:00")
    parsed = await parse(person, "Pay the rent every 31st for 3 months p1")
    added = await person.post("/quick-add", 201, text="Pay the rent every 31st for 3 months p1")
    series = added["task"]["series_id"]
    found = (await person.get(f"/series/{series}/preview", n=5))["items"]
    assert [each["date"] for each in parsed["preview"]] == [each["slot"][:10] for each in found]


async def test_the_page_decides_where_the_text_says_nothing(person: Person) -> None:
    area = await person.post("/areas", 201, name="Health")
    project = await person.post("/projects", 201, name="Garden")
    day = {"kind": "date", "date": "2030-01-01"}
    defaults = {"area_id": area["id"], "due": day}
    here = await person.post("/quick-add", 201, text="Rake", defaults=defaults)
    there = await person.post("/quick-add", 201, text="Rake #Garden today", defaults=defaults)
    assert (here["task"]["area_id"], here["task"]["due"]) == (area["id"], day)
    assert (there["task"]["project_id"], there["task"]["area_id"]) == (project["id"], None)
    assert there["task"]["due"]["date"] != "2030-01-01"


async def test_a_goal_is_added_with_its_target_and_day(person: Person) -> None:
    text = "goal: Save money *5000 eur by 31 dec 2030 // for a boat"
    goal = (await person.post("/quick-add", 201, text=text))["goal"]
    assert (goal["title"], goal["description"]) == ("Save money", "for a boat")
    assert (goal["target_value"], goal["target_unit"]) == (5000, "eur")
    assert goal["target_date"] == "2030-12-31"


async def test_a_habit_is_added_with_what_it_asks_for(person: Person) -> None:
    goal = await person.post("/goals", 201, title="Run 5k")
    run = (await person.post("/quick-add", 201, text="Run *3/week ^run 5k"))["habit"]
    assert (run["type"], run["period"], run["goal_id"]) == ("yes_no", "week", goal["id"])
    assert run["schedule"] == {"kind": "quota", "times": 3}
    drink = (await person.post("/quick-add", 201, text="Drink *8 glasses/day"))["habit"]
    assert (drink["type"], drink["target"], drink["unit"]) == ("at_least", 8, "glasses")
    text = "habit: Meditate every mon and thu at 7am -15m // sit"
    meditate = (await person.post("/quick-add", 201, text=text))["habit"]
    assert meditate["schedule"]["rule"] == "FREQ=WEEKLY;BYDAY=MO,TH"
    assert (meditate["reminder_times"], meditate["description"]) == (["06:45"], "sit")


async def test_what_a_habit_cannot_be_is_said_of_the_text(person: Person) -> None:
    problem = await person.post("/quick-add", 422, text="Run *9/week")
    assert problem["errors"][0]["pointer"] == "/text"
    assert (await person.get("/habits"))["items"] == []


async def test_a_note_hangs_on_the_nearest_thing_it_names(person: Person) -> None:
    goal = await person.post("/goals", 201, title="Read more")
    await person.post("/areas", 201, name="Mind")
    text = "note: What to read next ^read more ~mind\nAsk Bob tomorrow"
    note = (await person.post("/quick-add", 201, text=text))["note"]
    assert (note["title"], note["body"]) == ("What to read next", "Ask Bob tomorrow")
    assert (note["goal_id"], note["area_id"]) == (goal["id"], None)


async def test_an_unknown_project_is_offered_and_never_made(person: Person) -> None:
    added = await person.post("/quick-add", 201, text="Rake leaves #Garden")
    (warning,) = added["warnings"]
    assert (warning["code"], warning["offer"]) == (
        "unknown_project",
        {"kind": "project", "name": "Garden"},
    )
    assert added["task"]["title"] == "Rake leaves #Garden"
    assert (await person.get("/projects"))["items"] == []


async def test_namesakes_are_told_apart_by_a_choice(person: Person) -> None:
    goals = [await person.post("/goals", 201, title="Read") for _ in range(2)]
    parsed = await parse(person, "Buy a book ^read")
    (warning,) = parsed["warnings"]
    assert {each["id"] for each in warning["choices"]} == {goal["id"] for goal in goals}
    added = await person.post("/quick-add", 201, text="Buy a book ^read", picks=[goals[1]["id"]])
    assert added["task"]["goal_id"] == goals[1]["id"]
    assert added["warnings"] == []


async def test_a_piece_that_is_ignored_stays_in_the_title(person: Person) -> None:
    text = "Watch 🎬 The Day After Tomorrow today"
    start = text.index("today")
    added = await person.post(
        "/quick-add", 201, text=text, ignored=[{"start": start, "end": start + 5}]
    )
    assert (added["task"]["title"], added["task"]["due"]) == (text, None)


async def test_a_line_without_a_title_changes_nothing(person: Person) -> None:
    problem = await person.post("/quick-add", 422, text="tomorrow p1")
    assert problem["errors"][0]["pointer"] == "/text"
    long = await person.post("/quick-add", 422, text="x" * 600)
    assert "title" in long["detail"]
    assert (await person.get("/tasks"))["items"] == []


async def test_reminders_of_a_task_are_reminders_and_no_notes(person: Person) -> None:
    added = await person.post("/quick-add", 201, text="Call Mum tomorrow 5pm -30m rem 9am")
    assert added["task"]["notes"] == ""
    found = (await person.get("/reminders", subject_id=added["task"]["id"]))["items"]
    assert sorted((each["time"] or "", each["minutes_before"] or 0) for each in found) == [
        ("", 30),
        ("09:00", 0),
    ]


async def test_names_of_other_workspaces_are_not_found(
    person: Person, make_person: MakePerson
) -> None:
    stranger = await make_person()
    await stranger.post("/projects", 201, name="Secret")
    await stranger.post("/tasks", 201, title="Secret")
    parsed = await parse(person, "Buy paint #secret > secret")
    assert [each["code"] for each in parsed["warnings"]] == ["unknown_project", "unknown_parent"]


async def test_another_language_and_other_signs(make_person: MakePerson) -> None:
    person = await make_person(locale="de", time_zone="Europe/Berlin")
    parsed = await parse(person, "Dehnen jeden Montag um 7 Uhr *Sport", prefixes="vikunja")
    assert parsed["title"] == "Dehnen"
    assert parsed["fields"]["repeat"]["rule"] == "FREQ=WEEKLY;BYDAY=MO"
    assert parsed["fields"]["labels"] == ["Sport"]
    assert len(parsed["preview"]) == 5
    await person.patch("/preferences", quick_add_signs="vikunja")
    preferred = await parse(person, "Dehnen %3/Woche")
    assert preferred["kind"] == "habit"
    as_asked = await parse(person, "Dehnen *3/Woche", prefixes="todoist")
    assert as_asked["kind"] == "habit"


async def test_one_may_give_a_task_to_oneself_as_me(person: Person) -> None:
    read = await parse(person, "Stretch +me")
    assert (read["title"], read["fields"]["assignee"]["id"]) == ("Stretch", str(person.user_id))


async def test_reading_a_line_asks_only_what_it_needs(person: Person) -> None:
    async def asked(text: str) -> int:
        async with person.context() as ctx:
            sent: list[Statement] = []
            with recorded(sent):
                await service.show(ctx, QuickText(text=text))
            return len(sent)

    assert await asked("Stretch tomorrow 7am") == 2
    assert await asked("Stretch tomorrow 7am #health") == 3
    assert await asked("Stretch #health +ada > get fit") == 5
