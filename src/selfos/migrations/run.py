"""Brings a database to the newest schema, as its own step and one process at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine

from selfos.features.ai.models import Proposal
from selfos.features.assistant.models import Conversation
from selfos.features.feedback.models import Feedback
from selfos.features.focus.models import FocusSession
from selfos.features.habits.models import Habit
from selfos.features.identity.models import User
from selfos.features.memory.models import Fact
from selfos.features.moderation.models import ListedWord
from selfos.features.notes.models import Note
from selfos.features.planning.measuring import DataPoint
from selfos.features.planning.models import Task
from selfos.features.planning.series import Series
from selfos.features.planning.templates import Template
from selfos.features.planning.unread import UnreadTask
from selfos.features.progress.models import Rollup
from selfos.features.search.models import SavedFilter
from selfos.features.stories.models import Story
from selfos.features.sync.models import SyncOp
from selfos.features.workspaces.models import Workspace
from selfos.kernel.database import Model
from selfos.kernel.idempotency import IdempotencyKey
from selfos.kernel.ledger.models import Changeset
from selfos.kernel.searching import SearchDocument

# Naming one model of each module registers all of its tables.
REGISTERED = (
    Changeset,
    Conversation,
    DataPoint,
    Habit,
    IdempotencyKey,
    Fact,
    Feedback,
    FocusSession,
    ListedWord,
    Note,
    Proposal,
    Rollup,
    Series,
    SavedFilter,
    SearchDocument,
    Story,
    SyncOp,
    Task,
    Template,
    UnreadTask,
    User,
    Workspace,
)
METADATA = Model.metadata
# Any number will do; it must only stay the same, so that two processes meet at the same lock.
MIGRATION_LOCK = 5_307_014


def OURS(_: object, name: str | None, kind: str, *__: object) -> bool:  # noqa: N802
    """Leave the job engine's tables to the job engine."""
    return not (kind == "table" and str(name).startswith("procrastinate_"))


def migrate(url: str) -> None:
    """Apply all missing migrations as the owner."""
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(url))
    config = _config()
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"SELECT pg_advisory_lock({MIGRATION_LOCK})")
            connection.commit()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.exec_driver_sql(f"SELECT pg_advisory_unlock({MIGRATION_LOCK})")
            connection.commit()
    finally:
        engine.dispose()


def differences(connection: Connection) -> list[Any]:
    """Compare the models with the database; empty when the migrations say what the models say."""
    options = {"include_object": OURS, "compare_type": True}
    return compare_metadata(MigrationContext.configure(connection, opts=options), METADATA)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    return config
