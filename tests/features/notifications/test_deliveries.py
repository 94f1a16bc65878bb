"""Mail and pushes: what arrives at real peers, what is tried again, what never goes out."""

import base64
import json
from email.message import EmailMessage
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from selfos.features.notifications import service as notifications
from selfos.features.notifications.schemas.words import Channel
from selfos.features.notifications.service import delivering
from selfos.kernel.core import Kernel
from tests.conftest import Clock
from tests.factories import Person
from tests.features.notifications.conftest import Post, confirm_email, inbox
from tests.features.notifications.push_service import Browser, push_service
from tests.features.notifications.test_reminders import MakePerson, Travel, soon, task_due


async def log(person: Person) -> list[dict[str, Any]]:
    return (await person.get("/notifications/deliveries"))["items"]


async def send(there: Kernel, person: Person) -> list[dict[str, Any]]:
    """Let what waits go out now; returns the log."""
    for each in await log(person):
        await notifications.deliver(
            there,
            workspace_id=str(person.workspace_id),
            user_id=str(person.user_id),
            delivery_id=each["id"],
        )
    return await log(person)


async def message(person: Person, title: str = "Hello", **more: Any) -> None:
    async with person.context() as ctx:
        await notifications.send_email_notification(ctx, title=title, body="Read <this>", **more)


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return body.get_content()


async def ring(kernel: Kernel) -> None:
    while await notifications.ring(kernel):
        pass


async def test_a_mail_has_both_forms_and_the_headers_of_one_click(
    person: Person, there: Kernel, post: Post
) -> None:
    await confirm_email(person)
    await message(person, key="same")
    await message(person, key="same")
    (sent,) = await send(there, person)
    assert (sent["status"], sent["attempts"], sent["channel"]) == ("sent", 1, "email")
    (mail,) = post.messages
    assert (mail["To"], mail["Subject"]) == (person.email, "Hello")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == f"<{sent['id']}@localhost>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Read <this>" in part(mail, "plain")
    html = part(mail, "html")
    assert html.index("Read &lt;this&gt;") < html.index("<h1"), "the preheader comes first"
    assert "<this>" not in html


async def test_one_click_takes_out_of_mails_of_that_kind_and_a_forged_one_of_nothing(
    person: Person, there: Kernel, post: Post
) -> None:
    await confirm_email(person)
    await person.patch("/notifications/preferences", channels={"message": ["email", "inbox"]})
    await message(person)
    await send(there, person)
    link = str(post.messages[0]["List-Unsubscribe"]).strip("<>")
    token = link.partition("token=")[2]
    page = await person.client.get("/notifications/unsubscribe", params={"token": token})
    assert (page.status_code, page.headers["location"]) == (303, f"/unsubscribe?token={token}")
    assert f"/unsubscribe?token={token}&kind=message&lang=en" in part(post.messages[0], "plain")
    for _ in range(2):
        await person.send(
            "POST", f"/notifications/unsubscribe?token={token}", 204,
            data={"List-Unsubscribe": "One-Click"},
        )  # fmt: skip
    chosen = await person.get("/notifications/preferences")
    assert chosen["channels"]["message"] == ["inbox"]
    raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    other = raw.replace(b"message", b"overdue")
    forged = base64.urlsafe_b64encode(other).rstrip(b"=").decode()
    await person.post(f"/notifications/unsubscribe?token={forged}", expect=404)
    await person.post("/notifications/unsubscribe?token=nonsense", expect=404)


async def test_mail_that_fails_is_tried_again_and_in_the_end_is_dead_with_its_reason(
    person: Person, there: Kernel, post: Post, travel: Travel
) -> None:
    await confirm_email(person)
    post.answer = "451 later"
    await message(person)
    (failed,) = await send(there, person)
    assert (failed["status"], failed["reason"]) == (
        "retrying",
        "The mail server refused the mail (451).",
    )
    assert await send(there, person) == [failed], "it waits first"
    for _ in range(6):
        travel(hours=13)
        (failed,) = await send(there, person)
    assert (failed["status"], failed["attempts"]) == ("dead", 7)


