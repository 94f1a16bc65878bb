"""Setting money aside and booking it are each one statement that needs no transaction around it.

`ai_reserve` used to leave it to its caller to roll back when a meter was full. Now it looks at all
meters, with their rows locked, before it moves any; so the statement can be the whole transaction,
and nobody waits at a meter while somebody else's answer travels. Both lock meters in the order of
their keys and as late as they can.
"""

from __future__ import annotations

from alembic import op

revision, down_revision = "0026", "0025"

AI_RESERVE = """
CREATE OR REPLACE FUNCTION ai_reserve(
    reservation uuid, wanted jsonb, amount bigint, until timestamptz
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    keys text[] := ARRAY(
        SELECT m.key FROM jsonb_to_recordset(wanted) AS m(key text) ORDER BY m.key);
    reached text;
BEGIN
    IF (SELECT count(*) FROM ai_meters a WHERE a.key = ANY (keys)) < cardinality(keys) THEN
        INSERT INTO ai_meters (key) SELECT k FROM unnest(keys) AS k ORDER BY k
        ON CONFLICT DO NOTHING;
    END IF;
    WITH held AS MATERIALIZED (
        SELECT a.key, a.spent_micros + a.reserved_micros AS gone
        FROM ai_meters a WHERE a.key = ANY (keys) ORDER BY a.key FOR UPDATE
    )
    SELECT min(held.key) INTO reached
    FROM held JOIN jsonb_to_recordset(wanted) AS m(key text, "limit" bigint) USING (key)
    WHERE held.gone + amount > m."limit";
    IF reached IS NOT NULL THEN
        RETURN reached;
    END IF;
    UPDATE ai_meters a SET reserved_micros = a.reserved_micros + amount WHERE a.key = ANY (keys);
    INSERT INTO ai_reservations (id, meters, amount_micros, expires_at)
    VALUES (reservation, keys, amount, until);
    RETURN NULL;
END $$
"""
AI_SETTLE = """
CREATE OR REPLACE FUNCTION ai_settle(
    reservation uuid, meters jsonb, charge bigint, call jsonb, prompt jsonb
) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    held bigint; passed text[];
BEGIN
    INSERT INTO ai_calls SELECT * FROM jsonb_populate_record(NULL::ai_calls, call);
    IF prompt IS NOT NULL THEN
        INSERT INTO ai_prompts SELECT * FROM jsonb_populate_record(NULL::ai_prompts, prompt);
    END IF;
    IF jsonb_array_length(meters) = 0 THEN
        RETURN '{}';
    END IF;
    DELETE FROM ai_reservations r WHERE r.id = reservation RETURNING r.amount_micros INTO held;
    WITH mine AS MATERIALIZED (
        SELECT a.key FROM ai_meters a
        WHERE a.key IN (SELECT m.key FROM jsonb_to_recordset(meters) AS m(key text))
        ORDER BY a.key FOR UPDATE
    ), booked AS (
        UPDATE ai_meters a SET spent_micros = a.spent_micros + charge,
            reserved_micros = greatest(a.reserved_micros - coalesce(held, 0), 0)
        FROM mine WHERE a.key = mine.key RETURNING a.key, a.spent_micros AS spent
    )
    SELECT coalesce(array_agg(m.key), '{}') INTO passed
    FROM booked JOIN jsonb_to_recordset(meters) AS m(key text, "limit" bigint) USING (key)
    WHERE spent >= m."limit" * 0.8 AND spent - charge < m."limit" * 0.8;
    RETURN passed;
END $$
"""


def upgrade() -> None:
    """Let each step of the books be one round trip."""
    op.execute(AI_RESERVE)
    op.execute(AI_SETTLE)
