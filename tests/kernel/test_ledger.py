"""The ledger: every change in a numbered changeset, written by the database, never rewritten."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError

from selfos.features.planning import service as planning
from selfos.features.planning.models import Label, Task
from selfos.features.planning.schemas.inputs import LabelCreate, TaskCreate, TaskUpdate
from selfos.kernel.context import Context, open_context, system_session
from selfos.kernel.core import Kernel
from selfos.kernel.ledger.models import (
    ActorKind,
    Change,
    ChangeKind,
    Changeset,
    Door,
    EventRecord,
    TenantRoot,
)
from selfos.kernel.permissions import Permission
from selfos.kernel.telemetry import request_id_bound
from tests.factories import Person

WRITERS = 50


async def changesets(person: Person) -> list[Changeset]:
    async with person.context() as ctx:
        return list(await ctx.session.scalars(select(Changeset).order_by(Changeset.seq)))


async def changes_of(person: Person, entity_id: Any) -> list[Change]:
    async with person.context() as ctx:
        statement = select(Change).where(Change.entity_id == entity_id).order_by(Change.id)
        return list(await ctx.session.scalars(statement))


async def position(person: Person) -> int:
    async with person.context() as ctx:
        return (await ctx.session.scalars(select(TenantRoot.seq))).one()


async def test_numbers_have_no_gaps_and_follow_the_commits(person: Person) -> None:
    before = await position(person)
    writing = True

    async def write(number: int) -> None:
        async with person.context() as ctx:
            await planning.create_label(ctx, LabelCreate(name=f"label {number}"))

    async def watch() -> int:
        looks = 0
        while writing:
            seen = [changeset.seq for changeset in await changesets(person)]
            # Whoever looks sees a beginning of the ledger: no number appears before a smaller one.
            assert seen == list(range(1, len(seen) + 1))
            looks += 1
        return looks

    watching = asyncio.create_task(watch())
    await asyncio.gather(*(write(number) for number in range(WRITERS)))
    writing = False
    assert await watching > 0
    assert len(await changesets(person)) == before + WRITERS == await position(person)


async def test_a_failed_writer_leaves_no_gap(person: Person) -> None:
    before = await position(person)

    async def fail() -> None:
        async with person.context() as ctx:
            await planning.create_label(ctx, LabelCreate(name="never"))
            await ctx.session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with person.context() as ctx:
        await planning.create_label(ctx, LabelCreate(name="kept"))
    assert [c.seq for c in await changesets(person)][-1] == before + 1
    assert ctx.draft.seq == before + 1


async def test_a_write_outside_a_changeset_is_refused(person: Person, kernel: Kernel) -> None:
    label = Label(workspace_id=person.workspace_id, key="x", name="x", color="home")
    async with system_session(kernel) as session:
        session.add(label)
        with pytest.raises(DBAPIError, match="a write to labels outside a changeset"):
            await session.flush()


async def test_images_hold_the_whole_row_at_first_and_then_only_what_changed(
    person: Person,
) -> None:
    async with person.context() as ctx:
        task = await planning.create_task(ctx, TaskCreate(title="Cal Mum", priority=2))
    async with person.context() as ctx:
        await planning.update_task(ctx, task.id, TaskUpdate(title="Call Mum"))
    created, updated = await changes_of(person, task.id)
    assert (created.kind, created.entity, created.before) == (ChangeKind.CREATE, "task", None)
    assert created.after is not None
    assert created.after["title"] == "Cal Mum"
    assert created.after["priority"] == 2
    assert not created.after.keys() & {"version", "updated_at"}
    assert updated.kind is ChangeKind.UPDATE
    assert (updated.before, updated.after) == ({"title": "Cal Mum"}, {"title": "Call Mum"})


async def test_a_deletion_keeps_the_row_as_it_was(person: Person) -> None:
    async with person.context() as ctx:
        label = await planning.create_label(ctx, LabelCreate(name="Errand"))
    async with person.context() as ctx:
        await planning.delete_label(ctx, label.id)
    deletion = (await changes_of(person, label.id))[-1]
    assert (deletion.kind, deletion.after) == (ChangeKind.DELETE, None)
    assert deletion.before is not None
    assert deletion.before["name"] == "Errand"


async def test_nothing_changed_is_no_changeset(person: Person) -> None:
    async with person.context() as ctx:
        task = await planning.create_task(ctx, TaskCreate(title="Same"))
    before = await position(person)
    async with person.context() as ctx:
        # Straight to the database: the ORM would not even ask.
        await ctx.session.execute(update(Task).where(Task.id == task.id).values(title="Same"))
    assert ctx.draft.seq is None
    async with person.context() as ctx:
        await planning.get_task(ctx, task.id)
    assert ctx.draft.seq is None
    assert await position(person) == before
    async with person.context() as ctx:
        assert (await ctx.session.get_one(Task, (person.workspace_id, task.id))).version == 1


async def test_a_rollback_takes_events_and_jobs_along(person: Person, kernel: Kernel) -> None:
    async def count() -> tuple[Any, ...]:
        async with person.context() as ctx:
            events = await ctx.session.scalar(select(func.count()).select_from(EventRecord))
            jobs = await ctx.session.scalar(
                text("SELECT count(*) FROM procrastinate_jobs WHERE args->>'workspace_id' = :id"),
                {"id": str(person.workspace_id)},
            )
            return events, jobs

    async with person.context() as ctx:
        task = await planning.create_task(ctx, TaskCreate(title="Run"))
    before = await count()

    async def complete(ctx: Context, *, fails: bool) -> None:
        await planning.complete_task(ctx, task.id)
        await ctx.session.flush()
        if fails:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        async with person.context() as ctx:
            await complete(ctx, fails=True)
    assert await count() == before
    async with person.context() as ctx:
        await complete(ctx, fails=False)
    after = await count()
    assert after[0] > before[0]
    assert after[1] > before[1]


async def test_a_changeset_says_who_how_why_and_when(person: Person, kernel: Kernel) -> None:
    with request_id_bound("request-4711"):
        async with person.context() as ctx:
            await planning.create_label(ctx, LabelCreate(name="Home"))
            ctx.describe("a second verb's words")
    plain = (await changesets(person))[-1]
    assert (plain.door, plain.actor, plain.user_id) == (Door.WEB, ActorKind.USER, person.user_id)
    assert plain.summary == "Added the label “Home”"
    assert (plain.request_id, plain.changes_count) == ("request-4711", 1)
    assert (plain.at, plain.reversible, plain.undo_of) == (ctx.now, True, None)
    async with person.context() as ctx:
        ctx.by_assistant()
        await planning.create_label(ctx, LabelCreate(name="Work"))
    assisted = (await changesets(person))[-1]
    assert (assisted.actor, assisted.user_id) == (ActorKind.ASSISTANT, person.user_id)
    async with open_context(kernel, workspace_id=person.workspace_id, cause=plain.id) as ctx:
        ctx.require(Permission.LABEL_WRITE)
        await planning.create_label(ctx, LabelCreate(name="Sweep"))
    swept = (await changesets(person))[-1]
    assert (swept.door, swept.actor, swept.user_id) == (Door.JOB, ActorKind.SYSTEM, None)
    assert swept.cause == plain.id


async def test_events_keep_their_order_within_a_changeset(person: Person) -> None:
    async with person.context() as ctx:
        await planning.create_task(ctx, TaskCreate(title="One"))
        await planning.create_task(ctx, TaskCreate(title="Two"))
    async with person.context() as reading:
        statement = (
            select(EventRecord)
            .where(EventRecord.changeset_id == ctx.draft.id)
            .order_by(EventRecord.position)
        )
        stored = list(await reading.session.scalars(statement))
    assert [(e.position, e.id) for e in stored] == [
        (position, event_id) for position, (event_id, _) in enumerate(ctx.draft.events)
    ]
    assert {e.type for e in stored} == {"task.created"}
    assert all(e.payload["task_id"] == str(e.aggregate_id) for e in stored)


@pytest.mark.parametrize("table", ["changesets", "changes", "events", "event_receipts"])
@pytest.mark.parametrize("deed", ["UPDATE {} SET workspace_id = workspace_id", "DELETE FROM {}"])
async def test_history_cannot_be_rewritten(person: Person, table: str, deed: str) -> None:
    with pytest.raises(DBAPIError, match=f"permission denied for table {table}"):
        async with person.context() as ctx:
            await ctx.session.execute(text(deed.format(table)))


async def test_the_ledger_of_one_workspace_does_not_count_for_another(
    person: Person, make_person: Any
) -> None:
    other: Person = await make_person()
    before = await position(other)
    async with person.context() as ctx:
        await planning.create_label(ctx, LabelCreate(name="Mine"))
    assert await position(other) == before
