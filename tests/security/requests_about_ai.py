"""Requests about the accounts of AI that succeed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import insert, update

from selfos.features.ai.models import AiCall
from selfos.features.ai.schemas import AiTask, Engine, Outcome
from selfos.features.ai.service.books import by_system
from selfos.features.identity.models import User
from selfos.kernel.identifiers import new_id
from tests.security.operations import Tree
from tests.security.requests_by_operation import Builder, proposal, thing
from tests.security.world import Owner

PRICE = {"provider": "p", "model": "m", "input_micros": 1, "output_micros": 1}


async def called(owner: Owner) -> AiCall:
    """Write a line of the ledger, as the books would; its detail is the owner's mark."""
    person = owner.person
    async with by_system(person.kernel) as transaction:
        made = await transaction.session.scalar(
            insert(AiCall)
            .values(
                workspace_id=UUID(owner.workspace),
                id=new_id(),
                user_id=person.user_id,
                generation_id=new_id(),
                number=1,
                at=person.kernel.clock(),
                task=AiTask.COACH,
                prompt_version="1",
                engine=Engine.MODEL,
                provider="p",
                model="m",
                outcome=Outcome.OK,
                detail=owner.mark,
                estimated=False,
                latency_ms=1,
                background=False,
            )
            .returning(AiCall)
        )
    assert made is not None
    return made


async def on_call(owner: Owner) -> list[Tree]:
    return [{"path": {"call_id": str((await called(owner)).id)}}]


async def list_calls(owner: Owner) -> list[Tree]:
    return [{"query": {"generation_id": str((await called(owner)).generation_id)}}]


async def update_privacy(owner: Owner) -> list[Tree]:
    area = await thing(owner, "areas")
    return [{"body": {"dial": "any", "areas": [{"area_id": area, "dial": "local_only"}]}}]


def by_operator(**parts: Any) -> Builder:
    """Send it as the operator of the instance."""

    async def build(owner: Owner) -> list[Tree]:
        operator = await owner.new_person()
        async with by_system(operator.kernel) as transaction:
            mine = User.id == operator.user_id
            await transaction.session.execute(update(User).where(mine).values(is_operator=True))
        header = {"SelfOS-Workspace": str(operator.workspace_id)}
        return [{"sender": operator.client, "header": header, **parts}]

    return build


async def delete_price(owner: Owner) -> list[Tree]:
    (tree,) = await by_operator(query={"provider": "p", "model": "m"})(owner)
    await tree["sender"].put("/ai/prices", json=PRICE)
    return [tree]


async def what_if_goal(owner: Owner) -> list[Tree]:
    return [{"body": {"goal": {"title": f"Learn {owner.mark}"}}}]


async def relieve(owner: Owner) -> list[Tree]:
    """Fill a week in which a plan has work, so that there is room to make."""
    made = await proposal(owner)
    line = next(each for each in made["lines"][1:] if each["fields"].get("duration_minutes"))
    for number in range(2):
        due, minutes = line["fields"]["due"], {"duration_minutes": 400}
        await owner.make("/tasks", title=f"{owner.mark} {number}", due=due, **minutes)
    path = {"proposal_id": made["id"]}
    return [{"path": path, "body": {"kind": kind}} for kind in ("make_room", "later")]
