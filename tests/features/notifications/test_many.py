"""Many reminders at once, several workers, some of which die: each is told exactly once."""

import asyncio
from collections import Counter

import pytest
from sqlalchemy import select

from bench import reminders as bench
from selfos.features.notifications import service as notifications
from selfos.features.notifications.models import Notification
from selfos.features.notifications.schemas.reminders import ReminderCreate
from selfos.features.notifications.service import ringing
from selfos.kernel.core import Kernel
from tests.conftest import Clock
from tests.factories import Person
from tests.features.notifications.test_reminders import Travel, soon, task_due

THINGS, EACH = 5, 12


async def ring_all(kernel: Kernel) -> None:
    while await notifications.ring(kernel):
        pass


async def test_workers_that_die_in_the_middle_leave_each_reminder_told_once(
    person: Person, kernel: Kernel, clock: Clock, travel: Travel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ringing, "BATCH", 7)
    due = soon(clock, hours=1)
    tasks = [await task_due(person, due) for _ in range(THINGS)]
    async with person.context() as ctx:
        for task in tasks:
            for number in range(EACH):
                new = ReminderCreate(subject_id=task, minutes_before=number)  # pyright: ignore[reportArgumentType]
                await notifications.schedule_reminder(ctx, new)
    travel(minutes=61)
    monkeypatch.setattr(ringing, "STORM", THINGS * EACH)
    for _ in range(2):
        dying = asyncio.create_task(ring_all(kernel))
        living = asyncio.create_task(notifications.ring(kernel))
        await living
        dying.cancel()
        await asyncio.gather(dying, return_exceptions=True)
    await asyncio.gather(*(ring_all(kernel) for _ in range(3)))
    async with person.context() as ctx:
        told = Counter(await ctx.session.scalars(select(Notification.subject_id)))
    assert sorted(told.values()) == [EACH] * THINGS


@pytest.mark.proof
async def test_ten_thousand_reminders_in_one_minute_are_each_told_once_by_killed_workers() -> None:
    assert await bench.main(bench.COUNT) == 0
