"""Assistant profiles as they cross a door."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field, StringConstraints

from selfos.features.ai.schemas import Engine
from selfos.features.assistant.schemas.words import Language
from selfos.kernel.schema import Input, RowView, View, without_nul

MOST_PROFILES = 5
LONGEST_NAME, LONGEST_INSTRUCTIONS = 40, 2_000
AVATARS = ("compass", "leaf", "sun", "moon", "mountain", "anchor", "owl", "spark")
ProfileName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_NAME),
    BeforeValidator(without_nul),
]
Avatar = Annotated[str, StringConstraints(pattern=rf"^({'|'.join(AVATARS)})$")]
Trait = Annotated[int, Field(ge=0, le=100, description="From 0 (none of it) to 100 (all of it).")]
Temperature = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Instructions = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=LONGEST_INSTRUCTIONS),
    BeforeValidator(without_nul),
]
MIDDLE = 50


class Style(Input):
    """How an assistant speaks."""

    formality: Trait = 40
    directness: Trait = 60
    humor: Trait = 30
    empathy: Trait = 70
    motivation: Trait = 60


class AssistantProfileCreate(Style):
    """The first profile is the default one."""

    name: ProfileName
    avatar: Avatar = AVATARS[0]
    language: Language = Language.ENGLISH
    dialogue_temperature: Temperature = 0.7
    intent_temperature: Temperature = 0.0
    instructions: Instructions = ""


class AssistantProfileUpdate(Input):
    """What is absent stays."""

    name: ProfileName = Field(default_factory=lambda: "")
    avatar: Avatar = Field(default_factory=lambda: AVATARS[0])
    language: Language = Field(default_factory=lambda: Language.ENGLISH)
    formality: Trait = Field(default_factory=lambda: MIDDLE)
    directness: Trait = Field(default_factory=lambda: MIDDLE)
    humor: Trait = Field(default_factory=lambda: MIDDLE)
    empathy: Trait = Field(default_factory=lambda: MIDDLE)
    motivation: Trait = Field(default_factory=lambda: MIDDLE)
    dialogue_temperature: Temperature = Field(default_factory=lambda: 0.0)
    intent_temperature: Temperature = Field(default_factory=lambda: 0.0)
    instructions: Instructions = Field(default_factory=lambda: "")


class AssistantProfilePreviewAsked(Style):
    """A profile that need not exist yet."""

    name: ProfileName = "Coach"
    language: Language = Language.ENGLISH


class AssistantProfileView(RowView):
    name: str
    avatar: str
    language: Language
    formality: int
    directness: int
    humor: int
    empathy: int
    motivation: int
    dialogue_temperature: float
    intent_temperature: float
    instructions: str
    is_default: bool


class AssistantProfileList(View):
    items: list[AssistantProfileView]


class AssistantProfilePreview(View):
    """How it would sound, written by rules, and what a model is asked for."""

    engine: Literal[Engine.RULES]
    greeting: str
    nudge: str
    praise: str
    style: Annotated[list[str], Field(description="What a model is told about how to speak.")]


class LanguageOption(View):
    code: Language
    name: str


class AssistantProfileOptions(View):
    """What there is to choose from, and what holds until something is chosen."""

    most: int
    avatars: list[str]
    languages: list[LanguageOption]
    traits: list[str]
    default_id: UUID | None
