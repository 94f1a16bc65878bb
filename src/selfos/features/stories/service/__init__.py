"""Telling stories: on request, and following what happens."""

from selfos.features.stories.service.commissioning import write
from selfos.features.stories.service.following import (
    FOLLOWED,
    HANDLER_PREFIX,
    finish_week,
    follow,
)
from selfos.features.stories.service.stories import (
    STORIES,
    commission_other_words,
    commission_story,
    delete_story,
    generate_story_content,
    get_story,
    list_stories,
    regenerate_story,
    update_story,
)
from selfos.features.stories.service.sweeping import (
    DueStory,
    due_weeks,
    purge_deleted,
    workspaces_to_purge,
)

__all__ = [
    "FOLLOWED",
    "HANDLER_PREFIX",
    "STORIES",
    "DueStory",
    "commission_other_words",
    "commission_story",
    "delete_story",
    "due_weeks",
    "finish_week",
    "follow",
    "generate_story_content",
    "get_story",
    "list_stories",
    "purge_deleted",
    "regenerate_story",
    "update_story",
    "workspaces_to_purge",
    "write",
]
