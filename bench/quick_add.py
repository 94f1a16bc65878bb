"""`python -m bench.quick_add [FOLDER]`: the quick-add grammar on Microsoft's Recognizers cases.

Those cases are sentences of mails and assistants, not tasks, and hold more than quick-add means to
read (years in words, durations in decades, file names). So what counts is said before the figures:

- instants: every case of DateTimeModel.json that has a date, a time or a datetime; a task has one
  date, so the first one of the sentence is compared. Exact means equal to a value that the case
  lists, and to one that is still to come where it lists both a past and a coming one;
- dateless: every case without any result; a false positive is a date, deadline or repetition;
- sets: every case of SetParser.json; representable means that what is expected has an RRULE, read
  means that the grammar finds that rule. Durations: those a task can have (up to a year).

It also times `parse` on the vectors, and `POST /quick-add/parse` in a workspace of 60 names, the
application in this process: its 95th percentile is to stay below 15 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bench.preparation import own_database, somebody, summary
from selfos.features.capture.grammar import Parsed, Plan, parse
from selfos.kernel.embedded import Embedded
from selfos.kernel.telemetry import configure_logging

Case = dict[str, Any]
DATA = Path(__file__).parent.parent / "tests/data/recognizers"
VECTORS = Path(__file__).parent.parent / "tests/vectors/quick_add.json"
INSTANTS = {"datetimeV2.date", "datetimeV2.time", "datetimeV2.datetime"}
NO_REFERENCE = "2020-01-01T00:00:00"
SECONDS = 19
GATE_MS = 15
# What SetParser's timex values are as rules; a time of day is a daily rule at that time.
RULES = {
    "P1W": "FREQ=WEEKLY",
    "P1D": "FREQ=DAILY",
    "P1M": "FREQ=MONTHLY",
    "P1Y": "FREQ=YEARLY",
    "P3W": "FREQ=WEEKLY;INTERVAL=3",
    "P3M": "FREQ=MONTHLY;INTERVAL=3",
    "XXXX-WXX-1": "FREQ=WEEKLY;BYDAY=MO",
    "XXXX-WXX-7": "FREQ=WEEKLY;BYDAY=SU",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: how many of how many, and the sentences that missed."""

    name: str
    hits: int
    of: int
    missed: list[str]

    @property
    def share(self) -> float:
        """Return the hits as a share of one."""
        return self.hits / self.of


def measure(folder: Path) -> dict[str, Row]:
    """Return the rows of the table by name."""
    cases = _cases(folder / "DateTimeModel.json")
    instants = [case for case in cases if any(map(_is_instant, case["Results"]))]
    dateless = [case for case in cases if not case["Results"]]
    sets = _cases(folder / "SetParser.json")
    durations = [case for case in _cases(folder / "DurationParser.json") if _minutes(case)]
    return {
        "instants": _row("instants exact", instants, _exact),
        "false_positives": _row("false positives", dateless, _dated),
        "sets": _row("sets representable", sets, _rule),
        "sets_read": _row("sets read", sets, _reads_set),
        "durations": _row("durations exact", durations, _reads_duration),
    }


def _cases(path: Path) -> list[Case]:
    return json.loads(path.read_text(encoding="utf-8-sig"))


def _row(name: str, cases: list[Case], hit: Callable[[Case], object]) -> Row:
    missed = [case["Input"] for case in cases if not hit(case)]
    return Row(name, len(cases) - len(missed), len(cases), missed)


def _read(case: Case) -> tuple[Parsed, datetime]:
    reference = case.get("Context", {}).get("ReferenceDateTime", NO_REFERENCE)[:SECONDS]
    now = datetime.fromisoformat(reference)
    return parse(case["Input"], now.replace(tzinfo=UTC), ZoneInfo("UTC"), "en-US"), now


def _is_instant(result: Case) -> bool:
    return result["TypeName"] in INSTANTS


