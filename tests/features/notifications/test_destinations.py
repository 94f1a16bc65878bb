"""Chats and other services: what arrives at a real sink, what stays secret, what is refused."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from selfos.features.notifications.adapters import apprise
from selfos.features.notifications.models import Delivery, Destination, Notification
from selfos.features.notifications.schemas.words import Channel, NotificationKind
from selfos.features.notifications.service import destinations
from selfos.features.notifications.service.telling import News, tell
from selfos.kernel import confinement
from selfos.kernel.core import Kernel
from selfos.kernel.identifiers import new_id
from selfos.kernel.settings import NotificationSettings
from tests.conftest import Clock
from tests.factories import Person
from tests.fakes.loopback import serving
from tests.features.notifications.test_deliveries import log, ring, send
from tests.features.notifications.test_reminders import MakePerson, Travel, soon, task_due


@dataclass
class Sink:
    """A service on loopback: what came, and what it answers."""

    port: int = 0
    answer: str = "200 OK"
    requests: list[tuple[str, Any]] = field(default_factory=list[tuple[str, Any]])

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.requests.append((head[0], json.loads(body)))
        if not self.answer:
            await reader.read()  # until the other side gives up
            return
        writer.write(f"HTTP/1.1 {self.answer}\r\nContent-Length: 0\r\n\r\n".encode())
        await writer.drain()


@asynccontextmanager
async def sink() -> AsyncGenerator[Sink]:
    here = Sink()
    async with serving(here.serve) as here.port:
        yield here


@pytest.fixture
def there(kernel: Kernel) -> Kernel:
    """The same instance, whose operator allows services of the own network."""
    way = NotificationSettings(chat_private_networks=True)
    return replace(
        kernel, settings=kernel.settings.model_copy(update={"notification_settings": way})
    )


async def add(person: Person, url: str) -> str:
    return (await person.post("/notifications/destinations", 201, name="My phone", url=url))["id"]


async def kept(person: Person, url: str = "jsons://chat.example", **more: Any) -> str:
    """Add a place without asking whether its address can be read."""
    chat = Destination(
        id=new_id(), user_id=person.user_id, name="Mine", service="JSON", last_sent_at=None, **more
    )
    chat.sealed_url = destinations.sealed(person.kernel.keys, chat, url)
    async with person.context() as ctx:
        chat.created_at = ctx.now
        ctx.session.add(chat)
    return str(chat.id)


async def test_a_reminder_reaches_the_services_one_has_added(
    person: Person, there: Kernel, clock: Clock, travel: Travel
) -> None:
    async with sink() as ntfy, sink() as other:
        await add(person, f"ntfy://127.0.0.1:{ntfy.port}/secret-topic")
        await kept(person, f"json://127.0.0.1:{other.port}/hook")
        task = await task_due(person, soon(clock, minutes=5))
        await person.post("/reminders", 201, subject_id=task, minutes_before=0)
        travel(minutes=6)
        await ring(there)
        sent = await send(there, person)
        assert {(each["status"], each["channel"]) for each in sent} == {("sent", "chat")}
        ((_, told),) = ntfy.requests
        ((line, json_told),) = other.requests
    assert (told["topic"], told["title"]) == ("secret-topic", "Call Ada")
    assert told["message"].endswith(f"/today?task={task}")
    assert line.startswith("POST /hook ")
    assert json_told["title"] == "Call Ada"
    listed = await person.get("/notifications/destinations")
    assert all(each["last_sent_at"] for each in listed["items"])
    assert "secret-topic" not in json.dumps(listed), "an address is never shown again"
    async with person.context() as ctx:
        for secret in await ctx.session.scalars(select(Destination.sealed_url)):
            assert b"127.0.0.1" not in secret, "and is encrypted where it is kept"


async def told_in(person: Person, kind: NotificationKind, **more: Any) -> set[str]:
    """Tell somebody something; returns the places it goes to."""
    async with person.context() as ctx:
        values = {"title": "x", "body": "y", "due": None}
        place = (person.workspace_id, person.user_id)
        await tell(ctx, [News(place, kind, f"{new_id()}", ctx.now, values, **more)])
        newest = select(Notification.id).order_by(Notification.id.desc()).limit(1)
        sent = select(Delivery.target).where(Delivery.notification_id.in_(newest))
        return set(map(str, await ctx.session.scalars(sent)))


async def test_each_place_is_told_the_kinds_that_were_chosen_for_it(person: Person) -> None:
    work = await kept(person, kinds=["task_reminder"])
    family = await kept(person)
    await person.patch("/notifications/preferences", channels={"message": ["chat"]})
    assert await told_in(person, NotificationKind.TASK_REMINDER) == {work, family}
    assert await told_in(person, NotificationKind.MESSAGE) == {family}
    path = f"/notifications/destinations/{family}"
    changed = await person.patch(path, name="Family", kinds=["message", "overdue", "message"])
    assert (changed["name"], changed["kinds"]) == ("Family", ["message", "overdue"])
    assert await told_in(person, NotificationKind.TASK_REMINDER) == {work}
    by_hand = {"channels": frozenset({Channel.CHAT}), "target": UUID(work)}
    assert await told_in(person, NotificationKind.MESSAGE, **by_hand) == {work}, "a test"
    await person.patch(path, kinds=[])
    assert await told_in(person, NotificationKind.MESSAGE) == set()
    assert (await person.patch(path, kinds=None))["kinds"] is None
    assert await told_in(person, NotificationKind.MESSAGE) == {family}


async def test_the_plan_of_the_morning_spares_the_places_it_went_to_alone(person: Person) -> None:
    await kept(person, kinds=["morning_plan", "task_reminder"])
    other = await kept(person, kinds=["task_reminder"])
    named = {"without": frozenset({Channel.CHAT})}
    assert await told_in(person, NotificationKind.TASK_REMINDER, **named) == {other}


async def test_what_a_service_refuses_is_not_tried_again_and_what_it_cannot_take_is(
    person: Person, there: Kernel, travel: Travel
) -> None:
    async with sink() as here:
        chat = await kept(person, f"json://127.0.0.1:{here.port}/")
        here.answer = "404 Not Found"
        await person.post(f"/notifications/destinations/{chat}/test", 204)
        (refused,) = await send(there, person)
        assert (refused["status"], refused["reason"]) == ("dead", "The service refused it (404).")
        here.answer = "429 Slow\r\nRetry-After: 120"
        await person.post(f"/notifications/destinations/{chat}/test", 204)
        failed = (await send(there, person))[0]
        assert (failed["status"], failed["reason"]) == (
            "retrying", "The service could not take it (429).",
        )  # fmt: skip
        here.answer = "200 OK"
        travel(seconds=110)
        assert (await send(there, person))[0]["status"] == "retrying", "it asked for two minutes"
        travel(seconds=11)
        assert (await send(there, person))[0]["status"] == "sent"


async def test_a_service_that_hangs_is_cut_off(
    person: Person, there: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sink() as here:
        here.answer = ""
        chat = await kept(person, f"json://127.0.0.1:{here.port}/")
        await person.post(f"/notifications/destinations/{chat}/test", 204)
        monkeypatch.setattr(apprise, "PATIENCE_SECONDS", 0.5)
        (late,) = await send(there, person)
    assert (late["status"], late["reason"]) == ("retrying", "The service takes too long to answer.")


async def test_nothing_is_sent_into_the_instances_own_network(
    person: Person, kernel: Kernel
) -> None:
    async with sink() as here:
        chat = await kept(person, f"json://localhost:{here.port}/")
        await person.post(f"/notifications/destinations/{chat}/test", 204)
        (refused,) = await send(kernel, person)
        assert here.requests == []
    assert refused["reason"] == "This address cannot be reached from here."


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mailto://user:pass@example.org", "begin with one of these"),
        ("fcm://project@key/device?keyfile=/etc/passwd", "begin with one of these"),
        ("syslog://localhost", "begin with one of these"),
        ("file:///etc/passwd", "begin with one of these"),
        ("https://example.org", "begin with one of these"),
        ("tgram://nonsense", "not a whole address of Telegram"),
    ],
)
async def test_an_address_is_one_of_a_service_we_send_to(
    person: Person, url: str, says: str
) -> None:
    answer = await person.post("/notifications/destinations", 422, name="X", url=url)
    (error,) = answer["errors"]
    assert error["pointer"] == "/url"
    assert says in error["detail"]
    assert url not in json.dumps(answer), "what may be a secret is not repeated"


async def test_a_chat_is_its_persons_alone_and_what_waited_for_it_goes_with_it(
    person: Person, there: Kernel, make_person: MakePerson
) -> None:
    chat = await kept(person, "ntfys://ntfy.example/topic")
    other = await make_person()
    for way in ("DELETE", "POST"):
        path = f"/notifications/destinations/{chat}" + ("/test" if way == "POST" else "")
        await other.send(way, path, 404)
    await person.post(f"/notifications/destinations/{chat}/test", 204)
    await person.delete(f"/notifications/destinations/{chat}")
    assert (await person.get("/notifications/destinations"))["items"] == []
    await send(there, person)
    assert [each["status"] for each in await log(person)] == ["dead"]


@pytest.mark.parametrize(
    ("event", "details"),
    [
        ("socket.connect", (None, ("127.0.0.1", 80))),
        ("socket.connect", (None, ("10.0.0.1", 443))),
        ("socket.connect", (None, ("::ffff:192.168.1.1", 443, 0, 0))),
        ("socket.connect", (None, ("169.254.169.254", 80))),
        ("socket.connect", (None, ("2002:7f00:1::", 443, 0, 0))),
        ("socket.connect", (None, ("93.184.216.34", 25))),
        ("socket.connect", (None, "/run/postgresql/.s.PGSQL.5432")),
        ("socket.bind", (None, ("127.0.0.1", 0))),
        ("open", ("/etc/passwd", "r", 0)),
        ("open", ("/usr/lib/../../etc/passwd", "r", 0)),
        ("open", (json.__file__, "w", 1)),
        ("subprocess.Popen", ("sh", None, None, None)),
        ("os.system", ("true",)),
    ],
)
def test_a_confined_process_reaches_nothing_but_the_internet(
    event: str, details: tuple[Any, ...]
) -> None:
    readable = (json.__file__.rsplit("/", 2)[0] + "/",)
    guard = confinement.guard_of(readable, private_too=False)
    with pytest.raises(OSError, match=r"process|public|internet|written"):
        guard(event, details)


def test_a_confined_process_reaches_the_internet_and_reads_its_library() -> None:
    readable = (json.__file__.rsplit("/", 2)[0] + "/",)
    guard = confinement.guard_of(readable, private_too=False)
    guard("socket.connect", (None, ("93.184.216.34", 443)))
    guard("open", (json.__file__, "r", 0))
    guard("open", (3, "r", 0))
    confinement.guard_of(readable, private_too=True)("socket.connect", (None, ("10.0.0.1", 8080)))
