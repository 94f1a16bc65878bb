"""Roles, the ledger, receipts, idempotency keys and the job queue."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager
from sqlalchemy.dialects.postgresql import JSONB

from selfos.migrations.walls import protect, protect_personal, protect_tenant

revision, down_revision = "0001", None

ROLES = """
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'selfos_app') THEN
        CREATE ROLE selfos_app NOLOGIN NOINHERIT;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'selfos_system') THEN
        CREATE ROLE selfos_system NOLOGIN;
    END IF;
    GRANT selfos_system TO selfos_app;
    EXECUTE format('GRANT selfos_app, selfos_system TO %I', session_user);
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;  -- another database of the same server is being migrated
END $$
"""

ROW_STAMP = """
CREATE FUNCTION row_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW IS DISTINCT FROM OLD THEN
        NEW.version := OLD.version + 1;
        NEW.updated_at := now();
    END IF;
    RETURN NEW;
END $$
"""

# The images leave out the stamps: undoing a change is itself a change. A second argument of the
# trigger says that this table's changes are recorded but cannot be undone (rights, membership).
LEDGER_RECORD = """
CREATE FUNCTION ledger_record() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changeset uuid := nullif(current_setting('selfos.changeset', true), '')::uuid;
    was jsonb; becomes jsonb; kind text := 'update'; id uuid; workspace uuid;
BEGIN
    IF current_setting('selfos.purge', true) = 'on' THEN RETURN NULL; END IF;
    IF changeset IS NULL THEN
        RAISE EXCEPTION 'a write to % outside a changeset', TG_TABLE_NAME;
    END IF;
    IF TG_OP = 'INSERT' THEN
        kind := 'create'; id := NEW.id; workspace := NEW.workspace_id;
        becomes := to_jsonb(NEW) - 'version' - 'updated_at';
    ELSIF TG_OP = 'DELETE' THEN
        kind := 'delete'; id := OLD.id; workspace := OLD.workspace_id;
        was := to_jsonb(OLD) - 'version' - 'updated_at';
    ELSE
        id := NEW.id; workspace := NEW.workspace_id;
        SELECT jsonb_object_agg(o.key, o.value), jsonb_object_agg(n.key, n.value)
        INTO was, becomes
        FROM jsonb_each(to_jsonb(OLD)) o JOIN jsonb_each(to_jsonb(NEW)) n USING (key)
        WHERE o.value IS DISTINCT FROM n.value AND o.key NOT IN ('version', 'updated_at');
        IF was IS NULL THEN RETURN NULL; END IF;
    END IF;
    INSERT INTO changes (workspace_id, changeset_id, entity, entity_id, kind, before, after)
    VALUES (workspace, changeset, TG_ARGV[0], id, kind, was, becomes);
    IF TG_NARGS > 1 THEN PERFORM set_config('selfos.final', 'on', true); END IF;
    PERFORM set_config('selfos.changes', (coalesce(nullif(
        current_setting('selfos.changes', true), ''), '0')::int + 1)::text, true);
    RETURN NULL;
END $$
"""

LEDGER_SEAL = """
CREATE FUNCTION ledger_seal(header jsonb, emitted jsonb) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    workspace uuid := nullif(current_setting('selfos.workspace', true), '')::uuid;
    counted int := coalesce(nullif(current_setting('selfos.changes', true), ''), '0')::int;
    number bigint;
BEGIN
    IF workspace IS NULL OR (counted = 0 AND jsonb_array_length(emitted) = 0) THEN
        RETURN NULL;
    END IF;
    -- This row lock makes the order of numbers the order of commits; it is taken last.
    UPDATE tenants SET seq = seq + 1 WHERE tenants.id = workspace RETURNING seq INTO number;
    INSERT INTO changesets (workspace_id, id, seq, door, actor, user_id, summary, cause, undo_of,
                            request_id, changes_count, reversible, at)
    VALUES (workspace, (header->>'id')::uuid, number, header->>'door', header->>'actor',
            (header->>'user_id')::uuid, header->>'summary', (header->>'cause')::uuid,
            (header->>'undo_of')::uuid, header->>'request_id', counted,
            coalesce(current_setting('selfos.final', true), '') <> 'on',
            (header->>'at')::timestamptz);
    INSERT INTO events (workspace_id, id, changeset_id, position, type, aggregate_id, payload, at)
    SELECT workspace, e.id, (header->>'id')::uuid, e.position, e.type, e.aggregate_id, e.payload,
           (header->>'at')::timestamptz
    FROM jsonb_to_recordset(emitted)
        AS e(id uuid, position int, type text, aggregate_id uuid, payload jsonb);
    RETURN number;
