"""The privacy dials: how far the words of an area and of a workspace may travel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects.postgresql import insert

from selfos.features.ai.models import AiDial
from selfos.features.ai.schemas.accounts import AreaDialView, PrivacyUpdate, PrivacyView
from selfos.features.ai.schemas.words import Dial
from selfos.features.planning import service as planning
from selfos.kernel.context import Context
from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import Permission

STRICTNESS = {Dial.ANY: 0, Dial.LOCAL_ONLY: 1, Dial.RULES_ONLY: 2}


@dataclass(frozen=True, slots=True)
class Privacy:
    """What holds for one request."""

    dial: Dial = Dial.ANY
    hide_names: bool = False
    hide_numbers: bool = False


async def privacy_of(ctx: Context, area_ids: Iterable[UUID]) -> Privacy:
    """Return the strictest of what the workspace and these areas want."""
    wanted = or_(AiDial.area_id.is_(None), AiDial.area_id.in_(list(area_ids)))
    rows = (await ctx.session.scalars(select(AiDial).where(wanted))).all()
    return Privacy(
        dial=max((row.dial for row in rows), key=STRICTNESS.__getitem__, default=Dial.ANY),
        hide_names=any(row.hide_names for row in rows),
        hide_numbers=any(row.hide_numbers for row in rows),
    )


async def get_privacy(ctx: Context) -> PrivacyView:
    """Return every dial that has been turned here."""
    ctx.require(Permission.AI_READ)
    rows = (await ctx.session.scalars(select(AiDial).order_by(AiDial.id))).all()
    whole = next((row for row in rows if row.area_id is None), None)
    return PrivacyView(
        dial=whole.dial if whole else Dial.ANY,
        hide_names=bool(whole and whole.hide_names),
        hide_numbers=bool(whole and whole.hide_numbers),
        areas=[
            AreaDialView(area_id=row.area_id, dial=row.dial)
            for row in rows
            if row.area_id is not None
        ],
    )


async def set_privacy(ctx: Context, wanted: PrivacyUpdate) -> PrivacyView:
    """Turn the workspace's dial and those of the areas named; an area set to any has none."""
    ctx.require(Permission.AI_MANAGE)
    given = wanted.model_fields_set
    now = await get_privacy(ctx)
    await ctx.session.execute(delete(AiDial).where(AiDial.area_id.is_(None)))
    await _turn(
        ctx,
        None,
        wanted.dial if "dial" in given else now.dial,
        hide_names=wanted.hide_names if "hide_names" in given else now.hide_names,
        hide_numbers=wanted.hide_numbers if "hide_numbers" in given else now.hide_numbers,
    )
    for area in wanted.areas:
        await planning.get_area(ctx, area.area_id)
        await ctx.session.execute(delete(AiDial).where(AiDial.area_id == area.area_id))
        if area.dial is not Dial.ANY:
            await _turn(ctx, area.area_id, area.dial, hide_names=False, hide_numbers=False)
    return await get_privacy(ctx)


async def _turn(
    ctx: Context, area_id: UUID | None, dial: Dial, *, hide_names: bool, hide_numbers: bool
) -> None:
    await ctx.session.execute(
        insert(AiDial).values(
            workspace_id=ctx.workspace_id,
            id=new_id(),
            area_id=area_id,
            dial=dial,
            hide_names=hide_names,
            hide_numbers=hide_numbers,
        )
    )
