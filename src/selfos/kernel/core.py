"""The opened kernel: everything a process holds while it runs."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from selfos.kernel.context import utc_now
from selfos.kernel.crypto import Keys, load_or_create_master
from selfos.kernel.database import Database
from selfos.kernel.embedded import Embedded, attach
from selfos.kernel.residents import Residents
from selfos.kernel.signals import Signals
from selfos.kernel.storage import open_storage
from selfos.kernel.tools import Toolbox

if TYPE_CHECKING:
    from obstore.store import ObjectStore

    from selfos.kernel.jobs import Jobs
    from selfos.kernel.settings import Settings

APP_LOGIN, OWNER_LOGIN = "selfos_app", "postgres"


@dataclass(frozen=True, slots=True)
class Urls:
    """How to reach the database: as the application, and as the owner of its tables."""

    app: str
    owner: str
    embedded: Embedded | None = None


@dataclass(frozen=True, slots=True)
class Kernel:
    """Opened parts, shared by all doors of one process."""

    settings: Settings
    database: Database
    jobs: Jobs
    signals: Signals
    storage: ObjectStore
    keys: Keys
    tools: Toolbox = field(default_factory=Toolbox)
    clock: Callable[[], datetime] = field(default=utc_now)
    residents: Residents = field(default_factory=Residents)


def find_database(settings: Settings) -> Urls:
    """Return the configured database's URLs, starting the embedded server if none is set."""
    if settings.database_url is not None:
        app = settings.database_url.get_secret_value()
        owner = settings.migration_database_url
        return Urls(app, owner.get_secret_value() if owner else app)
    embedded = attach(settings.data / "postgres")
    return Urls(embedded.url(APP_LOGIN), embedded.url(OWNER_LOGIN), embedded)


@asynccontextmanager
async def open_kernel(
    settings: Settings,
    url: str,
    jobs: Jobs,
    *,
    tools: Toolbox | None = None,
    listen: bool = False,
    clock: Callable[[], datetime] = utc_now,
) -> AsyncGenerator[Kernel]:
    """Open all parts and close them again, in reverse order."""
    database = Database(
        url,
        pool_size=settings.database_pool_size,
        wait_seconds=settings.database_wait_seconds,
        prepared_statements=settings.database_prepared_statements,
    )
    kernel = Kernel(
        settings=settings,
        database=database,
        jobs=jobs,
        signals=Signals(url),
        storage=open_storage(settings.storage_url, settings.data),
        keys=Keys(master_key(settings)),
        tools=tools or Toolbox(),
        clock=clock,
    )
    await jobs.open(kernel, url)
    kernel.signals.start(listen=listen)
    try:
        yield kernel
    finally:
        await kernel.residents.close()
        await kernel.signals.stop()
        await jobs.close()
        await database.close()


def master_key(settings: Settings) -> bytes:
    """Return the configured master key, or the one kept in the data folder."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value().encode()
    return load_or_create_master(settings.data / "secret.key")
