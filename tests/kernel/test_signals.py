"""Signals: every process hears of each commit, soon, and after a lost connection again."""

import asyncio
from collections.abc import AsyncGenerator
from uuid import UUID

import psycopg
import pytest

from selfos.kernel import signals as channel
from selfos.kernel.embedded import Embedded
from selfos.kernel.identifiers import new_id
from selfos.kernel.signals import IDS_PER_SIGNAL, Signals

PATIENCE_SECONDS = 30


class Ear:
    """Remembers what was heard."""

    def __init__(self, signals: Signals) -> None:
        self.moved: dict[UUID, int] = {}
        self.revoked: set[UUID] = set()
        self.told: set[UUID] = set()
        self.calls = 0
        self._something = asyncio.Event()
        self.stop = signals.subscribe(self.hear)

    def hear(self, moved: dict[UUID, int], revoked: set[UUID], told: set[UUID]) -> None:
        self.calls += 1
        self.moved |= moved
        self.revoked |= revoked
        self.told |= told
        self._something.set()

    async def until(self, workspaces: set[UUID], revoked: set[UUID] | None = None) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (workspaces <= self.moved.keys() and (revoked or set()) <= self.revoked):
                await self._something.wait()
                self._something.clear()


@pytest.fixture
async def pair(postgres: Embedded, fresh_database: str) -> AsyncGenerator[tuple[Signals, Signals]]:
    """A process that speaks and one that listens."""
    url = postgres.url("selfos_app", fresh_database)
    speaker, listener = Signals(url), Signals(url)
    speaker.start(listen=False)
    listener.start(listen=True)
    await until_listening(postgres, fresh_database)
    yield speaker, listener
    await speaker.stop()
    await listener.stop()


async def until_listening(postgres: Embedded, database: str) -> None:
    """Wait until somebody has sent LISTEN and waits."""
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
        " AND application_name = 'selfos signals' AND state = 'idle' AND query LIKE 'LISTEN%%'"
    )
    url = postgres.url("postgres", "postgres")
    async with (
        asyncio.timeout(PATIENCE_SECONDS),
        await psycopg.AsyncConnection.connect(url, autocommit=True) as owner,
    ):
        while True:
            found = await (await owner.execute(query, [database])).fetchone()
            if found is not None and found[0]:
                return
            await asyncio.sleep(0.01)


async def test_another_process_hears_what_moved_and_who_is_revoked(
    pair: tuple[Signals, Signals],
) -> None:
    speaker, listener = pair
    ear, workspace, session = Ear(listener), new_id(), new_id()
    speaker.announce(workspace, 7, [session])
    await ear.until({workspace}, {session})
    assert ear.moved == {workspace: 7}


async def test_many_commits_are_one_signal_and_the_newest_counts(
    pair: tuple[Signals, Signals],
) -> None:
    speaker, listener = pair
    ear, workspace = Ear(listener), new_id()
    for seq in (1, 3, 2):
        speaker.announce(workspace, seq, [])
    await ear.until({workspace})
    assert (ear.calls, ear.moved) == (1, {workspace: 3})


async def test_more_workspaces_than_fit_are_told_in_parts(pair: tuple[Signals, Signals]) -> None:
    speaker, listener = pair
    ear = Ear(listener)
    workspaces = {new_id() for _ in range(2 * IDS_PER_SIGNAL + 1)}
    for workspace in workspaces:
        speaker.announce(workspace, 1, [])
    await ear.until(workspaces)
    assert ear.calls == 3


async def test_many_revocations_reach_everybody(pair: tuple[Signals, Signals]) -> None:
    speaker, listener = pair
    ear, sessions = Ear(listener), [new_id() for _ in range(500)]
    speaker.announce(new_id(), None, sessions)
    await ear.until(set(), set(sessions))


async def test_nothing_is_said_of_nothing(pair: tuple[Signals, Signals]) -> None:
    speaker, listener = pair
    ear, marker = Ear(listener), new_id()
    speaker.announce(new_id(), None, [])
    speaker.announce(marker, 1, [])
    await ear.until({marker})
    assert ear.moved == {marker: 1}


async def test_who_unsubscribed_hears_no_more(pair: tuple[Signals, Signals]) -> None:
    speaker, listener = pair
    deaf, ear, workspace = Ear(listener), Ear(listener), new_id()
    deaf.stop()
    speaker.announce(workspace, 1, [])
    await ear.until({workspace})
    assert deaf.calls == 0


async def test_after_a_lost_connection_signals_come_again(
    pair: tuple[Signals, Signals],
    postgres: Embedded,
    fresh_database: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(channel, "RECONNECT_SECONDS", 0.01)
    speaker, listener = pair
    ear, before, after = Ear(listener), new_id(), new_id()
    speaker.announce(before, 1, [])
    await ear.until({before})
    async with await psycopg.AsyncConnection.connect(
        postgres.url("postgres", "postgres"), autocommit=True
    ) as owner:
        await owner.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s",
            [fresh_database],
        )
    await until_listening(postgres, fresh_database)
    # Said while nobody was connected or later: what was not sent is kept.
    speaker.announce(after, 1, [])
    await ear.until({after})
