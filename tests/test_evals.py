"""No suite of the evals falls below what it has reached, and the page says what they give."""

from collections.abc import Callable
from contextlib import AsyncExitStack

import pytest

from evals.__main__ import PAGE, SUITES
from evals.injection import obedient
from evals.scores import Score
from evals.world import World, with_vendor
from selfos.kernel.embedded import Embedded
from selfos.kernel.settings import Settings
from tests.conftest import Clock, running_app


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.__module__)
def test_no_suite_falls_below_its_threshold(suite: Callable[[], list[Score]]) -> None:
    scores = suite()
    assert [score.measure for score in scores if not score.holds] == []
    page = PAGE.read_text("utf-8")
    missing = [score.row() for score in scores if f"| {' | '.join(score.row())} |" not in page]
    assert not missing, "run `python -m evals --write`"


async def test_a_model_that_obeys_attacks_behind_the_coach_changes_and_shows_nothing(
    settings: Settings, postgres: Embedded, database: str, clock: Clock
) -> None:
    """The first attacks in every surface; `make prove` tries all of them."""
    vendor, url = obedient.ObedientVendor(), postgres.url("selfos_app", database)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(vendor.running())
        running = running_app(with_vendor(settings, vendor), url, clock)
        app, kernel = await stack.enter_async_context(running)
        outcome = await obedient.attack(World(app, kernel, vendor, stack), batches=1)
    assert (outcome.written, outcome.opened, outcome.foreign) == ([], [], [])
    assert outcome.reached == outcome.tried
    assert outcome.obeyed > 0
