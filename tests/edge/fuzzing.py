"""What the fuzzer must know of this interface and its description cannot say."""

# pyright: reportUnknownMemberType=false

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Any, cast

import schemathesis

# Strangers are limited by network; the test's proxy gives each call a network of its own.
_networks = ipaddress.ip_network("10.0.0.0/8").hosts()


@schemathesis.hook
def before_call(
    context: schemathesis.HookContext, case: schemathesis.Case[Any], kwargs: dict[str, Any]
) -> None:
    headers = cast("dict[str, str]", case.headers)
    headers["X-Forwarded-For"] = str(next(_networks))
    # The token on the command line signs every call in, so a made-up cookie proves nothing.
    case.cookies = {}


@schemathesis.hook
def filter_query(context: schemathesis.HookContext, query: dict[str, Any] | None) -> bool:
    """Leave out sparse answers: which fields they show, the client says and no schema can."""
    fields = query.get("fields") if query else None
    if not isinstance(fields, str):
        return True
    shown = {name for schema in _schemas(context) for name in schema.get("properties", {})}
    asked = {name.strip() for name in fields.split(",")} - {""}
    return bool(asked - shown)


@schemathesis.hook
def filter_body(context: schemathesis.HookContext, body: Any) -> bool:
    """Leave out space around texts: it goes before a text is measured, and no schema can say so."""
    return all(text == text.strip() or not text.strip() for text in _texts(body))


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for each in cast("list[Any]", value):
                yield from _texts(each)
        case dict():
            for each in cast("dict[str, Any]", value).values():
                yield from _texts(each)
        case _:
            pass


def _schemas(context: Any) -> list[dict[str, Any]]:
    return list(context.operation.schema.raw_schema["components"]["schemas"].values())
