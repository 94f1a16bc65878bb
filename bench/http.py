"""`make bench`: the HTTP server against bare psycopg saying the same to the same database.

Four operations at 1, 32 and 100 connections, one server process. Windows alternate ours, bare,
ours, bare; each figure is the median over rounds, each ratio the median of the rounds' ratios with
its spread. Refuses to judge a ratio whose spread passes 25 %. Exits 1 when a gate is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import pickle
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg

from bench.load import Window, http_request, run_window
from bench.preparation import Prepared, own_database, prepare
from selfos.kernel.embedded import Embedded
from selfos.kernel.identifiers import new_id

CONNECTIONS = (1, 32, 100)
GATE_RATIO, GATE_CROWD, GATE_SIZE, GATE_COMPLETE = 0.5, 0.8, 1.5, 1.5
WIDEST_SPREAD = 0.25
# These ratios are gates; those of the other operations are shown beside them.
GATED = {"list", "create"}
START_SECONDS = 60


@dataclass
class Side:
    """One server: its port, its process, how to ask it."""

    name: str
    port: int
    process: subprocess.Popen[bytes]
    request: Callable[[str], bytes]

    def cpu_seconds(self) -> float:
        """Return the processor time the server has used."""
        times = psutil.Process(self.process.pid).cpu_times()
        return times.user + times.system


def spread_of(ratios: list[float]) -> float:
    """Return how far ratios lie apart, as a share of their median."""
    return (max(ratios) - min(ratios)) / max(statistics.median(ratios), 0.001)


@dataclass
class Figures:
    """The rounds of one operation at one number of connections, on both sides."""

    ours: list[Window]
    bare: list[Window]
    cpu_ms: float

    @property
    def ratios(self) -> list[float]:
        """Return ours by bare, round by round."""
        pairs = zip(self.ours, self.bare, strict=True)
        return [mine.rate / max(theirs.rate, 0.001) for mine, theirs in pairs]

    @property
    def ratio(self) -> float:
        """Return the median ratio."""
        return statistics.median(self.ratios)

    @property
    def spread(self) -> float:
        """Return how far the rounds lie apart, as a share of the median ratio."""
        return spread_of(self.ratios)

    @property
    def rate(self) -> float:
        """Return our median rate."""
        return statistics.median(window.rate for window in self.ours)

    @property
    def errors(self) -> int:
        """Return how many of our requests were not answered with 2xx."""
        return sum(window.errors for window in self.ours)

    def latency(self, share: float) -> float:
        """Return our median of this percentile, in milliseconds."""
        return statistics.median(window.percentile(share) for window in self.ours)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(name: str, command: list[str], port: int, request: Callable[[str], bytes]) -> Side:
    """Start one server and wait until it answers anything."""
    environment = {
        **os.environ,
        "SELFOS_RATE_LIMIT_PER_MINUTE": "1000000000",
        "SELFOS_WORKER_IN_SERVER": "false",
        "SELFOS_LOG_LEVEL": "warning",
    }
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/livez").close()
        except urllib.error.HTTPError:
            break
        except OSError:
            time.sleep(0.1)
        else:
            break
    return Side(name, port, process, request)


def our_request(prepared: Prepared) -> Callable[[str], bytes]:
    """Return how to ask the real server for each operation."""
    headers = {"Authorization": f"Bearer {prepared.token}"}
    others = {"Authorization": f"Bearer {prepared.small_token}"}
    page = http_request("GET", "/api/v1/tasks?limit=20", headers)
    one = http_request("GET", f"/api/v1/tasks/{prepared.task_id}", headers)
    small = http_request("GET", "/api/v1/tasks?limit=20", others)

    def request(operation: str) -> bytes:
        match operation:
            case "list":
                return page
            case "list of 20":
                return small
            case "get":
                return one
            case "create":
                body = f'{{"id":"{new_id()}","title":"Water the plants"}}'.encode()
                return http_request("POST", "/api/v1/tasks", headers, body)
            case _:
                path = f"/api/v1/tasks/{prepared.to_complete.pop()}/complete"
                return http_request("POST", path, {**headers, "Content-Length": "0"})

    return request


def bare_request(operation: str) -> bytes:
    """Return how to ask the bare side for an operation."""
    return http_request("GET", f"/replay/{operation.replace(' ', '-')}", {})


async def measure(
    ours: Side, bare: Side, operation: str, connections: int, rounds: int, seconds: float
) -> Figures:
    """Alternate windows between the two sides."""
    mine: list[Window] = []
    theirs: list[Window] = []
    before = ours.cpu_seconds()
    for _ in range(rounds):
        for side, windows in ((ours, mine), (bare, theirs)):
            window = await run_window(
                side.port, lambda side=side: side.request(operation), connections, seconds
            )
            windows.append(window)
    answered = sum(len(window.latencies) for window in mine)
    return Figures(mine, theirs, (ours.cpu_seconds() - before) * 1_000 / max(answered, 1))


async def compare(side: Side, rounds: int, seconds: float) -> list[float]:
    """Alternate windows of creating and completing; returns the rounds' ratios of their medians."""
    ratios: list[float] = []
    for _ in range(rounds):
        medians: list[float] = []
        for operation in ("create", "complete"):
            window = await run_window(
                side.port, lambda operation=operation: side.request(operation), 1, seconds
            )
            medians.append(window.percentile(0.5))
        ratios.append(medians[1] / medians[0])
    return ratios


