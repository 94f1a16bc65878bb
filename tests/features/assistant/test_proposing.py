"""What is asked for is proposed, never done; questions are answered with the rows they rest on."""

from datetime import date, timedelta
from typing import Any

import pytest

from selfos.features.assistant.schemas.words import Intent
from selfos.features.assistant.understanding import understand
from tests.factories import Person
from tests.features.assistant.talking import begin, part, say, words

READ: list[tuple[str, Intent, dict[str, str]]] = [
    ("add task buy milk tomorrow", Intent.CREATE_TASK, {"text": "buy milk tomorrow"}),
    ("Please add a task to call Ada", Intent.CREATE_TASK, {"text": "call Ada"}),
    ("remind me to call mum on friday", Intent.CREATE_TASK, {"text": "call mum on friday"}),
    ("I need to file my taxes", Intent.CREATE_TASK, {"text": "file my taxes"}),
    ("todo: water the plants", Intent.CREATE_TASK, {"text": "water the plants"}),
    ("put soap on my shopping list", Intent.CREATE_TASK, {"text": "soap"}),
    ("set a reminder to call Ada", Intent.CREATE_TASK, {"text": "call Ada"}),
    ("set a goal of walking to Rome", Intent.CREATE_GOAL, {"text": "walking to Rome"}),
    ("help me learn Greek", Intent.CREATE_GOAL, {"text": "learn Greek"}),
    ("routine stretch each evening", Intent.CREATE_HABIT, {"text": "stretch each evening"}),
    ("create a goal to run 10 km", Intent.CREATE_GOAL, {"text": "run 10 km"}),
    ("I want to learn Spanish", Intent.CREATE_GOAL, {"text": "learn Spanish"}),
    ("my goal is to sleep better", Intent.CREATE_GOAL, {"text": "sleep better"}),
    ("new project: Kitchen", Intent.CREATE_PROJECT, {"text": "Kitchen"}),
    ("start a project called Garden", Intent.CREATE_PROJECT, {"text": "Garden"}),
    ("add a life area Music", Intent.CREATE_AREA, {"text": "Music"}),
    ("habit: read 20 pages", Intent.CREATE_HABIT, {"text": "read 20 pages"}),
    ("meditate every morning", Intent.CREATE_HABIT, {"text": "meditate every morning"}),
    ("move the report to friday", Intent.UPDATE, {"name": "the report", "when": "friday"}),
    ("postpone dentist until next week", Intent.UPDATE, {"name": "dentist", "when": "next week"}),
    ("rename gym to run", Intent.UPDATE, {"name": "gym", "title": "run"}),
    ("make taxes p1", Intent.UPDATE, {"name": "taxes", "priority": "1"}),
    ("set the priority of taxes to 2", Intent.UPDATE, {"name": "taxes", "priority": "2"}),
    ("mark laundry as done", Intent.COMPLETE, {"name": "laundry"}),
    ("I finished the laundry", Intent.COMPLETE, {"name": "the laundry"}),
    ("done with laundry", Intent.COMPLETE, {"name": "laundry"}),
    ("check in meditation", Intent.COMPLETE, {"name": "meditation"}),
    ("what is overdue?", Intent.QUERY, {"entity": "task", "filter": "is:overdue"}),
    ("show me tasks about taxes", Intent.QUERY, {"entity": "task", "filter": "taxes"}),
    ("which goals are behind?", Intent.QUERY, {"entity": "goal", "filter": "pace:behind"}),
    ("p1 due:<=today", Intent.QUERY, {"entity": "task", "filter": "p1 due:<=today"}),
    (
        "how many tasks did I finish this week?",
        Intent.QUERY,
        {"entity": "task", "filter": "is:done done:sow..", "count": "yes"},
    ),
    ("list my habits", Intent.QUERY, {"entity": "habit", "filter": ""}),
    ("how am I doing?", Intent.REFLECT, {}),
    ("I'm so overwhelmed right now", Intent.REFLECT, {}),
    ("what should I focus on today?", Intent.REFLECT, {}),
    ("Hello!", Intent.SMALL_TALK, {}),
    ("thank you", Intent.SMALL_TALK, {}),
    ("what's the weather like?", Intent.OUT_OF_SCOPE, {}),
    ("write me some python code", Intent.OUT_OF_SCOPE, {}),
]
UNSURE = ["buy milk", "flurb the gnarp", "warum nicht", "is it going to be alright?", "42"]


