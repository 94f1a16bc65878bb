"""One index of everything that can be searched, kept by triggers, asked through two functions.

Row-level security and a full-text index do not go together: `@@` is not leakproof, so for a role
under a policy the planner would look at each row of the workspace first. The functions here run as
the system's role instead, whose policy lets everything pass, and confine themselves to the
workspace that the transaction has entered: as a lexeme inside the vector, which makes the index
find nothing else, and once more by column.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

from selfos.migrations.columns import instant, words
from selfos.migrations.walls import CLOSING, make_searchable, protect_tenant

revision, down_revision = "0013", "0012"

# Letters that are no letter with a mark, and how people write them without.
SPELLED = (("ß", "ss"), ("æ", "ae"), ("œ", "oe"), ("þ", "th"))
REPLACED, REPLACEMENTS = "øłđðħıŋ\u03c2", "olddhin\u03c3"
MARKS = "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+"
# ASCII and general punctuation; what counts as a letter would depend on the server's language.
SIGNS = "[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f\u3000-\u303f]+"
LONGEST_HEADING, LONGEST_TEXT = 200, 50_000
TARGETS = ("task_id", "goal_id", "project_id", "area_id")
# What is settled, completed or put away is shown as such.
CLOSED = f"EXISTS (SELECT FROM unnest(ARRAY{list(CLOSING)!r}) c WHERE item ->> c IS NOT NULL)"


def spelled() -> str:
    """Return SQL for `words` in small letters without marks; `%s` is the collation."""
    bare = f"regexp_replace(normalize(words, NFKD), '{MARKS}', '', 'g')"
    small = f"lower({bare} %s)"
    for letter, letters in SPELLED:
        small = f"replace({small}, '{letter}', '{letters}')"
    return f"translate({small}, '{REPLACED}', '{REPLACEMENTS}')"


# Small letters by the best rules that this server has.
PLAIN = f"""
DO $do$ DECLARE best text; BEGIN
    SELECT format('COLLATE %I', collname) INTO best FROM pg_collation
    WHERE collname IN ('pg_c_utf8', 'und-x-icu') ORDER BY collname LIMIT 1;
    EXECUTE format($define$
        CREATE FUNCTION search_plain(words text) RETURNS text
        LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
            SELECT {spelled()}
        $$
    $define$, best);
