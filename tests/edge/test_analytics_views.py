"""Dashboards read numbers, days and our own words: no texts, no secrets, no tables."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import psycopg
import pytest
from psycopg import sql

from selfos.edge.analytics import NotGranted, grant, revoke
from selfos.kernel.core import Urls
from selfos.kernel.embedded import Embedded
from selfos.kernel.identifiers import new_id
from tests.factories import Person
from tests.features.sample.board import BOARD, queries

# Words of enumerations, and names that the operator gave to models.
OUR_WORDS = {
    *("kind", "state", "status", "type", "period", "door", "actor"),
    *("task", "engine", "provider", "model", "outcome"),
}
LOOKED_AT = "SELECT viewname FROM pg_views WHERE viewname LIKE 'analytics\\_%'"


@pytest.fixture(params=["superuser", "owner"])
def urls(request: pytest.FixtureRequest, postgres: Embedded, database: str) -> Iterator[Urls]:
    """The embedded server's owner, or one of somebody's own PostgreSQL who may only make roles."""
    app, owner_url = postgres.url("selfos_app", database), postgres.url("postgres", database)
    if request.param == "superuser":
        yield Urls(app, owner_url)
        return
    name = sql.Identifier(f"owner_{new_id().hex}")
    with psycopg.connect(owner_url, autocommit=True) as owner:
        password = sql.Literal(postgres.password)
        owner.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEROLE PASSWORD {}").format(name, password))
        owner.execute(sql.SQL("GRANT selfos_system TO {}").format(name))
        # Whoever made the readers first may give them away.
        for role in ("selfos_analytics", "selfos_analytics_names"):
            found = owner.execute("SELECT FROM pg_roles WHERE rolname = %s", [role]).fetchone()
            if found is not None:
                given = sql.SQL("GRANT {} TO {} WITH ADMIN OPTION")
                owner.execute(given.format(sql.Identifier(role), name))
    yield Urls(app, owner_url.replace("//postgres:", f"//{name.as_string(None)[1:-1]}:"))


def test_a_login_reads_the_views_and_nothing_else(urls: Urls, postgres: Embedded) -> None:
    login = f"reader_{new_id().hex}"
    said: list[str] = []
    address = grant(urls, login, said.append, with_names=False)
    with psycopg.connect(address, autocommit=True) as reader:
        views = [row[0] for row in reader.execute(LOOKED_AT).fetchall()]
        assert len(views) == 12
        for view in views:
            look = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(view))
            if view == "analytics_names":
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    reader.execute(look)
            else:
                reader.execute(look)
        tables = reader.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        readable = [
            name
            for (name,) in tables.fetchall()
            if reader.execute("SELECT has_table_privilege(%s, 'SELECT')", [name]).fetchone()
            == (True,)
        ]
        assert readable == []
        with pytest.raises(psycopg.errors.Error):
            reader.execute("CREATE TABLE mine (id int)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            reader.execute("SET ROLE selfos_system")
    again = grant(urls, login, said.append, with_names=True)
    with psycopg.connect(again, autocommit=True) as reader:
        reader.execute("SELECT count(*) FROM analytics_names")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address)
    revoke(urls, login, said.append)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(again)
    with pytest.raises(NotGranted):
        revoke(urls, login, said.append)
    assert "but analytics_names" in said[0]


@pytest.mark.parametrize("login", ["selfos_app", "postgres", "pg_read_all_data", "x; --", ""])
def test_no_role_of_ours_becomes_a_login(login: str, postgres: Embedded, database: str) -> None:
    urls = Urls("", postgres.url("postgres", database))
    with pytest.raises(NotGranted):
        grant(urls, login, print, with_names=False)


async def test_views_hold_no_texts_and_show_what_is_done(
    person: Person, postgres: Embedded, database: str
) -> None:
    task = await person.post("/tasks", 201, title="Secret title")
    await person.post(f"/tasks/{task['id']}/complete")
    await person.get("/progress/stats")
    with psycopg.connect(postgres.url("postgres", database)) as owner:
        columns = owner.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_name LIKE 'analytics\\_%' AND table_name <> 'analytics_names'"
            " AND data_type NOT IN ('uuid', 'date', 'boolean', 'integer', 'bigint',"
            " 'double precision', 'timestamp with time zone')"
        ).fetchall()
        assert {name for _, name in columns} <= OUR_WORDS
        seen = owner.execute(
            "SELECT state, settled_on IS NOT NULL FROM analytics_tasks WHERE workspace_id = %s",
            [person.workspace_id],
        ).fetchall()
    assert seen == [("done", True)]


def test_the_board_has_the_shape_that_grafana_reads() -> None:
    panels = BOARD["panels"]
    assert BOARD["schemaVersion"] >= 36
    assert BOARD["uid"] == "selfos"
    assert "id" not in BOARD
    assert len({panel["id"] for panel in panels}) == len(panels) >= 10
    variables = {each["name"]: each for each in BOARD["templating"]["list"]}
    assert variables["database"]["type"] == "datasource"
    named = variables["database"]["query"]
    sources = chain(panels, *(panel["targets"] for panel in panels), [variables["workspace"]])
    assert {each["datasource"]["uid"] for each in sources} == {"${database}"}
    assert {panel["datasource"]["type"] for panel in panels} == {named}
    places = [panel["gridPos"] for panel in panels]
    assert all(place["x"] + place["w"] <= 24 for place in places)
    cells = [
        (x, y)
        for place in places
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(cells) == len(set(cells))
    assert all("analytics_" in query and "analytics_names" not in query for _, query in queries())
