"""One typed line: what is understood shows as chips, and Enter adds it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from playwright.async_api import Locator, Page, Route, expect

from tests.browser.conftest import Visit
from tests.browser.test_looks import flaws_of
from tests.browser.visitor import Visitor

STRETCH = "Stretch tomorrow 7am #health"


async def type_line(visitor: Visitor, text: str) -> None:
    """Type into the box of the page, and wait until the answer shows."""
    box = visitor.page.get_by_role("textbox", name="New task")
    await box.fill("")
    await box.press_sequentially(text)
    await expect(visitor.page.get_by_test_id("understood")).to_be_visible()


def chip(page: Page, text: str) -> Locator:
    return page.get_by_role("button", name=f"Keep “{text}” in the title")


async def in_one_day(visitor: Visitor) -> str:
    return (date.fromisoformat(await visitor.today()) + timedelta(days=1)).isoformat()


async def test_enter_adds_what_the_chips_show(visit: Visit) -> None:
    visitor = await visit()
    area = await visitor.api("POST", "/areas", {"name": "Fitness", "color": "health"})
    project = await visitor.api("POST", "/projects", {"name": "Health", "area_id": area["id"]})
    await visitor.open("/today")
    await type_line(visitor, STRETCH)
    await expect(chip(visitor.page, "tomorrow 7am")).to_have_text("tomorrow 7am")
    await expect(chip(visitor.page, "#health")).to_have_text("health")
    await expect(chip(visitor.page, "#health")).to_have_attribute("data-hue", "health")
    await visitor.page.keyboard.press("Enter")
    await expect(visitor.page.get_by_text("Added “Stretch”")).to_be_visible()
    await expect(visitor.page.get_by_role("textbox", name="New task")).to_have_value("")
    task = (await visitor.tasks())["Stretch"]
    when = {"kind": "floating", "date": await in_one_day(visitor), "time": "07:00"}
    assert (task["due"], task["project_id"]) == (when, project["id"])


async def test_a_chip_puts_its_words_back_into_the_title(visit: Visit) -> None:
    visitor = await visit()
    await visitor.open("/inbox")
    await type_line(visitor, "Watch The Day After Tomorrow p1")
    await chip(visitor.page, "The Day After Tomorrow").click()
    await expect(chip(visitor.page, "p1")).to_be_visible()
    await expect(chip(visitor.page, "The Day After Tomorrow")).to_have_count(0)
    await visitor.page.get_by_role("button", name="Add", exact=True).click()
    await expect(visitor.row("Watch The Day After Tomorrow")).to_be_visible()
    task = (await visitor.tasks())["Watch The Day After Tomorrow"]
    assert (task["due"], task["priority"]) == (None, 1)


async def test_an_unknown_project_is_made_when_asked_for(visit: Visit) -> None:
    visitor = await visit()
    await visitor.open("/today")
    await type_line(visitor, "Rake leaves #Garden")
    assert (await visitor.api("GET", "/projects"))["items"] == []
    await visitor.page.get_by_role("button", name="Create the project “Garden”").click()
    await expect(chip(visitor.page, "#Garden")).to_be_visible()
    await visitor.page.get_by_role("textbox", name="New task").press("Enter")
    await expect(visitor.row("Rake leaves")).to_be_visible()


async def test_what_was_added_says_where_it_went_and_leads_there(visit: Visit) -> None:
    visitor = await visit(width=360)
    page = visitor.page
    await visitor.api("POST", "/projects", {"name": "Garden"})
    await visitor.open("/inbox")
    await type_line(visitor, "Look up night trains")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Added “Look up night trains” to the inbox")).to_be_visible()
    await page.get_by_role("button", name="Open", exact=True).click()
    sheet = page.get_by_role("dialog")
    await expect(sheet.get_by_label("Title")).to_have_value("Look up night trains")
    await sheet.get_by_role("button", name="Close").click()
    await type_line(visitor, "Rake leaves tomorrow #Garden")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Added “Rake leaves” to “Garden” for tomorrow")).to_be_visible()
    await page.get_by_role("button", name="Undo", exact=True).click()
    await expect(page.get_by_text("Undone.")).to_be_visible()
    assert "Rake leaves" not in await visitor.tasks()


async def test_without_an_answer_the_line_is_the_title(visit: Visit) -> None:
    visitor = await visit()
    await visitor.open("/today")

    async def refuse(route: Route) -> None:
        await route.abort()

    await visitor.page.route("**/api/v1/quick-add**", refuse)
    box = visitor.page.get_by_role("textbox", name="New task")
    await box.press_sequentially("Call Mum tomorrow")
    await box.press("Enter")
    await expect(visitor.row("Call Mum tomorrow")).to_be_visible()
    visitor.forgive("/quick-add")


async def test_the_box_can_be_read_by_everybody(visit: Visit, artefacts: Path) -> None:
    visitor = await visit()
    await visitor.api("POST", "/areas", {"name": "Health", "color": "health"})
    await visitor.open("/today")
    await type_line(visitor, "Water the plants every! 3 days at 7am #health @home p2 #Garden")
    await expect(chip(visitor.page, "#health")).to_be_visible()
    assert await flaws_of(visitor, "quick-add", artefacts) == []
