"""Somebody at a browser: a profile, its pages, and what the pages complained about."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Response,
    expect,
)

from tests.factories import PASSWORD

HEIGHTS = {360: 780, 1280: 860}
# The machine may be busy with other tests; a page that is right shows it sooner.
PATIENCE_MS = 15_000
_numbers = itertools.count(1)

# Runs in the page, so the request carries what a browser's own request carries.
CALL_API = """async ([method, path, body]) => {
  const response = await fetch("/api/v1" + path, {
    method,
    headers: body === null ? {} : { "Content-Type": "application/json" },
    body: body === null ? null : JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === "" ? null : JSON.parse(text);
}"""


@dataclass
class Visitor:
    """A browser profile on one server; `page` is its first tab."""

    context: BrowserContext
    address: str
    page: Page
    complaints: list[str] = field(default_factory=list[str])
    email: str = ""
    tolerated: tuple[str, ...] = ()

    def watch(self, page: Page) -> None:
        """Note every error the page writes to its console."""
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("dialog", lambda dialog: self.complaints.append(f"dialog: {dialog.message}"))

    def _hear(self, message: ConsoleMessage) -> None:
        source = str(message.location.get("url", ""))
        # Asking who is signed in is how a page finds out that nobody is.
        signed_out = source.endswith("/api/v1/auth/me") and "401" in message.text
        complaint = f"{message.type} at {source}: {message.text}"
        if message.type not in ("error", "warning") or signed_out:
            return
        if not any(part in complaint for part in self.tolerated):
            self.complaints.append(complaint)

    async def new_tab(self, path: str) -> Page:
        """Open another tab of this profile."""
        page = await self.context.new_page()
        self.watch(page)
        await page.goto(self.address + path)
        return page

    async def open(self, path: str) -> None:
        """Go to an address of the app in the first tab and wait until its lists are read."""
        await self.page.goto(self.address + path)
        await self.page.locator("h1").wait_for()
        await expect(self.page.locator(".skeleton")).to_have_count(0)

    async def api(self, method: str, path: str, body: Any = None) -> Any:
        """Call the API as the page does; raises for an answer that is an error."""
        return await self.page.evaluate(CALL_API, [method, path, body])

    async def register(self, name: str = "Ada Lovelace") -> None:
        """Make an account and be signed in with it."""
        await self.page.goto(self.address + "/favicon.svg")
        self.email = f"visitor{next(_numbers)}@example.org"
        account = {
            "name": name,
            "email": self.email,
            "password": PASSWORD,
            "time_zone": "Europe/Berlin",
        }
        await self.api("POST", "/auth/register", account)

    async def sign_in_as(self, other: Visitor) -> None:
        """Use another visitor's account, as on a second device of theirs."""
        await self.page.goto(self.address + "/favicon.svg")
        self.email = other.email
        await self.api("POST", "/auth/login", {"email": self.email, "password": PASSWORD})

    async def today(self) -> str:
        """The date the pages call today."""
        return await self.page.evaluate("new Intl.DateTimeFormat('sv').format(new Date())")

    async def add_task(self, title: str, **fields: Any) -> Any:
        """Add a task; due today unless `fields` say otherwise."""
        due = {"kind": "date", "date": await self.today()}
        return await self.api("POST", "/tasks", {"title": title, "due": due, **fields})

    async def tasks(self) -> dict[str, Any]:
        """All tasks as the server has them, by title."""
        return {task["title"]: task for task in (await self.api("GET", "/tasks"))["items"]}

    def forgive(self, part: str) -> None:
        """Drop the complaints that a test provoked itself."""
        self.complaints[:] = [each for each in self.complaints if part not in each]

    def row(self, title: str) -> Locator:
        """The row of a task, by its whole title."""
        rows = self.page.locator(".row")
        return rows.filter(has=self.page.get_by_text(title, exact=True))


async def open_visitor(browser: Browser, address: str, *, width: int) -> Visitor:
    """Open a browser profile with calm motion, one tab and nothing remembered."""
    context = await browser.new_context(
        viewport={"width": width, "height": HEIGHTS[width]},
        locale="en-GB",
        timezone_id="Europe/Berlin",
        reduced_motion="reduce",
        has_touch=width < HEIGHTS[width],
    )
    context.set_default_timeout(PATIENCE_MS)
    visitor = Visitor(context, address, await context.new_page())
    visitor.watch(visitor.page)
    return visitor


class Transferred:
    """Sums up the scripts and styles that a page fetches."""

    def __init__(self, page: Page) -> None:
        self.responses: list[Response] = []
        page.on("response", self._note)

    def _note(self, response: Response) -> None:
        self.responses.append(response)

    async def bodies(self, suffix: str) -> dict[str, bytes]:
        """The files fetched so far whose address ends in `suffix`, by name."""
        return {
            response.url.rsplit("/", 1)[-1]: await response.body()
            for response in self.responses
            if response.url.endswith(suffix)
        }
