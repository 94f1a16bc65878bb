"""Mails: what they say, and both ways out."""

import email
import email.policy
import socket
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from selfos.features.mail import service as mail
from selfos.kernel.core import Kernel
from selfos.kernel.languages import LANGUAGES, catalogue
from selfos.kernel.settings import NotificationSettings, Settings

VALUES = {"inviter": "Ada & <b>Bob</b>", "workspace": "Crew", "link": "https://life.example/x"}


class Inbox:
    """A mail server's memory."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return "250 taken"


@pytest.fixture
def server() -> Iterator[tuple[Inbox, int]]:
    inbox = Inbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield inbox, port
    controller.stop()


def text(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return body.get_content()


async def test_a_mail_server_gets_text_and_html(
    kernel: Kernel, settings: Settings, server: tuple[Inbox, int]
) -> None:
    inbox, port = server
    smtp = NotificationSettings(smtp_host="127.0.0.1", smtp_port=port, smtp_security="none")
    there = replace(kernel, settings=settings.model_copy(update={"notification_settings": smtp}))
    await mail.send_mail(
        there, "invitation", to="guest@example.org", locale="en", message_id="one", **VALUES
    )
    (message,) = inbox.messages
    assert message["To"] == "guest@example.org"
    assert message["Message-ID"] == "<one@localhost>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert "https://life.example/x" in text(message, "plain")
    assert "Ada & <b>Bob</b>" in text(message, "plain")
    assert "Ada &amp; &lt;b&gt;Bob&lt;/b&gt;" in text(message, "html")


async def test_without_a_mail_server_mails_are_private_files(
    kernel: Kernel, settings: Settings, tmp_path: Path
) -> None:
    there = replace(kernel, settings=settings.model_copy(update={"data": tmp_path}))
    await mail.send_mail(there, "invitation", to="guest@example.org", locale="en", **VALUES)
    (path,) = (tmp_path / "outbox").iterdir()
    assert path.suffix == ".eml"
    assert path.stat().st_mode & 0o777 == 0o600


def test_names_cannot_forge_headers(settings: Settings) -> None:
    evil = {**VALUES, "inviter": "Ada\r\nBcc: victim@example.org", "workspace": "W"}
    message = mail.compose(settings, "invitation", evil, locale="en")
    assert message["Bcc"] is None
    assert "\n" not in message["Subject"]


def test_a_template_without_its_values_is_an_error(settings: Settings) -> None:
    with pytest.raises(Exception, match="undefined"):
        mail.compose(settings, "invitation", {}, locale="en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("reset_password", {"name": "Ada"}),
        ("confirm_email", {}),
        ("password_changed", {}),
        ("address_changed", {"address": "ada@example.org"}),
        ("invitation", VALUES),
    ],
)
def test_every_mail_is_said_in_every_language_both_ways(
    settings: Settings, name: str, values: dict[str, Any], language: str
) -> None:
    values = {"link": "https://life.example/x", **values}
    message = mail.compose(settings, name, values, locale=f"{language}-XX")
    english = mail.compose(settings, name, values, locale="en")
    assert (message["Subject"] == english["Subject"]) == (language == "en")
    for value in values.values():
        assert str(value) in text(message, "plain")
    assert f'<html lang="{language}">' in text(message, "html")
    assert catalogue(mail.PACKAGE, language).keys() == catalogue(mail.PACKAGE, "en").keys()


def test_whoever_speaks_none_of_our_languages_is_written_to_in_english(settings: Settings) -> None:
    message = mail.compose(settings, "invitation", VALUES, locale="fi-FI")
    assert "invites you to" in message["Subject"]
