"""Writes docs/reference from the code; with --check only tells which pages are stale."""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
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
from selfos.kernel.routing import ACCESS
from selfos.kernel.settings import PREFIX, Settings
from selfos.kernel.tools import ActTool, Change, Group, Level, Tool

REFERENCE = Path(__file__).parent.parent / "docs" / "reference"
NOTICE = "<!-- Written by `make docs` from the code; edits are lost. -->\n\n"
HTTP_RULES = """\
Everything is JSON under `/api/v1`, in snake_case. Every field stands in
[openapi.json](openapi.json), which a running server also answers at `/api/v1/openapi.json`.

- **Signing in**: a cookie for browsers (`cookie`); `Authorization: Bearer` with a device's access
  token or an API token for everything else (`bearer`). Either opens each operation that is not
  `public`; openapi.json says so with each.
- **Workspace**: the session's own, or the one named in `SelfOS-Workspace`.
- **Ids** are UUIDv7. Who creates something may choose its `id`.
- **Time**: `*_at` are instants in UTC. Plans are days or wall times, never instants:
  `{"kind": "date", "date": "2027-05-23"}`, `"floating"` with a `time`, `"zoned"` with a `zone` too.
- **Changing**: PATCH merges; what is absent stays, `null` clears. Each answer to a change names its
  changeset in `SelfOS-Changeset`, to undo it by.
- **Lists**: `limit`, `cursor` (the `next_cursor` of the page before), `fields` for fewer fields.
- **Conditions**: single objects have an `ETag`; `If-Match` answers 412 when it has changed,
  `If-None-Match` 304 when it has not.
- **Once only**: with an `Idempotency-Key` a repeated request gets the first answer for 24 hours.
  What is open to anybody, and what changes passwords, addresses or another workspace, remembers no
  answer and refuses a key with 422.
- **Errors** are `application/problem+json` (RFC 9457); `detail` is a sentence for people.
- **Live**: `GET /api/v1/live?since=` is a WebSocket that says how far the workspace's ledger has
  moved, or that there is something new for you (`notifications`), and nothing else.

*needs* names the permission; `self` is for signed-in people about themselves, `public` is for
anybody."""
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
            heading = description or (inner.__doc__ or "").strip()
            yield f"| **{heading}** | | |"
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


TOOL_RULES = """\
What assistants may call: ours, and those that [connect](../how-to/connect-an-assistant.md) over
MCP. Each is one definition for all doors, in the `tools` of its slice.

- **reads** needs `read` in its group, and changes nothing.
- **proposes** needs `propose`: it makes a proposal that you look at.
- **changes** proposes too, unless you have given `act` in its group: then it is done at once, as
  the assistant in your name, and can be undone.
- **asks always** waits for your click whatever you have given.
- **acts only** needs `act`, and is not offered without.

Everything that proposes or changes takes `reason`, and `proposal_id` to collect several changes
in one proposal; over MCP it needs an `idempotency_key`. No tool takes a workspace or an address:
the workspace is the token's, and nothing is fetched. *needs* is the permission of the user's role.
"""


def tool_kind(tool: Tool) -> str:
    if isinstance(tool, ActTool):
        return "asks always" if tool.destructive else "changes"
    kinds = {Level.READ: "reads", Level.PROPOSE: "proposes", Level.ACT: "acts only"}
    return kinds[tool.level]


def tool_row(tool: Tool) -> str:
    names = [name for name in tool.arguments.model_fields if name not in Change.model_fields]
    taken = ", ".join(f"`{name}`" for name in names)
    needs = f"`{tool.permission}`"
    return f"| `{tool.name}` | {tool_kind(tool)} | {tool.description} | {taken} | {needs} |"


def assistants_tools() -> str:
    parts = [NOTICE + "# Tools\n", TOOL_RULES]
    for group in Group:
        parts += [
            f"## {group.capitalize()}\n",
            "| tool | kind | what it does | arguments | needs |",
            "|---|---|---|---|---|",
            *(tool_row(tool) for tool in registry.TOOLS if tool.group is group),
            "",
        ]
    return "\n".join(parts)


