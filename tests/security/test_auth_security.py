"""What attackers try: forged tokens, guessing, other people's rows, hostile text, stale tokens.

The first six are attacks that succeeded against the project this one follows.
"""

import base64
import hmac
import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import OKPKey

from selfos.edge.limits import Limits
from selfos.features.identity import access_tokens
from selfos.features.identity.service.passwords import issue_reset
from selfos.kernel.core import Kernel
from selfos.kernel.identifiers import new_id
from tests.factories import Person

NewClient = Callable[[], httpx2.AsyncClient]
Travel = Callable[..., None]
HOSTILE = (
    "' OR '1'='1",
    "'; DROP TABLE users; --",
    '" OR ""="',
    "1; SELECT pg_sleep(5)",
    "\\'; SELECT 1; --",
    "%s %(x)s {0} $1 :name",
    "') UNION SELECT hash FROM password_credentials --",
)


async def device(client: httpx2.AsyncClient, person: Person) -> dict[str, Any]:
    body = {"email": person.email, "password": person.password, "device_name": "Phone"}
    response = await client.post("/auth/token", json=body)
    assert response.status_code == 200, response.text
    return response.json()


async def me(client: httpx2.AsyncClient, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return (await client.get("/auth/me", headers=headers)).status_code


async def sign_in(
    client: httpx2.AsyncClient, address: str, password: str, **headers: str
) -> httpx2.Response:
    body = {"email": address, "password": password}
    return await client.post("/auth/login", json=body, headers=headers)


def encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def claims_of(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=="))


async def test_a_token_signed_with_another_key_is_refused(
    client: httpx2.AsyncClient, person: Person
) -> None:
    genuine = (await device(client, person))["access_token"]
    key = OKPKey.import_key(Ed25519PrivateKey.generate())
    header = {"alg": "Ed25519", "typ": "at+jwt", "kid": key.thumbprint()}
    forged = jwt.encode(header, claims_of(genuine), key, algorithms=["Ed25519"])
    assert await me(client, genuine) == 200
    assert await me(client, forged) == 401


async def test_a_mock_token_is_refused(client: httpx2.AsyncClient, person: Person) -> None:
    claims = {"mock": True, "uid": str(person.user_id), "email": person.email}
    token = base64.b64encode(json.dumps(claims).encode()).decode()
    assert await me(client, token) == 401


async def test_a_wrong_password_is_refused_and_tells_nothing(
    client: httpx2.AsyncClient, person: Person
) -> None:
    wrong = await sign_in(client, person.email, "not the password")
    unknown = await sign_in(client, "nobody.here@example.org", "not the password")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json()["detail"] == unknown.json()["detail"]
    assert "set-cookie" not in wrong.headers


async def test_a_foreign_origin_gets_no_permission(person: Person) -> None:
    headers = {"Origin": "https://evil.example"}
    response = await person.client.get("/auth/me", headers=headers)
    assert "access-control-allow-origin" not in response.headers
    written = await person.client.patch("/auth/me", json={"name": "Mallory"}, headers=headers)
    assert written.status_code == 403
    other = {"Sec-Fetch-Site": "cross-site"}
    assert (await person.client.post("/auth/logout", headers=other)).status_code == 403
    await person.get("/auth/me")


@pytest.mark.parametrize("headers", [{"X-Test-Mode": "true"}, {"X-Forwarded-For": "203.0.113.7"}])
async def test_no_header_lifts_the_limits(
    client: httpx2.AsyncClient, person: Person, headers: dict[str, str]
) -> None:
    answers: list[int] = []
    for number in range(8):
        if "X-Forwarded-For" in headers:
            headers = {"X-Forwarded-For": f"203.0.113.{number}"}
        answers.append((await sign_in(client, person.email, "a guess", **headers)).status_code)
    assert answers == [401] * 5 + [429] * 3


async def test_rate_limiting(
    app: FastAPI, new_client: NewClient, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Strangers by network, people by account; the answer says when to come back."""
    stranger = new_client()
    answers = [await stranger.get("/instance") for _ in range(61)]
    assert [a.status_code for a in answers[:60]] == [200] * 60
    assert answers[60].status_code == 429
    assert int(answers[60].headers["Retry-After"]) > 0
    assert (await new_client().get("/instance")).status_code == 200
    monkeypatch.setattr(app.state.doorkeeper, "limits", Limits("async+memory://", 10, []))
    answers = [await person.client.get("/auth/me") for _ in range(11)]
    assert [a.status_code for a in answers] == [200] * 10 + [429]
    assert answers[10].headers["RateLimit"].startswith('"default"')


async def test_guessing_pauses_the_guesser_and_not_the_owner(
    new_client: NewClient, person: Person, travel: Travel
) -> None:
    guesser, owner = new_client(), new_client()
    for _ in range(5):
        assert (await sign_in(guesser, person.email, "a guess")).status_code == 401
    paused = await sign_in(guesser, person.email, person.password)
    assert paused.status_code == 429
    assert 0 < int(paused.headers["Retry-After"]) <= 15
    assert (await sign_in(owner, person.email, person.password)).status_code == 200
    travel(seconds=16)
    assert (await sign_in(guesser, person.email, "a guess")).status_code == 401
    longer = await sign_in(guesser, person.email, "a guess")
    assert 15 < int(longer.headers["Retry-After"]) <= 30


async def test_guessing_from_many_networks_is_bounded_and_known_devices_stay_in(
    new_client: NewClient, person: Person
) -> None:
    assert (await sign_in(person.client, person.email, person.password)).status_code == 200
    answers: list[int] = []
    for _ in range(26):
        guesser = new_client()
        answers += [(await sign_in(guesser, person.email, "a guess")).status_code for _ in range(4)]
    assert answers.count(401) == 100
    assert set(answers[100:]) == {429}
    stranger, known = new_client(), person.client.cookies["known"]
    for mark in ("", f"{person.user_id}.forged", f"{new_id()}{known[36:]}"):
        stranger.cookies = {"known": mark}
        assert (await sign_in(stranger, person.email, person.password)).status_code == 429
    assert (await sign_in(person.client, person.email, person.password)).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "https://evil.example"},
        {"aud": "another-service"},
        {"exp": None},
        {"sid": None},
        {"sid": "not a uuid"},
        {"iat": 99_999_999_999},
        {"jti": None},
    ],
)
async def test_a_signed_token_with_other_claims_is_refused(
    client: httpx2.AsyncClient, person: Person, kernel: Kernel, change: dict[str, Any]
) -> None:
    genuine = claims_of((await device(client, person))["access_token"])
    claims = {k: v for k, v in {**genuine, **change}.items() if v is not None}
    key = OKPKey.import_key(kernel.keys.signing_key(access_tokens.PURPOSE))
    header = {"alg": "Ed25519", "typ": "at+jwt", "kid": key.thumbprint()}
    assert await me(client, jwt.encode(header, genuine, key, algorithms=["Ed25519"])) == 200
    assert await me(client, jwt.encode(header, claims, key, algorithms=["Ed25519"])) == 401


async def test_other_algorithms_types_and_keys_are_refused(
    client: httpx2.AsyncClient, person: Person, kernel: Kernel
) -> None:
    claims = claims_of((await device(client, person))["access_token"])
    key = OKPKey.import_key(kernel.keys.signing_key(access_tokens.PURPOSE))
    kid = key.thumbprint()
    body = encoded(claims)
    signed = f"{encoded({'alg': 'HS256', 'typ': 'at+jwt', 'kid': kid})}.{body}"
    public = key.as_pem(private=False)
    signature = hmac.digest(public, signed.encode(), "sha256")
    ours = {"alg": "Ed25519", "kid": kid}
    for token in (
        f"{signed}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}",
        f"{encoded({'alg': 'none', 'typ': 'at+jwt'})}.{body}.",
        jwt.encode({**ours, "typ": "JWT"}, claims, key, algorithms=["Ed25519"]),
        jwt.encode({**ours, "typ": "at+jwt", "kid": "x"}, claims, key, algorithms=["Ed25519"]),
        "a.b.c",
        "é" * 20,
        "x" * 5_000,
    ):
        headers = {b"Authorization": b"Bearer " + token.encode()}
        assert (await client.get("/auth/me", headers=headers)).status_code == 401


async def test_a_token_of_a_web_session_is_no_bearer_and_its_id_no_password(
    client: httpx2.AsyncClient, person: Person, kernel: Kernel
) -> None:
    cookie = person.client.cookies["sid"]
    assert await me(client, cookie) == 401
    web = (await person.get("/auth/sessions"))["items"][0]["id"]
    signed = access_tokens.write(
        kernel.keys,
        issuer=kernel.settings.origin,
        user_id=person.user_id,
        session_id=web,
        now=kernel.clock(),
    )
    assert await me(client, signed) == 401


async def test_jwt_token_expiration(
    client: httpx2.AsyncClient, person: Person, kernel: Kernel, travel: Travel
) -> None:
    """A signed access token ends after 15 minutes; its session goes on."""
    pair = await device(client, person)
    travel(minutes=14, seconds=58)
    assert await me(client, pair["access_token"]) == 200
    travel(seconds=4)
    assert await me(client, pair["access_token"]) == 401
    body = {"refresh_token": pair["refresh_token"]}
    fresh = await client.post("/auth/token/refresh", json=body)
    assert await me(client, fresh.json()["access_token"]) == 200


@pytest.mark.parametrize(("days", "status"), [(29, 200), (31, 401)])
async def test_a_refresh_token_ends_when_its_device_is_idle(
    client: httpx2.AsyncClient, person: Person, travel: Travel, days: int, status: int
) -> None:
    pair = await device(client, person)
    travel(days=days)
    body = {"refresh_token": pair["refresh_token"]}
    response = await client.post("/auth/token/refresh", json=body)
    assert response.status_code == status


@pytest.mark.parametrize(("minutes", "status"), [(59, 204), (61, 422)])
async def test_a_reset_token_ends_after_an_hour(
    client: httpx2.AsyncClient,
    person: Person,
    kernel: Kernel,
    travel: Travel,
    minutes: int,
    status: int,
) -> None:
    token = await issued(kernel, person)
    travel(minutes=minutes)
    body = {"token": token, "password": "a much better passphrase"}
    assert (await client.post("/auth/password/reset", json=body)).status_code == status


async def issued(kernel: Kernel, person: Person) -> str:
    made = await issue_reset(kernel, person.email)
    assert made is not None
    return made[1]


@pytest.mark.parametrize("hostile", HOSTILE)
async def test_sql_injection_prevention(
    client: httpx2.AsyncClient, person: Person, hostile: str
) -> None:
    """Hostile text is stored as text, and refused where it is no valid value; nothing breaks."""
    assert (await person.patch("/auth/me", name=hostile))["user"]["name"] == hostile
    team = await person.post("/workspaces", expect=201, name=hostile)
    assert (await person.get(f"/workspaces/{team['id']}"))["name"] == hostile
    assert (await sign_in(client, hostile, hostile)).status_code == 401
    for path, query in [
        ("/tasks", {"fields": hostile}),
        ("/tasks", {"cursor": hostile}),
        ("/tasks", {"sort": hostile}),
        ("/tasks", {"project_id": hostile}),
        ("/history", {"cursor": base64.urlsafe_b64encode(json.dumps([hostile, hostile]).encode())}),
    ]:
        response = await person.client.get(path, params=query)
        assert response.status_code == 422, f"{path} {query}: {response.text}"
    headers = {"SelfOS-Workspace": hostile}
    assert (await person.client.get("/members", headers=headers)).status_code == 422
    forged = {"Cookie": "sid=" + base64.urlsafe_b64encode(hostile.encode()).decode()}
    assert (await client.get("/auth/me", headers=forged)).status_code == 401
    await person.get("/auth/me")


async def test_nobody_can_name_themselves_operator_or_move_rows(
    client: httpx2.AsyncClient, person: Person
) -> None:
    body = {"email": "mallory@example.org", "password": "a fine passphrase", "name": "Mallory"}
    for extra in ({"is_operator": True}, {"role": "owner"}, {"workspace_id": str(new_id())}):
        response = await client.post("/auth/register", json={**body, **extra})
        assert response.status_code == 422
    await person.patch("/auth/me", expect=422, email="other@example.org")
    path = f"/workspaces/{person.workspace_id}"
    await person.patch(path, expect=422, name="x", kind="team")
