"""The checker refuses what the cited events do not prove, whoever wrote it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings

from selfos.features.stories.checking import check, check_title
from selfos.features.stories.composition import compose, every_sentence
from selfos.features.stories.facts import Sentence, StoryKind, StoryRequest, Tone, spoken_name
from selfos.features.stories.releasing import release
from tests.features.stories import scenes

NUMBER_WORDS = [
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
]  # fmt: skip
MONTHS = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
]  # fmt: skip
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
NUMBER = re.compile(rf"\b(?:\d[\d,]*|once|twice|{'|'.join(NUMBER_WORDS)})\b", re.IGNORECASE)
DATE = re.compile(rf"\b(?:({'|'.join(WEEKDAYS)}) )?(\d+) ({'|'.join(MONTHS)})(?: (\d{{4}}))?\b")
QUOTE = re.compile("“[^“”]*”")
FOREIGN = UUID(int=77_777)


def outside(pattern: re.Pattern[str], text: str, name: str | None) -> list[re.Match[str]]:
    """Matches that lie in no quotation and not in the person's name."""
    covered = QUOTE.sub(lambda match: "“" * len(match[0]), text)
    if name:
        covered = covered.replace(name, "“" * len(name))
    return list(pattern.finditer(covered))


def swap(text: str, match: re.Match[str], other: str, group: int = 0) -> str:
    return text[: match.start(group)] + other + text[match.end(group) :]


def wrong_numbers(text: str, name: str | None) -> Iterator[str]:
    dates = [range(*match.span()) for match in outside(DATE, text, name)]
    for match in outside(NUMBER, text, name):
        if any(match.start() in taken for taken in dates):
            continue
        said = match[0].lower()
        if said in {"once", "twice"}:
            others = ["three times", "thrice", "twice" if said == "once" else "once"]
        elif said in NUMBER_WORDS:
            value = NUMBER_WORDS.index(said) + 1
            others = [word for word in NUMBER_WORDS if word != said]
            others += [str(value + 1), str(value + 10), "a dozen" if value != 12 else "twenty"]
        else:
            value = int(said.replace(",", ""))
            others = [str(value + 1), str(value - 1), f"{value}.5", f"{value}0", "twenty-one"]
            others.remove("twenty-one") if value == 21 else None
        for other in others:
            yield swap(text, match, other)


def wrong_dates(text: str, name: str | None) -> Iterator[str]:
    for match in outside(DATE, text, name):
        day, month = int(match[2]), match[3]
        for other in {day % 28 + 1, (day + 6) % 28 + 1} - {day}:
            yield swap(text, match, str(other), 2)
        for other in (MONTHS[MONTHS.index(month) - 1], MONTHS[(MONTHS.index(month) + 5) % 12]):
            yield swap(text, match, other, 3)
        if match[1]:
            yield swap(text, match, WEEKDAYS[WEEKDAYS.index(match[1]) - 1], 1)
        if match[4]:
            yield swap(text, match, str(int(match[4]) - 1), 4)
        else:
            yield swap(text, match, f"{match[0]} 2019")


def wrong_titles(text: str) -> Iterator[str]:
    for match in QUOTE.finditer(text):
        for other in ("“Zebra crossing”", f"“{match[0][1:-1]} again”", '"Zebra"', "“”"):
            if other != match[0]:
                yield swap(text, match, other)


def wrong_names(text: str, name: str | None) -> Iterator[str]:
    yield text[:-1] + " with Zoltan."
    yield f"Zoltan knows: {text}"
    yield text[:-1] + ", said Étienne O’Hara."
    if name and name in QUOTE.sub("", text):
        yield text.replace(name, "Zoltan Kiss")


def wrong_citations(sentence: Sentence, request: StoryRequest) -> Iterator[Sentence]:
    cited = sentence.event_ids
    yield replace(sentence, event_ids=())
    yield replace(sentence, event_ids=(*cited, FOREIGN))
    yield replace(sentence, event_ids=(FOREIGN, *cited[1:]))
    is_bound = bool(QUOTE.search(sentence.text)) or " task" in sentence.text
    mine = [fact for fact in request.facts if fact.event_id in cited]
    for fact in request.facts:
        if fact.event_id in cited:
            if fact.is_deed:
                yield replace(sentence, event_ids=tuple(e for e in cited if e != fact.event_id))
            continue
        same_name = any(fact.shown_names & own.shown_names for own in mine)
        same_day = any(fact.local_day == own.local_day for own in mine)
        if not same_name and (is_bound or not same_day):
            yield replace(sentence, event_ids=(*cited, fact.event_id))
        if not same_name and not same_day:
            yield replace(sentence, event_ids=(fact.event_id,))


