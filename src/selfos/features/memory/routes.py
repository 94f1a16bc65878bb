"""Memory over HTTP: everybody's own, and nobody else's."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from selfos.features.memory import service as memory
from selfos.features.memory.schemas import (
    FactCorrect,
    FactCreate,
    FactPage,
    FactQuery,
    FactUsePage,
    FactView,
    ProfileUpdate,
    ProfileView,
    Recalled,
    RecallQuery,
)
from selfos.kernel.documents import PageQuery
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Ctx, Router, allow, as_json, nothing, shown

router = Router(prefix="/memory", tags=["memory"])
READ, WRITE = allow(Permission.MEMORY_READ), allow(Permission.MEMORY_WRITE)


@router.get("/facts", response_model=FactPage, **READ)
async def list_facts(ctx: Ctx, query: Annotated[FactQuery, Query()]) -> Response:
    """List what is known of me here, last recorded first."""
    return as_json(await memory.list_facts(ctx, query))


@router.post("/facts", status_code=201, response_model=FactView, **WRITE)
async def remember_fact(ctx: Ctx, body: FactCreate) -> Response:
    """Remember something I write down myself."""
    fact = await memory.remember(ctx, body)
    return shown(await memory.get_fact(ctx, fact.id), 201)


@router.delete("/facts", status_code=204, **WRITE)
async def forget_everything(ctx: Ctx) -> Response:
    """Erase all that is known of me here, for good."""
    await memory.forget_everything(ctx)
    return nothing()


@router.get("/facts/{fact_id}", response_model=FactView, **READ)
async def get_fact(ctx: Ctx, fact_id: UUID) -> Response:
    """Show one fact with its source."""
    return shown(await memory.get_fact(ctx, fact_id))


@router.post("/facts/{fact_id}/correct", status_code=201, response_model=FactView, **WRITE)
async def correct_fact(ctx: Ctx, fact_id: UUID, body: FactCorrect) -> Response:
    """Say what holds instead; the old words stay as what held before, or never did."""
    fact = await memory.correct(ctx, fact_id, body)
    return shown(await memory.get_fact(ctx, fact.id), 201)


@router.post("/facts/{fact_id}/confirm", response_model=FactView, **WRITE)
async def confirm_fact(ctx: Ctx, fact_id: UUID) -> Response:
    """Say that a fact is so; one that waited is used from now on."""
    fact = await memory.confirm(ctx, fact_id)
    return shown(await memory.get_fact(ctx, fact.id))


@router.delete("/facts/{fact_id}", status_code=204, **WRITE)
async def forget_fact(ctx: Ctx, fact_id: UUID) -> Response:
    """Erase a fact and the versions it replaced, for good."""
    await memory.forget(ctx, fact_id)
    return nothing()


@router.get("/facts/{fact_id}/uses", response_model=FactUsePage, **READ)
async def list_fact_uses(ctx: Ctx, fact_id: UUID, query: Annotated[PageQuery, Query()]) -> Response:
    """List what a fact was used for and why, newest first."""
    return as_json(await memory.list_uses(ctx, fact_id, query))


@router.get("/recall", response_model=Recalled, **READ)
async def recall(ctx: Ctx, query: Annotated[RecallQuery, Query()]) -> Recalled:
    """Ask what is known that bears on a question, with the reason for each; often nothing."""
    return await memory.recall(ctx, query.q, query.budget, on=query.on)


@router.get("/profile", response_model=ProfileView, **READ)
async def get_memory_profile(ctx: Ctx) -> Response:
    """Show the few words that always go along, and whether memory is on."""
    return shown(await memory.get_profile(ctx))


@router.patch("/profile", response_model=ProfileView, **WRITE)
async def update_memory_profile(ctx: Ctx, body: ProfileUpdate) -> Response:
    """Write the profile, or turn memory on or off."""
    return shown(await memory.update_profile(ctx, body))
