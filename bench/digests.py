"""Digests and reports due at once, written by workers that are killed: `python -m bench.digests`.

Many people want the plan of the morning, the record of the evening, the review of the week and
the report of the week in the same minute. Three worker processes share them; one of them is killed
twice in the middle and started again. Each must have been told exactly once: none left out, none
twice.
"""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import timedelta
from pathlib import Path

import psycopg

from bench.preparation import own_database, somebody
from bench.reminders import (
    PREPARE,
    WORKERS,
    one_row,
    ring,
    start,
    until_they_work,
)
from selfos.kernel.embedded import Embedded
from selfos.kernel.telemetry import configure_logging

PEOPLE, LEAD_SECONDS = 100, 5
KINDS = ("morning_plan", "evening_record", "weekly_review", "weekly_report")

FILL = """
WITH people AS (
    SELECT m.user_id AS who FROM members m WHERE m.workspace_id = m.user_id
), chosen AS (
    INSERT INTO notification_preferences (workspace_id, id, user_id, channels, times, hold_in_focus)
    SELECT who, who, who, %(channels)s::jsonb, '{}', false
    FROM people
), tasked AS (
    INSERT INTO tasks (workspace_id, id, title, notes, state, priority, weight, rank, due_date)
    SELECT who, gen_random_uuid(), 'Task ' || n, '', 'todo', 4, 1, n::text,
           (%(due)s at time zone 'UTC')::date + n
    FROM people, generate_series(0, 2) n
), told AS (
    INSERT INTO reports (workspace_id, id, user_id, kind, first, last, content, told_at)
    SELECT who, who, who, r.kind, r.first, r.last, r.content, r.told_at
    FROM people, reports r
)
INSERT INTO alarms (workspace_id, id, user_id, kind, key, subject, subject_id, fires_at, state)
SELECT who, gen_random_uuid(), who, kind,
       CASE kind WHEN 'weekly_report' THEN 'report:' || who ELSE kind END,
       CASE kind WHEN 'weekly_report' THEN 'report' END,
       CASE kind WHEN 'weekly_report' THEN who END, %(due)s, 'pending'
FROM people, unnest(%(kinds)s::text[]) kind
"""
WAITING = "SELECT count(*) FROM alarms WHERE state = 'pending' AND fires_at <= now()"


async def run(data: Path, embedded: Embedded, people: int) -> bool:
    """Let killed workers tell everything, and return whether each was told once."""
    url = embedded.url("postgres")
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("SET selfos.purge = 'on'")
        owner.execute(PREPARE.format(people=people).encode())
    async with somebody(data, embedded) as client:
        (await client.post("/reports", json={"kind": "week"})).raise_for_status()
    workers = [start(data) for _ in range(WORKERS)]
    count = people * len(KINDS)
    try:
        await until_they_work(url)
        with psycopg.connect(url, autocommit=True) as owner:
            owner.execute("SET selfos.purge = 'on'")
            (now,) = one_row(owner, "SELECT now()")
            due = now + timedelta(seconds=LEAD_SECONDS)
            channels = json.dumps({kind: ["inbox"] for kind in KINDS})
            values = {"due": due, "kinds": list(KINDS), "channels": channels}
            owner.execute(FILL.encode(), values)
        kills, seconds = await ring(url, data, workers, count)
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    with psycopg.connect(url) as owner:
        made, different = one_row(
            owner, "SELECT count(*), count(DISTINCT (user_id, kind)) FROM notifications"
        )
        (left,) = one_row(owner, WAITING)
    print(
        f"{count} digests and reports of {people} people in one minute, {WORKERS} workers,"
        f" {kills} kills: {made} told, {different} different, {left} waiting;"
        f" {count / max(seconds, 0.001):.0f}/s"
    )
    return made == different == count and left == 0


async def main(people: int) -> int:
    """Print what became of them; the exit code tells whether each was told once."""
    configure_logging("error", "text")
    with own_database() as (data, embedded):
        is_right = await run(data, embedded, people)
    print("each exactly one" if is_right else "MISSED: not each exactly one")
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE)))
