"""The forms in which people say things about themselves, from `forms/en.yaml`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml

from selfos.features.memory.schemas import FactKind

FRAGMENT = re.compile(r"<([A-Z_]+)>")


@dataclass(frozen=True, slots=True)
class Form:
    """One form. `single`: one value holds at a time. `begins`: it holds from when it is said."""

    form: re.Pattern[str]
    says: str
    kind: FactKind
    confidence: float
    single: bool
    begins: bool
    unless: re.Pattern[str] | None


class Forms:
    """What can be said in one language, and what is not said but asked, supposed or passed on."""

    def __init__(self, language: str) -> None:
        """Read the forms of a language we have."""
        source = files("selfos.features.memory") / "forms" / f"{language}.yaml"
        told: dict[str, Any] = yaml.safe_load(source.read_text(encoding="utf-8"))
        self._fragments: dict[str, str] = told["fragments"]
        self.kin = self._compiled("<KIN>")
        self.supposed = self._compiled("|".join(told["supposed"]))
        self.explicit = self._compiled(told["explicit"])
        self.ended = tuple(map(self._compiled, told["ended"]))
        self.chatter = frozenset(told["chatter"].split())
        self.weak = frozenset(told["weak"].split())
        families = [line.split() for line in told["irregular"].split(";")]
        self.irregular = {
            word: tuple(other for other in family if other != word)
            for family in families
            for word in family
        }
        self.forms = tuple(map(self._form, told["forms"]))

    def _form(self, told: dict[str, Any]) -> Form:
        return Form(
            form=self._compiled("^" + told["form"]),
            says=told["says"],
            kind=FactKind(told["kind"]),
            confidence=told.get("confidence", 0.9),
            single=told.get("single", False),
            begins=told.get("begins", False),
            unless=self._compiled(f"<{told['unless']}>") if "unless" in told else None,
        )

    def _compiled(self, form: str) -> re.Pattern[str]:
        while FRAGMENT.search(form):
            form = FRAGMENT.sub(lambda found: self._fragments[found[1]], form)
        return re.compile(form, re.IGNORECASE)


ENGLISH = Forms("en")
