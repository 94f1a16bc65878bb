"""The built web app in a real Chromium, against a real `selfos serve` with its own data.

One server and one browser serve all tests; each visitor has a browser profile of their own.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright, expect

from selfos.edge.pages import STATIC
from tests.browser.visitor import PATIENCE_MS, Visitor, open_visitor
from tests.fakes.vendors import FakeVendor
from tests.programs import untraced

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MODEL = "gpt-5-mini"
# Hundreds of pictures take their time, and without a name for their folder nobody looks at them.
PICTURES_ARE_KEPT = "ARTEFACTS" in os.environ
START_SECONDS = 120
STOP_SECONDS = 30


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


@contextmanager
def open_folder() -> Generator[Path]:
    """A folder that PostgreSQL's own user may enter, which pytest's are not."""
    with tempfile.TemporaryDirectory(prefix="selfos-browser-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        yield Path(name)


@contextmanager
def serving(**settings: str) -> Generator[str]:
    """Run `selfos serve` on data of its own, with these variables; yields its address."""
    if not (STATIC / "index.html").exists():
        pytest.fail("The web app is not built. Run `tools/npm.sh run build`, or `make test`.")
    program = Path(sys.executable).with_name("selfos")
    with (
        open_folder() as folder,
        subprocess.Popen(
            [program, "serve", "--port", "0", "--data", folder / "data"],
            env=untraced(**{"SELFOS_LOG_LEVEL": "warning", **settings}),
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as server,
    ):
        # Its children hold the pipe open too, and would have us wait for ever.
        stuck = threading.Timer(START_SECONDS, os.killpg, (server.pid, signal.SIGKILL))
        stuck.start()
        address = _read_address(server)
        stuck.cancel()
        try:
            yield address
        finally:
            server.send_signal(signal.SIGTERM)
            status = server.wait(STOP_SECONDS)
        # Having drained, the server ends by the signal that asked it to.
        assert status in (0, -signal.SIGTERM), f"the server ended with {status}"


def _read_address(server: subprocess.Popen[str]) -> str:
    """Wait for the line that names the address, then keep the pipe from filling up."""
    assert server.stderr is not None
    said: list[str] = []
    for line in server.stderr:
        said.append(line)
        found = re.search(r"SelfOS is ready: (http://\S+)", line)
        if found:
            threading.Thread(target=server.stderr.read, daemon=True).start()
            return found[1]
    pytest.fail(f"the server did not start:\n{''.join(said)}")


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of the server that all visitors share."""
    with serving() as address:
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
def thinking_server(running_vendor: FakeVendor) -> Iterator[str]:
    """The address of a second server, with a model connected."""
    first = {
        "kind": "openai",
        "base_url": running_vendor.url,
        "api_key": "key",
        "models": [MODEL],
    }
    with serving(SELFOS_AI_PROVIDERS=json.dumps({"first": first})) as address:
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
    assert [complaint for visitor in visitors for complaint in visitor.complaints] == []


@pytest.fixture
def visit(open_profile: OpenProfile, server: str) -> Visit:
    """Open a browser profile with an account of its own on the shared server."""

    async def open_one(*, width: int = 1280) -> Visitor:
        visitor = await open_profile(server, width=width)
        await visitor.register()
        return visitor

    return open_one
