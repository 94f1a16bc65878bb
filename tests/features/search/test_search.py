"""One search box: what it finds, in which order, and what it never shows."""

from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from psycopg.rows import tuple_row
from sqlalchemy import select

from bench.recording import Statement, recorded
from selfos.features.search import service
from selfos.features.search.schemas.searching import SearchQuery
from selfos.kernel.context import Actor, open_context
from selfos.kernel.core import Kernel
from selfos.kernel.embedded import Embedded
from selfos.kernel.ledger.models import ActorKind
from selfos.kernel.permissions import Permission
from selfos.kernel.searching import SearchDocument
from tests.conftest import MakePerson
from tests.factories import Person


async def found(person: Person, q: str, **query: Any) -> list[str]:
    """Return the titles of the hits, best first."""
    return [hit["title"] for hit in (await person.get("/search", q=q, **query))["items"]]


def shown(parts: list[dict[str, Any]] | None) -> str:
    """Return parts as one text with the hits in brackets."""
    return "".join(f"[{p['text']}]" if p["hit"] else p["text"] for p in parts or [])


async def test_everything_is_found_by_its_words(person: Person) -> None:
    area = (await person.post("/areas", 201, name="Garden", description="Roses, mostly"))["id"]
    await person.post("/projects", 201, name="Rose bed", area_id=area)
    await person.post("/goals", 201, title="Win a prize", why="The roses deserve it")
    await person.post("/tasks", 201, title="Prune", notes="All the rosebushes")
    hits = (await person.get("/search", q="rose"))["items"]
    assert {hit["kind"]: hit["title"] for hit in hits} == {
        "area": "Garden",
        "project": "Rose bed",
        "goal": "Win a prize",
        "task": "Prune",
    }
    assert hits[0]["title"] == "Rose bed"
    assert hits[0]["about"] == {"kind": "area", "id": area}
    assert await found(person, "rose", kinds="goal,task") == ["Prune", "Win a prize"]


async def test_a_story_is_found_by_its_sentences(person: Person) -> None:
    task = await person.post("/tasks", 201, title="Repair the gramophone")
    await person.post(f"/tasks/{task['id']}/complete")
    story = await person.post("/stories/generate", 201)
    (hit,) = (await person.get("/search", q="gramophone", kinds="story"))["items"]
    assert hit["id"] == story["id"]
    assert "[gramophone]" in shown(hit["snippet_parts"])
    await person.delete(f"/stories/{story['id']}")
    assert await found(person, "gramophone", kinds="story") == []


async def test_words_are_found_as_they_are_typed(person: Person) -> None:
    await person.post("/tasks", 201, title="Call the plumber about the sink")
    for q in ("c", "cal", "plumb", "sin call", "plumber the", '"the plumber"', "PLUMBER!", "call."):
        assert len(await found(person, q)) == 1, q
    for q in ("lumber", '"plumber the"', '"the plumb"', "call nobody", ""):
        assert await found(person, q) == [], q


ACCENTS = {
    "Ärger über Größe": ("arger", "uber", "grosse", "größ", "ÄRGER"),
    "Señor café naïve": ("senor", "cafe", "naïv", "CAFÉ"),
    "Łódź łaska": ("lodz", "laska", "Łó"),
    "Ørsted smørrebrød": ("orsted", "smorrebrod", "smørre"),
    "Жук ΟΔΟΣ": ("жук", "ЖУК", "οδος", "οδοσ"),
    "東京 meeting": ("東京", "東", "meet"),
    "Straße ﬁn": ("strasse", "straße", "fin"),
    "rock'n'roll e-mail foo_bar a/b": ("rock", "roll", "mail", "e-mail", "bar", "a/b"),
    "ada@example.org v2.10": ("example", "ada@example.org", "v2.10", "10"),
}


async def test_marks_on_letters_do_not_matter(person: Person) -> None:
    for title in ACCENTS:
        await person.post("/tasks", 201, title=title)
    for title, words in ACCENTS.items():
        for q in words:
            assert title in await found(person, f'"{q}"' if "/" in q else q), (title, q)


async def test_what_is_called_so_comes_first_then_titles_then_texts_each_newest_first(
    person: Person,
) -> None:
    await person.post("/projects", 201, name="Move")
    await person.post("/tasks", 201, title="Write", notes="before the move")
    await person.post("/tasks", 201, title="Call about the move")
    await person.post("/tasks", 201, title="Plan the move")
    await person.post("/tasks", 201, title="Read", notes="about moves")
    await person.post("/tasks", 201, title="Moving boxes")
    assert await found(person, "mov") == [
        "Moving boxes",
        "Move",
        "Plan the move",
        "Call about the move",
        "Read",
        "Write",
    ]
    assert await found(person, "mov", limit=3) == ["Moving boxes", "Move", "Plan the move"]


