"""Proving who somebody is, and letting them in."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import update

from selfos.features.identity.models import PasswordCredential
from selfos.features.identity.passwords import HASHING, require_good
from selfos.features.identity.schemas import Login
from selfos.features.identity.service import guessing
from selfos.features.identity.service.accounts import Account, find_by_email, open_system
from selfos.features.identity.service.sessions import latest_workspace, open_web_session
from selfos.kernel.context import Context
from selfos.kernel.core import Kernel
from selfos.kernel.errors import Unauthenticated


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A fresh session; the token is known to its holder alone."""

    user_id: UUID
    session_id: UUID
    token: str
    workspace_id: UUID | None


async def prove(kernel: Kernel, email: str, password: str, source: guessing.Source) -> Account:
    """Return whose address and password these are; a stranger takes as long as a member."""
    async with open_system(kernel) as ctx:
        account = await find_by_email(ctx, email)
        await guessing.charge(ctx, email, source, account.user_id if account else None)
    stored = account.password_hash if account else None
    right = await HASHING.verify(password, stored)
    if account is None or stored is None or not right:
        raise Unauthenticated("The e-mail address or the password is not right.")
    renewed = await HASHING.hash(password) if HASHING.outdated(stored) else None
    async with open_system(kernel) as ctx:
        await guessing.forgive(ctx, email, source)
        if renewed is not None:
            await _renew(ctx, account, renewed)
    return account


async def log_in(
    kernel: Kernel, body: Login, source: guessing.Source, *, name: str, replaces: str | None
) -> LoggedIn:
    """Open a web session for whoever proves themselves; `replaces` is the token they held."""
    account = await prove(kernel, body.email, body.password, source)
    async with open_system(kernel) as ctx:
        workspace_id = await latest_workspace(ctx, account.user_id)
        session, token = await open_web_session(
            ctx, account.user_id, name=name, workspace_id=workspace_id, replaces=replaces
        )
    return LoggedIn(account.user_id, session.id, token, workspace_id)


async def hash_new_password(
    kernel: Kernel, password: str, *, about: tuple[str, ...], pointer: str = "/password"
) -> str:
    """Return the hash of a password that is good enough, else raise Invalid."""
    minimum = kernel.settings.password_minimum
    require_good(password, minimum=minimum, about=(*about, kernel.settings.name), pointer=pointer)
    return await HASHING.hash(password)


async def _renew(ctx: Context, account: Account, renewed: str) -> None:
    # Only over the hash we have checked: the password may have changed meanwhile.
    await ctx.session.execute(
        update(PasswordCredential)
        .where(
            PasswordCredential.user_id == account.user_id,
            PasswordCredential.hash == account.password_hash,
        )
        .values(hash=renewed)
    )
