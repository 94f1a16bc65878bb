"""The sample life over HTTP."""

from __future__ import annotations

from fastapi import Response

from selfos.features.sample import service as sample
from selfos.features.workspaces.schemas import WorkspaceView
from selfos.kernel.ledger.models import Door
from selfos.kernel.routing import Access, Caller, Core, Router, allow, shown

router = Router(prefix="/sample", tags=["sample"])


@router.post("", status_code=201, response_model=WorkspaceView, **allow(Access.SELF, apart=True))
async def create_sample_life(caller: Caller, kernel: Core) -> Response:
    """Invent a person's year and a team in workspaces of their own; they fill within seconds.

    Answers with the person's workspace. A second one is a conflict until the first is removed.
    """
    return shown(await sample.create_sample_life(kernel, caller, door=Door.WEB), 201)