async def test_the_index_follows_every_change(person: Person) -> None:
    made = await person.post("/tasks", 201, title="Buy oats")
    path = f"/tasks/{made['id']}"
    assert await found(person, "oats") == ["Buy oats"]
    await person.patch(path, title="Buy rye", notes="Not oat flakes")
    assert await found(person, "oats") == []
    assert await found(person, "flakes") == ["Buy rye"]
    await person.delete(path)
    assert await found(person, "rye") == []
    await person.post(f"{path}/restore")
    assert await found(person, "rye") == ["Buy rye"]
    await person.post("/undo")
    assert await found(person, "rye") == []
    await person.post("/undo")
    await person.post("/undo")
    assert (await found(person, "rye"), await found(person, "oats")) == ([], ["Buy oats"])
    await person.post("/undo")
    assert await found(person, "oats") == []


async def test_what_lies_in_a_deleted_project_is_not_found(person: Person) -> None:
    project = (await person.post("/projects", 201, name="Boat"))["id"]
    await person.post("/tasks", 201, title="Varnish the boat", project_id=project)
    await person.delete(f"/projects/{project}")
    assert await found(person, "boat") == []
    await person.post(f"/projects/{project}/restore")
    assert await found(person, "boat") == ["Boat", "Varnish the boat"]


async def test_hits_say_what_is_done_or_put_away(person: Person) -> None:
    task = await person.post("/tasks", 201, title="Sweep")
    assert [hit["closed"] for hit in (await person.get("/search", q="sweep"))["items"]] == [False]
    await person.post(f"/tasks/{task['id']}/complete")
    assert [hit["closed"] for hit in (await person.get("/search", q="sweep"))["items"]] == [True]


async def test_hits_are_marked_in_parts_not_in_markup(person: Person) -> None:
    notes = "x " * 100 + "then the <b>Café</b> at Größe & co " + "y " * 100
    await person.post("/tasks", 201, title="<i>cafe</i> CAFÉS 🎉 decaf", notes=notes)
    (hit,) = (await person.get("/search", q="cafe"))["items"]
    assert shown(hit["title_parts"]) == "<i>[cafe]</i> [CAFÉ]S 🎉 decaf"
    snippet = shown(hit["snippet_parts"])
    assert "<b>[Café]</b> at Größe & co" in snippet
    assert snippet.startswith("… x")
    assert snippet.endswith("y …")
    assert len(snippet) < 300
    (hit,) = (await person.get("/search", q="cafe grosse"))["items"]
    assert "at [Größe] &" in shown(hit["snippet_parts"])


async def test_qualifiers_find_tasks(person: Person) -> None:
    project = (await person.post("/projects", 201, name="Oats"))["id"]
    await person.post("/tasks", 201, title="Buy oats", priority=1, project_id=project)
    await person.post("/tasks", 201, title="Cook oats")
    await person.post("/tasks", 201, title="Rest", priority=1)
    assert await found(person, "oats p1") == ["Buy oats"]
    assert await found(person, "#oats") == ["Buy oats"]
    assert await found(person, "oats | rest") == ["Rest", "Cook oats", "Buy oats"]
    assert await found(person, "p1", kinds="goal") == []
    (hit,) = (await person.get("/search", q="oat p1 !@x"))["items"]
    assert shown(hit["title_parts"]) == "Buy [oat]s"


async def test_a_broken_filter_is_searched_as_words_and_says_so(person: Person) -> None:
    await person.post("/tasks", 201, title="Note: prio (urgent)")
    for q in ("prioo:urgent", "note: prio", "(urgent", 'prio "urg', "streak:>7"):
        answer = await person.get("/search", q=q)
        assert answer["problem"]["detail"], q
    assert await found(person, "note: prio (urgent") == ["Note: prio (urgent)"]
    answer = await person.get("/search", q="is:dne")
    assert answer["problem"]["fixed"] == "is:done"


