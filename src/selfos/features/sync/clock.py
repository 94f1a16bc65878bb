"""Hybrid logical clocks: a wall time that never runs backwards, a counter, and a device.

Written as text whose order is the order of the clocks, with two writers of the same instant in
the order of their devices: `2026-11-25T17:03:04.123Z-0000-<device>`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

# What a device may run ahead of us; more is taken for this much.
LEAD = timedelta(seconds=60)
COUNTS = 0xFFFF
NO_DEVICE = UUID(int=0)
WRITTEN = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3})Z-([0-9a-f]{4})-([0-9a-f-]{36})"
)


@dataclass(frozen=True, slots=True, order=True)
class Stamp:
    """One reading of a hybrid clock."""

    instant: datetime
    count: int
    device: UUID

    @classmethod
    def read(cls, text: str) -> Stamp:
        """Read a stamp as a device writes it; anything else is a ValueError."""
        found = WRITTEN.fullmatch(text)
        if found is None:
            raise ValueError("write a clock as 2026-11-25T17:03:04.123Z-0000-<device>")
        wall, count, device = found.groups()
        instant = datetime.fromisoformat(wall).replace(tzinfo=UTC)
        return cls(instant, int(count, 16), UUID(device))

    @classmethod
    def at(cls, instant: datetime) -> Stamp:
        """Return the stamp of something written through another door."""
        whole = instant.astimezone(UTC)
        return cls(whole.replace(microsecond=whole.microsecond // 1_000 * 1_000), 0, NO_DEVICE)

    def clamped(self, now: datetime) -> Stamp:
        """Return this stamp, or the latest we believe when its clock runs far ahead."""
        latest = Stamp.at(now + LEAD).instant
        return Stamp(latest, COUNTS, self.device) if self.instant > latest else self

    def following(self) -> Stamp:
        """Return a stamp of ours that is later than this one."""
        if self.count < COUNTS:
            return Stamp(self.instant, self.count + 1, NO_DEVICE)
        return Stamp(self.instant + timedelta(milliseconds=1), 0, NO_DEVICE)

    def __str__(self) -> str:
        wall = self.instant.strftime("%Y-%m-%dT%H:%M:%S")
        milliseconds = self.instant.microsecond // 1_000
        return f"{wall}.{milliseconds:03d}Z-{self.count:04x}-{self.device}"
