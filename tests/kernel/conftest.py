"""A kernel of its own for tests of background work: nobody else's jobs are in its queue."""

from collections.abc import AsyncGenerator
from uuid import UUID

import pytest

from selfos.kernel.context import open_context
from selfos.kernel.core import Kernel, open_kernel
from selfos.kernel.database import SYSTEM
from selfos.kernel.embedded import Embedded
from selfos.kernel.identifiers import new_id
from selfos.kernel.ledger.models import TenantRoot
from selfos.kernel.settings import Settings
from tests.kernel.household import Household


@pytest.fixture
def house() -> Household:
    return Household()


@pytest.fixture
def url(postgres: Embedded, fresh_database: str) -> str:
    return postgres.url("selfos_app", fresh_database)


@pytest.fixture
async def quiet(settings: Settings, url: str, house: Household) -> AsyncGenerator[Kernel]:
    """A kernel of its own whose jobs wait until `drain` works them off."""
    async with open_kernel(settings, url, house.jobs()) as kernel:
        yield kernel


@pytest.fixture
async def workspace(quiet: Kernel) -> UUID:
    workspace_id = new_id()
    async with open_context(quiet, workspace_id=workspace_id, scope=SYSTEM) as ctx:
        ctx.session.add(TenantRoot(id=workspace_id))
    return workspace_id
