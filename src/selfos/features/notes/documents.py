"""How notes and comments are shown."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, func

from selfos.features.habits import service as habits
from selfos.features.identity import service as identity
from selfos.features.notes.models import COMMENT_TARGETS, NOTE_TARGETS, Comment, Note
from selfos.features.planning import service as planning
from selfos.kernel.documents import Documents

HABIT = "habit_id"
# What planning keeps; habits are asked for by themselves.
NOUNS = {name: planning.Entity(name.removesuffix("_id")) for name in NOTE_TARGETS if name != HABIT}


def _plain(model: Any, *names: str) -> dict[str, ColumnElement[Any]]:
    return {name: getattr(model, name) for name in names}


NOTES = Documents(
    Note,
    _plain(Note, "id", *NOTE_TARGETS)
    | {
        "target_title": func.coalesce(
            habits.title_of(Note), *(planning.title_of(noun, Note) for noun in NOUNS.values())
        )
    }
    | _plain(Note, "title", "body", "pinned", "author_id")
    | {"author_name": identity.name_of(Note.author_id)}
    | _plain(Note, "deleted_at", "created_at", "updated_at", "version"),
)
COMMENTS = Documents(
    Comment,
    _plain(Comment, "id", *COMMENT_TARGETS, "body", "mentions", "author_id")
    | {"author_name": identity.name_of(Comment.author_id)}
    | _plain(Comment, "edited_at", "created_at", "updated_at", "version"),
)
