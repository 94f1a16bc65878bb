"""The two cookies of a browser: its session, and whom it has once signed in as."""

from __future__ import annotations

import base64
import hmac
from datetime import timedelta
from uuid import UUID

from fastapi import Request, Response

from selfos.features.identity.service.sessions import WEB
from selfos.kernel.core import Kernel
from selfos.kernel.settings import Settings

SESSION, KNOWN = "sid", "known"
# Binds a cookie to this exact origin; browsers take it over TLS only.
HOST_PREFIX = "__Host-"
KNOWN_PURPOSE, KNOWN_LIFE = "known-device", timedelta(days=365)


def cookie_name(settings: Settings) -> str:
    """Return the name of the session cookie."""
    return _name(settings, SESSION)


def remember_session(response: Response, kernel: Kernel, *, token: str, user_id: UUID) -> None:
    """Give a browser its session, and the mark of a device its owner has used."""
    _set(response, kernel.settings, SESSION, token, WEB.absolute)
    _set(response, kernel.settings, KNOWN, _mark(kernel, user_id), KNOWN_LIFE)


def forget_session(response: Response, settings: Settings) -> None:
    """Take the session from a browser; it stays a known device."""
    _set(response, settings, SESSION, "", timedelta())


def known_user(request: Request, kernel: Kernel) -> UUID | None:
    """Return whom this browser has once signed in as, if our signature says so."""
    mark = request.cookies.get(_name(kernel.settings, KNOWN), "")
    try:
        user_id = UUID(mark.partition(".")[0])
    except ValueError:
        return None
    ours = _mark(kernel, user_id).encode()
    return user_id if hmac.compare_digest(mark.encode(), ours) else None


def _mark(kernel: Kernel, user_id: UUID) -> str:
    signature = kernel.keys.sign(KNOWN_PURPOSE, user_id.bytes)
    return f"{user_id}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def _name(settings: Settings, name: str) -> str:
    return HOST_PREFIX + name if settings.secure else name


def _set(response: Response, settings: Settings, name: str, value: str, life: timedelta) -> None:
    response.set_cookie(
        _name(settings, name),
        value,
        max_age=int(life.total_seconds()),
        path="/",
        secure=settings.secure,
        httponly=True,
        samesite="lax",
    )