def lies(sentence: Sentence, request: StoryRequest) -> Iterator[Sentence]:
    """Every mutation of a true sentence into one its events do not prove."""
    name = spoken_name(request.person_name)
    text = sentence.text
    for mutated in (
        *wrong_numbers(text, name),
        *wrong_dates(text, name),
        *wrong_titles(text),
        *wrong_names(text, name),
    ):
        yield replace(sentence, text=mutated)
    yield from wrong_citations(sentence, request)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scenes.requests())
def test_every_mutation_of_a_true_sentence_is_caught(request: StoryRequest) -> None:
    for sentence in every_sentence(request):
        for lie in lies(sentence, request):
            assert check([lie], request), lie


@pytest.mark.parametrize("tone", Tone)
def test_every_lie_about_the_known_scenes_is_caught(tone: Tone) -> None:
    told = caught = 0
    for facts in (scenes.race(), scenes.week()):
        request = scenes.request(*facts, tone=tone, previous=scenes.week_before())
        for sentence in every_sentence(request):
            assert check([sentence], request) == ()
            for lie in lies(sentence, request):
                told += 1
                caught += bool(check([lie], request))
    assert told > 500
    assert caught == told


def ids(*numbers: int) -> tuple[UUID, ...]:
    return tuple(UUID(int=number) for number in numbers)


STEPS = ids(2, 3, 4, 5, 6, 7, 8)
RACE = scenes.request(*scenes.race())


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("I set out for it on Tuesday, March 3rd, 2026: “Run a 10k”.", ids(1)),
        ("Seven steps later, “Run a 10k” was done.", (*STEPS, UUID(int=50))),
        ("I did seven tasks on seven different days.", STEPS),
        ("From 2026-03-05 to 2026-06-07 I finished 7 tasks.", STEPS),
        ("The longest gap was fifty-seven days.", STEPS),
        ("In April I finished three tasks.", ids(5, 6, 7)),
        ("In the week of 6 April I finished three tasks.", ids(5, 6, 7)),
    ],
)
def test_true_sentences_in_other_words(text: str, cited: tuple[UUID, ...]) -> None:
    assert check([Sentence(text, cited)], RACE) == ()


@pytest.mark.parametrize(
    ("text", "cited", "span"),
    [
        ("I finished twenty-seven tasks.", STEPS, "twenty-seven tasks"),
        ("I finished a dozen tasks.", STEPS, "a dozen tasks"),
        ("I finished two dozen tasks.", STEPS, "two dozen"),
        ("I finished several tasks.", STEPS, "several"),
        ("I finished 7,5 tasks.", STEPS, "7,5"),
        ("I finished \uff17 tasks.", STEPS, "\uff17"),
        ("I finished “Race day” twice.", ids(8), "twice"),
        ("I finished “Race day” yesterday.", ids(8), "yesterday"),
        ("I finished “Race day” at 17:30.", ids(8), "17:30"),
        ("I finished “Race day” in 2025.", ids(8), "2025"),
        ("I finished “Race day” in May.", ids(8), "in May"),
        ("I finished “Race day” on 31 February.", ids(8), "31 February"),
        ("I finished “Race day” on Monday.", ids(8), "Monday"),
        ("I finished “Race day” after weeks of work.", ids(8), "weeks"),
        ("I finished “Race day” with Tom.", ids(8), "Tom"),
        ("Tom finished “Race day”.", ids(8), "Tom"),
        ("I finished “Race day” in Ōsaka.", ids(8), "Ōsaka"),
        ("I finished “Race day” and felt great.", ids(8), "felt"),
        ("I finished “Race day” because of Anna Berg.", ids(8), "because"),
        ("I finished “Race day”.", ids(7), "“Race day”"),
        ("I finished “Run a 10k”.", ids(1), "“Run a 10k”"),
        ("I finished “Run a 10k”.", ids(8), "“Run a 10k”"),
        ("I reached the milestone “Race day”.", ids(8), "“Race day”"),
        ("“Race day” came to its end on 7 June.", ids(8), "“Race day”"),
        ("The busiest week was the week of 6 April, with four steps.", STEPS, "four steps"),
        ("The first step was “Race day”, on 5 March.", STEPS, "“Race day”"),
        ("I finished “Race\u200b day” “again.", ids(8), "“"),
        ("I finished th\u200bree tasks.", ids(5, 6, 7), "\u200b"),
        ("Still open: “Race day”.", ids(8), "still open"),
        ("“Race day” was the best of them.", ids(8), "best"),
        ("You are a hero.", ids(8), "You are a hero."),
        (
            "I finished “Race day”. You are a hero.",
            ids(8),
            "I finished “Race day”. You are a hero.",
        ),
        ("", ids(8), ""),
    ],
)
def test_what_the_events_do_not_prove_is_named(
    text: str, cited: tuple[UUID, ...], span: str
) -> None:
    found = check([Sentence(text, cited)], RACE)
    assert span in [finding.span for finding in found]


