"""Connections, sessions, and the walls between workspaces.

Wall one is here: every ORM statement gets the session's scope as a criterion, and a session
without a scope runs nothing. Wall two is in the keys (`Tenant`: `(workspace_id, id)`), wall three
in row-level security, which reads the settings that `enter` puts on the transaction.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, cast
from uuid import UUID

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.pq import TransactionStatus
from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Enum,
    FetchedValue,
    MetaData,
    Text,
    Uuid,
    event,
    func,
    or_,
    text,
)
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncSession,
    create_async_engine,
)
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    ORMExecuteState,
    Session,
    declared_attr,
    mapped_column,
    with_loader_criteria,
)
from sqlalchemy.pool import Pool, PoolProxiedConnection
from sqlalchemy.util import greenlet_spawn

from selfos.kernel.errors import Unavailable
from selfos.kernel.identifiers import new_id

APP_ROLE = "selfos_app"
SYSTEM_ROLE = "selfos_system"
RETRY_AFTER_SECONDS = "2"


def _values(enumeration: type[StrEnum]) -> list[str]:
    return [member.value for member in enumeration]


class Model(DeclarativeBase):
    """The base of all tables; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "pk": "%(table_name)s_pkey",
            "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
            "uq": "%(table_name)s_%(column_0_N_name)s_key",
            "ix": "%(table_name)s_%(column_0_N_name)s_idx",
            "ck": "%(table_name)s_%(constraint_name)s_check",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        StrEnum: Enum(StrEnum, native_enum=False, length=40, values_callable=_values),
        UUID: Uuid(),
        str: Text(),
    }


class Versioned:
    """A row the database stamps: `version` rises and `updated_at` moves with each update.

    An ORM update names the version it has read, so two writers cannot overwrite each other
    unseen.
    """

    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(
        server_default=func.now(), server_onupdate=FetchedValue()
    )
    version: Mapped[int] = mapped_column(
        BigInteger, server_default=text("1"), server_onupdate=FetchedValue()
    )

    @declared_attr.directive
    def __mapper_args__(self) -> dict[str, Any]:
        return {
            "version_id_col": self.version,
            "version_id_generator": False,
            "eager_defaults": True,
        }


class InWorkspace:
    """Anything that belongs to one workspace."""

    workspace_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-2)


class Tenant(InWorkspace):
    """A row of one workspace. Refer to it by both columns of its key."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-1)


class Personal:
    """A row that belongs to one user, whatever the workspace."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-1)
    user_id: Mapped[UUID] = mapped_column()


class Private(Tenant):
    """A row of one workspace that only one of its members may see."""

    user_id: Mapped[UUID] = mapped_column()


class Unshared:
    """A row of a workspace that one member alone may see, as long as `seen_by` names them."""

    seen_by: Mapped[UUID | None] = mapped_column()


