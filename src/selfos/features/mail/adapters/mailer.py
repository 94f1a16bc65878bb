"""What a way out for mail must do."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Protocol


class Mailer(Protocol):
    """Takes one finished message; raises if it was not accepted."""

    async def send(self, message: EmailMessage) -> None:
        """Hand the message over."""
        ...
