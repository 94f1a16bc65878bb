"""The invented lives, before anybody lives them: pure, repeatable, free of contradictions."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfos.features.sample.deeds import (
    Act,
    Deed,
    Log,
    Make,
    Measure,
    Noun,
    Postpone,
    Step,
    Tie,
    Verb,
)
from selfos.features.sample.life import make_life
from selfos.features.sample.rhythms import Calendar
from selfos.features.sample.script import YOU, read_script

SCRIPTS = ("ada", "lanternworks")
TODAY = date(2026, 11, 23)
NOON = datetime.combine(TODAY, time(12))
ENDINGS = {Verb.CANCEL_TASK, Verb.COMPLETE_TASK, Verb.DELETE_TASK}


def lived(script: str, *, seed: int = 1974, today: date = TODAY) -> list[Step]:
    """The steps of a life up to noon of its last day."""
    noon = datetime.combine(today, time(12))
    life = make_life(read_script(script), seed=seed, today=today)
    return [step for step in life if step.at <= noon]


def deeds(steps: list[Step]) -> Iterator[tuple[Step, Deed]]:
    return ((step, deed) for step in steps for deed in step.deeds)


def acts(steps: list[Step], *verbs: Verb) -> list[tuple[Step, Act]]:
    found = ((step, deed) for step, deed in deeds(steps) if isinstance(deed, Act))
    return [(step, act) for step, act in found if act.verb in verbs]


def made(steps: list[Step], noun: Noun) -> list[Make]:
    return [deed for _, deed in deeds(steps) if isinstance(deed, Make) and deed.noun is noun]


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_life_is_the_same_for_the_same_seed_and_day(script: str) -> None:
    assert lived(script) == lived(script)
    assert lived(script) != lived(script, seed=7)


@settings(max_examples=25, deadline=None)
@given(
    script=st.sampled_from(SCRIPTS),
    seed=st.integers(0, 2**32),
    today=st.dates(date(2024, 2, 28), date(2029, 3, 1)),
)
def test_a_life_never_contradicts_itself(script: str, seed: int, today: date) -> None:
    life = make_life(read_script(script), seed=seed, today=today)
    members = {YOU, *read_script(script).members}
    there: set[str] = {f"member.{key}" for key in members}
    ended: set[str] = set()
    for step in life:
        assert step.who in members
        assert step.deeds
        for deed in step.deeds:
            if isinstance(deed, Make):
                assert deed.key not in there
                assert there.issuperset(deed.links.values())
                there.add(deed.key)
            else:
                assert deed.key in there
                assert deed.key not in ended or deed.key.startswith("project.")
            if isinstance(deed, Tie):
                assert deed.blocker in there
            if isinstance(deed, Act):
                ended.add(deed.key)
    assert all(one.at < later.at for one, later in pairwise(life))


def test_blockers_are_done_before_what_waits_for_them() -> None:
    for script in SCRIPTS:
        steps = lived(script)
        ended = {act.key: step.at for step, act in acts(steps, *ENDINGS)}
        ties = [deed for _, deed in deeds(steps) if isinstance(deed, Tie)]
        assert len(ties) > 15
        for tie in ties:
            if tie.key in ended:
                assert ended[tie.blocker] < ended[tie.key]


def test_a_year_has_believable_numbers() -> None:
    steps = lived("ada")
    tasks = made(steps, Noun.TASK)
    done = acts(steps, Verb.COMPLETE_TASK)
    assert 800 <= len(tasks) <= 1_000
    assert 0.75 <= len(done) / len(tasks) <= 0.92
    assert 40 <= len(acts(steps, Verb.CANCEL_TASK)) <= 150
    per_month = Counter(step.at.strftime("%Y-%m") for step, _ in done)
    whole_months = [count for month, count in per_month.items() if "2025-11" < month < "2026-11"]
    assert len(whole_months) == 11
    assert all(35 <= count <= 120 for count in whole_months)
    assert sum(isinstance(deed, Postpone) for _, deed in deeds(steps)) >= 5


def test_some_goals_are_reached_some_given_up_and_some_on_their_way() -> None:
    for script, reached, given_up in (("ada", 5, 2), ("lanternworks", 3, 1)):
        steps = lived(script)
        goals = made(steps, Noun.GOAL)
        assert len(acts(steps, Verb.COMPLETE_GOAL)) == reached
        assert len(acts(steps, Verb.DROP_GOAL)) == given_up
        assert len(goals) - reached - given_up >= 2


def test_things_are_done_when_people_do_them() -> None:
    hours = Counter(step.at.hour for step, _ in acts(lived("ada"), Verb.COMPLETE_TASK))
    assert min(hours) >= 6
    assert max(hours) <= 23
    assert hours[18] + hours[19] > hours[12] + hours[13]


def test_a_team_works_on_workdays() -> None:
    days = Counter(step.at.weekday() for step, _ in acts(lived("lanternworks"), Verb.COMPLETE_TASK))
    assert days[5] + days[6] < 0.1 * sum(days.values())


def test_hardly_anything_gets_done_with_the_flu() -> None:
    steps = lived("ada")
    in_bed = next(step for step in steps if step.words.startswith("In bed with flu"))
    assert len(in_bed.deeds) >= 5


def test_today_has_something_overdue_something_due_and_something_done() -> None:
    steps = lived("ada")
    ended = {act.key for _, act in acts(steps, *ENDINGS)}
    dues = [task.fields.get("due") for task in made(steps, Noun.TASK) if task.key not in ended]
    days = [date.fromisoformat(due["date"]) for due in dues if due]
    assert 2 <= sum(day < TODAY for day in days) <= 8
    assert 3 <= sum(day == TODAY for day in days) <= 9
    assert sum(TODAY < day <= TODAY + timedelta(days=6) for day in days) >= 5
    assert any(step.at.date() == TODAY for step, _ in acts(steps, Verb.COMPLETE_TASK))


def test_days_with_a_run_are_felt_to_be_better() -> None:
    steps = lived("ada")
    runs = {
        day
        for step in steps
        for deed in step.deeds
        if isinstance(deed, Log) and deed.key == "habit.move"
        for day in deed.amounts
    }
    moods = {made.fields["day"]: made.fields["mood"] for made in made(steps, Noun.JOURNAL_ENTRY)}
    assert len(moods) > 250
    with_run = fmean(mood for day, mood in moods.items() if day in runs)
    without = fmean(mood for day, mood in moods.items() if day not in runs)
    assert 0.5 < with_run - without < 1.5
    assert not made(lived("lanternworks"), Noun.JOURNAL_ENTRY)


def test_nobody_works_over_the_holidays() -> None:
    calendar = Calendar(TODAY, 365, flu=TODAY)
    assert calendar.is_holiday(date(2025, 12, 26))
    assert calendar.is_holiday(date(2026, 8, 10))
    assert not calendar.is_holiday(date(2026, 9, 1))
    assert calendar.working(date(2025, 12, 24)) == date(2026, 1, 2)


def test_a_measured_goal_grows_week_by_week_towards_its_target() -> None:
    weeks = [(step, deed) for step, deed in deeds(lived("ada")) if isinstance(deed, Measure)]
    assert {deed.key for _, deed in weeks} == {"goal.walks"}
    assert 48 <= len(weeks) <= 52
    assert all(step.at.weekday() == 6 and step.who == YOU for step, _ in weeks)
    amounts = [deed.value for _, deed in weeks]
    assert 0 < min(amounts) < 10
    assert 850 <= sum(amounts) <= 1_050
