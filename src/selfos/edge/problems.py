"""Every error leaves as problem+json (RFC 9457); what we did not foresee is logged, not shown."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from typing import Any

import psycopg
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException

from selfos.edge.addresses import Addresses
from selfos.kernel.errors import (
    Conflict,
    FieldProblem,
    Invalid,
    PreconditionFailed,
    Problem,
    Unavailable,
)
from selfos.kernel.telemetry import current_request_id, get_logger

MEDIA_TYPE = "application/problem+json"
TYPE_ROOT = "urn:selfos:problem:"
PHRASES = {
    400: "The request could not be read.",
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    413: "The request is larger than this server accepts.",
    415: "Send JSON with Content-Type: application/json.",
}

log = get_logger(__name__)


class InsufficientStorage(Problem):
    """The disk is full; nothing was written."""

    status, slug, title = 507, "disk-full", "No space left"


# SQLSTATE -> what the client did; classes: 22 data, 08 connection, 53 resources, 57 operator.
REFUSALS: dict[str, tuple[type[Problem], str]] = {
    "23502": (Invalid, "A value is missing."),
    "23503": (Invalid, "This refers to something that does not exist here."),
    "23505": (Conflict, "Something with this id or name exists already."),
    "23514": (Invalid, "A value is outside what is allowed."),
    "53100": (InsufficientStorage, "The server's disk is full; nothing was changed."),
}
CROWDED = {"40001", "40P01", "55P03"}
UNREACHABLE = ("08", "53", "57")


def problem_response(problem: Problem) -> Response:
    """Render one refusal."""
    content: dict[str, Any] = {
        "type": TYPE_ROOT + problem.slug,
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "request_id": current_request_id(),
        **problem.extra,
    }
    if problem.errors:
        content["errors"] = [{"pointer": e.pointer, "detail": e.detail} for e in problem.errors]
    return JSONResponse(content, problem.status, problem.headers, MEDIA_TYPE)


def install(app: FastAPI, *, debug: bool) -> None:
    """Answer every kind of failure in the one form."""
    addresses = Addresses(app)

    @app.exception_handler(Problem)
    async def _refused(_: Request, problem: Problem) -> Response:
        return problem_response(problem)

    @app.exception_handler(RequestValidationError)
    async def _unreadable(request: Request, error: RequestValidationError) -> Response:
        path = request.url.path
        if addresses.refuses(path, request.method):
            return _plain(405, {"Allow": ", ".join(addresses.methods(path))})
        if request.headers.get("content-length") != "0" and not _says_json(request):
            return _plain(415, {})
        return problem_response(from_validation(error.errors()))

    @app.exception_handler(ValidationError)
    async def _invalid(_: Request, error: ValidationError) -> Response:
        return problem_response(from_validation(error.errors()))

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        path = request.url.path
        # The router knows only the one route it tried.
        if error.status_code in (404, 405) and addresses.refuses(path, request.method):
            return _plain(405, {"Allow": ", ".join(addresses.methods(path))})
        return _plain(error.status_code, dict(error.headers or {}))

    @app.exception_handler(StaleDataError)
    async def _stale(request: Request, _: StaleDataError) -> Response:
        kind = PreconditionFailed if "if-match" in request.headers else Conflict
        return problem_response(kind("Somebody changed this at the same moment; try again."))

    @app.exception_handler(DBAPIError)
    @app.exception_handler(psycopg.Error)
    async def _database(_: Request, error: DBAPIError | psycopg.Error) -> Response:
        known = from_database(error)
        return problem_response(known) if known else unexpected(error, debug=debug)


def _says_json(request: Request) -> bool:
    kind = request.headers.get("content-type", "application/json").partition(";")[0].strip()
    return kind.lower() == "application/json" or kind.lower().endswith("+json")


def from_validation(errors: Sequence[Any]) -> Invalid:
    """Turn pydantic's findings into pointers and sentences."""
    problems = tuple(FieldProblem(_pointer(error["loc"]), str(error["msg"])) for error in errors)
    first = problems[0]
    return Invalid(f"{first.pointer or '/'}: {first.detail}", errors=problems)


def from_database(error: DBAPIError | psycopg.Error) -> Problem | None:
    """Translate the refusals of the database that a client can cause."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    state = str(getattr(cause, "sqlstate", "") or "")
    if state in REFUSALS:
        kind, detail = REFUSALS[state]
        return kind(detail)
    if state in CROWDED:
        return _busy("Another change was in the way; try again.")
    # The driver refuses some values itself, such as text with a NUL, without a state.
    if state.startswith("22") or (not state and isinstance(cause, psycopg.DataError)):
        return Invalid("A value cannot be stored as given.")
    if state.startswith(UNREACHABLE):
        return _busy("The database is not available; try again shortly.")
    return None


def _busy(detail: str) -> Unavailable:
    return Unavailable(detail, headers={"Retry-After": "2"})


def _plain(status: int, headers: dict[str, str]) -> Response:
    detail = PHRASES.get(status, "The request was refused.")
    content = {
        "type": "about:blank",
        "title": detail.rstrip("."),
        "status": status,
        "detail": detail,
        "request_id": current_request_id(),
    }
    return JSONResponse(content, status, headers, MEDIA_TYPE)


def unexpected(error: Exception, *, debug: bool) -> Response:
    """Log what we did not foresee, and admit it."""
    log.error("request.failed", exc_info=error)
    problem = Problem("This is our fault; it has been logged under the request id.")
    if debug:
        problem.extra["traceback"] = traceback.format_exception(error)
    return problem_response(problem)


def _pointer(location: Sequence[str | int]) -> str:
    # FastAPI begins with "body", "query", "path" or "header"; a body pointer is relative to it.
    parts = list(location)
    if parts and parts[0] == "body":
        parts = parts[1:]
    escaped = (str(part).replace("~", "~0").replace("/", "~1") for part in parts)
    return "".join(f"/{part}" for part in escaped)