END $$
"""

# Undo walks the images backwards as the caller (row-level security applies) and answers with
# what stands in the way: fields that no longer hold what the changeset wrote, and rows of other
# changesets that would be carried along. `lenient` leaves the former as they are.
LEDGER_UNDO = """
CREATE FUNCTION ledger_undo(target uuid, lenient boolean) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    workspace uuid := nullif(current_setting('selfos.workspace', true), '')::uuid;
    this uuid := nullif(current_setting('selfos.changeset', true), '')::uuid;
    change record; relation regclass; present jsonb; wrong text[]; columns text; carried jsonb;
    conflicts jsonb := '[]';
BEGIN
    FOR change IN SELECT * FROM changes c
        WHERE c.workspace_id = workspace AND c.changeset_id = target ORDER BY c.id DESC
    LOOP
        SELECT t.tgrelid INTO STRICT relation FROM pg_trigger t
        WHERE t.tgfoid = 'ledger_record'::regproc
          AND t.tgargs = convert_to(change.entity, 'UTF8') || '\\x00'::bytea;
        EXECUTE format('SELECT to_jsonb(r) FROM %s r WHERE workspace_id = $1 AND id = $2'
                       ' FOR UPDATE', relation) INTO present USING workspace, change.entity_id;
        IF change.kind = 'delete' THEN
            wrong := CASE WHEN present IS NOT NULL THEN ARRAY['id'] END;
        ELSIF present IS NULL THEN
            wrong := ARRAY['id'];
        ELSE
            SELECT array_agg(a.key) INTO wrong FROM jsonb_each(change.after) a
            WHERE (present -> a.key) IS DISTINCT FROM a.value;
        END IF;
        IF wrong IS NOT NULL THEN
            conflicts := conflicts || jsonb_build_object('entity', change.entity,
                'entity_id', change.entity_id, 'fields', to_jsonb(wrong));
        END IF;
        IF change.kind = 'create' AND wrong IS NULL THEN
            EXECUTE format('DELETE FROM %s WHERE workspace_id = $1 AND id = $2', relation)
            USING workspace, change.entity_id;
        ELSIF change.kind = 'delete' AND wrong IS NULL THEN
            SELECT string_agg(quote_ident(attname), ', ') INTO columns FROM pg_attribute
            WHERE attrelid = relation AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
            EXECUTE format('INSERT INTO %s (%s) SELECT %s FROM jsonb_populate_record(NULL::%s, $1)',
                           relation, columns, columns, relation)
            USING change.before || jsonb_build_object('updated_at', now(), 'version', (
                SELECT count(*) + 1 FROM changes c WHERE c.workspace_id = workspace
                AND c.entity = change.entity AND c.entity_id = change.entity_id));
        ELSIF change.kind = 'update' AND present IS NOT NULL THEN
            SELECT string_agg(quote_ident(b.key), ', ') INTO columns
            FROM jsonb_each(change.before) b
            WHERE NOT b.key = ANY (coalesce(wrong, '{}'));
            IF columns IS NOT NULL THEN
                EXECUTE format('UPDATE %s SET (%s) = (SELECT %s FROM jsonb_populate_record('
                    'NULL::%s, $3)) WHERE workspace_id = $1 AND id = $2', relation,
                    columns, columns, relation)
                USING workspace, change.entity_id, change.before;
            END IF;
        END IF;
    END LOOP;
    SELECT jsonb_agg(jsonb_build_object('entity', c.entity, 'entity_id', c.entity_id,
                                        'fields', '["*"]'::jsonb)) INTO carried
    FROM changes c WHERE c.workspace_id = workspace AND c.changeset_id = this
      AND NOT EXISTS (SELECT FROM changes o WHERE o.workspace_id = workspace
        AND o.changeset_id = target AND o.entity = c.entity AND o.entity_id = c.entity_id);
    RETURN conflicts || coalesce(carried, '[]');