async def test_unknown_kinds_are_refused(person: Person) -> None:
    answer = await person.client.get("/search", params={"q": "x", "kinds": "task,planet"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/query/kinds"
    assert (await person.client.get("/search")).status_code == 422


async def test_one_reads_only_the_kinds_one_may_read(person: Person, kernel: Kernel) -> None:
    await person.post("/goals", 201, title="Swim a mile")
    await person.post("/tasks", 201, title="Swim on Monday")
    async with open_context(
        kernel,
        workspace_id=person.workspace_id,
        actor=Actor(ActorKind.USER, person.user_id),
        permissions=frozenset({Permission.WORKSPACE_READ, Permission.GOAL_READ}),
    ) as ctx:
        for q in ("swim", "swim | is:open"):
            hits = await service.search(ctx, SearchQuery(q=q))
            assert {hit.kind.value for hit in hits.items} <= {"goal"}


async def test_nobody_finds_anything_of_another_workspace(make_person: MakePerson) -> None:
    mine, theirs = await make_person(), await make_person()
    await theirs.post("/tasks", 201, title="Secret")
    # Words that try to be the lexeme by which the index knows the other workspace.
    for title in (str(theirs.workspace_id), f" {theirs.workspace_id}", f"' {theirs.workspace_id}'"):
        await mine.post("/tasks", 201, title=f"{title} secret")
    assert len(await found(mine, "secret")) == 3
    assert await found(theirs, "secret") == ["Secret"]
    for q in (f"secret {mine.workspace_id}", f"' {mine.workspace_id}'", f'" {mine.workspace_id}"'):
        assert await found(theirs, q) == []


async def test_the_functions_know_only_the_workspace_that_was_entered(
    make_person: MakePerson, postgres: Embedded, database: str
) -> None:
    mine, theirs = await make_person(), await make_person()
    for person in (mine, theirs):
        await person.post("/tasks", 201, title="Wombat")
    asked = (
        "SELECT entity_id FROM search_find('{wombat}', '{}', '{task}', 50)",
        "SELECT * FROM search_ids('task', '{wombat}', '{}')",
        "SELECT entity_id FROM search_documents WHERE heading = 'wombat'",
    )
    app = await psycopg.AsyncConnection.connect(
        postgres.url("selfos_app", database), row_factory=tuple_row
    )
    async with app:
        for workspace, count in (("", 0), (str(mine.workspace_id), 1)):
            await app.execute("SELECT set_config('selfos.workspace', %s, true)", [workspace])
            for question in asked:
                rows = await (await app.execute(question.encode())).fetchall()
                assert len(rows) == count, question
        for writing in (
            "DELETE FROM search_documents",
            "UPDATE search_documents SET title = ''",
            "INSERT INTO search_documents DEFAULT VALUES",
        ):
            await app.execute("SAVEPOINT before")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await app.execute(writing.encode())
            await app.execute("ROLLBACK TO before")


async def test_a_search_costs_one_statement_and_a_filter_two(person: Person) -> None:
    async with person.context() as ctx:
        for q, count in (("milk", 1), ("milk p1", 2)):
            sent: list[Statement] = []
            with recorded(sent):
                await service.search(ctx, SearchQuery(q=q))
            assert len(sent) == count, q


async def test_a_document_is_as_old_as_its_row(person: Person) -> None:
    task = await person.post("/tasks", 201, title="Old")
    async with person.context() as ctx:
        kept = await ctx.session.scalar(select(SearchDocument.updated_at))
    assert kept == datetime.fromisoformat(task["updated_at"]).astimezone(UTC)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(q=st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30))
@example(q="\x00")
@example(q="milk\x00")
async def test_no_text_breaks_the_search(person: Person, q: str) -> None:
    await person.get("/search", q=q)


async def test_notes_and_comments_are_found_with_what_they_are_about(person: Person) -> None:
    task = (await person.post("/tasks", 201, title="Call"))["id"]
    await person.post("/notes", 201, title="Numbers", body="Dial 555 for Ada", task_id=task)
    await person.post("/notes", 201, body="A thought about Ada\n\nand more")
    await person.post("/comments", 201, body="Ask Ada first", task_id=task)
    hits = (await person.get("/search", q="ada"))["items"]
    assert [(hit["kind"], hit["title"], hit["about"]) for hit in hits] == [
        ("comment", "Ask Ada first", {"kind": "task", "id": task}),
        ("note", "A thought about Ada", None),
        ("note", "Numbers", {"kind": "task", "id": task}),
    ]
    assert [t["title"] for t in (await person.get("/tasks", q="has:comment"))["items"]] == ["Call"]
    assert [t["title"] for t in (await person.get("/tasks", q="has:note"))["items"]] == ["Call"]
    assert (await person.get("/tasks", q="no:note"))["items"] == []
    await person.delete(f"/tasks/{task}")
    assert await found(person, "ada") == ["A thought about Ada"]
    await person.post(f"/tasks/{task}/restore")
    assert len(await found(person, "ada")) == 3
