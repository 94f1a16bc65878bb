"""Search at 100,000 documents: through the index, and nothing of the neighbours."""

from typing import Any

import psycopg

from bench.corpus import fill, settle, vocabulary
from selfos.kernel.embedded import Embedded
from selfos.kernel.identifiers import new_id

ROWS, NEIGHBOURS = 100_000, 2_000
KINDS = "{task,goal,project}"


def scans(connection: psycopg.Connection[Any], relation: str) -> int:
    """Return how often this transaction has walked a table or an index."""
    asked = "SELECT pg_stat_get_xact_numscans(%s::regclass)"
    row = connection.execute(asked, [relation]).fetchone()
    assert row is not None
    return row[0]


def test_a_search_uses_the_index_for_the_application_role(
    postgres: Embedded, fresh_database: str
) -> None:
    mine, theirs = new_id(), new_id()
    with psycopg.connect(postgres.url("postgres", fresh_database), autocommit=True) as owner:
        owner.execute("DROP INDEX search_documents_vector_idx")
        fill(owner, mine, ROWS)
        fill(owner, theirs, NEIGHBOURS)
        owner.execute(
            "CREATE INDEX search_documents_vector_idx ON search_documents USING gin (vector)"
        )
        settle(owner)
        words = vocabulary(owner)
    with psycopg.connect(postgres.url("selfos_app", fresh_database)) as app:
        app.execute("SELECT set_config('selfos.workspace', %s, true)", [str(mine)])
        for sought, count in ((["platy"], 1), ([words[2_000], words[40]], None), (["xylo"], 0)):
            asked = "SELECT entity_id FROM search_find(%s, '{}', %s, 50)"
            found = app.execute(asked, [sought, KINDS]).fetchall()
            ids = app.execute("SELECT * FROM search_ids('task', %s, '{}')", [sought]).fetchall()
            assert count is None or len(found) == count
            assert len(ids) < ROWS / 100
        assert scans(app, "search_documents_vector_idx") >= 6
        assert scans(app, "search_documents") == 0
        asked = "SELECT entity_id FROM search_find(%s, '{}', %s, 50)"
        reached = app.execute(asked, [words[:1], KINDS])
        ours = {row[0] for row in reached.fetchall()}
        assert len(ours) == 50
        here = app.execute(
            "SELECT count(*) FROM search_documents WHERE entity_id = ANY (%s)", [list(ours)]
        ).fetchone()
        assert here == (50,)
