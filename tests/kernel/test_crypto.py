"""Keys, tokens and their shapes."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfos.kernel.crypto import (
    Keys,
    load_or_create_master,
    looks_like_token,
    new_token,
    token_hash,
)


def test_each_purpose_has_its_own_key() -> None:
    keys = Keys(b"m" * 32)
    assert keys.derive("a") != keys.derive("b")
    assert keys.derive("a") == Keys(b"m" * 32).derive("a")
    assert keys.derive("a") != Keys(b"n" * 32).derive("a")
    assert keys.sign("a", b"message") != keys.sign("b", b"message")


def test_the_master_key_is_made_once_and_readable_by_us_alone(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "secret.key"
    first = load_or_create_master(path)
    assert load_or_create_master(path) == first
    assert len(first) >= 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("kind", ["web", "api", "refresh"])
def test_a_token_is_recognised_by_kind_and_checksum(kind: str) -> None:
    token = new_token(kind)
    assert looks_like_token(kind, token)
    assert not looks_like_token("other", token)
    assert not looks_like_token(kind, token[:-1] + ("A" if token[-1] != "A" else "B"))
    assert token_hash(token) != token_hash(new_token(kind))


@given(st.text())
def test_nonsense_is_no_token(text: str) -> None:
    assert not looks_like_token("web", text)
    assert not looks_like_token("web", f"sos_web_{text}") or len(text) > 6
