"""Saved filters: kept, ordered, undone, and their tasks in sections and groups."""

from typing import Any

import pytest

from bench.recording import Statement, recorded
from selfos.features.planning import service
from selfos.features.planning.schemas.filters import FilterPreview
from tests.conftest import MakePerson
from tests.factories import Person


async def names(person: Person) -> list[str]:
    return [saved["name"] for saved in (await person.get("/filters"))["items"]]


def titles(section: dict[str, Any]) -> list[tuple[str | None, list[str]]]:
    """Return the groups of a section with the titles of their tasks."""
    return [(g["title"], [task["title"] for task in g["items"]]) for g in section["groups"]]


async def test_a_filter_is_kept_in_its_canonical_text(person: Person) -> None:
    made = await person.post("/filters", 201, name="Soon", query="P1 & due:tod  sort:due")
    assert (made["query"], made["favourite"], made["icon"]) == (
        "p1 due:today sort:due",
        False,
        "list-filter",
    )
    changed = await person.patch(
        f"/filters/{made['id']}", query="is:overdue", favourite=True, color="home"
    )
    assert (changed["query"], changed["favourite"], changed["name"]) == ("is:overdue", True, "Soon")
    assert await person.get(f"/filters/{made['id']}") == changed
    await person.delete(f"/filters/{made['id']}")
    await person.get(f"/filters/{made['id']}", 404)
    await person.post("/undo")
    back = await person.get(f"/filters/{made['id']}")
    stamps = ("version", "updated_at")
    assert back == changed | {name: back[name] for name in stamps}


@pytest.mark.parametrize("query", ["", "  "])
async def test_nothing_typed_is_kept_as_everything(person: Person, query: str) -> None:
    assert (await person.post("/filters", 201, name="All", query=query))["query"] == "*"


async def test_a_filter_that_does_not_read_changes_nothing(person: Person) -> None:
    refused = await person.post("/filters", 422, name="Wrong", query="is:dne")
    assert refused["errors"][0]["pointer"] == "/query"
    assert refused["filter"]["fixed"] == "is:done"
    made = await person.post("/filters", 201, name="Right", query="is:done")
    await person.patch(f"/filters/{made['id']}", 422, name="Worse", query="streak:>7")
    assert await names(person) == ["Right"]


async def test_filters_are_ordered_by_hand(person: Person) -> None:
    ids = [(await person.post("/filters", 201, name=name, query="p1"))["id"] for name in "abc"]
    assert await names(person) == ["a", "b", "c"]
    await person.post(f"/filters/{ids[2]}/move", after_id=None)
    await person.post(f"/filters/{ids[0]}/move", after_id=ids[1])
    assert await names(person) == ["c", "b", "a"]
    await person.post(f"/filters/{ids[0]}/move", 422, after_id=str(person.user_id))


@pytest.fixture
async def busy(person: Person) -> Person:
    """Somebody with two projects and five tasks."""
    for name in ("Kitchen", "Garden"):
        project = (await person.post("/projects", 201, name=name))["id"]
        for number in (1, 2):
            await person.post(
                "/tasks", 201, title=f"{name} {number}", project_id=project, priority=number
            )
    await person.post("/tasks", 201, title="Nowhere", priority=1)
    return person


async def test_sections_and_groups_are_shown_apart(busy: Person) -> None:
    made = await busy.post("/filters", 201, name="All", query="p1, p2 group:project sort:-title")
    shown = await busy.get(f"/filters/{made['id']}/tasks")
    assert shown["text"] == "p1, p2 sort:-title group:project"
    first, second = shown["sections"]
    assert (first["text"], second["text"]) == ("p1", "p2")
    assert titles(first) == [
        ("Kitchen", ["Kitchen 1"]),
        ("Garden", ["Garden 1"]),
        (None, ["Nowhere"]),
    ]
    assert titles(second) == [("Kitchen", ["Kitchen 2"]), ("Garden", ["Garden 2"])]
    assert await busy.get("/filters/preview", q=made["query"]) == shown


async def test_groups_are_called_by_what_they_hold(busy: Person) -> None:
    for group, expected in {
        "priority": ["1", "2"],
        "state": ["inbox", "todo"],
        "due": [None],
        "area": [None],
        "assignee": [None],
    }.items():
        shown = await busy.get("/filters/preview", q=f"group:{group}")
        assert [g["title"] for g in shown["sections"][0]["groups"]] == expected, group


async def test_each_section_has_pages_of_its_own(busy: Person) -> None:
    q = "* sort:title group:project, p2"
    shown = await busy.get("/filters/preview", q=q, limit=2)
    first, second = shown["sections"]
    assert second["next_cursor"] is None
    seen = titles(first)
    cursor = first["next_cursor"]
    while cursor is not None:
        page = await busy.get("/filters/preview", q=q, limit=2, section=0, cursor=cursor)
        (section,) = page["sections"]
        seen += titles(section)
        cursor = section["next_cursor"]
    assert [title for _, titles_of in seen for title in titles_of] == [
        "Kitchen 1",
        "Kitchen 2",
        "Garden 1",
        "Garden 2",
        "Nowhere",
    ]
    await busy.get("/filters/preview", 422, q=q, cursor=first["next_cursor"])
    await busy.get("/filters/preview", 422, q=q, section=2)


async def test_nobody_sees_another_workspaces_filters(
    busy: Person, make_person: MakePerson
) -> None:
    made = await busy.post("/filters", 201, name="Mine", query="p1")
    other = await make_person()
    assert await names(other) == []
    for path in ("", "/tasks"):
        await other.get(f"/filters/{made['id']}{path}", 404)
    await other.patch(f"/filters/{made['id']}", 404, name="Theirs")
    await other.delete(f"/filters/{made['id']}", 404)


async def test_a_preview_costs_one_statement_for_each_section(busy: Person) -> None:
    async with busy.context() as ctx:
        sent: list[Statement] = []
        with recorded(sent):
            await service.preview_filter(ctx, FilterPreview(q="p1, p2, @x group:area"))
    assert len(sent) == 1 + 3
