"""A small household whose bell rings: events, handlers, jobs and a schedule for tests."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import func, select

from selfos.features.planning.models import Label
from selfos.kernel.context import Context, open_context
from selfos.kernel.core import Kernel
from selfos.kernel.events import Event, Handler
from selfos.kernel.jobs import Job, Jobs, Schedule
from selfos.kernel.telemetry import current_request_id

# Long enough for any machine; who waits longer has failed.
PATIENCE_SECONDS = 60


class Rang(Event):
    """Somebody rang at a door."""

    type: ClassVar[str] = "bell.rang"
    aggregate: ClassVar[str] = "door_id"

    door_id: UUID
    number: int = 0


@dataclass
class Household:
    """Handlers that write a label per ring and note what they have seen."""

    faults: int = 0
    seen: list[tuple[UUID, int]] = field(default_factory=list[tuple[UUID, int]])
    request_ids: list[str | None] = field(default_factory=list[str | None])
    done: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    ticks: list[str | None] = field(default_factory=list[str | None])

    async def open_door(self, ctx: Context, event: Rang) -> None:
        key = f"{event.door_id}:{event.number}"
        ctx.session.add(Label(key=key, name=key, color="home"))
        await ctx.session.flush()
        self.request_ids.append(current_request_id())
        if self.faults:
            self.faults -= 1
            raise ConnectionError("nobody is at home")
        self.seen.append((event.door_id, event.number))

    async def send(self, kernel: Kernel, **arguments: Any) -> None:
        if self.faults:
            self.faults -= 1
            raise ConnectionError("the line is busy")
        self.request_ids.append(current_request_id())
        self.done.append(arguments)

    async def tick(self, kernel: Kernel) -> None:
        # The schedule's name and instant are its request id.
        self.ticks.append(current_request_id())

    def jobs(self, **options: Any) -> Jobs:
        """Return a queue of what this household does."""
        options = {"retry_seconds": 0.01, **options}
        return Jobs(
            [Handler("house.open_door", Rang, self.open_door)],
            [Job("house.send", self.send)],
            [Schedule("house.tick", "* * * * * */1", self.tick)],
            **options,
        )


async def ring(kernel: Kernel, workspace: UUID, *events: Rang) -> list[UUID]:
    async with open_context(kernel, workspace_id=workspace) as ctx:
        return [ctx.emit(event) for event in events]


async def until(condition: Callable[[], Awaitable[Any]]) -> Any:
    """Return the first truthy answer."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            if answer := await condition():
                return answer
            await asyncio.sleep(0.02)


async def until_nothing_waits(kernel: Kernel) -> None:
    """Work off all jobs, those to be tried again included."""

    async def empty() -> bool:
        await kernel.jobs.work_off()
        waiting = await kernel.jobs.engine.job_manager.list_jobs_async(status="todo")
        return not list(waiting)

    await until(empty)


async def labels(kernel: Kernel, workspace: UUID) -> int:
    async with open_context(kernel, workspace_id=workspace) as ctx:
        return await ctx.session.scalar(select(func.count(Label.id))) or 0


async def until_seen(household: Household, count: int) -> None:
    """Wait until the handler has seen this many events."""

    async def enough() -> bool:
        return len(household.seen) >= count

    await until(enough)
