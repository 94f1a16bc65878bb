"""Reads a filter: a Pratt parser that works on the text itself and says where it stopped.

    sections := or (',' or)*        or := and ('|' and)*        and := not (['&'] not)*
    not := ('!' | '-') not | atom   atom := '(' or ')' | place | qualifier | word | "phrase" | '*'

The settings `sort:`, `group:` and `limit:` may stand among the conditions of any section and are
about the whole filter.
"""

from __future__ import annotations

import re
from typing import NoReturn

from selfos.features.planning.filters.tree import (
    And,
    Everything,
    Filter,
    Group,
    Node,
    Not,
    Or,
    Place,
    Section,
    SortKey,
    Span,
    Text,
    joined,
)
from selfos.features.planning.filters.values import exactly, qualified
from selfos.features.planning.filters.words import (
    GROUPS,
    MOST_NODES,
    MOST_ROWS,
    QUALIFIERS,
    SETTINGS,
    SIGNS,
    SORTS,
    FilterError,
    meant,
    nearest,
)
from selfos.features.planning.schemas.filters import LONGEST_TEXT

# How tightly each operator binds; two things side by side are joined as by `&`.
BINDING = {"|": 1, "&": 2}
SIDE_BY_SIDE = BINDING["&"]

_blank = re.compile(r"\s*")
_bare = re.compile(r"[^\s()|&,\"]+")
_listed = re.compile(r"[^\s()|&,\"]+(?:,[^\s()|&,\"]+)*")
_name = re.compile(r"[^\s()|&,\"/]+")
# An address such as https://example.org is no qualifier.
_qualifier = re.compile(r"([A-Za-z_]+):(?!//)")
_quoted = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_escaped = re.compile(r"\\(.)", re.DOTALL)
_priority = re.compile(r"[pP]([1-4])")
_limit = re.compile(r"[1-9]\d{0,2}", re.ASCII)


def read_filter(text: str) -> Filter:
    """Return the filter this text means; raises FilterError for anything else."""
    return _Reader(text).read()


