"""A hand-ordered list is ordered without dragging: by keys and by buttons."""

from __future__ import annotations

from playwright.async_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

TITLES = ["Measure", "Draw", "Order"]


async def project_with_tasks(visitor: Visitor) -> str:
    project = await visitor.api("POST", "/projects", {"name": "Renovate the kitchen"})
    for title in TITLES:
        await visitor.add_task(title, project_id=project["id"])
    return f"/projects/{project['id']}"


def rows(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("list", name="Tasks").locator(".title")


async def test_keys_and_buttons_move_a_task(visit: Visit) -> None:
    visitor = await visit()
    page = visitor.page
    await visitor.open(await project_with_tasks(visitor))
    await expect(rows(visitor)).to_have_text(TITLES)
    await page.keyboard.press("j")
    await page.keyboard.press("Shift+J")
    await expect(rows(visitor)).to_have_text(["Draw", "Measure", "Order"])
    await visitor.page.locator("[data-row]").filter(has_text="Order").click()
    await page.get_by_role("dialog").get_by_role("button", name="Move up").click()
    await page.keyboard.press("Escape")
    await expect(rows(visitor)).to_have_text(["Draw", "Order", "Measure"])
    await page.reload()
    await expect(rows(visitor)).to_have_text(["Draw", "Order", "Measure"])
