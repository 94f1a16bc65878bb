"""How new tables are spelled: the columns, keys and indexes that most of them share.

Migrations that have landed keep their own spelling, so these may grow but never change meaning.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from selfos.migrations.walls import protect_tenant, stamp

Parts = tuple[sa.schema.SchemaItem, ...]


def key() -> Parts:
    """Return workspace and id, the primary key of every table of a workspace."""
    return (
        sa.Column("workspace_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["tenants.id"], ondelete="CASCADE"),
    )


def row() -> Parts:
    """Return the key and the stamps: what a model that is `Tenant` and `Versioned` has."""
    return (
        *key(),
        instant("created_at", default=True),
        instant("updated_at", default=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
    )


def of_member() -> Parts:
    """Return whose private row it is; it goes when they leave the workspace."""
    return (
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "user_id"],
            ["members.workspace_id", "members.user_id"],
            ondelete="CASCADE",
        ),
    )


def kept() -> Parts:
    """Return when it was archived and when it was put into the trash, both mostly null."""
    return (instant("archived_at", nullable=True), instant("deleted_at", nullable=True))


def words(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    """Return a column of any text."""
    return sa.Column(name, sa.Text(), nullable=nullable)


def word(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    """Return a column for one word of an enumeration."""
    return sa.Column(name, sa.String(40), nullable=nullable)


def number(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    """Return a column of whole numbers."""
    return sa.Column(name, sa.Integer(), nullable=nullable)


def amount(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    """Return a column of measured numbers."""
    return sa.Column(name, sa.Float(), nullable=nullable)


def flag(name: str) -> sa.Column[Any]:
    """Return a column of yes and no."""
    return sa.Column(name, sa.Boolean(), nullable=False)


def day(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    """Return a column of calendar dates."""
    return sa.Column(name, sa.Date(), nullable=nullable)


def clock(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    """Return a column of wall times."""
    return sa.Column(name, sa.Time(), nullable=nullable)


def instant(name: str, *, default: bool = False, nullable: bool = False) -> sa.Column[Any]:
    """Return a column of instants; `default` fills in the present one."""
    now = sa.func.now() if default else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=now, nullable=nullable)


def rank(name: str) -> sa.Column[Any]:
    """Return a column of ranks, compared byte by byte whatever the database's language."""
    return sa.Column(name, sa.Text(collation="C"), nullable=False)


def pointer(
    column: str,
    table: str,
    *,
    to: str = "id",
    ondelete: str | None = None,
    nullable: bool = True,
) -> Parts:
    """Return a column and its foreign key within the workspace.

    Without `ondelete` the column is emptied when the other row goes, the workspace kept.
    """
    return (
        sa.Column(column, sa.Uuid(), nullable=nullable),
        sa.ForeignKeyConstraint(
            ["workspace_id", column],
            [f"{table}.workspace_id", f"{table}.{to}"],
            ondelete=ondelete or f"SET NULL ({column})",
        ),
    )


def add_pointer(table: str, column: str, to_table: str, *, ondelete: str) -> None:
    """Give a table one more column that points within the workspace, and find rows by it."""
    op.add_column(table, sa.Column(column, sa.Uuid()))
    op.create_foreign_key(
        f"{table}_workspace_id_{column}_fkey",
        table,
        to_table,
        ["workspace_id", column],
        ["workspace_id", "id"],
        ondelete=ondelete,
    )
    found_by(table, column)


def found_by(table: str, *columns: str) -> None:
    """Index each of these mostly empty columns where it is filled."""
    for column in columns:
        op.create_index(
            f"{table}_{column}_idx",
            table,
            ["workspace_id", column],
            postgresql_where=sa.text(f"{column} IS NOT NULL"),
        )


def guard(table: str, entity: str) -> None:
    """Finish a table of a workspace: its walls, its history and undo, its stamps."""
    protect_tenant(table, entity)
    stamp(table)
