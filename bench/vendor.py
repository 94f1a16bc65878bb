"""A model vendor that takes 100 ms and then writes 40 pieces; `python -m bench.vendor PORT PACE`.

PACE is the pause between two pieces in seconds; 0 writes as fast as it can, as no model does.
"""

from __future__ import annotations

import asyncio
import sys

from tests.fakes.vendors import FakeVendor, Reply

THINKS_SECONDS = 0.1
WORDS = tuple(f"word{number} " for number in range(40))


async def serve(port: int, pace: float) -> None:
    """Serve until killed."""
    vendor = FakeVendor()
    vendor.usual = Reply(chunks=WORDS, before=THINKS_SECONDS, between=pace, usage=(50, 40))
    async with vendor.running(port):
        print("ready", flush=True)
        while True:
            await asyncio.sleep(60)
            vendor.seen.clear()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2])))
