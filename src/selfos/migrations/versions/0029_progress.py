"""What was done, planned and put off, counted by day: facts of tasks and the sums of them.

A task's facts are its part in the numbers: what it counts for somebody on a day. The rollups are
their sums by day, area, goal and label. Both follow the ledger changeset by changeset: the facts of
each task that a changeset touched are taken out of the sums, told anew and added again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from selfos.migrations.columns import day, number, of_member
from selfos.migrations.walls import protect_tenant

revision, down_revision = "0029", "0028"

COUNTS = (
    "done", "on_time", "late", "planned", "kept", "slipped", "cancelled", "minutes", "sized",
)  # fmt: skip
NOBODY = "'00000000-0000-0000-0000-000000000000'"

# The same day that UserTime.local_day returns.
DAY = """
CREATE FUNCTION progress_day(person uuid, instant timestamptz) RETURNS date
LANGUAGE sql STABLE AS $$
    SELECT ((instant AT TIME ZONE coalesce(
        (SELECT z.zone FROM zone_changes z WHERE z.user_id = u.id AND z.from_instant <= instant
         ORDER BY z.from_instant DESC, z.id DESC LIMIT 1),
        (SELECT z.zone FROM zone_changes z WHERE z.user_id = u.id
         ORDER BY z.from_instant, z.id LIMIT 1),
        u.time_zone)) - make_interval(mins => u.day_start_minutes))::date
    FROM users u WHERE u.id = person
$$
"""
# The day of a move is decided once: who moves their day's start later leaves it where it was.
MOVES = """
CREATE FUNCTION progress_note_moves(workspace uuid, ids uuid[]) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO progress_moves (workspace_id, change_id, task_id, changeset_id, user_id, day,
        due_before, due_after)
    SELECT c.workspace_id, c.id, c.entity_id, c.changeset_id, s.user_id,
        progress_day(s.user_id, s.at), (c.before ->> 'due_date')::date,
        (c.after ->> 'due_date')::date
    FROM changes c
    JOIN changesets s ON s.workspace_id = c.workspace_id AND s.id = c.changeset_id
    JOIN members m ON m.workspace_id = s.workspace_id AND m.user_id = s.user_id
    WHERE c.workspace_id = workspace AND c.entity = 'task' AND c.kind = 'update'
        AND c.after ? 'due_date' AND s.undo_of IS NULL
        AND (ids IS NULL OR c.entity_id = ANY (ids))
    ON CONFLICT DO NOTHING
