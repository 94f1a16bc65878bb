"""Who is calling, and may they come in: credentials, origin, rights, rate, the transaction."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import Request, Response
from starlette.requests import HTTPConnection

from selfos.edge.limits import Limits, network_of
from selfos.features.identity import service as identity
from selfos.kernel import idempotency
from selfos.kernel.context import Actor, Context, Draft, commit, make_context
from selfos.kernel.core import Kernel
from selfos.kernel.crypto import looks_like_token, token_hash
from selfos.kernel.database import Scope, Transaction
from selfos.kernel.errors import Forbidden, NotFound, Unauthenticated, invalid
from selfos.kernel.ledger.models import ActorKind, Door
from selfos.kernel.permissions import Permission, Role, permissions_of
from selfos.kernel.routing import READING, Access
from selfos.kernel.tools import Consent

WORKSPACE_HEADER, WORKSPACE_PARAMETER = "SelfOS-Workspace", "workspace"
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
# Writing "last used" on every request would make every read a write.
LAST_USED_PRECISION = timedelta(minutes=5)
OPEN_DOOR = (
    "SELECT session_id, user_id, workspace_id, role, read_only, last_used_at"
    " FROM open_door(%s, %s, %s, %s, %s)"
)


@dataclass(frozen=True, slots=True)
class Credential:
    """What a caller shows: the hash of an opaque token, or the session a signed token names."""

    door: Door
    hash: bytes | None = None
    session_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Admission:
    """A live session in a workspace, as the database sees it now."""

    session_id: UUID
    user_id: UUID
    workspace_id: UUID
    role: Role
    read_only: bool
    stale: bool


class Doorkeeper:
    """Admits HTTP requests and sockets into Contexts."""

    def __init__(self, kernel: Kernel) -> None:
        """Guard the doors of one process."""
        settings = kernel.settings
        self.kernel = kernel
        self.limits = Limits(
            settings.rate_limit_url, settings.rate_limit_per_minute, settings.trusted_proxies
        )

    async def screen(self, request: Request) -> None:
        """Let a stranger's request to a public operation through, if it is not too many."""
        self.refuse_cross_site(request)
        await self.limits.charge_stranger(request)

    def client_network(self, request: Request) -> str:
        """Return where the request comes from, as guesses are counted."""
        return network_of(self.limits.client_address(request))

    @asynccontextmanager
    async def admit(
        self,
        request: Request,
        access: Permission | Access,
        *,
        again: bool = False,
        thinking: bool = False,
    ) -> AsyncGenerator[Context]:
        """Open the caller's Context; commits when the block ends well.

        While only `thinking` about a request, the database refuses changes.
        """
        reading = request.method in READING
        writing = not reading and not thinking
        credential = await self.credential(request)
        if credential.door is Door.WEB and not reading:
            self.refuse_cross_site(request)
        async with self.kernel.database.transaction() as transaction:
            draft = Draft(credential.door, expected_version=_expected_version(request))
            admission = await self.open_door(
                transaction, credential, wanted_workspace(request), draft.id if writing else None
            )
            if not again:
                await self.limits.charge_account(str(admission.user_id), reading=reading)
            ctx = self._context(transaction, admission, draft)
            if isinstance(access, Permission):
                ctx.require(access)
            if admission.read_only and not reading:
                raise Forbidden("This token may only read.")
            yield ctx
            if writing:
                await commit(self.kernel, ctx)
        if admission.stale:
            await identity.touch_session(self.kernel, admission.session_id)

    @asynccontextmanager
    async def admit_again(self, request: HTTPConnection, door: Door) -> AsyncGenerator[Context]:
        """Open another Context of an admitted caller; session and membership are read anew."""
        credential = await self.credential(request)
        async with self.kernel.database.transaction() as transaction:
            draft = Draft(door)
            admission = await self.open_door(
                transaction, credential, wanted_workspace(request), draft.id
            )
            ctx = self._context(transaction, admission, draft)
            yield ctx
            await commit(self.kernel, ctx)

    @asynccontextmanager
    async def admit_assistant(
        self, token: str, *, reading: bool, counted: bool = False
    ) -> AsyncGenerator[tuple[Context, Consent]]:
        """Open a Context for one call of an assistant, with what its token was given.

        A call that was `counted` as a read when it came to the door is counted no second time.
        Its workspace is the one its token was made in, and no other. A reading one cannot write:
        the database itself refuses a change without a changeset.
        """
        if not identity.may_be_assistants(token):
            raise unauthenticated()
        credential = Credential(Door.MCP, hash=token_hash(token))
        async with self.kernel.database.transaction() as transaction:
            draft = Draft(credential.door)
            admission = await self.open_door(
                transaction, credential, None, None if reading else draft.id
            )
            # An assistant that runs wild must not keep its user out of the web app.
            account = f"token:{admission.session_id}"
            await self.limits.charge_account(account, reading=reading, counted=counted)
            ctx = self._context(transaction, admission, draft)
            consent = await identity.consent_here(ctx)
            if consent is None:
                raise NotFound("The workspace of this token is no longer yours; make a new token.")
            yield ctx, consent
            if not reading:
                await commit(self.kernel, ctx)
        if admission.stale:
            await identity.touch_session(self.kernel, admission.session_id)

    async def answer(
        self, request: Request, ctx: Context, respond: Callable[[], Coroutine[Any, Any, Response]]
    ) -> Response:
        """Answer inside the transaction; a repeated Idempotency-Key gets the first answer."""
        if request.method in READING:
            response = await respond()
            return _unless_known(request, response)
        key = request.headers.get(idempotency.HEADER)
        if key is None:
            return await respond()
        stored = await idempotency.recall(self.kernel.keys, ctx, request, key)
        if stored is not None:
            return stored
        response = await respond()
        await idempotency.remember(self.kernel.keys, ctx, key, response)
        return response

    async def credential(self, connection: HTTPConnection) -> Credential:
        """Read the cookie or the Authorization header; anything else is nobody."""
        authorization = connection.headers.get("authorization")
        if authorization is not None:
            scheme, _, token = authorization.partition(" ")
            if scheme.lower() != "bearer":
                raise unauthenticated()
            return self._bearer(token.strip())
        cookie = connection.cookies.get(identity.cookie_name(self.kernel.settings))
        if cookie is None or not looks_like_token("web", cookie):
            raise unauthenticated()
        return Credential(Door.WEB, hash=token_hash(cookie))

    def _bearer(self, token: str) -> Credential:
        if looks_like_token("api", token):
            return Credential(Door.API, hash=token_hash(token))
        session_id = identity.read_access_token(self.kernel, token)
        if session_id is None:
            raise unauthenticated()
        return Credential(Door.API, session_id=session_id)

    def refuse_cross_site(self, connection: HTTPConnection) -> None:
        """Refuse what another site's page made a browser send."""
        site = connection.headers.get("sec-fetch-site")
        origin = connection.headers.get("origin")
        same = site in {"same-origin", "none"} if site else origin is None or self.ours(connection)
        if not same:
            raise Forbidden("This request came from another site.")

    def ours(self, connection: HTTPConnection) -> bool:
        """Tell whether a browser's Origin is this instance.

        On loopback it has several names; the page's must be the very one that was asked, and a
        name for this machine, so that no foreign name resolved to it passes.
        """
        origin = connection.headers.get("origin", "")
        if origin == self.kernel.settings.origin:
            return True
        name = urlsplit(origin).hostname
        asked = f"http://{connection.headers.get('host')}"
        return self.kernel.settings.on_loopback and origin == asked and name in LOOPBACK

    async def open_door(
        self,
        transaction: Transaction,
        credential: Credential,
        wanted: UUID | None,
        changeset_id: UUID | None,
    ) -> Admission:
        """Check session and membership in the database and confine the transaction to them."""
        now = self.kernel.clock()
        found = await transaction.driver.execute(
            OPEN_DOOR, (credential.hash, credential.session_id, wanted, changeset_id, now)
        )
        row = await found.fetchone()
        if row is None:
            raise unauthenticated()
        session_id, user_id, workspace_id, role, read_only, last_used_at = row
        if workspace_id is None:
            raise NotFound("There is no such workspace.")
        transaction.scope = Scope(workspace_id, user_id)
        return Admission(
            session_id=session_id,
            user_id=user_id,
            workspace_id=workspace_id,
            role=Role(role),
            read_only=read_only,
            stale=last_used_at is None or now - last_used_at > LAST_USED_PRECISION,
        )

    def _context(self, transaction: Transaction, admission: Admission, draft: Draft) -> Context:
        return make_context(
            transaction,
            Actor(ActorKind.USER, admission.user_id, admission.session_id),
            admission.workspace_id,
            permissions_of(admission.role, read_only=admission.read_only),
            self.kernel.clock(),
            draft,
        )


