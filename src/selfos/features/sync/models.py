"""Which changes of which device have been dealt with, and which writes lost."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from selfos.features.sync.schemas import ConflictState
from selfos.kernel.database import InWorkspace, Model, Tenant, Unshared, Versioned
from selfos.kernel.errors import Conflict
from selfos.kernel.tables import of_tenant, of_user


class SyncOp(InWorkspace, Model):
    """One change a device has sent, with the answer it got; `id` is the device's own.

    `held` are texts as the device holds them, where merging has made them longer here.
    """

    __tablename__ = "sync_ops"
    __table_args__ = (
        of_tenant(),
        of_user("user_id"),
        Index("sync_ops_changeset_idx", "workspace_id", "changeset_id"),
        Index("sync_ops_hlc_idx", "workspace_id", "hlc"),
        Index("sync_ops_created_at_idx", "created_at"),
    )

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    device: Mapped[UUID]
    # Compared byte by byte: the order of the text is the order of the clocks.
    hlc: Mapped[str] = mapped_column(Text(collation="C"))
    changeset_id: Mapped[UUID]
    held: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    ack: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class SyncConflict(Tenant, Unshared, Versioned, Model):
    """One field of one thing of which two wrote different values without knowing it."""

    __tablename__ = "sync_conflicts"
    __table_args__ = (
        of_tenant(),
        Index("sync_conflicts_state_idx", "workspace_id", "state", "id"),
        Index("sync_conflicts_entity_idx", "workspace_id", "entity_id"),
    )

    entity: Mapped[str]
    entity_id: Mapped[UUID]
    field: Mapped[str]
    kept: Mapped[Any] = mapped_column(JSONB)
    lost: Mapped[Any] = mapped_column(JSONB)
    kept_by: Mapped[UUID | None]
    lost_by: Mapped[UUID | None]
    device: Mapped[UUID]
    state: Mapped[ConflictState]
    settled_at: Mapped[datetime | None]

    def settle(self, state: ConflictState, now: datetime) -> None:
        """Restore or dismiss it once."""
        if self.state is not ConflictState.OPEN:
            raise Conflict(f"This has been {self.state} already.")
        self.state, self.settled_at = state, now
