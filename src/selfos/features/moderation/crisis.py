"""The card for somebody who may harm themselves: words, and people who answer. Pure.

The lines are data; where we know the country, its own stands first, and the emergency number is
always there. Whoever runs the instance knows better than we do, so their lines win.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import yaml

from selfos.features.moderation.schemas import CrisisCard, Resource
from selfos.kernel.settings import HelpLine

TITLE = "You matter more than any plan"
TEXT = (
    "What you wrote sounds heavy. I am a program and not the right one to carry it with you, but"
    " there are people who are, day and night. If you may be in danger now, call the emergency"
    " number. If you can, tell somebody near you what you told me. Nothing here counts against you,"
    " and nobody else has been told."
)
EMERGENCY = Resource(
    name="Emergency",
    contact="your local emergency number: 112 in the European Union and Switzerland, 911 in the"
    " United States and Canada, 999 in the United Kingdom, 000 in Australia",
    region="everywhere",
)
WORLDWIDE = Resource(name="Find a helpline", contact="findahelpline.com", region="other countries")
HOME = {"de": "DE", "es": "ES", "fr": "FR"}
USUAL = ("US", "GB")


def _read() -> dict[str, HelpLine]:
    source = files("selfos.features.moderation") / "crisis_lines.yaml"
    found: dict[str, dict[str, Any]] = yaml.safe_load(source.read_text(encoding="utf-8"))
    return {
        country: HelpLine.model_validate({k: v for k, v in line.items() if k != "seen"})
        for country, line in found.items()
    }


LINES = _read()


def card_for(locale: str, own: Mapping[str, HelpLine | None] | None = None) -> CrisisCard:
    """Return the card for somebody of this locale ("de-AT"); `own` lines win, null takes away."""
    lines = {country: line for country, line in {**LINES, **(own or {})}.items() if line}
    language, _, region = locale.replace("_", "-").partition("-")
    country = region.upper() or HOME.get(language.lower(), "")
    near = [country] if country in lines else [each for each in USUAL if each in lines]
    resources = [Resource(**lines[each].model_dump()) for each in near]
    return CrisisCard(title=TITLE, text=TEXT, resources=[EMERGENCY, *resources, WORLDWIDE])