def unauthenticated() -> Unauthenticated:
    """Return the one answer for no, wrong, expired and revoked credentials."""
    return Unauthenticated(
        "Sign in and try again.", headers={"WWW-Authenticate": 'Bearer realm="selfos"'}
    )


def wanted_workspace(connection: HTTPConnection) -> UUID | None:
    """Return the workspace the caller names, if any: in the address, else in the header.

    A browser gives a socket no headers, so a socket's address may name it as a parameter too.
    """
    value = connection.path_params.get("workspace_id") or connection.headers.get(WORKSPACE_HEADER)
    where = f"/header/{WORKSPACE_HEADER}"
    if value is None and connection.scope["type"] == "websocket":
        value, where = connection.query_params.get(WORKSPACE_PARAMETER), f"/{WORKSPACE_PARAMETER}"
    if value is None:
        return None
    try:
        return UUID(value)
    except ValueError as error:
        raise invalid(where, "This is not a workspace id.") from error


def _expected_version(request: Request) -> int | None:
    value = request.headers.get("if-match")
    if value is None or value.strip() == "*":
        return None
    digits = value.strip().removeprefix("W/").strip('"')
    # A tag that is not one of our versions can match no row.
    return int(digits) if digits.isdecimal() and len(digits) < 19 else -1  # noqa: PLR2004


def _unless_known(request: Request, response: Response) -> Response:
    tag = response.headers.get("etag")
    known = request.headers.get("if-none-match", "")
    if tag is not None and (known == "*" or tag in (part.strip() for part in known.split(","))):
        return Response(status_code=304, headers={"ETag": tag})
    return response
