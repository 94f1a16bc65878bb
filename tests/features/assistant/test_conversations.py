"""Conversations: a tree that only grows, seen by one person alone."""

from collections.abc import Awaitable, Callable

import pytest

from selfos.kernel.identifiers import new_id
from tests.factories import Person
from tests.features.assistant.talking import begin, part, say, stream, words
from tests.security.world import token_of

MakePerson = Callable[..., Awaitable[Person]]


async def test_every_answer_says_that_rules_gave_it(person: Person) -> None:
    said = await say(person, "hello")
    answer = said["answer"]
    assert (answer["engine"], answer["model"], answer["reason"]) == ("rules", None, "no_model")
    assert "No model is behind me" in words(said)
    assert part(said, "choices")["choices"]
    assert said["message"]["intent"] == "small_talk"


async def test_a_conversation_is_called_by_its_first_words(person: Person) -> None:
    conversation = await begin(person)
    await say(person, "What is\n  overdue?", conversation)
    await say(person, "And tomorrow?", conversation)
    shown = await person.get(f"/conversations/{conversation}")
    assert (shown["title"], shown["messages"]) == ("What is overdue?", 4)
    renamed = await person.patch(f"/conversations/{conversation}", title="Plans")
    assert renamed["title"] == "Plans"


async def test_the_last_spoken_in_comes_first(person: Person) -> None:
    first, second = await begin(person, title="First"), await begin(person, title="Second")
    await say(person, "hi", first)
    listed = await person.get("/conversations")
    assert [each["id"] for each in listed["items"]] == [first, second]


async def test_messages_make_a_tree_and_the_head_names_the_branch(person: Person) -> None:
    conversation = await begin(person)
    one = await say(person, "hello", conversation)
    two = await say(person, "thanks", conversation)
    assert two["message"]["parent_id"] == one["answer"]["id"]
    fork = await say(person, "bye", conversation, parent_id=one["answer"]["id"])
    root = await say(person, "hey", conversation, parent_id=None)
    assert fork["message"]["parent_id"] == one["answer"]["id"]
    assert root["message"]["parent_id"] is None
    path = f"/conversations/{conversation}"
    assert (await person.get(path))["head_id"] == root["answer"]["id"]
    back = await person.patch(path, head_id=two["answer"]["id"])
    assert back["head_id"] == two["answer"]["id"]
    await person.patch(path, 422, head_id=str(new_id()))
    log = await person.get(f"{path}/messages", limit=3)
    assert next(each["id"] for each in log["items"]) == root["answer"]["id"]
    rest = await person.get(f"{path}/messages", cursor=log["next_cursor"])
    assert len(log["items"]) + len(rest["items"]) == 8


async def test_another_answer_is_a_sibling_of_the_first(person: Person) -> None:
    said = await say(person, "how am I doing?")
    conversation, first = said["answer"]["conversation_id"], said["answer"]
    path = f"/conversations/{conversation}/messages/{first['id']}/regenerate"
    again = (await person.post(path, 201))["answer"]
    assert again["id"] != first["id"]
    assert again["parent_id"] == first["parent_id"]
    head = (await person.get(f"/conversations/{conversation}"))["head_id"]
    assert head == again["id"]


async def test_the_answer_comes_as_events_too(person: Person) -> None:
    conversation = await begin(person)
    path = f"/conversations/{conversation}/messages"
    for text in ("hello", "remind me to call mum tomorrow"):
        events = await stream(person, path, text=text)
        assert list(dict.fromkeys(each["type"] for each in events)) == ["start", "delta", "done"]
        assert events[0]["model"] == "rules"
        done = events[-1]
        assert done["engine"] == "rules"
        written = "".join(each["text"] for each in events if each["type"] == "delta")
        assert done["message"]["parts"][0]["text"] == written
        assert done["message_id"] == done["message"]["id"]
    log = await person.get(path)
    assert log["items"][0]["id"] == done["message_id"]


async def test_what_is_wrong_is_said_before_a_stream_begins(person: Person) -> None:
    path = f"/conversations/{new_id()}/messages"
    headers = {"Accept": "text/event-stream"}
    response = await person.client.post(path, json={"text": "hi"}, headers=headers)
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


