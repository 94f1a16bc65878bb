"""Files by URL: a folder now, S3 by changing the URL. Bytes first, then the row that names them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import obstore
from obstore.store import LocalStore, from_url

if TYPE_CHECKING:
    from obstore.store import ObjectStore


def open_storage(url: str | None, data: Path) -> ObjectStore:
    """Return the store for this URL (`file:///path`, `s3://bucket`), by default DATA/files."""
    if url is None or urlsplit(url).scheme == "file":
        folder = Path(urlsplit(url).path) if url else data / "files"
        return LocalStore(folder, automatic_cleanup=True, mkdir=True)
    return from_url(url)


async def write_once(store: ObjectStore, path: str, content: bytes) -> None:
    """Store bytes under a new name; an existing name is never overwritten."""
    await obstore.put_async(store, path, content, mode="create")


async def read(store: ObjectStore, path: str) -> bytes:
    """Return the bytes under this name."""
    result = await obstore.get_async(store, path)
    return bytes(await result.bytes_async())
