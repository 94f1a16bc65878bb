"""Reminders due at once, shared by workers that are killed: `python -m bench.reminders [COUNT]`.

Ten thousand reminders of many people are due in the same minute. Three worker processes share them;
one of them is killed twice in the middle and started again. Each reminder must have made exactly
one notification; printed is how late they were, from the moment they were due and somebody was
there to ring.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from bench.preparation import own_database
from selfos.kernel.embedded import Embedded
from selfos.kernel.telemetry import configure_logging

COUNT, WORKERS, KILLS = 10_000, 3, 2
PEOPLE = 100
SELFOS = Path(sys.executable).with_name("selfos")
PATIENCE_SECONDS, LOOK_SECONDS = 300, 0.1
# So far ahead that all of them are written before the first is due.
LEAD_SECONDS_PER_THOUSAND = 2

PREPARE = """
INSERT INTO tenants (id) SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid
FROM generate_series(1, {people}) n;
INSERT INTO users (id, email, email_key, name, time_zone, locale, email_verified, week_start,
                   day_start_minutes, is_operator)
SELECT id, id || '@example.org', id || '@example.org', 'P', 'UTC', 'en', false, 'monday', 0, false
FROM tenants;
INSERT INTO preferences (id, user_id, tone, default_view, notification_time, ai_enabled,
                         media_enabled, quick_add_signs, hours_per_week)
SELECT id, id, 'friendly', 'list', '08:00', true, true, 'todoist', 10 FROM tenants;
INSERT INTO zone_changes (id, user_id, from_instant, zone)
SELECT id, id, now() - interval '1 day', 'UTC' FROM tenants;
INSERT INTO workspaces (id, name, kind) SELECT id, 'W', 'personal' FROM tenants;
INSERT INTO members (workspace_id, id, user_id, role, status)
SELECT id, id, id, 'owner', 'active' FROM tenants;
"""
FILL = """
WITH numbered AS (
    SELECT n, ('00000000-0000-7000-8000-' || lpad((n %% {people} + 1)::text, 12, '0'))::uuid AS who,
           ('00000000-0000-7000-9000-' || lpad(n::text, 12, '0'))::uuid AS id
    FROM generate_series(1, {count}) n
), tasked AS (
    INSERT INTO tasks (workspace_id, id, title, notes, state, priority, weight, rank)
    SELECT who, id, 'Task ' || n, '', 'todo', 4, 1, lpad(n::text, 12, '0') FROM numbered
), reminded AS (
    INSERT INTO reminders (workspace_id, id, user_id, seen_by, subject, subject_id, anchor,
                           on_date, wall_time, zone)
    SELECT who, id, who, who, 'task', id, 'at', (%(due)s at time zone 'UTC')::date,
           (%(due)s at time zone 'UTC')::time, 'UTC' FROM numbered
)
INSERT INTO alarms (workspace_id, id, user_id, kind, key, subject, subject_id, reminder_id,
                    fires_at, state)
SELECT who, id, who, 'task_reminder', id || ':' || id, 'task', id, id, %(due)s, 'pending'
FROM numbered
"""
LATENESS = """
SELECT count(*), count(DISTINCT subject_id),
       percentile_cont(ARRAY[0.5, 0.99, 1.0]) WITHIN GROUP (
           ORDER BY extract(epoch FROM shown_at - planned_at))
FROM notifications
"""


@dataclass(frozen=True)
class Outcome:
    """What became of the reminders."""

    count: int
    notifications: int
    different: int
    pending: int
    kills: int
    median: float
    p99: float
    worst: float
    seconds: float

    @property
    def is_right(self) -> bool:
        """Tell whether each made exactly one notification."""
        return self.notifications == self.different == self.count and self.pending == 0

    def line(self) -> str:
        """Return the figures as one line."""
        return (
            f"{self.count} reminders in one minute, {WORKERS} workers, {self.kills} kills:"
            f" {self.notifications} notifications of {self.different} tasks;"
            f" late by {self.median:.1f} s (median), {self.p99:.1f} s (p99),"
            f" {self.worst:.1f} s (worst); {self.count / max(self.seconds, 0.001):.0f}/s"
        )


async def run(embedded: Embedded, data: Path, count: int) -> Outcome:
    """Fill a migrated database and let killed workers ring."""
    url = embedded.url("postgres")
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("SET selfos.purge = 'on'")
        owner.execute(PREPARE.format(people=PEOPLE).encode())
    workers = [start(data) for _ in range(WORKERS)]
    try:
        await until_they_work(url)
        fill(url, count)
        kills, seconds = await ring(url, data, workers, count)
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    with psycopg.connect(url) as owner:
        made, different, (median, p99, worst) = one_row(owner, LATENESS)
        (left,) = one_row(owner, "SELECT count(*) FROM alarms WHERE state = 'pending'")
    return Outcome(count, made, different, left, kills, median, p99, worst, seconds)


def fill(url: str, count: int) -> None:
    """Write reminders that are all due at one instant, some seconds ahead."""
    lead = LEAD_SECONDS_PER_THOUSAND * count / 1_000 + 3
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("SET selfos.purge = 'on'")
        (due,) = one_row(
            owner, f"SELECT date_trunc('second', now() + {lead} * interval '1 second')"
        )
        owner.execute(FILL.format(people=PEOPLE, count=count).encode(), {"due": due})


async def until_they_work(url: str) -> None:
    """Wait until all workers have said that they are there."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    with psycopg.connect(url, autocommit=True) as owner:
        while time.monotonic() < deadline:
            if one_row(owner, "SELECT count(*) FROM procrastinate_workers")[0] >= WORKERS:
                return
            await asyncio.sleep(LOOK_SECONDS)
    raise TimeoutError


def one_row(owner: psycopg.Connection[Any], query: str) -> Any:
    """Return the one row of a query."""
    row = owner.execute(query.encode()).fetchone()
    if row is None:
        raise LookupError(query)
    return row


async def ring(
    url: str, data: Path, workers: list[subprocess.Popen[bytes]], count: int
) -> tuple[int, float]:
    """Wait until all have rung, killing a worker at a third and at two thirds of them."""
    marks = [count * (kill + 1) // (KILLS + 1) for kill in range(KILLS)]
    kills, began, deadline = 0, 0.0, time.monotonic() + PATIENCE_SECONDS
    with psycopg.connect(url, autocommit=True) as owner:
        while time.monotonic() < deadline:
            (rung,) = one_row(owner, "SELECT count(*) FROM notifications")
            if rung and not began:
                began = time.monotonic()
            if marks and rung >= marks[0]:
                marks.pop(0)
                workers[kills].send_signal(signal.SIGKILL)
                workers[kills].wait()
                workers[kills] = start(data)
                kills += 1
            if rung >= count and not marks:
                return kills, time.monotonic() - began
            await asyncio.sleep(LOOK_SECONDS)
    return kills, time.monotonic() - began


def start(data: Path) -> subprocess.Popen[bytes]:
    """Start a worker as a process of its own."""
    return subprocess.Popen(
        [SELFOS, "worker", "--data", data],
        env={**os.environ, "SELFOS_LOG_LEVEL": "error"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


async def main(count: int) -> int:
    """Print the figures; the exit code tells whether each was told once."""
    configure_logging("error", "text")
    with own_database() as (data, embedded):
        outcome = await run(embedded, data, count)
    print(outcome.line())
    print("each exactly one" if outcome.is_right else "MISSED: not each exactly one")
    return 0 if outcome.is_right else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT)))
