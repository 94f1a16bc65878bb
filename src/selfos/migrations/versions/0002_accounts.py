"""People, their sessions and secrets, workspaces and their members; the door function."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from selfos.migrations.walls import (
    IN_WORKSPACE,
    protect,
    protect_belonging,
    protect_personal,
    protect_tenant,
    stamp,
)

revision, down_revision = "0002", "0001"

ME = "nullif(current_setting('selfos.user', true), '')::uuid"
HERE = "nullif(current_setting('selfos.workspace', true), '')::uuid"

# Runs on every request, before anybody is known, hence with the system's rights: it looks up one
# session and one membership and puts what it found on the transaction. A session without an
# active membership of the wanted workspace comes back without a workspace and enters none.
OPEN_DOOR = """
CREATE FUNCTION open_door(
    token_hash bytea, session uuid, wanted uuid, changeset uuid, at timestamptz
) RETURNS TABLE (
    session_id uuid, kind text, user_id uuid, workspace_id uuid, role text, read_only bool,
    last_used_at timestamptz
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    found_session credential_sessions%ROWTYPE;
    place uuid;
    part text;
BEGIN
    IF open_door.token_hash IS NOT NULL THEN
        SELECT s.* INTO found_session FROM credential_sessions s
        WHERE s.token_hash = open_door.token_hash AND s.kind <> 'device';
    ELSE
        SELECT s.* INTO found_session FROM credential_sessions s
        WHERE s.id = open_door.session AND s.kind = 'device';
    END IF;
    IF found_session.id IS NULL OR found_session.expires_at <= open_door.at
        OR found_session.last_used_at + make_interval(secs => found_session.idle_seconds)
            <= open_door.at THEN
        RETURN;
    END IF;
    SELECT m.workspace_id, m.role INTO place, part FROM members m
    WHERE m.workspace_id = coalesce(open_door.wanted, found_session.workspace_id)
        AND m.user_id = found_session.user_id AND m.status = 'active';
    IF place IS NULL AND open_door.wanted IS NULL THEN
        SELECT m.workspace_id, m.role INTO place, part FROM members m
        WHERE m.user_id = found_session.user_id AND m.status = 'active'
        ORDER BY m.created_at LIMIT 1;
    END IF;
    PERFORM set_config('selfos.workspace', coalesce(place::text, ''), true),
        set_config('selfos.user', found_session.user_id::text, true),
        set_config('selfos.changeset', coalesce(open_door.changeset::text, ''), true);
    RETURN QUERY SELECT found_session.id, found_session.kind::text, found_session.user_id, place,
        part, found_session.read_only, found_session.last_used_at;
END $$
"""


def upgrade() -> None:
    """Lay accounts and workspaces."""
    _people()
    _secrets()
    _workspaces()
    _protect()
    _door()


def _people() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_key", sa.Text(), nullable=False),
        sa.Column("email_verified", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("week_start", sa.String(40), nullable=False),
        sa.Column("day_start_minutes", sa.Integer(), nullable=False),
        sa.Column("is_operator", sa.Boolean(), nullable=False),
        *_versioned(),
    )
    op.create_index("users_email_key_key", "users", ["email_key"], unique=True)
    op.create_table(
        "preferences",
        *_personal(),
        sa.Column("tone", sa.String(40), nullable=False),
        sa.Column("default_view", sa.String(40), nullable=False),
        sa.Column("notification_time", sa.Time(), nullable=False),
        sa.Column("ai_enabled", sa.Boolean(), nullable=False),
        sa.Column("media_enabled", sa.Boolean(), nullable=False),
        *_versioned(),
        _of_user(),
    )
    op.create_index("preferences_user_id_key", "preferences", ["user_id"], unique=True)
    op.create_table(
        "credential_sessions",
        *_personal(),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary()),
        sa.Column("workspace_id", sa.Uuid()),
        sa.Column("read_only", sa.Boolean(), nullable=False),
        _instant("created_at"),
        _instant("last_used_at"),
        sa.Column("idle_seconds", sa.Integer()),
        _instant("expires_at"),
        _of_user(),
        sa.ForeignKeyConstraint(["workspace_id"], ["tenants.id"], ondelete="SET NULL"),
    )
    _index("credential_sessions", "token_hash", unique=True)
    for column in ("user_id", "workspace_id", "expires_at"):
        _index("credential_sessions", column)


def _secrets() -> None:
    op.create_table(
        "password_credentials",
        sa.Column("user_id", sa.Uuid(), primary_key=True),
        sa.Column("hash", sa.Text(), nullable=False),
        _instant("changed_at"),
        _of_user(),
    )
    op.create_table(
        "refresh_tokens",
        sa.Column("hash", sa.LargeBinary(), primary_key=True),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        _instant("created_at"),
        sa.Column("spent_at", sa.DateTime(timezone=True)),
        sa.Column("successor", sa.LargeBinary()),
        sa.Column("repeated", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["credential_sessions.id"], ondelete="CASCADE"),
    )
    _index("refresh_tokens", "session_id")
    op.create_table(
        "one_time_tokens",
        sa.Column("hash", sa.LargeBinary(), primary_key=True),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        _instant("expires_at"),
        _of_user(),
    )
    _index("one_time_tokens", "user_id", "purpose", unique=True)
    op.create_table(
        "guess_buckets",
        sa.Column("key", sa.LargeBinary(), primary_key=True),
        sa.Column("guesses", sa.Integer(), nullable=False),
        sa.Column("guesses_before", sa.Integer(), nullable=False),
        _instant("window_started_at"),
        sa.Column("paused_until", sa.DateTime(timezone=True)),
    )
    _index("guess_buckets", "window_started_at")


def _workspaces() -> None:
    op.create_table(
        "workspaces",
        sa.Column("id", sa.Uuid(), primary_key=True),
        # The ledger finds every row's workspace in this column.
        sa.Column("workspace_id", sa.Uuid(), sa.Computed("id", persisted=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        *_versioned(),
        sa.ForeignKeyConstraint(["id"], ["tenants.id"], ondelete="CASCADE"),
    )
    op.create_table(
        "members",
        *_tenant(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        *_versioned(),
        _of_workspace(),
        _of_user(),
    )
    _index("members", "workspace_id", "user_id", unique=True)
    _index("members", "user_id")
    op.create_table(
        "invitations",
        *_tenant(),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_key", sa.Text(), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        _instant("expires_at"),
        *_versioned(),
        _of_workspace(),
        sa.ForeignKeyConstraint(["invited_by"], ["users.id"], ondelete="CASCADE"),
    )
    _index("invitations", "workspace_id", "email_key", unique=True)
    _index("invitations", "invited_by")


def _protect() -> None:
    shared = f"EXISTS (SELECT FROM members m WHERE m.user_id = users.id AND m.{IN_WORKSPACE})"
    protect("users", f"id = {ME} OR {shared}", writable=f"id = {ME}")
    # An address or the operator's rank changes through the system only, after proof.
    op.execute("REVOKE INSERT, UPDATE, DELETE ON users FROM selfos_app")
    op.execute(
        "GRANT UPDATE (name, time_zone, locale, week_start, day_start_minutes) ON users"
        " TO selfos_app"
    )
    protect_personal("preferences")
    protect_personal("credential_sessions")
    for table in ("password_credentials", "refresh_tokens", "one_time_tokens", "guess_buckets"):
        protect(table, "false")
        op.execute(f"REVOKE ALL ON {table} FROM selfos_app")
    mine = (
        f"EXISTS (SELECT FROM members m WHERE m.workspace_id = workspaces.id"
        f" AND m.user_id = {ME} AND m.status = 'active')"
    )
    protect("workspaces", f"id = {HERE} OR {mine}", writable=f"id = {HERE}")
    op.execute("REVOKE INSERT, DELETE ON workspaces FROM selfos_app")
    protect_belonging("members")
    # Members come by registration or invitation and stay on record: both cross walls.
    op.execute("REVOKE INSERT, DELETE ON members FROM selfos_app")
    protect_tenant("invitations")
    for table, entity in (("workspaces", "workspace"), ("members", "member")):
        op.execute(
            f"CREATE TRIGGER {table}_ledger AFTER INSERT OR UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION ledger_record('{entity}', 'final')"
        )
    for table in ("users", "preferences", "workspaces", "members", "invitations"):
        stamp(table)


def _door() -> None:
    op.execute(OPEN_DOOR)
    # A new owner needs CREATE on the schema while it takes over, and not a moment longer.
    op.execute("GRANT CREATE ON SCHEMA public TO selfos_system")
    op.execute(
        "ALTER FUNCTION open_door(bytea, uuid, uuid, uuid, timestamptz) OWNER TO selfos_system"
    )
    op.execute("REVOKE CREATE ON SCHEMA public FROM selfos_system")
    door = "FUNCTION open_door(bytea, uuid, uuid, uuid, timestamptz)"
    op.execute(f"REVOKE ALL ON {door} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON {door} TO selfos_app")


def _index(table: str, *columns: str, unique: bool = False) -> None:
    name = f"{table}_{'_'.join(columns)}_{'key' if unique else 'idx'}"
    op.create_index(name, table, list(columns), unique=unique)


def _personal() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("user_id", sa.Uuid(), nullable=False),
    )


def _tenant() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("workspace_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
    )


def _versioned() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.func.now(),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.func.now(),
            nullable=False,
        ),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
    )


def _instant(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _of_user() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE")


def _of_workspace() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["workspace_id"], ["tenants.id"], ondelete="CASCADE")
