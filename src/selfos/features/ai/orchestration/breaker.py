"""A circuit breaker for each model: who fails again and again is not asked for a while."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

FAILURES_IN_A_ROW = 3
# Or more than half of at least ten within a minute.
WINDOW_SECONDS = 60.0
FEWEST_IN_WINDOW = 10
FAILING_SHARE = 0.5
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 30.0, 600.0
# A Retry-After is believed up to here.
LONGEST_WANTED_SECONDS = 3_600.0


class BreakerState(StrEnum):
    """Whether a model is asked."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass(slots=True)
class Breaker:
    """One model's record. `clock` is monotonic, in seconds."""

    clock: Callable[[], float]
    told: Callable[[BreakerState], None] = lambda _: None
    state: BreakerState = BreakerState.CLOSED
    opened_until: float = 0.0
    misconfigured: bool = False
    _row: int = 0
    _rejections: int = 0
    _pauses: int = 0
    _probing: bool = False
    _window: deque[tuple[float, bool]] = field(default_factory=deque[tuple[float, bool]])

    @property
    def is_closed(self) -> bool:
        """Tell whether calls go out as usual."""
        return self.state is BreakerState.CLOSED

    @property
    def would_allow(self) -> bool:
        """Tell whether a call would go out now, letting none."""
        if self.state is BreakerState.OPEN:
            return self.rests_seconds == 0.0
        return not self._probing

    @property
    def rests_seconds(self) -> float:
        """Return for how long nothing goes out any more."""
        is_open = self.state is BreakerState.OPEN
        return max(0.0, self.opened_until - self.clock()) if is_open else 0.0

    def allows(self) -> bool:
        """Tell whether a call may go out now; in the half-open state one call is let through."""
        if self.state is BreakerState.OPEN and self.clock() >= self.opened_until:
            self._move(BreakerState.HALF_OPEN)
        if self.state is BreakerState.HALF_OPEN:
            if self._probing:
                return False
            self._probing = True
            return True
        return self.state is BreakerState.CLOSED

    def succeeded(self) -> None:
        """Note an answer."""
        self._row, self._rejections, self._pauses = 0, 0, 0
        self._probing, self.misconfigured = False, False
        if self.state is not BreakerState.CLOSED:
            self._window.clear()
            self._move(BreakerState.CLOSED)
        self._note(failed=False)

    def failed(self, *, rejected: bool = False) -> None:
        """Note a failure that may pass; enough of them open the breaker.

        What was `rejected` may lie in that one request, so a single one rests nobody; only so many
        of them in a row, and no other failure among them, say that something is set up wrongly.
        """
        self._row += 1
        self._rejections = self._rejections + 1 if rejected else 0
        self._note(failed=True)
        probed = self.state is BreakerState.HALF_OPEN
        still_wrong = rejected and self.misconfigured
        if probed or self._row >= FAILURES_IN_A_ROW or self._mostly_failing():
            self.pause()
            self.misconfigured = still_wrong or self._rejections >= FAILURES_IN_A_ROW

    def pause(self, seconds: float = 0.0, *, misconfigured: bool = False) -> None:
        """Ask no more for a while: twice the last pause, or longer if the provider wants.

        What is set up wrong will not pass by itself; it is tried again after the longest pause.
        """
        usual = min(FIRST_PAUSE_SECONDS * 2**self._pauses, LONGEST_PAUSE_SECONDS)
        wanted = LONGEST_PAUSE_SECONDS if misconfigured else max(usual, seconds)
        self._pauses += 1
        self._probing, self.misconfigured = False, misconfigured
        until = self.clock() + min(wanted, LONGEST_WANTED_SECONDS)
        self.opened_until = max(self.opened_until, until)
        self._move(BreakerState.OPEN)

    def gave_up(self) -> None:
        """Note that a call ended without saying anything about the model (its reader left)."""
        self._probing = False

    def _note(self, *, failed: bool) -> None:
        now = self.clock()
        self._window.append((now, failed))
        while self._window[0][0] < now - WINDOW_SECONDS:
            self._window.popleft()

    def _mostly_failing(self) -> bool:
        failures = sum(failed for _, failed in self._window)
        enough = len(self._window) >= FEWEST_IN_WINDOW
        return enough and failures > len(self._window) * FAILING_SHARE

    def _move(self, state: BreakerState) -> None:
        if state is not self.state:
            self.state = state
            self.told(state)
