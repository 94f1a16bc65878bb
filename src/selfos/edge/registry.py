"""The slices, by hand: what each brings to HTTP, to assistants, to the handlers, to the clock."""

from __future__ import annotations

from selfos.features.agenda import routes as agenda_routes
from selfos.features.agenda import tools as agenda_tools
from selfos.features.ai import jobs as ai_jobs
from selfos.features.ai import routes as ai_routes
from selfos.features.ai import tools as ai_tools
from selfos.features.assistant import jobs as assistant_jobs
from selfos.features.assistant import routes as assistant_routes
from selfos.features.calendar import jobs as calendar_jobs
from selfos.features.calendar import routes as calendar_routes
from selfos.features.capture import routes as capture_routes
from selfos.features.feedback import jobs as feedback_jobs
from selfos.features.feedback import routes as feedback_routes
from selfos.features.focus import jobs as focus_jobs
from selfos.features.focus import routes as focus_routes
from selfos.features.habits import jobs as habits_jobs
from selfos.features.habits import routes as habits_routes
from selfos.features.habits import tools as habits_tools
from selfos.features.history import routes as history_routes
from selfos.features.history import tools as history_tools
from selfos.features.identity import jobs as identity_jobs
from selfos.features.identity import routes as identity_routes
from selfos.features.identity import tools as identity_tools
from selfos.features.insights import jobs as insights_jobs
from selfos.features.insights import routes as insights_routes
from selfos.features.journal import jobs as journal_jobs
from selfos.features.journal import routes as journal_routes
from selfos.features.memory import jobs as memory_jobs
from selfos.features.memory import routes as memory_routes
from selfos.features.moderation import routes as moderation_routes
from selfos.features.notes import jobs as notes_jobs
from selfos.features.notes import routes as notes_routes
from selfos.features.notes import tools as notes_tools
from selfos.features.notifications import jobs as notifications_jobs
from selfos.features.notifications import routes as notifications_routes
from selfos.features.planning import jobs as planning_jobs
from selfos.features.planning import routes as planning_routes
from selfos.features.planning import tools as planning_tools
from selfos.features.progress import jobs as progress_jobs
from selfos.features.progress import routes as progress_routes
from selfos.features.sample import jobs as sample_jobs
from selfos.features.sample import routes as sample_routes
from selfos.features.search import routes as search_routes
from selfos.features.search import tools as search_tools
from selfos.features.stories import jobs as stories_jobs
from selfos.features.stories import routes as stories_routes
from selfos.features.sync import jobs as sync_jobs
from selfos.features.sync import routes as sync_routes
from selfos.features.workspaces import jobs as workspaces_jobs
from selfos.features.workspaces import routes as workspaces_routes
from selfos.kernel.idempotency import forget_old_keys
from selfos.kernel.jobs import Jobs, Schedule
from selfos.kernel.tools import Toolbox

# Addresses are tried in this order, so the busiest come first.
ROUTERS = (
    agenda_routes.router,
    *planning_routes.ROUTERS,
    *habits_routes.ROUTERS,
    *identity_routes.ROUTERS,
    *workspaces_routes.ROUTERS,
    *notes_routes.ROUTERS,
    journal_routes.router,
    calendar_routes.router,
    focus_routes.router,
    *insights_routes.ROUTERS,
    capture_routes.router,
    *ai_routes.ROUTERS,
    memory_routes.router,
    *assistant_routes.ROUTERS,
    moderation_routes.router,
    feedback_routes.router,
    *notifications_routes.ROUTERS,
    *progress_routes.ROUTERS,
    history_routes.router,
    *search_routes.ROUTERS,
    stories_routes.router,
    sample_routes.router,
    sync_routes.router,
)
TOOLS = Toolbox(
    (
        *identity_tools.TOOLS,
        *agenda_tools.TOOLS,
        *search_tools.TOOLS,
        *planning_tools.TOOLS,
        *habits_tools.TOOLS,
        *notes_tools.TOOLS,
        *ai_tools.TOOLS,
        *history_tools.TOOLS,
    )
)
HANDLERS = (
    *identity_jobs.HANDLERS,
    *workspaces_jobs.HANDLERS,
    *planning_jobs.HANDLERS,
    *stories_jobs.HANDLERS,
    *memory_jobs.HANDLERS,
    *feedback_jobs.HANDLERS,
    *notifications_jobs.HANDLERS,
    *progress_jobs.HANDLERS,
)
JOBS = (
    *identity_jobs.JOBS,
    *focus_jobs.JOBS,
    *progress_jobs.JOBS,
    *memory_jobs.JOBS,
    *assistant_jobs.JOBS,
    *workspaces_jobs.JOBS,
    *planning_jobs.JOBS,
    *stories_jobs.JOBS,
    *sample_jobs.JOBS,
    *insights_jobs.JOBS,
    *notifications_jobs.JOBS,
)
SCHEDULES = (
    *ai_jobs.SCHEDULES,
    *identity_jobs.SCHEDULES,
    *workspaces_jobs.SCHEDULES,
    *planning_jobs.SCHEDULES,
    *habits_jobs.SCHEDULES,
    *notes_jobs.SCHEDULES,
    *journal_jobs.SCHEDULES,
    *calendar_jobs.SCHEDULES,
    *focus_jobs.SCHEDULES,
    *insights_jobs.SCHEDULES,
    *memory_jobs.SCHEDULES,
    *stories_jobs.SCHEDULES,
    *progress_jobs.SCHEDULES,
    *sync_jobs.SCHEDULES,
    *notifications_jobs.SCHEDULES,
    Schedule("idempotency.forget", "17 * * * *", forget_old_keys),
)
WATCHES = (*notifications_jobs.WATCHES,)


def make_jobs(*, retry_seconds: float = 2.0) -> Jobs:
    """Return the queue with everything the slices registered."""
    return Jobs(HANDLERS, JOBS, SCHEDULES, WATCHES, retry_seconds=retry_seconds)
