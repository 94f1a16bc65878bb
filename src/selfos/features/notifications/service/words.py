"""A workspace's own words for what it tells its people: by kind and language, in versions."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on

from selfos.features.notifications import templating
from selfos.features.notifications.models import OwnWords
from selfos.features.notifications.schemas.templates import (
    Language,
    NotificationPreviewView,
    NotificationTemplateInput,
    NotificationTemplateList,
    NotificationTemplateVersionList,
    NotificationTemplateVersionView,
    NotificationTemplateView,
    WordsView,
)
from selfos.features.notifications.schemas.words import NotificationKind
from selfos.features.notifications.service.previewing import preview_path
from selfos.features.notifications.wording import (
    SAMPLES,
    Said,
    built_in,
    functions,
    say_own,
    values_of,
)
from selfos.kernel.context import Context
from selfos.kernel.core import Kernel
from selfos.kernel.errors import Conflict, FieldProblem, Invalid
from selfos.kernel.permissions import Permission

MOST_VERSIONS = 50
Key = tuple[UUID, str, str]
# A title, a body and the number of their version.
Words = tuple[str, str, int]


async def own_words(ctx: Context, workspace_ids: Collection[UUID]) -> dict[Key, Words]:
    """Return the words in force that these workspaces have of their own; no built-in ones."""
    latest = (
        select(OwnWords)
        .where(OwnWords.workspace_id.in_(workspace_ids))
        .ext(distinct_on(OwnWords.workspace_id, OwnWords.kind, OwnWords.language))
        .order_by(OwnWords.workspace_id, OwnWords.kind, OwnWords.language, OwnWords.number.desc())
    )
    found = await ctx.session.scalars(latest)
    return {
        (each.workspace_id, each.kind, each.language): (each.title, each.body, each.number)
        for each in found
        if each.title is not None and each.body is not None
    }


async def list_templates(ctx: Context) -> NotificationTemplateList:
    """Return what this workspace says, for each kind and language, and what it can speak of."""
    ctx.require(Permission.WORKSPACE_MANAGE)
    own = await own_words(ctx, [ctx.workspace_id])
    return NotificationTemplateList(
        items=[
            _view(kind, language, own.get((ctx.workspace_id, kind, language)))
            for kind in NotificationKind
            for language in Language
        ]
    )


async def update_template(
    ctx: Context, kind: NotificationKind, language: Language, words: NotificationTemplateInput
) -> NotificationTemplateView:
    """Say it in these words from now on; what has been told stays as it was."""
    ctx.require(Permission.WORKSPACE_MANAGE)
    _try(kind, language, words)
    number = await _add(ctx, kind, language, (words.title, words.body))
    return _view(kind, language, (words.title, words.body, number))


async def reset_template(
    ctx: Context, kind: NotificationKind, language: Language
) -> NotificationTemplateView:
    """Say it in the built-in words again; the versions before stay to be looked at."""
    ctx.require(Permission.WORKSPACE_MANAGE)
    if (ctx.workspace_id, kind, language) not in await own_words(ctx, [ctx.workspace_id]):
        raise Conflict("This is said in the built-in words already.")
    await _add(ctx, kind, language, (None, None))
    return _view(kind, language, None)


async def preview_template(
    ctx: Context,
    kernel: Kernel,
    kind: NotificationKind,
    language: Language,
    words: NotificationTemplateInput,
) -> NotificationPreviewView:
    """Return what these words would say of invented things; nothing is kept."""
    ctx.require(Permission.WORKSPACE_MANAGE)
    said = _try(kind, language, words)
    path = preview_path(ctx, kernel, kind, language, said)
    return NotificationPreviewView(title=said.title, body=said.body, mail=path)


async def list_template_versions(
    ctx: Context, kind: NotificationKind, language: Language
) -> NotificationTemplateVersionList:
    """Return what this workspace has said so far, newest first."""
    ctx.require(Permission.WORKSPACE_MANAGE)
    found = await ctx.session.scalars(
        select(OwnWords)
        .where(OwnWords.kind == kind, OwnWords.language == language)
        .order_by(OwnWords.number.desc())
        .limit(MOST_VERSIONS)
    )
    return NotificationTemplateVersionList(
        items=[
            NotificationTemplateVersionView(
                version=each.number, title=each.title, body=each.body, created_at=each.created_at
            )
            for each in found
        ]
    )


async def _add(
    ctx: Context, kind: NotificationKind, language: Language, words: tuple[str | None, str | None]
) -> int:
    """Keep the next version, and return its number."""
    mine = (OwnWords.kind == kind, OwnWords.language == language)
    last = await ctx.session.scalar(select(func.max(OwnWords.number)).where(*mine))
    own = OwnWords(
        kind=kind,
        language=language,
        number=(last or 0) + 1,
        title=words[0],
        body=words[1],
        created_at=ctx.now,
    )
    ctx.session.add(own)
    await ctx.session.flush()
    return own.number


def _try(kind: NotificationKind, language: Language, words: NotificationTemplateInput) -> Said:
    """Return what words say of invented things; raises Invalid with the place of what is wrong."""
    known = values_of(kind)
    for name, text in (("title", words.title), ("body", words.body)):
        try:
            templating.check(text, known, functions())
        except templating.Fault as fault:
            raise _invalid(name, fault) from fault
    try:
        said = say_own((words.title, words.body), language, {name: SAMPLES[name] for name in known})
    except templating.Fault as fault:
        raise _invalid("body", fault) from fault
    if not said.title:
        raise _invalid("title", templating.Fault("The title says nothing.", 1))
    return said


def _invalid(name: str, fault: templating.Fault) -> Invalid:
    where = {"line": fault.line, "column": fault.column}
    return Invalid(str(fault), errors=(FieldProblem(f"/{name}", str(fault)),), extra=where)


def _view(
    kind: NotificationKind, language: Language, own: Words | None
) -> NotificationTemplateView:
    ours = built_in(kind, language)
    title, body, version = own or (*ours, None)
    return NotificationTemplateView(
        kind=kind,
        language=language,
        title=title,
        body=body,
        version=version,
        built_in=WordsView(title=ours[0], body=ours[1]),
        values={name: _shown(SAMPLES[name]) for name in sorted(values_of(kind))},
    )


def _shown(sample: str | int | list[str]) -> str:
    return ", ".join(sample) if isinstance(sample, list) else str(sample)
