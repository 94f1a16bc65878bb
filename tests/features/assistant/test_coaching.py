"""State to help: more than sixty lives, and the one thing the coach should see first in each."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfos.features.assistant.coaching.choosing import PER_DAY, choose, findings
from selfos.features.assistant.coaching.muting import allowance, muted
from selfos.features.assistant.coaching.offers import OFFERS, offer
from selfos.features.assistant.coaching.signals import Idea, Life
from selfos.features.assistant.coaching.welcome import Shown
from selfos.features.assistant.coaching.wording import HEADLINES, WORDS, say
from selfos.features.assistant.schemas.words import Help, NudgeStatus
from selfos.features.identity.schemas import Tone
from selfos.features.planning.schemas.words import PathState
from tests.features.assistant.lives import QUIET, TODAY, goal, habit, life, number, task

NONE = (None, None)
YESTERDAY = TODAY - timedelta(days=1)
HABITS: list[tuple[str, dict[str, Any], tuple[str | None, Help | None]]] = [
    ("seven days", {"done_today": True, "streak": 7}, ("streak_mark", Help.CELEBRATE)),
    ("thirty days", {"done_today": True, "streak": 30}, ("streak_mark", Help.CELEBRATE)),
    ("a year", {"done_today": True, "streak": 365}, ("streak_mark", Help.CELEBRATE)),
    (
        "four weeks",
        {"done_today": True, "streak": 4, "unit": "weeks"},
        ("streak_mark", Help.CELEBRATE),
    ),
    (
        "three months",
        {"done_today": True, "streak": 3, "unit": "months"},
        ("streak_mark", Help.CELEBRATE),
    ),
    ("eight days", {"done_today": True, "streak": 8, "best": 40}, NONE),
    ("best so far", {"done_today": True, "streak": 9, "best": 9}, ("best_streak", Help.CELEBRATE)),
    ("two are no best", {"done_today": True, "streak": 2, "best": 2}, NONE),
    ("at stake", {"due": True, "streak": 12, "best": 12}, ("streak_at_stake", Help.IF_THEN)),
    ("short streak, due", {"due": True, "streak": 3, "best": 12}, NONE),
    (
        "yesterday left out",
        {"unrecorded": YESTERDAY, "streak": 12},
        ("yesterday_unrecorded", Help.RECORD),
    ),
    ("a good start", {"age_days": 4, "done_14": 3}, ("good_start", Help.CELEBRATE)),
    ("a start", {"age_days": 4, "done_14": 1}, NONE),
    (
        "new without an anchor",
        {"age_days": 0, "due": True, "gap_days": None},
        ("no_anchor_yet", Help.IF_THEN),
    ),
    (
        "new with a reminder",
        {"age_days": 0, "due": True, "gap_days": None, "has_reminder": True},
        NONE,
    ),
    (
        "left for three weeks",
        {"gap_days": 22, "missed_14": 14, "missed_7": 7},
        ("habit_asleep", Help.DROP),
    ),
    (
        "never once done",
        {"gap_days": None, "age_days": 40, "missed_14": 14},
        ("habit_asleep", Help.DROP),
    ),
    ("paused for three weeks", {"gap_days": 22}, NONE),
    (
        "mostly missed",
        {"done_14": 4, "missed_14": 10, "missed_7": 5},
        ("mostly_missed", Help.SHRINK),
    ),
    ("mostly missed, weekly", {"done_14": 1, "missed_14": 3}, ("mostly_missed", Help.SHRINK)),
    ("asked too rarely to tell", {"done_14": 0, "missed_14": 3, "gap_days": 15}, NONE),
    (
        "slipping",
        {"done_14": 10, "missed_14": 3, "missed_7": 3},
        ("slipping", Help.REANCHOR),
    ),
    ("one miss", {"done_14": 12, "missed_14": 1, "missed_7": 1}, NONE),
    (
        "budget spent",
        {"budget": 2, "forgiven": 2, "done_14": 10, "missed_14": 2, "missed_7": 1},
        ("budget_spent", Help.REANCHOR),
    ),
    ("budget left", {"budget": 2, "forgiven": 1, "done_14": 10}, NONE),
    (
        "back again",
        {"done_today": True, "streak": 1, "best": 20, "missed_7": 5, "missed_14": 8, "done_14": 3},
        ("habit_comeback", Help.CELEBRATE),
    ),
    ("clean for thirty", {"limit": True, "streak": 30}, ("clean_mark", Help.CELEBRATE)),
    (
        "over the limit",
        {"limit": True, "missed_14": 4, "missed_7": 2},
        ("over_the_limit", Help.IF_THEN),
    ),
    (
        "one slip",
        {"limit": True, "missed_14": 1, "missed_7": 1, "best": 20},
        ("one_slip", Help.IF_THEN),
    ),
    ("a limit kept", {"limit": True, "streak": 12}, NONE),
]
TASKS: list[tuple[str, dict[str, Any], tuple[str | None, Help | None]]] = [
    ("moved twice", {"moves": 2}, NONE),
    ("moved three times", {"moves": 3}, ("moved_often", Help.SHRINK)),
    ("moved five times", {"moves": 5, "overdue_days": 1}, ("moved_often", Help.SHRINK)),
    ("moved six times", {"moves": 6}, ("moved_endlessly", Help.DROP)),
    ("one day late", {"overdue_days": 1}, NONE),
    ("late and first", {"overdue_days": 1, "priority": 1}, ("important_overdue", Help.RESCHEDULE)),
    ("three days late", {"overdue_days": 3}, ("overdue", Help.RESCHEDULE)),
    ("thirteen days late", {"overdue_days": 13}, ("overdue", Help.RESCHEDULE)),
    ("two weeks late", {"overdue_days": 14}, ("long_overdue", Help.DROP)),
    ("a year late", {"overdue_days": 365}, ("long_overdue", Help.DROP)),
    ("big and whole", {"minutes": 180}, ("big_and_whole", Help.SHRINK)),
    ("big with steps", {"minutes": 180, "steps": 3}, NONE),
    ("small", {"minutes": 30}, NONE),
]
GOALS: list[tuple[str, dict[str, Any], tuple[str | None, Help | None]]] = [
    ("off its path", {"state": PathState.OFF}, ("off_path", Help.SHRINK)),
    ("off and asleep", {"state": PathState.OFF, "idle_days": 50}, ("off_and_asleep", Help.DROP)),
    ("at risk", {"state": PathState.AT_RISK}, ("at_risk", Help.IF_THEN)),
    ("ahead", {"state": PathState.AHEAD}, ("ahead", Help.CELEBRATE)),
    ("on its path", {"state": PathState.ON}, NONE),
    ("without a step", {"open_tasks": 0}, ("no_next_step", Help.PLAN)),
    (
        "carried by its numbers",
        {"open_tasks": 0, "state": PathState.AHEAD, "progress": 0.97},
        ("ahead", Help.CELEBRATE),
    ),
    ("fed by a habit", {"open_tasks": 0, "fed_by_habit": True}, NONE),
    ("reached", {"open_tasks": 0, "progress": 1.0}, ("goal_reached", Help.CELEBRATE)),
    ("nearly there", {"progress": 0.92}, ("nearly_there", Help.IF_THEN)),
    ("over", {"days_left": -3}, ("goal_over", Help.RESCHEDULE)),
    (
        "over and asleep",
        {"days_left": -90, "idle_days": 60},
        ("goal_over_and_asleep", Help.DROP),
    ),
    ("a late sprint", {"days_left": 5, "progress": 0.2}, ("late_sprint", Help.RESCHEDULE)),
    ("a good sprint", {"days_left": 5, "progress": 0.8}, NONE),
    ("idle", {"idle_days": 20}, ("goal_idle", Help.SHRINK)),
    ("asleep", {"idle_days": 60}, ("goal_asleep", Help.DROP)),
    ("never begun", {"idle_days": None, "age_days": 50}, ("goal_asleep", Help.DROP)),
    ("young and not begun", {"idle_days": None, "age_days": 3}, NONE),
]
DAYS: list[tuple[str, dict[str, Any], tuple[str | None, Help | None]]] = [
    (
        "a heap",
        {"overdue": tuple(task(n, overdue_days=n) for n in range(1, 7))},
        ("heap_overdue", Help.RESCHEDULE),
    ),
    ("a full inbox", {"inbox": 12}, ("full_inbox", Help.PLAN)),
    ("a full day", {"due": tuple(task(n) for n in range(9))}, ("day_too_full", Help.RESCHEDULE)),
    (
        "too many hours",
        {"due": (task(1, minutes=300, steps=2), task(2, minutes=240, steps=2))},
        ("day_too_full", Help.RESCHEDULE),
    ),
    ("a done day", {"done_today": 4}, ("day_done", Help.CELEBRATE)),
    ("an empty day", {"startable": 3}, ("empty_day", Help.PLAN)),
    (
        "overcommitted",
        {
            "done_28": 20,
            "done_7": 5,
            "done_before_7": 5,
            "planned_7": 11,
            "soon": tuple(task(n) for n in range(11)),
        },
        ("overcommitted", Help.RESCHEDULE),
    ),
    (
        "a tight week",
        {"done_28": 20, "done_7": 5, "done_before_7": 5, "planned_7": 7},
        ("tight_week", Help.RESCHEDULE),
    ),
    ("too little to tell", {"done_28": 4, "done_7": 2, "done_before_7": 2, "planned_7": 9}, NONE),
    ("a standstill", {"done_28": 6, "open_tasks": 9}, ("standstill", Help.SHRINK)),
    ("back after a pause", {"done_28": 9, "done_7": 5}, ("comeback_week", Help.CELEBRATE)),
    (
        "a better week",
        {"done_28": 10, "done_7": 6, "done_before_7": 4},
        ("better_week", Help.CELEBRATE),
    ),
    (
        "a slower week",
        {"done_28": 10, "done_7": 2, "done_before_7": 8},
        ("slower_week", Help.SHRINK),
    ),
    ("an even week", {"done_28": 20, "done_7": 5, "done_before_7": 5}, NONE),
    ("no goal", {"goals": ()}, ("no_goal", Help.PLAN)),
    ("nothing at all", {"goals": (), "open_tasks": 0}, ("nothing_yet", Help.PLAN)),
    (
        "too many habits",
        {"habits": tuple(habit(n, strength=0.2) for n in range(60, 68))},
        ("too_many_habits", Help.DROP),
    ),
    (
        "many habits that hold",
        {"habits": tuple(habit(n, strength=0.8) for n in range(60, 68))},
        NONE,
    ),
    (
        "too many goals",
        {"goals": tuple(goal(n, idle_days=20) for n in range(70, 76))},
        ("too_many_goals", Help.DROP),
    ),
]


def first(of: Life) -> tuple[str | None, Help | None]:
    chosen = choose(of)
    return (chosen[0].state, chosen[0].help) if chosen else NONE


def test_there_are_sixty_lives_and_more() -> None:
    assert len(HABITS) + len(TASKS) + len(GOALS) + len(DAYS) >= 60


@pytest.mark.parametrize(("state", "expected"), [pytest.param(*c[1:], id=c[0]) for c in HABITS])
def test_a_habit_gets_the_help_that_fits(
    state: dict[str, Any], expected: tuple[str | None, Help | None]
) -> None:
    assert first(life(habits=(habit(**state),))) == expected


@pytest.mark.parametrize(("state", "expected"), [pytest.param(*c[1:], id=c[0]) for c in TASKS])
def test_a_task_gets_the_help_that_fits(
    state: dict[str, Any], expected: tuple[str | None, Help | None]
) -> None:
    place = "overdue" if state.get("overdue_days") else "due"
    assert first(life(**{place: (task(**state),)})) == expected


@pytest.mark.parametrize(("state", "expected"), [pytest.param(*c[1:], id=c[0]) for c in GOALS])
def test_a_goal_gets_the_help_that_fits(
    state: dict[str, Any], expected: tuple[str | None, Help | None]
) -> None:
    assert first(life(goals=(goal(**state),))) == expected


@pytest.mark.parametrize(("state", "expected"), [pytest.param(*c[1:], id=c[0]) for c in DAYS])
def test_a_day_gets_the_help_that_fits(
    state: dict[str, Any], expected: tuple[str | None, Help | None]
) -> None:
    assert first(life(**state)) == expected


def test_every_state_is_told_of_in_every_tone_with_its_numbers_and_a_question() -> None:
    known: set[str] = set()
    for _, state, _ in HABITS:
        known |= tell(life(habits=(habit(**state),)))
    for _, state, _ in TASKS:
        known |= tell(life(overdue=(task(**state),)))
    for _, state, _ in GOALS:
        known |= tell(life(goals=(goal(**state),)))
    for _, state, _ in DAYS:
        known |= tell(life(**state))
    known |= tell(life(ideas=IDEAS))
    assert known == set(WORDS)


IDEAS = (
    Idea(id=number(1), title="A", state="next_goal", sentence="1 of 9.", form={"title": "Walk"}),
    Idea(id=number(2), title="B", state="goal_habit", sentence="2 of 4.", form={"title": "Sit"}),
    Idea(id=number(3), title="C", state="better_time", sentence="After 20:00.", time="20:00"),
)


def tell(of: Life) -> set[str]:
    found = findings(of)
    for finding in found:
        for tone in Tone:
            said = say(finding, tone)
            assert said.headline == HEADLINES[tone][finding.help]
            assert said.question.endswith("?")
            assert "{" not in said.reason
            assert re.search(r"\d|path|no open task|reached|nothing|back|new|soon", said.reason)
        calls = offer(finding, of)
        assert bool(calls) == (finding.state in OFFERS)
        assert all("reason" in call.arguments or call.tool == "decompose_goal" for call in calls)
    return {finding.state for finding in found}


def test_one_day_is_one_day() -> None:
    finding = findings(life(goals=(goal(days_left=-1),)))[0]
    assert "1 day ago" in say(finding, Tone.FRIENDLY).reason


def test_no_more_than_three_things_are_said_and_one_of_them_is_good() -> None:
    busy = life(
        overdue=(task(1, moves=7), task(2, overdue_days=20)),
        goals=(goal(90, state=PathState.OFF), goal(91, open_tasks=0)),
        habits=(habit(50, done_14=2, missed_14=12), habit(51, done_today=True, streak=30)),
    )
    said = choose(busy)
    assert len(said) == PER_DAY
    assert any(finding.help is Help.CELEBRATE for finding in said)
    assert len({finding.subject_id for finding in said}) == len(said)


def test_a_heap_is_told_of_once_and_not_task_by_task() -> None:
    heap = life(overdue=tuple(task(n, overdue_days=5) for n in range(1, 9)))
    assert [finding.state for finding in choose(heap)] == ["heap_overdue"]


def test_what_is_dismissed_rests_and_each_time_for_twice_as_long() -> None:
    def rests(days: int, *before: int) -> bool:
        history = [
            Shown("overdue", number(1), TODAY - timedelta(days=each), NudgeStatus.DISMISSED)
            for each in (days, *before)
        ]
        return ("overdue", number(1)) in muted(history, TODAY)

    assert rests(6)
    assert not rests(7)
    assert rests(13, 40)
    assert not rests(14, 40)


def test_a_kind_of_nudge_refused_three_times_is_not_heard_for_a_month() -> None:
    history = [
        Shown("overdue", number(n), TODAY - timedelta(days=20 + n), NudgeStatus.DISMISSED)
        for n in range(3)
    ]
    assert ("overdue", None) in muted(history, TODAY)
    late = life(overdue=(task(7, overdue_days=5),))
    assert choose(late, muted(history, TODAY)) == []


def test_somebody_who_lets_everything_pass_hears_at_most_one_thing_a_day() -> None:
    past: list[Shown] = []
    busy = life(
        overdue=(task(1, moves=7), task(2, overdue_days=20)),
        goals=(goal(90, state=PathState.OFF), goal(91, open_tasks=0)),
        habits=(habit(50, done_14=2, missed_14=12),),
    )
    for day in range(40):
        today = TODAY + timedelta(days=day)
        said = choose(busy, muted(past, today), allowance(past, today))
        past += [Shown(each.state, each.subject_id, today, NudgeStatus.OPEN) for each in said]
        assert day < 14 or len(said) <= 1


def test_what_was_said_on_three_days_without_an_answer_rests_by_itself() -> None:
    history = [
        Shown("overdue", number(1), TODAY - timedelta(days=each), NudgeStatus.OPEN)
        for each in (1, 2, 3)
    ]
    assert ("overdue", number(1)) in muted(history, TODAY)
    assert ("overdue", number(1)) not in muted(history, TODAY + timedelta(days=15))


@given(
    overdue=st.integers(0, 9),
    inbox=st.integers(0, 30),
    done=st.tuples(*[st.integers(0, 50)] * 3),
    planned=st.integers(0, 60),
    most=st.integers(1, 3),
)
def test_the_coach_says_the_same_of_the_same_life(
    overdue: int, inbox: int, done: tuple[int, int, int], planned: int, most: int
) -> None:
    some = life(
        overdue=tuple(task(n, overdue_days=n * 3, moves=n) for n in range(1, overdue + 1)),
        inbox=inbox,
        done_7=done[0],
        done_before_7=done[1],
        done_28=done[2],
        planned_7=planned,
    )
    said = choose(some, (), most)
    assert said == choose(some, (), most)
    assert len(said) <= most
    weights = [finding.weight for finding in findings(some)]
    assert weights == sorted(weights, reverse=True)


def test_a_quiet_life_is_left_alone() -> None:
    assert choose(life()) == []
    assert choose(QUIET)[0].state == "no_goal"
