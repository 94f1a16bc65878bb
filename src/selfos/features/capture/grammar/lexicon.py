"""The words of a language, read from its table and turned into patterns once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, cast

import yaml

TABLES = ("de", "en", "es")
FALLBACK = "en"
# Stand-ins for text that is spoken for: TAKEN was understood, KEPT is plainly part of the title.
TAKEN, KEPT = "\x00", "\x01"
BEFORE = rf"(?<![^\s{TAKEN}(])"
AFTER = r"(?!\w)(?![-/.:,]\w)"
GAP, MAYBE_GAP = r"[ \t]+", r"[ \t]*"
INSIDE = r"(?:[ \t]+|-)"
YEAR = r"(?:1[89]|2[01])[0-9]{2}"
DAY = r"3[01]|[12][0-9]|0?[1-9]"
PLACEHOLDER = re.compile(r"\{([a-z_]+)(\*)?(?::([a-z]+))?\}")

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way to say something: what it looks like, what it means, where it may stand."""

    meaning: str
    pattern: re.Pattern[str]
    readers: Mapping[str, Callable[[str], Any]]
    given: Values
    lead: bool = False
    end: bool = False
    start: bool = False
    bare: bool = False

    def values(self, match: re.Match[str]) -> dict[str, Any]:
        """Return what the words of a match stand for, by the names of its groups."""
        found = {name: text for name, text in match.groupdict().items() if text is not None}
        read = {
            name: self.readers[name](text) if name in self.readers else text
            for name, text in found.items()
        }
        return {**self.given, **read}


@dataclass(frozen=True)
class Lexicon:
    """One language: its tables, and the patterns made of them."""

    language: str
    table: Mapping[str, Any]
    shared: Mapping[str, Any]
    words: Mapping[str, Mapping[str, Any]] = field(init=False)

    def __post_init__(self) -> None:
        words: dict[str, dict[str, Any]] = dict(self.table["words"])
        words["n"] = {**words["number"], **words.get("article", {})}
        object.__setattr__(self, "words", words)

    def phrases(self, section: str) -> Sequence[Phrase]:
        """Return the ways to say a date, a time, a repetition and so on."""
        return _phrases(self, section)

    @cached_property
    def not_after(self) -> frozenset[str]:
        """Words that make a plain word of the date behind them."""
        return frozenset(self.table["not_after"].split())

    @cached_property
    def leads(self) -> Mapping[str, re.Pattern[str]]:
        """Words before a date, a time or a duration, by the role they give it."""
        return {
            role: re.compile(f"{BEFORE}{spaced(said)}:?{MAYBE_GAP}\\Z")
            for role, said in self.table["leads"].items()
        }

    @cached_property
    def joint(self) -> re.Pattern[str]:
        """What may stand between a date and its time."""
        return re.compile(rf"[ \t,()]*(?:{spaced(self.table['join'])}{GAP})*[ \t(]*")

    @cached_property
    def tail(self) -> re.Pattern[str]:
        """What may follow the end of a text: understood words, punctuation, a please."""
        return re.compile(rf"(?:[\s{TAKEN}.,;!?)]|{BEFORE}{self.table['fillers']}\b)*")

    @cached_property
    def alternative(self) -> re.Pattern[str]:
        """What leads from one date to the next: "or" Tuesday."""
        return re.compile(rf"{BEFORE}{self.table['or']}[ \t]+")

    @cached_property
    def kind(self) -> re.Pattern[str]:
        """How a text says what it is: "goal: run a marathon"."""
        return re.compile(rf"\s*({_either(self.table['kinds'])})[ \t]*:[ \t]+(?=\S)")

    @cached_property
    def reminder(self) -> re.Pattern[str]:
        """The word before a reminder's time."""
        return re.compile(rf"{BEFORE}{spaced(self.table['remind'])}{GAP}")

    @property
    def clock(self) -> int:
        """12 where people say "at 5" for the afternoon, else 24."""
        return self.table["clock"]

    def month_first(self, locale: str) -> bool:
        """Tell whether 3/4 is in March (American) or in April."""
        order = self.table["month_first"]
        region = locale.partition("-")[2].rpartition("-")[2].upper()
        return bool(order["usually"]) != (region in order["not_in"])

    def reader(self, kind: str) -> Callable[[str], Any]:
        """Return how a written word of a class is read."""
        mark = re.compile(rf"{self.table['day_mark']}\Z")
        table = self.words.get("nth" if kind in ("day", "nth") else kind, {})

        def read(text: str) -> Any:
            plain = " ".join(text.replace("-", " ").split())
            if plain in table:
                return table[plain]
            return int(mark.sub("", plain)) if plain[:1].isdecimal() else plain

        return read

    def source(self, kind: str) -> str:
        """Return the pattern of one word of a class."""
        if kind == "year":
            return YEAR
        if kind == "day":
            words = {word: n for word, n in self.words["nth"].items() if n > 0}
            return f"(?:{DAY})(?:{self.table['day_mark']})?|{_either(words)}"
        if kind == "nth":
            return f"(?:{DAY})(?:{self.table['day_mark']})|{_either(self.words['nth'])}"
        digits = "[0-9]{1,3}|" if kind == "n" else ""
        return digits + _either(self.words[kind])


