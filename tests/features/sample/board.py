"""The shipped Grafana board: its queries as Grafana would send them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

FILE = Path(__file__).parents[3] / "deploy/grafana/selfos.json"
BOARD: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
DAYS = 90


def queries() -> Iterator[tuple[str, str]]:
    """Yield each panel's title and SQL, and the variables' queries."""
    for panel in BOARD["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["rawSql"]
    for variable in BOARD["templating"]["list"]:
        if variable["type"] == "query":
            yield variable["name"], variable["query"]


def expanded(sql: str, now: datetime, *workspaces: str) -> str:
    """Replace Grafana's macros and variables by what it would put there."""
    chosen = ", ".join(f"'{each}'" for each in workspaces)
    told = {
        "$__timeFrom()": f"'{now - timedelta(days=DAYS):%Y-%m-%dT%H:%M:%SZ}'",
        "$__timeTo()": f"'{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}'",
        "${workspace:sqlstring}": chosen,
    }
    for macro, text in told.items():
        sql = sql.replace(macro, text)
    assert not re.search(r"\$", sql), f"a macro that nobody knows: {sql}"
    return sql
