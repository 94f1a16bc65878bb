"""What can go wrong, in words for the user; the edge renders each as problem+json (RFC 9457)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One wrong field: an RFC 6901 pointer into the request and a sentence."""

    pointer: str
    detail: str


@dataclass(eq=False)
class Problem(Exception):
    """A refusal that changes nothing. `detail` is a sentence that says what to do."""

    status: ClassVar[int] = 500
    slug: ClassVar[str] = "unexpected"
    title: ClassVar[str] = "Something went wrong"

    detail: str
    errors: tuple[FieldProblem, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict[str, Any])
    headers: dict[str, str] = field(default_factory=dict[str, str])

    def __str__(self) -> str:
        return self.detail


class Unauthenticated(Problem):
    """Nobody we know."""

    status, slug, title = 401, "unauthenticated", "Sign in first"


class Forbidden(Problem):
    """Somebody we know who may not do this."""

    status, slug, title = 403, "forbidden", "Not allowed"


class NotFound(Problem):
    """Missing, or somebody else's: the answer is the same."""

    status, slug, title = 404, "not-found", "Not found"


class Conflict(Problem):
    """The state of things does not allow it."""

    status, slug, title = 409, "conflict", "Conflict"


class PreconditionFailed(Problem):
    """The row has changed since the caller read it (If-Match)."""

    status, slug, title = 412, "precondition-failed", "Changed in the meantime"


class TooLarge(Problem):
    """More than we accept in one request."""

    status, slug, title = 413, "too-large", "Too large"


class Invalid(Problem):
    """The input breaks a rule; `errors` points at the fields."""

    status, slug, title = 422, "invalid", "Invalid input"


class RateLimited(Problem):
    """Too often; `Retry-After` says when to come back."""

    status, slug, title = 429, "rate-limited", "Too many requests"


class Unavailable(Problem):
    """A part we need is down; the request was not carried out."""

    status, slug, title = 503, "unavailable", "Temporarily unavailable"


def invalid(pointer: str, detail: str) -> Invalid:
    """Return the error for one wrong field; `pointer` like "/due/date"."""
    return Invalid(detail, errors=(FieldProblem(pointer, detail),))
