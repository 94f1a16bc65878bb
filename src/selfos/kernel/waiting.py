"""How long somebody outside asks us to wait, as they say it in an answer."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx2

# Who asks for more patience than this is asked again anyway.
LONGEST_WAIT = timedelta(days=1)
SECONDS = re.compile(r"[0-9]{1,9}")


def retry_after(answer: httpx2.Response, now: datetime) -> timedelta | None:
    """Return how long an answer asks us to wait, where it says so."""
    return wait_in(answer.headers.get("retry-after"), now)


def wait_in(said: str | None, now: datetime) -> timedelta | None:
    """Return the wait that a `Retry-After` names in seconds or by a date (RFC 9110, 10.2.3)."""
    said = (said or "").strip()
    if SECONDS.fullmatch(said):
        return min(timedelta(seconds=int(said)), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(said)
    except (ValueError, OverflowError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(until - now, timedelta()), LONGEST_WAIT)
