"""Views for dashboards of whoever runs the instance: numbers, days and words of ours, no texts.

They belong to the system's role, for which row-level security shows everything, and are granted to
nobody: `selfos analytics grant` makes logins that read them and nothing else.
"""

from __future__ import annotations

from alembic import op

revision, down_revision = "0041", "0040"

NOTHING = "'00000000-0000-0000-0000-000000000000'"
COUNTS = "r.done, r.on_time, r.late, r.planned, r.kept, r.slipped, r.cancelled, r.minutes, r.sized"
VIEWS = {
    "analytics_workspaces": """
        SELECT w.id AS workspace_id, w.kind, w.created_at,
            (SELECT count(*) FROM members m
             WHERE m.workspace_id = w.id AND m.status = 'active') AS members
        FROM workspaces w
    """,
    "analytics_days": f"""
        SELECT r.workspace_id, r.user_id, r.day, {COUNTS}
        FROM progress_rollups r WHERE r.dimension = 'all'
    """,
    "analytics_area_days": f"""
        SELECT r.workspace_id, r.user_id, r.day,
            nullif(r.of_id, {NOTHING}::uuid) AS area_id, {COUNTS}
        FROM progress_rollups r WHERE r.dimension = 'area'
    """,
    "analytics_goal_days": f"""
        SELECT r.workspace_id, r.user_id, r.day, r.of_id AS goal_id, {COUNTS}
        FROM progress_rollups r WHERE r.dimension = 'goal'
    """,
    "analytics_tasks": """
        SELECT t.workspace_id, t.id AS task_id, t.state, t.priority, t.area_id, t.goal_id,
            t.project_id, t.assignee_id, t.series_id IS NOT NULL AS repeats, t.created_at,
            t.due_date, t.settled_at, t.settled_on, t.duration_minutes,
            t.archived_at IS NOT NULL AS archived
        FROM tasks t WHERE t.deleted_at IS NULL
    """,
    "analytics_goals": """
        SELECT g.workspace_id, g.id AS goal_id, g.area_id, g.project_id, g.status, g.created_at,
            g.start_date, g.target_date, g.completed_at, g.archived_at IS NOT NULL AS archived
        FROM goals g WHERE g.deleted_at IS NULL
    """,
    "analytics_habits": """
        SELECT h.workspace_id, h.id AS habit_id, h.user_id, h.area_id, h.goal_id, h.type, h.period,
            h.start_day, h.archived_at IS NOT NULL AS archived
        FROM habits h WHERE h.deleted_at IS NULL
    """,
    "analytics_check_ins": """
        SELECT c.workspace_id, c.habit_id, h.user_id, c.day, c.kind, c.amount, c.late
        FROM check_ins c JOIN habits h ON h.workspace_id = c.workspace_id AND h.id = c.habit_id
        WHERE h.deleted_at IS NULL
    """,
    "analytics_changesets": """
        SELECT s.workspace_id, s.id AS changeset_id, s.at, s.door, s.actor, s.user_id,
            s.changes_count, s.undo_of IS NOT NULL AS undoes
        FROM changesets s
    """,
    "analytics_ai_calls": """
        SELECT a.workspace_id, a.user_id, a.at, a.task, a.engine, a.provider, a.model, a.outcome,
            a.input_tokens, a.output_tokens, a.cost_micros, a.latency_ms, a.background
        FROM ai_calls a
    """,
    # The one with people's words in it; it is granted apart.
    "analytics_names": """
        SELECT w.id AS workspace_id, 'workspace' AS kind, w.id, w.name FROM workspaces w
        UNION ALL SELECT a.workspace_id, 'area', a.id, a.name FROM areas a
        WHERE a.deleted_at IS NULL
        UNION ALL SELECT g.workspace_id, 'goal', g.id, g.title FROM goals g
        WHERE g.deleted_at IS NULL
        UNION ALL SELECT h.workspace_id, 'habit', h.id, h.title FROM habits h
        WHERE h.deleted_at IS NULL
        UNION ALL SELECT m.workspace_id, 'person', u.id, u.name
        FROM members m JOIN users u ON u.id = m.user_id
    """,
}


def upgrade() -> None:
    """A new owner needs CREATE on the schema while it takes over, and not a moment longer."""
    op.execute("GRANT CREATE ON SCHEMA public TO selfos_system")
    for name, query in VIEWS.items():
        op.execute(f"CREATE VIEW {name} AS {query}")
        op.execute(f"ALTER VIEW {name} OWNER TO selfos_system")
    op.execute("REVOKE CREATE ON SCHEMA public FROM selfos_system")
