"""A lived-in workspace for tests of looks: every page has something to show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from playwright.async_api import expect

from tests.browser.assistant import call_tools
from tests.browser.visitor import Visitor

AREAS = (("Health", "heart-pulse", "health"), ("People", "users", "people"))
# Long words and no spaces are what breaks layouts.
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


@dataclass(frozen=True)
class Life:
    """The addresses of one of each kind."""

    area: str
    project: str
    goal: str
    path: str
    proposal: str
    task: str
    story: str
    habit: str
    filter: str
    changes: str
    report: str
    year: str

    def pages(self) -> dict[str, str]:
        """Every page for people who are signed in, by name."""
        plain = (
            "today upcoming inbox goals habits areas progress reports stories journal insights"
            " notes suggestions templates history trash settings welcome coach time"
        )
        sections = (
            "appearance preferences assistant ai account devices assistants memory feedback offline"
            " workspaces"
        ).split()
        return {
            **{name: f"/{name}" for name in plain.split()},
            **{f"settings-{name}": f"/settings/{name}" for name in sections},
            "area": f"/areas/{self.area}",
            "project": f"/projects/{self.project}",
            "goal": f"/goals/{self.goal}",
            "path": f"/goals/{self.path}",
            "plan": f"/proposals/{self.proposal}",
            "changes": f"/proposals/{self.changes}",
            "report": f"/reports/{self.report}",
            "year": f"/years/{self.year}",
            "task": f"/today?task={self.task}",
            "story": f"/stories/{self.story}",
            "habit": f"/habits/{self.habit}",
            "search": "/search?q=tiles%20%7C%20kitch%2C%20is%3Aoverdue",
            "search-words": "/search?q=marathon",
            "search-wrong": "/search?q=p1%20is%3Adne",
            "filters": "/filters",
            "filter": f"/filters/{self.filter}",
            "unknown": "/no/such/page",
        }


async def live(visitor: Visitor) -> Life:
    """Fill the visitor's workspace through the API."""
    areas = [
        (await visitor.api("POST", "/areas", {"name": name, "icon": icon, "color": color}))["id"]
        for name, icon, color in AREAS
    ]
    project = {"name": "Renovate the kitchen", "area_id": areas[1], "target_date": "2030-05-01"}
    project = await visitor.api("POST", "/projects", project)
    phase = f"/projects/{project['id']}/phases"
    await visitor.api("POST", phase, {"name": "Measure"})
    goal, proposal = await _plan(visitor, areas[0])
    path = await _measure(visitor, areas[0])
    second = await visitor.api("POST", f"/goals/{goal}/decompose", {})
    task = await _fill_the_day(visitor, goal, project["id"])
    story = await visitor.api("POST", "/stories/generate", {})
    await visitor.api("PATCH", f"/stories/{story['id']}", {"rating": 4})
    written = {"mood": 4, "energy": 2, "words": ["calm", LONG[:40]], "body": LONG}
    await visitor.api("POST", "/journal", written)
    ended = datetime.now(UTC)
    began = (ended - timedelta(minutes=9)).isoformat()
    spent = {"started_at": began, "ended_at": ended.isoformat(), "task_id": task, "note": LONG}
    await visitor.api("POST", "/focus", spent)
    archived = await visitor.api("POST", "/goals", {"title": "Learn the lute"})
    await visitor.api("POST", f"/goals/{archived['id']}/archive")
    assert proposal != second["id"]
    habit = await _keep_habits(visitor, areas[0])
    saved = await _save_filters(visitor)
    changes = await _ask_for_changes(visitor, task)
    day = await visitor.today()
    report = await visitor.api("POST", "/reports", {"kind": "month", "day": day})
    return Life(
        areas[0], project["id"], goal, path, second["id"], task, story["id"], habit, saved, changes,
        report["id"], day[:4],
    )  # fmt: skip


async def _ask_for_changes(visitor: Visitor, task: str) -> str:
    """Let an assistant propose one of each; returns the proposal."""
    consent = {"tasks": "propose", "projects": "propose", "goals": "act"}
    made = await visitor.api("POST", "/auth/tokens", {"name": "Robin", "consent": consent})
    due = {"kind": "floating", "date": "2030-05-01", "time": "09:30"}
    changes: list[tuple[str, dict[str, Any]]] = [
        ("create_project", {"name": LONG, "phases": ["Begin", LONG], "reason": LONG}),
        ("create_task", {"title": "Buy bulbs", "due": due, "labels": ["shop"]}),
        ("update_task", {"task_id": task, "priority": 1, "notes": LONG}),
        ("create_goal", {"title": LONG, "why": LONG, "target_date": "2030-06-01"}),
        ("delete_task", {"task_id": task, "reason": "It is done."}),
    ]
    answers = await call_tools(visitor.address, made["token"], *changes)
    return answers[0]["proposal_id"]


async def _save_filters(visitor: Visitor) -> str:
    """Save two filters, one in the side bar; returns the one with sections and groups."""
    made = {"name": "By area", "query": "* group:area, is:overdue, is:habit", "favourite": True}
    saved = await visitor.api("POST", "/filters", made)
    await visitor.api("POST", "/filters", {"name": LONG, "query": f'"{LONG}" | {LONG}'})
    return saved["id"]


async def _plan(visitor: Visitor, area: str) -> tuple[str, str]:
    goal = {"title": "Run a half marathon", "area_id": area, "hours_per_week": 3}
    made = await visitor.api("POST", "/goals/decompose", {"goal": goal})
    await visitor.api("POST", f"/proposals/{made['proposal']['id']}/apply")
    return made["goal"]["id"], made["proposal"]["id"]


