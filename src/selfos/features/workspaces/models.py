"""The tables of workspaces."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Computed, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from selfos.features.workspaces.schemas import MemberStatus, WorkspaceKind
from selfos.kernel.database import Belonging, Model, Tenant, Versioned
from selfos.kernel.permissions import Role
from selfos.kernel.tables import of_tenant, of_user

INVITATION_LIFE = timedelta(days=7)


class Workspace(Versioned, Model):
    """A workspace; its id is its tenant's. Seen from inside and by its active members."""

    __tablename__ = "workspaces"
    __table_args__ = (ForeignKeyConstraint(["id"], ["tenants.id"], ondelete="CASCADE"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    workspace_id: Mapped[UUID] = mapped_column(Computed("id", persisted=True))
    name: Mapped[str]
    kind: Mapped[WorkspaceKind]


class Member(Belonging, Versioned, Model):
    """One person in one workspace: the only source of rights."""

    __tablename__ = "members"
    __table_args__ = (
        of_tenant(),
        of_user(),
        Index("members_workspace_id_user_id_key", "workspace_id", "user_id", unique=True),
        Index("members_user_id_idx", "user_id"),
    )

    role: Mapped[Role]
    status: Mapped[MemberStatus] = mapped_column(default=MemberStatus.ACTIVE)

    @property
    def active(self) -> bool:
        """Tell whether this membership gives any right."""
        return self.status is MemberStatus.ACTIVE

    def rejoin(self, role: Role) -> None:
        """Come back after having left."""
        self.status, self.role = MemberStatus.ACTIVE, role

    def leave(self) -> None:
        """Keep the name, give up the rights."""
        self.status = MemberStatus.REMOVED


class Invitation(Tenant, Versioned, Model):
    """An open invitation; deleting the row uses it up."""

    __tablename__ = "invitations"
    __table_args__ = (
        of_tenant(),
        of_user("invited_by"),
        Index("invitations_workspace_id_email_key_key", "workspace_id", "email_key", unique=True),
        Index("invitations_invited_by_idx", "invited_by"),
    )

    email: Mapped[str]
    email_key: Mapped[str]
    role: Mapped[Role]
    invited_by: Mapped[UUID]
    expires_at: Mapped[datetime]
