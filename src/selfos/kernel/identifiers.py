"""UUIDv7 (RFC 9562): ids sort by time, and clients may make their own."""

from __future__ import annotations

import secrets
import time
import uuid
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator

MILLISECOND_BITS, RANDOM_BITS = 48, 80
VERSION = 7


def new_id() -> UUID:
    """Return a fresh UUIDv7: 48 bits of milliseconds, then random bits."""
    return _assembled(time.time_ns() // 1_000_000, secrets.randbits(RANDOM_BITS))


def id_at(instant: datetime, seed: bytes) -> UUID:
    """Return the UUIDv7 of an instant whose other bits come from ten bytes of a digest."""
    return _assembled(int(instant.timestamp() * 1_000), int.from_bytes(seed))


def _assembled(milliseconds: int, rest: int) -> UUID:
    value = milliseconds << RANDOM_BITS | rest
    value = value & ~(0xF << 76) | VERSION << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)


def _require_version_7(value: UUID) -> UUID:
    if value.version != VERSION:
        raise ValueError("ids chosen by a client must be UUIDv7")
    return value


ClientId = Annotated[UUID, AfterValidator(_require_version_7)]
