"""Feedback that nobody has to give: what is decided on proposals, and ratings of stories."""

from __future__ import annotations

from selfos.features.ai.events import ProposalApplied, ProposalDiscarded
from selfos.features.feedback import service as feedback
from selfos.features.history.events import ChangesetUndone
from selfos.features.stories.events import StoryGenerated, StoryRated
from selfos.kernel.context import Context
from selfos.kernel.events import Handler


async def proposal_applied(ctx: Context, event: ProposalApplied) -> None:
    """Keep a yes, and the lines it left out."""
    await feedback.hear_decision(ctx, event.proposal_id, applied=True)


async def proposal_discarded(ctx: Context, event: ProposalDiscarded) -> None:
    """Keep a no."""
    await feedback.hear_decision(ctx, event.proposal_id, applied=False)


async def story_rated(ctx: Context, event: StoryRated) -> None:
    """Keep how true it feels."""
    await feedback.hear_rating(ctx, event.story_id, event.rating)


async def story_generated(ctx: Context, event: StoryGenerated) -> None:
    """Take back what was said of other words."""
    await feedback.hear_retelling(ctx, event.story_id, event.user_id)


async def changeset_undone(ctx: Context, event: ChangesetUndone) -> None:
    """Take back what was said by what is undone."""
    await feedback.hear_undo(ctx, event.changeset_id)


HANDLERS = [
    Handler("feedback.applied", ProposalApplied, proposal_applied),
    Handler("feedback.discarded", ProposalDiscarded, proposal_discarded),
    Handler("feedback.rated", StoryRated, story_rated),
    Handler("feedback.retold", StoryGenerated, story_generated),
    Handler("feedback.undone", ChangesetUndone, changeset_undone),
]
