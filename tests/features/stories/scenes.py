"""Facts for story tests: hand-made scenes, and random ones with hostile titles."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import strategies as st

from selfos.features.stories.facts import Fact, StoryKind, StoryRequest, Tone

PERIOD_START = date(2026, 3, 2)
PERIOD_END = date(2026, 6, 7)
HOSTILE = (
    "{title}",
    "{{ 7 * 7 }}{% raw %}",
    "{0.__class__}",
    "three tasks on 3 March",
    'say "twelve"',
    "“quoted” and ”odd“",
    "two\nlines\tand\rmore",
    "قراءة 5 كتب",
    "\u202egnp.exe\u200b",
    "x" * 500,
    "\x00\x07",
    "   ",
    "İstanbul ½ ⅻ 三",
    "first pause in a row, busiest day, since open",
    "Bob’s goal",
    "<script>alert(1)</script>",
    "done",
    "created",
)
TYPES = (
    "task.completed",
    "task.completed",
    "task.completed",
    "task.created",
    "milestone.completed",
    "habit.checked",
    "series.finished",
)
titles = st.one_of(
    st.sampled_from(["Run", "Read", "Write a chapter", "Call Mum", "Health", "Run a 10k"]),
    st.sampled_from(HOSTILE),
    st.text(max_size=30),
)
days = st.integers(-20, 90).map(lambda n: PERIOD_START + timedelta(days=n))
names = st.one_of(
    st.sampled_from(["Anna Berg", "May", "April Jones", "Three", "12", "Ünsal", "", "the", "task"]),
    st.sampled_from(HOSTILE),
)


def fact(
    number: int,
    type: str,
    day: date,
    title: str,
    *,
    subject: int | None = None,
    goal: tuple[int, str] | None = None,
    area: str | None = None,
    pages: int | None = None,
) -> Fact:
    """A fact with ids made of small numbers."""
    return Fact(
        event_id=UUID(int=number),
        type=type,
        at=datetime.combine(day, time(12), UTC) + timedelta(seconds=number),
        local_day=day,
        subject_id=UUID(int=10_000 + (number if subject is None else subject)),
        title=title,
        goal_id=UUID(int=10_000 + goal[0]) if goal else None,
        goal_title=goal[1] if goal else None,
        area_name=area,
        numbers={} if pages is None else {"pages": Decimal(pages)},
    )


def request(
    *facts: Fact,
    kind: StoryKind = StoryKind.STORY,
    tone: Tone = Tone.FRIENDLY,
    seed: int = 1,
    person_name: str = "Anna Berg",
    previous: tuple[Fact, ...] = (),
) -> StoryRequest:
    """A request over the spring of 2026."""
    return StoryRequest(
        kind=kind,
        period_start=PERIOD_START,
        period_end=PERIOD_END,
        tone=tone,
        person_name=person_name,
        facts=facts,
        seed=seed,
        previous=previous,
    )


def race() -> tuple[Fact, ...]:
    """A goal set, walked and reached."""
    goal = (900, "Run a 10k")
    steps = [
        (3, 5, "Buy running shoes"),
        (3, 9, "Run 2 km"),
        (3, 12, "Run 3 km"),
        (4, 7, "Run 4 km"),
        (4, 8, "Stretching routine"),
        (4, 10, "Run 5 km"),
        (6, 7, "Race day"),
    ]
    done = [
        fact(number, "task.completed", date(2026, month, day), title, goal=goal, area="Health")
        for number, (month, day, title) in enumerate(steps, start=2)
    ]
    return (
        fact(1, "goal.created", date(2026, 3, 3), goal[1], subject=goal[0]),
        *done,
        fact(50, "goal.completed", date(2026, 6, 7), goal[1], subject=goal[0], area="Health"),
    )


def week() -> tuple[Fact, ...]:
    """Ten tasks over a week in two areas, a habit, and four tasks still open."""
    day = PERIOD_START
    tasks = [
        fact(
            number,
            "task.completed",
            day + timedelta(days=number % 5 if number < 9 else 2),
            f"Task {number}",
            area="Home" if number % 3 else "Work",
        )
        for number in range(1, 11)
    ]
    checks = [
        fact(20 + n, "habit.checked", day + timedelta(days=n), "Read", subject=5, pages=12)
        for n in range(4)
    ]
    ahead = [
        fact(30 + n, "task.created", day, title)
        for n, title in enumerate(["Call Mum", "Fix the bike", "Plan the trip", "Taxes"])
    ]
    return (*tasks, *checks, *ahead)


def week_before() -> tuple[Fact, ...]:
    """Eight tasks in the week before `week`."""
    return tuple(
        fact(100 + n, "task.completed", PERIOD_START - timedelta(days=n % 7 + 1), f"Old {n}")
        for n in range(8)
    )


@st.composite
def _facts(draw: st.DrawFn, number: int, goals: list[tuple[int, str]]) -> Fact:
    return fact(
        number,
        draw(st.sampled_from(TYPES)),
        draw(days),
        draw(titles),
        subject=draw(st.none() | st.integers(1, 4)),
        goal=draw(st.none() | st.sampled_from(goals)) if goals else None,
        area=draw(st.none() | st.sampled_from(["Health", "Work"]) | titles),
        pages=draw(st.none() | st.integers(0, 40)),
    )


@st.composite
def requests(draw: st.DrawFn) -> StoryRequest:
    """Any request: goals reached or not, equal and hostile titles, odd names, any voice."""
    goals = [(900 + n, draw(titles)) for n in range(draw(st.integers(0, 2)))]
    facts: list[Fact] = []
    for number, title in goals:
        facts.append(fact(number - 400, "goal.created", draw(days), title, subject=number))
        if draw(st.booleans()):
            facts.append(fact(number - 300, "goal.completed", draw(days), title, subject=number))
    facts += [draw(_facts(number, goals)) for number in range(1, draw(st.integers(0, 14)) + 1)]
    return request(
        *facts,
        kind=draw(st.sampled_from(StoryKind)),
        tone=draw(st.sampled_from(Tone)),
        seed=draw(st.integers(0, 5)),
        person_name=draw(names),
        previous=week_before() if draw(st.booleans()) else (),
    )