async def test_an_erased_message_keeps_its_place_and_no_word(person: Person) -> None:
    said = await say(person, "remind me to see the doctor")
    conversation, message = said["message"]["conversation_id"], said["message"]["id"]
    path = f"/conversations/{conversation}/messages"
    erased = await person.delete(f"{path}/{message}", 200)
    assert (erased["parts"], erased["entities"], erased["context_refs"]) == ([], {}, [])
    assert erased["redacted_at"]
    await person.delete(f"{path}/{message}", 409)
    assert "doctor" not in str((await person.get(path))["items"][-1])
    await person.post(f"{path}/{said['answer']['id']}/regenerate", 409)


async def test_a_deleted_conversation_is_gone_with_all_that_was_said(person: Person) -> None:
    said = await say(person, "hello")
    path = f"/conversations/{said['message']['conversation_id']}"
    await person.delete(path)
    await person.get(path, 404)
    await person.get(f"{path}/messages", 404)
    assert (await person.get("/conversations"))["items"] == []


async def test_nobody_of_the_same_workspace_sees_it_not_even_its_owner(
    person: Person, make_person: MakePerson
) -> None:
    friend = await make_person()
    team = (await person.post("/workspaces", 201, name="Team"))["id"]
    here = {"SelfOS-Workspace": team}
    invited = await person.client.post(
        "/invitations", json={"email": friend.email, "role": "member"}, headers=here
    )
    await friend.post("/invitations/accept", token=token_of(invited.json()["accept_url"]))
    made = await friend.client.post("/conversations", json={"title": "Mine"}, headers=here)
    conversation = made.json()["id"]
    told = await friend.client.post(
        f"/conversations/{conversation}/messages", json={"text": "hello"}, headers=here
    )
    assert told.status_code == 201
    for path in ("", "/messages"):
        seen = await person.client.get(f"/conversations/{conversation}{path}", headers=here)
        assert seen.status_code == 404
    for method in ("PATCH", "DELETE"):
        path = f"/conversations/{conversation}"
        body = {"title": "Taken"} if method == "PATCH" else None
        tried = await person.client.request(method, path, headers=here, json=body)
        assert tried.status_code == 404
    assert (await person.client.get("/conversations", headers=here)).json()["items"] == []
    history = await person.client.get("/history", headers=here)
    assert "Mine" not in history.text
    home = {"SelfOS-Workspace": str(friend.workspace_id)}
    elsewhere = await friend.client.get(f"/conversations/{conversation}", headers=home)
    assert elsewhere.status_code == 404


async def test_a_corrected_intent_is_counted(person: Person) -> None:
    said = await say(person, "buy milk")
    conversation, message = said["message"]["conversation_id"], said["message"]["id"]
    path = f"/conversations/{conversation}/messages/{message}/intent"
    await person.post(path, 422, correct=False)
    kept = await person.post(path, correct=False, intent="query")
    assert (kept["correct"], kept["intent"]) == (False, "query")
    await person.post(path, correct=True)
    answer = said["answer"]["id"]
    await person.post(f"/conversations/{conversation}/messages/{answer}/intent", 409, correct=True)
    numbers = await person.get("/conversations/analytics")
    (counted,) = numbers["intents"]
    assert counted == {
        "intent": "create_task",
        "count": 1,
        "confidence": 0.55,
        "confirmed": 1,
        "corrected": 0,
    }
    assert numbers["engines"] == [{"name": "rules", "count": 1}]
    assert (numbers["messages"], numbers["cost_micros"]) == (2, 0)


async def test_a_message_sent_twice_is_kept_once(person: Person) -> None:
    conversation, message = await begin(person), str(new_id())
    await say(person, "hello", conversation, id=message)
    await person.post(f"/conversations/{conversation}/messages", 409, id=message, text="hello")
    assert (await person.get(f"/conversations/{conversation}"))["messages"] == 2


async def test_somebody_in_need_gets_care_and_no_plan(person: Person) -> None:
    said = await say(person, "I want to die")
    assert "emergency number" in words(said)
    card = (await person.post("/moderation/check", text="I want to end my life"))["card"]
    assert part(said, "care")["resources"] == card["resources"]
    assert [each["type"] for each in said["answer"]["parts"]] == ["text", "care"]
    assert (await person.get("/proposals"))["items"] == []


@pytest.mark.parametrize("text", ["", "   ", "x" * 4_001, "a\x00b"])
async def test_words_that_are_no_message_are_refused(person: Person, text: str) -> None:
    conversation = await begin(person)
    await person.post(f"/conversations/{conversation}/messages", 422, text=text)
