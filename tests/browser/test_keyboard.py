"""Everything by keyboard, and nothing by accident."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

TITLES = ("Call Mum", "Water the plants", "Write to Grace")


@pytest.fixture
async def day(visit: Visit) -> Visitor:
    """A visitor whose day holds three tasks."""
    visitor = await visit()
    for title in TITLES:
        await visitor.add_task(title)
    await visitor.open("/today")
    await expect(visitor.row(TITLES[2])).to_be_visible()
    return visitor


def tick(page: Page, title: str) -> Locator:
    return page.get_by_role("checkbox", name=title)


async def focused_text(page: Page) -> str:
    return await page.evaluate("document.activeElement.textContent.trim()")


async def test_j_and_k_walk_the_rows(day: Visitor) -> None:
    visited: list[str] = []
    for key in "jjjjkk":
        await day.page.keyboard.press(key)
        visited.append(await focused_text(day.page))
    first, second, third = TITLES
    assert visited == [first, second, third, third, second, first]


async def test_e_completes_z_undoes_and_e_reopens(day: Visitor) -> None:
    page = day.page
    await page.keyboard.press("j")
    await page.keyboard.press("e")
    await expect(tick(page, TITLES[0])).to_be_checked()
    await expect(page.get_by_text(f"Completed “{TITLES[0]}”")).to_be_visible()
    await page.keyboard.press("z")
    await expect(page.get_by_text("Undone.")).to_be_visible()
    await expect(tick(page, TITLES[0])).not_to_be_checked()
    assert (await day.tasks())[TITLES[0]]["completed_at"] is None


async def test_q_adds_a_task_that_outlives_a_reload(day: Visitor) -> None:
    page = day.page
    await page.keyboard.press("q")
    await page.keyboard.type("Buy oat milk")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Added “Buy oat milk”")).to_be_visible()
    await expect(page.get_by_role("textbox", name="New task")).to_have_value("")
    await page.reload()
    await expect(day.row("Buy oat milk")).to_be_visible()


async def test_the_sheet_of_shortcuts_opens_and_escape_returns_the_focus(day: Visitor) -> None:
    page = day.page
    await page.keyboard.press("j")
    await page.keyboard.press("?")
    sheet = page.get_by_role("dialog")
    await expect(sheet).to_contain_text("Undo the last change")
    await page.keyboard.press("j")
    await page.keyboard.press("e")
    await page.keyboard.press("Escape")
    await expect(sheet).to_be_hidden()
    assert await focused_text(page) == TITLES[0]
    await expect(tick(page, TITLES[0])).not_to_be_checked()


async def test_enter_opens_the_task_and_tab_stays_inside(day: Visitor) -> None:
    page = day.page
    await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog").get_by_label("Title")).to_have_value(TITLES[0])
    for _ in range(40):
        await page.keyboard.press("Tab")
        inside = "!document.hasFocus() || !!document.activeElement.closest('dialog, body:focus')"
        assert await page.evaluate(inside), "the focus left the dialog"
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()


async def test_letters_are_letters_while_typing(day: Visitor) -> None:
    page = day.page
    box = page.get_by_role("textbox", name="New task")
    await page.keyboard.press("q")
    await page.keyboard.type("qjkezx?gg1")
    await expect(box).to_have_value("qjkezx?gg1")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.url.endswith("/today")
    await box.clear()
    await page.keyboard.press("Escape")
    assert await page.evaluate("document.activeElement === document.body")
    assert all(task["completed_at"] is None for task in (await day.tasks()).values())


async def test_letters_can_be_turned_off(day: Visitor) -> None:
    page = day.page
    await day.open("/settings/appearance")
    await page.get_by_label("letter", exact=False).uncheck()
    await day.open("/today")
    await expect(day.row(TITLES[0])).to_be_visible()
    await page.keyboard.press("j")
    await page.keyboard.press("e")
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await expect(tick(page, TITLES[0])).not_to_be_checked()


async def test_a_click_after_adding_is_not_lost(day: Visitor) -> None:
    """The add box folds when it is left, and may not move the row from under the pointer."""
    page = day.page
    await page.get_by_role("textbox", name="New task").first.fill("Buy oat milk")
    await page.keyboard.press("Enter")
    await expect(day.row("Buy oat milk")).to_be_visible()
    await day.row(TITLES[2]).click()
    await expect(page.get_by_role("dialog")).to_contain_text("Labels")
