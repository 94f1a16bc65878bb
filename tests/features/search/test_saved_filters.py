"""Saved filters: kept, ordered, undone, and their tasks in sections and groups."""

from typing import Any

import pytest

from bench.recording import Statement, recorded
from selfos.features.search import service
from selfos.features.search.schemas.filters import FilterPreview
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
    shown = await busy.get(f"/filters/{made['id']}/sections")
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
    for path in ("", "/sections"):
        await other.get(f"/filters/{made['id']}{path}", 404)
    await other.patch(f"/filters/{made['id']}", 404, name="Theirs")
    await other.delete(f"/filters/{made['id']}", 404)


async def test_a_preview_costs_one_statement_for_each_section(busy: Person) -> None:
    async with busy.context() as ctx:
        sent: list[Statement] = []
        with recorded(sent):
            await service.preview_filter(ctx, FilterPreview(q="p1, p2, @x group:area"))
    assert len(sent) == 1 + 3


@pytest.fixture
async def living(busy: Person) -> Person:
    """The same person with habits: one done, one due, one put away."""
    area = (await busy.post("/areas", 201, name="Health"))["id"]
    for title in ("Run", "Swim", "Row"):
        habit = await busy.post("/habits", 201, title=title, area_id=area if title > "S" else None)
        if title == "Run":
            await busy.post(f"/habits/{habit['id']}/check-ins", 201)
        if title == "Row":
            await busy.post(f"/habits/{habit['id']}/archive")
    return busy


def habits(section: dict[str, Any]) -> list[tuple[str | None, list[str]]]:
    """Return the groups of a section with the titles of their habits."""
    return [(g["title"], [day["habit"]["title"] for day in g["items"]]) for g in section["groups"]]


async def test_a_section_that_says_so_is_about_habits(living: Person) -> None:
    made = await living.post(
        "/filters", 201, name="Day", query="p1 #Kitchen, is:habit is:due, is:habit streak:>=1"
    )
    shown = await living.get(f"/filters/{made['id']}/sections")
    assert [section["kind"] for section in shown["sections"]] == ["task", "habit", "habit"]
    tasks, due, running = shown["sections"]
    assert titles(tasks) == [(None, ["Kitchen 1"])]
    assert (due["text"], habits(due)) == ("is:habit is:due", [(None, ["Swim"])])
    assert habits(running) == [(None, ["Run"])]
    (swim,) = due["groups"][0]["items"]
    today = {row["habit"]["title"]: row for row in (await living.get("/habits/today"))["habits"]}
    assert swim == today["Swim"]
    await living.post(f"/habits/{swim['habit']['id']}/check-ins", 201)
    shown = await living.get(f"/filters/{made['id']}/sections")
    assert [habits(section) for section in shown["sections"][1:]] == [
        [(None, [])],
        [(None, ["Run", "Swim"])],
    ]


async def test_habits_have_groups_an_order_and_pages_of_their_own(living: Person) -> None:
    q = "is:habit, is:habit is:archived, p2 group:area sort:-title"
    shown = await living.get("/filters/preview", q=q)
    mine, archived, tasks = shown["sections"]
    assert habits(mine) == [("Health", ["Swim"]), (None, ["Run", "Row"])]
    assert habits(archived) == [(None, ["Row"])]
    assert titles(tasks) == [(None, ["Kitchen 2", "Garden 2"])]
    seen, cursor = list[Any](), None
    for _ in range(3):
        more = {"cursor": cursor} if cursor else {}
        page = await living.get("/filters/preview", q=q, limit=1, section=0, **more)
        (section,) = page["sections"]
        seen += habits(section)
        cursor = section["next_cursor"]
    assert (seen, cursor) == ([("Health", ["Swim"]), (None, ["Run"]), (None, ["Row"])], None)


async def test_what_only_habits_have_is_refused_of_tasks_with_the_way_to_ask(
    living: Person,
) -> None:
    refused = await living.post("/filters", 422, name="Strong", query="p1, strength:>0.8")
    assert refused["detail"] == (
        "Tasks do not know `strength:`. Habits do: put `is:habit` beside it."
    )
    problem = refused["filter"]
    assert (problem["start"], problem["end"]) == (4, 17)
    assert problem["fixed"] == "p1, is:habit strength:>0.8"
    await living.post("/filters", 201, name="Strong", query=problem["fixed"])
    checked = await living.post("/filters/check", query="streak:>7")
    assert checked["problem"]["suggestion"] == "is:habit streak:>7"
    checked = await living.post("/filters/check", query="is:due")
    assert checked["problem"]["suggestion"] == "due:today"
    checked = await living.post("/filters/check", query="p1 streak:>7")
    assert checked["problem"]["suggestion"] is None


