"""The verbs of quick-add: read a line, have it made clearer, add what it says."""

from selfos.features.capture.service.adding import add
from selfos.features.capture.service.reading import as_json, read, show
from selfos.features.capture.service.rewriting import (
    Rewriting,
    prepare_rewriting,
    rewrite,
    show_rewriting,
)

__all__ = [
    "Rewriting",
    "add",
    "as_json",
    "prepare_rewriting",
    "read",
    "rewrite",
    "show",
    "show_rewriting",
]
