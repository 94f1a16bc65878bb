"""Workspaces, members and invitations."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from selfos.kernel.identifiers import new_id
from selfos.kernel.signals import Signals
from tests.factories import Person

MakePerson = Callable[..., Awaitable[Person]]
Travel = Callable[..., None]


def token_of(invitation: dict[str, Any]) -> str:
    link: str = invitation["accept_url"]
    return parse_qs(urlsplit(link).query)["token"][0]


async def found_team(owner: Person, name: str = "Crew") -> dict[str, Any]:
    """Found a team and go there."""
    team = await owner.post("/workspaces", expect=201, name=name)
    await owner.post(f"/workspaces/{team['id']}/switch")
    return team


async def join(owner: Person, guest: Person, role: str = "member") -> dict[str, Any]:
    """Invite somebody into the owner's current workspace; they accept and are there."""
    made = await owner.post("/invitations", expect=201, email=guest.email, role=role)
    await guest.post("/invitations/accept", token=token_of(made))
    members = (await owner.get("/members"))["items"]
    return next(m for m in members if m["user_id"] == str(guest.user_id))


async def test_a_team_is_founded_by_its_owner(person: Person) -> None:
    team = await found_team(person)
    assert (team["kind"], team["role"], team["name"]) == ("team", "owner", "Crew")
    me = await person.get("/auth/me")
    assert me["workspace"] == team
    assert len(me["workspaces"]) == 2
    assert (await person.get("/workspaces"))["items"] == me["workspaces"]


async def test_nobody_learns_of_a_team_by_choosing_its_id(person: Person) -> None:
    await person.post("/workspaces", 422, id=str(new_id()), name="Mine")


async def test_renaming_needs_the_version_one_has_read(person: Person) -> None:
    team = await found_team(person)
    path = f"/workspaces/{team['id']}"
    renamed = await person.patch(path, name="Fleet")
    assert (renamed["name"], renamed["version"]) == ("Fleet", team["version"] + 1)
    stale = await person.client.patch(path, json={"name": "x"}, headers={"If-Match": '"1"'})
    assert stale.status_code == 412


async def test_a_foreign_workspace_and_a_missing_one_look_alike(make_person: MakePerson) -> None:
    owner, stranger = await make_person(), await make_person()
    team = await found_team(owner)
    foreign = await stranger.get(f"/workspaces/{team['id']}", expect=404)
    missing = await stranger.get(f"/workspaces/{new_id()}", expect=404)
    assert foreign["detail"] == missing["detail"]
    headers = {"SelfOS-Workspace": team["id"]}
    response = await stranger.client.get("/members", headers=headers)
    assert response.status_code == 404


async def test_an_invitation_makes_a_member_once(make_person: MakePerson, person: Person) -> None:
    team = await found_team(person)
    guest = await make_person()
    made = await person.post("/invitations", expect=201, email=guest.email, role="admin")
    me = await guest.post("/invitations/accept", token=token_of(made))
    assert (me["workspace"]["id"], me["role"]) == (team["id"], "admin")
    assert (await guest.get("/auth/me"))["workspace"]["id"] == team["id"]
    await guest.post("/invitations/accept", expect=422, token=token_of(made))
    assert (await person.get("/invitations"))["items"] == []
    names = [m["name"] for m in (await person.get("/members"))["items"]]
    assert len(names) == 2


async def test_an_invitation_is_for_its_address_only(
    make_person: MakePerson, person: Person
) -> None:
    await found_team(person)
    made = await person.post("/invitations", expect=201, email="somebody.else@example.org")
    thief = await make_person()
    await thief.post("/invitations/accept", expect=403, token=token_of(made))


async def test_invitations_expire_can_be_withdrawn_and_replaced(
    make_person: MakePerson, person: Person, travel: Travel
) -> None:
    await found_team(person)
    guest = await make_person()
    first = await person.post("/invitations", expect=201, email=guest.email)
    second = await person.post("/invitations", expect=201, email=guest.email)
    await guest.post("/invitations/accept", expect=422, token=token_of(first))
    await person.delete(f"/invitations/{second['id']}")
    await guest.post("/invitations/accept", expect=422, token=token_of(second))
    third = await person.post("/invitations", expect=201, email=guest.email)
    travel(days=8)
    await guest.post("/invitations/accept", expect=422, token=token_of(third))


@pytest.mark.parametrize("token", ["", "x", "sos_invite_", "sos_invite_AAAA", "é", "a" * 200])
async def test_a_made_up_invitation_opens_nothing(person: Person, token: str) -> None:
    await person.post("/invitations/accept", expect=422, token=token)


async def test_a_tampered_invitation_opens_nothing(make_person: MakePerson, person: Person) -> None:
    await found_team(person)
    guest = await make_person()
    token = token_of(await person.post("/invitations", expect=201, email=guest.email))
    for position in (12, 30, 50, 80):
        flipped = "A" if token[position] != "A" else "B"
        forged = token[:position] + flipped + token[position + 1 :]
        await guest.post("/invitations/accept", expect=422, token=forged)
    await guest.post("/invitations/accept", token=token)


