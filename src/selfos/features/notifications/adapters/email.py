"""Notifications as mail."""

from __future__ import annotations

from email.message import EmailMessage
from functools import cache

import aiosmtplib
from jinja2 import PackageLoader, StrictUndefined, select_autoescape
from jinja2.sandbox import ImmutableSandboxedEnvironment

from selfos.features.mail import service as mail
from selfos.features.notifications.adapters.channel import (
    GoneError,
    NeverSentError,
    NotSentError,
    Parcel,
)
from selfos.features.notifications.wording import phrase
from selfos.kernel.core import Kernel
from selfos.kernel.languages import language_of

# What a mail server says of an address that does not exist (RFC 3463: 5.1.x).
NO_SUCH_ADDRESS, FOR_GOOD = 550, 500


class MailOutlet:
    """One person's address."""

    def __init__(self, kernel: Kernel, to: str) -> None:
        """Send to this address by the instance's way out for mail."""
        self._kernel, self._to = kernel, to

    async def send(self, parcel: Parcel) -> None:
        """Send one mail."""
        message = compose(self._kernel, parcel)
        try:
            await mail.send_message(
                self._kernel, message, to=self._to, message_id=parcel.message_id
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            code = max((each.code for each in error.recipients), default=0)
            if code == NO_SUCH_ADDRESS:
                raise GoneError("The mail server knows no such address.") from error
            raise NotSentError(f"The mail server refused the address ({code}).") from error
        except aiosmtplib.SMTPResponseException as error:
            failure = NeverSentError if error.code >= FOR_GOOD else NotSentError
            raise failure(f"The mail server refused the mail ({error.code}).") from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise NotSentError("The mail server does not answer.") from error


def compose(kernel: Kernel, parcel: Parcel) -> EmailMessage:
    """Return the mail: both forms, a preheader, and the headers that one click needs."""
    settings = kernel.settings
    values = {
        "title": parcel.title,
        "body": parcel.body,
        "parts": parcel.parts,
        "link": parcel.link,
        "language": language_of(parcel.locale),
        "open": phrase("open", parcel.locale),
        "unsubscribe": phrase("unsubscribe", parcel.locale, {"link": _page(kernel, parcel)}),
        "settings": phrase("settings", parcel.locale, {"link": parcel.settings_link}),
        "instance": settings.name,
        "origin": settings.origin,
    }
    text = _templates().get_template("notification.txt").render(values)
    html = _templates().get_template("notification.html").render(values)
    message = mail.put_together(settings, subject=parcel.title, text=text, html=html)
    message["List-Unsubscribe"] = f"<{parcel.unsubscribe}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return message


def _page(kernel: Kernel, parcel: Parcel) -> str:
    """Return where a person reads what the one click does before they do it."""
    token = parcel.unsubscribe.partition("?")[2]
    language = language_of(parcel.locale)
    return f"{kernel.settings.origin}/unsubscribe?{token}&kind={parcel.kind}&lang={language}"


@cache
def _templates() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=PackageLoader("selfos.features.notifications"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
