"""What tests of notifications share: the scanner and the jobs, run until nothing is left."""

import email
import email.policy
import socket
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import update

from selfos.features.identity.models import User
from selfos.features.notifications import service as notifications
from selfos.kernel.context import open_context
from selfos.kernel.core import Kernel
from selfos.kernel.database import SYSTEM
from selfos.kernel.settings import NotificationSettings
from tests.factories import Person

Step = Callable[[], Awaitable[None]]


@pytest.fixture
def settle(kernel: Kernel, drain: Step) -> Step:
    """Follow what has happened, ring what is due, send what is to be sent."""

    async def run() -> None:
        await drain()
        while await notifications.ring(kernel):
            pass
        await drain()

    return run


async def inbox(person: Person) -> list[dict[str, Any]]:
    return (await person.get("/notifications"))["items"]


async def confirm_email(person: Person) -> None:
    """Let somebody's address be proven, as the link in their mail would."""
    async with open_context(person.kernel, workspace_id=person.workspace_id, scope=SYSTEM) as ctx:
        await ctx.session.execute(
            update(User).where(User.id == person.user_id).values(email_verified=True)
        )


class Post:
    """A mail server: what came, and what it answers."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.to_recipient = self.answer = "250 taken"

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return self.answer


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[Post, int]]:
    post = Post()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(post, hostname="127.0.0.1", port=port)
    controller.start()
    yield post, port
    controller.stop()


@pytest.fixture
def post(server: tuple[Post, int]) -> Post:
    server[0].__init__()
    return server[0]


@pytest.fixture
def there(
    kernel: Kernel,
    server: tuple[Post, int],
    post: Post,
) -> Kernel:
    """The same instance with a mail server, on a network whose push services it may reach."""
    way = NotificationSettings(
        smtp_host="127.0.0.1",
        smtp_port=server[1],
        smtp_security="none",
        push_private_networks=True,
        bounce_secret="a secret of sixteen and more",  # pyright: ignore[reportArgumentType]
    )
    return replace(
        kernel, settings=kernel.settings.model_copy(update={"notification_settings": way})
    )
