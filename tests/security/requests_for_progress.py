"""Requests that succeed, for numbers, charts, achievements and reports."""

from __future__ import annotations

from tests.security.operations import Tree
from tests.security.requests_by_operation import thing
from tests.security.world import Owner


async def _queries(owner: Owner) -> list[Tree]:
    return [
        {"area_id": await thing(owner, "areas")},
        {"goal_id": await thing(owner, "goals"), "by": "month"},
        {"label_id": await thing(owner, "labels"), "format": "csv"},
    ]


async def get_stats(owner: Owner) -> list[Tree]:
    return [{"query": query} for query in await _queries(owner)]


async def get_chart(owner: Owner) -> list[Tree]:
    path = {"chart": "planned"}
    return [{"path": path, "query": query} for query in await _queries(owner)]


async def get_burn_up(owner: Owner) -> list[Tree]:
    return [{"path": {"goal_id": await thing(owner, "goals")}}]


async def get_analytics(owner: Owner) -> list[Tree]:
    del owner
    tables = ("areas", "habits", "load", "work")
    return [{"path": {"table": table}} for table in tables]


async def get_report(owner: Owner) -> list[Tree]:
    path = {"report_id": await owner.make("/reports", kind="month")}
    return [{"path": path}, {"path": path, "query": {"format": "pdf", "language": "de"}}]


async def get_year(owner: Owner) -> list[Tree]:
    return [
        {"path": {"year": 2020}},
        {"path": {"year": 2020}, "query": {"format": "png", "card": 1}},
    ]
