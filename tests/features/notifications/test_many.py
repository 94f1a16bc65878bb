"""Many reminders and digests at once, workers that die: each is told exactly once."""

import asyncio
from collections import Counter

import pytest
from sqlalchemy import select

from bench import digests
from bench import reminders as bench
from selfos.features.notifications import service as notifications
from selfos.features.notifications.models import Notification
from selfos.features.notifications.schemas.reminders import ReminderCreate
from selfos.features.notifications.schemas.words import WEEKLY
from selfos.features.notifications.service import ringing
from selfos.kernel.core import Kernel
from tests.conftest import Clock
from tests.factories import Person
from tests.features.notifications.conftest import Step
from tests.features.notifications.test_digests import fill, wanted
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


async def test_digests_whose_writers_die_are_each_written_once(
    person: Person, kernel: Kernel, drain: Step, clock: Clock, travel: Travel
) -> None:
    at = soon(clock, minutes=70)
    kinds = ("morning_plan", "evening_record", "weekly_review")
    for kind in kinds:
        await wanted(person, kind, at, weekday=at.weekday() if kind in WEEKLY else None)
    await fill(person, at)
    travel(minutes=71)

    def begin(kind: str) -> asyncio.Task[None]:
        return asyncio.create_task(
            notifications.tell_digest(
                kernel, kind=kind, planned_at=at.isoformat(), report_id=None,
                workspace_id=str(person.workspace_id), user_id=str(person.user_id),
            )
        )  # fmt: skip

    for steps in (0, 4, 16, 64, 256):
        dying = [begin(kind) for kind in kinds]
        for _ in range(steps):
            await asyncio.sleep(0)
        for each in dying:
            each.cancel()
        await asyncio.gather(*dying, return_exceptions=True)
    await asyncio.gather(*map(begin, kinds), *map(begin, kinds))
    await ring_all(kernel)
    await drain()
    async with person.context() as ctx:
        told = Counter(await ctx.session.scalars(select(Notification.kind)))
    assert told == dict.fromkeys(kinds, 1)


@pytest.mark.proof
async def test_hundreds_of_digests_and_reports_are_each_told_once_by_killed_workers() -> None:
    assert await digests.main(digests.PEOPLE) == 0


@pytest.mark.proof
async def test_ten_thousand_reminders_in_one_minute_are_each_told_once_by_killed_workers() -> None:
    assert await bench.main(bench.COUNT) == 0