$$
"""
# Who did a task is who settled it first as it stands now; whose plan it is: who it is given to,
# else who did it, else whose series it is, else who wrote it down, else the owner.
FACTS = """
CREATE FUNCTION progress_facts_of(workspace uuid, ids uuid[]) RETURNS SETOF progress_facts
LANGUAGE sql STABLE AS $$
    WITH tasked AS (
        SELECT t.*, coalesce((
                SELECT s.user_id FROM changes c
                JOIN changesets s ON s.workspace_id = c.workspace_id AND s.id = c.changeset_id
                WHERE t.settled_at IS NOT NULL AND c.workspace_id = workspace
                    AND c.entity = 'task' AND c.entity_id = t.id
                    AND (c.after ->> 'settled_at')::timestamptz = t.settled_at
                ORDER BY c.id LIMIT 1
            ), CASE WHEN t.settled_at IS NOT NULL THEN t.assignee_id END) AS doer
        FROM tasks t
        WHERE t.workspace_id = workspace AND t.deleted_at IS NULL
            AND (ids IS NULL OR t.id = ANY (ids))
    ), owned AS (
        SELECT t.*, coalesce(t.assignee_id, t.doer,
            (SELECT e.owner_id FROM series e
             WHERE e.workspace_id = workspace AND e.id = t.series_id),
            (SELECT s.user_id FROM changes c
             JOIN changesets s ON s.workspace_id = c.workspace_id AND s.id = c.changeset_id
             WHERE c.workspace_id = workspace AND c.entity = 'task' AND c.entity_id = t.id
                 AND c.kind = 'create' ORDER BY c.id LIMIT 1),
            (SELECT m.user_id FROM members m
             WHERE m.workspace_id = workspace AND m.role = 'owner'
             ORDER BY m.created_at, m.user_id LIMIT 1)) AS planner,
            array(SELECT l.label_id FROM task_labels l
                  WHERE l.workspace_id = workspace AND l.task_id = t.id
                  ORDER BY l.label_id) AS label_ids,
            t.state = 'done' AS is_done,
            t.state = 'done' AND (t.settled_on <= t.due_date
                OR (t.settled_at AT TIME ZONE t.due_zone)::date <= t.due_date) IS TRUE
                AS is_on_time
        FROM tasked t
    ), parts (task_id, user_id, day, done, on_time, late, planned, kept, slipped, cancelled,
              minutes, sized) AS (
        SELECT o.id, coalesce(o.doer, o.planner), o.settled_on, 1, o.is_on_time::int,
            (o.due_date IS NOT NULL AND NOT o.is_on_time)::int, 0, 0, 0, 0,
            coalesce(o.duration_minutes, 0), (o.duration_minutes IS NOT NULL)::int
        FROM owned o WHERE o.is_done AND o.settled_on IS NOT NULL
        UNION ALL
        SELECT o.id, coalesce(o.doer, o.planner), o.settled_on, 0, 0, 0, 0, 0, 0, 1, 0, 0
        FROM owned o WHERE o.state = 'cancelled' AND o.settled_on IS NOT NULL
        UNION ALL
        SELECT o.id, o.planner, o.due_date, 0, 0, 0, 1, o.is_on_time::int, 0, 0, 0, 0
        FROM owned o WHERE o.due_date IS NOT NULL AND o.state NOT IN ('cancelled', 'skipped')
        UNION ALL
        SELECT o.id, v.user_id, v.day, 0, 0, 0, 0, 0, 1, 0, 0, 0
        FROM owned o CROSS JOIN LATERAL (
            SELECT p.user_id, p.day,
                (array_agg(p.due_before ORDER BY p.change_id))[1] AS due_before,
                (array_agg(p.due_after ORDER BY p.change_id DESC))[1] AS due_after
            FROM progress_moves p
            WHERE p.workspace_id = workspace AND p.task_id = o.id
                AND NOT progress_is_undone(workspace, p.changeset_id)
            GROUP BY p.user_id, p.day
        ) v WHERE v.due_after > v.due_before
    )
    SELECT workspace, p.task_id, p.user_id, p.day, o.area_id, o.goal_id, o.label_ids,
        sum(p.done)::int, sum(p.on_time)::int, sum(p.late)::int, sum(p.planned)::int,
        sum(p.kept)::int, sum(p.slipped)::int, sum(p.cancelled)::int, sum(p.minutes)::int,
        sum(p.sized)::int
    FROM parts p JOIN owned o ON o.id = p.task_id
    JOIN members m ON m.workspace_id = workspace AND m.user_id = p.user_id
    GROUP BY p.task_id, p.user_id, p.day, o.area_id, o.goal_id, o.label_ids
$$
"""
# A changeset is undone while an undo of it stands that has not been undone itself.
UNDONE = """
CREATE FUNCTION progress_is_undone(workspace uuid, changeset uuid) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM changesets u WHERE u.workspace_id = workspace AND u.undo_of = changeset
            AND NOT EXISTS (SELECT FROM changesets r
                            WHERE r.workspace_id = workspace AND r.undo_of = u.id))
$$
"""
# Sums of any facts, by each thing they count for; nobody's area is the area of nothing.
SUMS = f"""
CREATE FUNCTION progress_sums(facts progress_facts[], sign int) RETURNS SETOF progress_rollups
LANGUAGE sql STABLE AS $$
    SELECT f.workspace_id, f.user_id, f.day, k.dimension, k.of_id,
        {", ".join(f"(sign * sum(f.{count}))::int" for count in COUNTS)}
    FROM unnest(facts) f CROSS JOIN LATERAL (
        SELECT 'all'::text, {NOBODY}::uuid
        UNION ALL SELECT 'area', coalesce(f.area_id, {NOBODY}::uuid)
        UNION ALL SELECT 'goal', f.goal_id WHERE f.goal_id IS NOT NULL
        UNION ALL SELECT 'label', l FROM unnest(f.label_ids) l
    ) k (dimension, of_id)
    GROUP BY f.workspace_id, f.user_id, f.day, k.dimension, k.of_id
