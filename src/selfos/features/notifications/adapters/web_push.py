"""Web Push (RFC 8030): to a browser's push service, encrypted for the browser alone (RFC 8291)."""

from __future__ import annotations

import base64
import json
from email.utils import parseaddr
from functools import cache

import httpx2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from pydantic import AnyHttpUrl, ValidationError
from webpush import WebPush  # pyright: ignore[reportMissingTypeStubs]
from webpush.types import (  # pyright: ignore[reportMissingTypeStubs]
    WebPushKeys,
    WebPushSubscription,
)

from selfos.features.notifications.adapters.channel import (
    GoneError,
    NeverSentError,
    NotSentError,
    Parcel,
    is_for_good,
)
from selfos.kernel import outbound
from selfos.kernel.core import Kernel
from selfos.kernel.crypto import Keys
from selfos.kernel.waiting import retry_after

PURPOSE = "notifications.vapid"
# The order of the curve P-256: a private key is a number below it.
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
# A reminder that waited for a day in the push service is of no use any more.
TTL_SECONDS, TOPIC_LENGTH = 86_400, 32
# A push service takes 4,096 bytes; encryption needs about 100 of them.
LONGEST_BODY = 1_500
GONE, PASSING = frozenset({404, 410}), frozenset({429})


class WebPushOutlet:
    """One browser."""

    def __init__(self, kernel: Kernel, *, endpoint: str, p256dh: str, auth: str) -> None:
        """Push to this subscription; its endpoint is the browser's word and is not trusted."""
        self._kernel = kernel
        self._endpoint, self._p256dh, self._auth = endpoint, p256dh, auth

    async def send(self, parcel: Parcel) -> None:
        """Push one message."""
        body, headers = self._sealed(parcel)
        private_too = self._kernel.settings.notification_settings.push_private_networks
        try:
            async with outbound.client(private_too=private_too) as client:
                answer = await client.post(self._endpoint, content=body, headers=headers)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise NotSentError(outbound.REFUSED) from error
        if answer.status_code in GONE:
            raise GoneError("The browser has let go of this subscription.")
        if is_for_good(answer.status_code, PASSING):
            raise NeverSentError(f"The push service refused it ({answer.status_code}).")
        if not answer.is_success:
            raise NotSentError(
                f"The push service could not take it ({answer.status_code}).",
                again_in=retry_after(answer, self._kernel.clock()),
            )

    def _sealed(self, parcel: Parcel) -> tuple[bytes, dict[str, str]]:
        told = {
            "id": str(parcel.notification_id),
            "kind": parcel.kind,
            "title": parcel.title,
            "body": parcel.body[:LONGEST_BODY],
            "link": parcel.link,
        }
        _, sender = parseaddr(self._kernel.settings.notification_settings.sender)
        try:
            subscription = WebPushSubscription(
                endpoint=AnyHttpUrl(self._endpoint),
                keys=WebPushKeys(p256dh=self._p256dh, auth=self._auth),
            )
            sealed = _pusher(self._kernel.keys).get(
                json.dumps(told, ensure_ascii=False), subscription, subscriber=sender
            )
        except (ValueError, ValidationError) as error:
            raise GoneError("The keys of this subscription are none.") from error
        return sealed.encrypted, {
            "Content-Type": "application/octet-stream",
            "Content-Encoding": "aes128gcm",
            "TTL": str(TTL_SECONDS),
            "Urgency": "high",
            # One topic for one notification: sent again, it replaces what still waits.
            "Topic": _topic(parcel),
            "Authorization": sealed.headers["authorization"],
        }


def public_key(keys: Keys) -> str:
    """Return what browsers subscribe with."""
    point = _private(keys).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def _topic(parcel: Parcel) -> str:
    packed = base64.urlsafe_b64encode(parcel.notification_id.bytes)
    return packed.rstrip(b"=").decode()[:TOPIC_LENGTH]


@cache
def _private(keys: Keys) -> ec.EllipticCurvePrivateKey:
    """Return the instance's own key, which comes from its master secret: made at first start."""
    number = int.from_bytes(keys.derive(PURPOSE)) % (ORDER - 1) + 1
    return ec.derive_private_key(number, ec.SECP256R1())


@cache
def _pusher(keys: Keys) -> WebPush:
    private = _private(keys)
    return WebPush(
        private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        ttl=TTL_SECONDS,
    )
