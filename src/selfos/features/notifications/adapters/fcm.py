"""Firebase Cloud Messaging, HTTP v1: pushes to apps on Android, and on iPhones registered there.

Shapes and errors are those of firebase.google.com/docs/reference/fcm/rest/v1 (ErrorCode, Message).
"""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
from joserfc import jwt
from joserfc.jwk import RSAKey
from pydantic import BaseModel, ValidationError

from selfos.features.notifications.adapters.channel import (
    GoneError,
    NeverSentError,
    NotSentError,
    Parcel,
    is_for_good,
)
from selfos.kernel import outbound
from selfos.kernel.core import Kernel
from selfos.kernel.waiting import retry_after

SCOPE = "https://www.googleapis.com/auth/firebase.messaging"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
# An access token is used until this long before it ends.
MARGIN, ASSERTION_SECONDS = timedelta(minutes=5), 3_600
TTL, LONGEST_BODY = "86400s", 1_000
# The token is none any more, or belongs to another sender's app.
GONE = frozenset({"UNREGISTERED", "SENDER_ID_MISMATCH"})
# What Google or the operator can mend, so another try may help.
PASSING = frozenset({401, 403, 408, 429})
UNAUTHORIZED, TOO_MANY = 401, 429
# What Google asks for where it says "too many" and no more.
USUAL_WAIT = timedelta(seconds=60)


class ServiceAccount(BaseModel):
    """What we need of the key file that the Firebase console hands out."""

    project_id: str
    private_key_id: str
    private_key: str
    client_email: str
    token_uri: str


class Google:
    """The instance's account at Google, kept while the process runs: one client, one token."""

    def __init__(self, kernel: Kernel) -> None:
        """Read the operator's key; raises NotSentError if it is none."""
        way = kernel.settings.notification_settings
        self._clock, self._base_url = kernel.clock, way.fcm_base_url.rstrip("/")
        self._account = _read(way.fcm_service_account)
        # The operator's word, so it may lead anywhere.
        self._client = outbound.client(private_too=True)
        self._token, self._until = "", datetime.min.replace(tzinfo=kernel.clock().tzinfo)
        self._lock = asyncio.Lock()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def push(self, message: dict[str, Any]) -> httpx2.Response:
        """Send one message and return the answer, whatever it is."""
        url = f"{self._base_url}/v1/projects/{self._account.project_id}/messages:send"
        headers = {"Authorization": f"Bearer {await self._access_token()}"}
        return await self._client.post(url, json={"message": message}, headers=headers)

    def forget_token(self) -> None:
        """Ask for a new token before the next message."""
        self._token = ""

    async def _access_token(self) -> str:
        async with self._lock:
            if not self._token or self._clock() > self._until - MARGIN:
                await self._renew()
            return self._token

    async def _renew(self) -> None:
        now = self._clock()
        account, issued = self._account, int(now.timestamp())
        claims = {
            "iss": account.client_email,
            "scope": SCOPE,
            "aud": account.token_uri,
            "iat": issued,
            "exp": issued + ASSERTION_SECONDS,
        }
        header = {"alg": "RS256", "typ": "JWT", "kid": account.private_key_id}
        assertion = jwt.encode(header, claims, RSAKey.import_key(account.private_key))
        form = {"grant_type": GRANT, "assertion": assertion}
        answer = await self._client.post(account.token_uri, data=form)
        if not answer.is_success:
            raise NotSentError(
                "Google does not accept this instance's key; tell its operator.",
                again_in=retry_after(answer, now),
            )
        granted = answer.json()
        self._token = granted["access_token"]
        self._until = now + timedelta(seconds=granted["expires_in"])


class FcmOutlet:
    """One app on one device."""

    def __init__(self, kernel: Kernel, token: str) -> None:
        """Push to this registration token."""
        self._kernel, self._token = kernel, token

    async def send(self, parcel: Parcel) -> None:
        """Push one message."""
        try:
            google = self._kernel.residents.one(Google, lambda: Google(self._kernel))
            answer = await google.push(_message(parcel, self._token))
        except (httpx2.HTTPError, httpx2.InvalidURL, KeyError, ValueError) as error:
            raise NotSentError("Google's push service does not answer.") from error
        if answer.is_success:
            return
        if answer.status_code == UNAUTHORIZED:
            google.forget_token()
        raise _failure(answer, self._kernel.clock())


def _message(parcel: Parcel, token: str) -> dict[str, Any]:
    one = str(parcel.notification_id)
    return {
        "token": token,
        "notification": {"title": parcel.title, "body": parcel.body[:LONGEST_BODY]},
        "data": {"id": one, "kind": str(parcel.kind), "link": parcel.link},
        # Sent again, it takes the place of what is shown already.
        "android": {"priority": "HIGH", "ttl": TTL, "notification": {"tag": one}},
        "apns": {"headers": {"apns-collapse-id": one, "apns-priority": "10"}},
    }


def _failure(answer: httpx2.Response, now: datetime) -> NotSentError:
    """Return what an answer means; `INVALID_ARGUMENT` is about the token only where it says so."""
    status, (code, field) = answer.status_code, _told(answer)
    if code in GONE or field == "message.token":
        return GoneError("The app has been taken off the device.")
    said = f"Google's push service refused it ({code or status})."
    if is_for_good(status, PASSING):
        return NeverSentError(said)
    usual = USUAL_WAIT if status == TOO_MANY else None
    return NotSentError(said, again_in=retry_after(answer, now) or usual)


def _told(answer: httpx2.Response) -> tuple[str, str]:
    """Return FCM's own code and the field it complains of, where it says so."""
    code = field = ""
    try:
        details = answer.json()["error"].get("details", [])
        for each in details:
            if each.get("@type") == FCM_ERROR:
                code = str(each.get("errorCode", ""))
            for violation in each.get("fieldViolations", []):
                field = field or str(violation.get("field", ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        return "", ""
    return code, field


def _read(path: Path | None) -> ServiceAccount:
    try:
        return ServiceAccount.model_validate(json.loads(path.read_text()) if path else {})
    except (OSError, ValueError, ValidationError) as error:
        raise NotSentError("This instance's key for Google is none; tell its operator.") from error
