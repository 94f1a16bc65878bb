"""People: making an account, what is known of somebody, and what they like."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, ScalarSelect, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from selfos import __version__
from selfos.features.identity.events import ZoneChanged
from selfos.features.identity.models import (
    USUAL_HOURS_PER_WEEK,
    PasswordCredential,
    Preferences,
    User,
    ZoneChange,
    address_key,
)
from selfos.features.identity.schemas import (
    InstanceView,
    PreferencesUpdate,
    ProfileUpdate,
    QuickAddSigns,
    Tone,
)
from selfos.features.identity.service.clocks import USER_CLOCK, USER_CLOCKS, UserTime
from selfos.kernel import rows
from selfos.kernel.context import Actor, Context, open_context, system_session
from selfos.kernel.core import Kernel
from selfos.kernel.database import SYSTEM
from selfos.kernel.documents import Document, Documents
from selfos.kernel.errors import Conflict, Forbidden
from selfos.kernel.identifiers import new_id
from selfos.kernel.settings import Registration

# The ledger of no workspace: what concerns accounts alone is no workspace's history.
NOWHERE = UUID(int=0)
# Any number; registrations meet at this lock, so that exactly one account is the first.
REGISTRATION_LOCK = 5_307_015
# Nobody can register here (RFC 2606), so nobody can ever sign in as one of these.
INVENTED_DOMAIN = "sample.invalid"

USERS = Documents(
    User,
    {
        "id": User.id,
        "email": User.email,
        "name": User.name,
        "time_zone": User.time_zone,
        "locale": User.locale,
        "week_start": User.week_start,
        "day_start_minutes": User.day_start_minutes,
        "email_verified": User.email_verified,
        "created_at": User.created_at,
    },
)
PREFERENCES = Documents(
    Preferences,
    {
        "tone": Preferences.tone,
        "default_view": Preferences.default_view,
        "notification_time": func.to_char(Preferences.notification_time, "HH24:MI"),
        "ai_enabled": Preferences.ai_enabled,
        "media_enabled": Preferences.media_enabled,
        "quick_add_signs": Preferences.quick_add_signs,
        "hours_per_week": Preferences.hours_per_week,
    },
)


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody, as code that proves or mails needs them."""

    user_id: UUID
    email: str
    name: str
    locale: str
    password_hash: str | None


def open_system(kernel: Kernel) -> AbstractAsyncContextManager[Context]:
    """Open a Context for what happens before or beside any workspace."""
    return open_context(kernel, workspace_id=NOWHERE, scope=SYSTEM)


async def instance(kernel: Kernel) -> InstanceView:
    """Return what a stranger may know of this instance."""
    async with system_session(kernel) as session:
        has_users = await session.scalar(select(select(User.id).exists()))
    settings = kernel.settings
    return InstanceView(
        version=__version__,
        name=settings.name,
        registration=settings.registration.value,
        has_users=bool(has_users),
        password_minimum=settings.password_minimum,
    )


async def create_user(
    ctx: Context, user_id: UUID, *, email: str, name: str, time_zone: str, locale: str = "en"
) -> User:
    """Make an account inside a system Context; until `set_password` nobody can sign in to it."""
    if await _account(ctx, User.email_key == address_key(email)) is not None:
        raise Conflict("There is already an account with this e-mail address; sign in instead.")
    user = User(
        id=user_id,
        email=email,
        email_key=address_key(email),
        name=name,
        time_zone=time_zone,
        locale=locale,
    )
    ctx.session.add(user)
    await ctx.session.flush()
    ctx.session.add(Preferences(id=user_id, user_id=user_id))
    ctx.session.add(ZoneChange(user_id=user_id, from_instant=ctx.now, zone=time_zone))
    return user