$$
"""
ADD = f"""
CREATE FUNCTION progress_add(facts progress_facts[], sign int) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO progress_rollups AS r SELECT * FROM progress_sums(facts, sign)
    ON CONFLICT (workspace_id, user_id, day, dimension, of_id) DO UPDATE
        SET {", ".join(f"{count} = r.{count} + excluded.{count}" for count in COUNTS)};
    DELETE FROM progress_rollups r USING unnest(facts) f
    WHERE sign < 0 AND r.workspace_id = f.workspace_id AND r.user_id = f.user_id
        AND r.day = f.day AND {" AND ".join(f"r.{count} = 0" for count in COUNTS)}
$$
"""
FOLD = """
CREATE FUNCTION progress_fold(workspace uuid, ids uuid[]) RETURNS uuid[]
LANGUAGE plpgsql AS $$
DECLARE gone progress_facts[]; fresh progress_facts[];
BEGIN
    PERFORM progress_note_moves(workspace, ids);
    SELECT array_agg(f) INTO gone FROM progress_facts f
    WHERE f.workspace_id = workspace AND f.task_id = ANY (ids);
    SELECT array_agg(f) INTO fresh FROM progress_facts_of(workspace, ids) f;
    DELETE FROM progress_facts f WHERE f.workspace_id = workspace AND f.task_id = ANY (ids);
    INSERT INTO progress_facts SELECT * FROM unnest(fresh);
    PERFORM progress_add(fresh, 1);
    PERFORM progress_add(gone, -1);
    RETURN array(SELECT DISTINCT user_id FROM unnest(gone || fresh));
END $$
"""
REBUILD = """
CREATE FUNCTION progress_rebuild(workspace uuid) RETURNS uuid[]
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM progress_note_moves(workspace, NULL);
    DELETE FROM progress_facts WHERE workspace_id = workspace;
    DELETE FROM progress_rollups WHERE workspace_id = workspace;
    INSERT INTO progress_facts SELECT * FROM progress_facts_of(workspace, NULL);
    INSERT INTO progress_rollups
    SELECT s.* FROM (SELECT array_agg(f) AS facts FROM progress_facts f
                     WHERE f.workspace_id = workspace) a, progress_sums(a.facts, 1) s;
    RETURN array(SELECT DISTINCT user_id FROM progress_facts WHERE workspace_id = workspace);
END $$
"""
# Numbers are given in the order of commits, so what is seen below the newest is all there is.
CATCH_UP = """
CREATE FUNCTION progress_catch_up(workspace uuid) RETURNS uuid[]
LANGUAGE plpgsql AS $$
DECLARE seen bigint; newest bigint; touched uuid[];
BEGIN
    SELECT c.seq INTO seen FROM progress_cursors c WHERE c.workspace_id = workspace;
    SELECT t.seq INTO newest FROM tenants t WHERE t.id = workspace;
    IF newest IS NULL OR seen >= newest THEN
        RETURN '{}';
    END IF;
    INSERT INTO progress_cursors (workspace_id, seq) VALUES (workspace, -1)
    ON CONFLICT DO NOTHING;
    SELECT c.seq INTO seen FROM progress_cursors c WHERE c.workspace_id = workspace FOR UPDATE;
    SELECT t.seq INTO newest FROM tenants t WHERE t.id = workspace;
    IF seen >= newest THEN
        RETURN '{}';
    END IF;
    UPDATE progress_cursors c SET seq = newest WHERE c.workspace_id = workspace;
    IF seen < 0 THEN
        RETURN progress_rebuild(workspace);
    END IF;
    WITH heard AS (
        SELECT s.id, s.undo_of FROM changesets s
        WHERE s.workspace_id = workspace AND s.seq > seen AND s.seq <= newest
    ), meant AS (
        SELECT id FROM heard UNION SELECT undo_of FROM heard WHERE undo_of IS NOT NULL
        UNION SELECT u.undo_of FROM heard h
        JOIN changesets u ON u.workspace_id = workspace AND u.id = h.undo_of
        WHERE u.undo_of IS NOT NULL
    )
    SELECT array_agg(DISTINCT CASE c.entity WHEN 'task' THEN c.entity_id
            ELSE (coalesce(c.after, c.before) ->> 'task_id')::uuid END)
    INTO touched
    FROM meant JOIN changes c ON c.workspace_id = workspace AND c.changeset_id = meant.id
    WHERE c.entity IN ('task', 'task_label');
    IF touched IS NULL THEN
        RETURN '{}';
    END IF;
    RETURN progress_fold(workspace, touched);
