"""The process in which Apprise runs: it reads one order, carries it out, says how, and ends.

It gets no secret but the address it sends to, and reaches the public internet alone. Started as
`python -I -m selfos.features.notifications.adapters.apprise_process`.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from typing import Any

import apprise
import requests

from selfos.kernel.confinement import confine

STATUS = re.compile(r"error=(\d{3})\b")


class Heard(logging.Handler):
    """Keeps the last status a service answered with and when to come back, and no other word."""

    status: int | None = None
    retry_after: str | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Look for a status in what Apprise logs."""
        found = STATUS.search(record.getMessage())
        if found is not None:
            self.status = int(found[1])


def listen(heard: Heard) -> None:
    """Hear how long services ask to wait, of which Apprise tells nobody."""
    session: Any = requests.Session
    send = session.send

    def overheard(self: Any, request: Any, **options: Any) -> Any:
        answer = send(self, request, **options)
        heard.retry_after = answer.headers.get("retry-after")
        return answer

    session.send = overheard


def carry_out(order: dict[str, Any]) -> dict[str, Any]:
    """Send what the order says; with no `body`, only tell whether the address can be read."""
    heard = Heard()
    log = logging.getLogger("apprise")
    log.handlers, log.propagate = [heard], False
    log.setLevel(logging.WARNING)
    listen(heard)
    asset = apprise.AppriseAsset(
        app_id=order["instance"],
        app_desc=order["instance"],
        app_url=order["origin"],
        async_mode=False,
        secure_logging=True,
        storage_mode="memory",
        # No pictures from elsewhere.
        image_url_mask="",
        image_url_logo="",
    )
    library: Any = apprise.Apprise
    service = library.instantiate(order["url"], asset=asset)
    if service is None or order["body"] is None:
        return {"understood": service is not None, "sent": False}
    sender = library(service, asset=asset)
    sent = sender.notify(order["body"], title=order["title"], body_format=apprise.NotifyFormat.TEXT)
    told = {"status": heard.status, "retry_after": heard.retry_after}
    return {"understood": True, "sent": bool(sent), **told}


def main() -> None:
    """Read the order from the standard input, and print the answer."""
    order = json.load(sys.stdin)
    confine(private_too=order["private_too"])
    print(json.dumps(carry_out(order)))  # noqa: T201 - the parent reads it


if __name__ == "__main__":
    main()
