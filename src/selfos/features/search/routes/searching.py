"""Search over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from selfos.features.search import service
from selfos.features.search.schemas.searching import SearchQuery, SearchView
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Ctx, Router, allow

router = Router(prefix="/search", tags=["search"])


@router.get("", **allow(Permission.WORKSPACE_READ))
async def search(ctx: Ctx, query: Annotated[SearchQuery, Query()]) -> SearchView:
    return await service.search(ctx, query)
