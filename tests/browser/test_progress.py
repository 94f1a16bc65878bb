"""Numbers at a glance: one's own, drawn and as sheets; a team's, with a yes to be counted."""

from __future__ import annotations

import asyncio
from pathlib import Path

from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor


async def sheet(visitor: Visitor, name: str) -> list[str]:
    """The lines of the sheet that a link brings."""
    async with visitor.page.expect_download() as download:
        await visitor.page.get_by_role("link", name=name, exact=True).click()
    found = await (await download.value).path()
    return (await asyncio.to_thread(Path(found).read_text, encoding="utf-8")).splitlines()


async def test_numbers_are_read_drawn_by_area_and_taken_away_as_sheets(visit: Visit) -> None:
    visitor = await visit(width=360)
    page = visitor.page
    areas = [
        (await visitor.api("POST", "/areas", {"name": name}))["id"] for name in ("Garden", "Work")
    ]
    for title, area in (("Plant", areas[0]), ("Water", areas[0]), ("Write", areas[1])):
        task = await visitor.add_task(title, area_id=area)
        await visitor.api("POST", f"/tasks/{task['id']}/complete", {})
    await visitor.add_task("Weed", area_id=areas[0])
    await visitor.open("/progress")
    await expect(page.get_by_text("Tasks done: 3 tasks.")).to_be_visible()
    assert (await sheet(visitor, "A year of days as CSV"))[0].startswith("day,")
    await page.get_by_label("Life area").select_option("Garden")
    await expect(page.get_by_text("Tasks done: 2 tasks.")).to_be_visible()
    await page.get_by_role("button", name="Planned and kept").click()
    await expect(page.get_by_text("planned 3 tasks; kept 2 tasks.")).to_be_visible()
    lines = await sheet(visitor, "CSV")
    assert lines[0] == 'first,last,Planned,"Planned, before",Kept,"Kept, before"'
    assert lines[-1].endswith(",3.0,,2.0,")
    year = page.get_by_role("region", name="A year of days")
    await year.get_by_role("button", name="Habits kept").click()
    await expect(page.get_by_text("Nothing on these days yet.")).to_be_visible()


async def test_a_team_is_told_in_numbers_and_whoever_says_yes_is_counted(visit: Visit) -> None:
    visitor = await visit(width=360)
    page = visitor.page
    await visitor.open("/settings/team")
    await expect(page.get_by_text("1 member, 0 agreed.")).to_be_visible()
    await expect(page.get_by_text("Not told: in no week have five people")).to_be_visible()
    await page.get_by_role("checkbox", name="Count me in").check()
    await expect(page.get_by_text("1 member, 1 agreed.")).to_be_visible()
    await page.get_by_role("button", name="By month").click()
    await page.get_by_role("button", name="Areas").click()
    await expect(page.get_by_text("Nobody has agreed before a week")).to_be_visible()
    assert (await sheet(visitor, "CSV"))[0] == "first,last"