def table(results: dict[tuple[str, int], Figures]) -> None:
    """Print the figures."""
    print(
        f"{'operation':12} {'c':>4} {'req/s':>7} {'p50 ms':>7} {'p95 ms':>7} {'p99 ms':>7}"
        f" {'CPU ms':>7} {'errors':>6} {'bare/s':>7} {'ratio':>6} {'spread':>6}"
    )
    for (operation, connections), figures in results.items():
        bare = statistics.median(window.rate for window in figures.bare)
        print(
            f"{operation:12} {connections:4} {figures.rate:7.0f} {figures.latency(0.5):7.1f}"
            f" {figures.latency(0.95):7.1f} {figures.latency(0.99):7.1f} {figures.cpu_ms:7.2f}"
            f" {figures.errors:6} {bare:7.0f} {figures.ratio:6.2f} {figures.spread:6.0%}"
        )


def judge(results: dict[tuple[str, int], Figures], by_verb: list[float]) -> bool:
    """Hold the figures against the gates; returns whether all that can be judged are met."""
    met = True

    def gate(name: str, value: float, bound: float, *, at_least: bool, spread: float = 0) -> None:
        nonlocal met
        good = value >= bound if at_least else value <= bound
        sign = ">=" if at_least else "<="
        verdict = "met" if good else "MISSED"
        if spread > WIDEST_SPREAD:
            verdict = f"not judged: spread {spread:.0%}"
        elif not good:
            met = False
        print(f"  {name}: {value:.2f} (gate {sign} {bound}) {verdict}")

    for operation in ("list", "get", "create", "complete"):
        crowd, many = results[operation, 100], results[operation, 32]
        if operation in GATED:
            name = f"{operation} against bare psycopg, c=32"
            gate(name, many.ratio, GATE_RATIO, at_least=True, spread=many.spread)
        gate(
            *(f"{operation} at 100 / at 32", crowd.rate / many.rate, GATE_CROWD),
            at_least=True,
            spread=max(crowd.spread, many.spread),
        )
        gate(f"{operation} errors at 100", crowd.errors, 0, at_least=False)
    by_size = results["list", 1].latency(0.5) / results["list of 20", 1].latency(0.5)
    gate("list of 1,000 tasks / of 20, p50", by_size, GATE_SIZE, at_least=False)
    gate(
        *("complete / create, p50, in turn", statistics.median(by_verb), GATE_COMPLETE),
        at_least=False,
        spread=spread_of(by_verb),
    )
    return met


def check_effects(url: str, results: dict[tuple[str, int], Figures], prepared: Prepared) -> None:
    """Insist that every answered write is a row, with its changeset."""
    done = {
        operation: sum(
            len(window.latencies)
            for (name, _), f in results.items()
            if name == operation
            for window in f.ours
        )
        for operation in ("create", "complete")
    }
    with psycopg.connect(url) as owner:
        count: Any = owner.execute(
            "SELECT count(*) FILTER (WHERE summary LIKE 'Added “Water%%'),"
            " count(*) FILTER (WHERE summary LIKE 'Completed%%') FROM changesets"
            " WHERE workspace_id = %s",
            [prepared.workspace_id],
        ).fetchone()
    created, completed = count
    print(f"  effects: {created} created, {completed} completed in the ledger (both sides)")
    if created < done["create"] or completed < done["complete"]:
        raise SystemExit("an answered write is missing from the ledger")


async def run(arguments: argparse.Namespace, folder: Path, embedded: Embedded) -> bool:
    """Prepare, start both sides, measure, judge."""
    with ExitStack() as stack:
        prepared = await prepare(folder, embedded)
        recording = folder / "recording"
        recording.write_bytes(pickle.dumps(prepared.recording))
        ports = free_port(), free_port()
        serve = [f"{sys.prefix}/bin/selfos", "serve", "--data", str(folder), "--port"]
        replay = [sys.executable, "-m", "bench.bare", str(recording)]
        ours = start("ours", [*serve, str(ports[0])], ports[0], our_request(prepared))
        stack.callback(ours.process.terminate)
        bare = start("bare", [*replay, str(ports[1])], ports[1], bare_request)
        stack.callback(bare.process.terminate)
        results: dict[tuple[str, int], Figures] = {}
        for operation in ("list", "list of 20", "get", "create", "complete"):
            for connections in CONNECTIONS if operation != "list of 20" else (1,):
                results[operation, connections] = await measure(
                    ours, bare, operation, connections, arguments.rounds, arguments.seconds
                )
        by_verb = await compare(ours, arguments.rounds, arguments.seconds)
        table(results)
        memory = psutil.Process(ours.process.pid).memory_info().rss / 2**20
        print(f"  server memory: {memory:.0f} MiB resident")
        check_effects(embedded.url("postgres"), results, prepared)
        return judge(results, by_verb)


def main() -> None:
    """Measure and exit 1 when a gate is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="windows per side")
    parser.add_argument("--seconds", type=float, default=5.0, help="length of a window")
    arguments = parser.parse_args()
    with own_database() as place:
        met = asyncio.run(run(arguments, *place))
    sys.exit(0 if met else 1)


if __name__ == "__main__":
    main()
