"""What a conversation is called: its first words, then what a model says it is about, once."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from fastapi import FastAPI

from selfos.features.assistant import service as assistant
from selfos.features.assistant.service.naming import LONGEST_NAME, name_from
from selfos.kernel.core import Kernel
from tests.edge.sockets import Socket, cookie_of
from tests.factories import Person
from tests.fakes.vendors import NAMING, Reply, fails, says
from tests.features.ai.conftest import Vendors
from tests.features.assistant.talking import begin, say
from tests.programs import eventually

WORDS = "Why do I never finish the books that I begin in winter?"
NAME = "Unfinished winter books"


def calls_it(name: str, **more: Any) -> Reply:
    return says(json.dumps({"title": name}, ensure_ascii=False), **more)


async def waiting(kernel: Kernel, conversation: str) -> list[dict[str, Any]]:
    """Return what waits to name this conversation."""
    jobs = await kernel.jobs.engine.job_manager.list_jobs_async(task=assistant.NAME_JOB)
    given = [dict(job.task_kwargs) for job in jobs]
    return [each for each in given if each["conversation_id"] == conversation]


async def name(kernel: Kernel, conversation: str) -> None:
    """Do once what waits to name this conversation."""
    (job,) = await waiting(kernel, conversation)
    del job["request_id"]
    await assistant.name_conversation(kernel, **job)


async def talk(person: Person, **given: Any) -> str:
    """Begin a conversation that a model has answered in, and return its id."""
    conversation = await begin(person, **given)
    said = await say(person, WORDS, conversation)
    assert said["answer"]["engine"] != "rules"
    return conversation


async def title(person: Person, conversation: str) -> str:
    return (await person.get(f"/conversations/{conversation}"))["title"]


@pytest.fixture(autouse=True)
def calling(vendors: Vendors) -> None:
    """Whoever is asked calls it the same."""
    for vendor in vendors.all():
        vendor.behind[NAMING] = calls_it(f"“{NAME}.”\n")


async def test_it_is_named_once_after_a_models_first_answer_and_its_pages_hear_of_it(
    ai_instance: tuple[FastAPI, Kernel], models: Kernel, asker: Person, vendors: Vendors
) -> None:
    vendors.first.usual = says("Read less.")
    conversation = await begin(asker)
    await say(asker, "Remind me to read tomorrow", conversation)
    assert await waiting(models, conversation) == [], "rules have answered"
    said = await say(asker, WORDS, conversation)
    assert await title(asker, conversation) == "Remind me to read tomorrow"
    async with Socket(ai_instance[0], cookie_of(asker)) as socket:
        await socket.hear()
        await name(models, conversation)
        assert await socket.hear() == {"type": "notifications"}
    assert await title(asker, conversation) == NAME
    (asked,) = [seen.text for seen in vendors.first.seen if seen.is_behind]
    assert WORDS in asked
    assert "Read less." in asked

    path = f"/conversations/{conversation}/messages"
    await asker.post(f"{path}/{said['answer']['id']}/regenerate", 201)
    await say(asker, "And why is that?", conversation)
    await name(models, conversation)  # the only one there is, delivered twice
    assert [vendor.asked_behind for vendor in vendors.all()] == [1, 0, 0]
    calls = (await asker.get("/ai/calls"))["items"]
    tasks = [(each["task"], each["background"]) for each in calls]
    assert tasks.count(("summarise", True)) == 1


async def test_the_same_beginning_again_is_named_without_asking(
    models: Kernel, asker: Person, vendors: Vendors
) -> None:
    for _ in range(2):
        conversation = await talk(asker)
        await name(models, conversation)
        assert await title(asker, conversation) == NAME
    assert vendors.first.asked_behind == 1


async def test_a_name_that_somebody_gave_is_never_replaced(
    models: Kernel, asker: Person, vendors: Vendors
) -> None:
    given = await talk(asker, title="Mine")
    await name(models, given)
    renamed = await talk(asker)
    await asker.patch(f"/conversations/{renamed}", title="Mine")
    await name(models, renamed)
    assert vendors.first.asked_behind == 0

    raced = await talk(asker)
    vendors.first.behind[NAMING] = calls_it(NAME, before=0.2)
    naming = asyncio.create_task(name(models, raced))

    async def is_asked() -> int:
        return vendors.first.asked_behind

    await eventually(is_asked)
    await asker.patch(f"/conversations/{raced}", title="Mine")
    await naming
    for conversation in (given, renamed, raced):
        assert await title(asker, conversation) == "Mine"


@pytest.mark.parametrize("kept_by", ["workspace", "area", "person"])
async def test_what_must_not_leave_is_named_by_nobody_elsewhere(
    models: Kernel, asker: Person, vendors: Vendors, kept_by: str
) -> None:
    area = (await asker.post("/areas", 201, name="Health"))["id"]
    await asker.post("/goals", 201, title="Read more", area_id=area)
    conversation = await talk(asker)
    if kept_by == "person":
        await asker.patch("/preferences", ai_enabled=False)
    elif kept_by == "workspace":
        await asker.patch("/ai/privacy", dial="rules_only")
    else:
        await asker.patch("/ai/privacy", areas=[{"area_id": area, "dial": "local_only"}])
    await name(models, conversation)
    at_home = kept_by == "area"
    assert [vendor.asked_behind for vendor in vendors.all()] == [0, 0, int(at_home)]
    assert await title(asker, conversation) == (NAME if at_home else WORDS)


async def test_hidden_names_stay_hidden_and_stand_in_the_name(
    models: Kernel, asker: Person, vendors: Vendors
) -> None:
    await asker.patch("/ai/privacy", hide_names=True, hidden_names=["Greta"])
    # The first that is hidden is the asker's own name, as a word of the instructions.
    vendors.first.behind[NAMING] = calls_it("Books of ⟦N2⟧")
    conversation = await begin(asker)
    await say(asker, "Why does Greta finish her books?", conversation)
    await name(models, conversation)
    assert await title(asker, conversation) == "Books of Greta"
    assert not any("Greta" in seen.text for seen in vendors.first.seen)


@pytest.mark.parametrize(
    "reply",
    [
        fails(500),
        Reply(refusal="No."),
        calls_it("b" * (LONGEST_NAME + 1)),
        calls_it("See www.evil.example"),
    ],
)
async def test_without_a_name_of_use_its_first_words_stay(
    models: Kernel, asker: Person, vendors: Vendors, reply: Reply
) -> None:
    conversation = await talk(asker)
    for vendor in vendors.all():
        vendor.behind[NAMING] = reply
    await name(models, conversation)
    assert vendors.first.asked_behind > 0
    assert await title(asker, conversation) == WORDS


async def test_where_somebody_was_in_need_nobody_is_asked(
    models: Kernel, asker: Person, vendors: Vendors
) -> None:
    conversation = await begin(asker)
    await say(asker, "I want to end my life", conversation)
    assert (await say(asker, WORDS, conversation))["answer"]["engine"] == "llm"
    await name(models, conversation)
    assert [vendor.asked_behind for vendor in vendors.all()] == [0, 0, 0]


async def test_a_conversation_that_is_gone_is_named_no_more(
    models: Kernel, asker: Person, vendors: Vendors
) -> None:
    conversation = await talk(asker)
    await asker.delete(f"/conversations/{conversation}")
    await name(models, conversation)
    assert vendors.first.asked_behind == 0


@pytest.mark.parametrize(
    ("written", "called"),
    [
        ("  „Bücher im\nWinter“. ", "Bücher im Winter"),
        ("**Books**", "Books"),
        ("9 to 5", "9 to 5"),
        ("", None),
        ("“…”", None),
        ("Books of ⟦N9⟧", None),
        ("[Books](https://evil.example)", None),
        ("See \uff48ttps://evil.example", None),
        ("b" * (LONGEST_NAME + 1), None),
    ],
)
def test_a_name_is_one_line_of_words(written: str, called: str | None) -> None:
    assert name_from(written) == called
