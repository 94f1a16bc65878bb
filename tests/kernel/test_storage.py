"""Files by URL."""

from __future__ import annotations

from pathlib import Path

import pytest
from obstore.exceptions import AlreadyExistsError

from selfos.kernel.storage import open_storage, read, write_once


@pytest.mark.parametrize("explicit", [True, False])
async def test_bytes_come_back_as_they_went(tmp_path: Path, explicit: bool) -> None:
    store = open_storage(f"file://{tmp_path}/elsewhere" if explicit else None, tmp_path)
    await write_once(store, "a/b.bin", b"\x00\xff")
    assert await read(store, "a/b.bin") == b"\x00\xff"
    assert (tmp_path / ("elsewhere" if explicit else "files") / "a" / "b.bin").exists()


async def test_a_stored_name_is_never_overwritten(tmp_path: Path) -> None:
    store = open_storage(None, tmp_path)
    await write_once(store, "a", b"first")
    with pytest.raises(AlreadyExistsError):
        await write_once(store, "a", b"second")
    assert await read(store, "a") == b"first"


def test_a_bucket_is_a_change_of_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    assert type(open_storage("s3://bucket", tmp_path)).__name__ == "S3Store"
