"""Every playbook makes sound plans, and a plan that does not fit says so with true ways out."""

import time
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfos.features.ai.planner import PlanDraft, PlanRequest, plan_faults, plan_goal
from selfos.features.ai.planner.feasibility import Case, attempt
from selfos.features.ai.planner.model import week_of
from selfos.features.ai.planner.playbooks import (
    PlaybookError,
    load_playbooks,
    read_playbook,
)
from selfos.features.ai.planner.reading import read_goal
from selfos.features.ai.planner.slots import fill_slots
from selfos.features.ai.planner.validation import FIRST_STEP_MINUTES

TODAY = date(2026, 11, 23)
GOALS = {
    key: next(iter(sorted(playbook.words, key=lambda word: -playbook.words[word])), "zzz")
    for key, playbook in load_playbooks().items()
}


def test_there_are_at_least_sixty_six_playbooks() -> None:
    assert len(load_playbooks()) >= 67


@pytest.mark.parametrize("key", sorted(GOALS))
@pytest.mark.parametrize("weeks", [None, 1, 8, 52])
@pytest.mark.parametrize("hours", [None, 1.0, 12.0])
def test_every_playbook_makes_a_sound_plan(
    key: str, weeks: int | None, hours: float | None
) -> None:
    target = TODAY + timedelta(weeks=weeks) if weeks else None
    draft = plan_goal(
        PlanRequest(title=GOALS[key], today=TODAY, target_date=target, hours_per_week=hours)
    )
    assert draft.playbook == key
    assert plan_faults(draft, TODAY) == ()
    if target:
        assert draft.target_date == target


@settings(max_examples=120, deadline=None)
@given(
    goal=st.sampled_from(sorted(GOALS.values())),
    today=st.dates(date(2024, 1, 1), date(2032, 12, 31)),
    days=st.none() | st.integers(-30, 2000),
    hours=st.none() | st.floats(0.25, 60),
    busy=st.dictionaries(st.integers(0, 30), st.floats(0, 40), max_size=6),
    week_start=st.sampled_from([0, 5, 6]),
)
def test_any_dates_and_hours_make_a_sound_plan(
    goal: str,
    today: date,
    days: int | None,
    hours: float | None,
    busy: dict[int, float],
    week_start: int,
) -> None:
    first = week_of(today, week_start)
    request = PlanRequest(
        title=goal,
        today=today,
        target_date=None if days is None else today + timedelta(days=days),
        hours_per_week=hours,
        busy_hours={first + timedelta(weeks=week): hours for week, hours in busy.items()},
        week_start=week_start,
    )
    draft = plan_goal(request)
    assert plan_faults(draft, today) == ()
    assert draft == plan_goal(request)
    assert all(week.week_start.weekday() == week_start for week in draft.load)
    if days is not None and days < 0:
        assert draft.infeasible is not None