class Belonging:
    """A row seen from both sides: by its workspace, and by the user it is about."""

    workspace_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-2)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-1)
    user_id: Mapped[UUID] = mapped_column()


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose rows a session may touch."""

    workspace_id: UUID
    user_id: UUID | None


@dataclass(frozen=True, slots=True)
class SystemScope:
    """Spelled out where code must work before or across workspaces (registration, sweeps)."""


SYSTEM = SystemScope()


@event.listens_for(Session, "do_orm_execute")
def _confine(state: ORMExecuteState) -> None:
    scope = state.session.info["transaction"].scope
    if scope is None:
        raise RuntimeError("a statement without a scope")
    if isinstance(scope, SystemScope) or state.is_column_load:
        return
    workspace_id, user_id = scope.workspace_id, scope.user_id
    state.statement = state.statement.options(
        with_loader_criteria(
            InWorkspace, lambda cls: cls.workspace_id == workspace_id, include_aliases=True
        ),
        with_loader_criteria(Personal, lambda cls: cls.user_id == user_id, include_aliases=True),
        with_loader_criteria(Private, lambda cls: cls.user_id == user_id, include_aliases=True),
        with_loader_criteria(
            Unshared,
            lambda cls: or_(cls.seen_by.is_(None), cls.seen_by == user_id),
            include_aliases=True,
        ),
        with_loader_criteria(
            Belonging,
            lambda cls: or_(cls.workspace_id == workspace_id, cls.user_id == user_id),
            include_aliases=True,
        ),
    )


@event.listens_for(Session, "before_flush")
def _stamp_new_rows(session: Session, *_: object) -> None:
    """Give new rows their workspace, and the instant of the Context that makes them."""
    transaction: Transaction = session.info["transaction"]
    scope, now = transaction.scope, transaction.now
    for row in session.new:
        if isinstance(row, Versioned) and now is not None:
            row.created_at = row.created_at or now
            row.updated_at = row.updated_at or now
        if isinstance(scope, Scope) and isinstance(row, InWorkspace | Belonging):
            row.workspace_id = row.workspace_id or scope.workspace_id
            if row.workspace_id != scope.workspace_id:
                raise RuntimeError("a row for another workspace")
        if isinstance(scope, Scope) and isinstance(row, Private):
            if scope.user_id is None:
                raise RuntimeError("a private row of nobody")
            row.user_id = row.user_id or scope.user_id
            if row.user_id != scope.user_id:
                raise RuntimeError("a private row of another member")
        user_id = scope.user_id if isinstance(scope, Scope) else None
        if user_id and isinstance(row, Unshared) and row.seen_by not in (None, user_id):
            raise RuntimeError("a row for the eyes of another member")


@dataclass(slots=True)
class Transaction:
    """One checked-out connection in one transaction.

    Hot reads and the kernel's own statements use `driver` as it is. `session` is SQLAlchemy on the
    same connection, made when first asked for, so a request that needs no ORM pays for none.
    """

    engine: AsyncEngine
    pool: Pool
    pooled: PoolProxiedConnection
    scope: Scope | SystemScope | None = None
    now: datetime | None = None
    _session: AsyncSession | None = None

    @property
    def driver(self) -> psycopg.AsyncConnection[Any]:
        """Return psycopg's connection; statements on it carry their own workspace condition."""
        return cast("psycopg.AsyncConnection[Any]", self.pooled.driver_connection)

    @property
    def is_lost(self) -> bool:
        """Tell whether the connection is gone; SQLAlchemy keeps none that broke under it."""
        return self.pooled.driver_connection is None or self.driver.closed

    @property
    def session(self) -> AsyncSession:
        """Return the ORM session of this transaction; without a scope it runs nothing."""
        if self._session is None:
            connection = Connection(self.engine.sync_engine, self.pooled)
            bound = AsyncConnection(self.engine, connection)
            self._session = AsyncSession(bound, expire_on_commit=False, info={"transaction": self})
        return self._session

    async def enter(
        self,
        scope: Scope | SystemScope,
        *,
        changeset_id: UUID | None = None,
        workspace_id: UUID | None = None,
    ) -> None:
        """Say whose rows may be touched, to the session and to the database, in one round trip.

        `changeset_id` allows writes; `workspace_id` names the ledger that a system scope writes to.
        """
        tenant = scope.workspace_id if isinstance(scope, Scope) else workspace_id
        user = scope.user_id if isinstance(scope, Scope) else None
        role = SYSTEM_ROLE if isinstance(scope, SystemScope) else APP_ROLE
        self.scope = scope
        await self.driver.execute(
            "SELECT set_config('selfos.workspace', %s, true), set_config('selfos.user', %s, true),"
            " set_config('selfos.changeset', %s, true), set_config('role', %s, true)",
            (str(tenant or ""), str(user or ""), str(changeset_id or ""), role),
        )

    async def flush(self) -> None:
        """Send what the ORM has not sent yet."""
        if self._session is not None:
            await self._session.flush()

    async def commit(self) -> None:
        """Make it so."""
        if self._session is not None:
            await self._session.commit()
        await self.driver.commit()

    async def release(self) -> None:
        """Give the connection back; what was not committed is undone."""
        if self._session is not None:
            await self._session.close()
        if self.pooled.driver_connection is None:
            return  # cancelled in the middle of a statement; SQLAlchemy has thrown it away
        if not self.driver.closed:
            with suppress(psycopg.OperationalError):
                await self.driver.rollback()
        broken = self.driver.closed
        # Meanwhile another one may have broken and its pool been replaced: to an old pool nobody
        # comes for connections, so it would never be closed there.
        is_wanted = self.pool is self.engine.pool
        if is_wanted and self.driver.info.transaction_status is TransactionStatus.IDLE:
            if self.driver.autocommit:
                await self.driver.set_autocommit(False)
            self.pooled.close()
            return
        await greenlet_spawn(self.pooled.invalidate)
        if broken and is_wanted:
            # The server has probably gone away; its other connections are no better.
            await self.engine.dispose()


class Database:
    """One engine and its transactions."""

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 16,
        wait_seconds: float = 5.0,
        prepared_statements: bool = True,
    ) -> None:
        """`url` is a libpq URL; connections are opened when first needed."""
        self.url = url
        self.engine: AsyncEngine = create_async_engine(
            "postgresql+psycopg://",
            async_creator=lambda: self._connect(prepared_statements=prepared_statements),
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=wait_seconds,
            pool_use_lifo=True,
            pool_reset_on_return=None,  # `Transaction.release` has rolled back
            hide_parameters=True,  # they are people's words, and errors are logged
        )

    async def _connect(self, *, prepared_statements: bool) -> psycopg.AsyncConnection[Any]:
        connection = await psycopg.AsyncConnection.connect(
            make_conninfo(self.url, application_name="selfos"), autocommit=True
        )
        try:
            if connection.info.user != APP_ROLE:
                await connection.execute(f"SET ROLE {APP_ROLE}")
            await connection.set_autocommit(False)
        except BaseException:  # cancelled, most likely
            await connection.close()
            raise
        if not prepared_statements:
            connection.prepare_threshold = None
        return connection

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Transaction]:
        """Open a transaction without a scope; it runs nothing until `enter`. The caller commits."""
        pool = self.engine.pool
        try:
            transaction = Transaction(self.engine, pool, await self.engine.raw_connection())
        except PoolTimeout as error:
            raise unavailable("All database connections are busy; try again shortly.") from error
        except (OperationalError, psycopg.OperationalError) as error:
            raise unavailable("The database does not answer; try again shortly.") from error
        try:
            yield transaction
        except (DBAPIError, psycopg.Error) as error:
            if transaction.is_lost:
                raise unavailable("The database connection was lost; try again.") from error
            raise
        finally:
            await transaction.release()

    async def alone(self, statement: bytes, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run one statement as a transaction of its own: one round trip, and its rows.

        No scope is entered, so the statement itself says as whom it runs.
        """
        async with self.transaction() as transaction:
            await transaction.driver.set_autocommit(True)
            cursor = await transaction.driver.execute(statement, values)
            return await cursor.fetchall()

    async def close(self) -> None:
        """Close all pooled connections."""
        await self.engine.dispose()


def unavailable(detail: str) -> Unavailable:
    """Return a 503 that asks the client to come back soon."""
    return Unavailable(detail, headers={"Retry-After": RETRY_AFTER_SECONDS})
