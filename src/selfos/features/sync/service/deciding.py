"""What becomes of one change to a thing that others may have changed meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from selfos.features.sync.clock import Stamp
from selfos.features.sync.merging import KEEP, Keep, Kind, settle
from selfos.features.sync.service.nouns import DELETED, Noun, Row
from selfos.features.sync.service.since import Past, Reader, known_words
from selfos.kernel.context import Context


@dataclass(frozen=True, slots=True)
class Lost:
    """A write that does not stand: whose it was, and whose stands instead.

    `thing` is what it was meant for, where that is not what the change names.
    """

    field: str
    kept: Any
    lost: Any
    kept_by: UUID | None
    lost_by: UUID | None
    thing: UUID | None = None


@dataclass(slots=True)
class Decision:
    """What to write, what was lost, and the texts the device holds shorter than they are here."""

    write: dict[str, Any] = field(default_factory=dict[str, Any])
    lost: list[Lost] = field(default_factory=list[Lost])
    held: dict[str, str] = field(default_factory=dict[str, str])
    merged: bool = False


async def decide(
    ctx: Context,
    noun: Noun,
    thing: UUID,
    wanted: Mapping[str, Any],
    row: Row,
    past: Past,
    reader: Reader,
) -> Decision:
    """Merge the wanted fields with what others have written since the device knew the row."""
    decision = Decision(merged=bool(past.others))
    if wanted.get(DELETED) and not _may_delete(ctx, noun, wanted, row, past, decision):
        return decision
    _bring_back(ctx, noun, wanted, row, past, decision)
    for name, mine in wanted.items():
        if name in noun.modifiers:
            decision.write[name] = mine
            continue
        kind, since = noun.kind_of(name), past.fields.get(name)
        if kind is Kind.WORDS and since is None:
            words = {word["id"]: word["name"] for word in row[name]}
            since = await known_words(ctx, noun.links[name], thing, words, reader)
        present = noun.value(name, row)
        outcome = settle(kind, mine, present, since, _stamp(noun, name, mine, present, reader))
        decision.merged |= outcome.merged
        if not isinstance(outcome.write, Keep):
            decision.write[name] = outcome.write
        if kind is Kind.TEXT and outcome.merged:
            decision.held[name] = mine
        if outcome.is_conflict:
            me, rival = ctx.actor.user_id, since.rival_user if since else None
            wins = outcome.write is not KEEP
            by = (me, rival) if wins else (rival, me)
            decision.lost.append(Lost(name, outcome.kept, outcome.lost, *by))
    return decision


def _stamp(noun: Noun, name: str, mine: Any, present: Any, reader: Reader) -> Stamp:
    """Return the change's clock, or the end or the beginning of time where one value must stand."""
    strong, weak = noun.stronger.get(name, (None, None))
    if (mine, present) == (strong, weak):
        return replace(reader.stamp, instant=datetime.max.replace(tzinfo=UTC))
    if (mine, present) == (weak, strong):
        return replace(reader.stamp, instant=datetime.min.replace(tzinfo=UTC))
    return reader.stamp


def _may_delete(
    ctx: Context, noun: Noun, wanted: Mapping[str, Any], row: Row, past: Past, decision: Decision
) -> bool:
    """Tell whether nobody has edited what the device deletes; an edit wins against that.

    Also one the device has written over since: it did not know of it. An edit of a part counts
    where the part goes too.
    """
    edited = [
        name
        for name in past.others
        if name != DELETED
        and noun.kind_of(name) is not Kind.ORDER
        and (name in past.here or noun.reaches_on(wanted))
    ]
    if not edited or noun.value(DELETED, row):
        return True
    rival = past.others[min(edited)]
    decision.lost.append(Lost(DELETED, False, True, rival, ctx.actor.user_id))
    return False


def _bring_back(
    ctx: Context, noun: Noun, wanted: Mapping[str, Any], row: Row, past: Past, decision: Decision
) -> None:
    since = past.rival(DELETED)
    if since is not None and noun.value(DELETED, row) and DELETED not in wanted:
        decision.write[DELETED] = False
        decision.lost.append(Lost(DELETED, False, True, ctx.actor.user_id, since.rival_user))
