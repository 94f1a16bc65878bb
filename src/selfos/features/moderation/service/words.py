"""The workspace's own list of words."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from selfos.features.moderation.models import ListedWord
from selfos.features.moderation.normalising import read
from selfos.features.moderation.schemas import ListedVerdict, ListedWordCreate, ListedWordQuery
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.documents import Documents, Json
from selfos.kernel.errors import Conflict
from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import Permission

WORDS = Documents(
    ListedWord,
    {
        name: getattr(ListedWord, name)
        for name in "id text verdict author_id created_at updated_at version".split()
    },
)
MOST_WORDS = 1_000


async def list_words(ctx: Context, query: ListedWordQuery) -> Json:
    """Return one page of the list."""
    ctx.require(Permission.WORKSPACE_READ)
    return await WORDS.page(ctx, query)


async def create_word(ctx: Context, new: ListedWordCreate) -> ListedWord:
    """Put a word on the list; one that reads the same is a conflict."""
    ctx.require(Permission.WORKSPACE_MANAGE)
    key = read(new.text).bare
    taken = await ctx.session.scalars(select(ListedWord.key).limit(MOST_WORDS))
    known = set(taken)
    if key in known:
        raise Conflict("This word, or one that reads the same, is on the list already.")
    if len(known) >= MOST_WORDS:
        raise Conflict(f"The list is full: {MOST_WORDS} words.")
    word = ListedWord(
        id=new.id or new_id(),
        text=new.text,
        key=key,
        verdict=new.verdict,
        author_id=ctx.user_id,
    )
    ctx.session.add(word)
    ctx.describe("Put a word on the word list")
    await ctx.session.flush()
    return word


async def delete_word(ctx: Context, word_id: UUID) -> None:
    """Take a word off the list."""
    ctx.require(Permission.WORKSPACE_MANAGE)
    word = await rows.get(ctx, ListedWord, word_id)
    ctx.expect(word)
    ctx.describe("Took a word off the word list")
    await ctx.session.delete(word)


async def listed(ctx: Context) -> dict[str, ListedVerdict]:
    """Return the list as rules compare it."""
    found = await ctx.session.execute(select(ListedWord.text, ListedWord.verdict))
    return {row.text: row.verdict for row in found}
