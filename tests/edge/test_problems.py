"""Every refusal is problem+json, says what to do, and gives nothing away."""

import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

import httpx2
import psycopg
import pytest
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException

from selfos.edge import problems
from selfos.edge.http import LARGEST_BODY
from selfos.edge.middleware import Surroundings
from selfos.kernel.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    PreconditionFailed,
    Problem,
    RateLimited,
    TooLarge,
    Unauthenticated,
    Unavailable,
)
from selfos.kernel.identifiers import new_id
from tests.factories import Person

Ask = Callable[..., Awaitable[httpx2.Response]]
SECRET = "the-secret-in-the-message"


def problem_of(answer: httpx2.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"].endswith((".", "’", "”")) or problem.get("errors")
    assert problem["request_id"] == answer.headers["x-request-id"]
    return problem


@pytest.fixture
def ask_failing() -> Ask:
    """Ask an application whose one operation fails in the given way."""

    async def ask(error: Exception, *, debug: bool = False, **options: Any) -> httpx2.Response:
        app = FastAPI()
        problems.install(app, debug=debug)
        app.add_middleware(Surroundings, secure=False, debug=debug)

        @app.get("/")
        async def fail() -> None:  # pyright: ignore[reportUnusedFunction]
            raise error

        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.get("/", **options)

    return ask


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (Unauthenticated, 401),
        (Forbidden, 403),
        (NotFound, 404),
        (Conflict, 409),
        (PreconditionFailed, 412),
        (TooLarge, 413),
        (Invalid, 422),
        (RateLimited, 429),
        (Unavailable, 503),
    ],
)
async def test_each_refusal_has_its_status_and_type(
    ask_failing: Ask, kind: type[Problem], status: int
) -> None:
    error = kind("Do this instead.", extra={"more": 1}, headers={"Retry-After": "7"})
    problem = problem_of(answer := await ask_failing(error), status)
    assert problem["type"] == f"urn:selfos:problem:{kind.slug}"
    assert (problem["detail"], problem["title"]) == (str(error), kind.title)
    assert problem["more"] == 1
    assert answer.headers["retry-after"] == "7"


@pytest.mark.parametrize("status", [400, 404, 405, 413, 415, 418])
async def test_what_the_framework_refuses_looks_the_same(ask_failing: Ask, status: int) -> None:
    answer = await ask_failing(HTTPException(status, SECRET, {"Allow": "GET"}))
    problem = problem_of(answer, status)
    assert problem["type"] == "about:blank"
    assert SECRET not in answer.text
    assert answer.headers["allow"] == "GET"


def from_driver(kind: type[psycopg.Error]) -> list[psycopg.Error | DBAPIError]:
    """Return a database error as the driver raises it, and as SQLAlchemy wraps it."""
    bare = kind(SECRET)
    return [bare, DBAPIError(f"INSERT {SECRET}", {"x": SECRET}, bare)]


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (psycopg.errors.NotNullViolation, 422),
        (psycopg.errors.ForeignKeyViolation, 422),
        (psycopg.errors.UniqueViolation, 409),
        (psycopg.errors.CheckViolation, 422),
        (psycopg.errors.NumericValueOutOfRange, 422),
        (psycopg.errors.DatetimeFieldOverflow, 422),
        (psycopg.DataError, 422),
        (psycopg.errors.DeadlockDetected, 503),
        (psycopg.errors.SerializationFailure, 503),
        (psycopg.errors.LockNotAvailable, 503),
        (psycopg.errors.TooManyConnections, 503),
        (psycopg.errors.AdminShutdown, 503),
        (psycopg.errors.ConnectionFailure, 503),
        (psycopg.errors.DiskFull, 507),
        (psycopg.errors.InsufficientPrivilege, 500),
        (psycopg.errors.UndefinedTable, 500),
    ],
)
async def test_what_the_database_refuses_is_said_in_our_words(
    ask_failing: Ask, kind: type[psycopg.Error], status: int
) -> None:
    for error in from_driver(kind):
        answer = await ask_failing(error)
        problem_of(answer, status)
        assert SECRET not in answer.text
        assert ("retry-after" in answer.headers) is (status == 503)


async def test_a_row_changed_at_the_same_moment(ask_failing: Ask) -> None:
    error = StaleDataError(SECRET)
    problem_of(await ask_failing(error), 409)
    problem_of(await ask_failing(error, headers={"If-Match": '"1"'}), 412)


async def test_pointers_are_escaped_and_relative_to_the_body(ask_failing: Ask) -> None:
    found = [
        {"loc": ("body", "a/b", 0, "c~d"), "msg": "wrong"},
        {"loc": ("query", "limit"), "msg": "Value error, too many"},
    ]
    problem = problem_of(await ask_failing(RequestValidationError(found)), 422)
    assert problem["errors"] == [
        {"pointer": "/a~1b/0/c~0d", "detail": "wrong"},
        {"pointer": "/query/limit", "detail": "too many"},
    ]
    assert problem["detail"] == "/a~1b/0/c~0d: wrong"


