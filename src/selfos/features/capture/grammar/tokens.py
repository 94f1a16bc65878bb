"""Signs with a meaning: #project @label ^goal ~area p1 +name >parent //note, and links."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Literal

from selfos.features.capture.grammar.draft import Draft
from selfos.features.capture.grammar.lexicon import TAKEN
from selfos.features.capture.grammar.names import Name, NameKind, Names
from selfos.features.capture.grammar.results import Offer, Reference

Signs = Mapping[str, str]
SIGNS: Mapping[str, Signs] = {
    "todoist": {"#": "project", "@": "label", "+": "assignee", "*": "habit"},
    "vikunja": {"+": "project", "*": "label", "@": "assignee", "%": "habit"},
}
COMMON: Signs = {"^": "goal", "~": "area", ">": "parent"}
FREE = rf"(?<![^\s{TAKEN}])"
LINK = re.compile(rf"{FREE}(?:https?://|www\.)[^\s{TAKEN}]+")
ESCAPE = re.compile(rf"{FREE}\\(?:[#@+*%^~>!{{/]|p[1-4]\b)[^\s{TAKEN}]*")
NOTE = re.compile(rf"{FREE}//[ \t]*")
PRIORITY = re.compile(rf"{FREE}(?:!|p)([1-4])(?![\w])")
WORD = re.compile(rf"[^\s/{TAKEN}\x01]+")
QUOTED = re.compile(r'"([^"]+)"')
PUNCTUATION = ".,;:!?)"
TOO_LATE = "There is a {what} already, so “{text}” stays in the title."


def read_links(draft: Draft) -> None:
    """Keep links whole and in the title, and list them."""
    for found in LINK.finditer(draft.work):
        end = found.end() - (len(found[0]) - len(found[0].rstrip(".,;!?)")))
        if draft.free(found.start(), end):
            draft.fields.links.append(draft.text[found.start() : end])
            draft.mention(found.start(), end, "link")


def read_escapes(draft: Draft) -> None:
    """Keep what stands behind a backslash as it is."""
    for found in ESCAPE.finditer(draft.work):
        draft.drop(found.start())
        draft.keep(*found.span())


def read_note(draft: Draft) -> None:
    """Take everything behind // as notes; further lines are notes, too."""
    found = NOTE.search(draft.work)
    line = draft.work.find("\n", len(draft.work) - len(draft.work.lstrip()))
    if found is None and line < 0:
        return
    if found is None or 0 <= line < found.start():
        start, inner = line, line
    else:
        start, inner = found.start(), found.end()
    notes = draft.text[inner:].strip()
    if notes:
        draft.fields.notes = notes
        draft.take(start, len(draft.text), "note")


def read_priority(draft: Draft) -> None:
    """Take the first !1 or p1; a later one stays."""
    for found in PRIORITY.finditer(draft.work):
        if draft.fields.priority is not None:
            too_late(draft, "priority", found.span())
            continue
        draft.fields.priority = int(found[1])
        draft.take(*found.span(), "priority")


def read_references(draft: Draft, names: Names, prefixes: str) -> None:
    """Take names behind their signs; unknown and unclear ones stay, with a warning."""
    signs = {**SIGNS[prefixes], **COMMON}
    starts = re.compile(rf"{FREE}([{re.escape(''.join(signs))}])(?=[\w\"]|(?<=>)[ \t]*[\w\"])")
    for found in list(starts.finditer(draft.work)):
        sign = signs[found[1]]
        if sign != "habit" and draft.free(*found.span()):
            READERS[sign](draft, names, found.start(), found.end())


def too_late(draft: Draft, what: str, place: tuple[int, int]) -> None:
    """Say that a field was filled before, and leave the later word in the title."""
    text = draft.text[slice(*place)]
    draft.warn("twice", TOO_LATE.format(what=what, text=text), place)
    draft.keep(*place)