@pytest.mark.parametrize(
    ("query", "start", "detail"),
    [
        ("p1 | is:habit", 5, "`is:habit` is about a whole list"),
        ("x, !is:habit", 4, "`is:habit` is about a whole list"),
        ("is:habit p1", 9, "Habits do not know `priority:`."),
        ("is:habit, p1 sort:streak", 18, "Tasks cannot be sorted by streak."),
        ("is:habit group:project", 9, "Habits cannot be grouped by project."),
        ("is:goal | p1", 0, "`is:goal` is about a whole list"),
        ("is:goal is:habit", 0, "Habits do not know `is:goal`"),
        ("pace:behind", 0, "Tasks do not know `pace:behind`. Goals do: put `is:goal`"),
    ],
)
async def test_a_section_is_about_one_kind(
    person: Person, query: str, start: int, detail: str
) -> None:
    checked = await person.post("/filters/check", query=query)
    assert checked["problem"]["start"] == start
    assert checked["problem"]["detail"].startswith(detail)


async def test_a_section_may_be_about_goals(busy: Person) -> None:
    area = await busy.post("/areas", 201, name="Body")
    await busy.post("/goals", 201, title="Run", area_id=area["id"])
    swim = await busy.post("/goals", 201, title="Swim")
    await busy.post(f"/goals/{swim['id']}/complete")
    made = await busy.post("/filters", 201, name="Aims", query="is:goal, p1 group:area")
    goals, tasks = (await busy.get(f"/filters/{made['id']}/sections"))["sections"]
    assert (goals["kind"], tasks["kind"]) == ("goal", "task")
    assert titles(goals) == [("Body", ["Run"])]
    seen = await busy.get(
        "/filters/preview", q="is:done, ~Body pace:behind, is:habit", about="goal"
    )
    assert [section["text"] for section in seen["sections"]] == [
        "is:goal is:done", "is:goal ~Body pace:behind", "is:habit",
    ]  # fmt: skip
    assert [titles(each) for each in seen["sections"][:2]] == [[(None, ["Swim"])], [(None, [])]]
    wrong = await busy.get("/filters/preview", 422, q="pase:behind", about="goal")
    assert (wrong["filter"]["start"], wrong["filter"]["fixed"]) == (0, "pace:behind")
    found = await busy.get("/search", q="is:goal ru")
    assert [(hit["kind"], hit["title"]) for hit in found["items"]] == [("goal", "Run")]


async def test_habits_cost_the_same_however_many_there_are(living: Person) -> None:
    async def cost() -> int:
        async with living.context() as ctx:
            sent: list[Statement] = []
            with recorded(sent):
                await service.preview_filter(ctx, FilterPreview(q="is:habit is:due, p1"))
        return len(sent)

    # Who asks; habits, their people's clocks, their check-ins; and each section.
    assert await cost() == 1 + 3 + 2
    for number in range(5):
        await living.post("/habits", 201, title=f"Habit {number}")
    assert await cost() == 1 + 3 + 2


async def test_nobody_is_shown_another_workspaces_habits(
    living: Person, make_person: MakePerson
) -> None:
    other = await make_person()
    shown = await other.get("/filters/preview", q="is:habit assignee:*, is:habit streak:>=0")
    assert [habits(section) for section in shown["sections"]] == [[(None, [])]] * 2


async def test_the_search_box_finds_habits_by_what_they_are(living: Person) -> None:
    found = await living.get("/search", q="is:habit is:due, p2")
    assert {(hit["kind"], hit["title"]) for hit in found["items"]} == {
        ("habit", "Swim"),
        ("task", "Kitchen 2"),
        ("task", "Garden 2"),
    }
    found = await living.get("/search", q="is:habit is:due, p2", kinds="habit,goal")
    assert [hit["title"] for hit in found["items"]] == ["Swim"]
    found = await living.get("/search", q="streak:>1")
    assert found["problem"]["suggestion"] == "is:habit streak:>1"
