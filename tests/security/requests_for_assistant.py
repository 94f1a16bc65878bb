"""Requests about conversations, nudges and profiles."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from selfos.features.assistant.models import Nudge
from selfos.features.assistant.schemas.words import NudgeStatus, Subject
from selfos.kernel.context import Actor, open_context
from selfos.kernel.identifiers import new_id
from selfos.kernel.ledger.models import ActorKind
from tests.security.operations import Tree
from tests.security.requests_by_operation import Builder
from tests.security.world import Owner


async def conversation(owner: Owner) -> str:
    return await owner.make("/conversations", title=owner.mark)


async def spoken(owner: Owner) -> tuple[str, str, str]:
    """Return a conversation, what was said in it and what was answered."""
    one = await conversation(owner)
    said = await owner.call("POST", f"/conversations/{one}/messages", text=f"hello {owner.mark}")
    return one, said.json()["message"]["id"], said.json()["answer"]["id"]


async def profile(owner: Owner) -> str:
    """Return a profile; there is room for five, so the oldest make room."""
    known = (await owner.call("GET", "/assistant-profiles")).json()["items"]
    for old in known[:-1]:
        await owner.call("DELETE", f"/assistant-profiles/{old['id']}")
    return await owner.make("/assistant-profiles", name=owner.mark)


def on_conversation(**body: Any) -> Builder:
    async def build(owner: Owner) -> list[Tree]:
        path = {"conversation_id": await conversation(owner)}
        return [{"path": path, **({"body": body} if body else {})}]

    return build


def on_message(**body: Any) -> Builder:
    async def build(owner: Owner) -> list[Tree]:
        one, said, _ = await spoken(owner)
        path = {"conversation_id": one, "message_id": said}
        return [{"path": path, **({"body": body} if body else {})}]

    return build


async def on_answer(owner: Owner) -> list[Tree]:
    one, _, answer = await spoken(owner)
    return [{"path": {"conversation_id": one, "message_id": answer}, "body": {}}]


async def create_conversation(owner: Owner) -> list[Tree]:
    body = {"id": str(new_id()), "title": owner.mark, "profile_id": await profile(owner)}
    return [{"body": body}]


async def update_conversation(owner: Owner) -> list[Tree]:
    one, _, answer = await spoken(owner)
    body = {"title": owner.mark, "head_id": answer, "profile_id": await profile(owner)}
    return [{"path": {"conversation_id": one}, "body": body}]


async def send_message(owner: Owner) -> list[Tree]:
    one, _, answer = await spoken(owner)
    body = {"id": str(new_id()), "text": f"hello {owner.mark}", "parent_id": answer}
    return [{"path": {"conversation_id": one}, "body": body}]


async def create_profile(owner: Owner) -> list[Tree]:
    await profile(owner)
    return [{"body": {"name": owner.mark}}]


def on_profile(**body: Any) -> Builder:
    async def build(owner: Owner) -> list[Tree]:
        path = {"profile_id": await profile(owner)}
        return [{"path": path, **({"body": body} if body else {})}]

    return build


async def on_nudge(owner: Owner) -> list[Tree]:
    """Return a request about a nudge that waits; the coach says few things a day, so make one."""
    goal = await owner.make("/goals", title=f"{owner.mark} {new_id()}")
    async with open_context(
        owner.person.kernel,
        workspace_id=UUID(owner.workspace),
        actor=Actor(ActorKind.USER, owner.person.user_id),
    ) as ctx:
        nudge = Nudge(
            id=new_id(),
            user_id=owner.person.user_id,
            day=date(2027, 3, 1),
            state="no_next_step",
            help="plan",
            subject=Subject.GOAL,
            subject_id=UUID(goal),
            **dict.fromkeys(("title", "headline", "reason", "question", "offer"), owner.mark),
            numbers={},
            calls=[{"tool": "decompose_goal", "arguments": {"goal_id": goal}}],
            status=NudgeStatus.OPEN,
            proposal_id=None,
            on_today=False,
            why=[owner.mark],
            opens=None,
            until=None,
        )
        ctx.session.add(nudge)
    return [{"path": {"nudge_id": str(nudge.id)}}]
