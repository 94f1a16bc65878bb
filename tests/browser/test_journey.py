"""The first hour with SelfOS, in a browser, with no key and no network."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.conftest import OpenProfile, Visit, serving
from tests.browser.visitor import Visitor
from tests.factories import PASSWORD
from tests.programs import eventually

GOAL = "Run a half marathon"
EDITED = "Buy shoes that fit my feet"


async def create_the_first_account(page: Page) -> None:
    await expect(page.get_by_text("The first account owns this instance.")).to_be_visible()
    await page.get_by_label("Your name").fill("Ada Lovelace")
    await page.get_by_label("E-mail").fill("ada@example.org")
    await page.locator("input[name=password]").fill(PASSWORD)
    await page.get_by_role("button", name="Create my SelfOS").click()


async def choose_areas_and_write_a_goal(page: Page) -> None:
    await page.get_by_role("button", name="Go on").click()
    await expect(page.get_by_text("Which parts of your life matter now?")).to_be_visible()
    await page.get_by_role("button", name="Mind", exact=False).click()
    await expect(page.get_by_text("4 chosen")).to_be_visible()
    await page.get_by_role("button", name="Go on").click()
    await page.get_by_label("What should be true?").fill(GOAL)
    await page.get_by_label("Life area").select_option("Health")
    await page.get_by_role("button", name="Draft a plan").click()


async def edit_a_line_and_apply(page: Page) -> None:
    await expect(page.get_by_text("Built-in planner", exact=False).first).to_be_visible()
    first = page.locator(".line").first
    await first.get_by_label("Title of the step").fill(EDITED)
    await page.keyboard.press("Enter")
    await first.get_by_label("Due date of").fill(await today_of(page))
    await page.keyboard.press("Tab")
    await page.locator(".line").last.get_by_role("checkbox").uncheck()
    await page.get_by_role("button", name="Apply the plan").click()


async def today_of(page: Page) -> str:
    return await page.evaluate("new Intl.DateTimeFormat('sv').format(new Date())")


async def complete_by_keyboard(page: Page) -> None:
    tick = page.get_by_role("checkbox", name=EDITED)
    await expect(tick).not_to_be_checked()
    await page.keyboard.press("j")
    await page.keyboard.press("e")
    await expect(tick).to_be_checked()
    await expect(page.get_by_text(f"Completed “{EDITED}”")).to_be_visible()
    await page.get_by_role("button", name="Undo").click()
    await expect(page.get_by_text("Undone.")).to_be_visible()
    await expect(tick).not_to_be_checked()
    await page.keyboard.press("j")
    await page.keyboard.press("e")
    await expect(tick).to_be_checked()


async def read_the_story(visitor: Visitor) -> None:
    page = visitor.page
    # What was undone may just be gone from the story, and what was done again not told yet.
    visitor.tolerated = ("/api/v1/stories/",)
    await page.keyboard.press("g")
    await page.keyboard.press("s")
    await page.locator("a.story").first.click()
    story = page.get_by_role("article")
    await expect(story).to_contain_text(EDITED)
    sentences = await story.locator(".sentence").count()
    assert sentences > 0
    assert await story.locator(".sentence button").count() == sentences, "each names its sources"
    await story.locator(".sentence button").first.focus()
    await expect(page.locator(".sources li.lit").first).to_contain_text(EDITED)


@pytest.fixture
async def first_visitor(open_profile: OpenProfile) -> AsyncGenerator[Visitor]:
    """Somebody at a server nobody has used yet, in a browser that reaches nothing else."""
    async with serving() as address:
        visitor = await open_profile(address)

        async def keep_inside(route: Route) -> None:
            if route.request.url.startswith(address):
                await route.continue_()
            else:
                visitor.complaints.append(f"left home: {route.request.url}")
                await route.abort()

        await visitor.context.route("**/*", keep_inside)
        yield visitor
        await visitor.page.close()


async def test_first_run_to_story_without_key_or_network(first_visitor: Visitor) -> None:
    page = first_visitor.page
    await page.goto(first_visitor.address)
    await create_the_first_account(page)
    await choose_areas_and_write_a_goal(page)
    await edit_a_line_and_apply(page)
    await expect(page.get_by_role("heading", level=1)).to_contain_text("One thing matters today.")
    await complete_by_keyboard(page)
    await read_the_story(first_visitor)


async def test_a_story_taken_back_and_told_again_comes_to_the_page_that_waits_for_it(
    visit: Visit,
) -> None:
    visitor = await visit()
    visitor.tolerated = ("/api/v1/stories/",)
    task = await visitor.add_task("Swim")

    async def told() -> list[str]:
        return [story["id"] for story in (await visitor.api("GET", "/stories"))["items"]]

    async def untold() -> bool:
        return not await told()

    await visitor.api("POST", f"/tasks/{task['id']}/complete")
    (story_id,) = await eventually(told)
    await visitor.api("POST", f"/tasks/{task['id']}/reopen")
    await eventually(untold)
    await visitor.page.goto(f"{visitor.address}/stories/{story_id}")
    await expect(visitor.page.get_by_text("There is no such story.")).to_be_visible()
    await visitor.api("POST", f"/tasks/{task['id']}/complete")
    await expect(visitor.page.get_by_role("article")).to_contain_text("Swim")