async def test_a_personal_workspace_is_not_shared_or_deleted(person: Person) -> None:
    await person.post("/invitations", expect=409, email="friend@example.org")
    await person.delete(f"/workspaces/{person.workspace_id}", expect=409)


async def test_the_last_owner_cannot_go(make_person: MakePerson, person: Person) -> None:
    await found_team(person)
    guest = await make_person()
    member = await join(person, guest)
    mine = next(m for m in (await person.get("/members"))["items"] if m["id"] != member["id"])
    await person.delete(f"/members/{mine['id']}", expect=409)
    await person.patch(f"/members/{mine['id']}", expect=409, role="member")
    await person.patch(f"/members/{member['id']}", role="owner")
    await person.delete(f"/members/{mine['id']}")


async def test_of_two_owners_leaving_at_once_one_stays(
    make_person: MakePerson, person: Person
) -> None:
    await found_team(person)
    guest = await make_person()
    theirs = await join(person, guest, "owner")
    mine = next(m for m in (await person.get("/members"))["items"] if m["id"] != theirs["id"])
    answers = await asyncio.gather(
        person.client.delete(f"/members/{mine['id']}"),
        guest.client.delete(f"/members/{theirs['id']}"),
    )
    assert sorted(answer.status_code for answer in answers) == [204, 409]


async def test_an_admin_cannot_touch_owners(make_person: MakePerson, person: Person) -> None:
    team = await found_team(person)
    admin = await make_person()
    theirs = await join(person, admin, "admin")
    owner = next(m for m in (await admin.get("/members"))["items"] if m["id"] != theirs["id"])
    await admin.patch(f"/members/{owner['id']}", expect=403, role="guest")
    await admin.patch(f"/members/{theirs['id']}", expect=403, role="owner")
    await admin.delete(f"/members/{owner['id']}", expect=403)
    await admin.post("/invitations", expect=403, email="x@example.org", role="owner")
    await admin.delete(f"/workspaces/{team['id']}", expect=403)


async def test_a_role_counts_from_the_next_request(make_person: MakePerson, person: Person) -> None:
    await found_team(person)
    guest = await make_person()
    member = await join(person, guest, "admin")
    await guest.get("/invitations")
    await person.patch(f"/members/{member['id']}", role="guest")
    await guest.get("/invitations", expect=403)
    me = await guest.get("/auth/me")
    assert me["role"] == "guest"
    assert "task:write" not in me["permissions"]


async def test_a_removed_member_is_out_at_once_and_lands_at_home(
    make_person: MakePerson, person: Person
) -> None:
    team = await found_team(person)
    guest = await make_person()
    member = await join(person, guest)
    await person.delete(f"/members/{member['id']}")
    assert (await guest.get("/auth/me"))["workspace"]["id"] == str(guest.workspace_id)
    await guest.get(f"/workspaces/{team['id']}", expect=404)
    again = await join(person, guest, "guest")
    assert (again["id"], again["role"]) == (member["id"], "guest")


async def test_members_leave_but_do_not_remove_others(
    make_person: MakePerson, person: Person
) -> None:
    await found_team(person)
    one, other = await make_person(), await make_person()
    first, second = await join(person, one), await join(person, other, "guest")
    await one.delete(f"/members/{second['id']}", expect=403)
    await other.delete(f"/members/{second['id']}")
    await one.delete(f"/members/{first['id']}")
    assert len((await person.get("/members"))["items"]) == 1


async def test_deleting_a_team_takes_everything_with_it(
    make_person: MakePerson, person: Person
) -> None:
    team = await found_team(person)
    guest = await make_person()
    await join(person, guest)
    await person.delete(f"/workspaces/{team['id']}")
    await person.get(f"/workspaces/{team['id']}", expect=404)
    assert (await guest.get("/auth/me"))["workspace"]["id"] == str(guest.workspace_id)
    assert len((await guest.get("/workspaces"))["items"]) == 1


async def test_revocation_is_signalled_to_live_sockets(
    make_person: MakePerson, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    announced: set[Any] = set()
    announce = Signals.announce

    def spy(
        signals: Signals, workspace_id: Any, seq: Any, revoked: list[Any], told: set[Any]
    ) -> None:
        announced.update(revoked)
        announce(signals, workspace_id, seq, revoked, told)

    monkeypatch.setattr(Signals, "announce", spy)
    await found_team(person)
    guest = await make_person()
    member = await join(person, guest)
    await person.patch(f"/members/{member['id']}", role="guest")
    assert guest.user_id in announced
    announced.clear()
    await person.post("/auth/logout", expect=204)
    assert len(announced) == 1


async def test_a_demotion_cannot_be_undone_by_the_demoted(
    make_person: MakePerson, person: Person
) -> None:
    await found_team(person)
    guest = await make_person()
    member = await join(person, guest, "admin")
    answer = await person.client.patch(f"/members/{member['id']}", json={"role": "member"})
    changeset = answer.headers["SelfOS-Changeset"]
    await guest.post(f"/history/{changeset}/undo", expect=409)
    assert (await guest.get("/auth/me"))["role"] == "member"
