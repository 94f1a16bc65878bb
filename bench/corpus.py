"""A large search index: invented documents of two workspaces, written past the triggers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg

# The rank of a word decides how often it is used, as in a language.
WORDS = 3_000
VOCABULARY = """
SELECT array_agg(substr(translate(md5(rank::text), '0123456789abcdef', 'bcdfghklmnprstvz'), 1,
    3 + rank %% 6) ORDER BY rank) FROM generate_series(1, %s) rank
"""
FILL = """
INSERT INTO search_documents (workspace_id, entity, entity_id, title, body, heading, closed,
    updated_at, vector)
SELECT %(workspace)s, kind, gen_random_uuid(), title, body, left(search_fold(title), 200), false,
    now() - make_interval(secs => number),
    array_to_tsvector(ARRAY[search_home(%(workspace)s)])
        || setweight(to_tsvector('simple', search_fold(title)), 'A')
        || setweight(to_tsvector('simple', search_fold(body)), 'B')
FROM (
    SELECT number, (ARRAY['task', 'task', 'task', 'goal', 'project'])[1 + number %% 5] AS kind,
        array_to_string(said[:4] || CASE number WHEN 777 THEN 'platypus' END, ' ') AS title,
        array_to_string(said[5:], ' ') AS body
    FROM generate_series(1, %(rows)s) number, LATERAL (
        -- Names the row, so that every row draws words of its own.
        SELECT array_agg((%(words)s::text[])[floor(%(count)s ^ random())::int]) AS said
        FROM generate_series(number, number + 11)
    ) drawn
) invented
"""


def vocabulary(owner: psycopg.Connection[Any]) -> list[str]:
    """Return the invented words, the commonest first."""
    found = owner.execute(VOCABULARY, [WORDS]).fetchone()
    return list(found[0]) if found else []


def fill(owner: psycopg.Connection[Any], workspace: UUID, rows: int) -> None:
    """Invent documents in a workspace; only one of them, the 777th, is about a platypus."""
    owner.execute(
        "INSERT INTO tenants (id) VALUES (%s) ON CONFLICT (id) DO NOTHING", [str(workspace)]
    )
    words = vocabulary(owner)
    owner.execute(
        FILL, {"workspace": workspace, "rows": rows, "words": words, "count": float(len(words))}
    )


def settle(owner: psycopg.Connection[Any]) -> None:
    """Let the planner know what there is."""
    owner.execute("VACUUM ANALYZE search_documents")
