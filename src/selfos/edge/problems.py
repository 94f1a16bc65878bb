"""Every error leaves as problem+json (RFC 9457); what we did not foresee is logged, not shown."""

from __future__ import annotations

import traceback

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
    PreconditionFailed,
    Problem,
)
from selfos.kernel.refusals import content_of, from_database, from_validation
from selfos.kernel.telemetry import current_request_id, get_logger

MEDIA_TYPE = "application/problem+json"
PHRASES = {
    400: "The request could not be read.",
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    413: "The request is larger than this server accepts.",
    415: "Send JSON with Content-Type: application/json.",
}

log = get_logger(__name__)


def problem_response(problem: Problem) -> Response:
    """Render one refusal."""
    content = {**content_of(problem), "request_id": current_request_id()}
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
