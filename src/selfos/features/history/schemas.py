"""How history looks from outside."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from selfos.kernel.documents import PageQuery
from selfos.kernel.ledger.models import ActorKind, ChangeKind, Door
from selfos.kernel.schema import Input, Page, View


class ActorView(View):
    """Who did it; `name` is null for the system."""

    kind: ActorKind
    user_id: UUID | None
    name: str | None


class ChangesetView(View):
    """One transaction. `label` says what it did; `undone_by` is the changeset that took it back."""

    id: UUID
    seq: int
    door: Door
    actor: ActorView
    label: str
    at: datetime
    changes_count: int
    undo_of: UUID | None
    undone_by: UUID | None
    undoable: bool


class ChangesetPage(Page):
    """Newest first."""

    items: list[ChangesetView]


class ChangeView(View):
    """What happened to one row; for an update only the fields that changed."""

    entity: str
    entity_id: UUID
    kind: ChangeKind
    title: str | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class ChangesetDetail(ChangesetView):
    """A changeset with every row it touched, in order."""

    changes: list[ChangeView]


class HistoryQuery(PageQuery):
    """Narrow history to one object."""

    entity: Annotated[str | None, Field(max_length=40, pattern=r"^[a-z_]+$")] = None
    entity_id: UUID | None = None


class UndoRequest(Input):
    """`partial` takes back what can be, leaving fields that changed since."""

    partial: bool = False


class Conflict(View):
    """Fields that no longer hold what the changeset wrote; "*" is a row carried along."""

    entity: str
    entity_id: UUID
    title: str | None
    fields: list[str]


class UndoResult(View):
    """The new changeset, and what a partial undo left alone."""

    changeset_id: UUID
    conflicts: list[Conflict]
