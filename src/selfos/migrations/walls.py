"""What every protected table gets: row-level security, grants, stamps and the ledger's trigger.

A policy compares with a setting of the transaction. Without one, `nullif` makes the comparison
NULL and no row is seen; a pooled connection keeps the empty string, not NULL.
"""

from __future__ import annotations

from collections.abc import Sequence

from alembic import op

# A row is closed in searches once one of these is set.
CLOSING = ("archived_at", "completed_at", "settled_at")
IN_WORKSPACE = "workspace_id = nullif(current_setting('selfos.workspace', true), '')::uuid"
OF_USER = "user_id = nullif(current_setting('selfos.user', true), '')::uuid"
UNSHARED = "seen_by IS NULL OR seen_by = nullif(current_setting('selfos.user', true), '')::uuid"


def protect_tenant(table: str, entity: str | None = None) -> None:
    """Confine a table to the workspace; with an entity name, record its changes for undo."""
    protect(table, IN_WORKSPACE)
    if entity is not None:
        _record(table, entity)


def protect_personal(table: str) -> None:
    """Confine a table to its user."""
    protect(table, OF_USER)


def protect_private(table: str, entity: str | None = None) -> None:
    """Confine a table to one member of the workspace; with an entity name, keep its history.

    Without one its rows stay out of the ledger. With one they need `seen_by`, so that their images
    are seen by their member alone.
    """
    protect(table, f"({IN_WORKSPACE}) AND ({OF_USER})")
    if entity is not None:
        _record(table, entity)


def protect_belonging(table: str) -> None:
    """Show a row to its workspace and to its user; only the workspace may write it."""
    protect(table, f"({IN_WORKSPACE}) OR ({OF_USER})", writable=IN_WORKSPACE)


def protect(table: str, visible: str, *, writable: str | None = None) -> None:
    """Force row-level security with this predicate, and grant the roles what remains."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY confined ON {table} TO selfos_app"
        f" USING ({visible}) WITH CHECK ({writable or visible})"
    )
    op.execute(f"CREATE POLICY everything ON {table} TO selfos_system USING (true)")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO selfos_app, selfos_system")


def stamp(table: str) -> None:
    """Let the database raise `version` and move `updated_at` on each update."""
    op.execute(
        f"CREATE TRIGGER {table}_stamp BEFORE UPDATE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION row_stamp()"
    )


def make_searchable(
    table: str,
    entity: str,
    *,
    title: str = "title",
    texts: Sequence[str] = (),
    about: Sequence[str] = (),
) -> None:
    """Keep a search document for each row that is not in the trash, now and from now on.

    `title` and `texts` are columns, or paths into a JSON column such as `sentences[*].text`; a
    table without the column of titles has none. The first filled column of `about` (`goal_id`) is
    where the row belongs. Closing a row touches no word, so it has a trigger of its own.
    """
    paths = ", ".join(f'"$.{path}"' for path in (title, *texts))
    arguments = f"'{entity}', '{{{paths}}}', '{{{', '.join(about)}}}'"
    named = [path.partition("[")[0] for path in (title, *texts, *about)]
    _watch(
        *(table, f"{table}_search", "INSERT OR DELETE OR UPDATE", [*named, "deleted_at"]),
        f"search_index({arguments})",
    )
    _watch(table, f"{table}_search_closed", "UPDATE", CLOSING, f"search_close('{entity}')")
    # Not as the owner, for whom row-level security shows nothing.
    op.execute("SET LOCAL ROLE selfos_system")
    op.execute(
        f"DO $do$ BEGIN PERFORM search_put({arguments}, to_jsonb(t)) FROM {table} t"
        f" WHERE to_jsonb(t) ->> 'deleted_at' IS NULL; END $do$"
    )
    op.execute("RESET ROLE")


def _record(table: str, entity: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_ledger AFTER INSERT OR UPDATE OR DELETE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION ledger_record('{entity}')"
    )


def _watch(table: str, trigger: str, moments: str, columns: Sequence[str], call: str) -> None:
    """Call a function when one of those of these columns that the table has is written."""
    named = ", ".join(f"'{name}'" for name in columns)
    op.execute(
        f"DO $do$ DECLARE watched text; BEGIN"
        f" SELECT string_agg(quote_ident(attname), ', ') INTO watched FROM pg_attribute"
        f" WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped"
        f" AND attname IN ({named});"
        f" IF watched IS NOT NULL THEN"
        f" EXECUTE 'CREATE OR REPLACE TRIGGER {trigger} AFTER {moments} OF '"
        f" || watched || $on$ ON {table} FOR EACH ROW EXECUTE FUNCTION {call} $on$;"
        f" END IF; END $do$"
    )
