"""Keys derived from one master secret, opaque tokens, and signatures."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import zlib
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
TOKEN_BYTES = 32
NONCE_BYTES = 12
CHECKSUM_LENGTH = 6


class Keys:
    """Purpose-bound keys from one master secret: knowing one tells nothing of another."""

    def __init__(self, master: bytes) -> None:
        """`master` is at least 32 bytes of secret."""
        self._master = master

    def derive(self, purpose: str) -> bytes:
        """Return the 32-byte key for one purpose."""
        kdf = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode())
        return kdf.derive(self._master)

    def sign(self, purpose: str, message: bytes) -> bytes:
        """Return an HMAC-SHA-256 over the message."""
        return hmac.digest(self.derive(purpose), message, "sha256")

    def signing_key(self, purpose: str) -> Ed25519PrivateKey:
        """Return the Ed25519 key for one purpose."""
        return Ed25519PrivateKey.from_private_bytes(self.derive(purpose))


def seal_bytes(keys: Keys, purpose: str, content: bytes, *, bound_to: str) -> bytes:
    """Encrypt (AES-256-GCM, random nonce in front); readable only with the same `bound_to`."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(keys.derive(purpose)).encrypt(nonce, content, bound_to.encode())


def open_bytes(keys: Keys, purpose: str, sealed: bytes, *, bound_to: str) -> bytes:
    """Decrypt what `seal_bytes` made; raises InvalidTag for anything else."""
    nonce, content = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    return AESGCM(keys.derive(purpose)).decrypt(nonce, content, bound_to.encode())


def load_or_create_master(path: Path) -> bytes:
    """Read the master key, or make one that only we can read."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(KEY_BYTES))
    return path.read_text().strip().encode()


def new_token(kind: str) -> str:
    """Return an opaque token: 256 random bits and a checksum, prefixed for secret scanners."""
    body = secrets.token_urlsafe(TOKEN_BYTES)
    return f"sos_{kind}_{body}{_checksum(body)}"


def looks_like_token(kind: str, token: str) -> bool:
    """Tell cheaply, without the database, whether this can be a token of ours."""
    prefix = f"sos_{kind}_"
    if not token.startswith(prefix) or not token.isascii():
        return False
    body = token.removeprefix(prefix)
    return hmac.compare_digest(_checksum(body[:-CHECKSUM_LENGTH]), body[-CHECKSUM_LENGTH:])


def token_hash(token: str) -> bytes:
    """Return what is stored of a token; 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).digest()


def _checksum(body: str) -> str:
    return (
        base64.urlsafe_b64encode(zlib.crc32(body.encode()).to_bytes(4, "big")).decode().rstrip("=")
    )
