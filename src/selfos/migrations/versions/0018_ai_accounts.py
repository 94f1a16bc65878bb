"""What models cost and may cost, what they were asked, how private it is, what they said before.

Money moves by three functions, each one short transaction of the system's role. `ai_reserve` sets
an amount aside on all meters or none; `ai_settle` books what a call has cost and writes the ledger
in the same moment; `ai_expire` gives back what a crash has left reserved. All of them take meters
in the order of their keys, so that no two wait for each other.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from selfos.migrations.columns import flag, instant, key, number, pointer, row, word, words
from selfos.migrations.walls import IN_WORKSPACE, OF_USER, protect, protect_tenant, stamp

revision, down_revision = "0018", "0017"

# The whole instance's is the operator's business.
MY_METERS = (
    "key LIKE 'user:' || nullif(current_setting('selfos.user', true), '') || ':%'"
    " OR key LIKE 'workspace:' || nullif(current_setting('selfos.workspace', true), '') || ':%'"
)

AI_RESERVE = """
CREATE FUNCTION ai_reserve(reservation uuid, wanted jsonb, amount bigint, until timestamptz)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    meter record;
BEGIN
    INSERT INTO ai_meters (key)
    SELECT m.key FROM jsonb_to_recordset(wanted) AS m(key text, "limit" bigint) ORDER BY m.key
    ON CONFLICT DO NOTHING;
    FOR meter IN
        SELECT * FROM jsonb_to_recordset(wanted) AS m(key text, "limit" bigint) ORDER BY m.key
    LOOP
        UPDATE ai_meters a SET reserved_micros = reserved_micros + amount
        WHERE a.key = meter.key AND (meter."limit" IS NULL
              OR spent_micros + reserved_micros + amount <= meter."limit");
        IF NOT FOUND THEN
            RETURN meter.key;  -- whoever asked rolls back
        END IF;
    END LOOP;
    INSERT INTO ai_reservations (id, meters, amount_micros, expires_at)
    SELECT reservation, array_agg(m.key), amount, until
    FROM jsonb_to_recordset(wanted) AS m(key text);
    RETURN NULL;
END $$
"""
# Answers with the keys of those meters that have just passed four fifths of their limit.
AI_SETTLE = """
CREATE FUNCTION ai_settle(reservation uuid, meters jsonb, charge bigint, call jsonb, prompt jsonb)
RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    held bigint; spent bigint; meter record; passed text[] := '{}';
BEGIN
    DELETE FROM ai_reservations r WHERE r.id = reservation RETURNING r.amount_micros INTO held;
    FOR meter IN
        SELECT * FROM jsonb_to_recordset(meters) AS m(key text, "limit" bigint) ORDER BY m.key
    LOOP
        UPDATE ai_meters a SET spent_micros = spent_micros + charge,
            reserved_micros = greatest(reserved_micros - coalesce(held, 0), 0)
        WHERE a.key = meter.key RETURNING a.spent_micros INTO spent;
        IF spent >= meter."limit" * 0.8 AND spent - charge < meter."limit" * 0.8 THEN
            passed := passed || meter.key;
        END IF;
    END LOOP;
    INSERT INTO ai_calls SELECT * FROM jsonb_populate_record(NULL::ai_calls, call);
    IF prompt IS NOT NULL THEN
        INSERT INTO ai_prompts SELECT * FROM jsonb_populate_record(NULL::ai_prompts, prompt);
    END IF;
    RETURN passed;
