"""The table of templates: trees of tasks to be made again and again."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from selfos.kernel.database import Model, Tenant, Versioned
from selfos.kernel.tables import of_tenant


class Template(Tenant, Versioned, Model):
    """A tree of tasks as an outline: one line for each, by depth, with days counted from a start.

    `tasks` holds `schemas.templates.TemplateTask`, line by line.
    """

    __tablename__ = "templates"
    __table_args__ = (
        of_tenant(),
        Index("templates_name_idx", "workspace_id", "name", "id"),
    )

    name: Mapped[str]
    description: Mapped[str]
    tasks: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