async def _measure(visitor: Visitor, area: str) -> str:
    """Make a goal that has lost its path, with numbers and a path changed before."""
    day = date.fromisoformat(await visitor.today())
    goal = {
        "title": "Run 24 times before spring",
        "area_id": area,
        "kind": "habit",
        "start_value": 0,
        "target_value": 24,
        "target_unit": "runs",
        "start_date": (day - timedelta(days=30)).isoformat(),
        "target_date": (day + timedelta(days=26)).isoformat(),
    }
    goal_id = (await visitor.api("POST", "/goals", goal))["id"]
    for back, runs in ((28, 1), (20, 3), (9, 2)):
        point = {"value": runs, "day": (day - timedelta(days=back)).isoformat()}
        await visitor.api("POST", f"/goals/{goal_id}/data-points", point)
    ease = {"change": {"kind": "adjust", "target_value": 20}, "reason": "A long cold"}
    await visitor.api("POST", f"/goals/{goal_id}/path", ease)
    return goal_id


async def _fill_the_day(visitor: Visitor, goal: str, project: str) -> str:
    """Add tasks of every look, do two of them and throw one away; returns the richest."""
    rich = await visitor.add_task(
        "Choose the tiles",
        project_id=project,
        priority=1,
        duration_minutes=90,
        deadline="2030-01-01",
        labels=["shopping", "needs a car"],
        notes="Matt, not shiny.",
    )
    for title in ("Grout", "Spacers"):
        await visitor.api("POST", "/tasks", {"title": title, "parent_id": rich["id"]})
    await _write_beside(visitor, rich["id"], goal)
    await visitor.add_task(LONG, priority=2, labels=[LONG[:40]])
    late = {"kind": "date", "date": "2026-01-02"}
    await visitor.add_task("Answer the landlord", due=late, goal_id=goal)
    for title in ("Stretch", "Call Mum"):
        done = await visitor.add_task(title, goal_id=goal)
        await visitor.api("POST", f"/tasks/{done['id']}/complete")
    thrown = await visitor.add_task("Buy a treadmill")
    await visitor.api("DELETE", f"/tasks/{thrown['id']}")
    await visitor.api("POST", "/tasks", {"title": "Look up night trains"})
    return rich["id"]


async def _keep_habits(visitor: Visitor, area: str) -> str:
    """Keep a habit of every look, one of them for weeks; returns that one."""
    today = date.fromisoformat(await visitor.today())
    often = {"kind": "quota", "times": 3}
    habits: list[dict[str, Any]] = [
        {"title": "Run or swim", "area_id": area, "period": "week", "schedule": often},
        {"title": "Read before sleep", "type": "duration", "target": 20, "window": "night"},
        {"title": f"At most two {LONG}", "type": "at_most", "target": 2, "unit": "cups"},
        {"title": "No phone in bed", "type": "avoid", "area_id": area},
        {"title": "Call Mum", "period": "week"},
    ]
    ids = [(await visitor.api("POST", "/habits", habit))["id"] for habit in habits]
    for ago in [*range(0, 60, 2), 61, 63, 70]:
        day = (today - timedelta(days=ago)).isoformat()
        await visitor.api("POST", f"/habits/{ids[0]}/check-ins", {"day": day})
    skipped = (today - timedelta(days=5)).isoformat()
    await visitor.api("POST", f"/habits/{ids[0]}/skip", {"day": skipped, "reason": "Ill"})
    pause = {"first_day": (today - timedelta(days=69)).isoformat(), "reason": "Holiday"}
    pause["last_day"] = (today - timedelta(days=64)).isoformat()
    await visitor.api("POST", f"/habits/{ids[0]}/pauses", pause)
    long_ago = (today - timedelta(days=1)).isoformat()
    await visitor.api("POST", f"/habits/{ids[1]}/check-ins", {"day": long_ago, "amount": 10})
    await visitor.api("POST", f"/habits/{ids[1]}/check-ins", {"amount": 5})
    return ids[0]


MARKDOWN = f"""## Tiles
*Matt*, **not** shiny, `10 x 10`. See https://example.org/{LONG}
- [x] measured
- [ ] ordered
  1. samples

> Ask before noon.

| colour | price |
|---|---|
| sage | 31 |
"""


async def _write_beside(visitor: Visitor, task: str, goal: str) -> None:
    """Write notes and comments, keep a template, and let something wait and something start."""
    for target in ({"task_id": task}, {"goal_id": goal}, {}):
        note = {"title": "What we know", "body": MARKDOWN, "pinned": target == {}, **target}
        await visitor.api("POST", "/notes", note)
    for body in ("Sage or sand?", f"**Sage**, {LONG}"):
        await visitor.api("POST", "/comments", {"task_id": task, "body": body})
    await visitor.api("POST", f"/tasks/{task}/template", {"description": "For *any* room."})
    await visitor.api("POST", "/tasks", {"title": "Permit", "waiting_until": "2026-01-02"})
    later = {"kind": "date", "date": "2099-01-01"}
    await visitor.api("POST", "/tasks", {"title": "Service the boiler", "start": later})


async def settle(visitor: Visitor) -> None:
    """Wait until the page has read what it shows."""
    await visitor.page.wait_for_load_state("networkidle")
    await expect(visitor.page.locator(".skeleton")).to_have_count(0)
