"""Writes mails in the language of who gets them, and hands them to the instance's way out."""

from __future__ import annotations

from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from functools import cache
from typing import Any

from jinja2 import PackageLoader, StrictUndefined, select_autoescape
from jinja2.sandbox import ImmutableSandboxedEnvironment

from selfos.features.mail.adapters.folder import FolderMailer
from selfos.features.mail.adapters.mailer import Mailer
from selfos.features.mail.adapters.smtp import SmtpMailer
from selfos.kernel.core import Kernel
from selfos.kernel.identifiers import new_id
from selfos.kernel.languages import catalogue, language_of, plain_template
from selfos.kernel.settings import Settings

PACKAGE = "selfos.features.mail"


async def send_mail(
    kernel: Kernel,
    which: str,
    *,
    to: str,
    locale: str,
    link: str,
    message_id: str | None = None,
    **values: Any,
) -> None:
    """Send one mail. A `message_id` that stays the same lets mail servers drop repeats."""
    message = compose(kernel.settings, which, {**values, "link": link}, locale=locale)
    await send_message(kernel, message, to=to, message_id=message_id)


async def send_message(
    kernel: Kernel, message: EmailMessage, *, to: str, message_id: str | None = None
) -> None:
    """Send a message that has been composed, with its date and an id."""
    settings = kernel.settings
    message["To"] = to
    message["Date"] = format_datetime(kernel.clock())
    message["Message-ID"] = f"<{message_id or new_id()}@{_domain(settings)}>"
    await mailer(settings).send(message)


def mailer(settings: Settings) -> Mailer:
    """Return the mail server if one is set, else the outbox folder."""
    if settings.notification_settings.smtp_host:
        return SmtpMailer(settings.notification_settings)
    return FolderMailer(settings.data / "outbox")


def compose(
    settings: Settings, which: str, values: Mapping[str, Any], *, locale: str
) -> EmailMessage:
    """Return a message with text and HTML, in the nearest language we speak."""
    language = language_of(locale)
    words = catalogue(PACKAGE, language)
    values = {"instance": settings.name, "origin": settings.origin, **values}

    def say(text: str) -> str:
        return plain_template(text).render(values)

    parts = words[which]
    said = {part: say(parts[part]) for part in ("subject", "title", "button", "after")}
    page = {
        "said": {**said, "before": [say(line) for line in parts["before"]]},
        "sent": say(words["sent"]),
        "or_open": say(words["or_open"]),
        "link": values["link"],
        "language": language,
    }
    text, html = (
        _templates().get_template(f"mail.{form}").render(page) for form in ("txt", "html")
    )
    return put_together(settings, subject=said["subject"], text=text, html=html)


def put_together(settings: Settings, *, subject: str, text: str, html: str) -> EmailMessage:
    """Return a message in both forms, written by no person."""
    message = EmailMessage()
    message["From"] = settings.notification_settings.sender
    message["Subject"] = " ".join(subject.split())
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text.strip() + "\n")
    message.add_alternative(html, subtype="html")
    return message


@cache
def _templates() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=PackageLoader(PACKAGE),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _domain(settings: Settings) -> str:
    _, address = parseaddr(settings.notification_settings.sender)
    return address.rpartition("@")[2] or "localhost"
