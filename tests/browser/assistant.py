"""A program outside that speaks MCP with the server of the browser tests."""

from __future__ import annotations

from typing import Any

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from tests.browser.visitor import PATIENCE_MS


async def call_tools(address: str, token: str, *calls: tuple[str, dict[str, Any]]) -> list[Any]:
    """Call tools one after another; changes go into the proposal of the first one."""
    answers: list[Any] = []
    headers = {"Authorization": f"Bearer {token}"}
    http = httpx2.AsyncClient(headers=headers, timeout=PATIENCE_MS / 1_000)
    async with http, Client(streamable_http_client(f"{address}/mcp", http_client=http)) as client:
        for number, (name, arguments) in enumerate(calls):
            together = {"proposal_id": answers[0]["proposal_id"]} if answers else {}
            key = {"idempotency_key": f"call {number}"}
            result = await client.call_tool(name, {**arguments, **together, **key})
            assert not result.is_error, result
            answers.append(result.structured_content)
    return answers
