"""The table of saved filters: questions that are asked again."""

from __future__ import annotations

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from selfos.features.planning.schemas.words import Hue
from selfos.kernel.database import Model, Tenant, Versioned
from selfos.kernel.tables import of_tenant


class SavedFilter(Tenant, Versioned, Model):
    """A filter with a name, in canonical text; favourites stand in the side bar."""

    __tablename__ = "saved_filters"
    __table_args__ = (
        of_tenant(),
        Index("saved_filters_position_idx", "workspace_id", "position", "id"),
    )

    name: Mapped[str]
    query: Mapped[str]
    icon: Mapped[str]
    color: Mapped[Hue]
    favourite: Mapped[bool]
    position: Mapped[str]
