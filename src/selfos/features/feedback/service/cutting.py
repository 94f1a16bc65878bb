"""Cutting a data set of preferences out of what people gave, from those alone who consent.

Texts are read as their person may read them, so nothing leaves that is not theirs to see. Where a
workspace has several members, its plans, stories and answers may be about any of them: it counts
once all of them consent.
"""

from __future__ import annotations

import json
import secrets
from typing import Any
from uuid import UUID

from sqlalchemy import select

from selfos.features.ai import service as ai
from selfos.features.assistant import service as assistant
from selfos.features.feedback.models import Feedback, FeedbackConsent
from selfos.features.feedback.preferences import MOST_EACH, Cut, Made, Said, Turn, cut
from selfos.features.feedback.schemas import FeedbackKind
from selfos.features.moderation import service as moderation
from selfos.features.stories import service as stories
from selfos.features.workspaces import service as workspaces
from selfos.kernel.context import Context, act_for, open_context, system_session
from selfos.kernel.core import Kernel
from selfos.kernel.documents import Documents
from selfos.kernel.errors import NotFound

# More than this led to no answer: a model is given no more either.
MOST_TURNS = 20


async def cut_preferences(kernel: Kernel, *, most_each: int | None = MOST_EACH) -> Cut:
    """Return pairs and single opinions of everybody who consents, on the whole instance.

    Needs the operator's word: it is no verb of a workspace.
    """
    consenting: dict[UUID, set[UUID]] = {}
    async with system_session(kernel) as session:
        wanted = select(FeedbackConsent.workspace_id, FeedbackConsent.user_id).where(
            FeedbackConsent.consent
        )
        for workspace_id, user_id in await session.execute(wanted):
            consenting.setdefault(workspace_id, set()).add(user_id)
    said: list[Said] = []
    for workspace_id, people in consenting.items():
        async with open_context(kernel, workspace_id=workspace_id) as ctx:
            if set(await workspaces.member_names(ctx)) <= people:
                for user_id in sorted(people):
                    said += await _said_by(await act_for(ctx, user_id))
    names = {each.person: secrets.token_hex(4) for each in said}
    return cut(said, moderation.reveals, names=names, most_each=most_each)


async def _said_by(ctx: Context) -> list[Said]:
    """Return the acting person's opinions with the texts they are about."""
    opinions = (await ctx.session.scalars(select(Feedback).order_by(Feedback.id))).all()
    reader = Reader(ctx)
    said: list[Said] = []
    for each in opinions:
        left = each.rejected_id if each.kind is FeedbackKind.PICK else None
        said.append(
            Said(
                person=ctx.user_id,
                day=each.created_at.date(),
                kind=each.kind,
                value=each.value,
                task=each.task,
                engine=each.engine,
                made=await reader.made(each.generation_id, each.line_id),
                other=await reader.made(left) if left else None,
                original=each.original,
                edited=each.edited,
            )
        )
    return said


class Reader:
    """Reads what was made for one person; a text that is erased, stopped or empty is None."""

    def __init__(self, ctx: Context) -> None:
        """Nothing has been read yet."""
        self._ctx = ctx
        self._documents: dict[tuple[str, UUID], Any] = {}

    async def made(self, generation_id: UUID, line_id: UUID | None = None) -> Made | None:
        """Return an answer, a story, a plan or one line of one, whatever this is."""
        if (message := await self._read(assistant.MESSAGES, generation_id)) is not None:
            return await self._answer(message)
        if (plan := await self._read(ai.PROPOSALS, generation_id)) is not None:
            return _plan(plan, line_id)
        if (story := await self._read(stories.STORIES, generation_id)) is not None:
            return _story(story, self._ctx.user_id)
        return None

    async def _read(self, documents: Documents, row_id: UUID) -> Any:
        """Return a row as shown, read once; None if it is not of this kind, or gone."""
        key = documents.model.__name__, row_id
        if key not in self._documents:
            try:
                self._documents[key] = json.loads((await documents.one(self._ctx, row_id)).body)
            except NotFound:
                self._documents[key] = None
        return self._documents[key]

    async def _answer(self, message: Any) -> Made | None:
        if message["role"] != "assistant" or message["stopped"]:
            return None
        turns: list[Turn] = []
        at = message
        while at["parent_id"] is not None and len(turns) < MOST_TURNS:
            at = await self._read(assistant.MESSAGES, UUID(at["parent_id"]))
            if at is None or at["redacted_at"] is not None:
                return None
            turns.append(Turn(at["role"], _words(at)))
        return _whole(tuple(reversed(turns)), _words(message))


def _words(message: Any) -> str:
    texts = [part["text"] for part in message["parts"] if part["type"] == "text"]
    return "\n\n".join(texts).strip()


def _plan(plan: Any, line_id: UUID | None) -> Made | None:
    lines = sorted(plan["lines"], key=lambda line: line["position"])
    if line_id is not None:
        found = next((line for line in lines if line["id"] == str(line_id)), None)
        words = f"{_title(found)}\n{found['reason']}".strip() if found else ""
        return _whole((Turn("user", f"Propose one step towards: {plan['title']}"),), words)
    words = "\n".join(f"{at}. {_title(line)}" for at, line in enumerate(lines, 1))
    return _whole((Turn("user", f"Plan this: {plan['title']}"),), words)


def _title(line: Any) -> str:
    return str(line["fields"].get("title") or line["title"])


def _story(story: Any, user_id: UUID) -> Made | None:
    """Return a story of one's own, asked for with the facts it cites."""
    if story["deleted_at"] is not None or story["user_id"] != str(user_id):
        return None
    facts = [f"- {fact['at'][:10]} {fact['type']}: {fact['title']}" for fact in story["sources"]]
    period = f"{story['period_start']} to {story['period_end']}"
    asked = "\n".join([f"Tell what I did from {period}. What happened:", *facts])
    return _whole((Turn("user", asked),), story["text"])


def _whole(asked: tuple[Turn, ...], words: str) -> Made | None:
    full = words and asked and all(turn.content for turn in asked)
    return Made(asked, words) if full else None
