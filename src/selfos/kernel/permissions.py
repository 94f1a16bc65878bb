"""Who may do what: one vocabulary and the role sets beside it."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """A right, checked in the first line of each verb. Alphabetical."""

    AI_MANAGE = "ai:manage"
    AI_READ = "ai:read"
    AI_USE = "ai:use"
    AREA_READ = "area:read"
    AREA_WRITE = "area:write"
    ASSISTANT_READ = "assistant:read"
    ASSISTANT_WRITE = "assistant:write"
    CALENDAR_READ = "calendar:read"
    CALENDAR_WRITE = "calendar:write"
    COMMENT_READ = "comment:read"
    COMMENT_WRITE = "comment:write"
    CONFLICT_READ = "conflict:read"
    CONFLICT_WRITE = "conflict:write"
    FEEDBACK_READ = "feedback:read"
    FEEDBACK_WRITE = "feedback:write"
    FOCUS_READ = "focus:read"
    FOCUS_WRITE = "focus:write"
    GOAL_READ = "goal:read"
    GOAL_WRITE = "goal:write"
    HABIT_READ = "habit:read"
    HABIT_WRITE = "habit:write"
    HISTORY_READ = "history:read"
    HISTORY_UNDO = "history:undo"
    INSIGHT_READ = "insight:read"
    JOURNAL_READ = "journal:read"
    JOURNAL_WRITE = "journal:write"
    LABEL_READ = "label:read"
    LABEL_WRITE = "label:write"
    MEMBER_MANAGE = "member:manage"
    MEMBER_READ = "member:read"
    MEMORY_READ = "memory:read"
    MEMORY_WRITE = "memory:write"
    NOTE_READ = "note:read"
    NOTE_WRITE = "note:write"
    NOTIFICATION_READ = "notification:read"
    NOTIFICATION_WRITE = "notification:write"
    PROGRESS_READ = "progress:read"
    PROGRESS_WRITE = "progress:write"
    PROJECT_READ = "project:read"
    PROJECT_WRITE = "project:write"
    PROPOSAL_READ = "proposal:read"
    PROPOSAL_WRITE = "proposal:write"
    REMINDER_READ = "reminder:read"
    REMINDER_WRITE = "reminder:write"
    REPORT_READ = "report:read"
    REPORT_WRITE = "report:write"
    STORY_READ = "story:read"
    STORY_WRITE = "story:write"
    TASK_READ = "task:read"
    TASK_WRITE = "task:write"
    WORKSPACE_MANAGE = "workspace:manage"
    WORKSPACE_READ = "workspace:read"


class Role(StrEnum):
    """A member's place in a workspace, from most to least."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"
    GUEST = "guest"


READ = frozenset(p for p in Permission if p.endswith(":read"))
MANAGE = frozenset(p for p in Permission if p.endswith(":manage"))
WORK = frozenset(Permission) - MANAGE

PERMISSIONS_BY_ROLE: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.ADMIN: frozenset(Permission),
    Role.MEMBER: WORK,
    Role.GUEST: READ - {Permission.AI_READ, Permission.HISTORY_READ},
}


def permissions_of(role: Role, *, read_only: bool = False) -> frozenset[Permission]:
    """Return what a role allows; a read-only token narrows it, nothing widens it."""
    granted = PERMISSIONS_BY_ROLE[role]
    return granted & READ if read_only else granted
