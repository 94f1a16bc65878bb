"""Writes a playbook's steps for one goal: words filled in, order fixed, dates still open."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from selfos.features.ai.planner.model import StepKind
from selfos.features.ai.planner.playbooks import Habit, Phase, Playbook, StepTemplate, When
from selfos.features.ai.planner.progressions import QUARTERS
from selfos.features.ai.planner.sizing import Sized, phase_windows
from selfos.features.ai.planner.slots import Slots

_LONGEST_TITLE = 200
_SPLITTABLE_MINUTES = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """A step without dates; `position` is where in the plan it wants to stand (0..1).

    A `rung` is a milestone of a ladder, which stands at its place however fast the steps go.
    """

    key: str
    phase: str
    title: str
    minutes: int
    reason: str
    position: float
    depends_on: tuple[str, ...]
    kind: StepKind = "task"
    habit: str | None = None
    habit_minutes: int = 0
    whole: bool = False
    event: bool = False
    rung: bool = False


@dataclass(frozen=True, slots=True)
class _Pen:
    """What is needed to write one playbook's steps."""

    words: Mapping[str, str]
    slots: Slots
    sized: Sized

    def write(self, template: str, **more: str) -> str:
        return template.format_map({**self.words, **more})[:_LONGEST_TITLE]


def write_steps(
    playbook: Playbook, slots: Slots, sized: Sized, goal: str, weeks: float
) -> tuple[Blank, ...]:
    """Write the steps of a playbook in their order."""
    words = {name: filled.text for name, filled in slots.items()}
    words |= dict.fromkeys(("per_day", "per_week", "per_month"), "")
    words |= {"goal": goal, "weeks": str(round(weeks)), **sized.words}
    pen = _Pen(words, slots, sized)
    blanks, ends = list[Blank](), tuple[str, ...]()
    windows = phase_windows(playbook, weeks)
    for index, (phase, window) in enumerate(zip(playbook.phases, windows, strict=True), start=1):
        written = tuple(_phase(phase, f"p{index}", pen, ends, window))
        blanks += written
        ends = _ends(written) or ends
    return tuple(blanks)


def _phase(
    phase: Phase, prefix: str, pen: _Pen, before: tuple[str, ...], window: tuple[float, float]
) -> Iterator[Blank]:
    steps = [step for step in phase.steps if _applies(step.when, pen.slots)]
    tasks = tuple(_tasks(phase, steps, prefix, pen, before, window))
    yield from tasks
    root = (tasks[0].key,) if tasks else before
    rungs = (*_ladder(phase, prefix, pen, root, window), *_series(phase, prefix, pen, root, window))
    yield from rungs
    if phase.milestone:
        yield Blank(
            key=f"{prefix}-done",
            phase=phase.name,
            title=pen.write(phase.milestone),
            minutes=0,
            reason=f"It ends the phase “{phase.name}”: check it before going on.",
            position=window[1],
            depends_on=_ends((*tasks, *rungs)) or before,
            kind="milestone",
        )


def _tasks(
    phase: Phase,
    steps: list[StepTemplate],
    prefix: str,
    pen: _Pen,
    before: tuple[str, ...],
    window: tuple[float, float],
) -> Iterator[Blank]:
    previous = before
    # What leads up to the phase's rhythm is done at once: the rhythm is what takes the weeks.
    rhythm = next((number for number, step in enumerate(steps) if step.habit), 0)
    keys = {step.key: f"{prefix}-{step.key}" for step in steps if step.key}
    for number, step in enumerate(steps, start=1):
        key = keys.get(step.key, f"{prefix}-{number}") if step.key else f"{prefix}-{number}"
        after = previous
        if step.after is not None:
            after = tuple(keys[name] for name in step.after if name in keys) or before
        yield Blank(
            key=key,
            phase=phase.name,
            title=pen.write(step.title),
            minutes=step.minutes,
            reason=pen.write(step.why or phase.why),
            position=_between(window, _place(number - 1, rhythm, len(steps))),
            depends_on=after,
            habit=pen.write(step.habit.text) if step.habit else None,
            habit_minutes=_habit_minutes(step.habit, pen),
            whole=step.whole,
            event=step.event,
        )
        previous = (key,)


def _place(index: int, rhythm: int, count: int) -> float:
    return 0 if index <= rhythm else (index - rhythm) / (count - rhythm)


def _ladder(
    phase: Phase, prefix: str, pen: _Pen, root: tuple[str, ...], window: tuple[float, float]
) -> Iterator[Blank]:
    if not phase.ladder:
        return
    previous = root
    marks = pen.sized.marks or tuple(f"{share:.0%}" for share in QUARTERS)
    for share, mark in zip(QUARTERS, marks, strict=True):
        key = f"{prefix}-at{round(share * 100)}"
        yield Blank(
            key=key,
            phase=phase.name,
            title=pen.write(phase.ladder, mark=mark),
            minutes=0,
            reason=f"At an even pace {share:.0%} of the way is done by then.",
            position=_between(window, share),
            depends_on=previous,
            kind="milestone",
            rung=True,
        )
        previous = (key,)


def _series(
    phase: Phase, prefix: str, pen: _Pen, root: tuple[str, ...], window: tuple[float, float]
) -> Iterator[Blank]:
    if not phase.series:
        return
    previous, sessions = root, pen.sized.sessions
    for number, (mark, minutes) in enumerate(sessions, start=1):
        key = f"{prefix}-s{number}"
        yield Blank(
            key=key,
            phase=phase.name,
            title=pen.write(phase.series, mark=mark),
            minutes=minutes,
            reason="The longest session grows by about a tenth at most, with lighter weeks.",
            position=_between(window, (number - 1) / len(sessions)),
            depends_on=previous,
            whole=minutes > _SPLITTABLE_MINUTES,
        )
        previous = (key,)


def _ends(blanks: Iterable[Blank]) -> tuple[str, ...]:
    rows = tuple(blanks)
    needed = {key for blank in rows for key in blank.depends_on}
    return tuple(blank.key for blank in rows if blank.key not in needed)


def _applies(when: When | None, slots: Slots) -> bool:
    if when is None:
        return True
    filled = slots[when.slot]
    if when.among:
        return filled.text in when.among
    amount = filled.amount or 0
    return (when.min is None or amount >= when.min) and (when.max is None or amount <= when.max)


def _habit_minutes(habit: Habit | None, pen: _Pen) -> int:
    if habit is None:
        return 0
    if habit.minutes_per_week == "pace":
        return pen.sized.minutes_per_week
    return habit.minutes_per_week


def _between(window: tuple[float, float], share: float) -> float:
    return window[0] + (window[1] - window[0]) * share
