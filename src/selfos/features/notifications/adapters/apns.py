"""Apple Push Notification service: HTTP/2, a token signed by the operator's key, one device each.

Shapes and errors are those of Apple's "Sending notification requests to APNs" and "Handling
notification responses from APNs".
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from selfos.features.notifications.adapters.channel import (
    GoneError,
    NeverSentError,
    NotSentError,
    Parcel,
    is_for_good,
)
from selfos.kernel.core import Kernel
from selfos.kernel.waiting import retry_after

# A token may be renewed every 20 minutes at most, and is refused after an hour.
TOKEN_SECONDS, TIMEOUT_SECONDS = 2_400, 10.0
# Apple takes payloads of so many bytes.
MOST_BYTES, LONGEST_TITLE = 4_096, 200
KEPT = timedelta(days=1)
GONE = 410
# These blame our token, which is made anew.
STALE = frozenset({"ExpiredProviderToken", "InvalidProviderToken", "MissingProviderToken"})
PASSING = frozenset({403, 408, 429})


class Apple:
    """The instance's account at Apple, kept while the process runs: one connection, one token."""

    def __init__(self, kernel: Kernel) -> None:
        """Read the operator's key; raises NotSentError if it is none."""
        way = self._way = kernel.settings.notification_settings
        self._clock = kernel.clock
        try:
            self._key = ECKey.import_key(way.apns_key.read_bytes() if way.apns_key else b"")
        except (OSError, ValueError, JoseError) as error:
            raise NotSentError(
                "This instance's key for Apple is none; tell its operator."
            ) from error
        self._client = httpx2.AsyncClient(
            base_url=way.apns_base_url,
            http1=False,
            http2=True,
            timeout=TIMEOUT_SECONDS,
            trust_env=False,
        )
        self._token, self._issued = "", 0

    async def aclose(self) -> None:
        """Close the connection."""
        await self._client.aclose()

    async def push(self, device: str, parcel: Parcel) -> httpx2.Response:
        """Send one message and return the answer, whatever it is."""
        headers = {
            "authorization": f"bearer {self._provider_token()}",
            "apns-topic": self._way.apns_topic or "",
            "apns-push-type": "alert",
            # The same when it is sent again; what collapses takes the place of what is shown.
            "apns-id": parcel.message_id,
            "apns-collapse-id": str(parcel.notification_id),
            "apns-expiration": str(int((self._clock() + KEPT).timestamp())),
            "apns-priority": "10",
        }
        return await self._client.post(
            f"/3/device/{device}", content=_payload(parcel), headers=headers
        )

    def forget_token(self) -> None:
        """Sign a new token before the next message."""
        self._token = ""

    def _provider_token(self) -> str:
        now = int(self._clock().timestamp())
        if not self._token or now - self._issued > TOKEN_SECONDS:
            header = {"alg": "ES256", "kid": self._way.apns_key_id or ""}
            claims = {"iss": self._way.apns_team_id or "", "iat": now}
            self._token, self._issued = jwt.encode(header, claims, self._key), now
        return self._token


class ApnsOutlet:
    """One app on one device."""

    def __init__(self, kernel: Kernel, device: str) -> None:
        """Push to this device token."""
        self._kernel, self._device = kernel, device

    async def send(self, parcel: Parcel) -> None:
        """Push one message."""
        try:
            apple = self._kernel.residents.one(Apple, lambda: Apple(self._kernel))
            answer = await apple.push(self._device, parcel)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise NotSentError("Apple's push service does not answer.") from error
        if answer.is_success:
            return
        reason, since = _told(answer)
        if reason in STALE:
            apple.forget_token()
        raise _failure(answer, reason, since, self._kernel.clock())


def _payload(parcel: Parcel) -> bytes:
    """Return the payload; a body that is too long for it is cut."""

    def packed(body: str) -> bytes:
        alert = {"title": parcel.title[:LONGEST_TITLE], "body": body}
        told: dict[str, Any] = {
            "aps": {"alert": alert, "sound": "default", "thread-id": str(parcel.kind)},
            "id": str(parcel.notification_id),
            "kind": str(parcel.kind),
            "link": parcel.link,
        }
        return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()

    body = parcel.body
    while len(packed(body)) > MOST_BYTES and body:
        body = body[: len(body) * 3 // 4]
    return packed(body)


def _failure(
    answer: httpx2.Response, reason: str, since: datetime | None, now: datetime
) -> NotSentError:
    status = answer.status_code
    if status == GONE:
        return GoneError("The app has been taken off the device.", since=since)
    said = f"Apple's push service refused it ({reason or status})."
    if is_for_good(status, PASSING):
        return NeverSentError(said)
    return NotSentError(said, again_in=retry_after(answer, now))


def _told(answer: httpx2.Response) -> tuple[str, datetime | None]:
    """Return the reason, and for a token that is none any more, since when."""
    try:
        told = answer.json()
        reason, at = str(told.get("reason", "")), told.get("timestamp")
        since = datetime.fromtimestamp(at / 1_000, UTC) if at is not None else None
    except (ValueError, TypeError, AttributeError, OverflowError):
        return "", None
    return reason, since