async def test_the_unforeseen_is_logged_and_not_shown(
    ask_failing: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await ask_failing(ZeroDivisionError(SECRET))
    problem = problem_of(answer, 500)
    assert problem["type"] == "urn:selfos:problem:unexpected"
    assert SECRET not in answer.text
    assert "traceback" not in problem
    assert SECRET in caplog.text
    assert problem["request_id"] in caplog.text


async def test_a_developer_sees_the_traceback(ask_failing: Ask) -> None:
    answer = await ask_failing(ZeroDivisionError(SECRET), debug=True)
    assert SECRET in "".join(problem_of(answer, 500)["traceback"])


async def test_unknown_addresses_and_methods(client: httpx2.AsyncClient) -> None:
    problem_of(await client.get("/nothing/here"), 404)
    problem_of(await client.get("/"), 404)
    refused = await client.put("/tasks")
    problem_of(refused, 405)
    assert set(refused.headers["allow"].split(", ")) <= {"GET", "POST"}


async def test_a_body_larger_than_we_take(person: Person) -> None:
    large = {"title": "x", "notes": "n" * LARGEST_BODY}
    problem_of(await person.client.post("/tasks", json=large), 413)

    async def endless() -> AsyncGenerator[bytes]:
        for _ in range(20):
            yield b" " * 100_000

    headers = {"Content-Type": "application/json"}
    problem_of(await person.client.post("/tasks", content=endless(), headers=headers), 413)
    assert (await person.get("/tasks"))["items"] == []


@pytest.mark.parametrize(
    ("kind", "status"),
    [("text/plain", 415), ("application/x-www-form-urlencoded", 415), ("application/json", 201)],
)
async def test_only_json_is_read(person: Person, kind: str, status: int) -> None:
    answer = await person.client.post(
        "/tasks", content=b'{"title": "x"}', headers={"Content-Type": kind}
    )
    if status == 201:
        assert answer.status_code == 201
    else:
        problem_of(answer, status)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/title"),
        ({"title": ""}, "/title"),
        ({"title": "x", "priority": 9}, "/priority"),
        ({"title": "x", "priority": "1"}, "/priority"),
        ({"title": "x", "colour": "red"}, "/colour"),
        ({"title": "x", "due": {"kind": "date", "date": "2026-02-30"}}, "/due/date"),
        ({"title": "x", "labels": ["a", 1]}, "/labels/1"),
        ({"title": "a\u0000b"}, "/title"),
    ],
)
async def test_errors_point_at_the_field(person: Person, body: Any, pointer: str) -> None:
    problem = problem_of(await person.client.post("/tasks", json=body), 422)
    pointers = [error["pointer"] for error in problem["errors"]]
    assert any(found.startswith(pointer) for found in pointers), pointers
    assert all(error["detail"] for error in problem["errors"])


@pytest.mark.parametrize("body", [b"", b"{", b"null", b"[]", b'"x"', b"\xff\xfe", b"NaN"])
async def test_what_is_not_an_object_is_refused(person: Person, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await person.client.post("/tasks", content=body, headers=headers)
    problem_of(answer, answer.status_code)
    assert answer.status_code in {400, 422}


async def test_ids_that_are_none_are_refused(person: Person) -> None:
    problem = problem_of(await person.client.get("/tasks/none"), 422)
    assert problem["errors"][0]["pointer"] == "/path/task_id"
    answer = await person.client.post("/tasks", json={"id": f"{new_id()}"[:-1], "title": "x"})
    assert problem_of(answer, 422)["errors"][0]["pointer"] == "/id"


async def test_an_id_that_is_taken_is_a_conflict(person: Person) -> None:
    task = await person.post("/tasks", 201, title="x")
    problem_of(await person.client.post("/tasks", json={"id": task["id"], "title": "y"}), 409)
    assert (await person.get(f"/tasks/{task['id']}"))["title"] == "x"


async def test_a_workspace_that_is_none(person: Person) -> None:
    answer = await person.client.get("/tasks", headers={"SelfOS-Workspace": "home"})
    problem = problem_of(answer, 422)
    assert problem["errors"][0]["pointer"] == "/header/SelfOS-Workspace"
    answer = await person.client.get("/tasks", headers={"SelfOS-Workspace": str(new_id())})
    problem_of(answer, 404)


async def test_strangers_learn_how_to_sign_in(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/tasks")
    problem_of(answer, 401)
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_the_description_names_every_refusal(client: httpx2.AsyncClient) -> None:
    document = json.loads((await client.get("/openapi.json")).text)
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    assert operations
    assert all("default" in operation["responses"] for operation in operations)