@pytest.mark.parametrize(("text", "intent", "entities"), READ, ids=[each[0] for each in READ])
def test_grammar_reads_what_is_meant_and_is_sure_of_it(
    text: str, intent: Intent, entities: dict[str, str]
) -> None:
    reading = understand(text)
    assert (reading.intent, dict(reading.entities), reading.sure) == (intent, entities, True)


@pytest.mark.parametrize("text", UNSURE)
def test_what_grammar_does_not_know_it_does_not_pretend_to(text: str) -> None:
    assert not understand(text).sure


async def test_an_intent_is_classified_without_keeping_a_word(person: Person) -> None:
    found = await person.post("/intents/classify", text="move taxes to monday")
    assert found == {
        "intent": "update",
        "confidence": 0.92,
        "entities": {"name": "taxes", "when": "monday"},
        "engine": "rules",
    }
    assert (await person.get("/conversations"))["items"] == []


async def proposal_of(person: Person, exchange: Any) -> Any:
    return await person.get(f"/proposals/{part(exchange, 'proposal')['proposal_id']}")


@pytest.mark.parametrize(
    ("text", "entity", "fields"),
    [
        ("remind me to call mum !1 @phone", "task", {"title": "Call mum", "priority": 1}),
        ("create a goal to read 12 books", "goal", {"title": "Read 12 books"}),
        ("new project: Kitchen", "project", {"name": "Kitchen"}),
        ("new area Music", "area", {"name": "Music"}),
        ("habit: meditate every day", "habit", {"title": "Meditate"}),
    ],
)
async def test_what_is_to_be_made_is_proposed_and_made_by_a_yes(
    person: Person, text: str, entity: str, fields: dict[str, Any]
) -> None:
    said = await say(person, text)
    proposal = await proposal_of(person, said)
    assert (proposal["status"], proposal["engine"]) == ("open", "rules")
    (line,) = proposal["lines"]
    assert (line["op"], line["entity"]) == ("create", entity)
    assert fields.items() <= line["fields"].items()
    path = f"/{entity}s/{line['entity_id']}"
    await person.get(path, 404)
    await person.post(f"/proposals/{proposal['id']}/apply")
    assert (await person.get(path))["id"] == line["entity_id"]


async def test_a_repeating_task_is_proposed_with_its_rule(person: Person) -> None:
    said = await say(person, "add task water the plants every friday")
    proposal = await proposal_of(person, said)
    assert proposal["lines"][0]["fields"]["repeat"]["rule"] == "FREQ=WEEKLY;BYDAY=FR"


async def test_a_change_is_proposed_and_nothing_moves_before_the_yes(person: Person) -> None:
    task = await person.post("/tasks", 201, title="Write the report")
    for text, field, value in (
        ("rename the report to Send it", "title", "Send it"),
        ("make report p2", "priority", 2),
        ("move report to 2027-05-04", "due", {"kind": "date", "date": "2027-05-04"}),
    ):
        proposal = await proposal_of(person, await say(person, text))
        (line,) = proposal["lines"]
        assert (line["op"], line["entity_id"], line["fields"]) == (
            "update",
            task["id"],
            {field: value},
        )
    assert (await person.get(f"/tasks/{task['id']}"))["title"] == "Write the report"


async def test_done_is_said_of_tasks_habits_and_goals(person: Person) -> None:
    await person.post("/tasks", 201, title="Fold the laundry")
    await person.post("/habits", 201, title="Meditate")
    await person.post("/goals", 201, title="Marathon")
    for text, op in (
        ("I finished the laundry", "complete"),
        ("check in meditate", "check_in"),
        ("done with marathon", "complete"),
    ):
        proposal = await proposal_of(person, await say(person, text))
        assert proposal["lines"][0]["op"] == op
        await person.post(f"/proposals/{proposal['id']}/apply")
    assert (await person.get("/tasks"))["items"] == []


async def test_of_several_that_fit_none_is_guessed(person: Person) -> None:
    for title in ("Call the bank", "Call the plumber"):
        await person.post("/tasks", 201, title=title)
    said = await say(person, "mark call as done")
    assert {row["title"] for row in part(said, "rows")["rows"]} == {
        "Call the bank",
        "Call the plumber",
    }
    assert (await person.get("/proposals"))["items"] == []


