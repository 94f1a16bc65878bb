"""When somebody is in need: the coach steps aside, and no model is asked."""

from __future__ import annotations

import re

from selfos.features.assistant.schemas.parts import TextPart
from selfos.features.assistant.service.replying import Reply
from selfos.features.moderation import service as moderation

IN_NEED = re.compile(
    r"\b(?:kill(?:ing)?\s+myself|end(?:ing)?\s+(?:my\s+life|it\s+all)|suicid\w*|self[-\s]?harm\w*"
    r"|hurt(?:ing)?\s+myself|cut(?:ting)?\s+myself|(?:want|wish)\s+(?:to\s+(?:die|be\s+dead)"
    r"|i\s+(?:was|were)\s+dead)|don'?t\s+want\s+to\s+(?:live|be\s+alive)|no\s+reason\s+to\s+live"
    r"|better\s+off\s+(?:dead|without\s+me))\b",
    re.IGNORECASE,
)
CARE = (
    "What you write sounds heavy, and this matters more than any plan. I am a program and not the"
    " right one to carry it with you. If you may be in danger, call your local emergency number now"
    " (112 in Europe, 911 in North America, 999 in the United Kingdom), or a crisis line: 988 in"
    " the United States and Canada, 116 123 in many countries of Europe. If you can, tell somebody"
    " near you what you told me. Your plans can wait; nothing here will count against you."
)


def in_need(text: str) -> Reply | None:
    """Return what to say to somebody who may harm themselves, or None."""
    return (
        Reply([TextPart(text=CARE)]) if IN_NEED.search(text) or moderation.in_need(text) else None
    )
