"""How an assistant sounds: what its traits ask of a model, and samples written by rules. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from selfos.features.assistant.schemas.words import Language

LOW, HIGH = 35, 65
LANGUAGES: Mapping[Language, str] = {
    Language.ENGLISH: "English",
    Language.GERMAN: "German",
    Language.SPANISH: "Spanish",
    Language.FRENCH: "French",
    Language.ITALIAN: "Italian",
    Language.PORTUGUESE: "Portuguese",
    Language.DUTCH: "Dutch",
    Language.POLISH: "Polish",
}
TRAITS: Mapping[str, tuple[str, str]] = {
    "formality": ("Be casual, first names and short words.", "Be formal and complete."),
    "directness": ("Be gentle; suggest rather than state.", "Say the point first, plainly."),
    "humor": ("Stay serious.", "A light joke now and then is welcome."),
    "empathy": ("Keep to the facts.", "Notice how it feels before you suggest anything."),
    "motivation": ("Do not cheer.", "Encourage; name what has gone well."),
}


@dataclass(frozen=True, slots=True)
class Voice:
    """Who answers, and how."""

    name: str = "Coach"
    language: Language = Language.ENGLISH
    formality: int = 40
    directness: int = 60
    humor: int = 30
    empathy: int = 70
    motivation: int = 60
    temperature: float = 0.7
    intent_temperature: float = 0.0
    instructions: str = ""
    profile_id: UUID | None = None

    def style(self) -> list[str]:
        """Return what a model is told about how to speak; the middle needs no word."""
        said = [f"Your name is {self.name}.", f"Answer in {LANGUAGES[self.language]}."]
        for trait, (little, much) in TRAITS.items():
            value: int = getattr(self, trait)
            if value <= LOW:
                said.append(little)
            elif value >= HIGH:
                said.append(much)
        return said

    def greeting(self) -> str:
        """Return how it would say hello."""
        hello = (
            "Good day." if self.formality >= HIGH else "Hi!" if self.formality <= LOW else "Hello."
        )
        role = "I am" if self.formality > LOW else "I'm"
        offer = "What shall we move today?" if self.directness >= HIGH else "How can I help?"
        joke = " I count so that you need not." if self.humor >= HIGH else ""
        return f"{hello} {role} {self.name}. {offer}{joke}"

    def nudge(self) -> str:
        """Return how it would speak of something that slipped."""
        fact = "Running was done 2 of 6 times in two weeks."
        feeling = "That happens, and it says nothing about you. " if self.empathy >= HIGH else ""
        ask = (
            "Make it 10 minutes."
            if self.directness >= HIGH
            else "Perhaps ten minutes would be enough for a while?"
        )
        joke = " The shoes will not walk alone." if self.humor >= HIGH else ""
        return f"{feeling}{fact} {ask}{joke}"

    def praise(self) -> str:
        """Return how it would speak of something that went well."""
        fact = "30 days of reading in a row."
        if self.motivation >= HIGH:
            fact += " That is a habit now; well done!" if self.formality < HIGH else " Well done."
        elif self.motivation > LOW:
            fact += " Well done."
        return fact
