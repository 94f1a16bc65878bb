"""Changing, forgetting and resetting a password; moving to another address."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from selfos.features.identity.models import (
    CredentialSession,
    OneTimeToken,
    TokenPurpose,
    User,
    address_key,
)
from selfos.features.identity.schemas import (
    EmailChange,
    PasswordChange,
    PasswordReset,
)
from selfos.features.identity.service import guessing
from selfos.features.identity.service.accounts import (
    Account,
    find_by_email,
    get_account,
    open_system,
    set_password,
)
from selfos.features.identity.service.logins import hash_new_password, prove
from selfos.features.identity.service.sessions import end_sessions, renew_token, require_person
from selfos.kernel.context import Actor, Context
from selfos.kernel.core import Kernel
from selfos.kernel.crypto import new_token, token_hash
from selfos.kernel.errors import Conflict, Invalid, RateLimited, Unauthenticated, invalid

RESET_JOB, CONFIRM_JOB, NOTICE_JOB = (
    "identity.mail_password_reset",
    "identity.mail_email_confirmation",
    "identity.mail_notice",
)
RESET_LIFE, CONFIRM_LIFE = timedelta(hours=1), timedelta(days=2)
PASSWORD_CHANGED, ADDRESS_CHANGED = "password_changed", "address_changed"


async def change_password(
    kernel: Kernel, actor: Actor, body: PasswordChange, source: guessing.Source
) -> str | None:
    """Replace the password, end all other sessions; returns the browser's new token."""
    account = await _proven(
        kernel, actor, body.current_password, source, pointer="/current_password"
    )
    new_hash = await hash_new_password(
        kernel, body.new_password, about=(account.email, account.name), pointer="/new_password"
    )
    async with open_system(kernel) as ctx:
        await set_password(ctx, account.user_id, new_hash)
        mine = CredentialSession.user_id == account.user_id
        await end_sessions(ctx, mine, CredentialSession.id != actor.session_id)
        _notice(ctx, account.email, PASSWORD_CHANGED, account.locale)
        return await renew_token(ctx, actor.session_id) if actor.session_id else None


def _notice(ctx: Context, to: str, what: str, locale: str, *, address: str = "") -> None:
    ctx.defer(NOTICE_JOB, to=to, what=what, locale=locale, address=address)


async def forget_password(kernel: Kernel, email: str) -> None:
    """Send a way back in; the answer is the same whether or not there is such an account."""
    async with open_system(kernel) as ctx:
        try:
            await guessing.charge_mail(ctx, email)
        except RateLimited:
            return  # telling would tell that somebody has asked for this address
        ctx.defer(RESET_JOB, email=email)


async def reset_password(kernel: Kernel, body: PasswordReset) -> None:
    """Set a new password with a token from a mail, which proves the address; all sessions end."""
    async with open_system(kernel) as ctx:
        token = await ctx.session.get(OneTimeToken, token_hash(body.token))
    if token is None:
        raise _worn_out()
    account = await get_account(kernel, token.user_id)
    new_hash = await hash_new_password(kernel, body.password, about=(account.email, account.name))
    async with open_system(kernel) as ctx:
        email = (await _use_up(ctx, body.token, TokenPurpose.RESET_PASSWORD)).email
        await set_password(ctx, account.user_id, new_hash)
        user = await _user(ctx, account.user_id)
        user.email_verified = user.email_verified or user.email_key == address_key(email)
        await end_sessions(ctx, CredentialSession.user_id == account.user_id)
        _notice(ctx, account.email, PASSWORD_CHANGED, account.locale)


async def ask_email_change(
    kernel: Kernel, actor: Actor, body: EmailChange, source: guessing.Source
) -> None:
    """Mail the new address; nothing changes until it is confirmed from there."""
    account = await _proven(kernel, actor, body.password, source, pointer="/password")
    async with open_system(kernel) as ctx:
        await guessing.charge_mail(ctx, body.email)
        ctx.defer(CONFIRM_JOB, user_id=str(account.user_id), email=body.email)


async def confirm_email(kernel: Kernel, token: str) -> None:
    """Take the address a token from a mail proves."""
    async with open_system(kernel) as ctx:
        proof = await _use_up(ctx, token, TokenPurpose.CONFIRM_EMAIL)
        owner = await find_by_email(ctx, proof.email)
        if owner is not None and owner.user_id != proof.user_id:
            raise Conflict("Another account uses this address.")
        user = await _user(ctx, proof.user_id)
        before = user.email
        user.move_to(proof.email)
        if address_key(before) != user.email_key:
            _notice(ctx, before, ADDRESS_CHANGED, user.locale, address=proof.email)


async def issue_reset(kernel: Kernel, email: str) -> tuple[Account, str] | None:
    """Make a reset token for the account with this address, if there is one."""
    async with open_system(kernel) as ctx:
        account = await find_by_email(ctx, email)
        if account is None:
            return None
        token = await _issue(
            ctx,
            account.user_id,
            TokenPurpose.RESET_PASSWORD,
            email=account.email,
            expires_at=ctx.now + RESET_LIFE,
        )
    return account, token


async def issue_confirmation(kernel: Kernel, user_id: UUID, email: str) -> str | None:
    """Make a token that proves this address, unless another account uses it."""
    async with open_system(kernel) as ctx:
        owner = await find_by_email(ctx, email)
        if owner is not None and owner.user_id != user_id:
            return None
        return await _issue(
            ctx,
            user_id,
            TokenPurpose.CONFIRM_EMAIL,
            email=email,
            expires_at=ctx.now + CONFIRM_LIFE,
        )


async def _proven(
    kernel: Kernel, actor: Actor, password: str, source: guessing.Source, *, pointer: str
) -> Account:
    # Not a 401: the session is good, and the client must not think it has ended.
    async with open_system(kernel) as ctx:
        user_id = await require_person(ctx, actor)
    account = await get_account(kernel, user_id)
    try:
        return await prove(kernel, account.email, password, source)
    except Unauthenticated as error:
        raise invalid(pointer, "This is not your password.") from error


async def _issue(
    ctx: Context, user_id: UUID, purpose: TokenPurpose, *, email: str, expires_at: datetime
) -> str:
    token = new_token("once")
    values = {"hash": token_hash(token), "email": email, "expires_at": expires_at}
    await ctx.session.execute(
        insert(OneTimeToken)
        .values(user_id=user_id, purpose=purpose, **values)
        .on_conflict_do_update(index_elements=["user_id", "purpose"], set_=values)
    )
    return token


async def _use_up(ctx: Context, token: str, purpose: TokenPurpose) -> OneTimeToken:
    used = await ctx.session.scalar(
        delete(OneTimeToken)
        .where(OneTimeToken.hash == token_hash(token), OneTimeToken.purpose == purpose)
        .returning(OneTimeToken)
    )
    if used is None or used.expires_at <= ctx.now:
        raise _worn_out()
    return used


async def _user(ctx: Context, user_id: UUID) -> User:
    found = await ctx.session.scalars(select(User).where(User.id == user_id))
    return found.one()


def _worn_out() -> Invalid:
    return Invalid("This link has been used or has expired; ask for a new one.")
