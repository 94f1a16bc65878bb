"""Repeating tasks in the browser: choosing how, seeing when, skipping, and stopping."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Visit


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
async def test_a_task_is_made_to_repeat(
    visit: Visit, artefacts: Path, width: int, scheme: str
) -> None:
    visitor = await visit(width=width)
    page = visitor.page
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    task = await visitor.add_task("Water the plants")
    await visitor.open("/")
    await page.get_by_text("Water the plants", exact=True).click()
    repeats = page.get_by_label("Repeats", exact=True)
    await repeats.select_option("Every day")
    await expect(page.get_by_text("and so on", exact=False)).to_be_visible()
    await repeats.select_option("Something else…")
    await page.get_by_label("How many", exact=True).fill("2")
    await page.keyboard.press("Tab")
    await page.get_by_label("Of what").select_option("weeks")
    await page.get_by_label("Ends", exact=True).select_option("So many times")
    await page.get_by_label("How many times", exact=True).fill("3")
    await page.keyboard.press("Tab")
    await expect(page.get_by_text("then no more", exact=False)).to_be_visible()
    await page.screenshot(path=artefacts / f"repeating-{width}-{scheme}.png")
    overflow = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not await page.evaluate(overflow)
    # The fields scroll within the sheet; the sheet ends at its foot, but for its borders.
    sheet = "dialog => dialog.scrollHeight - dialog.clientHeight"
    assert await page.get_by_role("dialog").evaluate(sheet) < 8
    await page.get_by_role("button", name="Close").click()
    await expect(visitor.row("Water the plants").get_by_text("every 2 weeks")).to_be_visible()
    await page.screenshot(path=artefacts / f"repeating-row-{width}-{scheme}.png")
    series = (await visitor.tasks())["Water the plants"]["series_id"]
    assert (await visitor.api("GET", f"/series/{series}"))["rule"].endswith("COUNT=3")
    await visitor.row("Water the plants").get_by_role("checkbox").click()
    await expect(page.get_by_text("Completed “Water the plants”")).to_be_visible()
    following = (await visitor.tasks())["Water the plants"]
    assert following["id"] != task["id"]
    assert following["due"]["date"] > task["due"]["date"]


async def test_one_is_skipped_and_the_rest_stopped(visit: Visit) -> None:
    visitor = await visit()
    page = visitor.page
    repeat = {"rule": "FREQ=WEEKLY"}
    task = await visitor.add_task("Call Mum", repeat=repeat)
    await visitor.open(f"/?task={task['id']}")
    await page.get_by_role("button", name="Skip this one").click()
    await expect(page.get_by_text("Skipped “Call Mum”").first).to_be_visible()
    following = (await visitor.tasks())["Call Mum"]
    await visitor.open(f"/?task={following['id']}")
    await page.get_by_text("All", exact=True).click()
    await page.get_by_label("Priority").select_option("1, highest")
    await expect(page.get_by_text("Saved.")).to_be_visible()
    await page.get_by_role("button", name="Delete", exact=True).click()
    await page.get_by_role("button", name="All to come").click()
    await expect(page.get_by_text("Moved “Call Mum” to the trash")).to_be_visible()
    assert await visitor.tasks() == {}
    series = await visitor.api("GET", f"/series/{task['series_id']}")
    assert series["finished_at"] is not None


async def test_upcoming_says_once_what_comes_each_day(visit: Visit) -> None:
    visitor = await visit(width=360)
    page = visitor.page
    await visitor.add_task("Water the plants", repeat={"rule": "FREQ=DAILY"})
    await visitor.add_task("Put the bins out", repeat={"rule": "FREQ=WEEKLY"})
    await visitor.open("/upcoming")
    again = page.get_by_label("Again and again")
    await expect(again).to_contain_text("Water the plants every day")
    await expect(visitor.row("Water the plants")).to_have_count(1)
    # The one that is rare keeps its day next week.
    await expect(page.get_by_role("list", name="Repeating on")).to_have_count(1)
    await again.get_by_role("button", name="Show them each day").click()
    await expect(page.get_by_role("list", name="Repeating on")).to_have_count(13)
    await page.reload()
    await again.get_by_role("button", name="Name them once").click()
    await expect(page.get_by_role("list", name="Repeating on")).to_have_count(1)