class _Reader:
    """A place in a text, and the settings read so far."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.nodes = 0
        self.inside = 0
        self.sort: tuple[SortKey, ...] = ()
        self.group: Group | None = None
        self.limit: int | None = None

    def read(self) -> Filter:
        """Read it all."""
        if len(self.text) > LONGEST_TEXT:
            self.fail(f"A filter has at most {LONGEST_TEXT} characters.", LONGEST_TEXT)
        if "\x00" in self.text:
            self.fail("A filter is text without NUL characters.", self.text.index("\x00"))
        sections: list[Section] = []
        while self.next() or self.text[: self.at].strip():
            start = self.at
            where = self.expression(0)
            if where is not None:
                sections.append(Section(where, self.text[start : self.at].strip()))
            if not self.next():
                break
            if self.next() == ")":
                self.fail("There is no `(` for this `)`.", self.at)
            self.at += 1
        if not sections:
            sections.append(Section(Everything()))
        return Filter(tuple(sections), self.sort, self.group, self.limit)

    def expression(self, tightness: int) -> Node | None:
        """Read operands joined by operators that bind tighter; None if all were settings."""
        left = self.operand()
        while (operator := self.next()) and operator not in ",)":
            binding = BINDING.get(operator, SIDE_BY_SIDE)
            if binding <= tightness:
                break
            at = self.at
            if operator in BINDING:
                self.at += 1
            right = self.expression(binding)
            if operator == "|" and (left is None or right is None):
                self.fail("`|` needs a condition on either side.", at)
            sides = [side for side in (left, right) if side is not None]
            left = joined(Or if operator == "|" else And, sides) if sides else None
        return left

    def operand(self) -> Node | None:
        """Read one thing with the signs before it; None for a setting."""
        sign, start = self.next(), self.at
        self.nodes += 1
        if self.nodes > MOST_NODES:
            self.fail(f"A filter has at most {MOST_NODES} conditions.", start)
        if not sign or sign in "|&,)":
            self.fail("A condition is missing here.", start)
        if sign == "(":
            return self.brackets(start)
        if sign == "!" or (sign == "-" and not _blank.fullmatch(self.text, start + 1, start + 2)):
            return self.negation()
        return self.atom(start)

    def brackets(self, start: int) -> Node | None:
        """Read what stands in brackets."""
        self.at += 1
        self.inside += 1
        inner = self.expression(0)
        self.inside -= 1
        if self.next() != ")":
            self.fail("This `(` is not closed.", start)
        self.at += 1
        return inner

    def negation(self) -> Node | None:
        """Read what shall not be."""
        self.at += 1
        self.inside += 1
        part = self.operand()
        self.inside -= 1
        return None if part is None else Not(part)

    def atom(self, start: int) -> Node | None:
        """Read a place, a phrase, a qualifier or a word."""
        sign = next((sign for sign in SIGNS if self.text.startswith(sign, start)), None)
        if sign is not None:
            return self.place(sign, start)
        if self.text[start] == '"':
            return self.words(self.phrase(), start, exact=True)
        if found := _qualifier.match(self.text, start):
            return self.qualifier(found[1].casefold(), start, found.end())
        word = self.take(_bare)
        if word == "*":
            return Everything()
        if found := _priority.fullmatch(word):
            return exactly("priority", int(found[1]), self.since(start))
        return self.words(word, start, exact=False)

    def place(self, sign: str, start: int) -> Place:
        """Read the name of a project (perhaps with a phase), label, area or goal."""
        self.at += len(sign)
        kind = SIGNS[sign]
        name = self.name(kind, start)
        phase = None
        if kind == "project" and self.text.startswith("/", self.at):
            self.at += 1
            phase = self.name("phase", start)
        return Place(kind, name, phase, deep=sign == "##", span=self.since(start))

    def name(self, kind: str, start: int) -> str:
        name = self.phrase() if self.text.startswith('"', self.at) else self.take(_name)
        if kind != "project":
            # Only projects have parts; elsewhere a stroke belongs to the name.
            while self.text.startswith("/", self.at):
                name += self.take(_bare)
        if not name.strip():
            self.fail(f"Name the {kind}, as in {_example(kind)}.", start, max(self.at, start + 1))
        return name

    def qualifier(self, field: str, start: int, begins: int) -> Node | None:
        """Read what stands behind a colon."""
        self.at = begins
        if field not in QUALIFIERS and field not in SETTINGS:
            suggestion = nearest(field, (*QUALIFIERS, *SETTINGS))
            self.fail(
                f"Unknown field `{field}`{meant(suggestion)}",
                start,
                begins - 1,
                suggestion=suggestion,
            )
        if self.text.startswith('"', begins):
            value, is_quoted = self.phrase(), True
        else:
            value, is_quoted = self.take(_listed if field == "sort" else _bare), False
        if field in SETTINGS:
            self.setting(field, value, start, begins)
            return None
        if field == "text":
            return self.words(value, start, exact=is_quoted)
        return qualified(field, value, self.since(start), begins)

    def setting(self, field: str, value: str, start: int, begins: int) -> None:
        """Take over how the whole filter is shown."""
        if self.inside:
            self.fail(f"`{field}:` is about the whole filter; take it out of here.", start, self.at)
        if getattr(self, field):
            self.fail(f"`{field}:` stands here twice.", start, self.at)
        match field:
            case "sort":
                self.sort = tuple(self.sort_keys(value, begins))
            case "group":
                self.group = Group(self.known(value, GROUPS, begins), self.since(start))
            case _:
                if not _limit.fullmatch(value) or int(value) > MOST_ROWS:
                    self.fail(f"`limit:` takes a number from 1 to {MOST_ROWS}.", start, self.at)
                self.limit = int(value)

    def sort_keys(self, value: str, begins: int) -> list[SortKey]:
        keys: list[SortKey] = []
        for part in value.split(","):
            name = part.removeprefix("-")
            known = self.known(name, SORTS, begins + len(part) - len(name))
            if any(key.name == known for key in keys):
                self.fail(f"`sort:` names {known} twice.", begins, begins + len(part))
            keys.append(SortKey(known, part != name, Span(begins, begins + len(part))))
            begins += len(part) + 1
        return keys

    def known(self, name: str, names: tuple[str, ...], begins: int) -> str:
        """Return a name out of these, or refuse and say which there are."""
        if name.casefold() not in names:
            self.refuse_unknown(name, names, begins)
        return name.casefold()

    def refuse_unknown(self, name: str, names: tuple[str, ...], begins: int) -> NoReturn:
        suggestion = nearest(name, names)
        what = f"Unknown word `{name}`" if name else "A word is missing here"
        detail = f"{what}{meant(suggestion) if suggestion else ': ' + _one_of(names)}"
        self.fail(detail, begins, begins + len(name), suggestion=suggestion)

    def words(self, text: str, start: int, *, exact: bool) -> Text:
        if not any(character.isalnum() for character in text):
            what = f"`{text}` has none." if text else "there are none here."
            self.fail(f"Search looks at letters and digits; {what}", start, self.at)
        return Text(text, exact, self.since(start))

    def phrase(self) -> str:
        found = _quoted.match(self.text, self.at)
        if found is None:
            self.fail("This quotation mark is not closed.", self.at)
        self.at = found.end()
        return _escaped.sub(r"\1", found[1])

    def next(self) -> str:
        """Return the sign after the blanks, or nothing at the end."""
        found = _blank.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.text[self.at : self.at + 1]

    def take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        if found is None:
            return ""
        self.at = found.end()
        return found[0]

    def since(self, start: int) -> Span:
        return Span(start, self.at)

    def fail(
        self, detail: str, start: int, end: int | None = None, *, suggestion: str | None = None
    ) -> NoReturn:
        """Refuse, pointing at one character unless an end is given."""
        end = min(start + 1 if end is None else end, len(self.text))
        raise FilterError(detail, start, end, suggestion=suggestion)


def _example(kind: str) -> str:
    examples = {
        "project": '`#Kitchen` or `#"New kitchen"`',
        "phase": "`#Kitchen/Plumbing`",
        "label": "`@errand`",
        "area": "`~Health`",
        "goal": '`^"Run a marathon"`',
    }
    return examples[kind]


def _one_of(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}."
