"""Transactions that end otherwise than planned."""

import asyncio

import pytest
from sqlalchemy import func, select

from selfos.kernel.context import open_context
from selfos.kernel.core import Kernel
from selfos.kernel.database import SYSTEM
from tests.factories import Person


async def test_a_transaction_cancelled_in_a_statement_costs_only_its_connection(
    person: Person, kernel: Kernel
) -> None:
    for _ in range(kernel.settings.database_pool_size + 1):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05), person.context() as ctx:
                await ctx.session.execute(select(func.pg_sleep(5)))
    async with open_context(kernel, workspace_id=person.workspace_id) as ctx:
        assert await ctx.session.scalar(select(1)) == 1


async def test_after_a_lost_connection_those_still_out_are_closed_when_they_come_back(
    person: Person, kernel: Kernel
) -> None:
    transaction = kernel.database.transaction
    async with transaction() as outlasting:
        await outlasting.enter(SYSTEM)
        outlasted = outlasting.driver
        async with transaction() as lost:
            await lost.driver.close()
        async with transaction() as fresh:
            in_use = fresh.driver
    assert outlasted.closed
    assert not in_use.closed
    await person.get("/tasks")
