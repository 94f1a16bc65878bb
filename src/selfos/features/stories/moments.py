"""What is worth telling: each finder looks at the facts and returns weighted moments."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from selfos.features.stories import measures
from selfos.features.stories.facts import Fact, shown_title
from selfos.features.stories.scene import STEPS_FOR_ARC, Beat, Moment, Scene, ids, of_goal
from selfos.features.stories.wording import quoted

PAUSE_WORTH_TELLING_DAYS = 7
STREAK_WORTH_TELLING_DAYS = 3
PEAK_WORTH_TELLING = 3
HABIT_WORTH_TELLING = 2
HABITS_TOLD = 2


def _towards(scene: Scene, goal: Fact, steps: Sequence[Fact]) -> str | None:
    """Names the goal unless everything done was for it; None where the name is not enough.

    A superlative speaks about all that bears the name it names, so these must be the steps.
    """
    if len(steps) == len(scene.deeds):
        return ""
    named = ids(fact for fact in scene.deeds if shown_title(goal.title) in fact.shown_names)
    return f" towards {quoted(goal.title)}" if named == ids(steps) else None


def goal_beginnings(scene: Scene) -> Iterable[Moment]:
    """Goals that were set."""
    for goal in scene.of("goal.created"):
        slots = {"goal": quoted(goal.title), "date": scene.said_date(goal.local_day)}
        yield Moment(
            key="goal_set", beat=Beat.SETUP, weight=70, slots=slots, event_ids=(goal.event_id,)
        )


def goal_endings(scene: Scene) -> Iterable[Moment]:
    """Goals that were reached: one by name, several as a list."""
    goals = scene.of("goal.completed")
    if len(goals) == 1:
        slots = {"goal": quoted(goals[0].title), "date": scene.said_date(goals[0].local_day)}
        yield Moment(
            key="goal_done", beat=Beat.OUTCOME, weight=100, slots=slots, event_ids=ids(goals)
        )
    elif goals:
        slots = {
            "goals": scene.words.counted("goal", len(goals)),
            "list": scene.words.titles_of(goals),
        }
        yield Moment(
            key="goals_done", beat=Beat.OUTCOME, weight=100, slots=slots, event_ids=ids(goals)
        )


def goal_arcs(scene: Scene) -> Iterable[Moment]:
    """The way to each reached goal: first step, pause, busiest week, last step, length."""
    for goal in scene.of("goal.completed"):
        deeds = of_goal(scene.deeds, goal)
        steps = [fact for fact in deeds if fact.type != "habit.checked"]
        if len(steps) < STEPS_FOR_ARC:
            continue
        yield _length(scene, goal, steps)
        towards = _towards(scene, goal, steps)
        if towards is None:
            continue
        yield from _ends(scene, steps, towards)
        yield from _pause(scene, steps, towards)
        yield from _busiest_week(scene, steps, towards)


def _length(scene: Scene, goal: Fact, steps: Sequence[Fact]) -> Moment:
    same = (goal.subject_id, shown_title(goal.title))
    created = [
        fact
        for fact in scene.of("goal.created")
        if (fact.subject_id, shown_title(fact.title)) == same
    ]
    cited = [*created, *steps, goal]
    slots = {
        "goal": quoted(goal.title),
        "steps": scene.words.counted("step", len(steps)),
        "span": scene.words.span(measures.span_days(cited)),
    }
    return Moment(key="took", beat=Beat.OUTCOME, weight=95, slots=slots, event_ids=ids(cited))


def _ends(scene: Scene, steps: Sequence[Fact], towards: str) -> Iterable[Moment]:
    for key, beat, weight, step in (
        ("first_step", Beat.SETUP, 60, steps[0]),
        ("last_step", Beat.TURN, 65, steps[-1]),
    ):
        slots = {
            "title": quoted(step.title),
            "date": scene.said_date(step.local_day),
            "towards": towards,
        }
        yield Moment(key=key, beat=beat, weight=weight, slots=slots, event_ids=ids(steps))


def _pause(scene: Scene, steps: Sequence[Fact], towards: str) -> Iterable[Moment]:
    pause = measures.longest_pause(steps)
    if pause and measures.idle_days(pause) >= PAUSE_WORTH_TELLING_DAYS:
        slots = {
            "days": scene.words.counted("day", measures.idle_days(pause)),
            "from": scene.said_date(pause[0]),
            "to": scene.said_date(pause[1]),
            "towards": towards,
        }
        yield Moment(key="pause", beat=Beat.OBSTACLE, weight=80, slots=slots, event_ids=ids(steps))


def _busiest_week(scene: Scene, steps: Sequence[Fact], towards: str) -> Iterable[Moment]:
    weeks = [measures.monday(step.local_day) for step in steps]
    peak = measures.single_peak(weeks)
    if peak and peak[1] >= PEAK_WORTH_TELLING and len(set(weeks)) > 1:
        slots = {
            "date": scene.said_date(peak[0]),
            "steps": scene.words.counted("step", peak[1]),
            "towards": towards,
        }
        yield Moment(
            key="busiest_week", beat=Beat.TURN, weight=75, slots=slots, event_ids=ids(steps)
        )


def beginnings_on_the_way(scene: Scene) -> Iterable[Moment]:
    """The first step towards a goal set in this time and not reached yet."""
    reached = {fact.subject_id for fact in scene.of("goal.completed")}
    for goal in scene.of("goal.created"):
        steps = of_goal(scene.deeds, goal)
        towards = _towards(scene, goal, steps)
        if len(steps) < STEPS_FOR_ARC or goal.subject_id in reached or towards is None:
            continue
        if steps[0].type != "habit.checked":
            yield next(iter(_ends(scene, steps, towards)))


def milestones(scene: Scene) -> Iterable[Moment]:
    """Milestones reached: one with its date, several as a list."""
    reached = scene.of("milestone.completed")
    if len(reached) == 1:
        slots = {"title": quoted(reached[0].title), "date": scene.said_date(reached[0].local_day)}
        yield Moment(
            key="milestone", beat=Beat.TURN, weight=85, slots=slots, event_ids=ids(reached)
        )
    elif reached:
        slots = {
            "milestones": scene.words.counted("milestone", len(reached)),
            "list": scene.words.titles_of(reached),
        }
        yield Moment(
            key="milestones", beat=Beat.TURN, weight=85, slots=slots, event_ids=ids(reached)
        )


def single_task(scene: Scene) -> Iterable[Moment]:
    """The one task that was done: what, when, for what, and since when it waited."""
    tasks = scene.of("task.completed")
    if len(tasks) != 1:
        return
    task = tasks[0]
    yield from _about(task, "task_done", 90, {"title": quoted(task.title)})
    yield from _about(task, "task_when", 88, {"day": scene.said_day(task.local_day)})
    if task.goal_title is not None:
        yield from _about(task, "task_for_goal", 86, {"goal": quoted(task.goal_title)})
    elif task.area_name is not None:
        yield from _about(task, "task_area", 50, {"area": quoted(task.area_name)})
    for created in scene.of("task.created"):
        if created.subject_id == task.subject_id and created.local_day < task.local_day:
            yield Moment(
                key="task_waited",
                beat=Beat.OUTCOME,
                weight=55,
                slots={"date": scene.said_date(created.local_day)},
                event_ids=(created.event_id, task.event_id),
            )


def _about(task: Fact, key: str, weight: float, slots: Mapping[str, str]) -> Iterable[Moment]:
    yield Moment(key=key, beat=Beat.OUTCOME, weight=weight, slots=slots, event_ids=(task.event_id,))


def totals(scene: Scene) -> Iterable[Moment]:
    """How many tasks, when, which among them, and against the period before."""
    tasks = scene.of("task.completed")
    if len(tasks) < STEPS_FOR_ARC or scene.is_single_arc:
        return
    counted = scene.words.counted("task", len(tasks))
    days = measures.days_of(tasks)
    slots = {"tasks": counted, "day": scene.said_day(days[0])}
    if len(days) > 1:
        slots |= {"from": scene.said_date(days[0]), "to": scene.said_date(days[-1])}
    yield Moment(
        key="total" if len(days) > 1 else "total_day",
        beat=Beat.SETUP,
        weight=90,
        slots=slots,
        event_ids=ids(tasks),
    )
    yield _highlights(scene, tasks)
    before = [fact for fact in scene.request.previous if fact.type == "task.completed"]
    if before:
        yield _contrast(scene, tasks, before)


def _highlights(scene: Scene, tasks: Sequence[Fact]) -> Moment:
    by_title: dict[str, Fact] = {}
    for task in sorted(tasks, key=lambda task: task.goal_id is None):
        by_title.setdefault(shown_title(task.title), task)
    chosen = list(by_title.values())[:3]
    slots = {"list": scene.words.titles_of(chosen)}
    return Moment(key="highlights", beat=Beat.SETUP, weight=68, slots=slots, event_ids=ids(chosen))


def _contrast(scene: Scene, now: Sequence[Fact], before: Sequence[Fact]) -> Moment:
    difference = len(now) - len(before)
    direction = "level" if not difference else "up" if difference > 0 else "down"
    slots = {
        "before": scene.words.counted("task", len(before)),
        "direction": scene.words.directions[direction],
    }
    return Moment(
        key="contrast",
        beat=Beat.SETUP,  # right after the total it compares
        weight=89,
        slots=slots,
        event_ids=ids([*now, *before]),
    )


def rhythm(scene: Scene) -> Iterable[Moment]:
    """How the days went: a comeback after a pause, days in a row, the busiest day."""
    deeds = scene.deeds
    if len(deeds) < STEPS_FOR_ARC:
        return
    if not scene.is_single_arc:
        yield from _comeback(scene, deeds)
    first, last = measures.longest_run(deeds)
    length = (last - first).days + 1
    if length >= STREAK_WORTH_TELLING_DAYS:
        yield _run("streak", 66, scene, deeds, {})
    tasks = scene.of("task.completed")
    days = [task.local_day for task in tasks]
    peak = measures.single_peak(days)
    if len(tasks) == len(deeds) and peak and peak[1] >= PEAK_WORTH_TELLING and len(set(days)) > 1:
        slots = {"day": scene.said_day(peak[0]), "tasks": scene.words.counted("task", peak[1])}
        yield Moment(
            key="busiest_day", beat=Beat.TURN, weight=62, slots=slots, event_ids=ids(tasks)
        )


def _comeback(scene: Scene, deeds: Sequence[Fact]) -> Iterable[Moment]:
    pause = measures.longest_pause(deeds)
    if pause is None or measures.idle_days(pause) < PAUSE_WORTH_TELLING_DAYS:
        return
    back = next(fact for fact in deeds if fact.local_day == pause[1])
    slots = {
        "days": scene.words.counted("day", measures.idle_days(pause)),
        "to": scene.said_date(pause[1]),
        "title": quoted(back.title),
    }
    yield Moment(key="comeback", beat=Beat.OBSTACLE, weight=78, slots=slots, event_ids=ids(deeds))


def _run(
    key: str, weight: float, scene: Scene, facts: Sequence[Fact], slots: Mapping[str, str]
) -> Moment:
    first, last = measures.longest_run(facts)
    said = {
        "days": scene.words.counted("day", (last - first).days + 1),
        "from": scene.said_date(first),
        "to": scene.said_date(last),
        **slots,
    }
    return Moment(key=key, beat=Beat.TURN, weight=weight, slots=said, event_ids=ids(facts))


def habits(scene: Scene) -> Iterable[Moment]:
    """The most kept habits: how often, how long in a row, how much."""
    by_title: dict[str, list[Fact]] = defaultdict(list)
    for fact in scene.of("habit.checked"):
        by_title[shown_title(fact.title)].append(fact)
    ranked = sorted(by_title.values(), key=len, reverse=True)[:HABITS_TOLD]
    for place, checks in enumerate(ranked):
        if len(checks) < HABIT_WORTH_TELLING and len(scene.facts) > 1:
            continue
        title = quoted(checks[0].title)
        slots = {"title": title, "times": scene.words.times(len(checks))}
        yield Moment(
            key="habit",
            beat=Beat.TURN,
            weight=63 - place,
            slots=slots,
            event_ids=ids(checks),
        )
        yield from _amounts(scene, title, checks)
        yield from _habit_streak(scene, title, checks)


def _habit_streak(scene: Scene, title: str, checks: Sequence[Fact]) -> Iterable[Moment]:
    first, last = measures.longest_run(checks)
    same_title = [fact for fact in scene.deeds if quoted(fact.title) == title]
    # Where nothing else was done, the streak of all deeds says it.
    is_own = len(same_title) == len(checks) < len(scene.deeds)
    if is_own and (last - first).days + 1 >= STREAK_WORTH_TELLING_DAYS:
        yield _run("habit_streak", 61, scene, checks, {"title": title})


def _amounts(scene: Scene, title: str, checks: Sequence[Fact]) -> Iterable[Moment]:
    for unit in sorted(scene.words.units):
        measured = [fact for fact in checks if unit in fact.numbers]
        total = sum((Decimal(fact.numbers[unit]) for fact in measured), Decimal(0))
        if len(measured) == len(checks) and total > 0:
            slots = {"title": title, "amount": scene.words.amount(unit, total)}
            yield Moment(
                key="amount", beat=Beat.TURN, weight=45, slots=slots, event_ids=ids(checks)
            )


def series_endings(scene: Scene) -> Iterable[Moment]:
    """Repeating tasks whose last date is behind: one with its date, several as a list."""
    ended = scene.of("series.finished")
    if len(ended) == 1:
        slots = {"title": quoted(ended[0].title), "date": scene.said_date(ended[0].local_day)}
        yield _end_of_series("series_end", ended, slots)
    elif ended:
        yield _end_of_series("series_ends", ended, {"list": scene.words.titles_of(ended)})


def _end_of_series(key: str, ended: Sequence[Fact], slots: Mapping[str, str]) -> Moment:
    return Moment(key=key, beat=Beat.OUTCOME, weight=87, slots=slots, event_ids=ids(ended))


def balance(scene: Scene) -> Iterable[Moment]:
    """The area most tasks belonged to, where there was more than one area."""
    tasks = scene.of("task.completed")
    by_area: dict[str, int] = defaultdict(int)
    for task in tasks:
        if task.area_name is not None:
            by_area[shown_title(task.area_name)] += 1
    if len(by_area) < STEPS_FOR_ARC:
        return
    area, part = max(by_area.items(), key=lambda pair: (pair[1], pair[0]))
    slots = {
        "part": scene.words.number(part),
        "tasks": scene.words.counted("task", len(tasks)),
        "were": "was" if part == 1 else "were",
        "area": f"“{area}”",
    }
    yield Moment(key="balance", beat=Beat.TURN, weight=58, slots=slots, event_ids=ids(tasks))


def ahead(scene: Scene) -> Iterable[Moment]:
    """Tasks written down in this time and still open."""
    closed = {fact.subject_id for fact in scene.facts if fact.type != "task.created"}
    waiting = [fact for fact in scene.of("task.created") if fact.subject_id not in closed]
    if waiting:
        slots = {"list": scene.words.titles_of(waiting)}
        yield Moment(key="ahead", beat=Beat.NEXT, weight=57, slots=slots, event_ids=ids(waiting))


FINDERS: tuple[Callable[[Scene], Iterable[Moment]], ...] = (
    goal_beginnings, goal_endings, goal_arcs, beginnings_on_the_way, milestones, single_task,
    totals, rhythm, habits, series_endings, balance, ahead,
)  # fmt: skip