@given(words=st.text(max_size=200), answer=st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_any_words_and_answers_make_a_sound_plan(words: str, answer: str) -> None:
    keys = ("target_date", "hours_per_week", "measure", "obstacle", "distance", "amount")
    for title in (words, f"run {words}", f"save {words}"):
        request = PlanRequest(title=title, today=TODAY, answers=dict.fromkeys(keys, answer))
        faults = plan_faults(plan_goal(request), TODAY)
        assert [fault for fault in faults if "unfilled slot" not in fault] == []


def test_a_week_that_is_promised_elsewhere_stays_empty() -> None:
    away = {date(2026, 12, 7): 40.0, date(2026, 12, 14): 40.0}
    draft = plan_goal(
        PlanRequest(title="Declutter the house", today=TODAY, busy_hours=away, hours_per_week=6)
    )
    load = {week.week_start: week.hours for week in draft.load}
    assert load[date(2026, 12, 7)] == load[date(2026, 12, 14)] == 0
    assert load[date(2026, 12, 21)] > 0
    assert plan_faults(draft, TODAY) == ()


def test_the_first_step_is_small_and_today() -> None:
    for goal in GOALS.values():
        first = plan_goal(PlanRequest(title=goal, today=TODAY)).steps[0]
        assert first.minutes <= FIRST_STEP_MINUTES
        assert first.due == TODAY


def test_without_a_date_every_playbook_fits_its_own_hours() -> None:
    unfit = [
        key
        for key, goal in GOALS.items()
        if plan_goal(PlanRequest(title=goal, today=TODAY)).infeasible
    ]
    assert unfit == []


def test_a_plan_keeps_a_buffer_before_its_date() -> None:
    target = TODAY + timedelta(weeks=30)
    draft = plan_goal(
        PlanRequest(title="Write a blog", today=TODAY, target_date=target, hours_per_week=10)
    )
    last = max(step.due for step in draft.steps)
    assert (target - last).days >= 0.15 * 30 * 7 - 1


@pytest.mark.parametrize(
    ("title", "days", "hours"),
    [
        ("Run a half marathon", 60, 4),
        ("Learn Spanish to B2", 300, 5),
        ("Write a novel of 80,000 words", 365, 5),
        ("Read 40 books", 200, 3),
        ("Lose 12 kg", 60, 5),
        ("Finish my thesis, 80 pages", 98, 15),
    ],
)
def test_the_ways_out_are_true(title: str, days: int, hours: float) -> None:
    target = TODAY + timedelta(days=days)
    request = PlanRequest(title=title, today=TODAY, target_date=target, hours_per_week=hours)
    draft = plan_goal(request)
    assert draft.infeasible is not None
    later, more, smaller = draft.infeasible.ways_out
    day = date.fromisoformat(later.split()[2])
    assert day > target
    assert _again(request, target_date=day).infeasible is None
    if " h a week until" in more:
        enough = float(more.split()[2])
        assert enough > hours
        assert _again(request, hours_per_week=enough).infeasible is None
    assert smaller.startswith("Smaller scope: ")


def _again(
    request: PlanRequest, target_date: date | None = None, hours_per_week: float | None = None
) -> PlanDraft:
    return plan_goal(
        PlanRequest(
            title=request.title,
            today=request.today,
            target_date=target_date or request.target_date,
            hours_per_week=hours_per_week or request.hours_per_week,
        )
    )


def test_a_debt_that_interest_outgrows_is_said_to_be_so() -> None:
    draft = plan_goal(
        PlanRequest(
            title="Pay off my debt of €10,000 in 2 years",
            today=TODAY,
            answers={"rate": "24%", "monthly": "€150"},
        )
    )
    assert draft.infeasible is not None
    assert "a month; you have €150" in draft.infeasible.message


def test_answers_take_the_place_of_assumptions_and_questions() -> None:
    before = plan_goal(PlanRequest(title="Learn a language", today=TODAY))
    answers = {"language": "Welsh", "level": "B1", "level_now": "A1", "hours_per_week": "6"}
    after = plan_goal(
        PlanRequest(
            title="Learn a language", today=TODAY, answers=answers | {"target_date": "May 2028"}
        )
    )
    assert {q.key for q in before.questions} >= {"language", "level", "hours_per_week"}
    assert after.questions == ()
    assert after.target_date == date(2028, 5, 31)
    assert after.confidence > before.confidence
    assert any("Welsh" in step.title for step in after.steps)


def test_a_long_goal_keeps_its_own_words_and_cannot_inject_a_template() -> None:
    draft = plan_goal(PlanRequest(title="Be {mark} of {goal.__class__}", today=TODAY))
    assert "{goal.__class__}" in draft.title
    assert draft.playbook == "generic"


def test_a_bad_playbook_fails_with_its_file_and_field() -> None:
    with pytest.raises(PlaybookError, match=r"bad\.yaml: .*weeks"):
        read_playbook("key: bad\ntitle: Bad one\narea: mind\nsummary: " + "x" * 40, "bad.yaml")
    with pytest.raises(PlaybookError, match=r"bad\.yaml: not valid YAML"):
        read_playbook("key: [", "bad.yaml")


def test_planning_is_fast_once_warm() -> None:
    case = PlanRequest(title="Run a half marathon by June", today=TODAY)
    plan_goal(case)
    begin = time.process_time()
    for _ in range(20):
        plan_goal(case)
    assert (time.process_time() - begin) / 20 < 0.02


def test_smaller_targets_need_fewer_minutes() -> None:
    playbook = load_playbooks()["read_books"]
    reading = read_goal("Read 40 books", "", TODAY)
    case = Case(
        playbook,
        fill_slots(playbook, reading, {}),
        "Read 40 books",
        PlanRequest(title="Read 40 books", today=TODAY),
    )
    finish = TODAY + timedelta(weeks=52)
    whole, half = attempt(case, finish, 5), attempt(case, finish, 5, 0.5)
    assert half.sized.minutes_per_week * 2 == pytest.approx(whole.sized.minutes_per_week, abs=2)