async def invent_user(ctx: Context, *, name: str, handle: str, time_zone: str) -> User:
    """Make a user who does not exist and cannot sign in, for a sample; needs a system Context."""
    address = f"{handle}@{INVENTED_DOMAIN}"
    return await create_user(ctx, new_id(), email=address, name=name, time_zone=time_zone)


async def forget_invented(ctx: Context, user_ids: Iterable[UUID]) -> None:
    """Delete those of these users who were invented; needs the system's role."""
    invented = User.email_key.endswith(f"@{INVENTED_DOMAIN}", autoescape=True)
    await ctx.session.execute(delete(User).where(User.id.in_(list(user_ids)), invented))


async def set_password(ctx: Context, user_id: UUID, new_hash: str) -> None:
    """Let this password, and no other, prove who somebody is; needs a system Context."""
    values = {"hash": new_hash, "changed_at": ctx.now}
    await ctx.session.execute(
        insert(PasswordCredential)
        .values(user_id=user_id, **values)
        .on_conflict_do_update(index_elements=["user_id"], set_=values)
    )


async def admit_registration(ctx: Context, registration: Registration, *, invited: bool) -> bool:
    """Refuse unless accounts may be made now; returns whether this will be the first of all.

    Whoever passes holds the registration lock until the transaction ends.
    """
    await ctx.session.execute(select(func.pg_advisory_xact_lock(REGISTRATION_LOCK)))
    is_first = not await ctx.session.scalar(select(select(User.id).exists()))
    first_only = registration is Registration.FIRST_USER and is_first
    if not (invited or first_only or registration is Registration.OPEN):
        raise Forbidden("New accounts are closed here; ask the operator for an invitation.")
    return is_first


async def find_by_email(ctx: Context, email: str) -> Account | None:
    """Return the account with this address, or None; needs a system Context."""
    return await _account(ctx, User.email_key == address_key(email))


async def get_account(kernel: Kernel, user_id: UUID) -> Account:
    """Return the account of somebody who has been admitted."""
    async with open_system(kernel) as ctx:
        account = await _account(ctx, User.id == user_id)
    if account is None:
        raise rows.missing("user")
    return account


async def _account(ctx: Context, condition: ColumnElement[bool]) -> Account | None:
    found = await ctx.session.execute(
        select(User.id, User.email, User.name, User.locale, PasswordCredential.hash)
        .outerjoin(PasswordCredential, PasswordCredential.user_id == User.id)
        .where(condition)
    )
    row = found.one_or_none()
    return Account(*row) if row else None


async def whole_user(ctx: Context) -> Document:
    """Return the acting user, as they see themselves."""
    return await USERS.one(ctx, ctx.user_id)


async def update_profile(ctx: Context, change: ProfileUpdate) -> None:
    """Change what somebody says about themselves; days that are over keep their time zone."""
    user = await _me(ctx)
    ctx.expect(user)
    if change.time_zone not in (None, user.time_zone):
        moved = ZoneChange(user_id=user.id, from_instant=ctx.now, zone=change.time_zone)
        ctx.session.add(moved)
        ctx.emit(ZoneChanged(user_id=user.id))
    for field, value in change.given().items():
        setattr(user, field, value)
    await ctx.session.flush()


async def preferences(ctx: Context) -> Document:
    """Return what the acting user likes."""
    return await PREFERENCES.one(ctx, ctx.user_id)


async def update_preferences(ctx: Context, change: PreferencesUpdate) -> Document:
    """Change what the acting user likes."""
    stored = await rows.get(ctx, Preferences, ctx.user_id)
    ctx.expect(stored)
    for field, value in change.columns().items():
        setattr(stored, field, value)
    await ctx.session.flush()
    return await preferences(ctx)


async def user_time(ctx: Context, user_id: UUID | None = None) -> UserTime:
    """Return how this user counts time; the acting one if none is named."""
    wanted = {"user_id": user_id or ctx.user_id}
    found = (await ctx.session.execute(USER_CLOCK, wanted)).all()
    if not found:
        raise rows.missing("user")
    return UserTime.of(found)


