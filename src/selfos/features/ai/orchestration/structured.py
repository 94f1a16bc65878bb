"""Reading an answer that has to fit a schema, and asking once more when it does not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from pydantic import BaseModel, ValidationError

from selfos.features.ai.adapters.provider import ModelFailure
from selfos.features.ai.schemas.generation import GenerationRequest, Message, Output
from selfos.features.ai.schemas.words import Outcome, Speaker

FENCE = re.compile(r"^\s*```(?:json)?\s*\n(.*?)\n?\s*```\s*$", re.DOTALL)
MOST_FAULTS = 12
# A repair needs to see what was wrong, not a whole novel of it.
LONGEST_SHOWN = 8_000


class Misfit(ModelFailure):
    """A well-meant answer that does not fit; `faults` are sentences the model may read."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(Outcome.INVALID, f"{len(faults)} faults")
        self.faults = tuple(faults[:MOST_FAULTS])


@cache
def schema_of(output: type[BaseModel]) -> Mapping[str, Any]:
    """Return the JSON schema of an output; nobody may change it."""
    return output.model_json_schema()


def read(request: GenerationRequest[Output], text: str) -> Output | None:
    """Return the answer as the wanted object, None if none is wanted; raises Misfit."""
    if request.output is None:
        return None
    fenced = FENCE.match(text)
    try:
        made = request.output.model_validate_json(fenced[1] if fenced else text)
    except ValidationError as error:
        raise Misfit([_sentence(found["loc"], found["msg"]) for found in error.errors()]) from error
    faults = request.faults(made) if request.faults else ()
    if faults:
        raise Misfit(faults)
    return made


def repair(messages: Sequence[Message], text: str, misfit: Misfit) -> tuple[Message, ...]:
    """Return the prompt of the one repair turn."""
    listed = "\n".join(f"- {fault}" for fault in misfit.faults)
    return (
        *messages,
        Message(Speaker.ASSISTANT, text[:LONGEST_SHOWN] or "(nothing)"),
        Message(
            Speaker.USER,
            f"That answer cannot be used:\n{listed}\nGive the whole answer again, corrected.",
        ),
    )


def _sentence(place: tuple[int | str, ...], message: str) -> str:
    path = "/".join(map(str, place))
    return f"{path}: {message}" if path else message
