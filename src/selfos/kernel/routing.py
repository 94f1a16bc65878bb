"""How a slice offers verbs over HTTP: a router whose every operation declares who may call it.

One request is one Context and one transaction. The route opens it after the body has been read
(a slow client holds no connection) and commits before the answer is sent (no 200 for a failed
commit). Start-up fails for an operation without a declared access.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from enum import StrEnum
from functools import partial
from typing import Annotated, Any, Protocol, TypeVar, cast

from fastapi import APIRouter, Depends, Request, Response
from fastapi.routing import APIRoute
from pydantic import ValidationError

from selfos.kernel.context import Actor, Context
from selfos.kernel.core import Kernel
from selfos.kernel.documents import Document, Json
from selfos.kernel.idempotency import READING, is_answered, refuse_key
from selfos.kernel.ledger.models import Door
from selfos.kernel.permissions import Permission
from selfos.kernel.schema import Input

JSON = "application/json"
ACCESS = "x-selfos-access"
APART = "x-selfos-apart"
THOUGHT = "selfos_thought"
Thinking = Callable[[], Awaitable[Any]]
ThinkAbout = Callable[[Context, Request], Awaitable[Thinking | None]]
Handle = Callable[[Request], Coroutine[Any, Any, Response]]
Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
Body = TypeVar("Body", bound=Input)
OpenAgain = Callable[[Door], AbstractAsyncContextManager[Context]]
# Either of these schemes of the interface's description opens an operation that is not public.
COOKIE, BEARER = "cookie", "bearer"
SIGNED_IN: list[dict[str, list[str]]] = [{COOKIE: []}, {BEARER: []}]


class Access(StrEnum):
    """Operations that need no workspace permission."""

    PUBLIC = "public"
    SELF = "self"


class Doorkeeper(Protocol):
    """Knows who is calling; implemented by the edge."""

    async def screen(self, request: Request) -> None:
        """Let a stranger's request through, or refuse."""
        ...

    def client_network(self, request: Request) -> str:
        """Return where the request comes from: an IPv4 address, or the /64 of an IPv6 one."""
        ...

    def admit(
        self,
        request: Request,
        access: Permission | Access,
        *,
        again: bool = False,
        thinking: bool = False,
    ) -> AbstractAsyncContextManager[Context]:
        """Open the caller's Context, or refuse; commits when the block ends well.

        What is admitted `again` for the same request is counted once; `thinking` writes nothing.
        """
        ...

    def admit_again(self, request: Request, door: Door) -> AbstractAsyncContextManager[Context]:
        """Open another Context of an admitted caller, with the rights of that moment."""
        ...

    async def answer(
        self, request: Request, ctx: Context, respond: Callable[[], Coroutine[Any, Any, Response]]
    ) -> Response:
        """Produce the answer inside the transaction, replaying a repeated request."""
        ...


class VerbRoute(APIRoute):
    """A route that runs inside its caller's Context."""

    def get_route_handler(self) -> Handle:
        """Wrap the endpoint with admission, the transaction and conditional answers."""
        endpoint, access = super().get_route_handler(), declared_access(self)
        if access is Access.PUBLIC:
            return partial(_handle_stranger, endpoint)
        if (self.openapi_extra or {}).get(APART):
            return partial(_handle_apart, endpoint, access)
        think_about = cast("ThinkAbout | None", getattr(self.endpoint, THOUGHT, None))
        return partial(_handle, endpoint, access, think_about)


async def _handle_stranger(endpoint: Handle, request: Request) -> Response:
    await cast("Doorkeeper", request.app.state.doorkeeper).screen(request)
    refuse_key(request)
    return await endpoint(request)


async def _handle_apart(
    endpoint: Handle, access: Permission | Access, request: Request
) -> Response:
    doorkeeper = cast("Doorkeeper", request.app.state.doorkeeper)
    async with doorkeeper.admit(request, access) as ctx:
        request.state.context = ctx
    refuse_key(request)
    return await endpoint(request)


