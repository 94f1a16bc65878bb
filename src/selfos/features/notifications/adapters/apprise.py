"""Chats and other services by their Apprise URL: ntfy, Telegram, Slack, Matrix and their like.

Apprise sends by a client of its own to hosts that people name, and has been seen to hang. So it
runs in a process of its own, confined to the public internet, which is killed when it takes long.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE
from typing import Any

from selfos.features.notifications.adapters.channel import (
    NeverSentError,
    NotSentError,
    Parcel,
    is_for_good,
)
from selfos.kernel import outbound
from selfos.kernel.core import Kernel
from selfos.kernel.waiting import wait_in

PROCESS = "selfos.features.notifications.adapters.apprise_process"
PATIENCE_SECONDS = 20.0
LONGEST_BODY = 3_000
# What another try may help against, among the answers that blame the sender.
PASSING = frozenset({408, 425, 429})
# Services that speak HTTP and take all they need in their URL. Others read files of this machine,
# run programs, or speak protocols that nobody here has looked at.
SERVICES = {
    "apprise": "Apprise API",
    "apprises": "Apprise API",
    "bark": "Bark",
    "barks": "Bark",
    "discord": "Discord",
    "gchat": "Google Chat",
    "gotify": "Gotify",
    "gotifys": "Gotify",
    "hassio": "Home Assistant",
    "hassios": "Home Assistant",
    "json": "JSON",
    "jsons": "JSON",
    "line": "LINE",
    "mastodon": "Mastodon",
    "mastodons": "Mastodon",
    "matrix": "Matrix",
    "matrixs": "Matrix",
    "mmost": "Mattermost",
    "mmosts": "Mattermost",
    "nctalk": "Nextcloud Talk",
    "nctalks": "Nextcloud Talk",
    "ntfy": "ntfy",
    "ntfys": "ntfy",
    "pbul": "Pushbullet",
    "pover": "Pushover",
    "rocket": "Rocket.Chat",
    "rockets": "Rocket.Chat",
    "signal": "Signal API",
    "signals": "Signal API",
    "slack": "Slack",
    "synology": "Synology Chat",
    "synologys": "Synology Chat",
    "tgram": "Telegram",
    "threema": "Threema",
    "workflow": "Microsoft Teams",
    "workflows": "Microsoft Teams",
    "wxteams": "Webex",
    "zulip": "Zulip",
}


class AppriseOutlet:
    """One address of one service, as its person gave it."""

    def __init__(self, kernel: Kernel, url: str) -> None:
        """Send to this URL; it is a secret, and its host is not trusted."""
        self._kernel, self._url = kernel, url

    async def send(self, parcel: Parcel) -> None:
        """Hand one message to the service."""
        body = f"{parcel.body[:LONGEST_BODY]}\n\n{parcel.link}".strip()
        answer = await _ask(self._kernel, self._url, title=parcel.title, body=body)
        if answer["sent"]:
            return
        if not answer["understood"]:
            raise NeverSentError("This address is none that can be read.")
        status = answer["status"]
        if is_for_good(status, PASSING):
            raise NeverSentError(f"The service refused it ({status}).")
        if status is not None:
            raise NotSentError(
                f"The service could not take it ({status}).",
                again_in=wait_in(answer["retry_after"], self._kernel.clock()),
            )
        raise NotSentError(outbound.REFUSED)


def service_of(url: str) -> str | None:
    """Return the name of the service a URL is of; None if it is not one we send to."""
    return SERVICES.get(url.partition("://")[0].lower())


async def is_understood(kernel: Kernel, url: str) -> bool:
    """Tell whether a URL has what its service needs; nothing is sent."""
    return bool((await _ask(kernel, url, title="", body=None))["understood"])


async def _ask(kernel: Kernel, url: str, *, title: str, body: str | None) -> dict[str, Any]:
    settings = kernel.settings
    order = {
        "url": url,
        "title": title,
        "body": body,
        "instance": settings.name,
        "origin": settings.origin,
        "private_too": settings.notification_settings.chat_private_networks,
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-m", PROCESS),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        # Nothing of ours: no secret, no proxy. Windows does not start without its root.
        env={name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ},
    )
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            answer, _ = await process.communicate(json.dumps(order).encode())
        return json.loads(answer)
    except TimeoutError as error:
        raise NotSentError("The service takes too long to answer.") from error
    except ValueError as error:
        raise NotSentError("The message could not be handed over.") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
