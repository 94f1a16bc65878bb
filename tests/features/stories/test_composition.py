"""What the rules tell, and how."""

import json
import re
from datetime import date
from importlib import resources

import pytest
from hypothesis import HealthCheck, given, settings

from selfos.features.stories.checking import check, check_title
from selfos.features.stories.composition import compose, every_sentence, fill
from selfos.features.stories.facts import (
    StoryKind,
    StoryRequest,
    Tone,
    shown_title,
    spoken_name,
)
from selfos.features.stories.wording import wording_for
from tests.features.stories import scenes

WORDS = wording_for("en")


def told(request: StoryRequest) -> str:
    return " ".join(sentence.text for sentence in compose(request).sentences)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scenes.requests())
def test_all_the_rules_can_say_is_proved(request: StoryRequest) -> None:
    said = every_sentence(request)
    assert check(said, request) == ()
    draft = compose(request)
    assert check(draft.sentences, request) == ()
    assert check_title(draft, request) == ()


@settings(max_examples=30, deadline=None)
@given(scenes.requests())
def test_equal_requests_give_equal_stories(request: StoryRequest) -> None:
    assert compose(request) == compose(request)


@pytest.mark.parametrize("tone", Tone)
def test_a_single_task_is_told_in_two_or_three_sentences(tone: Tone) -> None:
    plain = scenes.fact(1, "task.completed", date(2026, 3, 3), "Buy shoes")
    rich = scenes.fact(
        2, "task.completed", date(2026, 3, 3), "Buy shoes", goal=(9, "Run a 10k"), area="Health"
    )
    for only in (plain, rich):
        for kind in StoryKind:
            sentences = compose(scenes.request(only, tone=tone, kind=kind)).sentences
            assert 2 <= len(sentences) <= 3
            assert "“Buy shoes”" in sentences[0].text


def test_a_reached_goal_is_told_as_an_arc() -> None:
    story = told(scenes.request(*scenes.race()))
    for part in ("3 March", "seven steps", "57 days", "week of 6 April", "about 14 weeks"):
        assert part in story
    assert "“Race day”" in story


def test_a_count_cites_every_event_it_counts() -> None:
    draft = compose(scenes.request(*scenes.week(), kind=StoryKind.SUMMARY))
    total = next(sentence for sentence in draft.sentences if "ten tasks" in sentence.text)
    assert len(total.event_ids) == 10


def test_repeating_tasks_that_came_to_their_end_are_told_by_name() -> None:
    ended = [
        scenes.fact(number, "series.finished", scenes.PERIOD_START, title)
        for number, title in enumerate(["Physio", "Course"], start=1)
    ]
    for count, said in ((1, "“Physio”"), (2, "“Physio” and “Course”")):
        request = scenes.request(*ended[:count])
        (sentence,) = compose(request).sentences
        assert said in sentence.text
        assert check([sentence], request) == ()


def test_contrast_cites_both_periods() -> None:
    request = scenes.request(*scenes.week(), previous=scenes.week_before())
    sentence = next(s for s in compose(request).sentences if "up from eight" in s.text)
    assert len(sentence.event_ids) == 18


def test_nothing_done_is_nothing_told() -> None:
    draft = compose(scenes.request())
    assert draft.sentences == ()
    assert check_title(draft, scenes.request()) == ()


def test_seeds_choose_other_words_and_never_other_facts() -> None:
    stories = {told(scenes.request(*scenes.race(), seed=seed)) for seed in range(20)}
    assert len(stories) > 5
    cited = {
        frozenset(
            frozenset(s.event_ids)
            for s in compose(scenes.request(*scenes.race(), seed=seed)).sentences
        )
        for seed in range(20)
    }
    assert len(cited) == 1


def test_a_voice_is_not_repeated_while_others_are_left() -> None:
    goals = [scenes.fact(n, "goal.created", date(2026, 3, n), f"Goal {n}") for n in (3, 4)]
    first, second = compose(scenes.request(*goals)).sentences
    blank = re.compile(r"“[^”]*”|\d+")
    assert blank.sub("", first.text) != blank.sub("", second.text)


@pytest.mark.parametrize("title", scenes.HOSTILE)
def test_hostile_titles_stay_inside_their_quotes(title: str) -> None:
    only = scenes.fact(1, "task.completed", date(2026, 3, 3), title, goal=(9, title), area=title)
    request = scenes.request(only, person_name=title)
    draft = compose(request)
    assert check(draft.sentences, request) == ()
    for sentence in draft.sentences:
        outside = re.sub("“[^“”]*”", "", sentence.text)
        assert not re.search("[{}%<>\x00-\x1f\u202e“”]", outside)
        assert len(sentence.text) < 220


def test_a_value_is_never_read_as_a_template() -> None:
    assert fill("{a} and {b}", {"a": "{b}", "b": "{a}{0.__class__}"}) == "{b} and {a}{0.__class__}"


def test_right_to_left_titles_are_isolated() -> None:
    assert shown_title("\u0643\u062a\u0628") == "\u2068\u0643\u062a\u0628\u2069"


def test_names_that_read_as_claims_are_not_spoken() -> None:
    for name in ("May", "Three", "12", "", "the", "task"):
        assert spoken_name(name) is None
    assert spoken_name("Anna “A” Berg") == "Anna ’A’ Berg"


def test_every_voice_uses_only_the_slots_of_its_moment() -> None:
    source = resources.files("selfos.features.stories") / "templates" / "en.json"
    voices = json.loads(source.read_text(encoding="utf-8"))["voices"]
    for key, tones in voices.items():
        assert set(tones) == set(Tone), key
        for tone, lines in tones.items():
            assert len(set(lines)) == len(lines) >= 2, (key, tone)
            common = [set(re.findall(r"\{(\w+)\}", line)) - {"name"} for line in lines]
            assert all(slots == common[0] for slots in common), (key, tone)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (WORDS.counted("task", 1), "one task"),
        (WORDS.counted("check_in", 13), "13 check-ins"),
        (WORDS.times(2), "twice"),
        (WORDS.number(1200), "1,200"),
        (WORDS.span(59), "59 days"),
        (WORDS.span(97), "about 14 weeks"),
        (WORDS.span(365), "about twelve months"),
        (WORDS.said_date(date(2025, 3, 3), date(2026, 6, 7)), "3 March 2025"),
        (WORDS.said_weekday(date(2026, 3, 3), date(2026, 6, 7)), "Tuesday 3 March"),
    ],
)
def test_numbers_and_dates_are_said_in_words(said: str, expected: str) -> None:
    assert said == expected


def test_lists_say_equal_titles_once_and_count_the_rest() -> None:
    facts = [
        scenes.fact(n, "task.completed", date(2026, 3, 3), title)
        for n, title in enumerate(["A", "A", "B", "C", "D"])
    ]
    assert WORDS.titles_of(facts) == "“A”, “B” and two more"
    assert WORDS.titles_of(facts[:3]) == "“A” and “B”"