END $$
"""
AI_EXPIRE = """
CREATE FUNCTION ai_expire(moment timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    freed record; total bigint := 0;
BEGIN
    FOR freed IN
        WITH stale AS (
            SELECT id FROM ai_reservations WHERE expires_at < moment FOR UPDATE SKIP LOCKED
        ), gone AS (
            DELETE FROM ai_reservations r USING stale WHERE r.id = stale.id
            RETURNING r.meters, r.amount_micros
        )
        SELECT m.key, sum(gone.amount_micros)::bigint AS amount
        FROM gone, unnest(gone.meters) AS m(key) GROUP BY m.key ORDER BY m.key
    LOOP
        UPDATE ai_meters a SET reserved_micros = greatest(reserved_micros - freed.amount, 0)
        WHERE a.key = freed.key;
        total := total + freed.amount;
    END LOOP;
    RETURN total;
END $$
"""


def upgrade() -> None:
    """Make room for the accounts of AI."""
    _ledger()
    _money()
    _privacy()
    for function in (AI_RESERVE, AI_SETTLE, AI_EXPIRE):
        op.execute(function)


def _ledger() -> None:
    op.create_table(
        "ai_calls",
        *key(),
        *_of_user(),
        sa.Column("generation_id", sa.Uuid(), nullable=False),
        number("number"),
        instant("at"),
        word("task"),
        words("prompt_version"),
        word("engine"),
        words("provider"),
        words("model"),
        words("served_model", nullable=True),
        word("outcome"),
        words("detail"),
        *(
            number(f"{what}_tokens", nullable=True)
            for what in ("input", "cache_read", "cache_write", "output", "reasoning")
        ),
        flag("estimated"),
        words("price_version", nullable=True),
        _micros("cost", nullable=True),
        number("latency_ms"),
        number("first_token_ms", nullable=True),
        flag("background"),
        words("trace_id", nullable=True),
    )
    op.create_index("ai_calls_user_id_idx", "ai_calls", ["user_id"])
    op.create_index("ai_calls_mine_idx", "ai_calls", ["workspace_id", "user_id", "at", "id"])
    op.create_index("ai_calls_at_idx", "ai_calls", ["workspace_id", "at"])
    op.create_index("ai_calls_generation_id_idx", "ai_calls", ["workspace_id", "generation_id"])
    op.create_table(
        "ai_prompts",
        *key(),
        *_of_user(),
        instant("at"),
        *(sa.Column(name, JSONB(), nullable=False) for name in ("messages", "tools")),
        words("answer"),
    )
    op.create_index("ai_prompts_user_id_idx", "ai_prompts", ["user_id"])
    op.create_index("ai_prompts_at_idx", "ai_prompts", ["at"])
    protect_tenant("ai_calls")
    protect("ai_prompts", f"({IN_WORKSPACE}) AND ({OF_USER})")
    for table in ("ai_calls", "ai_prompts"):
        op.execute(f"REVOKE INSERT, UPDATE, DELETE ON {table} FROM selfos_app")
        op.execute(f"REVOKE UPDATE ON {table} FROM selfos_system")


def _money() -> None:
    op.create_table(
        "ai_meters",
        sa.Column("key", sa.Text(), primary_key=True),
        *(
            sa.Column(
                f"{what}_micros", sa.BigInteger(), server_default=sa.text("0"), nullable=False
            )
            for what in ("spent", "reserved")
        ),
    )
    op.create_table(
        "ai_reservations",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("meters", sa.ARRAY(sa.Text()), nullable=False),
        _micros("amount"),
        instant("expires_at"),
    )
    op.create_index("ai_reservations_expires_at_idx", "ai_reservations", ["expires_at"])
    op.create_table(
        "ai_prices",
        sa.Column("provider", sa.Text(), primary_key=True),
        sa.Column("model", sa.Text(), primary_key=True),
        _micros("input"),
        _micros("output"),
        _micros("cached_input", nullable=True),
        instant("created_at", default=True),
        instant("updated_at", default=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
    )
    stamp("ai_prices")
    protect("ai_meters", MY_METERS)
    op.execute("REVOKE INSERT, UPDATE, DELETE ON ai_meters FROM selfos_app")
    for table in ("ai_reservations", "ai_prices"):
        protect(table, "false")
        op.execute(f"REVOKE ALL ON {table} FROM selfos_app")
    op.create_table(
        "ai_limits",
        *row(),
        *(_micros(what, nullable=True) for what in ("user_day", "user_month", "workspace_month")),
    )
    protect_tenant("ai_limits")
    stamp("ai_limits")


def _privacy() -> None:
    op.create_table(
        "ai_dials",
        *row(),
        *pointer("area_id", "areas", ondelete="CASCADE"),
        word("dial"),
        flag("hide_names"),
        flag("hide_numbers"),
    )
    op.create_index("ai_dials_area_key", "ai_dials", ["workspace_id", "area_id"], unique=True)
    op.create_index(
        "ai_dials_workspace_key",
        "ai_dials",
        ["workspace_id"],
        unique=True,
        postgresql_where=sa.text("area_id IS NULL"),
    )
    protect_tenant("ai_dials")
    stamp("ai_dials")
    op.create_table(
        "ai_answers",
        sa.Column("workspace_id", sa.Uuid(), primary_key=True),
        sa.Column("user_id", sa.Uuid(), primary_key=True),
        sa.Column("key", sa.LargeBinary(), primary_key=True),
        word("task"),
        word("engine"),
        words("provider"),
        words("model"),
        words("text"),
        instant("expires_at"),
        sa.ForeignKeyConstraint(["workspace_id"], ["tenants.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE"),
    )
    op.create_index("ai_answers_user_id_idx", "ai_answers", ["user_id"])
    op.create_index("ai_answers_expires_at_idx", "ai_answers", ["expires_at"])
    protect("ai_answers", f"({IN_WORKSPACE}) AND ({OF_USER})")


def _of_user() -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE"),
    )


def _micros(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(f"{name}_micros", sa.BigInteger(), nullable=nullable)