def _called(draft: Draft, names: Names, kinds: tuple[NameKind, ...], start: int) -> tuple[str, int]:
    """Return the name at a place and where it ends: quoted, known, or one word."""
    while draft.work[start : start + 1] in (" ", "\t"):
        start += 1
    quoted = QUOTED.match(draft.work, start)
    if quoted:
        return draft.text[quoted.start(1) : quoted.end(1)], quoted.end()
    known = [names.longest_at(kind, draft.work, start) for kind in kinds]
    longest = max((each for each in known if each), key=len, default="")
    word = WORD.match(draft.work, start)
    plain = word[0].rstrip(PUNCTUATION) if word else ""
    end = start + max(len(longest), len(plain))
    return draft.text[start:end], end


def _is_name(text: str) -> bool:
    """Tell a name from an amount such as +5 or >3."""
    return any(sign.isalpha() for sign in text)


def _project(draft: Draft, names: Names, start: int, inner: int) -> None:
    """Take #Project, #Area/Project or #Project/Phase; # also finds an area of that name."""
    name, end = _called(draft, names, ("project", "area"), inner)
    if not _is_name(name):
        return None
    if draft.fields.project or draft.fields.area:
        return too_late(draft, "project", (start, end))
    if draft.work[end : end + 1] == "/":
        return _nested(draft, names, (start, end), name)
    found = names.called("project", name)
    if found:
        return _settle(draft, "project", found, (start, end))
    areas = names.called("area", name)
    if areas:
        return _settle(draft, "area", areas, (start, end))
    return _unknown_project(draft, name, (start, end))


def _nested(draft: Draft, names: Names, outer: tuple[int, int], name: str) -> None:
    child, end = _called(draft, names, ("project", "phase"), outer[1] + 1)
    place = (outer[0], end)
    for project in names.called("project", name):
        phases = names.called("phase", child, project.id)
        if phases:
            draft.fields.phase = Reference(phases[0].id, phases[0].name)
            return _settle(draft, "project", [project], place)
    inside = [
        found
        for area in names.called("area", name)
        for found in names.called("project", child, area.id)
    ]
    if inside:
        return _settle(draft, "project", inside, place)
    message = f"There is no “{child}” in “{name}”, so it stays in the title."
    draft.keep(*place)
    return draft.warn("unknown_project", message, place)


def _unknown_project(draft: Draft, name: str, place: tuple[int, int]) -> None:
    message = f"There is no project “{name}” yet, so it stays in the title."
    draft.keep(*place)
    draft.warn("unknown_project", message, place, offer=Offer("project", name))


def _label(draft: Draft, names: Names, start: int, inner: int) -> None:
    name, end = _called(draft, names, ("label",), inner)
    if not _is_name(name) or name[0].isdecimal():
        return
    known = names.called("label", name)
    label = known[0].name if known else name
    if label not in draft.fields.labels:
        draft.fields.labels.append(label)
    draft.take(start, end, "label")


Single = Literal["project", "area", "goal", "assignee", "parent"]


def _single(kind: NameKind, field: Single, noun: str) -> Callable[[Draft, Names, int, int], None]:
    def read(draft: Draft, names: Names, start: int, inner: int) -> None:
        name, end = _called(draft, names, (kind,), inner)
        if not _is_name(name):
            return None
        if getattr(draft.fields, field) is not None:
            return too_late(draft, noun, (start, end))
        found = names.called(kind, name)
        if found:
            return _settle(draft, field, found, (start, end))
        draft.keep(start, end)
        message = f"There is no {noun} called “{name}”, so it stays in the title."
        return draft.warn(f"unknown_{field}", message, (start, end))

    return read


def _settle(draft: Draft, field: Single, found: list[Name], place: tuple[int, int]) -> None:
    """Fill a field with the one thing of this name, or ask which one is meant."""
    choices = [Reference(each.id, each.name) for each in found]
    if len(choices) > 1:
        name = choices[0].name
        draft.keep(*place)
        message = f"More than one {field} is called “{name}”; choose which one is meant."
        return draft.warn(f"ambiguous_{field}", message, place, choices=choices)
    setattr(draft.fields, field, choices[0])
    return draft.take(*place, field)


READERS: Mapping[str, Callable[[Draft, Names, int, int], None]] = {
    "project": _project,
    "label": _label,
    "goal": _single("goal", "goal", "goal"),
    "area": _single("area", "area", "life area"),
    "assignee": _single("member", "assignee", "member"),
    "parent": _single("task", "parent", "open task"),
}
