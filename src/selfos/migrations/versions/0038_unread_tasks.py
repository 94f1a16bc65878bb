"""Which tasks others have changed since somebody last opened them."""

from __future__ import annotations

from alembic import op

from selfos.migrations.columns import instant, key, of_member, pointer
from selfos.migrations.walls import protect_private

revision, down_revision = "0038", "0037"

# Runs once for each changeset, when it is sealed: whatever its door, nothing is forgotten. Who is
# alone is told apart by one look at the members. A new place in somebody's order is no news, and
# what goes with a task that is deleted for good goes with it.
SPREAD = """
CREATE FUNCTION unread_spread() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM members m WHERE m.workspace_id = NEW.workspace_id
            AND m.user_id <> NEW.user_id AND m.status = 'active') THEN
        RETURN NULL;
    END IF;
    INSERT INTO unread_tasks (workspace_id, id, user_id, task_id, since)
    SELECT t.workspace_id, gen_random_uuid(), m.user_id, t.id, NEW.at
    FROM (
        SELECT c.entity_id AS task_id FROM changes c
        WHERE c.workspace_id = NEW.workspace_id AND c.changeset_id = NEW.id
            AND c.entity = 'task' AND c.kind <> 'delete' AND c.after - 'rank' <> '{}'
        UNION
        SELECT coalesce((coalesce(c.after, c.before) ->> 'task_id')::uuid, said.task_id, n.task_id)
        FROM changes c
        LEFT JOIN comments said ON c.entity = 'comment'
            AND said.workspace_id = c.workspace_id AND said.id = c.entity_id
        LEFT JOIN notes n ON c.entity = 'note'
            AND n.workspace_id = c.workspace_id AND n.id = c.entity_id
        WHERE c.workspace_id = NEW.workspace_id AND c.changeset_id = NEW.id
            AND (c.entity = 'task_label' OR c.entity IN ('comment', 'note') AND c.kind <> 'delete')
    ) touched
    JOIN tasks t ON t.workspace_id = NEW.workspace_id AND t.id = touched.task_id
    JOIN members m ON m.workspace_id = t.workspace_id
        AND m.user_id <> NEW.user_id AND m.status = 'active'
    ORDER BY m.user_id, t.id
    ON CONFLICT (workspace_id, user_id, task_id) DO UPDATE SET since = excluded.since;
    RETURN NULL;
END $$
"""
TRIGGER = """
CREATE TRIGGER changesets_unread AFTER INSERT ON changesets FOR EACH ROW
WHEN (NEW.user_id IS NOT NULL AND NEW.changes_count > 0) EXECUTE FUNCTION unread_spread()
"""
# It writes rows of others, so it runs as the system's role, with a fixed path to the tables.
HAND_OVER = """
DO $do$ DECLARE here text := current_schema(); BEGIN
    EXECUTE format('GRANT CREATE ON SCHEMA %I TO selfos_system', here);
    EXECUTE format(
        'ALTER FUNCTION unread_spread() SET search_path = pg_catalog, %I, pg_temp', here);
    ALTER FUNCTION unread_spread() OWNER TO selfos_system;
    REVOKE ALL ON FUNCTION unread_spread() FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION unread_spread() TO selfos_app, selfos_system;
    EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM selfos_system', here);
END $do$
"""


def upgrade() -> None:
    """Begin with everything read."""
    op.create_table(
        "unread_tasks",
        *key(),
        *of_member(),
        *pointer("task_id", "tasks", ondelete="CASCADE", nullable=False),
        instant("since"),
    )
    once = ["workspace_id", "user_id", "task_id"]
    op.create_index("unread_tasks_once_key", "unread_tasks", once, unique=True)
    op.create_index("unread_tasks_task_id_idx", "unread_tasks", ["workspace_id", "task_id"])
    protect_private("unread_tasks")
    # Nothing but the trigger makes a task unread; its person takes it away.
    op.execute("REVOKE INSERT ON unread_tasks FROM selfos_app")
    op.execute(SPREAD)
    op.execute(HAND_OVER)
    op.execute(TRIGGER)
