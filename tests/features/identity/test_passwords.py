"""Passwords: proving, changing, forgetting; and moving to another address."""

import asyncio
import email
import email.policy
import re
from collections.abc import Awaitable, Callable
from email.message import EmailMessage
from pathlib import Path

import httpx2
import pytest

from selfos.features.identity.passwords import (
    NOBODY,
    QUEUE_PER_CORE,
    Hashing,
    common_passwords,
    require_good,
)
from selfos.kernel.core import Kernel
from selfos.kernel.errors import Invalid, Unavailable
from tests.factories import Person

NEW = "a much better passphrase"
Drain = Callable[[], Awaitable[None]]


def mails_to(kernel: Kernel, address: str) -> list[EmailMessage]:
    """Return the mails to an address, oldest first."""
    outbox: Path = kernel.settings.data / "outbox"
    read = (
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in sorted(outbox.glob("*.eml"))
    )
    return [message for message in read if message["To"] == address]


def token_in(message: EmailMessage) -> str:
    """Return the token of the link in a mail."""
    body = message.get_body(("plain",))
    assert body is not None
    found = re.search(r"token=(\S+)", body.get_content())
    assert found is not None
    return found[1]


async def sign_in(client: httpx2.AsyncClient, address: str, password: str) -> int:
    body = {"email": address, "password": password}
    return (await client.post("/auth/login", json=body)).status_code


async def test_changing_the_password_ends_all_other_sessions(
    client: httpx2.AsyncClient, person: Person
) -> None:
    assert await sign_in(client, person.email, person.password) == 200
    held = person.client.cookies["sid"]
    body = {"current_password": person.password, "new_password": NEW}
    await person.post("/auth/password/change", expect=204, **body)
    assert (await client.get("/auth/me")).status_code == 401
    assert person.client.cookies["sid"] != held
    await person.get("/auth/me")
    person.client.cookies.clear()
    person.client.cookies.set("sid", held)
    await person.get("/auth/me", expect=401)
    assert await sign_in(client, person.email, person.password) == 401
    assert await sign_in(client, person.email, NEW) == 200


async def test_changing_the_password_needs_the_old_one_and_a_good_new_one(person: Person) -> None:
    wrong = {"current_password": "not this one", "new_password": NEW}
    problem = await person.post("/auth/password/change", expect=422, **wrong)
    assert problem["errors"][0]["pointer"] == "/current_password"
    weak = {"current_password": person.password, "new_password": "password1"}
    problem = await person.post("/auth/password/change", expect=422, **weak)
    assert problem["errors"][0]["pointer"] == "/new_password"
    await person.get("/auth/me")


async def test_a_reset_token_works_once_and_ends_all_sessions(
    client: httpx2.AsyncClient, person: Person, kernel: Kernel, drain: Drain
) -> None:
    response = await client.post("/auth/password/forgot", json={"email": person.email})
    assert response.status_code == 202
    await drain()
    token = token_in(mails_to(kernel, person.email)[-1])
    body = {"token": token, "password": NEW}
    assert (await client.post("/auth/password/reset", json=body)).status_code == 204
    assert (await client.post("/auth/password/reset", json=body)).status_code == 422
    await person.get("/auth/me", expect=401)
    assert await sign_in(client, person.email, NEW) == 200
    assert (await client.get("/auth/me")).json()["user"]["email_verified"] is True


async def test_a_weak_new_password_does_not_use_the_reset_token_up(
    client: httpx2.AsyncClient, person: Person, kernel: Kernel, drain: Drain
) -> None:
    await client.post("/auth/password/forgot", json={"email": person.email})
    await drain()
    token = token_in(mails_to(kernel, person.email)[-1])
    weak = {"token": token, "password": "password1"}
    assert (await client.post("/auth/password/reset", json=weak)).status_code == 422
    good = {"token": token, "password": NEW}
    assert (await client.post("/auth/password/reset", json=good)).status_code == 204


async def test_asking_twice_voids_the_first_reset_token(
    client: httpx2.AsyncClient, person: Person, kernel: Kernel, drain: Drain
) -> None:
    tokens: list[str] = []
    for _ in range(2):
        await client.post("/auth/password/forgot", json={"email": person.email})
        await drain()
        tokens.append(token_in(mails_to(kernel, person.email)[-1]))
    body = {"token": tokens[0], "password": NEW}
    assert (await client.post("/auth/password/reset", json=body)).status_code == 422


async def test_forgetting_tells_nobody_who_has_an_account(
    client: httpx2.AsyncClient, person: Person, kernel: Kernel, drain: Drain
) -> None:
    stranger = "nobody.at.all@example.org"
    known = await client.post("/auth/password/forgot", json={"email": person.email})
    unknown = await client.post("/auth/password/forgot", json={"email": stranger})
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    await drain()
    assert mails_to(kernel, stranger) == []


