"""Three walls between workspaces, and each holds alone."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import ForeignKeyConstraint, Table, create_engine, delete, exists, select, update
from sqlalchemy.orm import aliased

from selfos.features.identity.models import Preferences
from selfos.features.planning import service as planning
from selfos.features.planning.models import Label
from selfos.features.planning.schemas.inputs import AreaCreate, LabelCreate
from selfos.features.workspaces.models import Member
from selfos.kernel.context import open_context
from selfos.kernel.core import Kernel, open_kernel
from selfos.kernel.database import SYSTEM, Scope, Transaction
from selfos.kernel.embedded import Embedded
from selfos.kernel.errors import Unavailable
from selfos.kernel.identifiers import new_id
from selfos.kernel.jobs import Jobs
from selfos.kernel.rows import missing
from selfos.kernel.settings import Settings
from selfos.migrations.head import is_current
from selfos.migrations.run import METADATA, differences, migrate
from tests.factories import Person

MakePerson = Callable[..., Awaitable[Person]]
TENANT_TABLES = sorted(
    (table for table in METADATA.tables.values() if "workspace_id" in table.primary_key.columns),
    key=lambda table: table.name,
)


@dataclass(frozen=True)
class Neighbours:
    """Two people with one label each; the first tries what belongs to the second."""

    me: Person
    other: Person
    mine: UUID
    theirs: UUID

    @property
    def scope(self) -> Scope:
        return Scope(self.me.workspace_id, self.me.user_id)


@pytest.fixture
async def neighbours(make_person: MakePerson) -> Neighbours:
    me, other = await make_person(), await make_person()
    async with me.context() as ctx:
        mine = await planning.create_label(ctx, LabelCreate(name="mine"))
    async with other.context() as ctx:
        theirs = await planning.create_label(ctx, LabelCreate(name="theirs"))
    return Neighbours(me, other, mine.id, theirs.id)


@asynccontextmanager
async def behind_security_alone(kernel: Kernel, who: Neighbours) -> AsyncGenerator[Transaction]:
    """Bare SQL, confined by nothing but row-level security."""
    async with kernel.database.transaction() as transaction:
        await transaction.enter(who.scope, changeset_id=new_id())
        yield transaction


@asynccontextmanager
async def behind_criterion_alone(kernel: Kernel, who: Neighbours) -> AsyncGenerator[Transaction]:
    """The ORM, on a connection that the database would allow everything."""
    async with kernel.database.transaction() as transaction:
        await transaction.enter(SYSTEM, changeset_id=new_id(), workspace_id=who.me.workspace_id)
        transaction.scope = who.scope
        yield transaction


async def ids(transaction: Transaction, statement: Any, *values: Any) -> set[UUID]:
    found = await transaction.driver.execute(statement, values)
    return {row[0] for row in await found.fetchall()}


async def test_without_a_scope_nothing_runs(kernel: Kernel, neighbours: Neighbours) -> None:
    async with kernel.database.transaction() as transaction:
        with pytest.raises(RuntimeError, match="without a scope"):
            await transaction.session.scalars(select(Label))
        assert await ids(transaction, "SELECT id FROM labels") == set()
        with pytest.raises(psycopg.Error, match=r"row-level security|outside a changeset"):
            await transaction.driver.execute(
                "INSERT INTO labels (workspace_id, id, key, name, color)"
                " VALUES (%s, gen_random_uuid(), 'x', 'x', 'home')",
                [neighbours.me.workspace_id],
            )


async def test_security_alone_hides_what_is_foreign(kernel: Kernel, neighbours: Neighbours) -> None:
    async with behind_security_alone(kernel, neighbours) as transaction:
        assert await ids(transaction, "SELECT id FROM labels") == {neighbours.mine}
        workspaces = await ids(transaction, "SELECT DISTINCT workspace_id FROM changes")
        assert workspaces == {neighbours.me.workspace_id}
        users = await ids(transaction, "SELECT user_id FROM preferences")
        assert users <= {neighbours.me.user_id}


@pytest.mark.parametrize(
    "deed", ["UPDATE labels SET name = 'taken' WHERE id = %s", "DELETE FROM labels WHERE id = %s"]
)
async def test_security_alone_keeps_foreign_rows_untouched(
    kernel: Kernel, neighbours: Neighbours, deed: str
) -> None:
    async with behind_security_alone(kernel, neighbours) as transaction:
        done = await transaction.driver.execute(deed.encode(), [neighbours.theirs])
        assert done.rowcount == 0
        done = await transaction.driver.execute(deed.encode(), [neighbours.mine])
        assert done.rowcount == 1


async def test_security_alone_refuses_rows_for_another_workspace(
    kernel: Kernel, neighbours: Neighbours
) -> None:
    insert = (
        "INSERT INTO labels (workspace_id, id, key, name, color)"
        " VALUES (%s, gen_random_uuid(), 'x', 'x', 'home')"
    )
    foreign = neighbours.other.workspace_id
    async with behind_security_alone(kernel, neighbours) as transaction:
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
            await transaction.driver.execute(insert, [foreign])
    async with behind_security_alone(kernel, neighbours) as transaction:
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
            await transaction.driver.execute(
                "UPDATE labels SET workspace_id = %s WHERE id = %s", [foreign, neighbours.mine]
            )


async def test_the_criterion_alone_hides_what_is_foreign(
    kernel: Kernel, neighbours: Neighbours
) -> None:
    other = aliased(Label)
    async with behind_criterion_alone(kernel, neighbours) as transaction:
        # The database itself would show both.
        assert {neighbours.mine, neighbours.theirs} <= await ids(
            transaction, "SELECT id FROM labels"
        )
        session = transaction.session
        assert set(await session.scalars(select(Label.id))) == {neighbours.mine}
        assert set(await session.scalars(select(other.id))) == {neighbours.mine}
        among = exists(select(other.id).where(other.id == neighbours.theirs))
        assert (await session.scalars(select(Label.id).where(among))).all() == []
        found = await session.get(Label, (neighbours.other.workspace_id, neighbours.theirs))
        assert found is None
        people = set(await session.scalars(select(Member.user_id)))
        assert people == {neighbours.me.user_id}
        assert set(await session.scalars(select(Preferences.user_id))) <= {neighbours.me.user_id}


async def test_the_criterion_alone_keeps_foreign_rows_untouched(
    kernel: Kernel, neighbours: Neighbours
) -> None:
    async with behind_criterion_alone(kernel, neighbours) as transaction:
        for row, touched in ((neighbours.theirs, []), (neighbours.mine, [neighbours.mine])):
            renaming = update(Label).where(Label.id == row).values(name="x").returning(Label.id)
            assert (await transaction.session.scalars(renaming)).all() == touched
            removal = delete(Label).where(Label.id == row).returning(Label.id)
            assert (await transaction.session.scalars(removal)).all() == touched


async def test_the_orm_refuses_rows_for_another_workspace(
    kernel: Kernel, neighbours: Neighbours
) -> None:
    async with behind_criterion_alone(kernel, neighbours) as transaction:
        foreign = neighbours.other.workspace_id
        transaction.session.add(Label(workspace_id=foreign, key="x", name="x", color="home"))
        with pytest.raises(RuntimeError, match="another workspace"):
            await transaction.session.flush()


async def test_keys_alone_refuse_what_lies_in_another_workspace(
    postgres: Embedded, database: str, neighbours: Neighbours
) -> None:
    async with neighbours.other.context() as ctx:
        area = await planning.create_area(ctx, AreaCreate(name="Theirs"))
    task = await neighbours.me.post("/tasks", 201, title="Mine")
    owner = await psycopg.AsyncConnection.connect(postgres.url("postgres", database))
    async with owner:
        await owner.execute("SELECT set_config('selfos.changeset', %s, true)", [str(new_id())])
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            await owner.execute(
                "UPDATE tasks SET area_id = %s WHERE id = %s", [area.id, task["id"]]
            )


@pytest.mark.parametrize("table", TENANT_TABLES, ids=lambda table: table.name)
async def test_every_tenant_table_has_all_three_walls(
    postgres: Embedded, database: str, table: Table
) -> None:
    assert next(iter(table.primary_key.columns)).name == "workspace_id"
    for key in table.constraints:
        if isinstance(key, ForeignKeyConstraint) and key.referred_table in TENANT_TABLES:
            assert "workspace_id" in key.column_keys
    async with await psycopg.AsyncConnection.connect(postgres.url("postgres", database)) as owner:
        found = await owner.execute(
            "SELECT relrowsecurity AND relforcerowsecurity, (SELECT count(*) FROM pg_policy"
            " WHERE polrelid = c.oid) FROM pg_class c WHERE oid = %s::regclass",
            [table.name],
        )
        assert await found.fetchone() == (True, 2)


@pytest.fixture
async def narrow(postgres: Embedded, database: str, settings: Settings) -> AsyncGenerator[Kernel]:
    """A kernel with a single connection, so that everybody gets the one used before."""
    one = settings.model_copy(update={"database_pool_size": 1, "database_wait_seconds": 0.2})
    async with open_kernel(one, postgres.url("selfos_app", database), Jobs([], [], [])) as kernel:
        yield kernel


async def test_a_pooled_connection_carries_nothing_over(
    narrow: Kernel, neighbours: Neighbours
) -> None:
    async def left_over() -> tuple[Any, ...] | None:
        async with narrow.database.transaction() as transaction:
            found = await transaction.driver.execute(
                "SELECT coalesce(current_setting('selfos.workspace', true), '')"
                " || coalesce(current_setting('selfos.user', true), '')"
                " || coalesce(current_setting('selfos.changeset', true), ''),"
                " current_user, (SELECT count(*) FROM labels)"
            )
            return await found.fetchone()

    nothing = ("", "selfos_app", 0)
    me = neighbours.me
    async with open_context(narrow, workspace_id=me.workspace_id) as ctx:
        assert set(await ctx.session.scalars(select(Label.id))) == {neighbours.mine}
    assert await left_over() == nothing
    async with open_context(narrow, workspace_id=me.workspace_id, scope=SYSTEM) as ctx:
        assert neighbours.theirs in set(await ctx.session.scalars(select(Label.id)))
    assert await left_over() == nothing

    async def fail() -> None:
        async with open_context(narrow, workspace_id=me.workspace_id) as ctx:
            ctx.session.add(Label(key="y", name="y", color="home"))
            await ctx.session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await left_over() == nothing


async def test_a_busy_pool_asks_to_come_back(narrow: Kernel, neighbours: Neighbours) -> None:
    async with narrow.database.transaction():
        with pytest.raises(Unavailable, match="busy") as refusal:
            async with narrow.database.transaction():
                raise AssertionError
    assert refusal.value.headers["Retry-After"]


async def test_the_migrations_say_what_the_models_say(postgres: Embedded, database: str) -> None:
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(postgres.url("postgres", database))
    )
    with engine.connect() as connection:
        assert differences(connection) == []
    engine.dispose()


def test_the_newest_revision_is_known_by_its_name(postgres: Embedded, database: str) -> None:
    url = postgres.url("postgres", database)
    migrate(url)
    assert is_current(url)


def test_what_is_missing_is_named_in_words() -> None:
    said = [missing(kind).detail for kind in ("Task", "HabitPause", "check_in")]
    assert said == [f"There is no such {name}." for name in ("task", "habit pause", "check in")]