async def _handle(
    endpoint: Handle,
    access: Permission | Access,
    think_about: ThinkAbout | None,
    request: Request,
) -> Response:
    if request.method not in READING:
        await request.body()
    doorkeeper = cast("Doorkeeper", request.app.state.doorkeeper)
    if think_about is not None:
        async with doorkeeper.admit(request, access, thinking=True) as ctx:
            answered = await is_answered(ctx, request)
            thinking = None if answered else await think_about(ctx, request)
        request.state.thought = await thinking() if thinking is not None else None
    again = think_about is not None
    async with doorkeeper.admit(request, access, again=again) as ctx:
        request.state.context = ctx
        response = await doorkeeper.answer(request, ctx, lambda: endpoint(request))
    if ctx.draft.seq is not None:
        response.headers["SelfOS-Changeset"] = str(ctx.draft.id)
    return response


def after_thought(think_about: ThinkAbout) -> Callable[[Endpoint], Endpoint]:
    """Let an operation wait for something slow between two Contexts, holding neither.

    `think_about` runs in a first Context, which it only reads; what it returns is awaited with no
    Context open, and what comes of that reaches the endpoint as `Thought`, None if there was
    nothing to think about.
    """

    def mark(endpoint: Endpoint) -> Endpoint:
        setattr(endpoint, THOUGHT, think_about)
        return endpoint

    return mark


async def body_to_think_about(request: Request, kind: type[Body]) -> Body | None:
    """Return the body of a request before its endpoint reads it; None of a wrong one.

    That is refused when the endpoint reads it.
    """
    try:
        return kind.model_validate_json(await request.body())
    except ValidationError:
        return None


class Router(APIRouter):
    """A router of verb routes."""

    def __init__(self, **options: Any) -> None:
        """Take the options of FastAPI's own router."""
        super().__init__(route_class=VerbRoute, **options)


def allow(access: Permission | Access, *, apart: bool = False) -> dict[str, Any]:
    """Declare who may call an operation: `@router.get("", **allow(Permission.TASK_READ))`.

    An operation `apart` admits its caller and then runs outside that transaction, because it
    hashes a password or writes to another workspace; it opens its own Contexts. Like a public one
    it remembers no answer, and refuses an `Idempotency-Key`.
    """
    extra: dict[str, Any] = {ACCESS: str(access), "security": SIGNED_IN}
    if access is Access.PUBLIC:
        extra["security"] = []
    return {"openapi_extra": extra | ({APART: True} if apart else {})}


def declared_access(route: APIRoute) -> Permission | Access:
    """Return who may call this route; an undeclared one is a programming error."""
    value = (route.openapi_extra or {}).get(ACCESS)
    if value is None:
        raise RuntimeError(f"{route.path} does not declare who may call it")
    return Access(value) if value in set(Access) else Permission(value)


# Asynchronous, though they await nothing: the framework would send plain functions to a thread.
async def current_context(request: Request) -> Context:
    """Return the Context the route has opened."""
    return cast("Context", request.state.context)


async def current_actor(request: Request) -> Actor:
    """Return who was admitted; all that an operation apart may know of its caller."""
    return (await current_context(request)).actor


async def current_thought(request: Request) -> Any:
    """Return what came of the thought before this operation."""
    return request.state.thought


async def caller_network(request: Request) -> str:
    """Return the network of the caller."""
    return cast("Doorkeeper", request.app.state.doorkeeper).client_network(request)


async def caller_contexts(request: Request) -> OpenAgain:
    """Return how an operation apart opens Contexts of its caller, as that door."""
    doorkeeper = cast("Doorkeeper", request.app.state.doorkeeper)
    return lambda door: doorkeeper.admit_again(request, door)


async def current_kernel(request: Request) -> Kernel:
    """Return the process's kernel; for public operations, which open Contexts themselves."""
    return cast("Kernel", request.app.state.kernel)


Ctx = Annotated[Context, Depends(current_context)]
Caller = Annotated[Actor, Depends(current_actor)]
CallerNetwork = Annotated[str, Depends(caller_network)]
CallerContexts = Annotated[OpenAgain, Depends(caller_contexts)]
Thought = Annotated[Any, Depends(current_thought)]
Core = Annotated[Kernel, Depends(current_kernel)]


def shown(document: Document, status: int = 200) -> Response:
    """Answer with one object and its ETag."""
    headers = {"ETag": f'"{document.version}"'}
    return Response(document.body, status, headers, JSON)


def as_json(body: Json, status: int = 200) -> Response:
    """Answer with ready JSON."""
    return Response(body, status, media_type=JSON)


def nothing() -> Response:
    """Answer that it is done and there is nothing to say."""
    return Response(status_code=204)
