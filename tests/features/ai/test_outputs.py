"""What models fill in."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from selfos import features
from selfos.features.ai.orchestration.structured import schema_of
from selfos.features.ai.planner.outlining import Outline
from selfos.features.ai.schemas.words import AiTask
from selfos.features.assistant.service.classifying import Guess
from selfos.features.assistant.service.naming import ConversationName
from selfos.features.capture.service.rewriting import Rewritten
from selfos.features.moderation.schemas import ModelOpinion
from selfos.features.stories.writing import WrittenStory

OUTPUTS: list[type[BaseModel]] = [
    *(ConversationName, Guess, ModelOpinion, Outline, Rewritten, WrittenStory)
]
ASKED = re.compile(r"GenerationRequest\[(\w+)\]")


def test_every_output_is_in_the_list() -> None:
    texts = (path.read_text("utf-8") for path in Path(features.__path__[0]).rglob("*.py"))
    asked = {name for text in texts for name in ASKED.findall(text)}
    assert asked - {"Output", "Any"} == {output.__name__ for output in OUTPUTS}


def test_something_asks_for_every_task() -> None:
    begun = re.compile(r"GenerationRequest(?:\[\w+\])?\(\s*task=AiTask\.(\w+)")
    texts = (path.read_text("utf-8") for path in Path(features.__path__[0]).rglob("*.py"))
    asked = {AiTask[name] for text in texts for name in begun.findall(text)}
    assert asked == set(AiTask)


def parts(schema: dict[str, Any], whole: dict[str, Any], around: tuple[str, ...]) -> Iterator[Any]:
    """Yield every part of a schema; fails for one that leads into itself."""
    name = schema.get("$ref", "").rpartition("/")[2]
    assert name not in around, f"{name} holds itself"
    schema = whole["$defs"][name] if name else schema
    yield schema
    for part in (
        *schema.get("properties", {}).values(),
        *([schema["items"]] if "items" in schema else []),
    ):
        yield from parts(part, whole, (*around, name) if name else around)


@pytest.mark.parametrize("output", OUTPUTS)
def test_what_a_model_fills_in_is_flat_and_bounded(output: type[BaseModel]) -> None:
    """A grammar of llama.cpp grows with nesting, and differs by its version (#11847)."""
    whole = dict(schema_of(output))
    for part in parts(whole, whole, ()):
        assert not {"anyOf", "oneOf", "allOf"} & part.keys()
        match part.get("type"):
            case "string":
                assert "enum" in part or "maxLength" in part
            case "array":
                assert "maxItems" in part
            case "object":
                assert part["additionalProperties"] is False
            case _:
                pass
