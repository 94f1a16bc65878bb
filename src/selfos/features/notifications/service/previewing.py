"""How words look as a mail, before they are said: shown in a frame that can do nothing.

A page takes HTML of ours only from ourselves, and a frame sends no headers. So whoever may try
words is given a sealed address that holds them, is good for nobody else and ends soon, and the mail
is written when it is asked for; nothing is kept.
"""

from __future__ import annotations

import base64
import json
import zlib
from datetime import timedelta
from enum import StrEnum

from cryptography.exceptions import InvalidTag

from selfos.features.notifications.adapters.channel import Parcel, Part
from selfos.features.notifications.adapters.email import both_forms
from selfos.features.notifications.schemas.templates import Language
from selfos.features.notifications.schemas.words import DIGESTS, NotificationKind
from selfos.features.notifications.wording import SAMPLES, Said, phrase
from selfos.kernel.context import Context
from selfos.kernel.core import Kernel
from selfos.kernel.crypto import open_bytes, seal_bytes
from selfos.kernel.errors import NotFound
from selfos.kernel.identifiers import new_id

PURPOSE = "notifications.preview"
PATH = "/api/v1/notifications/templates/mail"
LIVES = timedelta(minutes=10)
NO_SUCH = "This preview is over; ask for another one."


class Scheme(StrEnum):
    """In which light a mail is looked at."""

    LIGHT = "light"
    DARK = "dark"


def preview_path(
    ctx: Context, kernel: Kernel, kind: NotificationKind, language: Language, said: Said
) -> str:
    """Return where a mail that says this is shown for ten minutes."""
    told = [int((ctx.now + LIVES).timestamp()), kind, language, said.title, said.body]
    packed = zlib.compress(json.dumps(told, ensure_ascii=False).encode())
    sealed = seal_bytes(kernel.keys, PURPOSE, packed, bound_to=str(ctx.user_id))
    return f"{PATH}?token={base64.urlsafe_b64encode(sealed).rstrip(b'=').decode()}"


def show_preview(ctx: Context, kernel: Kernel, token: str, scheme: Scheme) -> str:
    """Return the HTML of a mail as its address says it; raises NotFound for any other address."""
    try:
        sealed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        packed = open_bytes(kernel.keys, PURPOSE, sealed, bound_to=str(ctx.user_id))
    except (InvalidTag, ValueError) as error:
        raise NotFound(NO_SUCH) from error
    ends, kind, language, title, body = json.loads(zlib.decompress(packed))
    if ends < ctx.now.timestamp():
        raise NotFound(NO_SUCH)
    parcel = _parcel(kernel, NotificationKind(kind), language, Said(title, body))
    return both_forms(kernel, parcel, scheme=scheme)[1]


def _parcel(kernel: Kernel, kind: NotificationKind, language: str, said: Said) -> Parcel:
    """Return a parcel as one that would be sent, about invented things and with no way out."""
    origin = kernel.settings.origin
    parts: tuple[Part, ...] = ()
    if kind in DIGESTS:
        parts = (Part(phrase("heading_today", language), tuple(SAMPLES["titles"])),)
    return Parcel(
        message_id=f"{new_id()}",
        notification_id=new_id(),
        kind=kind,
        title=said.title,
        body=said.body,
        link=f"{origin}/today",
        locale=language,
        unsubscribe=f"{origin}/unsubscribe?token=preview",
        settings_link=f"{origin}/settings/notifications",
        parts=parts,
    )
