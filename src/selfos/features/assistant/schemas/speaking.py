"""What a client says on the socket of a conversation."""

from __future__ import annotations

import json
from typing import Any, Literal, cast
from uuid import UUID

from selfos.features.assistant.schemas.conversations import MessageCreate
from selfos.kernel.errors import Invalid, invalid
from selfos.kernel.schema import Input


class Say(MessageCreate):
    """Say something and have it answered."""

    type: Literal["say"]


class SayAgain(Input):
    """Ask for another answer beside this one."""

    type: Literal["regenerate"]
    message_id: UUID


class Stop(Input):
    """End the answer that is on its way; what was shown of it is kept."""

    type: Literal["stop"]


Frame = Say | SayAgain | Stop
FRAMES: dict[str, type[Frame]] = {"say": Say, "regenerate": SayAgain, "stop": Stop}


def read_frame(text: str) -> Frame:
    """Read a frame, or raise what is wrong with it."""
    try:
        given: Any = json.loads(text)
    except ValueError as error:
        raise Invalid("A frame is JSON.") from error
    kind = cast("dict[str, Any]", given).get("type") if isinstance(given, dict) else None
    frame = FRAMES.get(str(kind))
    if frame is None:
        raise invalid("/type", f"A frame is one of {', '.join(FRAMES)}.")
    return frame.model_validate_json(text)
