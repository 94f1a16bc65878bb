"""The built web app in a real Chromium, against a real `selfos serve` with its own data.

One server and one browser serve all tests; each visitor has a browser profile of their own.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright, expect

from selfos.edge.pages import STATIC
from tests.browser.visitor import PATIENCE_MS, Visitor, open_visitor
from tests.fakes.vendors import FakeVendor
from tests.programs import new_place

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MODEL = "gpt-5-mini"
# Hundreds of pictures take their time, and without a name for their folder nobody looks at them.
PICTURES_ARE_KEPT = "ARTEFACTS" in os.environ
# Nobody opens forty pages a minute, as the tests do that look at each.
REQUESTS_PER_MINUTE = "6000"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; without one the tests are skipped, and fail where CI is true."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return found
    message = "THE BROWSER TESTS DO NOT RUN: no Chromium found. Run `make test`, or install one."
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
async def browser(chromium: str) -> AsyncGenerator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as engine:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = await engine.chromium.launch(executable_path=chromium, args=arguments)
        yield browser
        await browser.close()


@asynccontextmanager
async def serving(**settings: str) -> AsyncGenerator[str]:
    """Run `selfos serve` on data of its own, with these variables; yields its address."""
    if not (STATIC / "index.html").exists():
        pytest.fail("The web app is not built. Run `tools/npm.sh run build`, or `make test`.")
    usual = {
        "SELFOS_LOG_LEVEL": "warning",
        "SELFOS_WORKER_IN_SERVER": "true",
        "SELFOS_RATE_LIMIT_PER_MINUTE": REQUESTS_PER_MINUTE,
        # Chats that tests run on loopback.
        "SELFOS_NOTIFICATION_SETTINGS__CHAT_PRIVATE_NETWORKS": "true",
    }
    async with new_place() as place:
        server = place.start("serve", "--port", "0", **usual | settings)
        yield await server.heard("SelfOS is ready: ")
        server.stop()
        # Having drained, the server ends by the signal that asked it to.
        assert server.process.returncode in (0, -signal.SIGTERM), server.log.read_text()


@pytest.fixture(scope="session")
async def server() -> AsyncGenerator[str]:
    """The address of the server that all visitors share."""
    async with serving() as address:
        yield address


@pytest.fixture(scope="session")
async def running_vendor() -> AsyncGenerator[FakeVendor]:
    async with FakeVendor().running() as vendor:
        yield vendor


@pytest.fixture
def vendor(running_vendor: FakeVendor) -> FakeVendor:
    """The one whose models the thinking server asks, as new."""
    running_vendor.forget()
    return running_vendor


@pytest.fixture(scope="session")
async def thinking_server(running_vendor: FakeVendor) -> AsyncGenerator[str]:
    """The address of a second server, with a model connected."""
    first = {
        "kind": "openai",
        "base_url": running_vendor.url,
        "api_key": "key",
        "models": [MODEL],
    }
    async with serving(SELFOS_AI_PROVIDERS=json.dumps({"first": first})) as address:
        yield address


@pytest.fixture(scope="session")
def artefacts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pictures are kept; pytest keeps the folders of its last three runs."""
    kept = os.environ.get("ARTEFACTS")
    folder = Path(kept) if kept else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


OpenProfile = Callable[..., Awaitable[Visitor]]
Visit = Callable[..., Awaitable[Visitor]]


@pytest.fixture
async def open_profile(browser: Browser) -> AsyncGenerator[OpenProfile]:
    """Open browser profiles; at the end no page of theirs may have complained."""
    visitors: list[Visitor] = []

    async def open_one(address: str, *, width: int = 1280) -> Visitor:
        visitors.append(await open_visitor(browser, address, width=width))
        return visitors[-1]

    yield open_one
    for visitor in visitors:
        await visitor.context.close()
    complaints = [complaint for visitor in visitors for complaint in visitor.complaints]
    if complaints:
        pytest.fail("\n".join(["pages complained:", *complaints]))


@pytest.fixture
def visit(open_profile: OpenProfile, server: str) -> Visit:
    """Open a browser profile with an account of its own on the shared server."""

    async def open_one(*, width: int = 1280) -> Visitor:
        visitor = await open_profile(server, width=width)
        await visitor.register()
        return visitor

    return open_one
