"""What could come next: goals for neglected areas, habits for goals that stand, better times.

Pure. Each rule has a least number of things it rests on and is silent below it; what it says
counts nothing that it does not show.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from selfos.features.ai.service import PlaybookIdea
from selfos.features.insights.behaviour import BestHours, Share, best_hours, share_of

LEAST_DEEDS, LEAST_AREAS = 20, 2
LEAST_WEEKS, STILL_WEEKS = 2, 1
LEAST_CHECK_INS = 12
MOST_OF_A_KIND = 3
# What may be recommended unasked. Events of a life, ills, debts, bodies and other people's hearts
# are nobody's to suggest.
WELCOME = frozenset(
    """
    walk_daily flexibility strength swim public_speaking portfolio certification meditate journal
    focus digital_detox budget save_money friendships volunteer family_history declutter cooking
    garden photography hike drawing dance learn_instrument chess bike_tour read_books
    learn_language learn_programming handcraft
    """.split()
)
# Words in the names people give their areas, by the playbooks' word for the same.
WORDS_OF_AREAS: Mapping[str, str] = {
    "health": "health body fitness sport sports exercise nutrition wellbeing energy",
    "career": "career work job business profession",
    "mind": "mind mental spirit spirituality calm soul self mindfulness",
    "money": "money finance finances financial wealth",
    "people": "people family friends friendship relationship relationships love social community",
    "home": "home house household",
    "play": "play fun hobby hobbies leisure adventure travel creativity art music",
    "growth": "growth learning education study studies skills knowledge development",
}


@dataclass(frozen=True, slots=True)
class AreaState:
    """An area: the share it is meant to have, the things done in it, its active goals."""

    id: UUID
    name: str
    meant: float
    deeds: int
    active_goals: int


@dataclass(frozen=True, slots=True)
class GoalState:
    """An active goal: in how many of its last whole weeks something was done, and its playbook."""

    id: UUID
    title: str
    area_id: UUID | None
    weeks: int
    weeks_moved: int
    has_habit: bool
    playbook: PlaybookIdea | None


@dataclass(frozen=True, slots=True)
class HabitState:
    """A habit: the local hours at which it was checked off on its own day, and its reminders."""

    id: UUID
    title: str
    reminders: Sequence[str]
    hours: Sequence[int]


@dataclass(frozen=True, slots=True)
class NextGoal:
    """A playbook for an area that gets less than it is meant to."""

    area: AreaState
    had: Share
    idea: PlaybookIdea


@dataclass(frozen=True, slots=True)
class GoalHabit:
    """A rhythm for a goal that hardly moves and that no habit feeds."""

    goal: GoalState
    habit: str
    idea: PlaybookIdea


@dataclass(frozen=True, slots=True)
class BetterTime:
    """The hours in which a habit is done, not those of its reminder, and the fullest of them."""

    habit: HabitState
    best: BestHours
    hour: int


Recommended = NextGoal | GoalHabit | BetterTime


def subject_of(name: str, playbooks: Iterable[str] = ()) -> str | None:
    """Return which sort of area this is, by its name or else by its goals' playbooks."""
    words = set(name.lower().replace("&", " ").replace(",", " ").split())
    for subject, known in WORDS_OF_AREAS.items():
        if words & set(known.split()):
            return subject
    counted = Counter(playbooks).most_common(1)
    return counted[0][0] if counted else None


def neglected(areas: Sequence[AreaState]) -> list[tuple[AreaState, Share]]:
    """Return the areas without a goal whose share is surely below what they are meant to have.

    Surely means that even the high end of its 95 % interval is below; the most neglected first.
    """
    whole = sum(area.deeds for area in areas)
    if whole < LEAST_DEEDS or len(areas) < LEAST_AREAS:
        return []
    found = [(area, share_of(area.deeds, whole)) for area in areas]
    short = [(area, had) for area, had in found if had.high < area.meant and not area.active_goals]
    return sorted(short, key=lambda each: (each[1].share - each[0].meant, each[0].name))


def next_goals(
    areas: Sequence[AreaState],
    subjects: Mapping[UUID, str | None],
    ideas: Collection[PlaybookIdea],
    known: Collection[str],
) -> Iterator[NextGoal]:
    """Yield one goal for each neglected area: of its playbooks the one that asks the fewest hours.

    `known` are the playbooks of goals that were ever made; they are not recommended again.
    """
    by_area: dict[str, list[PlaybookIdea]] = defaultdict(list)
    for idea in sorted(ideas, key=lambda each: (each.hours_per_week, each.weeks, each.key)):
        if idea.key in WELCOME and idea.key not in known:
            by_area[idea.area].append(idea)
    for area, had in neglected(areas)[:MOST_OF_A_KIND]:
        fitting = by_area.get(subjects.get(area.id) or "", [])
        if fitting:
            yield NextGoal(area, had, fitting[0])


def goal_habits(goals: Iterable[GoalState]) -> Iterator[GoalHabit]:
    """Yield a rhythm for each goal that has stood long enough and hardly moved."""
    still = [
        goal
        for goal in goals
        if goal.weeks >= LEAST_WEEKS and goal.weeks_moved <= STILL_WEEKS and not goal.has_habit
    ]
    for goal in sorted(still, key=lambda each: (each.weeks_moved, -each.weeks, each.title)):
        if goal.playbook is not None and goal.playbook.habit is not None:
            yield GoalHabit(goal, goal.playbook.habit, goal.playbook)


def better_times(habits: Iterable[HabitState]) -> Iterator[BetterTime]:
    """Yield the hours of each habit that stand out and that no reminder lies in."""
    for habit in habits:
        best = best_hours(habit.hours, least=LEAST_CHECK_INS)
        if best is None:
            continue
        reminded = {int(clock[:2]) for clock in habit.reminders}
        if not reminded & set(range(best.first - 1, best.last)):
            within = Counter(hour for hour in habit.hours if best.first <= hour < best.last)
            yield BetterTime(habit, best, max(within, key=lambda hour: (within[hour], -hour)))
