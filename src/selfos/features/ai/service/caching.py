"""Answers kept for the same question of the same person. Hidden names stay hidden in them."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from selfos.features.ai.models import AiAnswer
from selfos.features.ai.orchestration.keys import LIFETIMES
from selfos.features.ai.schemas.generation import Generation, Output, Prepared
from selfos.features.ai.service.books import by_system
from selfos.kernel.core import Kernel
from selfos.kernel.database import Scope


async def recall(kernel: Kernel, prepared: Prepared[Output], key: bytes) -> AiAnswer | None:
    """Return the kept answer to this question, if it is not too old."""
    async with kernel.database.transaction() as transaction:
        await transaction.enter(Scope(prepared.workspace_id, prepared.user_id))
        return await transaction.session.scalar(
            select(AiAnswer).where(
                AiAnswer.user_id == prepared.user_id,
                AiAnswer.key == key,
                AiAnswer.expires_at > kernel.clock(),
            )
        )


async def keep(
    kernel: Kernel, prepared: Prepared[Output], key: bytes, made: Generation[Output], raw: str
) -> None:
    """Keep an answer for as long as its task allows; `raw` is its text as it came in."""
    task = prepared.request.task
    values = {
        "task": task,
        "engine": made.engine,
        "provider": made.provider,
        "model": made.model,
        "text": raw,
        "expires_at": kernel.clock() + LIFETIMES[task],
    }
    where = {"workspace_id": prepared.workspace_id, "user_id": prepared.user_id, "key": key}
    async with kernel.database.transaction() as transaction:
        await transaction.enter(Scope(prepared.workspace_id, prepared.user_id))
        await transaction.session.execute(
            insert(AiAnswer)
            .values(**where, **values)
            .on_conflict_do_update(index_elements=list(where), set_=values)
        )
        await transaction.commit()


async def forget_answers(kernel: Kernel) -> None:
    """Delete answers that are too old to be used."""
    async with by_system(kernel) as transaction:
        await transaction.session.execute(
            delete(AiAnswer).where(AiAnswer.expires_at <= kernel.clock())
        )
