"""Transactions that end otherwise than planned."""

import asyncio

import pytest
from sqlalchemy import func, select

from selfos.kernel.context import open_context
from selfos.kernel.core import Kernel
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
