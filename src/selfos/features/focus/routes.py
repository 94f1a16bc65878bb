"""Focus over HTTP: everybody's own timer and sessions, and nobody else's."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from selfos.features.focus import service as focus
from selfos.features.focus.schemas import (
    FocusCreate,
    FocusNow,
    FocusPage,
    FocusQuery,
    FocusSessionView,
    FocusStart,
    FocusStarted,
    FocusUpdate,
)
from selfos.kernel.documents import assemble
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Ctx, Router, allow, as_json, nothing, shown

router = Router(prefix="/focus", tags=["focus"])
READ, WRITE = allow(Permission.FOCUS_READ), allow(Permission.FOCUS_WRITE)


@router.get("", response_model=FocusPage, **READ)
async def list_focus(ctx: Ctx, query: Annotated[FocusQuery, Query()]) -> Response:
    """List my focus sessions, the one that began last first."""
    return as_json(await focus.list_sessions(ctx, query))


@router.post("", status_code=201, response_model=FocusSessionView, **WRITE)
async def record_focus(ctx: Ctx, body: FocusCreate) -> Response:
    """Write down a session afterwards."""
    session = await focus.record_session(ctx, body)
    return shown(await focus.SESSIONS.one(ctx, session.id), 201)


@router.get("/now", response_model=FocusNow, **READ)
async def show_focus_now(ctx: Ctx) -> Response:
    """Show my timer, if there is one."""
    return as_json(await focus.show_timer(ctx))


@router.post("/start", status_code=201, response_model=FocusStarted, **WRITE)
async def start_focus(ctx: Ctx, body: FocusStart) -> Response:
    """Start my timer; one that runs is stopped first, and `stopped` says so."""
    session, stopped = await focus.start_timer(ctx, body)
    views = {
        name: (await focus.SESSIONS.one(ctx, each.id)).body if each else None
        for name, each in (("session", session), ("stopped", stopped))
    }
    return as_json(assemble(views), 201)


@router.post("/pause", response_model=FocusSessionView, **WRITE)
async def pause_focus(ctx: Ctx) -> Response:
    """Let my timer rest."""
    return shown(await focus.SESSIONS.one(ctx, (await focus.pause_timer(ctx)).id))


@router.post("/resume", response_model=FocusSessionView, **WRITE)
async def resume_focus(ctx: Ctx) -> Response:
    """Let my timer go on after a pause."""
    return shown(await focus.SESSIONS.one(ctx, (await focus.resume_timer(ctx)).id))


@router.post("/stop", response_model=FocusSessionView, **WRITE)
async def stop_focus(ctx: Ctx) -> Response:
    """Stop my timer: the session is over. A forgotten one ends four hours after its start."""
    return shown(await focus.SESSIONS.one(ctx, (await focus.stop_timer(ctx)).id))


@router.get("/{session_id}", response_model=FocusSessionView, **READ)
async def get_focus(ctx: Ctx, session_id: UUID) -> Response:
    """Show one of my sessions."""
    return shown(await focus.get_session(ctx, session_id))


@router.patch("/{session_id}", response_model=FocusSessionView, **WRITE)
async def update_focus(ctx: Ctx, session_id: UUID, body: FocusUpdate) -> Response:
    """Correct a session: its times, what it was given to, its note."""
    await focus.update_session(ctx, session_id, body)
    return shown(await focus.SESSIONS.one(ctx, session_id))


@router.delete("/{session_id}", status_code=204, **WRITE)
async def delete_focus(ctx: Ctx, session_id: UUID) -> Response:
    """Delete a session; undo brings it back."""
    await focus.delete_session(ctx, session_id)
    return nothing()
