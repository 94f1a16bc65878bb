"""Undoing disguises: what a reader sees, in plain small letters. Pure.

Two readings of each text: `plain` keeps words as they are written, `bare` also reads look-alike
letters, digits for letters, stretched letters and s.p.a.c.e.d ones. Disguise is sought in `bare`,
and everything that turns on exact signs (addresses, numbers) in the text itself.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# Letters of other scripts that look like Latin ones.
LOOKALIKES = str.maketrans(
    "абвгдезікмнорстухѕјһԁԛԝαβγδεζηικμνορστυχωϲɑɡıȷⅼℓ",
    "abbrde3ikmhopctyxsjhdqwabydeznikmvopotuxwcagijll",
)
DIGITS = str.maketrans("0134578@$!|+", "oieastbasiit")
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f]"
)
MARKS = re.compile("[\u0300-\u036f]+")
# A word with a digit or sign amid letters; plain numbers, times and amounts are none.
DISGUISED = re.compile(r"(?<![\w@.])(?=[\w@$!|+]*[a-z])(?=[\w@$!|+]*[0134578@$!|+])[\w@$!|+]{3,}")
UNIT = re.compile(r"^\d+(?:[.,]\d+)?[a-z]{1,3}$|^[a-z]{1,2}\d+$|^[a-z]+\+*!+$")
STRETCHED = re.compile(r"([a-z])\1{2,}")
SPACED = re.compile(r"(?<![a-z])(?:(?:[a-z]\s{1,2}){3,}|(?:[a-z][._*\-]\s?){2,})[a-z](?![a-z])")
STARRED = re.compile(r"(?<=[a-z])[*#_.](?=[a-z])")


@dataclass(frozen=True, slots=True)
class Readings:
    """One text, read as written and without its disguises."""

    text: str
    plain: str
    bare: str


def read(text: str) -> Readings:
    """Return the readings of a text."""
    seen = INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    plain = seen.replace("’", "'").replace("‘", "'").casefold()
    return Readings(text, plain, _bare(plain))


def _bare(plain: str) -> str:
    letters = MARKS.sub("", unicodedata.normalize("NFD", plain)).translate(LOOKALIKES)
    joined = SPACED.sub(lambda found: re.sub(r"[\s._*\-]", "", found[0]), letters)
    undone = DISGUISED.sub(_undisguised, STARRED.sub("", joined))
    return STRETCHED.sub(r"\1", undone)


def _undisguised(found: re.Match[str]) -> str:
    word = found[0]
    if UNIT.match(word):
        return word
    # What ends a sentence is no letter.
    core = word.rstrip("!+|")
    return core.translate(DIGITS) + word[len(core) :]
