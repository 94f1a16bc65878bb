"""What the database itself refuses the application, whatever its code asks."""

from collections.abc import Awaitable, Callable

import httpx2
import psycopg
import pytest
from psycopg import sql

from selfos.kernel.embedded import Embedded
from tests.factories import Person

MakePerson = Callable[..., Awaitable[Person]]


async def test_the_application_cannot_read_secrets_or_raise_itself(
    postgres: Embedded, database: str, person: Person
) -> None:
    url = postgres.url("selfos_app", database)
    joining = (
        "INSERT INTO members (workspace_id, id, user_id, role, status)"
        " VALUES (gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'owner', 'active')"
    )
    for statement in (
        "SELECT * FROM password_credentials",
        "SELECT * FROM one_time_tokens",
        "SELECT * FROM refresh_tokens",
        "SELECT * FROM guess_buckets",
        "UPDATE users SET is_operator = true",
        "UPDATE users SET email_key = 'x'",
        "DELETE FROM users",
        joining,
    ):
        async with await psycopg.AsyncConnection.connect(url) as connection:
            await connection.execute("SET ROLE selfos_app")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await connection.execute(statement)


async def test_row_security_alone_keeps_people_apart(
    postgres: Embedded, database: str, make_person: MakePerson
) -> None:
    one, other = await make_person(), await make_person()
    url = postgres.url("selfos_app", database)
    async with await psycopg.AsyncConnection.connect(url) as connection:
        await connection.execute("SET ROLE selfos_app")
        await connection.execute(
            "SELECT set_config('selfos.user', %s, true), set_config('selfos.workspace', %s, true)",
            (str(one.user_id), str(one.workspace_id)),
        )
        for table, column in (
            ("users", "id"),
            ("credential_sessions", "user_id"),
            ("preferences", "user_id"),
            ("members", "user_id"),
            ("workspaces", "id"),
        ):
            rows = await connection.execute(
                sql.SQL("SELECT DISTINCT {} FROM {}").format(
                    sql.Identifier(column), sql.Identifier(table)
                )
            )
            seen = {row[0] for row in await rows.fetchall()}
            assert seen == {one.workspace_id if table == "workspaces" else one.user_id}
        changed = await connection.execute(
            "UPDATE users SET name = 'Mallory' WHERE id = %s", (other.user_id,)
        )
        assert changed.rowcount == 0


async def test_no_secret_leaves_in_an_answer_or_lies_in_the_database(
    postgres: Embedded, database: str, client: httpx2.AsyncClient, person: Person
) -> None:
    body = {"email": person.email, "password": person.password, "device_name": "Phone"}
    pair = (await client.post("/auth/token", json=body)).json()
    made = await person.post("/auth/tokens", expect=201, name="Script")
    secrets = [
        person.password,
        person.client.cookies["sid"],
        made["token"],
        *list(pair.values())[:2],
    ]
    shown = str([await person.get(p) for p in ("/auth/me", "/auth/sessions", "/members")])
    async with await psycopg.AsyncConnection.connect(postgres.url("postgres", database)) as owner:
        tables = await owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in await tables.fetchall():
            rows = await owner.execute(
                sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table))
            )
            shown += str(await rows.fetchall())
    assert [secret for secret in secrets if secret in shown] == []
    assert "$argon2" not in str(await person.get("/auth/me"))
