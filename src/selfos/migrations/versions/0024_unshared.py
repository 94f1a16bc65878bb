"""Rows that one member alone may see, and their place in the ledger.

What an assistant proposes in somebody's name was every member's to read, title and all.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from selfos.migrations.walls import IN_WORKSPACE, UNSHARED

revision, down_revision = "0024", "0023"

# As before, and: an image belongs to whom the row belongs once it is changed. `seen_by` is no part
# of what an update did, so that undo never hides from others what they have seen.
LEDGER_RECORD = """
CREATE OR REPLACE FUNCTION ledger_record() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changeset uuid := nullif(current_setting('selfos.changeset', true), '')::uuid;
    present jsonb := CASE TG_OP WHEN 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
    eyes uuid := (present ->> 'seen_by')::uuid;
    was jsonb; becomes jsonb; kind text := 'update';
BEGIN
    IF current_setting('selfos.purge', true) = 'on' THEN RETURN NULL; END IF;
    IF changeset IS NULL THEN
        RAISE EXCEPTION 'a write to % outside a changeset', TG_TABLE_NAME;
    END IF;
    IF TG_OP = 'INSERT' THEN
        kind := 'create'; becomes := present - 'version' - 'updated_at';
    ELSIF TG_OP = 'DELETE' THEN
        kind := 'delete'; was := present - 'version' - 'updated_at';
    ELSE
        SELECT jsonb_object_agg(o.key, o.value), jsonb_object_agg(n.key, n.value)
        INTO was, becomes
        FROM jsonb_each(to_jsonb(OLD)) o JOIN jsonb_each(present) n USING (key)
        WHERE o.value IS DISTINCT FROM n.value
          AND o.key NOT IN ('version', 'updated_at', 'seen_by');
        IF was IS NULL THEN RETURN NULL; END IF;
    END IF;
    INSERT INTO changes
        (workspace_id, changeset_id, entity, entity_id, kind, before, after, seen_by)
    VALUES ((present ->> 'workspace_id')::uuid, changeset, TG_ARGV[0], (present ->> 'id')::uuid,
            kind, was, becomes, eyes);
    IF TG_NARGS > 1 THEN PERFORM set_config('selfos.final', 'on', true); END IF;
    PERFORM set_config('selfos.changes', (coalesce(nullif(
        current_setting('selfos.changes', true), ''), '0')::int + 1)::text, true);
    IF eyes IS NOT NULL THEN
        PERFORM set_config('selfos.unshared', (coalesce(nullif(
            current_setting('selfos.unshared', true), ''), '0')::int + 1)::text, true);
    END IF;
    RETURN NULL;
END $$
"""

# As before, and: a changeset whose every image is unshared is so itself, label and all.
LEDGER_SEAL = """
CREATE OR REPLACE FUNCTION ledger_seal(header jsonb, emitted jsonb) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    workspace uuid := nullif(current_setting('selfos.workspace', true), '')::uuid;
    counted int := coalesce(nullif(current_setting('selfos.changes', true), ''), '0')::int;
    unshared int := coalesce(nullif(current_setting('selfos.unshared', true), ''), '0')::int;
    number bigint;
BEGIN
    IF workspace IS NULL OR (counted = 0 AND jsonb_array_length(emitted) = 0) THEN
        RETURN NULL;
    END IF;
    -- This row lock makes the order of numbers the order of commits; it is taken last.
    UPDATE tenants SET seq = seq + 1 WHERE tenants.id = workspace RETURNING seq INTO number;
    INSERT INTO changesets (workspace_id, id, seq, door, actor, user_id, summary, cause, undo_of,
                            request_id, changes_count, reversible, at, seen_by)
    VALUES (workspace, (header->>'id')::uuid, number, header->>'door', header->>'actor',
            (header->>'user_id')::uuid, header->>'summary', (header->>'cause')::uuid,
            (header->>'undo_of')::uuid, header->>'request_id', counted,
            coalesce(current_setting('selfos.final', true), '') <> 'on',
            (header->>'at')::timestamptz,
            CASE WHEN counted > 0 AND counted = unshared
                 THEN nullif(current_setting('selfos.user', true), '')::uuid END);
    INSERT INTO events (workspace_id, id, changeset_id, position, type, aggregate_id, payload, at)
    SELECT workspace, e.id, (header->>'id')::uuid, e.position, e.type, e.aggregate_id, e.payload,
           (header->>'at')::timestamptz
    FROM jsonb_to_recordset(emitted)
        AS e(id uuid, position int, type text, aggregate_id uuid, payload jsonb);
    RETURN number;
END $$
"""

# Who may see a row is not what a changeset did to it, so it is nothing undo could trip over.
LEDGER_UNDO = """
DO $do$
DECLARE
    before text := pg_get_functiondef('ledger_undo'::regproc);
    after text := replace(before, 'WHERE (present -> a.key) IS DISTINCT FROM a.value',
        'WHERE a.key <> ''seen_by'' AND (present -> a.key) IS DISTINCT FROM a.value');
BEGIN
    IF after = before THEN RAISE EXCEPTION 'ledger_undo is not as expected'; END IF;
    EXECUTE after;
END $do$
"""

# What waits already, or was refused, becomes its asker's alone, with all the ledger says of it.
HIDE = """
UPDATE proposals SET seen_by = asked_by WHERE status <> 'applied' AND asked_by IS NOT NULL;
UPDATE proposal_lines l SET seen_by = p.seen_by FROM proposals p
WHERE p.seen_by IS NOT NULL AND p.workspace_id = l.workspace_id AND p.id = l.proposal_id;
UPDATE changes c SET seen_by = p.seen_by FROM proposals p
WHERE p.seen_by IS NOT NULL AND p.workspace_id = c.workspace_id AND p.id = c.entity_id
  AND c.entity = 'proposal';
UPDATE changes c SET seen_by = l.seen_by FROM proposal_lines l
WHERE l.seen_by IS NOT NULL AND l.workspace_id = c.workspace_id AND l.id = c.entity_id
  AND c.entity = 'proposal_line';
UPDATE changesets s SET seen_by = s.user_id
WHERE EXISTS (SELECT FROM changes c WHERE c.workspace_id = s.workspace_id
    AND c.changeset_id = s.id AND c.seen_by = s.user_id)
  AND NOT EXISTS (SELECT FROM changes c WHERE c.workspace_id = s.workspace_id
    AND c.changeset_id = s.id AND c.seen_by IS NULL)
"""


def upgrade() -> None:
    """Let one member alone see what is asked in their name."""
    for table in ("proposals", "proposal_lines", "changes", "changesets"):
        op.add_column(table, sa.Column("seen_by", sa.Uuid()))
    op.execute(LEDGER_RECORD)
    op.execute(LEDGER_SEAL)
    op.execute(LEDGER_UNDO)
    visible = f"({IN_WORKSPACE}) AND ({UNSHARED})"
    for table in ("proposals", "proposal_lines"):
        op.execute(f"ALTER POLICY confined ON {table} USING ({visible}) WITH CHECK ({visible})")
    for table in ("changes", "changesets"):
        # Who deletes a goal deletes what hangs on it, and the ledger keeps that for its asker.
        op.execute(
            f"ALTER POLICY confined ON {table} USING ({visible}) WITH CHECK ({IN_WORKSPACE})"
        )
    op.execute("SET LOCAL selfos.purge = 'on'")
    op.execute("SET LOCAL ROLE selfos_system")
    op.execute(HIDE)
    op.execute("RESET ROLE")
    op.execute("RESET selfos.purge")