END $do$
"""
FOLD = f"""
CREATE FUNCTION search_fold(words text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT btrim(regexp_replace(search_plain(words), '{SIGNS}', ' ', 'g'))
$$
"""
# A lexeme with a blank in it cannot come out of anybody's words.
HOME = """
CREATE FUNCTION search_home(workspace uuid) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT ' ' || workspace::text
$$
"""
QUERY = """
CREATE FUNCTION search_query(words text[], phrases text[], weight text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_tsquery('simple', string_agg(operand, ' & ')) FROM (
        SELECT token || ':*' || weight AS operand
        FROM unnest(words) word, regexp_split_to_table(search_fold(word), ' +') token
        WHERE token <> ''
        UNION ALL
        SELECT '(' || replace(search_fold(phrase), ' ', mark || ' <-> ') || mark || ')'
        FROM unnest(phrases) phrase,
             LATERAL (SELECT CASE weight WHEN '' THEN '' ELSE ':' || weight END AS mark) marked
        WHERE search_fold(phrase) <> ''
    ) operands
$$
"""
PUT = f"""
CREATE FUNCTION search_put(kind text, paths text[], pointers text[], item jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    heading text := search_text(item, paths[1:1]);
    body text := left(search_text(item, paths[2:]), {LONGEST_TEXT});
    pointer text;
BEGIN
    SELECT p INTO pointer FROM unnest(pointers) p WHERE item ->> p IS NOT NULL LIMIT 1;
    INSERT INTO search_documents AS d (workspace_id, entity, entity_id, title, body, heading,
        about, about_id, closed, updated_at, vector)
    VALUES ((item ->> 'workspace_id')::uuid, kind, (item ->> 'id')::uuid, heading, body,
        left(search_fold(heading), {LONGEST_HEADING}), replace(pointer, '_id', ''),
        (item ->> pointer)::uuid,
        {CLOSED},
        (item ->> 'updated_at')::timestamptz,
        array_to_tsvector(ARRAY[search_home((item ->> 'workspace_id')::uuid)])
            || setweight(to_tsvector('simple', search_fold(heading)), 'A')
            || setweight(to_tsvector('simple', search_fold(body)), 'B'))
    ON CONFLICT (workspace_id, entity, entity_id) DO UPDATE SET title = excluded.title,
        body = excluded.body, heading = excluded.heading, about = excluded.about,
        about_id = excluded.about_id, closed = excluded.closed, updated_at = excluded.updated_at,
        vector = excluded.vector;
END $$
"""
TEXT = """
CREATE FUNCTION search_text(item jsonb, paths text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(string_agg(found #>> '{}', E'\\n'), '')
    FROM unnest(paths) path, jsonb_path_query(item, path::jsonpath) found
    WHERE found #>> '{}' <> ''
$$
"""
INDEX = """
CREATE FUNCTION search_index() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(NEW) ->> 'deleted_at' IS NOT NULL THEN
        DELETE FROM search_documents d WHERE d.workspace_id = OLD.workspace_id
            AND d.entity = TG_ARGV[0] AND d.entity_id = OLD.id;
    ELSE
        PERFORM search_put(TG_ARGV[0], TG_ARGV[1]::text[], TG_ARGV[2]::text[], to_jsonb(NEW));
    END IF;
    RETURN NULL;
END $$
"""
# Nothing of this is in an index: where the page has room, no index hears of it.
CLOSE = f"""
CREATE FUNCTION search_close() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    item jsonb := to_jsonb(NEW);
    now_closed boolean := {CLOSED};
BEGIN
    UPDATE search_documents d SET closed = now_closed WHERE d.workspace_id = NEW.workspace_id
        AND d.entity = TG_ARGV[0] AND d.entity_id = NEW.id AND d.closed <> now_closed;
    RETURN NULL;
END $$
"""
# Best first: what is called so, what has the words in its title, what has them anywhere; the
# newest first in each. Each step is asked only for what the one before left open. What is said of
# something that lies in the trash waits there with it.
FIND = """
CREATE FUNCTION search_find(words text[], phrases text[], kinds text[], wanted int)
RETURNS TABLE (entity text, entity_id uuid, title text, body text, about text, about_id uuid,
    closed boolean, updated_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE
    here uuid := nullif(current_setting('selfos.workspace', true), '')::uuid;
    home tsquery := quote_literal(search_home(here))::tsquery;
    anywhere tsquery := search_query(words, phrases, '');
    titled tsquery := search_query(words, phrases, 'A');
    begun text := search_fold(array_to_string(phrases || words, ' ')) || '%';
    best text; step int;
BEGIN
    IF here IS NULL OR anywhere IS NULL OR numnode(anywhere) = 0 THEN RETURN; END IF;
    FOREACH best IN ARRAY ARRAY[
        'd.heading LIKE $4',
        'd.vector @@ ($5 && $6) AND d.heading NOT LIKE $4',
        'd.vector @@ ($5 && $7) AND d.heading NOT LIKE $4 AND NOT d.vector @@ $6'
    ] LOOP
        RETURN QUERY EXECUTE 'SELECT d.entity, d.entity_id, d.title, d.body, d.about, d.about_id,'
            ' d.closed, d.updated_at FROM search_documents d'
            ' WHERE d.workspace_id = $1 AND d.entity = ANY ($2) AND ' || best ||
            ' AND (d.entity NOT IN (''comment'', ''note'') OR d.about_id IS NULL OR EXISTS ('
            'SELECT FROM search_documents o WHERE o.workspace_id = $1 AND o.entity = d.about'
            ' AND o.entity_id = d.about_id)) ORDER BY d.updated_at DESC, d.entity_id LIMIT $3'
            USING here, kinds, wanted, begun, home, titled, anywhere;
        GET DIAGNOSTICS step = ROW_COUNT;
        wanted := wanted - step;
        EXIT WHEN wanted = 0;
    END LOOP;
END $$
"""
IDS = """
CREATE FUNCTION search_ids(kind text, words text[], phrases text[]) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    here uuid := nullif(current_setting('selfos.workspace', true), '')::uuid;
    home tsquery := quote_literal(search_home(here))::tsquery;
    anywhere tsquery := search_query(words, phrases, '');
BEGIN
    IF here IS NULL OR anywhere IS NULL OR numnode(anywhere) = 0 THEN RETURN; END IF;
    RETURN QUERY SELECT d.entity_id FROM search_documents d
        WHERE d.vector @@ (home && anywhere)
            AND d.workspace_id = here AND d.entity = kind;
END $$
"""
# The functions that cross the policy run as the system's role, with a fixed path to the tables.
HAND_OVER = """
DO $do$ DECLARE here text := current_schema(); called regprocedure; BEGIN
    EXECUTE format('GRANT CREATE ON SCHEMA %I TO selfos_system', here);
    FOREACH called IN ARRAY ARRAY[
        'search_index()', 'search_close()', 'search_ids(text, text[], text[])',
        'search_find(text[], text[], text[], int)'
    ]::regprocedure[] LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = pg_catalog, %I, pg_temp', called, here);
        EXECUTE format('ALTER FUNCTION %s OWNER TO selfos_system', called);
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO selfos_app, selfos_system', called);
    END LOOP;
    EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM selfos_system', here);
END $do$
"""


def upgrade() -> None:
    """Index what there is, and all that will be."""
    _table()
    for function in (PLAIN, FOLD, HOME, QUERY, TEXT, PUT, INDEX, CLOSE, FIND, IDS):
        op.execute(function)
    op.execute(HAND_OVER)
    make_searchable("areas", "area", title="name", texts=["description"])
    make_searchable("projects", "project", title="name", texts=["description"], about=["area_id"])
    make_searchable(
        "goals",
        "goal",
        title="title",
        texts=["description", "why"],
        about=["project_id", "area_id"],
    )
    make_searchable(
        "tasks",
        "task",
        title="title",
        texts=["notes", "waiting_for"],
        about=["project_id", "goal_id", "area_id", "parent_id"],
    )
    make_searchable(
        "habits", "habit", title="title", texts=["description"], about=["goal_id", "area_id"]
    )
    make_searchable("notes", "note", title="title", texts=["body"], about=TARGETS)
    make_searchable("comments", "comment", texts=["body"], about=TARGETS[:3])
    make_searchable("stories", "story", title="title", texts=["sentences[*].text"])


def _table() -> None:
    op.create_table(
        "search_documents",
        sa.Column("workspace_id", sa.Uuid(), primary_key=True),
        sa.Column("entity", sa.Text(), primary_key=True),
        sa.Column("entity_id", sa.Uuid(), primary_key=True),
        *(words(name) for name in ("title", "body", "heading")),
        words("about", nullable=True),
        sa.Column("about_id", sa.Uuid()),
        sa.Column("closed", sa.Boolean(), nullable=False),
        instant("updated_at"),
        sa.Column("vector", TSVECTOR(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["tenants.id"], ondelete="CASCADE"),
        postgresql_with={"fillfactor": "85"},
    )
    # Without a list of pending entries, which every search would have to walk through.
    op.create_index(
        "search_documents_vector_idx",
        "search_documents",
        ["vector"],
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
    )
    op.create_index(
        "search_documents_heading_idx",
        "search_documents",
        ["workspace_id", "heading"],
        postgresql_ops={"heading": "text_pattern_ops"},
    )
    op.create_index(
        "search_documents_about_id_idx",
        "search_documents",
        ["workspace_id", "about_id"],
        postgresql_where=sa.text("about_id IS NOT NULL"),
    )
    op.create_index(
        "search_documents_updated_at_idx", "search_documents", ["workspace_id", "updated_at"]
    )
    protect_tenant("search_documents")
    # Nothing but the triggers writes it.
    op.execute("REVOKE INSERT, UPDATE, DELETE ON search_documents FROM selfos_app")