def test_a_superlative_must_cite_all_it_compares() -> None:
    text = "The longest pause lasted 25 days, between 12 March and 7 April."
    findings = check([Sentence(text, ids(2, 3, 4, 5, 6, 7))], RACE)
    assert "it does not cite everything it compares" in [found.reason for found in findings]


LIE = Sentence("I finished 12 tasks.", STEPS)
TRUTH = Sentence("I finished seven tasks.", STEPS)
TRUE_DRAFT = compose(RACE)
WITH_LIE = replace(TRUE_DRAFT, engine="model", sentences=(TRUE_DRAFT.sentences[0], LIE))


def test_a_true_draft_is_released_as_it_is() -> None:
    released = release(TRUE_DRAFT, RACE)
    assert released.draft == TRUE_DRAFT
    assert (released.replaced, released.dropped) == (0, 0)


def test_a_sentence_that_fails_is_told_by_the_rules() -> None:
    released = release(WITH_LIE, RACE)
    assert released.replaced == 1
    assert released.draft.sentences[1] in every_sentence(RACE)
    assert check(released.draft.sentences, RACE) == ()


def test_what_a_sentence_retells_is_not_told_by_the_rules_beside_it() -> None:
    count, other = every_sentence(RACE)[:2]
    truth = Sentence(TRUTH.text, TRUTH.event_ids, (count.text,))
    lie = Sentence(LIE.text, LIE.event_ids, (other.text, count.text))
    released = release(replace(TRUE_DRAFT, sentences=(truth, lie)), RACE)
    assert released.draft.sentences[0] == truth
    assert count not in released.draft.sentences


def test_a_sentence_without_any_event_is_dropped() -> None:
    fluff = Sentence("What a journey it was.", (FOREIGN,))
    released = release(replace(TRUE_DRAFT, sentences=(fluff,)), RACE)
    assert released.draft.sentences == ()
    assert released.dropped == 1


@pytest.mark.parametrize("title", ["12 tasks with Bob", "“Marathon” is done", "", "A proud day"])
def test_a_title_that_lies_is_replaced(title: str) -> None:
    released = release(replace(TRUE_DRAFT, title=title), RACE)
    assert released.draft.title == "“Run a 10k” is done"
    assert check_title(released.draft, RACE) == ()


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scenes.requests(), scenes.titles)
def test_nothing_unproved_is_ever_released(request: StoryRequest, said: str) -> None:
    told = every_sentence(request)
    written = tuple(lie for sentence in told for lie in list(lies(sentence, request))[:2])
    cited = tuple(fact.event_id for fact in request.facts)
    free = (Sentence(said, cited), Sentence(f"I did {said}", cited), Sentence(f"“{said}”", cited))
    draft = replace(compose(request), title=said, sentences=(*written[:6], *free))
    released = release(draft, request).draft
    assert check(released.sentences, request) == ()
    assert check_title(released, request) == ()


def test_kinds_look_at_different_things() -> None:
    stories = {
        kind: tuple(
            s.text
            for s in compose(
                scenes.request(*scenes.week(), kind=kind, previous=scenes.week_before())
            ).sentences
        )
        for kind in StoryKind
    }
    assert len(set(stories.values())) == len(StoryKind)


def test_a_share_of_an_area_is_not_the_share_of_a_goal_with_its_name() -> None:
    day = date(2026, 3, 3)
    facts = (
        scenes.fact(1, "task.completed", day, "A", area="Health"),
        scenes.fact(2, "task.completed", day, "B", goal=(9, "Health"), area="Work"),
        scenes.fact(3, "task.completed", day, "C", goal=(9, "Health"), area="Work"),
    )
    request = scenes.request(*facts)
    cited = ids(1, 2, 3)
    assert check([Sentence("One of the three tasks was in “Health”.", cited)], request) == ()
    assert check([Sentence("Two of the three tasks were in “Health”.", cited)], request)
