"""A model vendor that takes 100 ms and then writes 40 pieces; `python -m bench.vendor PORT`."""

from __future__ import annotations

import asyncio
import sys

from tests.fakes.vendors import FakeVendor, Reply

THINKS_SECONDS = 0.1
WORDS = tuple(f"word{number} " for number in range(40))


async def serve(port: int) -> None:
    """Serve until killed."""
    vendor = FakeVendor()
    vendor.usual = Reply(chunks=WORDS, before=THINKS_SECONDS, usage=(50, 40))
    async with vendor.running(port):
        print("ready", flush=True)
        while True:
            await asyncio.sleep(60)
            vendor.seen.clear()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