def lexicon_for(locale: str) -> Lexicon:
    """Return the language of a locale, English where we have no table for it."""
    language = locale.partition("-")[0].lower()
    return _lexicon(language if language in TABLES else FALLBACK)


@cache
def _lexicon(language: str) -> Lexicon:
    return Lexicon(language, _table(language), _table("shared"))


@cache
def _table(name: str) -> dict[str, Any]:
    folder = files("selfos.features.capture.grammar") / "words"
    read = yaml.safe_load((folder / f"{name}.yaml").read_text(encoding="utf-8"))
    return cast("dict[str, Any]", read)


_made: dict[tuple[str, str], tuple[Phrase, ...]] = {}


def _phrases(lexicon: Lexicon, section: str) -> tuple[Phrase, ...]:
    key = (lexicon.language, section)
    if key not in _made:
        said = [*lexicon.table.get(section, ()), *lexicon.shared.get(section, ())]
        _made[key] = tuple(_phrase(lexicon, each) for each in said)
    return _made[key]


def _phrase(lexicon: Lexicon, said: Mapping[str, Any]) -> Phrase:
    readers: dict[str, Callable[[str], Any]] = {}
    source = "".join(_pieces(lexicon, said["say"], readers))
    return Phrase(
        meaning=said["as"],
        pattern=re.compile(f"{BEFORE}(?:{source}){AFTER}"),
        readers=readers,
        given=said.get("with", {}),
        **{flag: said.get(flag, False) for flag in ("lead", "end", "start", "bare")},
    )


def _pieces(lexicon: Lexicon, say: str, readers: dict[str, Callable[[str], Any]]) -> Iterator[str]:
    """Yield a phrase's notation as a regular expression, noting how its groups are read."""
    say = say.replace("<every>", lexicon.table.get("every", ""))
    position = 0
    for found in PLACEHOLDER.finditer(say):
        yield spaced(say[position : found.start()])
        kind, several, name = found[1], found[2], found[3] or found[1]
        one, read = lexicon.source(kind), lexicon.reader(kind)
        if several:
            between = spaced(lexicon.table["listing"])
            yield f"(?P<{name}>(?:{one})(?:{between}(?:{one}))*)"
            split = re.compile(f"(?:{one})(?!\\w)")
            readers[name] = _each(split, read)
        else:
            yield f"(?P<{name}>{one})"
            readers[name] = read
        position = found.end()
    yield spaced(say[position:])


def _each(one: re.Pattern[str], read: Callable[[str], Any]) -> Callable[[str], list[Any]]:
    return lambda text: [read(found[0]) for found in one.finditer(text)]


def spaced(notation: str) -> str:
    """Return a phrase's notation with its gaps as patterns."""
    return re.sub(r"(?<!\\)_", MAYBE_GAP.replace("\\", r"\\"), notation.replace(" ", GAP))


def _either(words: Mapping[str, Any]) -> str:
    ordered = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", INSIDE) for word in ordered)
