"""What is cut from opinions: pairs and single rows, from those alone who consent."""

import json
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from selfos.edge import preferences as files
from selfos.features.ai.schemas import AiTask, Engine
from selfos.features.feedback import service as feedback
from selfos.features.feedback.preferences import Cut, Made, Said, Turn, cut, summary
from selfos.features.feedback.schemas import FeedbackKind
from selfos.kernel.core import Kernel
from selfos.kernel.identifiers import new_id
from tests.factories import Person
from tests.features.assistant.talking import say

Drain = Callable[[], Awaitable[None]]
DAY = date(2026, 1, 1)
ASKED = (Turn("user", "Why do I never finish books?"),)


def said(kind: FeedbackKind, words: str, *, person: UUID | None = None, **more: Any) -> Said:
    told: dict[str, Any] = {
        "person": person or new_id(),
        "day": DAY,
        "kind": kind,
        "value": 1.0,
        "task": AiTask.COACH,
        "engine": Engine.MODEL,
        "made": Made(ASKED, words),
    }
    return Said(**{**told, **more})


def texts(pair: Any) -> tuple[str, str]:
    """What was chosen, and what was left for it."""
    return pair["chosen"][0]["content"], pair["rejected"][0]["content"]


def cut_of(*opinions: Said, reveals: Callable[[str], bool] = lambda _: False, **more: Any) -> Cut:
    names = {each.person: str(each.person) for each in opinions}
    return cut(opinions, reveals, names=names, **more)


def test_a_pick_of_two_wordings_of_one_story_has_its_texts_with_it() -> None:
    picked = said(FeedbackKind.PICK, "What it says now.", original="Dull.", edited="Lively.")
    (pair,) = cut_of(picked).pairs
    assert texts(pair) == ("Lively.", "Dull.")


def test_a_pick_is_a_pair_in_the_form_trainers_read() -> None:
    made = cut_of(said(FeedbackKind.PICK, "Sleep.", other=Made(ASKED, "Read less.")))
    (pair,) = made.pairs
    assert pair["prompt"] == [{"role": "user", "content": ASKED[0].content}]
    assert pair["chosen"] == [{"role": "assistant", "content": "Sleep."}]
    assert pair["rejected"] == [{"role": "assistant", "content": "Read less."}]
    assert (pair["source"], pair["task"], pair["engine"]) == ("pick", "coach", "llm")
    json.dumps(pair)


def test_thumbs_are_single_opinions_and_opposite_ones_on_one_question_a_pair() -> None:
    ada = new_id()
    made = cut_of(
        said(FeedbackKind.THUMB, "Sleep.", person=ada),
        said(FeedbackKind.THUMB, "Read less.", person=ada, value=-1.0),
        said(FeedbackKind.THUMB, "Buy a lamp.", value=-1.0),
    )
    assert [row["label"] for row in made.singles].count(True) == 1
    assert len(made.singles) == 3
    (pair,) = made.pairs
    assert (pair["chosen"][0]["content"], pair["rejected"][0]["content"]) == (
        "Sleep.",
        "Read less.",
    )


def test_what_says_nothing_or_too_much_is_left_out_and_counted() -> None:
    ada, text = new_id(), "one two three four five six seven eight nine ten"
    twice = said(FeedbackKind.RATING, "Sleep.", person=ada)
    made = cut_of(
        said(FeedbackKind.RATING, "So so.", value=0.0),
        said(FeedbackKind.THUMB, "", made=None),
        said(FeedbackKind.PICK, "Sleep."),
        said(FeedbackKind.PICK, "Sleep.", other=Made(ASKED, "Sleep.")),
        said(FeedbackKind.PICK, "Sleep.", other=Made((), "Read less.")),
        said(FeedbackKind.EDIT, text, original=text, edited=text.replace("ten", "TEN")),
        said(FeedbackKind.THUMB, "Call ada@example.org"),
        twice,
        twice,
        said(FeedbackKind.THUMB, "Another", person=ada),
        reveals=lambda text: "@" in text,
        most_each=1,
    )
    assert (len(made.pairs), len(made.singles)) == (0, 1)
    assert dict(made.dropped) == {
        "undecided": 1,
        "gone": 2,
        "the same": 1,
        "not the same question": 1,
        "hardly edited": 1,
        "private": 1,
        "double": 1,
        "too many of one person": 1,
    }


def test_an_edit_prefers_what_its_reader_made_of_it() -> None:
    (pair,) = cut_of(said(FeedbackKind.EDIT, "Run", original="Run far", edited="Walk a bit")).pairs
    assert (pair["chosen"][0]["content"], pair["rejected"][0]["content"]) == (
        "Walk a bit",
        "Run far",
    )


