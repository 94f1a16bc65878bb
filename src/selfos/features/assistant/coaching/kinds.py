"""What each kind of nudge looks for, in a few words, and why one is said today."""

from __future__ import annotations

from collections.abc import Mapping

from selfos.features.assistant.coaching.welcome import BOUND, HALF_LIFE, Welcome

KINDS: Mapping[str, str] = {
    "ahead": "goals ahead of their path",
    "at_risk": "goals at risk on their path",
    "better_time": "hours at which a habit is done and its reminder is not",
    "best_streak": "the longest streak of a habit so far",
    "better_week": "a week with more done than the one before",
    "big_and_whole": "tasks of two hours or more in one piece",
    "budget_spent": "habits whose forgiven days of the month are used up",
    "clean_mark": "round numbers of a limit kept",
    "comeback_week": "a week with something done after one without",
    "day_done": "days with everything done",
    "day_too_full": "days with more than eight tasks or eight hours",
    "empty_day": "days without anything due",
    "full_inbox": "an inbox of ten and more",
    "goal_asleep": "goals for which nothing was done in 45 days",
    "goal_habit": "goals that hardly move and that a habit could carry",
    "goal_idle": "goals for which nothing was done in two weeks",
    "goal_over": "goals whose date has passed",
    "goal_over_and_asleep": "goals past their date, without a move in 45 days",
    "goal_reached": "goals that are reached",
    "good_start": "new habits that begin well",
    "habit_asleep": "habits not done for three weeks",
    "habit_comeback": "habits that come back",
    "heap_overdue": "five and more overdue tasks",
    "important_overdue": "overdue tasks of the highest priority",
    "late_sprint": "goals that end within a week and are not half done",
    "long_overdue": "tasks overdue for two weeks and more",
    "moved_endlessly": "tasks moved to a later day six times and more",
    "moved_often": "tasks moved to a later day three times and more",
    "mostly_missed": "habits missed three times out of five",
    "nearly_there": "goals at 90 % and more",
    "next_goal": "life areas that get less than they weigh and have no goal",
    "no_anchor_yet": "new habits without a time",
    "no_goal": "tasks without any goal",
    "no_next_step": "goals without an open task or a habit",
    "nothing_yet": "an empty beginning",
    "off_and_asleep": "goals off their path, without a move in 45 days",
    "off_path": "goals off their path",
    "one_slip": "a single slip of a limit kept well",
    "over_the_limit": "limits passed three times in two weeks",
    "overcommitted": "weeks planned half as full again as usual",
    "overdue": "tasks overdue for three days and more",
    "slipping": "habits left out twice in a week",
    "slower_week": "a week with half as much done as the one before",
    "standstill": "two weeks without anything done",
    "streak_at_stake": "streaks of a week and more that wait for today",
    "streak_mark": "round numbers of a streak",
    "tight_week": "weeks planned a fifth fuller than usual",
    "too_many_goals": "many goals of which several rest",
    "too_many_habits": "many habits of which most are weak",
    "yesterday_unrecorded": "habits without a record for yesterday",
}


def why(
    kind: str, *, place: int, found: int, number: int, allowed: int, welcome: Welcome | None
) -> list[str]:
    """Return why this is said today: what was looked for, its place, its kind's past, the budget.

    `place` is its rank among all that was `found` today; it is the day's `number`th of `allowed`.
    """
    others = f"the {_nth(place)} heaviest of {found} things" if found > 1 else "the only thing"
    rests = "do not rest" if found > 1 else "does not rest"
    return [
        f"The coach looks for {KINDS[kind]}.",
        f"It was {others} found today that {rests}.",
        record(welcome),
        f"It is number {number} of at most {allowed} for the day.",
    ]


def record(welcome: Welcome | None) -> str:
    """Say what became of a kind so far and what that leads to."""
    if welcome is None or not welcome.said:
        return "You have not heard one of this kind before."
    return (
        f"Of {welcome.said} of this kind you took up {welcome.taken_up}, sent away"
        f" {welcome.sent_away} and left {welcome.passed_over} unanswered. Recent ones count more"
        f" (half after {HALF_LIFE.days} days), so one in"
        f" {_one_in(welcome.share)} is expected to be taken up; below one in {1 / BOUND:.0f} the"
        " kind rests."
    )


def _one_in(share: float) -> str:
    return f"{1 / share:.1f}".removesuffix(".0")


def _nth(place: int) -> str:
    ends = {1: "1st", 2: "2nd", 3: "3rd"}
    return ends.get(place, f"{place}th")
