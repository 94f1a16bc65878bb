"""Writes docs/reference from the code; with --check only tells which pages are stale."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn, get_args

import typer
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from selfos.edge import cli, registry
from selfos.edge.http import make_app
from selfos.kernel.events import Event
from selfos.kernel.permissions import PERMISSIONS_BY_ROLE, Permission, Role
from selfos.kernel.settings import PREFIX, Settings

REFERENCE = Path(__file__).parent.parent / "docs" / "reference"
NOTICE = "<!-- Written by `make docs` from the code; edits are lost. -->\n\n"
COMPUTED = {"data": "`/var/lib/selfos` for root, else the user's data folder"}


def model_inside(annotation: Any) -> type[BaseModel] | None:
    """Finds the model of a nested setting, also inside `dict[str, Model]`."""
    candidates = [annotation, *get_args(annotation)]
    found = (c for c in candidates if isinstance(c, type) and issubclass(c, BaseModel))
    return next(found, None)


def default_of(name: str, field: FieldInfo) -> str:
    if name in COMPUTED:
        return COMPUTED[name]
    value = field.get_default(call_default_factory=True, validated_data={})
    if value is PydanticUndefined:
        return "required"
    if value is None or value in ([], {}):
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def setting_rows(model: type[BaseModel], prefix: str) -> Iterator[str]:
    for name, field in model.model_fields.items():
        variable = f"{prefix}{name}".upper()
        description = field.description or ""
        if inner := model_inside(field.annotation):
            key = "" if field.annotation is inner else "NAME__"
            yield f"| **{description}** | | |"
            yield from setting_rows(inner, f"{variable}__{key}")
        else:
            yield f"| `{variable}` | {default_of(name, field)} | {description} |"


def configuration() -> str:
    return "\n".join(
        [
            NOTICE + "# Configuration\n",
            f"An environment variable `{PREFIX}NAME` counts first, then `name` in `selfos.toml` of",
            "the working folder, then the default. A misspelt name stops the start, and so does a",
            "mix that is not safe.\n",
            "| variable | default | meaning |",
            "|---|---|---|",
            *setting_rows(Settings, PREFIX),
            "",
        ]
    )


def permissions() -> str:
    return "\n".join(
        [
            NOTICE + "# Permissions\n",
            "What each role of a workspace may do. A token can narrow this, nothing widens it.\n",
            "| permission | " + " | ".join(Role) + " |",
            "|---" * (len(Role) + 1) + "|",
            *(permission_row(permission) for permission in Permission),
            "",
        ]
    )


def permission_row(permission: Permission) -> str:
    marks = ("yes" if permission in PERMISSIONS_BY_ROLE[role] else "" for role in Role)
    return f"| `{permission}` | " + " | ".join(marks) + " |"


def known_events(base: type[Event] = Event) -> Iterator[type[Event]]:
    """Yields every event of the imported slices; a base without a `type` is none."""
    for event in base.__subclasses__():
        if event.__module__.startswith("selfos.features.") and "type" in vars(event):
            yield event
        yield from known_events(event)


def event_row(event: type[Event]) -> str:
    carried = ", ".join(f"`{name}`" for name in event.model_fields)
    handlers = ", ".join(f"`{h.name}`" for h in registry.HANDLERS if h.event is event)
    said = (event.__doc__ or "").strip().partition("\n")[0]
    meaning = said or f"{re.sub(r'(?<!^)(?=[A-Z])', ' ', event.__name__).capitalize()}."
    return f"| `{event.type}` | {meaning} | {carried} | {handlers} |"


def events() -> str:
    rows = sorted({event.type: event_row(event) for event in known_events()}.items())
    return "\n".join(
        [
            NOTICE + "# Events\n",
            "What verbs report in their transaction; each handler gets each event once.\n",
            "| event | meaning | carries | handled by |",
            "|---|---|---|---|",
            *(row for _, row in rows),
            "",
        ]
    )


def command_line() -> str:
    group = typer.main.get_group(cli.app)
    parts = [NOTICE + "# The selfos command\n", f"{group.help}\n"]
    for name, command in sorted(group.commands.items()):
        parts += [f"## selfos {name}\n", f"{command.help}\n"]
        options = [f"- `{p.opts[0]}`: {getattr(p, 'help', '')}" for p in command.params]
        parts += [*options, ""] if options else []
    return "\n".join(parts)


def never_opened() -> NoReturn:
    raise RuntimeError("describing the interface opens no database")


def openapi() -> str:
    described = make_app(Settings.model_construct(), never_opened).openapi()
    return json.dumps(described, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "cli.md": command_line,
    "configuration.md": configuration,
    "events.md": events,
    "openapi.json": openapi,
    "permissions.md": permissions,
}


def render_pages() -> dict[str, str]:
    return {name: render() for name, render in PAGES.items()}


def stale() -> list[str]:
    """Names the pages whose stored text differs from what the code says now."""
    stored = {path.name: path.read_text(encoding="utf-8") for path in REFERENCE.glob("*")}
    made = render_pages()
    return sorted(n for n in stored.keys() | made.keys() if stored.get(n) != made.get(n))


def write() -> None:
    made = render_pages()
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for path in REFERENCE.glob("*"):
        path.unlink()
    for name, text in made.items():
        (REFERENCE / name).write_text(text, encoding="utf-8")


def main() -> int:
    if "--check" not in sys.argv:
        write()
        print(f"docs: {len(PAGES)} reference pages written")
        return 0
    pages = stale()
    print(f"docs: stale: {', '.join(pages)}; run `make docs`" if pages else "docs: clean")
    return 1 if pages else 0


if __name__ == "__main__":
    sys.exit(main())
