"""Labels: made when first used, the same whatever their case."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import delete, select

from selfos.features.planning.documents import LABELS
from selfos.features.planning.models import Label, Task, TaskLabel, label_key
from selfos.features.planning.schemas.inputs import LabelCreate, LabelUpdate
from selfos.features.planning.schemas.words import Hue
from selfos.features.planning.service.tree import lock
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.documents import Json, assemble
from selfos.kernel.errors import Conflict, invalid
from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import Permission


async def list_labels(ctx: Context) -> Json:
    """Return all labels by name."""
    ctx.require(Permission.LABEL_READ)
    return assemble({"items": await LABELS.many(ctx, order_by=[Label.key])})


async def create_label(ctx: Context, new: LabelCreate) -> Label:
    """Make a label; one that exists already is a conflict."""
    ctx.require(Permission.LABEL_WRITE)
    await _refuse_taken(ctx, new.name)
    label = _made(ctx, new.name, new.id or new_id(), new.color)
    ctx.describe(f"Added the label “{label.name}”")
    return label


async def update_label(ctx: Context, label_id: UUID, change: LabelUpdate) -> Label:
    """Rename or recolour a label; a name that exists already is a conflict."""
    ctx.require(Permission.LABEL_WRITE)
    label = await rows.get(ctx, Label, label_id)
    ctx.expect(label)
    given = change.given()
    if "name" in given:
        if label_key(change.name) != label.key:
            await _refuse_taken(ctx, change.name)
        label.rename(change.name)
    if "color" in given:
        label.color = change.color
    ctx.describe(f"Changed the label “{label.name}”")
    return label


async def delete_label(ctx: Context, label_id: UUID) -> None:
    """Delete a label and take it off all tasks."""
    ctx.require(Permission.LABEL_WRITE)
    label = await rows.get(ctx, Label, label_id)
    ctx.expect(label)
    ctx.describe(f"Deleted the label “{label.name}”")
    # Before the label itself: undo puts things back in the reverse order.
    await ctx.session.execute(
        delete(TaskLabel)
        .where(TaskLabel.label_id == label.id)
        .execution_options(synchronize_session=False)
    )
    await ctx.session.delete(label)


async def put_labels(ctx: Context, task: Task, names: Sequence[str]) -> bool:
    """Make these the labels of a task, missing ones created; returns whether any was different."""
    return await put_label_ids(ctx, task, {label.id for label in await _labels_called(ctx, names)})


async def put_label_ids(ctx: Context, task: Task, label_ids: Collection[UUID]) -> bool:
    """Make these the labels of a task; returns whether any was different."""
    wanted = set(label_ids)
    there = {
        link.label_id: link
        for link in await ctx.session.scalars(select(TaskLabel).where(TaskLabel.task_id == task.id))
    }
    for label_id in wanted - there.keys():
        link = TaskLabel(workspace_id=ctx.workspace_id, task_id=task.id, label_id=label_id)
        ctx.session.add(link)
    for label_id in there.keys() - wanted:
        await ctx.session.delete(there[label_id])
    return wanted != there.keys()


async def change_labels(
    ctx: Context, task: Task, *, added: Sequence[str], removed: Sequence[str]
) -> bool:
    """Add labels to a task and take others off; returns whether any was different."""
    keys = {label_key(name) for name in removed}
    if both := [name for name in added if label_key(name) in keys]:
        raise invalid("/labels_remove", f"“{both[0]}” cannot be added and taken off at once.")
    links = select(TaskLabel.label_id).where(TaskLabel.task_id == task.id)
    there = list(await ctx.session.scalars(select(Label).where(Label.id.in_(links))))
    names = [label.name for label in there if label.key not in keys]
    return await put_labels(ctx, task, [*names, *added])


async def label_new(ctx: Context, labelled: Sequence[tuple[Task, Sequence[str]]]) -> None:
    """Put labels on tasks that have none yet, all of them found or made at once."""
    names = [name for _, wanted in labelled for name in wanted]
    # A new label is spelled as it is first.
    by_key = {label.key: label for label in await _labels_called(ctx, names[::-1])}
    for task, wanted in labelled:
        for key in {label_key(name) for name in wanted}:
            link = TaskLabel(
                workspace_id=ctx.workspace_id, task_id=task.id, label_id=by_key[key].id
            )
            ctx.session.add(link)


async def _labels_called(ctx: Context, names: Sequence[str]) -> list[Label]:
    by_key = {label_key(name): name for name in names}
    if not by_key:
        return []
    found = await _find(ctx, by_key)
    if len(found) < len(by_key):
        # Two people may use a new word at once: the second looks again in his turn.
        await lock(ctx, "labels")
        found = await _find(ctx, by_key)
    known = {label.key for label in found}
    missing = [name for key, name in by_key.items() if key not in known]
    made = [_made(ctx, name, new_id(), None) for name in missing]
    # Links name labels by id alone, so the labels must be there first.
    await ctx.session.flush()
    return [*found, *made]


async def _find(ctx: Context, keys: dict[str, str]) -> list[Label]:
    return list(await ctx.session.scalars(select(Label).where(Label.key.in_(keys))))


async def _refuse_taken(ctx: Context, name: str) -> None:
    await lock(ctx, "labels")
    if await _find(ctx, {label_key(name): name}):
        raise Conflict(f"There is a label “{name}” already.")


def _made(ctx: Context, name: str, label_id: UUID, color: Hue | None) -> Label:
    label = Label(workspace_id=ctx.workspace_id, id=label_id, color=color or hue_of(name))
    label.rename(name)
    ctx.session.add(label)
    return label


def hue_of(name: str) -> Hue:
    """Return the hue a word gets when nobody chose one; always the same."""
    hues = list(Hue)
    return hues[zlib.crc32(label_key(name).encode()) % len(hues)]
