"""What `selfos ai preferences` does: files that a trainer reads, and pruning them later."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path
from typing import Any

from selfos import __version__
from selfos.edge.registry import make_jobs
from selfos.features.feedback import service as feedback
from selfos.features.feedback.service import MOST_EACH, PAIRS_TO_TRAIN, PEOPLE_TO_TRAIN, Cut, Row
from selfos.kernel.core import Urls, open_kernel
from selfos.kernel.settings import Settings

PAIRS, SINGLES, MANIFEST = "pairs.jsonl", "singles.jsonl", "manifest.json"
# People's own words: for nobody but who runs this.
OWNER_ONLY, OWNER_ONLY_FOLDER = 0o600, 0o700
Say = Callable[[str], None]
Told = dict[str, Any]


def export(settings: Settings, urls: Urls, folder: Path, say: Say) -> None:
    """Write what consenting people prefer into a folder, and say how much that is."""
    cut, now = asyncio.run(_cut(settings, urls, most_each=MOST_EACH))
    told = write(folder, cut, {"made_at": now.isoformat(), "by": f"selfos {__version__}"})
    _tell(told, folder, say)


def prune(settings: Settings, urls: Urls, folder: Path, say: Say) -> None:
    """Take out of an earlier export what would not be in it today.

    Raises FileNotFoundError where there is none.
    """
    # Looked at first: without an export there is nothing to open a database for.
    (folder / MANIFEST).stat()
    cut, now = asyncio.run(_cut(settings, urls, most_each=None))
    gone = keep(folder, cut.ids(), {"pruned_at": now.isoformat()})
    say(f"Taken out: {gone} rows, erased or no longer consented to")


def write(folder: Path, cut: Cut, told: Told) -> Told:
    """Write the files of a cut and return its manifest."""
    folder.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
    sums: dict[str, str] = {}
    for name, rows in ((PAIRS, cut.pairs), (SINGLES, cut.singles)):
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        _replace(folder / name, text)
        sums[name] = hashlib.sha256(text.encode()).hexdigest()
    manifest = {**feedback.summary(cut), **told, "sha256": sums}
    _replace(folder / MANIFEST, json.dumps(manifest, indent=2) + "\n")
    return manifest


def keep(folder: Path, known: Collection[str], told: Told) -> int:
    """Keep the rows of an export that are known; returns how many are gone."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    pairs, singles = _read(folder / PAIRS), _read(folder / SINGLES)
    left = Cut(
        pairs=[row for row in pairs if row["id"] in known],
        singles=[row for row in singles if row["id"] in known],
    )
    gone = len(pairs) + len(singles) - len(left.pairs) - len(left.singles)
    lasting = {name: manifest[name] for name in ("made_at", "by", "left_out") if name in manifest}
    write(folder, left, {**lasting, **told, "pruned": manifest.get("pruned", 0) + gone})
    return gone


async def _cut(settings: Settings, urls: Urls, *, most_each: int | None) -> tuple[Cut, datetime]:
    async with open_kernel(settings, urls.app, make_jobs()) as kernel:
        return await feedback.cut_preferences(kernel, most_each=most_each), kernel.clock()


def _replace(path: Path, text: str) -> None:
    """Write a file whole or not at all, readable by its owner alone."""
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    beside.touch(mode=OWNER_ONLY)
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def _read(path: Path) -> list[Row]:
    # Line ends of JSON only: a text may hold separators that splitlines() would cut at.
    lines = path.read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


def _tell(told: Told, folder: Path, say: Say) -> None:
    say(f"Pairs          {told['pairs']}   in {folder / PAIRS}")
    say(f"Single         {told['singles']}   in {folder / SINGLES}")
    say(f"People         {told['people']}   who consent and gave something")
    for reason, count in told["left_out"].items():
        say(f"Left out       {count}   {reason}")
    if not told["enough_to_train"]:
        say(
            f"Too little to train on: {PAIRS_TO_TRAIN} pairs of {PEOPLE_TO_TRAIN} people are where"
            " it begins to say anything"
        )
