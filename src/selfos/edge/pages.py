"""Serves the built web app: hashed assets for a year, the one page for every other address."""

from __future__ import annotations

import os
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import PathLike, StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).parent / "static"
FOREVER = "public, max-age=31536000, immutable"
# Mail programs that do not know the one click open its address: a person reads a page there first.
UNSUBSCRIBE = "api/v1/notifications/unsubscribe"
NOT_BUILT = (
    "<!doctype html><title>SelfOS</title><h1>The web app is not built</h1>"
    "<p>Run <code>make run</code>, or use the API under <code>/api/v1</code>."
)


class Assets(StaticFiles):
    """Files whose names change with their content."""

    def file_response(
        self,
        full_path: PathLike,
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """Let browsers keep them."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = FOREVER
        return response


async def page(request: Request) -> Response:
    """Answer every address of the app with its one page, or with a file beside it."""
    path: str = request.path_params.get("path", "")
    if path == UNSUBSCRIBE:
        return RedirectResponse(f"/unsubscribe?{request.url.query}", 303)
    if path.startswith("api/"):
        raise HTTPException(404)
    file = _file_at(path)
    if file is not None:
        return FileResponse(file, headers={"Cache-Control": "no-cache"})
    index = STATIC / "index.html"
    if not index.exists():
        return HTMLResponse(NOT_BUILT, 503)
    return FileResponse(index, headers={"Cache-Control": "no-cache"})


def _file_at(path: str) -> Path | None:
    """Return the file of the build at this address, never one outside."""
    try:
        file = (STATIC / path).resolve()
        return file if file.is_relative_to(STATIC) and file.is_file() else None
    except (OSError, ValueError):
        return None  # an address that cannot be a file's name


def web_routes() -> list[Mount | Route]:
    """Return the routes of the web app, to be added after all others."""
    return [
        Mount("/assets", Assets(directory=STATIC / "assets", check_dir=False)),
        Route("/{path:path}", page),
    ]