async def test_nobody_is_buried_in_reset_mails(
    client: httpx2.AsyncClient, person: Person, kernel: Kernel, drain: Drain
) -> None:
    await drain()
    before = len(mails_to(kernel, person.email))
    for _ in range(8):
        response = await client.post("/auth/password/forgot", json={"email": person.email})
        assert response.status_code == 202
    await drain()
    assert len(mails_to(kernel, person.email)) - before == 5


async def test_an_address_changes_when_it_is_confirmed_from_there(
    client: httpx2.AsyncClient, person: Person, kernel: Kernel, drain: Drain
) -> None:
    new = f"new.{person.email}"
    await person.post("/auth/email/change", expect=202, email=new, password=person.password)
    await drain()
    assert (await person.get("/auth/me"))["user"]["email"] == person.email
    token = token_in(mails_to(kernel, new)[-1])
    assert (await client.post("/auth/email/confirm", json={"token": token})).status_code == 204
    user = (await person.get("/auth/me"))["user"]
    assert (user["email"], user["email_verified"]) == (new, True)
    assert (await client.post("/auth/email/confirm", json={"token": token})).status_code == 422
    await drain()
    assert "A change to your" in mails_to(kernel, person.email)[-1]["Subject"]


async def test_registration_asks_to_confirm_the_address(
    client: httpx2.AsyncClient, person: Person, kernel: Kernel, drain: Drain
) -> None:
    await drain()
    token = token_in(mails_to(kernel, person.email)[-1])
    assert (await client.post("/auth/email/confirm", json={"token": token})).status_code == 204
    assert (await person.get("/auth/me"))["user"]["email_verified"] is True


async def test_an_address_of_somebody_else_gets_no_mail(
    make_person: Callable[..., Awaitable[Person]], kernel: Kernel, drain: Drain
) -> None:
    one, other = await make_person(), await make_person()
    await drain()
    before = len(mails_to(kernel, other.email))
    body = {"email": other.email, "password": one.password}
    await one.post("/auth/email/change", expect=202, **body)
    await drain()
    assert len(mails_to(kernel, other.email)) == before


async def test_reset_and_confirmation_tokens_are_not_interchangeable(
    client: httpx2.AsyncClient, person: Person, kernel: Kernel, drain: Drain
) -> None:
    await drain()
    confirm = token_in(mails_to(kernel, person.email)[-1])
    body = {"token": confirm, "password": NEW}
    assert (await client.post("/auth/password/reset", json=body)).status_code == 422


async def test_tokens_from_mails_are_in_no_table_and_no_job(
    client: httpx2.AsyncClient, person: Person, kernel: Kernel, drain: Drain
) -> None:
    await client.post("/auth/password/forgot", json={"email": person.email})
    dead = await kernel.jobs.dead()
    await drain()
    token = token_in(mails_to(kernel, person.email)[-1])
    assert all(token not in str(job.task_kwargs) for job in dead)
    outbox = kernel.settings.data / "outbox"
    assert {path.stat().st_mode & 0o777 for path in outbox.iterdir()} == {0o600}


async def test_hashing_refuses_work_beyond_its_queue() -> None:
    hashing = Hashing(1)
    attempts = (hashing.hash("anything at all") for _ in range(2 + QUEUE_PER_CORE))
    results = await asyncio.gather(*attempts, return_exceptions=True)
    assert [type(r) for r in results].count(Unavailable) == 1
    assert [type(r) for r in results].count(str) == 1 + QUEUE_PER_CORE


async def test_a_stored_hash_is_checked_and_renewed() -> None:
    hashing = Hashing(1)
    stored = await hashing.hash("correct horse")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await hashing.verify("correct horse", stored)
    assert not await hashing.verify("wrong horse", stored)
    assert not await hashing.verify("correct horse", None)
    assert not await hashing.verify("correct horse", "not a hash")
    assert not hashing.outdated(stored)
    assert hashing.outdated("$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$c2FsdHNhbHQ")
    assert not hashing.outdated(NOBODY)


async def test_composed_and_decomposed_accents_are_one_password() -> None:
    hashing = Hashing(1)
    stored = await hashing.hash("caf\u00e9 au lait")
    assert await hashing.verify("cafe\u0301 au lait", stored)


def test_the_blocklist_holds_what_attackers_try_first() -> None:
    assert len(common_passwords()) > 10_000
    assert {"password", "password1", "iloveyou", "12345678"} <= common_passwords()
    for weak in ("Password1", "ILOVEYOU", "ada-lovelace-1815", "SelfOS-2026!", "abababab"):
        with pytest.raises(Invalid):
            require_good(weak, minimum=8, about=("Ada Lovelace", "ada@lovelace.example"))
    require_good("correct horse battery staple", minimum=8, about=("Ada", "ada@example.org"))
