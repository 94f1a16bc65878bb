"""Reports on paper."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from selfos.features.identity import service as identity
from selfos.features.planning import service as planning
from selfos.features.progress.adapters.typesetting import set_pdf
from selfos.features.progress.paper import ids_in, page_of
from selfos.features.progress.service.reports import get_report
from selfos.features.progress.speaking import Speaker
from selfos.kernel.context import Context
from selfos.kernel.permissions import Permission


@dataclass(frozen=True, slots=True)
class Paper:
    """A report as a file."""

    name: str
    content: bytes


async def print_report(ctx: Context, report_id: UUID, language: str | None) -> Paper:
    """Return a report as PDF, in this language or the acting person's own.

    Raises Unavailable where nothing is installed that sets it.
    """
    return await set_report(await retell_report(ctx, report_id, language))


async def set_report(page: Mapping[str, Any]) -> Paper:
    """Return a retold report as PDF; Unavailable where nothing is installed that sets it."""
    return Paper(f"report-{page['kind']}-{page['first']}.pdf", await set_pdf("report", page))


async def retell_report(ctx: Context, report_id: UUID, language: str | None) -> dict[str, Any]:
    """Return the words and numbers of a report's page, in this language or the person's own."""
    ctx.require(Permission.REPORT_READ)
    report = json.loads((await get_report(ctx, report_id)).body)
    ids = {UUID(each) for each in ids_in(report)}
    # Who may not see tasks reads the sentences that name areas as they were told.
    named = await planning.called(ctx, ids) if Permission.TASK_READ in ctx.permissions else {}
    speaker = Speaker.of(language or (await identity.typing_of(ctx)).locale)
    page = page_of(report, speaker, {str(of_id): each.name for of_id, each in named.items()})
    return {**page, "kind": report["kind"], "first": report["first"]}
