"""Mail through the operator's server."""

from __future__ import annotations

from email.message import EmailMessage

import aiosmtplib

from selfos.kernel.settings import NotificationSettings

TIMEOUT_SECONDS = 20.0


class SmtpMailer:
    """Sends each message over its own connection."""

    def __init__(self, settings: NotificationSettings) -> None:
        """`settings.smtp_host` must be set."""
        self._settings = settings

    async def send(self, message: EmailMessage) -> None:
        """Hand the message to the mail server; certificates are checked."""
        settings = self._settings
        password = settings.smtp_password
        await aiosmtplib.send(
            message,
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            username=settings.smtp_username,
            password=password.get_secret_value() if password else None,
            use_tls=settings.smtp_security == "tls",
            start_tls=settings.smtp_security == "starttls",
            timeout=TIMEOUT_SECONDS,
        )
