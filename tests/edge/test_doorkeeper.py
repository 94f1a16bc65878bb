"""Whose page may speak for a browser."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from starlette.requests import HTTPConnection


@pytest.mark.parametrize(
    ("origin", "asked", "ours"),
    [
        ("http://127.0.0.1:8000", "127.0.0.1:8000", True),
        ("http://localhost:8000", "localhost:8000", True),
        ("http://[::1]:8000", "[::1]:8000", True),
        ("http://localhost:3000", "localhost:8000", False),  # another program on this machine
        ("https://localhost:8000", "localhost:8000", False),
        ("http://evil.example", "evil.example", False),  # a foreign name that resolves to us
        ("http://localhost.evil.example:8000", "localhost.evil.example:8000", False),
        ("null", "localhost:8000", False),
        ("", "localhost:8000", False),
    ],
)
def test_on_loopback_a_page_of_the_asked_name_is_ours(
    app: FastAPI, origin: str, asked: str, ours: bool
) -> None:
    headers = [(b"origin", origin.encode()), (b"host", asked.encode())]
    connection = HTTPConnection({"type": "http", "headers": headers})
    assert app.state.doorkeeper.ours(connection) is ours
