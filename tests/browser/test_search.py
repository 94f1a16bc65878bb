"""Finding things: by the palette, by filters, and what becomes of a wrong one."""

from __future__ import annotations

import asyncio

from playwright.async_api import Route, expect

from tests.browser.conftest import Visit


async def test_a_search_becomes_a_filter_in_the_side_bar(visit: Visit) -> None:
    visitor = await visit()
    page = visitor.page
    for title, priority in (("Buy oat milk", 1), ("Cook oats", 4)):
        await visitor.add_task(title, priority=priority)
    await visitor.open("/today")
    await page.keyboard.press("/")
    box = page.get_by_role("searchbox", name="Search")
    await expect(box).to_be_focused()
    await box.fill("oat prioritty:1")
    await expect(page.get_by_text("did you mean")).to_be_visible()
    await page.get_by_role("button", name="Use priority").click()
    await expect(box).to_have_value("oat priority:1")
    await expect(visitor.row("Buy oat milk")).to_be_visible()
    await expect(visitor.row("Cook oats")).to_have_count(0)
    visitor.forgive("422")
    await page.get_by_role("button", name="Save as filter").click()
    await page.get_by_label("Name").fill("Oats first")
    await page.get_by_role("button", name="Save", exact=True).click()
    await page.get_by_role("navigation", name="Main").get_by_role("link", name="Oats first").click()
    await expect(page.get_by_role("heading", name="Oats first")).to_be_visible()
    await expect(visitor.row("Buy oat milk")).to_be_visible()


async def test_a_search_says_at_once_that_it_looks(visit: Visit) -> None:
    visitor = await visit()
    page = visitor.page
    answer = asyncio.Event()

    async def wait(route: Route) -> None:
        await answer.wait()
        await route.continue_()

    await page.route("**/api/v1/filters/preview**", wait)
    await page.goto(f"{visitor.address}/search?q=p1%20is%3Adne")
    await expect(page.get_by_text("Looking…")).to_be_visible()
    answer.set()
    await expect(page.get_by_text("did you mean done?")).to_be_visible()
    await expect(page.get_by_text("Looking…")).to_have_count(0)
    visitor.forgive("422")


async def test_a_filter_of_habits_is_a_list_to_check_off(visit: Visit) -> None:
    visitor = await visit()
    page = visitor.page
    await visitor.add_task("Buy oat milk", priority=1)
    for title in ("Read", "Swim"):
        await visitor.api("POST", "/habits", {"title": title})
    query = "p1, is:habit is:due"
    saved = await visitor.api("POST", "/filters", {"name": "Morning", "query": query})
    await visitor.open(f"/filters/{saved['id']}")
    await expect(visitor.row("Buy oat milk")).to_be_visible()
    habits = page.get_by_role("group", name="is:habit is:due")
    await expect(habits.get_by_role("link")).to_have_count(2)
    await habits.get_by_role("checkbox", name="Check Read").click()
    await expect(habits.get_by_role("link")).to_have_count(1)
    await expect(habits.get_by_role("link", name="Swim")).to_be_visible()


async def test_the_palette_finds_what_is_not_on_the_page(visit: Visit) -> None:
    visitor = await visit()
    page = visitor.page
    await visitor.api("POST", "/notes", {"title": "Café list", "body": "Vienna"})
    await visitor.api("POST", "/tasks", {"title": "Renew the passport", "notes": "Kafé first"})
    await visitor.open("/goals")
    await page.keyboard.press("Control+k")
    await page.keyboard.type("cafe")
    await expect(page.get_by_role("option", name="Café list")).to_be_visible()
    await page.keyboard.press("Control+a")
    await page.keyboard.type("passp")
    option = page.get_by_role("option", name="Renew the passport")
    await expect(option).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog").get_by_label("Title")).to_have_value(
        "Renew the passport"
    )


async def test_goals_and_habits_are_asked_on_their_own_pages_and_the_question_is_kept(
    visit: Visit,
) -> None:
    visitor = await visit(width=360)
    page = visitor.page
    for title in ("Run a marathon", "Read"):
        await visitor.api("POST", "/goals", {"title": title})
        await visitor.api("POST", "/habits", {"title": title})
    await visitor.open("/goals")
    box = page.get_by_role("searchbox", name="Ask your goals")
    await box.fill("marathon pase:behind")
    await page.get_by_role("button", name="Use pace").click()
    await expect(page.get_by_text("No goal is found by")).to_be_visible()
    await box.fill("marathon no:date")
    await expect(page.get_by_role("link", name="Run a marathon")).to_be_visible()
    await expect(page.get_by_role("link", name="Read")).to_have_count(0)
    await page.get_by_role("button", name="Save as filter").click()
    await page.get_by_label("Name").fill("Someday")
    await page.get_by_role("button", name="Save", exact=True).click()
    await page.get_by_role("main").get_by_role("link", name="Someday").click()
    await expect(page.get_by_role("heading", name="Someday")).to_be_visible()
    await expect(page.get_by_role("link", name="Run a marathon")).to_be_visible()
    await visitor.open("/habits")
    await page.get_by_role("searchbox", name="Ask your habits").fill("read is:due")
    await expect(page.get_by_role("link", name="Read").first).to_be_visible()
    await expect(page.get_by_role("link", name="Run a marathon")).to_have_count(0)
    await page.get_by_role("button", name="How to ask").click()
    await page.get_by_role("button", name="window:morning | window:anytime").click()
    await expect(page.get_by_role("link", name="Run a marathon").first).to_be_visible()
    visitor.forgive("422")
