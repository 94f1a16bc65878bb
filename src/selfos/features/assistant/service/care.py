"""When somebody is in need: the coach steps aside, and no model is asked."""

from __future__ import annotations

from selfos.features.assistant.schemas.parts import CarePart, TextPart
from selfos.features.assistant.service.replying import Reply
from selfos.features.moderation import service as moderation
from selfos.kernel.context import Context
from selfos.kernel.core import Kernel


async def care_for(ctx: Context, kernel: Kernel, text: str) -> Reply | None:
    """Return moderation's card for somebody who may harm themselves, or None."""
    if not moderation.in_need(text):
        return None
    card = await moderation.crisis_card(ctx, kernel)
    return Reply([TextPart(text=card.text), CarePart(title=card.title, resources=card.resources)])