async def user_times(ctx: Context, user_ids: Collection[UUID]) -> dict[UUID, UserTime]:
    """Return how each of these users counts time, in one query."""
    found: dict[UUID, list[Any]] = {}
    for row in await ctx.session.execute(USER_CLOCKS.where(User.id.in_(user_ids))):
        found.setdefault(row.id, []).append(row)
    return {user_id: UserTime.of(clock) for user_id, clock in found.items()}


async def user_zone(ctx: Context) -> ZoneInfo:
    """Return the acting user's time zone."""
    return (await user_time(ctx)).zone


@dataclass(frozen=True, slots=True)
class Typing:
    """How somebody types: their language, perhaps with a region, and their signs."""

    locale: str
    signs: QuickAddSigns


async def typing_of(ctx: Context) -> Typing:
    """Return how the acting user types."""
    mine = select(User.locale, Preferences.quick_add_signs)
    found = await ctx.session.execute(
        mine.join(Preferences, Preferences.user_id == User.id).where(User.id == ctx.user_id)
    )
    row = found.one_or_none()
    if row is None:
        raise rows.missing("user")
    return Typing(row.locale, row.quick_add_signs)


async def require_operator(kernel: Kernel, caller: Actor) -> None:
    """Refuse everybody but the operator of this instance."""
    async with system_session(kernel) as session:
        rank = select(User.is_operator).where(User.id == caller.user_id)
        if not await session.scalar(rank):
            raise Forbidden("Only the operator of this instance may do this.")


async def is_operator(ctx: Context) -> bool:
    """Tell whether the acting user runs this instance."""
    mine = select(User.is_operator).where(User.id == ctx.user_id)
    return await ctx.session.scalar(mine) is True


async def free_hours(ctx: Context) -> float:
    """Return the hours a week the acting user has for tasks, habits and plans."""
    mine = select(Preferences.hours_per_week).where(Preferences.user_id == ctx.user_id)
    return await ctx.session.scalar(mine) or USUAL_HOURS_PER_WEEK


async def wants_ai(ctx: Context) -> bool:
    """Tell whether the acting user lets models answer at all."""
    mine = select(Preferences.ai_enabled).where(Preferences.user_id == ctx.user_id)
    return await ctx.session.scalar(mine) is not False


def wants_ai_of(user_id: Any) -> ScalarSelect[bool]:
    """Return a subquery for whether the user in this column lets models answer."""
    mine = select(Preferences.ai_enabled).where(Preferences.user_id == user_id)
    return mine.correlate_except(Preferences).scalar_subquery()


async def tone_of(ctx: Context) -> Tone:
    """Return how the acting user wants to be spoken to."""
    mine = select(Preferences.tone).where(Preferences.user_id == ctx.user_id)
    return await ctx.session.scalar(mine) or Tone.FRIENDLY


async def names(ctx: Context, user_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of those the acting user shares this workspace with."""
    found = await ctx.session.execute(select(User.id, User.name).where(User.id.in_(list(user_ids))))
    return {row.id: row.name for row in found}


def name_of(user_id: Any) -> ScalarSelect[str]:
    """Return a subquery for the name of the user in this column."""
    return select(User.name).where(User.id == user_id).correlate_except(User).scalar_subquery()


def locale_of(user_id: Any) -> ScalarSelect[str]:
    """Return a subquery for the language of the user in this column."""
    return select(User.locale).where(User.id == user_id).correlate_except(User).scalar_subquery()


def email_of(user_id: Any) -> ScalarSelect[str]:
    """Return a subquery for the address of the user in this column."""
    return select(User.email).where(User.id == user_id).correlate_except(User).scalar_subquery()


async def _me(ctx: Context) -> User:
    user = await ctx.session.scalar(select(User).where(User.id == ctx.user_id))
    if user is None:
        raise rows.missing("user")
    return user
