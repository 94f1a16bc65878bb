"""Personal data and secrets in a text, found by their form and, where there is one, their check.

Pure. Numbers that only look like a card or an account fail their check sum and are let be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from selfos.features.moderation.schemas import Category, Finding

SHOWN = 4
CARD_DIGITS = range(13, 20)
PHONE_DIGITS = range(8, 16)

EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}(?![\w@])")
CARD = re.compile(r"(?<!\d)(?:\d[ -]?){12,18}\d(?!\d)")
IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}\b")
PHONE = re.compile(r"(?<![\w.])(?:\+|00)\d{1,3}[ ./()-]?(?:\(?\d+\)?[ ./-]?){2,6}\d(?!\w)")
PHONE_SAID = re.compile(
    r"\b(?:phone|tel(?:ephone)?|mobile|cell|whatsapp|call me (?:at|on)|my number is)\b\D{0,12}"
    r"(\(?\d[\d ()./-]{6,18}\d)",
    re.IGNORECASE,
)
ADDRESS = re.compile(
    r"\b\d{1,5}[a-z]?\s+(?:[A-Z][\w'-]+\s+){1,3}(?:[Ss]treet|[Rr]oad|[Aa]venue|[Ll]ane|[Dd]rive)\b"
    r"|\b[A-ZÄÖÜ][\wäöüß-]+(?:straße|strasse|str\.|weg|platz|allee)\s+\d{1,4}[a-z]?\b",
)
SSN = re.compile(r"(?<![\d-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])")
SECRETS = (
    re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
    re.compile(r"\b(?:sk|pk|rk)[-_](?:live|test|proj|ant|svcacct)?[-_]?[A-Za-z0-9_-]{16,}"),
    re.compile(r"\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_\w{20,}"),
    re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    re.compile(r"\bAIza[\w-]{30,}"),
    re.compile(r"\bxox[abprs]-[\w-]{10,}"),
    re.compile(r"\bsos_(?:api|web|ref)_\w{16,}"),
    re.compile(r"\beyJ[\w-]{10,4000}\.eyJ[\w-]{10,8000}\.[\w-]{10,4000}"),
    re.compile(
        r"\b[a-z][a-z0-9+-]{1,15}://[^\s/:@]{1,100}:[^\s/@]{1,200}@[^\s]{1,200}", re.IGNORECASE
    ),
    re.compile(
        r"\b(?:password|passwort|contraseña|passcode|pin|api key|secret(?: key)?|token)"
        r"(?:\s+(?:is|ist|es))?\s*[:=]?\s*(?!is\b|for\b|to\b|was\b)"
        r"(?=\S*\d)[^\s,;]{4,}",
        re.IGNORECASE,
    ),
)
Found = Callable[[str], bool]


def find(text: str) -> Iterator[Finding]:
    """Yield personal data and secrets of a text."""
    for pattern in SECRETS:
        for found in pattern.finditer(text):
            yield Finding(category=Category.SECRET, words=_shortened(found[0]))
    checked: tuple[tuple[re.Pattern[str], Found], ...] = (
        (EMAIL, lambda _: True),
        (CARD, _is_card),
        (IBAN, _is_iban),
        (PHONE, _is_phone),
        (PHONE_SAID, lambda _: True),
        (SSN, lambda _: True),
        (ADDRESS, lambda _: True),
    )
    for pattern, holds in checked:
        for found in pattern.finditer(text):
            if holds(found[0]):
                yield Finding(category=Category.PERSONAL, words=_shortened(found[0]))


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())


def _is_card(text: str) -> bool:
    """Tell whether Luhn's sum holds, and the digits differ."""
    digits = [int(sign) for sign in _digits(text)]
    if len(digits) not in CARD_DIGITS or len(set(digits)) == 1:
        return False
    doubled = [digit * 2 - 9 * (digit > SHOWN) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _is_iban(text: str) -> bool:
    """Tell whether the number, turned into digits, leaves one of 97 (ISO 13616)."""
    account = text.replace(" ", "")
    turned = "".join(str(int(sign, 36)) for sign in account[4:] + account[:4])
    return int(turned) % 97 == 1


def _is_phone(text: str) -> bool:
    return len(_digits(text)) in PHONE_DIGITS


def _shortened(text: str) -> str:
    """Return the first signs only: a finding must not pass the secret on."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
