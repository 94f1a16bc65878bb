"""What pydantic, the ORM and the database raise, as refusals in our words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from selfos.kernel.errors import Conflict, FieldProblem, Invalid, Problem, Unavailable

TYPE_ROOT = "urn:selfos:problem:"


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


def refusal_of(error: Exception) -> Problem | None:
    """Return what an error refuses; None for what we did not foresee."""
    match error:
        case Problem():
            return error
        case ValidationError():
            return from_validation(error.errors())
        case StaleDataError():
            return Conflict("Somebody changed this at the same moment; try again.")
        case DBAPIError() | psycopg.Error():
            return from_database(error)
        case _:
            return None


def content_of(problem: Problem) -> dict[str, Any]:
    """Return the members of a problem as RFC 9457 names them."""
    content: dict[str, Any] = {
        "type": TYPE_ROOT + problem.slug,
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        **problem.extra,
    }
    if problem.errors:
        content["errors"] = [{"pointer": e.pointer, "detail": e.detail} for e in problem.errors]
    return content


def from_validation(errors: Sequence[Any]) -> Invalid:
    """Turn pydantic's findings into pointers and sentences."""
    problems = tuple(FieldProblem(_pointer(each["loc"]), _said(each["msg"])) for each in errors)
    first = problems[0]
    return Invalid(f"{first.pointer or '/'}: {first.detail}", errors=problems)


def _said(message: str) -> str:
    """Return our own sentences without pydantic's introduction to them."""
    return message.removeprefix("Value error, ")


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


def _pointer(location: Sequence[str | int]) -> str:
    # FastAPI begins with "body", "query", "path" or "header"; a body pointer is relative to it.
    parts = list(location)
    if parts and parts[0] == "body":
        parts = parts[1:]
    escaped = (str(part).replace("~", "~0").replace("/", "~1") for part in parts)
    return "".join(f"/{part}" for part in escaped)
