"""The privacy dials: how far the words of an area and of a workspace may travel."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from selfos.features.ai.models import AiDial
from selfos.features.ai.schemas.accounts import AreaDialView, PrivacyUpdate, PrivacyView
from selfos.features.ai.schemas.words import Dial
from selfos.features.habits import service as habits
from selfos.features.planning import service as planning
from selfos.kernel.context import Context
from selfos.kernel.errors import Forbidden
from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import Permission

STRICTNESS = {Dial.ANY: 0, Dial.LOCAL_ONLY: 1, Dial.RULES_ONLY: 2}


async def withheld_from(ctx: Context, reach: Dial, row_ids: Collection[UUID]) -> set[UUID] | None:
    """Return those of these rows whose words may not travel that far; None if there is no wall.

    Raises Forbidden where the whole workspace keeps its words to itself.
    """
    dials = (await ctx.session.execute(select(AiDial.area_id, AiDial.dial))).all()
    stricter = [row.area_id for row in dials if STRICTNESS[row.dial] > STRICTNESS[reach]]
    if not stricter:
        return None
    if None in stricter:
        raise Forbidden("This workspace keeps its words from models elsewhere; its owner decides.")
    areas = [area_id for area_id in stricter if area_id is not None]
    planned = await planning.lying_in(ctx, areas, row_ids)
    return planned | await habits.lying_in(ctx, areas, row_ids)


async def walls_around(ctx: Context, row_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return the areas with a dial of their own that any of these rows lies in."""
    if not row_ids:
        return frozenset()
    named = select(AiDial.area_id).where(AiDial.area_id.is_not(None))
    areas = [area_id for area_id in await ctx.session.scalars(named) if area_id is not None]
    return frozenset(
        [area_id for area_id in areas if await planning.lying_in(ctx, [area_id], row_ids)]
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
        hidden_names=whole.hidden_names if whole else [],
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
    names = wanted.hidden_names if "hidden_names" in given else now.hidden_names
    await _turn(
        ctx,
        None,
        wanted.dial if "dial" in given else now.dial,
        hide_names=wanted.hide_names if "hide_names" in given else now.hide_names,
        hide_numbers=wanted.hide_numbers if "hide_numbers" in given else now.hide_numbers,
        hidden_names=list(dict.fromkeys(names)),
    )
    for area in wanted.areas:
        await planning.get_area(ctx, area.area_id)
        await ctx.session.execute(delete(AiDial).where(AiDial.area_id == area.area_id))
        if area.dial is not Dial.ANY:
            await _turn(ctx, area.area_id, area.dial)
    return await get_privacy(ctx)


async def _turn(ctx: Context, area_id: UUID | None, dial: Dial, **hidden: Any) -> None:
    await ctx.session.execute(
        insert(AiDial).values(
            workspace_id=ctx.workspace_id,
            id=new_id(),
            area_id=area_id,
            dial=dial,
            **hidden,
        )
    )
