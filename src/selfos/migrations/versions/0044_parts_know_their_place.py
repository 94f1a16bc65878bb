"""Each part of a task's numbers carries the task's area, goal and labels with it.

Before it had statistics the planner took tasks and parts for a row each: it compared every part
with every task, and told the parts anew for each member. Now there is one list of parts, told once.
"""

from __future__ import annotations

from alembic import op

revision, down_revision = "0044", "0043"

FACTS = """
CREATE OR REPLACE FUNCTION progress_facts_of(workspace uuid, ids uuid[])
RETURNS SETOF progress_facts
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
    ), parts (task_id, area_id, goal_id, label_ids, user_id, day, done, on_time, late, planned,
              kept, slipped, cancelled, minutes, sized) AS MATERIALIZED (
        SELECT o.id, o.area_id, o.goal_id, o.label_ids, coalesce(o.doer, o.planner), o.settled_on,
            1, o.is_on_time::int,
            (o.due_date IS NOT NULL AND NOT o.is_on_time)::int, 0, 0, 0, 0,
            coalesce(o.duration_minutes, 0), (o.duration_minutes IS NOT NULL)::int
        FROM owned o WHERE o.is_done AND o.settled_on IS NOT NULL
        UNION ALL
        SELECT o.id, o.area_id, o.goal_id, o.label_ids, coalesce(o.doer, o.planner), o.settled_on,
            0, 0, 0, 0, 0, 0, 1, 0, 0
        FROM owned o WHERE o.state = 'cancelled' AND o.settled_on IS NOT NULL
        UNION ALL
        SELECT o.id, o.area_id, o.goal_id, o.label_ids, o.planner, o.due_date,
            0, 0, 0, 1, o.is_on_time::int, 0, 0, 0, 0
        FROM owned o WHERE o.due_date IS NOT NULL AND o.state NOT IN ('cancelled', 'skipped')
        UNION ALL
        SELECT o.id, o.area_id, o.goal_id, o.label_ids, v.user_id, v.day,
            0, 0, 0, 0, 0, 1, 0, 0, 0
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
    SELECT workspace, p.task_id, p.user_id, p.day, p.area_id, p.goal_id, p.label_ids,
        sum(p.done)::int, sum(p.on_time)::int, sum(p.late)::int, sum(p.planned)::int,
        sum(p.kept)::int, sum(p.slipped)::int, sum(p.cancelled)::int, sum(p.minutes)::int,
        sum(p.sized)::int
    FROM parts p
    JOIN members m ON m.workspace_id = workspace AND m.user_id = p.user_id
    GROUP BY p.task_id, p.user_id, p.day, p.area_id, p.goal_id, p.label_ids
$$
"""


def upgrade() -> None:
    """Say the same of every task."""
    op.execute(FACTS)