END $$
"""


def upgrade() -> None:
    """Lay the ground floor."""
    op.execute(ROLES)
    op.execute("GRANT SELECT ON alembic_version TO selfos_app, selfos_system")
    op.execute("CREATE EXTENSION IF NOT EXISTS vector")
    op.execute("GRANT USAGE ON SCHEMA public TO selfos_app, selfos_system")
    op.execute(ROW_STAMP)
    op.execute(LEDGER_RECORD)
    _tenants_and_changesets()
    _changes_and_events()
    for table in ("changesets", "changes", "events", "event_receipts"):
        protect_tenant(table)
        # What has happened stays: the application may add and read, not rewrite.
        op.execute(f"REVOKE UPDATE, DELETE ON {table} FROM selfos_app")
    op.execute(LEDGER_SEAL)
    op.execute(LEDGER_UNDO)
    _idempotency()
    _job_queue()


def _tenants_and_changesets() -> None:
    op.create_table(
        "tenants",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("seq", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        _instant("created_at", default=True),
    )
    protect("tenants", "id = nullif(current_setting('selfos.workspace', true), '')::uuid")
    op.execute("REVOKE INSERT, DELETE ON tenants FROM selfos_app")
    op.create_table(
        "changesets",
        *_key(),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("door", sa.String(40), nullable=False),
        sa.Column("actor", sa.String(40), nullable=False),
        sa.Column("user_id", sa.Uuid()),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("cause", sa.Uuid()),
        sa.Column("undo_of", sa.Uuid()),
        sa.Column("request_id", sa.Text()),
        sa.Column("changes_count", sa.Integer(), nullable=False),
        sa.Column("reversible", sa.Boolean(), nullable=False),
        _instant("at"),
        _of_tenant(),
    )
    op.create_index("changesets_seq_key", "changesets", ["workspace_id", "seq"], unique=True)
    op.create_index("changesets_undo_of_idx", "changesets", ["workspace_id", "undo_of"])


def _changes_and_events() -> None:
    op.create_table(
        "changes",
        sa.Column("workspace_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), primary_key=True),
        sa.Column("changeset_id", sa.Uuid(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("before", JSONB()),
        sa.Column("after", JSONB()),
        _of_tenant(),
    )
    op.create_index("changes_changeset_idx", "changes", ["workspace_id", "changeset_id"])
    op.create_index("changes_entity_idx", "changes", ["workspace_id", "entity", "entity_id", "id"])
    op.create_table(
        "events",
        *_key(),
        sa.Column("changeset_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("aggregate_id", sa.Uuid(), nullable=False),
        sa.Column("payload", JSONB(), nullable=False),
        _instant("at"),
        _of_tenant(),
    )
    op.create_index("events_changeset_idx", "events", ["workspace_id", "changeset_id"])
    op.create_index("events_type_idx", "events", ["workspace_id", "type", "at"])
    op.create_index("events_aggregate_idx", "events", ["workspace_id", "aggregate_id"])
    op.create_table(
        "event_receipts",
        sa.Column("workspace_id", sa.Uuid(), primary_key=True),
        sa.Column("event_id", sa.Uuid(), primary_key=True),
        sa.Column("handler", sa.Text(), primary_key=True),
        _instant("at", default=True),
        _of_tenant(),
    )


def _idempotency() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("user_id", sa.Uuid(), primary_key=True),
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("headers", JSONB()),
        sa.Column("body", sa.LargeBinary()),
        _instant("created_at", default=True),
    )
    op.create_index("idempotency_keys_created_at_idx", "idempotency_keys", ["created_at"])
    protect_personal("idempotency_keys")


def _job_queue() -> None:
    # Straight to the driver: the engine's functions are full of percent signs.
    raw = op.get_bind().connection.cursor()
    raw.execute(SchemaManager.get_schema())
    op.execute(
        "DO $$ DECLARE name text; BEGIN FOR name IN SELECT tablename FROM pg_tables"
        " WHERE tablename LIKE 'procrastinate%' AND schemaname = current_schema() LOOP"
        " EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I"
        " TO selfos_app, selfos_system', name); END LOOP; END $$"
    )
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO selfos_app, selfos_system")


def _key() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("workspace_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
    )


def _instant(name: str, *, default: bool = False) -> sa.Column[object]:
    return sa.Column(
        name,
        sa.DateTime(timezone=True),
        server_default=sa.func.now() if default else None,
        nullable=False,
    )


def _of_tenant() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["workspace_id"], ["tenants.id"], ondelete="CASCADE")
