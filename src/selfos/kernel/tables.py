"""What the tables of slices say again and again: whose a row is, where it points, how it is found.

Their twins for migrations stand in `migrations/columns.py`; a test compares models and database.
"""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint, Index, column


def of_tenant() -> ForeignKeyConstraint:
    """Bind a row to its workspace; it goes with it."""
    return ForeignKeyConstraint(["workspace_id"], ["tenants.id"], ondelete="CASCADE")


def of_user(name: str = "user_id") -> ForeignKeyConstraint:
    """Bind a row to somebody; it goes with them."""
    return ForeignKeyConstraint([name], ["users.id"], ondelete="CASCADE")


def of_member() -> ForeignKeyConstraint:
    """Bind a private row to its person's place in the workspace; it goes when they leave."""
    return ForeignKeyConstraint(
        ["workspace_id", "user_id"], ["members.workspace_id", "members.user_id"], ondelete="CASCADE"
    )


def inside(name: str, table: str, *, ondelete: str | None = None) -> ForeignKeyConstraint:
    """Point to a row of the same workspace; by default the pointer is cleared when it goes."""
    return ForeignKeyConstraint(
        ["workspace_id", name],
        [f"{table}.workspace_id", f"{table}.id"],
        ondelete=ondelete or f"SET NULL ({name})",
    )


def found_by(table: str, name: str) -> Index:
    """Find rows by a pointer; those without one cost nothing."""
    filled = column(name).is_not(None)
    return Index(f"{table}_{name}_idx", "workspace_id", name, postgresql_where=filled)
