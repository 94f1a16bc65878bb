"""A real instance for suites that need one: its own database, and a model that tests can script."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import tempfile
from collections.abc import AsyncGenerator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import httpx2
from fastapi import FastAPI

from selfos.kernel.core import Kernel
from selfos.kernel.embedded import attach
from selfos.kernel.settings import Settings
from selfos.migrations.run import migrate
from tests.conftest import FAST, Clock, running_app
from tests.factories import Person, register
from tests.fakes.vendors import FakeVendor

BASE = "http://127.0.0.1:8000/api/v1"


@dataclass
class World:
    """An application with one model provider, `vendor`, and people who register."""

    app: FastAPI
    kernel: Kernel
    vendor: Any
    stack: AsyncExitStack
    places: Iterator[IPv4Address] = field(
        default_factory=lambda: ipaddress.IPv4Network("10.64.0.0/10").hosts()
    )

    async def person(self) -> Person:
        """Register somebody, from a network of their own."""
        client = (str(next(self.places)), 50_000)
        transport = httpx2.ASGITransport(app=self.app, client=client)
        signed_in = httpx2.AsyncClient(transport=transport, base_url=BASE, timeout=60)
        return await register(self.kernel, await self.stack.enter_async_context(signed_in))


@asynccontextmanager
async def opened(vendor: FakeVendor) -> AsyncGenerator[World]:
    """Open an instance in a folder that vanishes with it."""
    with tempfile.TemporaryDirectory(prefix="selfos-evals-") as folder:
        os.chmod(folder, 0o755)  # noqa: PTH101, S103 - the server's own user looks into it
        postgres = await asyncio.to_thread(attach, Path(folder) / "postgres", settings=FAST)
        try:
            await asyncio.to_thread(migrate, postgres.url("postgres", "postgres"))
            async with AsyncExitStack() as stack:
                await stack.enter_async_context(vendor.running())
                plain = Settings(data=Path(folder) / "data", rate_limit_per_minute=1_000_000)
                settings = with_vendor(plain, vendor)
                url = postgres.url("selfos_app", "postgres")
                app, kernel = await stack.enter_async_context(running_app(settings, url, Clock()))
                yield World(app, kernel, vendor, stack)
        finally:
            await asyncio.to_thread(postgres.release)


def with_vendor(settings: Settings, vendor: FakeVendor) -> Settings:
    """Return these settings with the scripted model as the only one."""
    provider = {
        "kind": "openai_compatible",
        "base_url": vendor.url,
        "local": True,
        "free": True,
        "models": ["scripted"],
        "capabilities": ["tools", "json_schema"],
    }
    return Settings.model_validate({**settings.model_dump(), "ai_providers": {"here": provider}})