async def test_what_does_not_exist_is_not_made_up(person: Person) -> None:
    said = await say(person, "mark the moon landing as done")
    assert "nothing open that is called" in words(said)
    said = await say(person, "which tasks are due this week")
    assert words(said) == "No tasks fit that."


async def test_a_question_is_answered_with_the_rows_it_rests_on(person: Person) -> None:
    task = await person.post(
        "/tasks", 201, title="Pay rent", due={"kind": "date", "date": "2020-01-01"}
    )
    said = await say(person, "what is overdue?")
    found = part(said, "rows")
    assert found["filter"] == "is:overdue"
    assert [(row["id"], row["detail"]) for row in found["rows"]] == [(task["id"], "due 2020-01-01")]
    assert words(said) == "1 task:"


async def test_a_guest_may_not_speak_with_the_assistant(person: Person) -> None:
    conversation = await begin(person)
    made = await person.post("/auth/tokens", 201, name="Reader", read_only=True)
    headers = {"Authorization": f"Bearer {made['token']}", "Cookie": ""}
    told = await person.client.post(
        f"/conversations/{conversation}/messages", json={"text": "hi"}, headers=headers
    )
    assert told.status_code == 403


async def test_nudges_stay_for_the_day_and_offer_a_proposal(person: Person) -> None:
    goal = await person.post("/goals", 201, title="Run a marathon")
    first = await person.post("/nudges")
    assert first["engine"] == "rules"
    (nudge,) = first["items"]
    assert (nudge["state"], nudge["subject_id"]) == ("no_next_step", goal["id"])
    assert "“Run a marathon” has no open task" in nudge["reason"]
    assert (await person.post("/nudges"))["items"] == first["items"]
    proposal = await person.post(f"/nudges/{nudge['id']}/propose", 201)
    assert (proposal["goal_id"], proposal["status"]) == (goal["id"], "open")
    await person.post(f"/nudges/{nudge['id']}/propose", 409)
    await person.post(f"/nudges/{nudge['id']}/dismiss", 409)


async def test_a_goal_that_runs_ahead_by_its_numbers_lacks_no_next_step(person: Person) -> None:
    today = date.fromisoformat((await person.get("/today"))["date"])
    fields = {
        "start_value": 0, "target_value": 10, "target_unit": "km", "counting": "sum",
        "target_date": str(today + timedelta(days=60)),
    }  # fmt: skip
    goal = await person.post("/goals", 201, title="Walk", **fields)
    await person.post(f"/goals/{goal['id']}/data-points", 201, value=5)
    assert [each["state"] for each in (await person.post("/nudges"))["items"]] == ["ahead"]


async def test_a_dismissed_nudge_is_not_said_again(person: Person, travel: Any) -> None:
    await person.post("/goals", 201, title="Run a marathon")
    (nudge,) = (await person.post("/nudges"))["items"]
    await person.post(f"/nudges/{nudge['id']}/dismiss")
    assert (await person.post("/nudges"))["items"] == []
    travel(days=2)
    assert (await person.post("/nudges"))["items"] == []
    travel(days=6)
    assert [each["state"] for each in (await person.post("/nudges"))["items"]] == ["no_next_step"]


async def test_how_am_i_doing_is_answered_by_numbers_in_the_persons_tone(person: Person) -> None:
    await person.patch("/preferences", tone="minimal")
    await person.post("/goals", 201, title="Run a marathon")
    said = await say(person, "How am I doing?")
    nudge = part(said, "nudge")
    assert nudge["headline"] == "Plan"
    assert nudge["question"].endswith("?")
    assert said["answer"]["engine"] == "rules"


async def test_every_offer_can_be_proposed(person: Person) -> None:
    old = {"kind": "date", "date": "2020-01-01"}
    for number in range(6):
        await person.post("/tasks", 201, title=f"Old {number}", due=old)
    nudges = (await person.post("/nudges"))["items"]
    heap = next(each for each in nudges if each["state"] == "heap_overdue")
    proposal = await person.post(f"/nudges/{heap['id']}/propose", 201)
    assert len(proposal["lines"]) == 6
    await person.post(f"/proposals/{proposal['id']}/apply")
    assert len((await person.get("/today"))["overdue"]) == 0
