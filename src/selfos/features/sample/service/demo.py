"""A demonstration account that lives a sample life."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from selfos.features.identity import service as identity
from selfos.features.sample.service.founding import create_sample_life
from selfos.features.workspaces import service as workspaces
from selfos.kernel.context import Actor
from selfos.kernel.core import Kernel
from selfos.kernel.errors import Conflict
from selfos.kernel.ledger.models import ActorKind, Door

# No address of anybody: registration takes none in `.local`.
DEMO_EMAIL, DEMO_NAME = "demo@selfos.local", "Ada Lindqvist"
PASSWORD_BYTES = 12


@dataclass(frozen=True, slots=True)
class Demo:
    """How to sign in, and whether the account or its sample life were there before."""

    email: str
    password: str
    is_new: bool
    has_new_life: bool


async def open_demo(kernel: Kernel, *, time_zone: str) -> Demo:
    """Make the demonstration account and its sample life, or give it a new password."""
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    async with identity.open_system(kernel) as ctx:
        account = await identity.find_by_email(ctx, DEMO_EMAIL)
    if account is None:
        user_id = await workspaces.open_account(
            kernel, email=DEMO_EMAIL, name=DEMO_NAME, password=password, time_zone=time_zone
        )
    else:
        user_id = account.user_id
        about = (DEMO_EMAIL, DEMO_NAME)
        new_hash = await identity.hash_new_password(kernel, password, about=about)
        async with identity.open_system(kernel) as ctx:
            await identity.set_password(ctx, user_id, new_hash)
    try:
        await create_sample_life(kernel, Actor(ActorKind.USER, user_id), door=Door.CLI)
    except Conflict:
        return Demo(DEMO_EMAIL, password, account is None, has_new_life=False)
    return Demo(DEMO_EMAIL, password, account is None, has_new_life=True)