def _exact(case: Case) -> bool:
    parsed, now = _read(case)
    results = [result for result in case["Results"] if _is_instant(result)]
    first = results[0]
    kind = first["TypeName"].removeprefix("datetimeV2.")
    listed = [each["value"] for each in first["Resolution"]["values"]]
    due = parsed.fields.due
    if listed == ["not resolved"]:
        return due is None
    if due is None:
        return False
    if kind == "time":
        return due.time is not None and f"{due.time:%H:%M}" in {each[:5] for each in listed}
    told_apart = any(result["TypeName"] == "datetimeV2.time" for result in results[1:])
    if kind == "date" and due.time is not None and not told_apart:
        return False
    coming = [each for each in listed if each >= now.date().isoformat()]
    return _written(due, kind) in {each[:16] for each in coming or listed}


def _written(due: Plan, kind: str) -> str:
    if kind == "date":
        return due.date.isoformat()
    return f"{due.wall:%Y-%m-%d %H:%M}"


def _dated(case: Case) -> bool:
    fields = _read(case)[0].fields
    return any((fields.due, fields.start, fields.deadline, fields.repeat))


def _rule(case: Case) -> tuple[str, str | None] | None:
    """Return the rule and the time that a case of SetParser stands for."""
    timex = case["Results"][0]["Value"]["Timex"]
    base, _, hour = timex.partition("T")
    clock = {"": None, "MO": "09:00"}.get(hour, f"{hour}:00")
    rule = RULES.get(base or "P1D")
    return (rule, clock) if rule else None


def _reads_set(case: Case) -> bool:
    fields = _read(case)[0].fields
    if fields.repeat is None or fields.due is None:
        return False
    clock = f"{fields.due.time:%H:%M}" if fields.due.time else None
    return (fields.repeat.rule, clock) == _rule(case)


def _minutes(case: Case) -> int | None:
    """Return the minutes of a duration that is hours and minutes, the only ones a task has."""
    value = case["Results"][0]["Value"]
    whole = float(value["FutureResolution"]["duration"]) / 60
    return int(whole) if value["Timex"].startswith("PT") and whole == int(whole) else None


def _reads_duration(case: Case) -> bool:
    return _read(case)[0].fields.duration_minutes == _minutes(case)


def _times(vectors: list[Case], rounds: int = 5) -> Iterator[float]:
    for _ in range(rounds):
        for vector in vectors:
            now = datetime.fromisoformat(vector.get("now", "2026-11-25T09:00:00+01:00"))
            start = time.perf_counter()
            parse(vector["text"], now, ZoneInfo("Europe/Berlin"), vector.get("locale", "en"))
            yield (time.perf_counter() - start) * 1_000


async def _times_of_endpoint(vectors: list[Case], folder: Path, embedded: Embedded) -> list[float]:
    configure_logging("warning", "json")
    took: list[float] = []
    async with somebody(folder, embedded) as client:
        for noun in ("projects", "labels", "areas"):
            for number in range(20):
                body = {"name": f"{noun} {number}"}
                (await client.post(f"/{noun}", json=body)).raise_for_status()
        for vector in vectors:
            start = time.perf_counter()
            answer = await client.post("/quick-add/parse", json={"text": vector["text"]})
            took.append((time.perf_counter() - start) * 1_000)
            answer.raise_for_status()
    return took


def main() -> int:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    options.add_argument("folder", nargs="?", type=Path, default=DATA)
    options.add_argument("--missed", action="store_true", help="also print the sentences missed")
    chosen = options.parse_args()
    for row in measure(chosen.folder).values():
        print(f"{row.name:20} {row.hits:4} of {row.of:4}  {row.share:6.1%}")
        if chosen.missed:
            print(*(f"    {text}" for text in row.missed), sep="\n")
    vectors = [
        vector
        for vector in json.loads(VECTORS.read_text(encoding="utf-8"))["vectors"]
        if vector["text"].strip()
    ]
    summary("parse", list(_times(vectors))[1:])
    with own_database() as (folder, embedded):
        took = asyncio.run(_times_of_endpoint(vectors, folder, embedded))
        _, late = summary("POST /quick-add/parse", took[1:])
    return late > GATE_MS


if __name__ == "__main__":
    sys.exit(main())
