"""What identity does in the background: mails, and forgetting what has expired.

A mail's token is made by its job: no secret ever stands in the queue. A repeated job makes a new
token and thereby voids the one before.
"""

from __future__ import annotations

from uuid import UUID

from selfos.features.identity import service as identity
from selfos.features.identity.service import passwords
from selfos.features.mail import service as mail
from selfos.kernel.core import Kernel
from selfos.kernel.jobs import Job, Schedule


async def mail_password_reset(kernel: Kernel, *, email: str) -> None:
    """Send the way back in, if this address has an account."""
    issued = await passwords.issue_reset(kernel, email)
    if issued is None:
        return
    account, token = issued
    await mail.send_mail(
        kernel,
        "reset_password",
        to=account.email,
        locale=account.locale,
        name=account.name,
        link=f"{kernel.settings.origin}/reset-password?token={token}",
    )


async def mail_email_confirmation(kernel: Kernel, *, user_id: str, email: str) -> None:
    """Ask the owner of an address whether it is theirs."""
    token = await passwords.issue_confirmation(kernel, UUID(user_id), email)
    if token is None:
        return
    account = await identity.get_account(kernel, UUID(user_id))
    await mail.send_mail(
        kernel,
        "confirm_email",
        to=email,
        locale=account.locale,
        link=f"{kernel.settings.origin}/confirm-email?token={token}",
    )


async def mail_notice(
    kernel: Kernel, *, to: str, what: str, locale: str = "en", address: str = ""
) -> None:
    """Tell somebody that how they sign in has changed."""
    link = f"{kernel.settings.origin}/forgot-password"
    await mail.send_mail(kernel, what, to=to, locale=locale, link=link, address=address)


HANDLERS = ()
JOBS = (
    Job(passwords.RESET_JOB, mail_password_reset),
    Job(passwords.CONFIRM_JOB, mail_email_confirmation),
    Job(passwords.NOTICE_JOB, mail_notice),
)
SCHEDULES = (Schedule("identity.sweep", "29 * * * *", identity.sweep),)
