"""Real parts for every test: one embedded PostgreSQL a run, one migrated database a process.

Tests share their process's database and stay apart the way users do: each registers its own
people, and workspaces do not see each other. A test that needs an empty instance asks for
`fresh_database`.
"""

from __future__ import annotations

import asyncio
import fcntl
import gc
import io
import ipaddress
import os
import shutil
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from psycopg import sql
from pydantic import SecretStr

from selfos.edge.http import make_app
from selfos.edge.registry import TOOLS, make_jobs
from selfos.edge.server import working
from selfos.features.identity.passwords import HASHING
from selfos.kernel.context import utc_now
from selfos.kernel.core import Kernel, open_kernel
from selfos.kernel.embedded import Embedded, attach
from selfos.kernel.identifiers import new_id
from selfos.kernel.settings import NotificationSettings, Settings
from selfos.kernel.telemetry import configure_logging
from selfos.migrations.run import migrate
from tests.factories import Person, register
from tests.tracing import not_tracing

HERE = Path(__file__).parent
# What goes through the whole product takes longest, so it comes first: at the end no core waits for
# it. It is not traced either, nor are hundreds of examples of one thing: that would double their
# time, and the lines have tests of their own.
WHOLE = (
    *("browser/", "integration/", "performance/", "edge/test_contract.py"),
    *("security/test_hostile_model.py", "security/test_matrix.py"),
)
LONG = (*WHOLE, "features/sample/test_sample.py", "edge/test_cli.py")
TEMPLATE = "selfos_template"
# What a test provokes on purpose is no news.
configure_logging("error", "json")
# Long enough for any machine; a test that waits longer has failed.
PATIENCE_SECONDS = 120
# A test database may vanish with the power; a user's may not.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Clock:
    """The clock verbs see; `travel` moves it, real time still passes."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.offset

    def travel(self, **by: float) -> None:
        self.offset += timedelta(**by)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def is_in(places: tuple[str, ...], item: pytest.Item) -> bool:
        return os.path.relpath(item.path, HERE).startswith(places)

    for item in items:
        made_up = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
        if made_up or is_in(WHOLE, item):
            item.add_marker(pytest.mark.no_cover)
    items.sort(key=lambda item: not is_in(LONG, item))


def pytest_collection_finish() -> None:
    """Spare the collector what lives as long as the run: it took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Take the mark at its word, inside what pytest-cov does about it."""
    if item.get_closest_marker("no_cover") is None:
        return (yield)
    with not_tracing():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what every coroutine waited for when a test took too long: its own stack does not."""
    report = yield
    if report.failed and "pytest-timeout" in str(call.excinfo and call.excinfo.value):
        stacks = io.StringIO()
        for task in asyncio.all_tasks(asyncio.get_event_loop()):
            task.print_stack(file=stacks)
        report.sections.append(("tasks", stacks.getvalue()))
    return report


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Sign-ins in this process cost next to nothing; what users pay is proved with the hashing."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(HASHING, "_hasher", PasswordHasher(1, 8, 1))
        yield


@pytest.fixture(scope="session")
def run_folder() -> Iterator[Path]:
    """A folder that every process of this run shares; the last one out removes it."""
    name = os.environ.get("PYTEST_XDIST_TESTRUNUID", f"{os.getpid()}")[:12]
    folder = Path(tempfile.gettempdir()) / f"selfos-tests-{name}"
    folder.mkdir(mode=0o755, exist_ok=True)
    users = os.open(folder / "users", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
    fcntl.flock(users, fcntl.LOCK_SH)
    yield folder
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(users)
        return
    _wait_until_stopped(folder / "postgres")
    shutil.rmtree(folder, ignore_errors=True)


def _wait_until_stopped(data: Path) -> None:
    lock = os.open(data / "guardian.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
    fcntl.flock(lock, fcntl.LOCK_EX)
    os.close(lock)


@pytest.fixture(scope="session")
def postgres(run_folder: Path) -> Iterator[Embedded]:
    """The run's database server with a migrated template in it."""
    embedded = attach(run_folder / "postgres", settings=FAST)
    making = os.open(run_folder / "template", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
    fcntl.flock(making, fcntl.LOCK_EX)
    with psycopg.connect(embedded.url("postgres", "postgres"), autocommit=True) as owner:
        found = owner.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE])
        if found.fetchone() is None:
            owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
            migrate(embedded.url("postgres", TEMPLATE))
    os.close(making)
    yield embedded
    embedded.release()


def clone(postgres: Embedded) -> str:
    """Return the name of a fresh copy of the migrated template."""
    name = f"test_{new_id().hex}"
    with psycopg.connect(postgres.url("postgres", "postgres"), autocommit=True) as owner:
        owner.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(TEMPLATE)
            )
        )
    return name


