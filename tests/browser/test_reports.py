"""Reports and the year in review: turned by keys, kept as files made here."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor


async def kept(visitor: Visitor, name: str) -> bytes:
    """The file that a button makes."""
    async with visitor.page.expect_download() as download:
        await visitor.page.get_by_role("button", name=name).click()
    found = await (await download.value).path()
    return await asyncio.to_thread(Path(found).read_bytes)


async def test_a_year_and_a_report_are_read_and_kept_as_files(visit: Visit) -> None:
    visitor = await visit(width=360)
    task = await visitor.api("POST", "/tasks", {"title": "Plant the oak"})
    await visitor.api("POST", f"/tasks/{task['id']}/complete", {})
    await visitor.open(f"/years/{datetime.now(UTC).year}")
    page = visitor.page
    await expect(page.get_by_text("You did something on 1 day.")).to_be_visible()
    await page.get_by_role("group", name="Cards").focus()
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_text("2 of 3")).to_be_visible()
    await expect(page.get_by_text("This card rests on tasks done: 1.")).to_be_visible()
    assert (await kept(visitor, "This card as an image")).startswith(b"\x89PNG")
    assert (await kept(visitor, "All as PDF")).startswith(b"%PDF")
    made = await visitor.api("POST", "/reports", {"kind": "month"})
    await visitor.open(f"/reports/{made['id']}")
    assert (await kept(visitor, "PDF")).startswith(b"%PDF")
