"""The card for somebody who may harm themselves: words, and people who answer. Pure.

The lines are the well-known ones of their countries; where we know the country, its own stands
first, and the emergency number is always there.
"""

from __future__ import annotations

from selfos.features.moderation.schemas import CrisisCard, Resource

TITLE = "You matter more than any plan"
TEXT = (
    "What you wrote sounds heavy. I am a program and not the right one to carry it with you, but"
    " there are people who are, day and night. If you may be in danger now, call the emergency"
    " number. If you can, tell somebody near you what you told me. Nothing here counts against you,"
    " and nobody else has been told."
)
EMERGENCY = Resource(
    name="Emergency", contact="112 (Europe), 911 (US, Canada), 999 (UK)", region="everywhere"
)
WORLDWIDE = Resource(
    name="Find a helpline", contact="findahelpline.com", region="in more than 130 countries"
)
LINES = {
    "US": Resource(name="988 Lifeline", contact="call or text 988", region="United States"),
    "CA": Resource(name="988 Lifeline", contact="call or text 988", region="Canada"),
    "GB": Resource(name="Samaritans", contact="116 123", region="United Kingdom"),
    "IE": Resource(name="Samaritans", contact="116 123", region="Ireland"),
    "AU": Resource(name="Lifeline", contact="13 11 14", region="Australia"),
    "NZ": Resource(name="Need to talk?", contact="call or text 1737", region="New Zealand"),
    "DE": Resource(name="Telefonseelsorge", contact="0800 1110111", region="Germany"),
    "AT": Resource(name="Telefonseelsorge", contact="142", region="Austria"),
    "CH": Resource(name="Die Dargebotene Hand", contact="143", region="Switzerland"),
    "ES": Resource(name="Línea 024", contact="024", region="Spain"),
    "FR": Resource(name="3114", contact="3114", region="France"),
}
HOME = {"de": "DE", "es": "ES", "fr": "FR"}
USUAL = ("US", "GB")


def card_for(locale: str) -> CrisisCard:
    """Return the card for somebody of this locale ("de-AT")."""
    language, _, region = locale.replace("_", "-").partition("-")
    country = region.upper() or HOME.get(language.lower(), "")
    near = [LINES[country]] if country in LINES else [LINES[each] for each in USUAL]
    return CrisisCard(title=TITLE, text=TEXT, resources=[EMERGENCY, *near, WORLDWIDE])
