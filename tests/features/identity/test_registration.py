"""Making an account and being let in again."""

from collections.abc import Awaitable, Callable

import httpx2
import pytest

from selfos.kernel.core import Kernel
from tests.factories import PASSWORD, Person


async def test_registering_gives_a_personal_workspace_and_a_session(person: Person) -> None:
    me = await person.get("/auth/me")
    assert me["workspace"]["kind"] == "personal"
    assert me["workspaces"] == [me["workspace"]]
    assert me["role"] == me["workspace"]["role"] == "owner"
    assert "task:write" in me["permissions"]
    assert me["user"]["email"] == person.email
    assert me["user"]["email_verified"] is False


async def test_an_address_has_one_account_however_it_is_spelt(
    client: httpx2.AsyncClient, person: Person
) -> None:
    body = {"email": person.email.upper(), "password": PASSWORD, "name": "Twin"}
    response = await client.post("/auth/register", json=body)
    assert response.status_code == 409
    assert "already an account" in response.json()["detail"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "nobody"),
        ("name", "   "),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "../../etc/passwd"),
        ("locale", "not a locale"),
        ("password", "short"),
        ("password", "iloveyou1"),
        ("password", "aaaaaaaaaaaa"),
        ("password", "selfos2026!!"),
        ("password", "ada.lovelace"),
    ],
)
async def test_registration_refuses_what_would_not_work(
    client: httpx2.AsyncClient, field: str, value: str
) -> None:
    body = {"email": "ada.lovelace@example.org", "password": PASSWORD, "name": "Ada"}
    response = await client.post("/auth/register", json={**body, field: value})
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == f"/{field}"


async def test_login_opens_a_new_session(client: httpx2.AsyncClient, person: Person) -> None:
    body = {"email": person.email, "password": person.password}
    response = await client.post("/auth/login", json=body)
    assert response.status_code == 200
    assert response.json()["workspace"]["id"] == str(person.workspace_id)
    sessions = (await person.get("/auth/sessions"))["items"]
    assert len(sessions) == 2
    assert [s["current"] for s in sessions].count(True) == 1


async def test_signing_in_again_ends_the_session_the_browser_held(person: Person) -> None:
    held = person.client.cookies["sid"]
    await person.post("/auth/login", email=person.email, password=person.password)
    assert person.client.cookies["sid"] != held
    assert len((await person.get("/auth/sessions"))["items"]) == 1


async def test_the_session_cookie_is_out_of_reach_of_scripts(
    client: httpx2.AsyncClient, person: Person
) -> None:
    body = {"email": person.email, "password": person.password}
    response = await client.post("/auth/login", json=body)
    cookie = next(c for c in response.headers.get_list("set-cookie") if c.startswith("sid="))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie


async def test_logging_out_ends_the_session_for_good(person: Person) -> None:
    stolen = person.client.cookies["sid"]
    await person.post("/auth/logout", expect=204)
    person.client.cookies.set("sid", stolen)
    await person.get("/auth/me", expect=401)


async def test_login_remembers_where_somebody_was(
    client: httpx2.AsyncClient, person: Person
) -> None:
    team = await person.post("/workspaces", expect=201, name="Crew")
    await person.post(f"/workspaces/{team['id']}/switch")
    body = {"email": person.email, "password": person.password}
    response = await client.post("/auth/login", json=body)
    assert response.json()["workspace"]["id"] == team["id"]


async def test_profile_changes_keep_what_is_not_named(person: Person) -> None:
    me = await person.patch("/auth/me", time_zone="Asia/Tokyo", week_start="sunday")
    assert me["user"]["time_zone"] == "Asia/Tokyo"
    assert me["user"]["week_start"] == "sunday"
    assert me["user"]["name"].startswith("Person")
    await person.patch("/auth/me", expect=422, name=None)
    await person.patch("/auth/me", expect=422, email_verified=True)


async def test_preferences_are_personal_and_versioned(person: Person) -> None:
    first = await person.get("/preferences")
    assert first == {
        "tone": "friendly",
        "default_view": "list",
        "notification_time": "08:00",
        "ai_enabled": True,
        "media_enabled": True,
        "quick_add_signs": "todoist",
        "hours_per_week": 10,
    }
    changed = await person.patch("/preferences", tone="coach", notification_time="21:30")
    assert changed == {**first, "tone": "coach", "notification_time": "21:30"}
    stale = await person.client.patch(
        "/preferences", json={"tone": "minimal"}, headers={"If-Match": '"1"'}
    )
    assert stale.status_code == 412
    await person.patch("/preferences", expect=422, notification_time="25:00")


async def test_the_instance_tells_strangers_only_what_they_need(
    client: httpx2.AsyncClient, person: Person, kernel: Kernel
) -> None:
    response = await client.get("/instance")
    assert response.status_code == 200
    assert response.json()["has_users"] is True
    assert response.json()["registration"] == "open"
    assert response.json()["password_minimum"] == kernel.settings.password_minimum
    assert set(response.json()) == {
        "version",
        "name",
        "registration",
        "has_users",
        "password_minimum",
    }


async def test_people_do_not_see_each_other(
    make_person: Callable[..., Awaitable[Person]],
) -> None:
    one, other = await make_person(), await make_person()
    theirs = (await other.get("/auth/sessions"))["items"][0]
    await one.delete(f"/auth/sessions/{theirs['id']}", expect=404)
    await other.get("/auth/me")
