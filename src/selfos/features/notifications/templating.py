"""A workspace's own words: a small part of Jinja's language, bounded before it runs.

Whoever edits words is a person of the workspace, and what they write runs in the server for
everybody there. So it is read first, and refused unless it is made of known parts: the values of
its kind, `if`, one loop over a value, comparisons, and a few filters that cannot make much of
little. There is no attribute, item, arithmetic, assignment, or call of anything but our own
functions, hence nothing to reach an object with and nothing whose time or size is not bounded by
the text itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

FILTERS = frozenset({"capitalize", "default", "first", "join", "last", "length", "lower"}) | {
    *("title", "trim", "truncate", "upper"),
}
PARTS = (
    *(nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.If, nodes.For),
    *(nodes.CondExpr, nodes.Filter, nodes.Call, nodes.Keyword, nodes.Compare, nodes.Operand),
    *(nodes.And, nodes.Or, nodes.Not, nodes.Concat),
)
# `join` puts its separator between all parts, so neither may be long and it may not be repeated.
LONGEST_SEPARATOR, LONGEST_TEXT = 10, 5_000
# To compile a text takes 2 ms, and a batch of reminders says the same one over and over.
MOST_COMPILED = 256
TOO_DEEP = "This is nested too deeply."
_environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)


@dataclass
class Fault(Exception):
    """What is wrong with a text, and where; lines and columns count from 1."""

    detail: str
    line: int
    column: int | None = None

    def __str__(self) -> str:
        where = f"line {self.line}" + (f", column {self.column}" if self.column else "")
        return f"{self.detail} ({where})"


def check(text: str, known: Collection[str], functions: Collection[str]) -> None:
    """Raise Fault unless a text is made of what is allowed, `known` values and our `functions`."""
    try:
        tree = _environment.parse(text)
    except TemplateSyntaxError as error:
        raise Fault(error.message or "This cannot be read.", error.lineno) from error
    except RecursionError as error:
        raise Fault(TOO_DEEP, 1) from error
    reader = Reader(text, frozenset(functions))
    for node in tree.body:
        reader.walk(node, frozenset(known))
    try:
        _compiled(text)
    except (SyntaxError, RecursionError) as error:
        # Python has limits of its own to how deep things nest.
        raise Fault(TOO_DEEP, 1) from error


def render(text: str, values: Mapping[str, Any]) -> str:
    """Return what a checked text says; raises Fault where a value does not fit it."""
    said: list[str] = []
    try:
        for piece in _compiled(text).generate(values):
            said.append(piece)
            if sum(map(len, said)) > LONGEST_TEXT:
                raise Fault("This becomes too long.", 1)
    except (TemplateError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise Fault(str(error) or "A value does not fit here.", 1) from error
    return " ".join("".join(said).split())


def values_of(text: str) -> set[str]:
    """Return the names that a text of ours speaks of."""
    names = _environment.parse(text).find_all(nodes.Name)
    return {each.name for each in names if each.ctx == "load"}


@lru_cache(maxsize=MOST_COMPILED)
def _compiled(text: str) -> Template:
    return _environment.from_string(text)


class Reader:
    """Reads one text."""

    def __init__(self, text: str, functions: frozenset[str]) -> None:
        """Read this text, in which these functions may be called."""
        self._text, self._functions = text, functions

    def walk(self, node: nodes.Node, known: frozenset[str], *, looping: bool = False) -> None:
        """Raise Fault at the first part that is not allowed."""
        if not isinstance(node, PARTS):
            name = type(node).__name__.lower()
            raise self._fault(node, f"“{name}” is not for words", None)
        match node:
            case nodes.Name() if node.name not in known:
                usable = ", ".join(sorted(known))
                raise self._fault(node, f"There is no “{node.name}” here, only {usable}", node.name)
            case nodes.Filter():
                self._check_filter(node)
            case nodes.Call():
                self._check_call(node)
                for child in (*node.args, *node.kwargs):
                    self.walk(child, known, looping=looping)
                return
            case nodes.For():
                known |= {self._check_loop(node, looping=looping)}
                looping = True
            case _:
                pass
        for child in node.iter_child_nodes():
            if not (isinstance(node, nodes.For) and child is node.target):
                self.walk(child, known, looping=looping)

    def _check_filter(self, node: nodes.Filter) -> None:
        if node.name not in FILTERS:
            usable = ", ".join(sorted(FILTERS))
            raise self._fault(node, f"There is no filter “{node.name}”, only {usable}", node.name)
        if node.name != "join":
            return
        short = all(
            isinstance(each, nodes.Const) and len(str(each.value)) <= LONGEST_SEPARATOR
            for each in node.args
        )
        if not short or node.kwargs or not isinstance(node.node, nodes.Name):
            raise self._fault(node, "“join” takes a value, and a short separator", "join")

    def _check_call(self, node: nodes.Call) -> None:
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        if name not in self._functions or node.dyn_args is not None or node.dyn_kwargs is not None:
            raise self._fault(
                node, f"Only {' and '.join(sorted(self._functions))} can be called", name
            )

    def _check_loop(self, node: nodes.For, *, looping: bool) -> str:
        """Return the name a loop gives; one loop goes over one value, and not inside another."""
        simple = isinstance(node.target, nodes.Name) and isinstance(node.iter, nodes.Name)
        if looping or not simple or node.else_ or node.test is not None or node.recursive:
            raise self._fault(node, "A loop goes over one value, and not inside another", "for")
        assert isinstance(node.target, nodes.Name)  # noqa: S101 - `simple` says so
        if node.target.name in self._functions:
            raise self._fault(node, "A loop cannot take this name", node.target.name)
        return node.target.name

    def _fault(self, node: nodes.Node, detail: str, word: str | None) -> Fault:
        """Return a fault with the column of its word, which Jinja does not tell."""
        lines = self._text.splitlines()
        number = min(node.lineno or 1, len(lines))
        line = lines[number - 1] if lines else ""
        found = re.search(rf"\b{re.escape(word)}\b", line) if word else None
        return Fault(f"{detail}.", number, found.start() + 1 if found else None)