@pytest.fixture(scope="session")
def database(postgres: Embedded) -> str:
    """This process's database."""
    return clone(postgres)


@pytest.fixture
def fresh_database(postgres: Embedded) -> str:
    """An empty, migrated database for one test."""
    return clone(postgres)


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of an instance on loopback that nobody rate-limits."""
    data = tmp_path_factory.mktemp("data")
    key = tmp_path_factory.mktemp("keys") / "google.json"
    key.write_text("{}")
    reported = NotificationSettings(
        bounce_secret=SecretStr("a secret of sixteen and more"), fcm_service_account=key
    )
    return Settings(
        data=data,
        rate_limit_per_minute=1_000_000,
        debug=True,
        notification_settings=reported,
    )


@pytest.fixture(scope="session")
def clock() -> Clock:
    return Clock()


@pytest.fixture
def travel(clock: Clock) -> Iterator[Callable[..., None]]:
    """Move the clock for one test."""
    before = clock.offset
    yield clock.travel
    clock.offset = before


Instance = tuple[FastAPI, Kernel]


@asynccontextmanager
async def running_app(settings: Settings, url: str, clock: Clock) -> AsyncGenerator[Instance]:
    """Run the application in this process, without a worker."""

    @asynccontextmanager
    async def opened() -> AsyncGenerator[Kernel]:
        jobs = make_jobs(retry_seconds=0.05)
        async with open_kernel(
            settings, url, jobs, tools=TOOLS, listen=True, clock=clock
        ) as kernel:
            yield kernel

    app = make_app(settings, opened)
    async with app.router.lifespan_context(app):
        yield app, app.state.kernel


@pytest.fixture(scope="session")
async def instance(
    settings: Settings, postgres: Embedded, database: str, clock: Clock
) -> AsyncGenerator[Instance]:
    url = postgres.url("selfos_app", database)
    async with running_app(settings, url, clock) as running:
        yield running


@pytest.fixture(scope="session")
def app(instance: Instance) -> FastAPI:
    return instance[0]


@pytest.fixture(scope="session")
def kernel(instance: Instance) -> Kernel:
    return instance[1]


NewClient = Callable[[], httpx2.AsyncClient]
# Each client comes from a place of its own: strangers are limited by network.
ADDRESSES = ipaddress.ip_network("10.0.0.0/8").hosts()


@pytest.fixture
async def new_client(app: FastAPI) -> AsyncGenerator[NewClient]:
    """Make HTTP clients without credentials, each with its own cookies."""
    clients: list[httpx2.AsyncClient] = []

    def make() -> httpx2.AsyncClient:
        transport = httpx2.ASGITransport(
            app=app, raise_app_exceptions=False, client=(str(next(ADDRESSES)), 50_000)
        )
        client = httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000/api/v1")
        clients.append(client)
        return client

    yield make
    for client in clients:
        await client.aclose()


@pytest.fixture
def client(new_client: NewClient) -> httpx2.AsyncClient:
    """An HTTP client that nobody has signed in with."""
    return new_client()


MakePerson = Callable[..., Awaitable[Person]]


@pytest.fixture
def make_person(new_client: NewClient, kernel: Kernel) -> MakePerson:
    """Register somebody over HTTP, with a personal workspace and a signed-in client."""

    async def make(**details: Any) -> Person:
        return await register(kernel, new_client(), **details)

    return make


@pytest.fixture
async def person(make_person: MakePerson) -> Person:
    """Somebody with an account of their own."""
    return await make_person()


@pytest.fixture(autouse=True)
def own_jobs(request: pytest.FixtureRequest) -> None:
    """Who works jobs off finds their own: nobody waits for what earlier tests have left."""
    if not {"drain", "worker"}.isdisjoint(request.fixturenames):
        postgres: Embedded = request.getfixturevalue("postgres")
        url = postgres.url("postgres", request.getfixturevalue("database"))
        with psycopg.connect(url, autocommit=True) as owner:
            owner.execute("DELETE FROM procrastinate_jobs WHERE status = 'todo'")


@pytest.fixture
def drain(kernel: Kernel) -> Callable[[], Awaitable[None]]:
    """Work all waiting jobs off, including those they start."""

    async def work_off() -> None:
        await asyncio.wait_for(kernel.jobs.work_off(), PATIENCE_SECONDS)

    return work_off


@pytest.fixture
def worker(kernel: Kernel) -> Callable[[], AbstractAsyncContextManager[None]]:
    """Run a worker for the length of a block."""
    return lambda: working(kernel)


def at(text: str) -> datetime:
    """Read an instant such as "2026-11-23 17:00" as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
