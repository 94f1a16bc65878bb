"""Saying something about a thing, and to whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from selfos.features.notes.documents import COMMENTS
from selfos.features.notes.events import (
    CommentCreated,
    CommentDeleted,
    CommentMentioned,
    CommentUpdated,
)
from selfos.features.notes.mentions import mentioned
from selfos.features.notes.models import COMMENT_TARGETS, Comment
from selfos.features.notes.schemas import CommentCreate, CommentQuery, CommentUpdate
from selfos.features.notes.service.targets import find_target, held, in_sight
from selfos.features.workspaces import service as workspaces
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.documents import Document, Json, Order
from selfos.kernel.errors import Invalid, invalid
from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import Permission


@dataclass(frozen=True, slots=True)
class Call:
    """What a comment that calls somebody says, and of which thing; `noun` is such as `task`."""

    author: str
    body: str
    title: str
    noun: str
    thing_id: UUID


async def call_of(ctx: Context, comment_id: UUID) -> Call | None:
    """Return a comment as those it calls are told of it, or None if it or its thing is gone."""
    ctx.require(Permission.COMMENT_READ)
    comment = await rows.find(ctx, Comment, comment_id)
    if comment is None:
        return None
    targets = held(comment)
    try:
        found = await find_target(ctx, targets)
    except Invalid:
        return None
    if found is None:
        return None
    column, title = found
    names = await workspaces.member_names(ctx)
    author = names.get(comment.author_id, "") if comment.author_id else ""
    return Call(author, comment.body, title, column.removesuffix("_id"), targets[column])


async def list_comments(ctx: Context, query: CommentQuery) -> Json:
    """Return one page of comments, oldest first, without those on things in the trash."""
    ctx.require(Permission.COMMENT_READ)
    conditions = in_sight(Comment, COMMENT_TARGETS, query)
    return await COMMENTS.page(ctx, query, *conditions, order=Order((Comment.created_at,)))


async def get_comment(ctx: Context, comment_id: UUID) -> Document:
    """Return one comment as shown."""
    ctx.require(Permission.COMMENT_READ)
    return await COMMENTS.one(ctx, comment_id)


async def create_comment(ctx: Context, new: CommentCreate) -> Comment:
    """Say something about one thing; members called by name are told."""
    ctx.require(Permission.COMMENT_WRITE)
    target = await find_target(ctx, {name: getattr(new, name) for name in COMMENT_TARGETS})
    if target is None:
        raise Invalid("A comment is about a task, goal, project or habit; name one of them.")
    names = await workspaces.member_names(ctx)
    comment = Comment(
        workspace_id=ctx.workspace_id,
        id=new.id or new_id(),
        author_id=ctx.user_id,
        body=new.body,
        mentions=sorted(_known(names, new.mentions) | mentioned(new.body, names)),
        **{name: getattr(new, name) for name in COMMENT_TARGETS},
    )
    ctx.session.add(comment)
    ctx.emit(CommentCreated(**_surroundings(comment)))
    _tell(ctx, comment, comment.mentions)
    ctx.describe(f"Commented on “{target[1]}”")
    return comment


async def update_comment(ctx: Context, comment_id: UUID, change: CommentUpdate) -> Comment:
    """Say it in other words; only the author may, and only newly called members are told."""
    comment = await _get(ctx, comment_id)
    comment.require_author(ctx)
    given, before = change.given(), rows.image(comment)
    comment.body = given.get("body", comment.body)
    comment.mentions = await _called_now(ctx, comment, given)
    if fields := rows.changed(comment, before):
        comment.edited_at = ctx.now
        ctx.emit(CommentUpdated(**_surroundings(comment), fields=fields))
        _tell(ctx, comment, set(comment.mentions).difference(before["mentions"]))
    ctx.describe("Changed a comment")
    return comment


async def delete_comment(ctx: Context, comment_id: UUID) -> None:
    """Take a comment back; undo brings it again."""
    comment = await _get(ctx, comment_id)
    comment.require_author_or_manager(ctx)
    ctx.emit(CommentDeleted(**_surroundings(comment)))
    ctx.describe("Deleted a comment")
    await ctx.session.delete(comment)


async def _get(ctx: Context, comment_id: UUID) -> Comment:
    ctx.require(Permission.COMMENT_WRITE)
    comment = await rows.get(ctx, Comment, comment_id)
    ctx.expect(comment)
    return comment


async def _called_now(ctx: Context, comment: Comment, given: Mapping[str, Any]) -> list[UUID]:
    """Return whom a changed comment calls.

    Who was called before is still meant by their name, even if two share it.
    """
    names = await workspaces.member_names(ctx)
    before = {user_id: names[user_id] for user_id in comment.mentions if user_id in names}
    called = mentioned(comment.body, names) | mentioned(comment.body, before)
    return sorted(called | _known(names, given.get("mentions", ())))


def _known(names: Mapping[UUID, str], user_ids: Collection[UUID]) -> set[UUID]:
    """Return these members' ids; raise Invalid for anybody else's."""
    for position, user_id in enumerate(user_ids):
        if user_id not in names:
            raise invalid(f"/mentions/{position}", "There is no such member in this workspace.")
    return set(user_ids)


def _tell(ctx: Context, comment: Comment, user_ids: Collection[UUID]) -> None:
    for user_id in sorted(user_ids):
        if user_id != comment.author_id:
            ctx.emit(CommentMentioned(**_surroundings(comment), user_id=user_id))


def _surroundings(comment: Comment) -> dict[str, Any]:
    return {"comment_id": comment.id, **held(comment)}