def commands_of(path: str, group: Any) -> Iterator[tuple[str, Any]]:
    """Yields every command with its whole name; a group's stand under it."""
    for name, command in sorted(group.commands.items()):
        yield f"{path} {name}", command
        if hasattr(command, "commands"):
            yield from commands_of(f"{path} {name}", command)


def command_line() -> str:
    group = typer.main.get_group(cli.app)
    parts = [NOTICE + "# The selfos command\n", f"{group.help}\n"]
    for name, command in commands_of("selfos", group):
        parts += [f"## {name}\n", f"{command.help}\n"]
        options = [f"- `{p.opts[0]}`: {getattr(p, 'help', '')}" for p in command.params]
        parts += [*options, ""] if options else []
    return "\n".join(parts)


def never_opened() -> NoReturn:
    raise RuntimeError("describing the interface opens no database")


def openapi() -> str:
    described = make_app(Settings.model_construct(), never_opened).openapi()
    return json.dumps(described, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def operations(described: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yields the tag and the table row of every operation, in the order of addresses."""
    for path, methods in sorted(described["paths"].items()):
        for method, operation in methods.items():
            summary = f"{operation['summary'].capitalize()}."
            said = operation.get("description", summary).partition("\n")[0]
            access = operation[ACCESS]
            yield operation["tags"][0], f"| `{method.upper()} {path}` | {said} | `{access}` |"


def http() -> str:
    rows: dict[str, list[str]] = defaultdict(list)
    for tag, row in operations(json.loads(openapi())):
        rows[tag].append(row)
    parts = [
        NOTICE + "# The HTTP interface\n",
        HTTP_RULES,
        *(
            f"\n## {tag.capitalize()}\n\n| operation | what it does | needs |\n|---|---|---|\n"
            + "\n".join(rows[tag])
            for tag in sorted(rows)
        ),
        "",
    ]
    return "\n".join(parts)


def index() -> str:
    return "\n".join(
        [
            NOTICE + "# Reference\n",
            "Written from the code by `make docs`; `make check` refuses pages that are stale.\n",
            *(f"- [{title}]({name})" for name, title in TITLES.items()),
            "",
        ]
    )


TITLES = {
    "configuration.md": "Configuration: every setting, its default and its meaning",
    "cli.md": "The `selfos` command",
    "http.md": "The HTTP interface: every operation and who may call it",
    "openapi.json": "The same for programs: OpenAPI 3.1 with every field",
    "permissions.md": "Permissions: what each role may do",
    "events.md": "Events: what verbs report, and what follows",
    "tools.md": "Tools: what assistants may call, and how far each goes",
    "sync-protocol.md": "Sync: the protocol for devices that work offline, written by hand",
    "conversation-socket.md": "A conversation on a WebSocket: frames and events, written by hand",
    "evals.md": "Evals: how good the parts are that answer in words, by `make evals`",
}
BY_HAND = {"conversation-socket.md", "evals.md", "filters.md", "sync-protocol.md"}
PAGES: dict[str, Callable[[], str]] = {
    "README.md": index,
    "cli.md": command_line,
    "http.md": http,
    "configuration.md": configuration,
    "events.md": events,
    "openapi.json": openapi,
    "permissions.md": permissions,
    "tools.md": assistants_tools,
}


def render_pages() -> dict[str, str]:
    return {name: render() for name, render in PAGES.items()}


def stored_pages() -> list[Path]:
    return [path for path in REFERENCE.glob("*") if path.name not in BY_HAND]


def stale() -> list[str]:
    """Names the pages whose stored text differs from what the code says now."""
    stored = {path.name: path.read_text(encoding="utf-8") for path in stored_pages()}
    made = render_pages()
    return sorted(n for n in stored.keys() | made.keys() if stored.get(n) != made.get(n))


def write() -> None:
    made = render_pages()
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for path in stored_pages():
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
