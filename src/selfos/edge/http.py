"""The HTTP application: the slices' operations under /api/v1, the live door, the web app."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.routing import APIRoute
from starlette.middleware.gzip import GZipMiddleware

from selfos import __version__
from selfos.edge import health, live, metrics, problems, talking
from selfos.edge.doorkeeper import Doorkeeper
from selfos.edge.mcp import door as mcp_door
from selfos.edge.middleware import BodyLimit, Surroundings
from selfos.edge.pages import web_routes
from selfos.edge.registry import ROUTERS
from selfos.features.ai import service as ai
from selfos.features.identity import service as identity
from selfos.kernel.core import Kernel
from selfos.kernel.routing import BEARER, COOKIE, declared_access
from selfos.kernel.settings import Settings

API = "/api/v1"
LARGEST_BODY = 1_048_576
SMALLEST_COMPRESSED = 1_400
DESCRIPTION = "Everything the web app does, it does through this interface."
OpenKernel = Callable[[], AbstractAsyncContextManager[Kernel]]


def make_app(settings: Settings, opened: OpenKernel) -> FastAPI:
    """Return the application; `opened` provides its kernel for as long as it runs."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with opened() as kernel:
            app.state.kernel = kernel
            app.state.doorkeeper = Doorkeeper(kernel)
            app.state.draining = False
            async with (
                ai.ready(kernel),
                live.hub(app.state.doorkeeper) as hub,
                mcp_door.open_door(app.state.doorkeeper) as door,
            ):
                app.state.hub, app.state.mcp = hub, door
                yield

    app = FastAPI(
        title=settings.name,
        version=__version__,
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url=f"{API}/openapi.json",
        generate_unique_id_function=lambda route: route.name,
        lifespan=lifespan,
        responses={"default": problem_schema()},
    )
    api = APIRouter(prefix=API)
    for router in (*ROUTERS, health.router):
        api.include_router(router)
    for route in api.routes:
        if isinstance(route, APIRoute):
            declared_access(route)
    app.include_router(api)
    app.include_router(live.router, prefix=API)
    app.include_router(talking.router, prefix=API)
    app.include_router(health.probes)
    app.include_router(metrics.probes)
    app.router.routes.extend([mcp_door.route(), *web_routes()])
    _describe(app, settings)
    problems.install(app, debug=settings.debug)
    _surround(app, settings)
    return app


def _describe(app: FastAPI, settings: Settings) -> None:
    """Say in the interface's description how one signs in; each operation names its ways."""
    describe = app.openapi

    def described() -> dict[str, Any]:
        description = describe()
        description["components"]["securitySchemes"] = {
            COOKIE: {
                "type": "apiKey",
                "in": "cookie",
                "name": identity.cookie_name(settings),
                "description": "A browser's session, given by signing in.",
            },
            BEARER: {
                "type": "http",
                "scheme": "bearer",
                "description": "A device's access token, or an API token.",
            },
        }
        return description

    app.openapi = described


def _surround(app: FastAPI, settings: Settings) -> None:
    app.add_middleware(BodyLimit, largest=LARGEST_BODY)
    app.add_middleware(GZipMiddleware, minimum_size=SMALLEST_COMPRESSED, compresslevel=4)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST", "PATCH", "PUT", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "If-Match", "Idempotency-Key"],
            expose_headers=["ETag", "SelfOS-Changeset"],
        )
    app.add_middleware(Surroundings, secure=settings.secure, debug=settings.debug)


def problem_schema() -> dict[str, Any]:
    """Return the OpenAPI description of every refusal (RFC 9457)."""
    return {
        "description": "Problem details",
        "content": {
            problems.MEDIA_TYPE: {
                "schema": {
                    "type": "object",
                    "required": ["type", "title", "status", "detail"],
                    "properties": {
                        "type": {"type": "string"},
                        "title": {"type": "string"},
                        "status": {"type": "integer"},
                        "detail": {"type": "string"},
                        "request_id": {"type": ["string", "null"]},
                        "errors": {
                            "type": "array",
                            "items": {
                                "type": "object",
                                "required": ["pointer", "detail"],
                                "properties": {
                                    "pointer": {"type": "string"},
                                    "detail": {"type": "string"},
                                },
                            },
                        },
                    },
                }
            }
        },
    }
