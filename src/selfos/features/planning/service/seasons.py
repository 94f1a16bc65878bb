"""Changing a path, and looking back on a season: what a goal asks for, changed on purpose."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from selfos.features.planning.events import (
    GoalCompleted,
    GoalPathChanged,
    GoalReopened,
    GoalSeasonEnded,
)
from selfos.features.planning.measuring import GoalReview, PathChange
from selfos.features.planning.models import Goal
from selfos.features.planning.paths import DAY, Knot, Path, exact, standing
from selfos.features.planning.relaying import direction, relaid, rested
from selfos.features.planning.schemas.measuring import (
    PathAdjust,
    PathEdit,
    PathRespite,
    ReviewCreate,
)
from selfos.features.planning.schemas.words import (
    Counting,
    GoalKind,
    GoalStatus,
    PathChangeKind,
    PathState,
    ReviewOutcome,
)
from selfos.features.planning.service import keeping
from selfos.features.planning.service.courses import (
    Course,
    course_of,
    progress_of,
    shown_number,
    stored_knots,
)
from selfos.features.planning.service.goals import surroundings
from selfos.features.planning.service.loading import changeable
from selfos.features.planning.service.paths import is_over
from selfos.kernel.context import Context
from selfos.kernel.errors import Conflict, invalid
from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import Permission

WORDS = {
    PathChangeKind.EASE: "Eased",
    PathChangeKind.STEEPEN: "Steepened",
    PathChangeKind.RESPITE: "Began anew on",
}


async def change_path(ctx: Context, goal_id: UUID, edit: PathEdit) -> PathChange:
    """Lay a goal's path anew after a horizon or, once it is lost, after a rest."""
    ctx.require(Permission.GOAL_WRITE)
    goal = await changeable(ctx, Goal, goal_id)
    course = await course_of(ctx, goal)
    path = _running(course)
    match edit.change:
        case PathAdjust() as wanted:
            turn = course.today + timedelta(days=wanted.horizon_days)
            after = relaid(path, turn, _aim(path, wanted))
            kind = direction(path, after)
        case PathRespite() as wanted:
            turn, after = course.today, _rested(course, path, wanted)
            kind = PathChangeKind.RESPITE
    change = PathChange(
        workspace_id=ctx.workspace_id,
        id=new_id(),
        goal_id=goal.id,
        season_start=goal.start_date,
        day=course.today,
        from_day=turn,
        kind=kind,
        reason=edit.reason,
        before=stored_knots(path),
        after=stored_knots(after),
    )
    ctx.session.add(change)
    goal.target_value, goal.target_date = shown_number(after.last.value), after.last.day
    goal.check()
    ctx.emit(GoalPathChanged(**surroundings(goal), change=kind, from_day=turn))
    ctx.describe(f"{WORDS[kind]} the path of “{goal.title}”")
    return change


def _running(course: Course) -> Path:
    goal = course.goal
    if course.path is None or goal.kind is GoalKind.MILESTONES or goal.start_date is None:
        raise Conflict("This goal has no path that could be changed; change the goal itself.")
    if goal.status is not GoalStatus.ACTIVE:
        raise Conflict(f"This goal is {goal.status}; reopen it first.")
    if course.today <= goal.start_date:
        raise Conflict("The path has not begun; change the goal itself.")
    if is_over(course):
        raise Conflict("This season is over; look back on it to begin another one.")
    return course.path


def _aim(path: Path, wanted: PathAdjust) -> Knot:
    given = wanted.given()
    value = exact(wanted.target_value) if "target_value" in given else path.last.value
    return Knot(given.get("target_date", path.last.day), value)


def _rested(course: Course, path: Path, wanted: PathRespite) -> Path:
    value = course.value or exact(0)
    if standing(path, value, course.today).state is not PathState.OFF:
        raise Conflict("You are on the path; ease it if it asks too much.")
    return rested(
        path, value, course.today, rest_days=wanted.rest_days, keep_date=wanted.keep == "date"
    )


async def review_goal(ctx: Context, goal_id: UUID, review: ReviewCreate) -> GoalReview:
    """Look back on a season: keep what it came to, then put the goal away or begin another."""
    ctx.require(Permission.GOAL_WRITE)
    goal = await changeable(ctx, Goal, goal_id)
    if goal.archived_at is not None:
        raise Conflict("This goal is archived; bring it back first.")
    course = await course_of(ctx, goal)
    kept = _record(ctx, course, review)
    ctx.session.add(kept)
    reached = goal.status is GoalStatus.COMPLETED or kept.progress == 1
    event = GoalSeasonEnded(
        **surroundings(goal), review_id=kept.id, outcome=review.outcome, reached=reached
    )
    if review.outcome is ReviewOutcome.ARCHIVE:
        await _put_away(ctx, goal, review, reached=reached)
    else:
        _renew(ctx, course, review)
    ctx.emit(event)
    return kept


def _record(ctx: Context, course: Course, review: ReviewCreate) -> GoalReview:
    goal, value = course.goal, course.value
    return GoalReview(
        workspace_id=ctx.workspace_id,
        id=new_id(),
        goal_id=goal.id,
        day=course.today,
        outcome=review.outcome,
        reflection=review.reflection,
        start_date=goal.start_date,
        target_date=goal.target_date,
        start_value=goal.start_value,
        target_value=goal.target_value,
        target_unit=goal.target_unit,
        value=None if value is None else shown_number(value),
        progress=progress_of(course),
    )


async def _put_away(ctx: Context, goal: Goal, review: ReviewCreate, *, reached: bool) -> None:
    for name in ("start_value", "target_value", "target_date"):
        if getattr(review, name) is not None:
            raise invalid(f"/{name}", "A goal that is put away leads nowhere; renew it instead.")
    ctx.describe(f"Looked back on “{goal.title}” and put it away")
    await keeping.archive(ctx, Goal, goal.id)
    if reached and goal.status is not GoalStatus.COMPLETED:
        goal.complete(ctx.now)
        ctx.emit(GoalCompleted(**surroundings(goal)))


def _renew(ctx: Context, course: Course, review: ReviewCreate) -> None:
    goal = course.goal
    if goal.target_date is not None and review.target_date is None:
        raise invalid("/target_date", "Say when the new season ends.")
    # A season that still runs ends with today; its numbers are not counted twice.
    starts = course.today if goal.target_date is None or is_over(course) else course.today + DAY
    if review.target_date is not None and review.target_date <= starts:
        raise invalid("/target_date", f"The new season begins on {starts}; end it on a later day.")
    if goal.is_measured and goal.kind is not GoalKind.MAINTAIN:
        goal.start_value = _new_start(course, review)
    if review.target_value is not None:
        goal.target_value = review.target_value
    goal.start_date, goal.target_date = starts, review.target_date
    goal.check()
    ctx.describe(f"Looked back on “{goal.title}” and began another season")
    if goal.status is not GoalStatus.ACTIVE:
        goal.reopen()
        ctx.emit(GoalReopened(**surroundings(goal)))


def _new_start(course: Course, review: ReviewCreate) -> float | None:
    if review.start_value is not None:
        return review.start_value
    goal = course.goal
    rises = (goal.target_value or 0) >= (goal.start_value or 0)
    if goal.counting is Counting.SUM and rises:
        return goal.start_value
    return None if course.value is None else shown_number(course.value)
