"""What crosses the doors of workspaces."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from selfos.features.identity.schemas import Email, UserView
from selfos.kernel.permissions import Permission, Role
from selfos.kernel.schema import Input, Name, View

InvitationToken = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class WorkspaceKind(StrEnum):
    """What a workspace is for."""

    PERSONAL = "personal"
    SAMPLE = "sample"
    TEAM = "team"


class MemberStatus(StrEnum):
    """Whether a membership counts. A removed one stays as the name behind old changes."""

    ACTIVE = "active"
    REMOVED = "removed"


class WorkspaceCreate(Input):
    """A new team. Its id is ours: where all workspaces share ids, a chosen one could betray one."""

    name: Name


class WorkspaceUpdate(Input):
    """What may change of a workspace."""

    name: Name


class MemberUpdate(Input):
    """What may change of a member."""

    role: Role


class InvitationCreate(Input):
    """Whom to invite, as what."""

    email: Email
    role: Role = Role.MEMBER


class InvitationUse(Input):
    """The token from an invitation."""

    token: InvitationToken


class WorkspaceView(View):
    """A workspace, as one of its members sees it."""

    id: UUID
    name: str
    kind: WorkspaceKind
    role: Role
    created_at: datetime
    version: int


class WorkspaceList(View):
    """All workspaces of one person."""

    items: list[WorkspaceView]


class MemberView(View):
    """Somebody in this workspace."""

    id: UUID
    user_id: UUID
    name: str
    email: str
    role: Role
    status: MemberStatus
    created_at: datetime
    version: int


class MemberList(View):
    """Everybody in this workspace."""

    items: list[MemberView]


class InvitationView(View):
    """An open invitation; only the answer that makes it shows the link."""

    id: UUID
    email: str
    role: Role
    accept_url: str | None
    expires_at: datetime


class InvitationList(View):
    """All open invitations."""

    items: list[InvitationView]


class MeView(View):
    """Who I am, where I am, and what I may do here."""

    user: UserView
    workspace: WorkspaceView
    workspaces: list[WorkspaceView]
    role: Role
    permissions: list[Permission]
