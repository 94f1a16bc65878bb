"""What came together is read together, and nothing is lost, added or changed by it."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from bench.recording import Statement, recorded
from selfos.features.ai import service as ai
from selfos.features.ai.adapters.joining import Joined, Joiner
from selfos.features.ai.schemas import Delta
from selfos.kernel.core import Kernel
from tests.factories import Person
from tests.fakes.vendors import End, Reply, anthropic_lines, openai_lines, says
from tests.features.ai.conftest import Vendors, by_rules, question

WORDS = tuple(f"wörd{number} " for number in range(20))


def messages(data: bytes) -> list[Any]:
    """Return what the events of a stream say."""
    lines = [line for line in data.split(b"\n") if line.startswith(b"data: {")]
    return [json.loads(line.removeprefix(b"data: ")) for line in lines]


def openai_text(data: bytes) -> str:
    said = [each["choices"][0]["delta"] for each in messages(data) if each["choices"]]
    return "".join(delta.get("content") or "" for delta in said)


def anthropic_text(data: bytes) -> str:
    said = [each["delta"] for each in messages(data) if each["type"] == "content_block_delta"]
    return "".join(delta["text"] for delta in said)


@pytest.mark.parametrize("size", [1, 7, 64, 100_000])
def test_joined_events_say_the_same_however_they_are_cut(size: int) -> None:
    reply = Reply(chunks=WORDS, usage=(7, 9), tool=None)
    for lines, text_of in ((openai_lines, openai_text), (anthropic_lines, anthropic_text)):
        whole = b"".join(lines(reply, "m"))
        joiner = Joiner()
        cut = [whole[at : at + size] for at in range(0, len(whole), size)]
        made = b"".join(map(joiner.feed, cut)) + joiner.rest
        assert text_of(made) == "".join(WORDS)
        assert messages(made)[-1] == messages(whole)[-1]
        if size == 100_000:
            assert len(messages(made)) <= len(messages(whole)) - len(WORDS) + 2


NOT_MORE: tuple[Any, ...] = (
    {"choices": [{"index": 0, "delta": {"content": "b"}, "finish_reason": "stop"}]},
    {"choices": [{"index": 1, "delta": {"content": "b"}, "finish_reason": None}]},
    {"choices": [{"index": 0, "delta": {"content": "b", "role": "assistant"}}]},
    {"choices": [{"index": 0, "delta": {"content": "b"}, "logprobs": {"content": None}}]},
    {"choices": [{"index": 0, "delta": {"tool_calls": None}, "finish_reason": None}]},
    {
        "choices": [{"index": 0, "delta": {"content": "b"}, "finish_reason": None}],
        "usage": {"total_tokens": 1},
    },
    {"error": {"message": "overloaded"}},
)


@pytest.mark.parametrize("second", NOT_MORE)
def test_what_is_not_plainly_more_of_the_same_text_passes_as_it_came(second: Any) -> None:
    first = {"choices": [{"index": 0, "delta": {"content": "a"}, "finish_reason": None}]}
    whole = b"".join(b"data: " + json.dumps(each).encode() + b"\n\n" for each in (first, second))
    assert Joiner().feed(whole) == whole


@pytest.mark.parametrize(
    "whole",
    [
        b'data: {"choices": [{"del\xff\xfe\n\n',
        b"data: {}\r\n\r\ndata: {}\r\n\r\n",
        b"data: [DONE]\n\n",
        b": ping\n\n",
        b"id: 1\nevent: x\ndata: {}\n\n",
    ],
)
def test_what_we_do_not_read_is_left_alone(whole: bytes) -> None:
    joiner = Joiner()
    assert joiner.feed(whole) + joiner.rest == whole


class Broken(httpx2.AsyncByteStream):
    """A stream that says something, then breaks or never goes on."""

    def __init__(self, said: bytes, error: Exception | None) -> None:
        self.said, self.error = said, error
        self.closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self.said
        if self.error is None:
            await asyncio.Event().wait()
        else:
            raise self.error

    async def aclose(self) -> None:
        self.closed = True


async def test_what_came_before_a_break_is_still_read_and_the_break_is_told() -> None:
    stream = Broken(b"data: {}\n\ndata: ha", httpx2.ReadError("gone"))
    pieces = aiter(Joined(stream))
    assert await anext(pieces) + await anext(pieces) == b"data: {}\n\ndata: ha"
    with pytest.raises(httpx2.ReadError, match="gone"):
        await anext(pieces)


async def test_closing_in_the_middle_lets_go_of_the_connection() -> None:
    stream = Broken(b"data: {}\n\n", None)
    joined = Joined(stream)
    async for said in joined:
        assert said == stream.said
        break
    await joined.aclose()
    assert stream.closed


async def test_a_call_asks_the_database_twice_before_the_first_text_and_once_after(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    vendors.first.usual = says(*WORDS)
    said: list[Statement] = []
    at_first_text: int | None = None

    async def ask() -> None:
        nonlocal at_first_text
        async with asker.context() as ctx:
            with recorded(said):
                prepared = await ai.prepare(ctx, question())
        with recorded(said):
            async for event in ai.stream(models, prepared, rules=by_rules):
                if isinstance(event, Delta) and at_first_text is None:
                    at_first_text = len(said)

    await ask()  # what a process learns once is not the call's
    said.clear()
    at_first_text = None
    await ask()
    assert (at_first_text, len(said)) == (2, 3)
    assert ["ai_reserve" in said[1][0], "ai_settle" in said[2][0]] == [True, True]


async def test_a_cut_after_joined_words_still_resets(
    models: Kernel, vendors: Vendors, asker: Person
) -> None:
    vendors.first.usual = Reply(chunks=WORDS, end=End.SILENT_CUT)
    async with asker.context() as ctx:
        prepared = await ai.prepare(ctx, question())
    kinds = [e.as_json()["type"] async for e in ai.stream(models, prepared, rules=by_rules)]
    assert kinds.index("reset") > kinds.index("delta")
    assert kinds[-1] == "done"
