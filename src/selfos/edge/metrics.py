"""What operators can watch, in Prometheus' text, for whoever shows the operator's token.

Numbers of this process: a worker that runs apart has its own and serves none. Never a user, never a
word, never an address with somebody's ids in it.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest

from selfos.features.ai import service as ai
from selfos.kernel.context import system_session
from selfos.kernel.core import Kernel
from selfos.kernel.errors import NotFound, Unauthenticated

if TYPE_CHECKING:
    from starlette.types import Scope

METRICS = "/metrics"
# An address that is no route of ours: a label for each would be a stranger's to make.
UNKNOWN = "other"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
STATES = ("todo", "doing", "succeeded", "failed", "cancelled", "aborting", "aborted")

REQUESTS = Counter(
    "selfos_http_requests", "Requests by route template.", ("method", "route", "status")
)
DURATION = Histogram(
    "selfos_http_request_seconds", "How long they took.", ("method", "route"), buckets=SECONDS
)
JOBS = Gauge("selfos_jobs", "Jobs that are kept, by state.", ("state",))

probes = APIRouter(include_in_schema=False)


def count_request(scope: Scope, status: int, seconds: float) -> None:
    """Count one request that has been answered."""
    route = getattr(scope.get("route"), "path", None) or UNKNOWN
    REQUESTS.labels(scope["method"], route, status).inc()
    DURATION.labels(scope["method"], route).observe(seconds)


@probes.get(METRICS)
async def show_metrics(request: Request) -> Response:
    """Answer with all metrics; without a token in the settings there is no such page."""
    kernel: Kernel = request.app.state.kernel
    _admit(kernel, request.headers.get("authorization", ""))
    await _look_at_jobs(kernel)
    ai.observe(kernel)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _admit(kernel: Kernel, shown: str) -> None:
    token = kernel.settings.metrics_token
    if token is None:
        raise NotFound("There is no such page.")
    expected = f"Bearer {token.get_secret_value()}"
    if not hmac.compare_digest(shown.encode(), expected.encode()):
        raise Unauthenticated(
            "Show the operator's token.", headers={"WWW-Authenticate": 'Bearer realm="metrics"'}
        )


async def _look_at_jobs(kernel: Kernel) -> None:
    async with system_session(kernel) as session:
        connection = await session.connection()
        found = await connection.exec_driver_sql(
            "SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY status"
        )
        rows: list[Any] = list(found)
    counted = dict(rows)
    for state in STATES:
        JOBS.labels(state).set(counted.get(state, 0))
