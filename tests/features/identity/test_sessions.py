"""Sessions, devices and API tokens."""

from collections.abc import Awaitable, Callable

import httpx2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from selfos.features.identity import service as identity
from selfos.features.identity.service import device_name
from selfos.kernel.core import Kernel
from tests.factories import Person

Travel = Callable[..., None]


async def device(client: httpx2.AsyncClient, person: Person) -> dict[str, str]:
    body = {"email": person.email, "password": person.password, "device_name": "Phone"}
    response = await client.post("/auth/token", json=body)
    assert response.status_code == 200, response.text
    return response.json()


async def spend(client: httpx2.AsyncClient, token: str) -> httpx2.Response:
    return await client.post("/auth/token/refresh", json={"refresh_token": token})


async def status(client: httpx2.AsyncClient, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return (await client.get("/auth/me", headers=headers)).status_code


async def test_a_device_signs_in_and_refreshes(client: httpx2.AsyncClient, person: Person) -> None:
    pair = await device(client, person)
    assert pair["token_type"] == "Bearer"
    assert pair["expires_in_seconds"] == 900
    assert await status(client, pair["access_token"]) == 200
    fresh = (await spend(client, pair["refresh_token"])).json()
    assert fresh["refresh_token"] != pair["refresh_token"]
    assert await status(client, fresh["access_token"]) == 200


async def test_a_spent_refresh_token_that_comes_back_ends_the_chain(
    client: httpx2.AsyncClient, person: Person
) -> None:
    first = await device(client, person)
    second = (await spend(client, first["refresh_token"])).json()
    third = (await spend(client, second["refresh_token"])).json()
    assert (await spend(client, first["refresh_token"])).status_code == 401
    assert (await spend(client, third["refresh_token"])).status_code == 401
    assert await status(client, third["access_token"]) == 401


async def test_a_lost_answer_may_be_asked_for_again_once(
    client: httpx2.AsyncClient, person: Person
) -> None:
    first = await device(client, person)
    lost = (await spend(client, first["refresh_token"])).json()
    again = await spend(client, first["refresh_token"])
    assert again.status_code == 200
    assert await status(client, again.json()["access_token"]) == 200
    assert (await spend(client, lost["refresh_token"])).status_code == 401
    assert (await spend(client, again.json()["refresh_token"])).status_code == 401


async def test_a_late_repetition_is_a_theft(
    client: httpx2.AsyncClient, person: Person, travel: Travel
) -> None:
    first = await device(client, person)
    second = (await spend(client, first["refresh_token"])).json()
    travel(seconds=11)
    assert (await spend(client, first["refresh_token"])).status_code == 401
    assert (await spend(client, second["refresh_token"])).status_code == 401


async def test_revoking_a_device_stops_its_access_token_at_once(
    client: httpx2.AsyncClient, person: Person
) -> None:
    pair = await device(client, person)
    sessions = (await person.get("/auth/sessions"))["items"]
    phone = next(s for s in sessions if s["kind"] == "device")
    assert phone["name"] == "Phone"
    await person.delete(f"/auth/sessions/{phone['id']}")
    assert await status(client, pair["access_token"]) == 401
    assert (await spend(client, pair["refresh_token"])).status_code == 401


async def test_an_api_token_is_named_expires_and_is_shown_once(
    client: httpx2.AsyncClient, person: Person, travel: Travel
) -> None:
    made = await person.post("/auth/tokens", expect=201, name="Backup", expires_in_days=7)
    assert made["token"].startswith("sos_api_")
    assert made["token"] not in str(await person.get("/auth/sessions"))
    assert await status(client, made["token"]) == 200
    travel(days=8)
    assert await status(client, made["token"]) == 401


async def test_a_read_only_token_reads_and_writes_nothing(
    client: httpx2.AsyncClient, person: Person
) -> None:
    made = await person.post("/auth/tokens", expect=201, name="Board", read_only=True)
    headers = {"Authorization": f"Bearer {made['token']}"}
    assert (await client.get("/auth/me", headers=headers)).status_code == 200
    for method, path, body in [
        ("PATCH", "/auth/me", {"name": "Mallory"}),
        ("POST", "/workspaces", {"name": "Mallory"}),
        ("POST", "/auth/logout", None),
        ("POST", "/auth/tokens", {"name": "more"}),
    ]:
        response = await client.request(method, path, json=body, headers=headers)
        assert response.status_code == 403, path


async def test_an_api_token_cannot_extend_itself_or_take_the_account_over(
    client: httpx2.AsyncClient, person: Person
) -> None:
    made = await person.post("/auth/tokens", expect=201, name="Script")
    headers = {"Authorization": f"Bearer {made['token']}"}
    session = (await person.get("/auth/sessions"))["items"][0]["id"]
    passwords = {"current_password": person.password, "new_password": "another good one"}
    address = {"email": f"x.{person.email}", "password": person.password}
    for method, path, body in [
        ("POST", "/auth/tokens", {"name": "more"}),
        ("POST", "/auth/password/change", passwords),
        ("POST", "/auth/email/change", address),
        ("DELETE", f"/auth/sessions/{session}", None),
    ]:
        response = await client.request(method, path, json=body, headers=headers)
        assert response.status_code == 403, path


async def test_an_idle_browser_is_signed_out(person: Person, travel: Travel) -> None:
    travel(days=13)
    await person.get("/auth/me")
    travel(days=13)
    await person.get("/auth/me")
    travel(days=15)
    await person.get("/auth/me", expect=401)


async def test_no_browser_stays_signed_in_beyond_ninety_days(
    person: Person, travel: Travel
) -> None:
    for _ in range(8):
        travel(days=11)
        await person.get("/auth/me")
    travel(days=3)
    await person.get("/auth/me", expect=401)


async def test_expired_sessions_are_swept(person: Person, kernel: Kernel, travel: Travel) -> None:
    made = await person.post("/auth/tokens", expect=201, name="Old", expires_in_days=1)
    travel(days=2)
    await identity.sweep(kernel)
    travel(days=-2)
    listed = (await person.get("/auth/sessions"))["items"]
    assert made["id"] not in {s["id"] for s in listed}


def test_browsers_are_named_for_humans() -> None:
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    phone = (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 "
        "(KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1"
    )
    assert device_name(firefox) == "Firefox on Linux"
    assert device_name(phone) == "Safari on iPhone"
    assert device_name("curl/8.15") == "A browser"


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
async def test_refresh_chains_never_fork_and_thieves_end_them(
    data: st.DataObject,
    new_client: Callable[[], httpx2.AsyncClient],
    make_person: Callable[..., Awaitable[Person]],
) -> None:
    """Show random known tokens: at most one unspent token lives, and none after a theft."""
    person, client = await make_person(), new_client()
    tokens = [(await device(client, person))["refresh_token"]]
    newest, previous, repeatable, dead = 0, None, False, False
    for _ in range(data.draw(st.integers(2, 7))):
        shown = data.draw(st.integers(0, len(tokens) - 1))
        response = await spend(client, tokens[shown])
        succeeds = not dead and (shown == newest or (shown == previous and repeatable))
        assert response.status_code == (200 if succeeds else 401)
        if not succeeds:
            dead = True
            continue
        repeatable = shown == newest
        previous = shown
        tokens.append(response.json()["refresh_token"])
        newest = len(tokens) - 1