async def test_an_address_that_bounces_gets_no_more_mail_until_its_person_says_so(
    person: Person, there: Kernel, post: Post
) -> None:
    await confirm_email(person)
    post.to_recipient = "550 no such user"
    await message(person)
    (dead,) = await send(there, person)
    assert dead["status"] == "dead"
    await message(person, "Again")
    assert (await send(there, person))[0]["status"] == "suppressed"
    view = await person.get("/notifications/preferences")
    assert view["email"]["suppressed"] == "The mail server knows no such address."
    view = await person.post("/notifications/preferences/resume-mail")
    assert view["email"]["suppressed"] is None
    await notifications.take_bounce(
        there, "a secret of sixteen and more", person.email.upper(), "Mailbox full"
    )
    view = await person.get("/notifications/preferences")
    assert view["email"]["suppressed"] == "Mailbox full"
    await person.post("/notifications/bounces", 404, address=person.email, reason="x")


async def test_nothing_is_mailed_to_an_address_that_nobody_has_confirmed(
    person: Person, there: Kernel, post: Post
) -> None:
    await message(person)
    (refused,) = await send(there, person)
    assert refused["status"] == "suppressed"
    assert post.messages == []
    await person.post("/notifications/test", 409, channel="email")
    await person.post("/notifications/test", 409, channel="push")


async def subscribed(person: Person, browser: Browser) -> str:
    made = await person.post(
        "/notifications/devices", 201, name="Firefox on Linux", **browser.subscription()
    )
    return made["id"]


async def test_a_push_is_opened_by_its_browser_alone_and_signed_by_the_instance(
    person: Person, there: Kernel, clock: Clock, travel: Travel
) -> None:
    async with push_service() as browser:
        await subscribed(person, browser)
        task = await task_due(person, soon(clock, minutes=5))
        await person.post("/reminders", 201, subject_id=task, minutes_before=0)
        travel(minutes=6)
        await ring(there)
        (sent,) = await send(there, person)
        assert (sent["status"], sent["channel"]) == ("sent", "push")
        ((headers, body),) = browser.requests
    assert headers["content-encoding"] == "aes128gcm"
    assert (headers["ttl"], headers["urgency"]) == ("86400", "high")
    assert len(headers["topic"]) <= 32
    told = browser.open(body)
    assert told["title"] == "Call Ada"
    assert told["link"].endswith(f"/today?task={task}")
    token, key = (each.split("=", 1)[1] for each in headers["authorization"][6:].split(", "))
    assert key == (await person.get("/notifications/push-key"))["key"]
    raw = base64.urlsafe_b64decode(key + "==")
    x, y = (base64.urlsafe_b64encode(n).rstrip(b"=").decode() for n in (raw[1:33], raw[33:]))
    public = ECKey.import_key({"kty": "EC", "crv": "P-256", "x": x, "y": y})
    claims = jwt.decode(token, public, algorithms=["ES256"]).claims
    assert claims["aud"] == "http://127.0.0.1"
    assert "This is a test" not in json.dumps(told)


@pytest.mark.parametrize("status", [404, 410])
async def test_a_subscription_that_is_gone_is_forgotten(
    person: Person, there: Kernel, status: int
) -> None:
    async with push_service() as browser:
        browser.status = status
        await subscribed(person, browser)
        await person.post("/notifications/test", 204, channel="push")
        (dead,) = await send(there, person)
    assert dead["status"] == "dead"
    assert (await person.get("/notifications/devices"))["items"] == []


async def test_no_push_goes_into_the_instances_own_network(person: Person, kernel: Kernel) -> None:
    async with push_service() as browser:
        await subscribed(person, browser)
        await person.post("/notifications/test", 204, channel="push")
        (refused,) = await send(kernel, person)
        assert browser.requests == []
    assert refused["status"] == "retrying"
    assert refused["reason"] == "This address cannot be reached from here."


