"""Answers kept for the same question of the same person. Hidden names stay hidden in them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import cast, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from selfos.features.ai.models import AiAnswer
from selfos.features.ai.orchestration.keys import LIFETIMES
from selfos.features.ai.orchestration.likeness import ALIKE
from selfos.features.ai.schemas.generation import Generation, Output, Prepared
from selfos.features.ai.service.books import by_system
from selfos.kernel.core import Kernel
from selfos.kernel.database import Scope
from selfos.kernel.vectors import Vector, likeness


@dataclass(frozen=True, slots=True)
class Nearness:
    """What has to be equal in a question worded otherwise, and its words as a model's vector."""

    key: bytes
    embedder: str
    vector: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer is kept: by the question itself, and by what its words mean."""

    key: bytes
    near: Nearness | None = None


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


async def recall_alike(
    kernel: Kernel, prepared: Prepared[Output], near: Nearness
) -> AiAnswer | None:
    """Return the kept answer to the question whose words mean nearly the same, if there is one."""
    alike = likeness(AiAnswer.vec, cast(list(near.vector), Vector()))
    async with kernel.database.transaction() as transaction:
        await transaction.enter(Scope(prepared.workspace_id, prepared.user_id))
        found = await transaction.session.execute(
            select(AiAnswer, alike)
            .where(
                AiAnswer.user_id == prepared.user_id,
                AiAnswer.near_key == near.key,
                AiAnswer.embedder == near.embedder,
                func.vector_dims(AiAnswer.vec) == len(near.vector),
                AiAnswer.expires_at > kernel.clock(),
            )
            .order_by(alike.desc())
            .limit(1)
        )
        row = found.first()
    return row[0] if row is not None and row[1] >= ALIKE else None


async def keep(
    kernel: Kernel, prepared: Prepared[Output], place: Place, made: Generation[Output], raw: str
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
        "near_key": place.near and place.near.key,
        "embedder": place.near and place.near.embedder,
        "vec": place.near and list(place.near.vector),
    }
    where = {"workspace_id": prepared.workspace_id, "user_id": prepared.user_id, "key": place.key}
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
