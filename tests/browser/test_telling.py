"""Where and in which words one is told: the services of one person, the words of a workspace."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.test_looks import flaws_of
from tests.browser.visitor import PATIENCE_MS
from tests.fakes.loopback import serving


@asynccontextmanager
async def a_service() -> AsyncGenerator[tuple[int, asyncio.Queue[str]]]:
    """Run a chat on loopback; yields its port, and the titles of what comes."""
    told: asyncio.Queue[str] = asyncio.Queue()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.partition("content-length: ")[2].partition("\r\n")[0])
        told.put_nowait(json.loads(await reader.readexactly(length))["title"])
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()

    async with serving(serve) as port:
        yield port, told


async def test_a_chat_is_added_tried_told_less_and_taken_off(visit: Visit, artefacts: Path) -> None:
    visitor = await visit()
    page = visitor.page
    async with a_service() as (port, told):
        await visitor.open("/settings/notifications")
        await page.get_by_role("button", name="Add a service").click()
        await page.get_by_label("Name", exact=True).fill("Family")
        await page.get_by_label("Apprise URL").fill(f"json://127.0.0.1:{port}/")
        await page.get_by_role("button", name="Add", exact=True).click()
        await page.get_by_role("button", name="Send a test to Family").click()
        assert await asyncio.wait_for(told.get(), PATIENCE_MS / 1_000) == "This is a test"
        await page.get_by_text("What was sent").click()
        await expect(page.get_by_role("listitem").filter(has_text="Chat, sent")).to_be_visible()
    place = page.get_by_role("listitem").filter(has_text="Family")
    await place.get_by_text("Is told").click()
    await place.get_by_label("All that goes to chats").uncheck()
    await place.get_by_label("Messages and tests").uncheck()
    await expect(place).not_to_contain_text("Is told all")
    await expect(place.get_by_label("Plan of the morning")).to_be_checked()
    assert await flaws_of(visitor, "settings-chats", artefacts) == []
    (kept,) = (await visitor.api("GET", "/notifications/destinations"))["items"]
    assert "message" not in kept["kinds"]
    await page.get_by_role("button", name="Take off Family").click()
    await expect(place).to_have_count(0)


async def test_words_are_tried_seen_as_a_mail_saved_and_taken_back(
    visit: Visit, artefacts: Path
) -> None:
    visitor = await visit()
    visitor.tolerated = ("422",)
    await visitor.open("/settings/words")
    page = visitor.page
    await page.get_by_label("Title", exact=True).fill("Psst: {{ titel }}")
    await page.get_by_role("button", name="Preview").click()
    await expect(page.get_by_role("alert")).to_contain_text("There is no “titel” here")
    await page.get_by_label("Title", exact=True).fill("Psst: {{ title }}")
    await page.get_by_role("button", name="Preview").click()
    await expect(page.get_by_label("Preview", exact=True)).to_contain_text("Psst: Call Ada")
    mail = page.frame_locator("iframe")
    await expect(mail.get_by_role("heading", name="Psst: Call Ada")).to_be_visible()
    await page.get_by_label("in the dark").check()
    await expect(mail.locator("meta[name=color-scheme]")).to_have_attribute("content", "dark")
    assert await flaws_of(visitor, "settings-words", artefacts) == []
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Version 1.", exact=False)).to_be_visible()
    await page.get_by_role("button", name="Back to the built-in words").click()
    await expect(page.get_by_label("Title", exact=True)).to_have_value("{{ title }}")
