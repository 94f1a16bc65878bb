"""`selfos mcp`: the same tools for a program that starts us and speaks over our pipes."""

from __future__ import annotations

from pathlib import Path

from mcp.server.stdio import stdio_server

from selfos.edge.doorkeeper import Doorkeeper
from selfos.edge.mcp.calls import Caller, Calls
from selfos.edge.mcp.server import make_server
from selfos.edge.registry import TOOLS, make_jobs
from selfos.kernel.core import Urls, open_kernel
from selfos.kernel.errors import Unauthenticated
from selfos.kernel.settings import Settings


async def speak(settings: Settings, urls: Urls, token: str) -> None:
    """Answer until the pipe closes; raises a Problem for a token that opens nothing."""
    async with open_kernel(settings, urls.app, make_jobs(), tools=TOOLS) as kernel:
        calls = Calls(Doorkeeper(kernel))
        await calls.check(token)
        server = make_server(calls, lambda _: Caller(token))
        async with stdio_server() as (reading, writing):
            await server.run(reading, writing, server.create_initialization_options())


def find_token(settings: Settings, file: Path | None) -> str:
    """Return the token from a file, or from the settings; raises Unauthenticated without one."""
    if file is not None:
        return file.read_text(encoding="utf-8").strip()
    if settings.mcp_token is not None:
        return settings.mcp_token.get_secret_value().strip()
    raise Unauthenticated(
        "Make a token for an assistant in Settings, and give it as SELFOS_MCP_TOKEN or"
        " --token-file."
    )
