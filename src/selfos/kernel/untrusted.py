"""Text on its way to a model: cleaned, kept short, without addresses, and marked by who wrote it.

No mark makes a model obey. What keeps it from harm is that tools only propose and that none of
them fetches anything; this makes the boundary visible, and leaves nothing to fetch.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from typing import Any, cast
from uuid import UUID

from selfos.kernel.errors import Invalid
from selfos.kernel.origins import Origin

LONGEST_TEXT = 8_000
LONGEST_IN_LIST = 400
CUT = " …"
NO_LINK, WITHHELD = "⟦link removed⟧", "[this stays in SelfOS]"
# Only we write these brackets; in anybody's text they are replaced.
BRACKETS = str.maketrans({"⟦": "[", "⟧": "]"})
# Format characters (zero-width, bidirectional, tags), private ones, and blanks that show nothing.
UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Cn", "Co", "Cs"})
UNSEEN = frozenset("\u115f\u1160\u2800\u3164\uffa0") | {chr(c) for c in range(0xE0100, 0xE01F0)}
SEEN = frozenset("\n\t")
ADDRESS = re.compile(
    r"""(?ix)
    !?\[[^\]\n]*\]\(\s*[^)\s#/][^)\n]*\)                        # a Markdown link or image
    | (?:\b[a-z][a-z0-9+.-]{1,20}:)?[/\\]{2}[^\s<>"'`]+         # anything://, and //host
    | \b(?:javascript|data|mailto|tel|vbscript|blob|file):[^\s<>"'`]+
    | \bwww\.[^\s<>"'`]+
    | \b(?:[a-z0-9-]+\.)+[a-z]{2,24}(?::\d+)?[/?\#][^\s<>"'`]*    # host.tld/path
    | \b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?[/?\#][^\s<>"'`]*        # an IPv4 address with a path
    """
)
# Fields whose text is one of our own words, an id, a day or an instant.
OURS = frozenset(
    """
    color cursor date day door engine entity from icon id kind locale next_cursor op operation
    outcome period pointer priority rank role slot source state status time time_zone to type
    verdict week_start window zone
    """.split()
)
OUR_ENDINGS = ("_id", "_at", "_date", "_day", "_until", "_before", "_after")


def for_model(value: Any, origins: Mapping[str, Origin]) -> Any:
    """Return JSON-able data as a model may see it; `origins` goes by the ids of rows."""
    return _walk(value, origins, None, ours=False, longest=LONGEST_TEXT)


def clean(text: str, longest: int = LONGEST_TEXT) -> str:
    """Return text without what cannot be seen and without addresses, cut to a length."""
    seen = "".join(c for c in text if c in SEEN or not _unseen(c)).translate(BRACKETS)
    plain = _plain(seen)
    if ADDRESS.search(plain):
        seen = ADDRESS.sub(NO_LINK, plain)
    return seen if len(seen) <= longest else seen[: longest - len(CUT)] + CUT


def in_marks(data: Any) -> str:
    """Return data as JSON to stand between <marks>, which nothing in it can close."""
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")


def has_address(text: str) -> bool:
    """Tell whether a text holds what could be opened."""
    seen = "".join(c for c in text if c in SEEN or not _unseen(c))
    return ADDRESS.search(_plain(seen)) is not None


def _plain(text: str) -> str:
    # Wide and circled letters are read as letters by a model, so they count as such here.
    return unicodedata.normalize("NFKC", text).replace("\u3002", ".")


def ids_in(value: Any) -> Iterator[UUID]:
    """Yield the ids of all rows that JSON-able data shows or points to."""
    match value:
        case dict():
            fields = cast("dict[str, Any]", value)
            for each in _ids_of(fields):
                with suppress(ValueError):
                    yield UUID(each)
            for each in fields.values():
                yield from ids_in(each)
        case list():
            for each in cast("list[Any]", value):
                yield from ids_in(each)
        case _:
            pass


def without(value: Any, withheld: Collection[str]) -> Any:
    """Return data without the words of these rows and of what points to them.

    In lists they are left out. What tells of rows without naming them (labels of changes, stories)
    is withheld too: it may speak of any.
    """
    match value:
        case dict():
            fields = cast("dict[str, Any]", value)
            if _is_withheld(fields, withheld):
                return {"withheld": WITHHELD}
            kept = {name: each for name, each in fields.items() if name != "label"}
            shown = {name: without(each, withheld) for name, each in kept.items()}
            return shown | ({"label": WITHHELD} if "label" in fields else {})
        case list():
            items = cast("list[Any]", value)
            return [
                without(each, withheld)
                for each in items
                if not (
                    isinstance(each, dict) and _is_withheld(cast("dict[str, Any]", each), withheld)
                )
            ]
        case _:
            return value


def _is_withheld(fields: dict[str, Any], withheld: Collection[str]) -> bool:
    return fields.get("kind") == "story" or any(each in withheld for each in _ids_of(fields))


def _ids_of(fields: dict[str, Any]) -> list[str]:
    """Return the ids of a row and of what it points to, at once or by what it is about."""
    found = [each for name, each in fields.items() if name == "id" or name.endswith("_id")]
    inner = (fields.get("habit"), fields.get("about"))
    found += [cast("dict[str, Any]", each).get("id") for each in inner if isinstance(each, dict)]
    return [str(each) for each in found if isinstance(each, str)]


def refuse_marks(value: Any) -> None:
    """Refuse to store what only a model sees: it has copied a text that was shortened for it."""
    match value:
        case str() if "⟦" in value or "⟧" in value:
            raise Invalid(
                "This text was changed for you (⟦…⟧); do not write it back. Leave the field out."
            )
        case dict():
            for each in cast("dict[str, Any]", value).values():
                refuse_marks(each)
        case list():
            for each in cast("list[Any]", value):
                refuse_marks(each)
        case _:
            pass


def _walk(
    value: Any, origins: Mapping[str, Origin], origin: Origin | None, *, ours: bool, longest: int
) -> Any:
    match value:
        case str():
            return (
                value
                if ours and len(value) <= LONGEST_IN_LIST
                else _marked(clean(value, longest), origin)
            )
        case dict():
            fields = cast("dict[str, Any]", value)
            mine = origins.get(str(fields.get("id")), origin)
            return {
                name: _walk(each, origins, mine, ours=_is_ours(name), longest=longest)
                for name, each in fields.items()
            }
        case list():
            items = cast("list[Any]", value)
            return [
                _walk(each, origins, origin, ours=ours, longest=min(longest, LONGEST_IN_LIST))
                for each in items
            ]
        case _:
            return value


def _marked(text: str, origin: Origin | None) -> str:
    return f"⟦from {origin}⟧{text}⟦end⟧" if origin is not None and text else text


def _is_ours(name: str) -> bool:
    return name in OURS or name.endswith(OUR_ENDINGS)


def _unseen(character: str) -> bool:
    return character in UNSEEN or unicodedata.category(character) in UNSEEN_CATEGORIES
