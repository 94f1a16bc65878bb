"""What does not arrive at first: who is asked again and when, what is given up and forgotten."""

from datetime import timedelta
from email.utils import format_datetime

import pytest
from structlog.testing import capture_logs

from selfos.kernel.core import Kernel
from tests.conftest import Clock
from tests.factories import Person
from tests.features.notifications.conftest import Post, confirm_email
from tests.features.notifications.push_service import push_service
from tests.features.notifications.test_deliveries import message, send, subscribed
from tests.features.notifications.test_reminders import Travel


@pytest.mark.parametrize(
    ("answer", "status", "reason"),
    [
        ("450 4.7.1 Greylisted, come back", "retrying", "refused the address (450)"),
        ("452 4.2.2 Mailbox full", "retrying", "refused the address (452)"),
        ("550 5.7.1 Your network is blocked", "dead", "refused the address (550)"),
        ("554 Not for you", "dead", "refused the address (554)"),
        ("550 5.1.1 Unknown", "dead", "knows no such address"),
    ],
)
async def test_a_refused_recipient_is_asked_again_or_given_up_and_only_an_unknown_one_forgotten(
    person: Person, there: Kernel, post: Post, travel: Travel, answer: str, status: str, reason: str
) -> None:
    await confirm_email(person)
    post.to_recipient = answer
    await message(person)
    with capture_logs() as told:
        (refused,) = await send(there, person)
    assert refused["status"] == status
    assert reason in refused["reason"]
    (line,) = [line for line in told if line["event"] == "notifications.not_sent"]
    assert (line["channel"], line["attempt"], line["reason"]) == ("email", 1, refused["reason"])
    post.to_recipient = "250 taken"
    if status == "retrying":
        travel(minutes=6)
        assert (await send(there, person))[0]["status"] == "sent"
    suppressed = (await person.get("/notifications/preferences"))["email"]["suppressed"]
    assert (suppressed is not None) is ("5.1.1" in answer)


async def test_a_push_service_in_trouble_is_asked_again_when_it_says(
    person: Person, there: Kernel, clock: Clock, travel: Travel
) -> None:
    async with push_service() as browser:
        browser.status = 503
        await subscribed(person, browser)
        await person.post("/notifications/test", 204, channel="push")
        assert (await send(there, person))[0]["status"] == "retrying"
        browser.status, browser.retry_after = 429, "600"
        travel(seconds=6)
        assert (await send(there, person))[0]["attempts"] == 2
        travel(seconds=590)
        assert (await send(there, person))[0]["attempts"] == 2, "it asked for more patience"
        until = clock() + timedelta(hours=1)
        browser.status, browser.retry_after = 503, format_datetime(until, usegmt=True)
        travel(seconds=11)
        (waits,) = await send(there, person)
        assert waits["not_before"].startswith(f"{until:%Y-%m-%dT%H:%M:%S}")
        browser.status, browser.retry_after = 201, None
        travel(hours=1)
        (sent,) = await send(there, person)
    assert (sent["status"], sent["attempts"]) == ("sent", 4)
