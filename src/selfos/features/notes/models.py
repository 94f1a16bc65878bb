"""The tables of notes and comments; the rules of one row are its methods."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKeyConstraint, Index, Uuid, column, func
from sqlalchemy.orm import Mapped, mapped_column

from selfos.kernel.context import Context
from selfos.kernel.database import Model, Tenant, Versioned
from selfos.kernel.errors import Conflict, Forbidden, invalid
from selfos.kernel.permissions import Permission
from selfos.kernel.tables import found_by, inside, of_tenant

# What a note or a comment can hang on, by the column that names it.
TABLES = {
    "task_id": "tasks",
    "goal_id": "goals",
    "project_id": "projects",
    "area_id": "areas",
    "habit_id": "habits",
}
NOTE_TARGETS = tuple(TABLES)
COMMENT_TARGETS = ("task_id", "goal_id", "project_id", "habit_id")


def _keys(targets: Iterable[str]) -> list[ForeignKeyConstraint]:
    """Keep a row in its workspace; it goes with what it hangs on, and outlives its author."""
    return [
        of_tenant(),
        ForeignKeyConstraint(
            ["workspace_id", "author_id"],
            ["members.workspace_id", "members.user_id"],
            ondelete="SET NULL (author_id)",
        ),
        *(inside(name, TABLES[name], ondelete="CASCADE") for name in targets),
    ]


class Note(Tenant, Versioned, Model):
    """A text in Markdown, kept as written, on one thing or on none."""

    __tablename__ = "notes"
    __table_args__ = (
        *_keys(NOTE_TARGETS),
        CheckConstraint(func.num_nonnulls(*map(column, NOTE_TARGETS)) <= 1, name="target"),
        *(found_by("notes", name) for name in (*NOTE_TARGETS, "author_id", "deleted_at")),
        Index(
            "notes_shown_idx",
            "workspace_id",
            "pinned",
            "updated_at",
            "id",
            postgresql_where=column("deleted_at").is_(None),
        ),
    )

    task_id: Mapped[UUID | None]
    goal_id: Mapped[UUID | None]
    project_id: Mapped[UUID | None]
    area_id: Mapped[UUID | None]
    habit_id: Mapped[UUID | None]
    author_id: Mapped[UUID | None]
    title: Mapped[str | None]
    body: Mapped[str]
    pinned: Mapped[bool]
    deleted_at: Mapped[datetime | None]

    def check(self) -> None:
        """Refuse a note that says nothing."""
        if not self.title and not self.body.strip():
            raise invalid("/body", "A note needs a title or some text.")

    def require_kept(self) -> None:
        """Refuse to change a note in the trash."""
        if self.deleted_at is not None:
            raise Conflict("This note is in the trash; restore it first.")

    def restore(self) -> None:
        """Take it out of the trash; one that is not there cannot be restored."""
        if self.deleted_at is None:
            raise Conflict("This note is not in the trash.")
        self.deleted_at = None


class Comment(Tenant, Versioned, Model):
    """What somebody says about a task, goal, project or habit, and to whom."""

    __tablename__ = "comments"
    __table_args__ = (
        *_keys(COMMENT_TARGETS),
        CheckConstraint(func.num_nonnulls(*map(column, COMMENT_TARGETS)) == 1, name="target"),
        *(found_by("comments", name) for name in (*COMMENT_TARGETS, "author_id")),
        Index("comments_created_at_idx", "workspace_id", "created_at", "id"),
    )

    task_id: Mapped[UUID | None]
    goal_id: Mapped[UUID | None]
    project_id: Mapped[UUID | None]
    habit_id: Mapped[UUID | None]
    author_id: Mapped[UUID | None]
    body: Mapped[str]
    mentions: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    edited_at: Mapped[datetime | None]

    def require_author(self, ctx: Context) -> None:
        """Refuse to let anybody else put words into the author's mouth."""
        if self.author_id != ctx.user_id:
            raise Forbidden("Only who wrote a comment can change it.")

    def require_author_or_manager(self, ctx: Context) -> None:
        """Let the author take it back, and those who manage the workspace remove it."""
        if self.author_id != ctx.user_id and Permission.MEMBER_MANAGE not in ctx.permissions:
            raise Forbidden("Only who wrote a comment, an admin or an owner can delete it.")
