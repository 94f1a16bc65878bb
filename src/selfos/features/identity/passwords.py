"""Passwords: which are good enough, and hashing that cannot be used to drown the machine.

argon2id with 19 MiB, 2 passes, 1 lane (OWASP's floor) takes about 0.1 s of one core. Hashes run in
as many threads as there are cores; beyond a short queue callers get a 503 at once.
"""

from __future__ import annotations

import asyncio
import os
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib import resources
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from selfos.kernel.errors import Unavailable, invalid

MEMORY_KIB, PASSES, LANES = 19 * 1024, 2, 1
QUEUE_PER_CORE = 16
SHORTEST_WORD, FEWEST_OWN_LETTERS, FEWEST_CHARACTERS = 3, 4, 4
PRODUCT_WORDS = frozenset({"selfos"})
# The hash of a random password nobody kept: strangers take as long as members.
NOBODY = (
    "$argon2id$v=19$m=19456,t=2,p=1$7z7b+fr9dtQZOcy1rKH7FQ"
    "$9+exlYSfJ8cem+bX+5/HKdbomLu1LyE+DrhRFcrm4XI"
)

Result = TypeVar("Result")


class Hashing:
    """Runs at most `cores` hashes at once, and keeps only a short queue."""

    def __init__(self, cores: int) -> None:
        """`cores` threads start when first needed."""
        self._hasher = PasswordHasher(PASSES, MEMORY_KIB, LANES)
        self._threads = ThreadPoolExecutor(cores, thread_name_prefix="password")
        self._most = cores * (1 + QUEUE_PER_CORE)
        self._waiting = 0

    async def hash(self, password: str) -> str:
        """Return the hash to store."""
        return await self._run(lambda: self._hasher.hash(normal(password)))

    async def verify(self, password: str, stored: str | None) -> bool:
        """Tell whether the password is right; no stored hash takes as long as a wrong password."""
        right = await self._run(lambda: self._matches(password, stored or NOBODY))
        return right and stored is not None

    def outdated(self, stored: str) -> bool:
        """Tell whether the hash was made with other costs than today's."""
        return self._hasher.check_needs_rehash(stored)

    def _matches(self, password: str, stored: str) -> bool:
        try:
            return self._hasher.verify(stored, normal(password))
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], Result]) -> Result:
        if self._waiting >= self._most:
            raise Unavailable(
                "Too many people are signing in at once; try again in a moment.",
                headers={"Retry-After": "2"},
            )
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1


def core_count() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


HASHING = Hashing(core_count())


def normal(password: str) -> str:
    """Return the one spelling of a password: keyboards compose accents differently."""
    return unicodedata.normalize("NFC", password)


def require_good(
    password: str, *, minimum: int, about: tuple[str, ...], pointer: str = "/password"
) -> None:
    """Refuse a password that is short, common, or made of words about its owner or us."""
    password = normal(password)
    if len(password) < minimum:
        raise invalid(pointer, f"Use at least {minimum} characters; a few words make a good one.")
    folded = password.casefold()
    if folded in common_passwords() or len(set(folded)) < FEWEST_CHARACTERS:
        raise invalid(pointer, "This password is on every attacker's list; choose another.")
    if _says_only(folded, _words(about)):
        raise invalid(pointer, "This password is too close to your name or address, or to ours.")


@cache
def common_passwords() -> frozenset[str]:
    """Return the passwords attackers try first."""
    folder = resources.files("selfos.features.identity") / "data"
    return frozenset((folder / "common_passwords.txt").read_text("utf-8").split("\n")) - {""}


def _letters(text: str) -> str:
    return "".join(filter(str.isalpha, text))


def _words(about: tuple[str, ...]) -> set[str]:
    texts = [normal(text).casefold().replace("@", " ").replace(".", " ") for text in about]
    words = {_letters(word) for text in texts for word in text.split()}
    return {word for word in words if len(word) >= SHORTEST_WORD} | PRODUCT_WORDS


def _says_only(folded: str, words: set[str]) -> bool:
    letters = rest = _letters(folded)
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    return rest != letters and len(rest) < FEWEST_OWN_LETTERS
