"""Following lines at a lower price."""

from __future__ import annotations

import weakref
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from coverage.collector import Collector
from greenlet import greenlet

# So many that looking for finished ones costs little for each.
MANY = 1_000


class Stacks(dict[greenlet, int]):
    """Which of the tracer's stacks is whose; those of finished greenlets are forgotten in time."""

    def __setitem__(self, key: greenlet, value: int) -> None:
        if len(self) >= MANY:
            for finished in [each for each in self if each.dead]:
                del self[finished]
        super().__setitem__(key, value)


@contextmanager
def untraced() -> Generator[None]:
    """Follow no lines in this block.

    A worker of pytest-xdist starts three tracers above each other. The mark `no_cover` stops the
    uppermost, whereupon the next one follows every line instead: this stops that one too.
    """
    running = Collector._collectors[-1:]  # pyright: ignore[reportPrivateUsage]
    for each in running:
        each.pause()
    try:
        yield
    finally:
        for each in running:
            each.resume()


def look_up_stacks_without_python() -> None:
    """Give the tracers that start from now on a plain dictionary.

    Where it follows greenlets, a tracer looks its stack up at every call and return of every
    function. The dictionary it makes for that at its first event answers in Python, which was a
    third of the time under trace.
    """
    start = Collector._start_tracer  # pyright: ignore[reportPrivateUsage]

    def start_tracer(self: Collector) -> Any:
        made = weakref.WeakKeyDictionary
        setattr(weakref, "WeakKeyDictionary", Stacks)  # noqa: B010 - a name that is another type's
        try:
            # Its own return is the tracer's first event.
            return start(self)
        finally:
            setattr(weakref, "WeakKeyDictionary", made)  # noqa: B010 - as above

    Collector._start_tracer = start_tracer  # pyright: ignore[reportPrivateUsage]