END $$
"""
# What the sums would be if they were taken now, beside what they are: nothing, if all is well.
DOUBTS = """
CREATE FUNCTION progress_doubts(workspace uuid)
RETURNS TABLE (user_id uuid, day date, dimension text, of_id uuid, kept jsonb, recomputed jsonb)
LANGUAGE sql STABLE AS $$
    WITH fresh AS (
        SELECT s.* FROM (SELECT array_agg(f) AS facts FROM progress_facts_of(workspace, NULL) f) a,
            progress_sums(a.facts, 1) s
    )
    SELECT coalesce(r.user_id, f.user_id), coalesce(r.day, f.day),
        coalesce(r.dimension, f.dimension), coalesce(r.of_id, f.of_id), to_jsonb(r), to_jsonb(f)
    FROM (SELECT * FROM progress_rollups p WHERE p.workspace_id = workspace) r
    FULL JOIN fresh f ON f.user_id = r.user_id AND f.day = r.day
        AND f.dimension = r.dimension AND f.of_id = r.of_id
    WHERE to_jsonb(r) IS DISTINCT FROM to_jsonb(f)
$$
"""


def of_workspace() -> tuple[sa.ForeignKeyConstraint]:
    """Return the key of a row that goes with its workspace."""
    return (sa.ForeignKeyConstraint(["workspace_id"], ["tenants.id"], ondelete="CASCADE"),)


def upgrade() -> None:
    """Make room for the numbers and what keeps them; they are counted when first asked for."""
    op.create_table(
        "progress_cursors",
        sa.Column("workspace_id", sa.Uuid(), primary_key=True),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        *of_workspace(),
    )
    op.create_table(
        "progress_moves",
        sa.Column("workspace_id", sa.Uuid(), primary_key=True),
        sa.Column("change_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("changeset_id", sa.Uuid(), nullable=False),
        *of_member(),
        day("day"),
        day("due_before", nullable=True),
        day("due_after", nullable=True),
        *of_workspace(),
    )
    op.create_index("progress_moves_task_id_idx", "progress_moves", ["workspace_id", "task_id"])
    _counted()
    for table in ("progress_cursors", "progress_moves", "progress_facts", "progress_rollups"):
        protect_tenant(table)
    for function in (
        DAY, MOVES, UNDONE, FACTS, SUMS, ADD, FOLD, REBUILD, CATCH_UP, DOUBTS,
    ):  # fmt: skip
        op.execute(function)


def _counted() -> None:
    op.create_table(
        "progress_facts",
        sa.Column("workspace_id", sa.Uuid(), primary_key=True),
        sa.Column("task_id", sa.Uuid(), primary_key=True),
        sa.Column("user_id", sa.Uuid(), primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("area_id", sa.Uuid()),
        sa.Column("goal_id", sa.Uuid()),
        sa.Column("label_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        *(number(count) for count in COUNTS),
        *of_member()[1:],
        *of_workspace(),
    )
    op.create_table(
        "progress_rollups",
        sa.Column("workspace_id", sa.Uuid(), primary_key=True),
        sa.Column("user_id", sa.Uuid(), primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("dimension", sa.Text(), primary_key=True),
        sa.Column("of_id", sa.Uuid(), primary_key=True),
        *(number(count) for count in COUNTS),
        *of_member()[1:],
        *of_workspace(),
    )
