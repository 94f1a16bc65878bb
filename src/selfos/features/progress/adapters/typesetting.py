"""Pages set by Typst, which the extra `reports` brings.

A page is a template of ours and data as JSON. The data is never read as markup, templates import
nothing, and so nothing is fetched and no file is read.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.resources import files
from importlib.util import find_spec
from typing import Any

from selfos.features.progress.adapters.letters import own_letters, unshown_in, without
from selfos.kernel.errors import Unavailable
from selfos.kernel.telemetry import get_logger

# Setting a page takes a core for some 50 ms and lets others run meanwhile; more would wait longer.
AT_ONCE = 2
ACCESSIBLE_PDF = {"format": "pdf", "pdf_standards": ["ua-1"]}
# After so many letters that no font has, all that are not surely there are taken for missing.
MOST_UNKNOWN = 24
# 1080 pixels on 9 cm.
PPI = 304.8
MISSING = (
    "This installation sets no PDF: its operator has to add the extra `reports`"
    " (pip install 'selfos[reports]', or `make reports` in a checkout) and start it again."
    " The page itself prints to PDF in any browser."
)
NOT_SET = "This page cannot be set as a PDF; the log says why. It prints to PDF in any browser."
log = get_logger(__name__)
_room = asyncio.Semaphore(AT_ONCE)
_unshown: set[str] = set()


async def set_pdf(template: str, page: Mapping[str, Any]) -> bytes:
    """Return the page as an accessible PDF with its fonts in it.

    Raises Unavailable without the extra, and where Typst cannot set the page.
    """
    async with _room:
        return await asyncio.to_thread(_set, template, page, ACCESSIBLE_PDF)


async def set_png(template: str, page: Mapping[str, Any]) -> bytes:
    """Return a page of 9 by 16 centimetres as an image of 1080 by 1920 pixels."""
    async with _room:
        return await asyncio.to_thread(_set, template, page, {"format": "png", "ppi": PPI})


def _set(template: str, page: Mapping[str, Any], form: Mapping[str, Any]) -> bytes:
    """Set a page; what no font here has is marked as missing in it.

    Only an accessible PDF does not let such letters pass, so an image is set as one first.
    """
    typst = _typst()
    for _ in range(MOST_UNKNOWN):
        shown = without(page, frozenset(_unshown))
        try:
            paper = _written(template, shown, ACCESSIBLE_PDF)
        except typst.TypstError as failure:
            letter = unshown_in(str(failure))
            if letter is None:
                log.exception("page.not_set", template=template)
                raise Unavailable(NOT_SET) from failure
            _unshown.update(letter)
        else:
            return paper if form is ACCESSIBLE_PDF else _written(template, shown, form)
    return _written(template, own_letters(page), form)


def _written(template: str, page: Mapping[str, Any], form: Mapping[str, Any]) -> bytes:
    compiler = _typst().Compiler(
        _source(template), font_paths=_fonts(), sys_inputs={"page": json.dumps(page)}
    )
    written = compiler.compile(**form)
    if not isinstance(written, bytes):
        raise TypeError("one page is one file")
    return written


def is_installed() -> bool:
    """Tell whether pages can be set here."""
    return find_spec("typst") is not None


def _typst() -> Any:
    try:
        return import_module("typst")
    except ImportError as missing:
        raise Unavailable(MISSING, extra={"missing_extra": "reports"}) from missing


@cache
def _fonts() -> Any:
    """Return the fonts that come with it, and for what they lack those of the machine."""
    return _typst().Fonts(include_system_fonts=True)


@cache
def _source(template: str) -> bytes:
    return (files("selfos.features.progress") / "templates" / f"{template}.typ").read_bytes()
