"""The search index: its documents, what it finds, and how it compares words.

The database fills the index by triggers (`make_searchable` in the migrations) and answers through
functions that confine themselves to the transaction's workspace.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Index,
    Select,
    Text,
    Uuid,
    column,
    func,
    select,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from selfos.kernel.database import InWorkspace, Model, Unshared
from selfos.kernel.tables import of_tenant


class SearchDocument(InWorkspace, Unshared, Model):
    """What one row says: its title, its text, where it belongs, and both texts as lexemes.

    `heading` is the title as search compares it; `vector` also holds the workspace.
    """

    __tablename__ = "search_documents"
    __table_args__ = (
        of_tenant(),
        Index("search_documents_vector_idx", "vector", postgresql_using="gin"),
        Index(
            "search_documents_heading_idx",
            "workspace_id",
            "heading",
            postgresql_ops={"heading": "text_pattern_ops"},
        ),
        Index(
            "search_documents_about_id_idx",
            "workspace_id",
            "about_id",
            postgresql_where=column("about_id").is_not(None),
        ),
        Index("search_documents_updated_at_idx", "workspace_id", "updated_at"),
    )

    entity: Mapped[str] = mapped_column(primary_key=True)
    entity_id: Mapped[UUID] = mapped_column(primary_key=True)
    title: Mapped[str]
    body: Mapped[str]
    heading: Mapped[str]
    about: Mapped[str | None]
    about_id: Mapped[UUID | None]
    closed: Mapped[bool]
    updated_at: Mapped[datetime]
    vector: Mapped[str] = mapped_column(TSVECTOR)


def found_ids(entity: str, words: Sequence[str], phrases: Sequence[str] = ()) -> Select[UUID]:
    """Select the ids of rows that have all of these words, as beginnings, and phrases."""
    found = func.search_ids(entity, _texts(words), _texts(phrases), type_=Uuid())
    return select(found.column_valued("id"))


def documents_found(
    words: Sequence[str], phrases: Sequence[str], *, kinds: Sequence[str], wanted: int
) -> Any:
    """Return the best documents as a table, best first: by title, then by text, newest first."""
    columns = ("entity", "entity_id", "title", "body", "about", "about_id", "closed", "updated_at")
    found = func.search_find(_texts(words), _texts(phrases), _texts(kinds), wanted)
    return found.table_valued(*columns, with_ordinality="place").render_derived(name="found")


def documents_about(entity: str, about: str, model: Any) -> Select[UUID]:
    """Select the documents of one kind that belong to a row of this model."""
    return (
        select(SearchDocument.entity_id)
        .where(
            SearchDocument.workspace_id == model.workspace_id,
            SearchDocument.about_id == model.id,
            SearchDocument.about == about,
            SearchDocument.entity == entity,
        )
        .correlate(model)
    )


def plain(text: Any) -> ColumnElement[str]:
    """Return a text as search compares it: in small letters, without marks on them."""
    return func.search_plain(text, type_=Text())


def _texts(values: Sequence[str]) -> ColumnElement[Sequence[str]]:
    return sql_cast(list(values), ARRAY(Text()))
