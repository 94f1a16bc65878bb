"""Mail as files, for an instance without a mail server: the operator opens them."""

from __future__ import annotations

import asyncio
import os
from email.message import EmailMessage
from pathlib import Path

from selfos.kernel.identifiers import new_id


class FolderMailer:
    """Writes each message as an .eml file that only we can read: it may hold a token."""

    def __init__(self, folder: Path) -> None:
        """The folder is made when the first message comes."""
        self._folder = folder

    async def send(self, message: EmailMessage) -> None:
        """Write the message; file names sort by time."""
        await asyncio.to_thread(self._write, message.as_bytes())

    def _write(self, content: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / f"{new_id()}.eml"
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
