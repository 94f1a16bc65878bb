"""What workspaces do in the background: mailing invitations."""

from __future__ import annotations

from uuid import UUID

from selfos.features.mail import service as mail
from selfos.features.workspaces.service import invitations
from selfos.kernel.core import Kernel
from selfos.kernel.jobs import Job


async def mail_invitation(kernel: Kernel, *, workspace_id: str, invitation_id: str) -> None:
    """Send an invitation; its link is made here, so the queue holds no secret."""
    letter = await invitations.letter(kernel, UUID(workspace_id), UUID(invitation_id))
    if letter is None:
        return
    await mail.send_mail(
        kernel,
        "invitation",
        to=letter.email,
        locale=letter.locale,
        message_id=invitation_id,
        inviter=letter.inviter,
        workspace=letter.workspace,
        link=letter.link,
    )


HANDLERS = ()
JOBS = (Job(invitations.MAIL_JOB, mail_invitation),)
SCHEDULES = ()
