"""Whose turn it is at a provider: so many calls at once, fair between people, work behind later."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from uuid import UUID

Waiting = OrderedDict[UUID, deque[asyncio.Future[None]]]


class Gate:
    """Lets at most `places` calls through at once.

    People take turns, so somebody with a hundred questions does not keep others waiting. What runs
    in the background comes after every person, and never takes the last place.
    """

    def __init__(self, places: int) -> None:
        """Everybody may come in."""
        self.places, self.inside, self.behind = places, 0, 0
        self._people: Waiting = OrderedDict()
        self._background: Waiting = OrderedDict()

    @property
    def waiting(self) -> int:
        """Return how many wait for a place."""
        queues = (*self._people.values(), *self._background.values())
        return sum(len(turns) for turns in queues)

    async def enter(self, user_id: UUID, *, background: bool) -> None:
        """Wait for a place and take it; give it back by `leave`, whatever happens."""
        queue = self._background if background else self._people
        if self._free(background=background) and not self._people and not queue:
            self._take(background=background)
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue.setdefault(user_id, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                # The place came in the same moment; hand it on.
                self.leave(background=background)
            else:
                self._forget(queue, user_id, turn)
            raise

    def leave(self, *, background: bool) -> None:
        """Give a place back."""
        self.inside -= 1
        self.behind -= background
        self._wake()

    def _forget(self, queue: Waiting, user_id: UUID, turn: asyncio.Future[None]) -> None:
        turns = queue.get(user_id)
        if turns is not None and turn in turns:
            turns.remove(turn)
            if not turns:
                del queue[user_id]

    def _free(self, *, background: bool) -> bool:
        if self.inside >= self.places:
            return False
        return not background or self.places == 1 or self.behind < self.places - 1

    def _take(self, *, background: bool) -> None:
        self.inside += 1
        self.behind += background

    def _wake(self) -> None:
        for queue, background in ((self._people, False), (self._background, True)):
            while queue and self._free(background=background):
                turn = _next(queue)
                if not turn.done():
                    self._take(background=background)
                    turn.set_result(None)
            if queue and not background:
                return


def _next(queue: Waiting) -> asyncio.Future[None]:
    """Take the next person's first turn, and send them to the end of the line."""
    user_id, turns = queue.popitem(last=False)
    turn = turns.popleft()
    if turns:
        queue[user_id] = turns
    return turn
