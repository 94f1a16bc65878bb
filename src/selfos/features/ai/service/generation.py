"""Asking a model, in three steps, so that no transaction ever waits for one.

```python
async with open_context(kernel, ...) as ctx:
    prepared = await ai.prepare(ctx, GenerationRequest(task=AiTask.COACH, ...))
answer = await ai.generate(kernel, prepared, rules=the_built_in_answer)
async with open_context(kernel, ...) as ctx:
    await keep(ctx, answer)
```
"""

from __future__ import annotations

from collections.abc import AsyncGenerator

from selfos.features.ai.schemas import (
    Delta,
    Dial,
    Done,
    Engine,
    Failed,
    Generation,
    GenerationRequest,
    Prepared,
    Reason,
    Rules,
    Start,
    StreamEvent,
)
from selfos.features.ai.schemas.generation import Output
from selfos.kernel.context import Context
from selfos.kernel.core import Kernel
from selfos.kernel.errors import Unavailable
from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import Permission


async def prepare(ctx: Context, request: GenerationRequest[Output]) -> Prepared[Output]:
    """Look up what a request may do: whose money, how private its words are. Writes nothing."""
    ctx.require(Permission.AI_USE)
    return Prepared(
        request=request,
        generation_id=new_id(),
        workspace_id=ctx.workspace_id,
        user_id=ctx.user_id,
        dial=Dial.RULES_ONLY,
        reason=Reason.NO_MODEL,
        meters=(),
        hidden={},
        hide_numbers=False,
    )


async def generate(
    kernel: Kernel, prepared: Prepared[Output], *, rules: Rules[Output] | None
) -> Generation[Output]:
    """Return the best rung's answer; raises Unavailable when even `rules` is None.

    Call it with no Context open.
    """
    async for event in stream(kernel, prepared, rules=rules):
        match event:
            case Done(generation):
                return generation
            case Failed(problem):
                raise Unavailable(problem["detail"])
            case _:
                pass
    raise AssertionError("a stream ends with done or error")


async def stream(
    kernel: Kernel,  # noqa: ARG001
    prepared: Prepared[Output],
    *,
    rules: Rules[Output] | None,
) -> AsyncGenerator[StreamEvent[Output]]:
    """Yield the answer as it comes; the last event is `Done` or `Failed`.

    Closing the generator early cancels the model and still books what it has cost.
    """
    if rules is None:
        yield Failed({"detail": "No model may answer this."})
        return
    yield Start(attempt=1, model=Engine.RULES)
    answer = await rules()
    text = answer if isinstance(answer, str) else ""
    if text:
        yield Delta(text)
    yield Done(
        Generation(
            id=prepared.generation_id,
            task=prepared.request.task,
            engine=Engine.RULES,
            text=text,
            output=None if isinstance(answer, str) else answer,
            reason=prepared.reason,
        )
    )
