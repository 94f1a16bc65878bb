"""Playbooks: hand-written plans as data, read strictly so that a bad file fails by name."""

import json
import re
import string
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from selfos.features.ai.planner.model import Area

GENERIC = "generic"
LONGEST_STEP_MINUTES = 120
_ROUNDING = 0.011
SlotKind = Literal["distance", "money", "mass", "count", "hours", "choice", "name", "text"]
Text = Annotated[str, Field(min_length=3, max_length=220)]


class PlaybookError(ValueError):
    """A playbook file breaks the format; the message names the file and the field."""


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Slot(_Strict):
    """A fact of the goal: found in the words, answered by the user, or assumed.

    `units` are the nouns that mark a count ("12 books"); `among` are the names or choices it can
    take, with `aliases` for other words; with a `pattern` only what it captures counts; `hint`
    adds to the match score when the words hold a value; `low` and `high` bound a number.
    """

    kind: SlotKind
    ask: Text | None = None
    why: Text | None = None
    default: float | int | str | None = None
    units: tuple[str, ...] = ()
    among: tuple[str, ...] = ()
    aliases: dict[str, str] = {}
    pattern: str | None = None
    hint: float = 0
    low: float = 0
    high: float = 1e9

    @property
    def numeric(self) -> bool:
        return self.kind in {"distance", "money", "mass", "count", "hours"}


class Habit(_Strict):
    """A rhythm: its words, and its weekly minutes ("pace": as the measure says)."""

    text: Text
    minutes_per_week: Annotated[int, Field(ge=1, le=1200)] | Literal["pace"]


class When(_Strict):
    """Keep a step only for some values of a slot."""

    slot: str
    min: float | None = None
    max: float | None = None
    among: tuple[str, ...] = ()


class StepTemplate(_Strict):
    """A step whose words may name slots in braces; it follows the step before it."""

    title: Text
    minutes: Annotated[int, Field(ge=1, le=1440)]
    key: str | None = None
    after: tuple[str, ...] | None = None
    why: Text | None = None
    habit: Habit | None = None
    when: When | None = None
    whole: bool = False
    event: bool = False


class Phase(_Strict):
    """A stretch of the plan with its share of the time and the milestone that ends it.

    `ladder` writes four milestones at a quarter of the measure each; `series` writes the sessions
    of a training progression.
    """

    name: Text
    share: Annotated[float, Field(gt=0, le=1)]
    why: Text
    steps: tuple[StepTemplate, ...] = ()
    ladder: Text | None = None
    series: Text | None = None
    milestone: Text | None = None


class Pace(_Strict):
    """So many units of work by the date: pages, words, books, hours of practice.

    `most_per_week` is the pace that must not be exceeded whatever the hours.
    """

    kind: Literal["pace"]
    slot: str
    unit: str
    minutes_per_unit: Annotated[float, Field(gt=0)]
    most_per_week: float | None = None
    start: str | None = None
    table: dict[str, float] = {}
    factor_slot: str | None = None
    factors: dict[str, float] = {}


class Training(_Strict):
    """A weekly key session that grows by at most a tenth, lighter every fourth week.

    `peak` maps the goal to the longest session by straight lines between points; `least_step` is
    the growth allowed where a tenth would be too little to measure.
    """

    kind: Literal["training"]
    slot: str
    unit: str
    start: str
    peak: tuple[tuple[float, float], ...]
    least_step: Annotated[float, Field(gt=0)]
    minutes_per_unit: Annotated[float, Field(gt=0)]


class Saving(_Strict):
    """An amount put together month by month."""

    kind: Literal["saving"]
    slot: str
    start: str | None = None
    monthly: str | None = None


class Debt(_Strict):
    """A balance paid off month by month, with interest in percent a year."""

    kind: Literal["debt"]
    slot: str
    rate: str
    monthly: str | None = None


MeasureRule = Annotated[Pace | Training | Saving | Debt, Field(discriminator="kind")]


class Risk(_Strict):
    """What tends to go wrong, and what to do then."""

    risk: Text
    then: Text


class Evidence(_Strict):
    """What is known about why this works, and who found it."""

    note: Annotated[str, Field(min_length=20, max_length=400)]
    source: Text


