"""What tests of notifications share: the scanner and the jobs, run until nothing is left."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import update

from selfos.features.identity.models import User
from selfos.features.notifications import service as notifications
from selfos.kernel.context import open_context
from selfos.kernel.core import Kernel
from selfos.kernel.database import SYSTEM
from tests.factories import Person

Step = Callable[[], Awaitable[None]]


@pytest.fixture
def settle(kernel: Kernel, drain: Step) -> Step:
    """Follow what has happened, ring what is due, send what is to be sent."""

    async def run() -> None:
        await drain()
        while await notifications.ring(kernel):
            pass
        await drain()

    return run


async def inbox(person: Person) -> list[dict[str, Any]]:
    return (await person.get("/notifications"))["items"]


async def confirm_email(person: Person) -> None:
    """Let somebody's address be proven, as the link in their mail would."""
    async with open_context(person.kernel, workspace_id=person.workspace_id, scope=SYSTEM) as ctx:
        await ctx.session.execute(
            update(User).where(User.id == person.user_id).values(email_verified=True)
        )
