"""Living a sample life, in the background."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from selfos.features.sample import service as sample
from selfos.kernel.core import Kernel
from selfos.kernel.jobs import Job


async def live(kernel: Kernel, *, script: str, workspace_id: str, user_id: str, until: str) -> None:
    """Fill one sample workspace up to the moment it was asked for."""
    await sample.live(
        kernel,
        script=script,
        workspace_id=UUID(workspace_id),
        user_id=UUID(user_id),
        until=datetime.fromisoformat(until),
    )


JOBS = [Job(sample.LIVE_JOB, live)]