async def test_a_browsers_subscription_is_taken_over_by_nobody(
    person: Person, make_person: MakePerson
) -> None:
    browser, other = Browser(), await make_person()
    browser.port = person.user_id.int % 60_000
    await subscribed(person, browser)
    device = await subscribed(person, browser)
    await other.post("/notifications/devices", 409, name="Theirs", **browser.subscription())
    (mine,) = (await person.get("/notifications/devices"))["items"]
    assert mine["id"] == device
    await other.delete(f"/notifications/devices/{device}", expect=404)
    await person.delete(f"/notifications/devices/{device}")


async def test_quiet_hours_hold_what_goes_out_and_nothing_in_the_inbox(
    person: Person, there: Kernel, post: Post, clock: Clock, travel: Travel
) -> None:
    await confirm_email(person)
    now = clock()
    start, end = soon(clock, hours=-1), soon(clock, hours=2)
    await person.patch(
        "/notifications/preferences",
        quiet_from=f"{start:%H:%M}",
        quiet_until=f"{end:%H:%M}",
        channels={"task_reminder": ["inbox", "email"]},
    )
    task = await task_due(person, soon(clock, minutes=5))
    await person.post("/reminders", 201, subject_id=task, minutes_before=0)
    travel(minutes=6)
    await ring(there)
    assert len(await inbox(person)) == 1
    (held,) = await send(there, person)
    assert (held["status"], post.messages) == ("held", [])
    assert held["not_before"].startswith(f"{end:%Y-%m-%dT%H:%M}")
    travel(seconds=(end - now).total_seconds())
    assert (await send(there, person))[0]["status"] == "sent"


async def test_what_waits_while_a_timer_runs_is_a_suggestion_or_what_was_chosen_to(
    person: Person, there: Kernel, post: Post, clock: Clock, travel: Travel
) -> None:
    await confirm_email(person)
    path = "/notifications/preferences"
    await person.patch(path, channels={"task_reminder": ["inbox", "email"]})
    await person.post("/focus/start", 201)
    for hours in (1, 2):
        task = await task_due(person, soon(clock, hours=hours))
        await person.post("/reminders", 201, subject_id=task, minutes_before=0)
    travel(minutes=61)
    await ring(there)
    assert [each["status"] for each in await send(there, person)] == ["sent"]
    assert (await person.patch(path, hold_in_focus=True))["hold_in_focus"]
    travel(minutes=60)
    await ring(there)
    assert sorted(each["status"] for each in await send(there, person)) == ["queued", "sent"]
    assert len(await inbox(person)) == 2
    await person.post("/focus/stop")
    travel(minutes=6)
    await send(there, person)
    assert len(post.messages) == 2


async def test_what_was_mailed_and_is_still_unread_is_pushed_if_asked_for(
    person: Person, there: Kernel, clock: Clock, travel: Travel
) -> None:
    await confirm_email(person)
    await person.patch(
        "/notifications/preferences",
        escalate_minutes=20,
        channels={"task_reminder": ["inbox", "email"]},
    )
    async with push_service() as browser:
        await subscribed(person, browser)
        for hours in (1, 2):
            task = await task_due(person, soon(clock, hours=hours))
            await person.post("/reminders", 201, subject_id=task, minutes_before=0)
        travel(minutes=61)
        await ring(there)
        assert sorted(each["status"] for each in await send(there, person)) == ["held", "sent"]
        travel(minutes=20)
        await send(there, person)
        assert len(browser.requests) == 1
        travel(minutes=40)
        await ring(there)
        await person.post("/notifications/read")
        travel(minutes=20)
        await send(there, person)
        assert len(browser.requests) == 1, "what was read is not pushed"


async def test_one_person_is_sent_only_so_much_in_an_hour(
    person: Person, there: Kernel, post: Post, travel: Travel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(delivering.PER_HOUR, Channel.EMAIL, 2)
    await confirm_email(person)
    for title in ("One", "Two", "Three"):
        await message(person, title)
    await send(there, person)
    assert len(post.messages) == 2
    travel(minutes=61)
    await send(there, person)
    assert len(post.messages) == 3
