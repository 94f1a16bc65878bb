"""Notifications as mail."""

from __future__ import annotations

import re
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

# What a mail server says of an address that does not exist; where it says more (RFC 3463), only
# 5.1.x is about the address, and another 550 about us or what we sent.
NO_SUCH_ADDRESS, FOR_GOOD = 550, 500
SAYS_MORE, OF_ADDRESS = re.compile(r"5\.\d{1,3}\.\d{1,3}\b"), "5.1."


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
            raise _refused(error.recipients[0]) from error
        except aiosmtplib.SMTPResponseException as error:
            failure = NeverSentError if error.code >= FOR_GOOD else NotSentError
            raise failure(f"The mail server refused the mail ({error.code}).") from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise NotSentError("The mail server does not answer.") from error


def _refused(refusal: aiosmtplib.SMTPRecipientRefused) -> NotSentError:
    """Return what it means that the one recipient was refused: gone, refused for good, or later."""
    code, more = refusal.code, SAYS_MORE.match(refusal.message)
    if code == NO_SUCH_ADDRESS and (more is None or more[0].startswith(OF_ADDRESS)):
        return GoneError("The mail server knows no such address.")
    failure = NeverSentError if code >= FOR_GOOD else NotSentError
    return failure(f"The mail server refused the address ({code}).")


def compose(kernel: Kernel, parcel: Parcel) -> EmailMessage:
    """Return the mail: both forms, a preheader, and the headers that one click needs."""
    text, html = both_forms(kernel, parcel)
    message = mail.put_together(kernel.settings, subject=parcel.title, text=text, html=html)
    message["List-Unsubscribe"] = f"<{parcel.unsubscribe}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if parcel.enclosure is not None:
        message.add_attachment(
            parcel.enclosure.content,
            maintype="application",
            subtype="pdf",
            filename=parcel.enclosure.name,
        )
    return message


def both_forms(kernel: Kernel, parcel: Parcel, *, scheme: str = "light dark") -> tuple[str, str]:
    """Return a mail as text and as HTML, in whatever light its reader has, or in this `scheme`."""
    settings = kernel.settings
    values = {
        "title": parcel.title,
        "body": parcel.body,
        "parts": parcel.parts,
        "remark": parcel.remark,
        "link": parcel.link,
        "language": language_of(parcel.locale),
        "open": phrase("open", parcel.locale),
        "unsubscribe": phrase("unsubscribe", parcel.locale, {"link": _page(kernel, parcel)}),
        "settings": phrase("settings", parcel.locale, {"link": parcel.settings_link}),
        "instance": settings.name,
        "origin": settings.origin,
        "scheme": scheme,
    }
    text = _templates().get_template("notification.txt").render(values)
    html = _templates().get_template("notification.html").render(values)
    return text, html


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
