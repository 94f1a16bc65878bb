"""What each address of the interface takes: the answer to a method it does not (RFC 9110)."""

from __future__ import annotations

from functools import cached_property

from fastapi import FastAPI
from starlette.routing import compile_path


class Addresses:
    """The declared addresses of one application and their methods."""

    def __init__(self, app: FastAPI) -> None:
        """Read `app` when first asked; by then all its routes are known."""
        self._app = app

    @cached_property
    def _declared(self) -> dict[str, list[str]]:
        paths = self._app.openapi()["paths"].items()
        return {path: sorted(method.upper() for method in methods) for path, methods in paths}

    def methods(self, path: str) -> list[str]:
        """Return the methods this address takes, of all routes; none if there is no such address.

        "/tasks/bulk" is an address of its own, although a task's address fits it too.
        """
        if path in self._declared:
            return self._declared[path]
        fitting = (m for known, m in self._declared.items() if compile_path(known)[0].match(path))
        return sorted({method for methods in fitting for method in methods})

    def refuses(self, path: str, method: str) -> bool:
        """Tell whether this address exists and does not take this method."""
        methods = self.methods(path)
        return bool(methods) and method not in methods
