"""The user for assistants: what to call them and when their day is."""

from __future__ import annotations

import json

from selfos.features.identity import service as identity
from selfos.kernel.context import Context
from selfos.kernel.documents import Json, assemble
from selfos.kernel.permissions import Permission
from selfos.kernel.schema import Input
from selfos.kernel.tools import Group, ReadTool

TOLD = ("name", "locale", "time_zone", "week_start", "day_start_minutes")


class GetProfile(Input):
    pass


async def show_profile(ctx: Context, _: GetProfile) -> Json:
    """Return what an assistant needs to speak with somebody; no address, no id."""
    whole = json.loads((await identity.whole_user(ctx)).body)
    time = await identity.user_time(ctx)
    return assemble(
        {
            **{name: whole[name] for name in TOLD},
            "today": time.today(ctx.now).isoformat(),
            "local_time": ctx.now.astimezone(time.zone).strftime("%H:%M"),
        }
    )


TOOLS = (
    ReadTool(
        name="get_profile",
        description="Show who the user is: name, language, time zone, today's date there.",
        group=Group.OVERVIEW,
        permission=Permission.WORKSPACE_READ,
        arguments=GetProfile,
        verb=show_profile,
    ),
)
