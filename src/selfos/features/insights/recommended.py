"""Recommendations in sentences, each with the numbers it rests on."""

from __future__ import annotations

from selfos.features.insights import recommending
from selfos.features.insights.recommending import BetterTime, GoalHabit, NextGoal, Recommended
from selfos.features.insights.schemas import RecommendationKind, RecommendationView
from selfos.features.insights.wording import percent, with_interval

NEEDS = {
    RecommendationKind.NEXT_GOAL: (
        f"{recommending.LEAST_DEEDS} things done in four weeks over {recommending.LEAST_AREAS} life"
        " areas, and an area without a goal that surely gets less than it weighs"
    ),
    RecommendationKind.GOAL_HABIT: (
        f"a goal of {recommending.LEAST_WEEKS} whole weeks that hardly moves, that no habit feeds"
        " and that a playbook knows a rhythm for"
    ),
    RecommendationKind.BETTER_TIME: (
        f"{recommending.LEAST_CHECK_INS} check-ins of a habit on their own day, at hours that"
        " stand out and that its reminder is not at"
    ),
}


def view_of(found: Recommended) -> RecommendationView:
    """Say what is recommended, why, and what would begin it."""
    match found:
        case NextGoal():
            return _goal(found)
        case GoalHabit():
            return _habit(found)
        case BetterTime():
            return _time(found)


def _goal(found: NextGoal) -> RecommendationView:
    area, had, idea = found.area, found.had, found.idea
    return RecommendationView(
        kind=RecommendationKind.NEXT_GOAL,
        subject_id=area.id,
        subject=area.name,
        title=idea.title,
        sentence=f"“{area.name}” gets less than it weighs; “{idea.title}” could be its next goal.",
        reasons=[
            (
                f"“{area.name}” is meant to have {percent(area.meant)} and had {had.count} of"
                f" {had.of} things done in four weeks ({with_interval(had)})."
            ),
            (
                "It has no active goal, and of its playbooks that you have not tried this one asks"
                f" the fewest hours: about {idea.hours_per_week:g} a week for {idea.weeks} weeks."
            ),
        ],
        form={"title": idea.title, "area": str(area.id)},
        reminder_time=None,
    )


def _habit(found: GoalHabit) -> RecommendationView:
    goal = found.goal
    weeks = f"{goal.weeks_moved} of its last {goal.weeks} whole weeks"
    area = {"area": str(goal.area_id)} if goal.area_id else {}
    return RecommendationView(
        kind=RecommendationKind.GOAL_HABIT,
        subject_id=goal.id,
        subject=goal.title,
        title=found.habit,
        sentence=f"A habit could carry “{goal.title}”: {found.habit}.",
        reasons=[
            f"Something was done for “{goal.title}” in {weeks}, and no habit feeds it.",
            f"It is the first rhythm of the playbook “{found.idea.title}”.",
        ],
        form={"title": found.habit, "goal": str(goal.id), **area},
        reminder_time=None,
    )


def _time(found: BetterTime) -> RecommendationView:
    habit, best = found.habit, found.best
    clock = f"{found.hour:02}:00"
    now = f"its reminder is at {', '.join(habit.reminders)}" if habit.reminders else "it has none"
    return RecommendationView(
        kind=RecommendationKind.BETTER_TIME,
        subject_id=habit.id,
        subject=habit.title,
        title=clock,
        sentence=f"“{habit.title}” mostly happens around {clock}; a reminder would fit there.",
        reasons=[
            (
                f"Of {best.done.of} check-ins on their own day in 90 days {best.done.count} were"
                f" written between {best.first:02}:00 and {best.last:02}:00"
                f" ({with_interval(best.done)})."
            ),
            f"As for reminders, {now}.",
        ],
        form=None,
        reminder_time=clock,
    )
