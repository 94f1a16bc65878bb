"""Letters and signs that no font here has: they become one that says that something is missing.

Which they are is learned where a page cannot be set, one at a time, and kept: the fonts of a
process do not change.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, cast

MISSING = "\N{REPLACEMENT CHARACTER}"
# Skin tones and joiners mean nothing without the sign before them.
_LOOSE = re.compile(f"{MISSING}[\U0001f3fb-\U0001f3ff\u200d\ufe0f]+")
_SAID = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
# Latin, Greek and Cyrillic letters, and what is between words: what the fonts that come along have.
_OWN = re.compile("[^\\s\x20-\u052f\u1e00-\u22ff\ufffd]")


def unshown_in(failure: str) -> str | None:
    """Return the letter that a failure to set a page is about, if it is about one."""
    found = _SAID.search(failure)
    return _ESCAPED.sub(lambda code: chr(int(code[1], 16)), found[1]) if found else None


def without(page: Mapping[str, Any], missing: frozenset[str]) -> dict[str, Any]:
    """Return the page with these marked as missing; `gaps` is whether any was in it."""
    table = {ord(each): MISSING for letters in missing for each in letters}

    def change(text: str) -> str:
        return _LOOSE.sub(MISSING, text.translate(table))

    shown = _translated(page, change) if table else dict(page)
    return {**shown, "gaps": shown != page}


def own_letters(page: Mapping[str, Any]) -> dict[str, Any]:
    """Return the page in letters that can be set anywhere, the others marked as missing."""

    def change(text: str) -> str:
        return _OWN.sub(MISSING, text)

    return {**_translated(page, change), "gaps": True}


def _translated(value: Any, change: Callable[[str], str]) -> Any:
    match value:
        case str():
            return change(value)
        case Mapping():
            pairs = cast("Mapping[str, Any]", value)
            return {key: _translated(each, change) for key, each in pairs.items()}
        case list():
            return [_translated(each, change) for each in cast("list[Any]", value)]
        case _:
            return value
