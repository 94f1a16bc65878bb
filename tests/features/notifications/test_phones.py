"""Pushes to apps on phones, at the shapes Google and Apple document."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from pydantic import ValidationError

from selfos.features.notifications import service as notifications
from selfos.features.notifications.adapters.apns import ApnsOutlet
from selfos.features.notifications.adapters.channel import (
    GoneError,
    NeverSentError,
    NotSentError,
    Parcel,
)
from selfos.features.notifications.adapters.fcm import FcmOutlet
from selfos.features.notifications.schemas.inbox import PhoneCreate
from selfos.features.notifications.schemas.words import DeviceKind, NotificationKind
from selfos.kernel.core import Kernel
from selfos.kernel.identifiers import new_id
from selfos.kernel.residents import Residents
from selfos.kernel.settings import NotificationSettings
from tests.conftest import Clock
from tests.factories import Person
from tests.features.notifications.test_deliveries import send
from tests.features.notifications.test_reminders import MakePerson, Travel
from tests.features.notifications.vendors import Vendor, fcm_error, vendor

APPLE_TOKEN = "ab" * 32


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


GOOGLE_KEY = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
APPLE_KEY = ec.generate_private_key(ec.SECP256R1())


@dataclass
class Scene:
    """An instance that is set up for a vendor, which runs on loopback."""

    kernel: Kernel
    vendor: Vendor


@asynccontextmanager
async def scene(kernel: Kernel, folder: Path, name: str) -> AsyncGenerator[Scene]:
    async with vendor(name) as here:
        if name == "google":
            account = {
                "type": "service_account",
                "project_id": "our-project",
                "private_key_id": "key-1",
                "private_key": pem(GOOGLE_KEY).decode(),
                "client_email": "push@our-project.example",
                "token_uri": f"{here.url}/token",
            }
            (folder / "key.json").write_text(json.dumps(account))
            way = NotificationSettings(
                fcm_service_account=folder / "key.json", fcm_base_url=here.url
            )
        else:
            here.answer = (200, None)
            (folder / "key.p8").write_bytes(pem(APPLE_KEY))
            way = NotificationSettings(
                apns_key=folder / "key.p8",
                apns_key_id="ABC123DEFG",
                apns_team_id="DEF123GHIJ",
                apns_topic="example.selfos",
                apns_base_url=here.url,
            )
        settings = kernel.settings.model_copy(update={"notification_settings": way})
        there = replace(kernel, settings=settings, residents=Residents())
        try:
            yield Scene(there, here)
        finally:
            await there.residents.close()


def parcel(body: str = "Due today") -> Parcel:
    return Parcel(
        message_id=str(new_id()),
        notification_id=new_id(),
        kind=NotificationKind.TASK_REMINDER,
        title="Call Ada",
        body=body,
        link="https://life.example/today?task=1",
        locale="en",
        unsubscribe="",
        settings_link="",
    )


async def test_fcm_gets_a_message_with_a_token_that_is_asked_for_once(
    kernel: Kernel, tmp_path: Path, clock: Clock, travel: Travel
) -> None:
    told = parcel()
    async with scene(kernel, tmp_path, "google") as google:
        outlet = FcmOutlet(google.kernel, "device:token")
        await outlet.send(told)
        await outlet.send(told)
        (grant,) = google.vendor.grants
        travel(minutes=56)
        await outlet.send(told)
        assert len(google.vendor.grants) == 2
    assert grant["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
    key = RSAKey.import_key(pem(GOOGLE_KEY))
    token = jwt.decode(grant["assertion"], key, algorithms=["RS256"])
    assert token.header["kid"] == "key-1"
    claims = token.claims
    assert claims["scope"] == "https://www.googleapis.com/auth/firebase.messaging"
    assert (claims["iss"], claims["exp"] - claims["iat"]) == ("push@our-project.example", 3_600)
    assert claims["aud"].endswith("/token")
    first, _, third = google.vendor.seen
    assert first.path == "/v1/projects/our-project/messages:send"
    assert (first.headers["authorization"], third.headers["authorization"]) == (
        "Bearer ya29.1", "Bearer ya29.2",
    )  # fmt: skip
    message = first.body["message"]
    assert message["token"] == "device:token"
    assert message["notification"] == {"title": "Call Ada", "body": "Due today"}
    assert message["android"]["notification"]["tag"] == str(told.notification_id)
    assert all(isinstance(value, str) for value in message["data"].values())


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (fcm_error(400, "INVALID_ARGUMENT", "INVALID_ARGUMENT"), NeverSentError),
        (fcm_error(400, "INVALID_ARGUMENT", "INVALID_ARGUMENT", "message.token"), GoneError),
        (fcm_error(400, "INVALID_ARGUMENT", "", "message.data[0].value"), NeverSentError),
        (fcm_error(404, "NOT_FOUND", "UNREGISTERED"), GoneError),
        (fcm_error(403, "PERMISSION_DENIED", "SENDER_ID_MISMATCH"), GoneError),
        (fcm_error(403, "PERMISSION_DENIED"), NotSentError),
        (fcm_error(401, "UNAUTHENTICATED", "THIRD_PARTY_AUTH_ERROR"), NotSentError),
        (fcm_error(401, "UNAUTHENTICATED"), NotSentError),
        (fcm_error(429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED"), NotSentError),
        (fcm_error(500, "INTERNAL", "INTERNAL"), NotSentError),
        (fcm_error(503, "UNAVAILABLE", "UNAVAILABLE"), NotSentError),
        ((502, "<!DOCTYPE html>"), NotSentError),
        ((404, None), NeverSentError),
    ],
)
async def test_each_error_of_fcm_means_gone_never_or_later(
    kernel: Kernel, tmp_path: Path, answer: tuple[int, Any], failure: type[NotSentError]
) -> None:
    async with scene(kernel, tmp_path, "google") as google:
        google.vendor.answer = answer
        google.vendor.headers = {"Retry-After": "90"} if answer[0] in {429, 503} else {}
        with pytest.raises(NotSentError) as caught:
            await FcmOutlet(google.kernel, "device:token").send(parcel())
        assert type(caught.value) is failure
        if google.vendor.headers:
            assert caught.value.again_in is not None
            assert caught.value.again_in.total_seconds() == 90
        google.vendor.answer = (200, {})
        await FcmOutlet(google.kernel, "device:token").send(parcel())
        assert len(google.vendor.grants) == (2 if answer[0] == 401 else 1)


async def test_a_key_that_google_refuses_is_the_operators_matter(
    kernel: Kernel, tmp_path: Path
) -> None:
    async with scene(kernel, tmp_path, "google") as google:
        google.vendor.token_status = 400
        with pytest.raises(NotSentError, match="tell its operator"):
            await FcmOutlet(google.kernel, "device:token").send(parcel())
        assert google.vendor.seen == []
        (tmp_path / "key.json").write_text("{}")
        bare = replace(google.kernel, residents=Residents())
        with pytest.raises(NotSentError, match="tell its operator"):
            await FcmOutlet(bare, "device:token").send(parcel())


async def test_apple_gets_a_signed_push_over_http2(
    kernel: Kernel, tmp_path: Path, clock: Clock, travel: Travel
) -> None:
    told = parcel("🙂" * 3_000)
    async with scene(kernel, tmp_path, "apple") as apple:
        outlet = ApnsOutlet(apple.kernel, APPLE_TOKEN)
        await outlet.send(told)
        await outlet.send(told)
        travel(minutes=41)
        await outlet.send(told)
    first, *_ = apple.vendor.seen
    assert first.path == f"/3/device/{APPLE_TOKEN}"
    headers = first.headers
    assert headers["apns-topic"] == "example.selfos"
    assert (headers["apns-push-type"], headers["apns-priority"]) == ("alert", "10")
    assert (headers["apns-id"], headers["apns-collapse-id"]) == (
        told.message_id, str(told.notification_id),
    )  # fmt: skip
    sign = [each.headers["authorization"].removeprefix("bearer ") for each in apple.vendor.seen]
    assert sign[0] == sign[1] != sign[2], "one token for 40 minutes"
    token = jwt.decode(sign[0], ECKey.import_key(pem(APPLE_KEY)), algorithms=["ES256"])
    assert (token.header["kid"], token.claims["iss"]) == ("ABC123DEFG", "DEF123GHIJ")
    assert set(token.claims) == {"iss", "iat"}
    assert first.body["aps"]["alert"]["title"] == "Call Ada"
    assert len(json.dumps(first.body, ensure_ascii=False).encode()) <= 4_200
    assert first.body["aps"]["alert"]["body"].startswith("🙂" * 500)


@pytest.mark.parametrize(
    ("status", "reason", "failure"),
    [
        (400, "BadDeviceToken", NeverSentError),
        (400, "DeviceTokenNotForTopic", NeverSentError),
        (400, "TopicDisallowed", NeverSentError),
        (403, "ExpiredProviderToken", NotSentError),
        (403, "InvalidProviderToken", NotSentError),
        (403, "BadCertificateEnvironment", NotSentError),
        (404, "BadPath", NeverSentError),
        (405, "MethodNotAllowed", NeverSentError),
        (410, "Unregistered", GoneError),
        (410, "ExpiredToken", GoneError),
        (413, "PayloadTooLarge", NeverSentError),
        (429, "TooManyRequests", NotSentError),
        (429, "TooManyProviderTokenUpdates", NotSentError),
        (500, "InternalServerError", NotSentError),
        (503, "ServiceUnavailable", NotSentError),
        (503, "Shutdown", NotSentError),
    ],
)
async def test_each_error_of_apple_means_gone_never_or_later(
    kernel: Kernel, tmp_path: Path, status: int, reason: str, failure: type[NotSentError]
) -> None:
    async with scene(kernel, tmp_path, "apple") as apple:
        apple.vendor.answer = (status, {"reason": reason})
        with pytest.raises(NotSentError) as caught:
            await ApnsOutlet(apple.kernel, APPLE_TOKEN).send(parcel())
        assert type(caught.value) is failure
        assert status == 410 or reason in str(caught.value)


async def test_an_app_that_is_gone_is_forgotten_unless_it_has_come_back_since(
    person: Person, kernel: Kernel, tmp_path: Path, clock: Clock, travel: Travel
) -> None:
    async with scene(kernel, tmp_path, "apple") as apple:
        async with person.context() as ctx:
            new = PhoneCreate(name="iPhone", kind=DeviceKind.APNS, token=APPLE_TOKEN)
            phone = str((await notifications.add_phone(ctx, apple.kernel, new)).id)
        before = int(clock().timestamp() * 1_000) - 3_600_000
        for timestamp, left in ((before, [phone]), (before + 7_200_000, [])):
            apple.vendor.answer = (410, {"reason": "Unregistered", "timestamp": timestamp})
            await person.post("/notifications/test", 204, channel="push")
            assert (await send(apple.kernel, person))[0]["status"] == "dead"
            listed = (await person.get("/notifications/devices"))["items"]
            assert [each["id"] for each in listed] == left


async def test_a_phone_waits_as_long_as_its_push_service_asks(
    person: Person, kernel: Kernel, tmp_path: Path, travel: Travel
) -> None:
    await person.post("/notifications/devices/phones", 201, **a_phone(person))
    async with scene(kernel, tmp_path, "google") as google:
        google.vendor.answer = fcm_error(429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED")
        await person.post("/notifications/test", 204, channel="push")
        await send(google.kernel, person)
        travel(seconds=59)
        assert (await send(google.kernel, person))[0]["attempts"] == 1, "a minute, if it is silent"
        google.vendor.headers = {"Retry-After": "90"}
        travel(seconds=2)
        assert (await send(google.kernel, person))[0]["attempts"] == 2
        google.vendor.answer = (200, {})
        travel(seconds=60)
        assert (await send(google.kernel, person))[0]["status"] == "retrying"
        travel(seconds=31)
        assert (await send(google.kernel, person))[0]["status"] == "sent"


async def test_apps_register_where_the_operator_has_set_them_up(
    person: Person, make_person: MakePerson
) -> None:
    made = await person.post("/notifications/devices/phones", 201, **a_phone(person))
    assert made["kind"] == "fcm"
    again = await person.post("/notifications/devices/phones", 201, **a_phone(person))
    (listed,) = (await person.get("/notifications/devices"))["items"]
    assert listed["id"] == again["id"], "the same token is the same device"
    other = await make_person()
    await other.post("/notifications/devices/phones", 409, **a_phone(person))
    apple = {"name": "iPhone", "kind": "apns", "token": APPLE_TOKEN}
    await person.post("/notifications/devices/phones", 409, **apple)
    await person.post("/notifications/devices/phones", 422, **{**apple, "kind": "web"})


def test_a_key_of_apple_needs_its_neighbours(tmp_path: Path) -> None:
    (tmp_path / "key.p8").write_bytes(pem(APPLE_KEY))
    with pytest.raises(ValidationError, match="apns_topic"):
        NotificationSettings(apns_key=tmp_path / "key.p8", apns_key_id="A", apns_team_id="B")


def a_phone(person: Person) -> dict[str, str]:
    return {"name": "Pixel", "kind": "fcm", "token": f"{person.user_id}:token"}
