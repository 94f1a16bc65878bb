"""A push service and the browser behind it, which opens what comes by RFC 8291."""

import asyncio
import base64
import json
import struct
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.fakes.loopback import serving

SALT, RECORD_SIZE = 16, 4
SECRET = b"sixteen bytes ok"


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class Browser:
    """What has subscribed: its keys, what came to it, and what its service answers."""

    port: int = 0
    status: int = 201
    retry_after: str | None = None
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list[Any])
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    @property
    def point(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def subscription(self) -> dict[str, Any]:
        return {
            "endpoint": f"http://127.0.0.1:{self.port}/push/one",
            "keys": {"p256dh": base64url(self.point), "auth": base64url(SECRET)},
        }

    def open(self, body: bytes) -> Any:
        """Decrypt what came: aes128gcm with the browser's keys."""
        salt, rest = body[:SALT], body[SALT + RECORD_SIZE :]
        (length,) = struct.unpack("!B", rest[:1])
        sender, sealed = rest[1 : 1 + length], rest[1 + length :]
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        shared = self.private.exchange(ec.ECDH(), theirs)
        key = _hkdf(SECRET, b"WebPush: info\x00" + self.point + sender, 32, shared)
        content_key = _hkdf(salt, b"Content-Encoding: aes128gcm\x00", 16, key)
        nonce = _hkdf(salt, b"Content-Encoding: nonce\x00", 12, key)
        plain = AESGCM(content_key).decrypt(nonce, sealed, None)
        assert plain.endswith(b"\x02"), "the last record says so"
        return json.loads(plain[:-1])


def _hkdf(salt: bytes, info: bytes, length: int, secret: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)


@asynccontextmanager
async def push_service() -> AsyncGenerator[Browser]:
    """Run a push service on loopback for the length of a block."""
    browser = Browser()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
        raw = dict(line.split(": ", 1) for line in head[1:] if line)
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        browser.requests.append(({name.lower(): value for name, value in raw.items()}, body))
        wait = f"Retry-After: {browser.retry_after}\r\n" if browser.retry_after else ""
        writer.write(f"HTTP/1.1 {browser.status} x\r\n{wait}Content-Length: 0\r\n\r\n".encode())
        await writer.drain()

    async with serving(serve) as browser.port:
        yield browser
