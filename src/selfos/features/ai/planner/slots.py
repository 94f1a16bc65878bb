"""Fills a playbook's slots: from an answer, from the goal's words, else by its assumption."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from selfos.features.ai.planner.model import Question, QuestionKind
from selfos.features.ai.planner.numbers import plain
from selfos.features.ai.planner.playbooks import Playbook, Slot
from selfos.features.ai.planner.reading import Quantity, Reading, find_quantities, stem

# A number without a currency is money only when it is large enough to be worth a goal.
_BARE_MONEY = 100
_KINDS: dict[str, QuestionKind] = {"choice": "choice", "name": "text", "text": "text"}


@dataclass(frozen=True, slots=True)
class Filled:
    """A slot with its value: the words to print, the number to compute with, where it is from."""

    name: str
    text: str
    amount: float | None
    origin: Literal["answer", "words", "assumed", "absent"]
    sign: str = ""


Slots = Mapping[str, Filled]
_Taken = set[tuple[float, str]]


def fill_slots(playbook: Playbook, reading: Reading, answers: Mapping[str, str]) -> Slots:
    """Fill every slot of a playbook; each quantity of the words is used at most once."""
    taken: _Taken = set()
    # Slots with a pattern know their place in the sentence, so they choose first.
    order = sorted(playbook.slots, key=lambda name: playbook.slots[name].pattern is None)
    filled = {
        name: _filled(name, playbook.slots[name], reading, answers.get(name, "").strip(), taken)
        for name in order
    }
    return {name: filled[name] for name in playbook.slots}


def found_hint(playbook: Playbook, reading: Reading) -> float:
    """Sum the match hints of slots whose value stands in the words."""
    hints = ((slot.hint, slot) for slot in playbook.slots.values() if slot.hint)
    return sum(hint for hint, slot in hints if _in_words("", slot, reading, set()) is not None)


def open_questions(playbook: Playbook, slots: Slots) -> tuple[Question, ...]:
    """Ask for the slots that were neither said nor answered."""
    missing = ((n, s) for n, s in playbook.slots.items() if slots[n].origin in _NOT_SAID)
    return tuple(
        Question(
            key=name,
            question=slot.ask,
            why=slot.why or "It changes the steps and the time they need.",
            kind=_KINDS.get(slot.kind, "number"),
            choices=slot.among if slot.kind == "choice" else (),
        )
        for name, slot in missing
        if slot.ask
    )


_NOT_SAID = frozenset({"assumed", "absent"})


def assumptions_of(playbook: Playbook, slots: Slots) -> tuple[str, ...]:
    """Say which values were assumed."""
    return tuple(
        f"{slot.ask} Assumed: {slots[name].text}."
        for name, slot in playbook.slots.items()
        if slots[name].origin == "assumed" and slot.ask and slot.kind not in {"text", "name"}
    )


def written(slot: Slot, amount: float, sign: str = "") -> str:
    """Write an amount the way the slot's kind is written."""
    if slot.kind == "money":
        return f"{sign or '€'}{plain(amount, 0)}"
    return plain(amount)


def _filled(name: str, slot: Slot, reading: Reading, answer: str, taken: _Taken) -> Filled:
    said = _answered(name, slot, answer) if answer else None
    return said or _in_words(name, slot, reading, taken) or _assumed(name, slot)


def _answered(name: str, slot: Slot, answer: str) -> Filled | None:
    if not slot.numeric:
        chosen = _among(slot, answer.lower(), set())
        return Filled(name, chosen or answer[:80], None, "answer")
    amounts = [q for q in find_quantities(answer.lower()) if q.value >= slot.low]
    if not amounts:
        return None
    value = _bounded(slot, _as(slot, amounts[0]))
    return Filled(name, written(slot, value, amounts[0].sign), value, "answer", amounts[0].sign)


def _in_words(name: str, slot: Slot, reading: Reading, taken: _Taken) -> Filled | None:
    words = _captured(slot, reading.text) if slot.pattern else reading.text
    if words is None:
        return None
    if not slot.numeric:
        found = _among(slot, words, taken) or (words if slot.pattern and not slot.among else None)
        taken.add((0, found or ""))
        return Filled(name, found, None, "words") if found else None
    for quantity in find_quantities(words) if slot.pattern else reading.quantities:
        if (quantity.value, quantity.kind) not in taken and _suits(slot, quantity):
            taken.add((quantity.value, quantity.kind))
            value = _bounded(slot, _as(slot, quantity))
            return Filled(name, written(slot, value, quantity.sign), value, "words", quantity.sign)
    return None


def _assumed(name: str, slot: Slot) -> Filled:
    if slot.default is None:
        return Filled(name, "", None, "absent")
    if isinstance(slot.default, str):
        return Filled(name, slot.default, None, "assumed")
    return Filled(name, written(slot, slot.default), float(slot.default), "assumed")


def _suits(slot: Slot, quantity: Quantity) -> bool:
    if not slot.low <= _as(slot, quantity) <= slot.high:
        return False
    if slot.kind == "count":
        stems = {stem(noun) for noun in quantity.nouns}
        return quantity.kind in {"bare", "time"} and bool(
            stems & {stem(unit) for unit in slot.units}
        )
    if quantity.kind == slot.kind:
        return True
    if slot.kind == "distance":
        return quantity.kind == "bare" and quantity.kilo
    return slot.kind == "money" and quantity.kind == "bare" and quantity.value >= _BARE_MONEY


def _as(slot: Slot, quantity: Quantity) -> float:
    # "5k" is five kilometres to a runner and five thousand to a saver.
    return quantity.value / 1000 if slot.kind == "distance" and quantity.kilo else quantity.value


def _bounded(slot: Slot, value: float) -> float:
    return min(max(value, slot.low), slot.high)


def _among(slot: Slot, text: str, taken: _Taken) -> str | None:
    for name in slot.among:
        if (0, name) not in taken and re.search(rf"\b{re.escape(name.lower())}(?!\w)", text):
            return name
    for alias, name in slot.aliases.items():
        if re.search(rf"\b{re.escape(alias.lower())}\b", text):
            return name
    return None


def _captured(slot: Slot, text: str) -> str | None:
    found = re.search(slot.pattern, text) if slot.pattern else None
    return found[1].strip(" .,'\"") or None if found else None