class Playbook(_Strict):
    """One kind of goal and the way through it."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Text
    area: Area
    summary: Annotated[str, Field(min_length=30, max_length=300)]
    words: dict[str, float] = {}
    weeks: Annotated[int, Field(ge=1, le=520)]
    hours_per_week: Annotated[float, Field(gt=0, le=40)]
    slots: dict[str, Slot] = {}
    measure: MeasureRule | None = None
    before: tuple[Text, ...] = ()
    risks: tuple[Risk, ...] = ()
    evidence: Evidence | None = None
    phases: Annotated[tuple[Phase, ...], Field(min_length=2)]

    @model_validator(mode="after")
    def _is_whole(self) -> "Playbook":
        total = sum(phase.share for phase in self.phases)
        if abs(total - 1) > _ROUNDING:
            raise ValueError(f"phases: shares add up to {total:.2f}, not 1")
        unknown = {name for text in self.texts() for name in fields_of(text)} - self.names()
        if unknown:
            raise ValueError(f"phases: unknown slot in braces: {', '.join(sorted(unknown))}")
        for name in self._slots_named():
            if name not in self.slots:
                raise ValueError(f"slots: {name} is used but not declared")
        self._check_steps()
        return self

    def _check_steps(self) -> None:
        printed = {name for text in self.texts() for name in fields_of(text)}
        empty = [n for n in printed & set(self.slots) if self.slots[n].default is None]
        if empty:
            raise ValueError(f"slots: {empty[0]} stands in braces and needs a default")
        for phase in self.phases:
            known = set[str]()
            for step in phase.steps:
                if set(step.after or ()) - known:
                    raise ValueError(f"phases: “{step.title}” comes after a key not above it")
                known |= {step.key} if step.key else set()
        for step in self.steps():
            if step.minutes > LONGEST_STEP_MINUTES and not (step.whole or step.event):
                raise ValueError(f"phases: “{step.title}” is too long: split it")

    def steps(self) -> Iterator[StepTemplate]:
        """List the step templates in order."""
        for phase in self.phases:
            yield from phase.steps

    def texts(self) -> Iterator[str]:
        """List every text that is rendered with slots."""
        for phase in self.phases:
            yield from (text for text in (phase.ladder, phase.series, phase.milestone) if text)
        for step in self.steps():
            yield step.title
            yield step.why or ""
            yield step.habit.text if step.habit else ""

    def names(self) -> set[str]:
        """Give the names that braces may hold."""
        return set(self.slots) | {"goal", "mark", "per_day", "per_week", "per_month", "weeks"}

    def _slots_named(self) -> Iterator[str]:
        yield from (step.when.slot for step in self.steps() if step.when)
        if self.measure is not None:
            named = self.measure.model_dump(include={"slot", "start", "rate", "monthly"})
            yield from (name for name in named.values() if name)


def fields_of(template: str) -> set[str]:
    """Give the names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def read_playbook(text: str, name: str) -> Playbook:
    """Read one playbook; raises PlaybookError naming the file and the field."""
    try:
        playbook = Playbook.model_validate_json(_as_json(text))
    except yaml.YAMLError as error:
        raise PlaybookError(f"{name}: not valid YAML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "playbook"
        raise PlaybookError(f"{name}: {where}: {first['msg']}") from error
    if playbook.key != name.removesuffix(".yaml"):
        raise PlaybookError(f"{name}: key: is {playbook.key}, not the name of the file")
    for slot in playbook.slots.values():
        if slot.pattern:
            re.compile(slot.pattern)
    return playbook


@lru_cache(maxsize=1)
def load_playbooks() -> dict[str, Playbook]:
    """Read all playbooks once, by key, in the order of their names."""
    sources = sorted(_sources(), key=lambda source: source.name)
    playbooks = [read_playbook(source.read_text("utf-8"), source.name) for source in sources]
    return {playbook.key: playbook for playbook in playbooks}


def _sources() -> Iterator[Traversable]:
    folder = files("selfos.features.ai").joinpath("playbooks")
    return (entry for entry in folder.iterdir() if entry.name.endswith(".yaml"))


def _as_json(text: str) -> str:
    # Strict mode refuses a list where a tuple is meant unless the input is JSON.
    return json.dumps(yaml.load(text, Loader=yaml.CSafeLoader))
