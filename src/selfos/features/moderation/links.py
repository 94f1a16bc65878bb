"""Addresses in a text that are not what they seem. Pure; nothing is fetched."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from selfos.features.moderation.schemas import Category, Finding

URL = re.compile(r"\b(?:https?|ftp)://[^\s<>\"')\]]+", re.IGNORECASE)
ACTIVE = re.compile(r"\b(?:javascript|vbscript|data):[^\s<>\"')\]]{4,}", re.IGNORECASE)
MARKDOWN = re.compile(r"\[([^\[\]\n]{1,300})\]\(\s{0,9}<?([^\s()<>]{1,2000})[^()\n]{0,300}\)")
NAMED_HOST = re.compile(r"(?:https?://)?((?:[\w-]+\.)+[a-z]{2,})(?:/\S*)?", re.IGNORECASE)
SHORTENERS = frozenset(
    "bit.ly tinyurl.com t.co goo.gl is.gd ow.ly buff.ly cutt.ly rebrand.ly shorturl.at rb.gy"
    " tiny.cc t.ly v.gd".split()
)
PROGRAMS = (".exe", ".scr", ".bat", ".cmd", ".msi", ".apk", ".ps1", ".vbs", ".jar", ".dmg")


def find(text: str) -> Iterator[Finding]:
    """Yield the addresses that hide where they lead, or run something."""
    for found in ACTIVE.finditer(text):
        yield _finding(found[0])
    for said, leads in MARKDOWN.findall(text):
        if _says_another_place(said, leads):
            yield _finding(leads)
    for found in URL.finditer(text):
        if _is_odd(found[0].rstrip(".,;:!?")):
            yield _finding(found[0])


def _finding(url: str) -> Finding:
    return Finding(category=Category.LINK, words=url[:100])


def _is_odd(url: str) -> bool:
    parts = _parts(url)
    if parts is None or parts.hostname is None:
        return True
    host = parts.hostname.lower().removeprefix("www.")
    return (
        parts.username is not None
        or host in SHORTENERS
        or parts.path.lower().endswith(PROGRAMS)
        or _is_number(host)
        or _mixes_scripts(host)
        or any(label.startswith("xn--") for label in host.split("."))
    )


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host.isdigit() or host.startswith("0x")
    return True


def _mixes_scripts(host: str) -> bool:
    scripts = {unicodedata.name(sign, "?").split()[0] for sign in host if sign.isalpha()}
    return len(scripts) > 1


def _says_another_place(said: str, leads: str) -> bool:
    named, parts = NAMED_HOST.fullmatch(said.strip()), _parts(leads)
    if named is None or parts is None or parts.hostname is None:
        return False
    shown, host = (each.lower().removeprefix("www.") for each in (named[1], parts.hostname))
    return shown != host and not host.endswith(f".{shown}")
