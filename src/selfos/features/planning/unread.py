"""Which tasks somebody has not looked at since others changed or discussed them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from selfos.kernel.database import Model, Private
from selfos.kernel.tables import inside, of_member, of_tenant


class UnreadTask(Private, Model):
    """A task that others touched, last at `since`; it goes when its person opens the task.

    A trigger of the ledger writes these rows for everybody but who made the change, so that no
    verb can forget to, and people who are alone have none. They stand in no history themselves.
    """

    __tablename__ = "unread_tasks"
    __table_args__ = (
        of_tenant(),
        of_member(),
        inside("task_id", "tasks", ondelete="CASCADE"),
        Index("unread_tasks_once_key", "workspace_id", "user_id", "task_id", unique=True),
        Index("unread_tasks_task_id_idx", "workspace_id", "task_id"),
    )

    task_id: Mapped[UUID]
    since: Mapped[datetime]
