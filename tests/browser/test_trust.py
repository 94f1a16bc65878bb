"""What the page shows is what is true: failures, other tabs, lost connections, hostile text."""

from __future__ import annotations

import asyncio

from playwright.async_api import Page, WebSocketRoute, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import PATIENCE_MS

HOSTILE = '<img src=x onerror="alert(1)"><b>bold</b> {{7*7}} <script>alert(2)</script>'


async def test_a_tick_rolls_back_when_the_server_fails(visit: Visit) -> None:
    visitor = await visit()
    page = visitor.page
    task = await visitor.add_task("Call Mum")
    await visitor.open("/today")
    await page.route(f"**/tasks/{task['id']}/complete", lambda route: route.fulfill(status=500))
    tick = page.get_by_role("checkbox", name="Call Mum")
    await tick.click()
    await expect(page.get_by_role("alert")).to_contain_text("Something went wrong on the server.")
    await expect(tick).not_to_be_checked()
    await page.unroute_all()
    await tick.click()
    await expect(tick).to_be_checked()
    await expect(page.get_by_text("Completed “Call Mum”")).to_be_visible()
    visitor.forgive("500")


async def test_a_change_in_one_tab_appears_in_the_other(visit: Visit) -> None:
    visitor = await visit()
    await visitor.add_task("Call Mum")
    await visitor.open("/today")
    other = await visitor.new_tab("/today")
    await expect(other.get_by_role("checkbox", name="Call Mum")).not_to_be_checked()
    await visitor.page.get_by_role("checkbox", name="Call Mum").click()
    await expect(other.get_by_role("checkbox", name="Call Mum")).to_be_checked()
    await visitor.page.keyboard.press("z")
    await expect(other.get_by_role("checkbox", name="Call Mum")).not_to_be_checked()


class Wire:
    """The page's live connection, which can be cut."""

    def __init__(self) -> None:
        self.cut = False
        self.refused = asyncio.Event()
        self._open: WebSocketRoute | None = None

    async def watch(self, page: Page) -> None:
        await page.route_web_socket("**/api/v1/live*", self._connect)

    async def _connect(self, socket: WebSocketRoute) -> None:
        if self.cut:
            self.refused.set()
            await socket.close(code=1012)
            return
        socket.connect_to_server()
        self._open = socket

    async def drop(self) -> None:
        self.cut = True
        assert self._open is not None
        await self._open.close(code=1012)


async def test_a_lost_connection_comes_back_with_what_was_missed(visit: Visit) -> None:
    visitor = await visit()
    wire = Wire()
    await wire.watch(visitor.page)
    await visitor.open("/today")
    elsewhere = await visitor.new_tab("/today")
    await wire.drop()
    box = elsewhere.get_by_role("textbox", name="New task")
    await box.fill("Added while the line was down")
    await box.press("Enter")
    await expect(elsewhere.get_by_role("checkbox", name="Added while")).to_be_visible()
    await asyncio.wait_for(wire.refused.wait(), PATIENCE_MS / 1_000)
    await expect(visitor.page.get_by_role("checkbox", name="Added while")).to_be_hidden()
    wire.cut = False
    await expect(visitor.page.get_by_role("checkbox", name="Added while")).to_be_visible()


async def test_html_in_a_title_stays_text_everywhere(visit: Visit) -> None:
    visitor = await visit()
    page = visitor.page
    area = await visitor.api("POST", "/areas", {"name": HOSTILE[:100], "color": "mind"})
    goal = {"title": HOSTILE, "why": HOSTILE, "area_id": area["id"]}
    goal = await visitor.api("POST", "/goals", goal)
    task = await visitor.add_task(HOSTILE, notes=HOSTILE, goal_id=goal["id"])
    goal_page, task_dialog = f"/goals/{goal['id']}", f"/today?task={task['id']}"
    for path in ("/today", goal_page, "/history", "/areas", task_dialog):
        await visitor.open(path)
        await expect(page.get_by_text(HOSTILE[:60], exact=False).first).to_be_attached()
        assert await page.locator("img, b, #app script").count() == 0
    await page.keyboard.press("Escape")
    await page.get_by_role("checkbox", name="Complete").first.click()
    await expect(page.get_by_text(f"Completed “{HOSTILE}”")).to_be_visible()


async def test_signing_out_in_one_tab_signs_the_other_out(visit: Visit) -> None:
    visitor = await visit()
    await visitor.add_task("A private matter")
    await visitor.open("/today")
    other = await visitor.new_tab("/today")
    await expect(other.get_by_text("A private matter")).to_be_visible()
    await visitor.page.get_by_role("button", name="Sign out").click()
    for page in (visitor.page, other):
        await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        await expect(page.get_by_text("A private matter")).to_be_hidden()
    await other.go_back()
    await expect(other.get_by_text("A private matter")).to_be_hidden()
    # A tab may have been reading when its session ended.
    visitor.forgive("401")
