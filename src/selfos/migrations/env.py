"""Alembic's entry: runs on a connection that `selfos.migrations.run` hands over."""

from __future__ import annotations

from alembic import context

from selfos.migrations.run import METADATA, OURS

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    include_object=OURS,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