def test_nobody_is_in_both_parts_and_of_few_people_the_newest_are_held_out() -> None:
    people = [new_id() for _ in range(10)]
    many = [
        said(FeedbackKind.THUMB, f"{at} {n}", person=p) for n, p in enumerate(people) for at in "ab"
    ]
    parts: dict[str, set[str]] = {"train": set(), "held_out": set()}
    for row in cut_of(*many).singles:
        parts[row["split"]].add(row["person"])
    assert (len(parts["train"]), len(parts["held_out"])) == (8, 2)
    ada = new_id()
    days = [DAY + timedelta(days=n) for n in range(10)]
    few = cut_of(*(said(FeedbackKind.THUMB, str(day), person=ada, day=day) for day in days))
    assert sorted(row["day"] for row in few.singles if row["split"] == "held_out") == [
        str(day) for day in days[-2:]
    ]
    assert summary(few)["enough_to_train"] is False


async def rated(person: Person, text: str = "how am I doing?", value: int = 1) -> Any:
    """Have the coach answer, and say what one thinks of it."""
    answer = (await say(person, text))["answer"]
    told = {"generation_id": answer["id"], "kind": "thumb", "value": value, "task": "coach"}
    await person.post("/feedback", 201, **told)
    return answer


def mine(made: Cut, words: str) -> list[Any]:
    """The single rows whose question is this; others may have been cut beside them."""
    return [row for row in made.singles if row["prompt"][-1]["content"] == words]


async def test_only_those_who_consent_are_in_it_and_erasing_takes_them_out(
    kernel: Kernel, person: Person
) -> None:
    words = f"how am I doing? {new_id()}"
    answer = await rated(person, words)
    assert mine(await feedback.cut_preferences(kernel), words) == []
    await person.patch("/feedback/consent", consent=True)
    (row,) = mine(await feedback.cut_preferences(kernel), words)
    assert row["completion"][0]["content"] == answer["parts"][0]["text"]
    assert str(person.user_id) not in json.dumps(row)
    path = f"/conversations/{answer['conversation_id']}/messages/{answer['parent_id']}"
    await person.delete(path, 200)
    assert mine(await feedback.cut_preferences(kernel), words) == []


async def test_plans_their_steps_and_stories_are_in_it(
    kernel: Kernel, person: Person, drain: Drain
) -> None:
    await person.patch("/feedback/consent", consent=True)
    title = f"Run 10 km {new_id()}"
    plan = (await person.post("/goals/decompose", 201, goal={"title": title}))["proposal"]
    told = {"generation_id": plan["id"], "kind": "rating", "rating": 5, "task": "decompose"}
    await person.post("/feedback", 201, **told)
    await person.post(f"/proposals/{plan['id']}/apply")
    for done in ("Answer the letter", "Paint the door"):
        task = await person.post("/tasks", 201, title=done)
        await person.post(f"/tasks/{task['id']}/complete")
    story = await person.post("/stories/generate", 201)
    await drain()
    await person.patch(f"/stories/{story['id']}", rating=2)
    await drain()
    made = await feedback.cut_preferences(kernel)
    whole = mine(made, f"Plan this: {title}")
    assert [(row["label"], row["source"]) for row in whole] == [(True, "rating")]
    steps = {(line["title"], line["reason"]) for line in plan["lines"]}
    assert len(mine(made, f"Propose one step towards: {title}")) == len(steps)
    (told_row,) = [row for row in made.singles if row["completion"][0]["content"] == story["text"]]
    assert told_row["label"] is False
    assert "Paint the door" in told_row["prompt"][0]["content"]


async def test_a_shared_workspace_counts_once_all_of_it_consent(
    kernel: Kernel, person: Person, make_person: Callable[..., Awaitable[Person]]
) -> None:
    friend = await make_person()
    team = (await person.post("/workspaces", 201, name="Team"))["id"]
    person.client.headers["SelfOS-Workspace"] = team
    invited = await person.post("/invitations", 201, email=friend.email, role="member")
    await friend.post("/invitations/accept", token=invited["accept_url"].rpartition("token=")[2])
    words = f"how am I doing? {new_id()}"
    await rated(person, words)
    await person.patch("/feedback/consent", consent=True)
    assert mine(await feedback.cut_preferences(kernel), words) == []
    friend.client.headers["SelfOS-Workspace"] = team
    await friend.patch("/feedback/consent", consent=True)
    assert len(mine(await feedback.cut_preferences(kernel), words)) == 1


def test_pruning_takes_out_what_would_not_be_cut_today(tmp_path: Path) -> None:
    made = cut_of(said(FeedbackKind.THUMB, "Sleep.\u2028Well."), said(FeedbackKind.THUMB, "Eat."))
    folder = tmp_path / "out"
    files.write(folder, made, {"made_at": "now"})
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    kept = made.singles[0]["id"]
    assert files.keep(folder, {kept}, {"pruned_at": "later"}) == 1
    rows = [
        json.loads(line) for line in (folder / files.SINGLES).read_text("utf-8").split("\n")[:-1]
    ]
    assert [row["id"] for row in rows] == [kept]
    manifest = json.loads((folder / files.MANIFEST).read_text("utf-8"))
    assert (manifest["singles"], manifest["pruned"]) == (1, 1)
