"""What happens to memberships."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from selfos.kernel.events import Event
from selfos.kernel.permissions import Role


class MemberJoined(Event):
    """Somebody became a member."""

    type: ClassVar[str] = "member.joined"
    aggregate: ClassVar[str] = "member_id"

    member_id: UUID
    user_id: UUID
    role: Role


class MemberLeft(Event):
    """Somebody left or was removed."""

    type: ClassVar[str] = "member.left"
    aggregate: ClassVar[str] = "member_id"

    member_id: UUID
    user_id: UUID


class MemberRoleChanged(Event):
    """Somebody may do more or less than before."""

    type: ClassVar[str] = "member.role_changed"
    aggregate: ClassVar[str] = "member_id"

    member_id: UUID
    user_id: UUID
    before: Role
    after: Role
