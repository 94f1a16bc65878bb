"""When a model is left alone, and whose turn it is."""

import asyncio
from uuid import UUID, uuid4

from selfos.features.ai.orchestration.breaker import Breaker, BreakerState
from selfos.features.ai.orchestration.queueing import Gate

# Long enough for any machine; a test that waits longer has failed.
PATIENCE_SECONDS = 60


class Hands:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def a_breaker() -> tuple[Breaker, Hands]:
    hands = Hands()
    return Breaker(hands), hands


def test_three_failures_in_a_row_open_it_for_half_a_minute() -> None:
    breaker, hands = a_breaker()
    for _ in range(3):
        assert breaker.allows()
        breaker.failed()
    assert not breaker.allows()
    hands.now = 29.9
    assert not breaker.allows()
    hands.now = 30.0
    assert breaker.allows()


def test_an_answer_in_between_begins_the_count_again() -> None:
    breaker, _ = a_breaker()
    for failing in (True, True, False, True, True):
        breaker.failed() if failing else breaker.succeeded()
    assert breaker.allows()


def test_more_than_half_of_ten_within_a_minute_open_it() -> None:
    breaker, hands = a_breaker()
    for failing in (True, True, False) * 3:
        hands.now += 1
        breaker.failed() if failing else breaker.succeeded()
    assert breaker.is_closed
    breaker.failed()
    assert not breaker.is_closed


def test_what_is_older_than_a_minute_does_not_count() -> None:
    breaker, hands = a_breaker()
    for failing in (True, True, False) * 4:
        hands.now += 20
        breaker.failed() if failing else breaker.succeeded()
    assert breaker.is_closed


def test_one_rejected_request_rests_nobody_and_three_in_a_row_are_set_up_wrongly() -> None:
    breaker, hands = a_breaker()
    breaker.failed(rejected=True)
    assert breaker.would_allow
    breaker.succeeded()
    for _ in range(3):
        breaker.failed(rejected=True)
    assert (breaker.would_allow, breaker.misconfigured, breaker.rests_seconds) == (False, True, 30)
    hands.now = 30
    assert breaker.allows()
    breaker.succeeded()
    assert not breaker.misconfigured


def test_only_rejections_alone_are_called_a_wrong_setting() -> None:
    def misconfigured(failures: str) -> bool:
        breaker, hands = a_breaker()
        for failure in failures:
            hands.now = max(hands.now, breaker.opened_until)
            assert breaker.allows()
            breaker.failed(rejected=failure == "4")
        assert not breaker.would_allow
        return breaker.misconfigured

    # 4 for what was rejected, 5 for what passes; from the fourth on they are single tries.
    said = {"444": True, "554": False, "455": False, "5544": False, "55444": True, "4445": False}
    assert {failures: misconfigured(failures) for failures in said} == said
    breaker, hands = a_breaker()
    breaker.pause(misconfigured=True)
    hands.now = breaker.opened_until
    assert breaker.allows()
    breaker.failed(rejected=True)
    assert breaker.misconfigured, "a wrong key first, and now this"


def test_looking_whether_a_call_would_go_out_lets_none_through() -> None:
    breaker, hands = a_breaker()
    breaker.pause()
    hands.now = 12
    assert (breaker.would_allow, breaker.rests_seconds) == (False, 18)
    hands.now = 31
    assert (breaker.would_allow, breaker.would_allow, breaker.rests_seconds) == (True, True, 0)
    assert breaker.allows()
    assert (breaker.would_allow, breaker.rests_seconds) == (False, 0)


def test_half_open_lets_exactly_one_probe_through() -> None:
    breaker, hands = a_breaker()
    breaker.pause()
    hands.now = 31
    assert [breaker.allows() for _ in range(5)] == [True, False, False, False, False]
    breaker.succeeded()
    assert breaker.is_closed


def test_a_probe_that_fails_doubles_the_pause_up_to_ten_minutes() -> None:
    breaker, hands = a_breaker()
    breaker.pause()
    pauses: list[float] = []
    for _ in range(7):
        hands.now = breaker.opened_until
        assert breaker.allows()
        breaker.failed()
        pauses.append(breaker.opened_until - hands.now)
    assert pauses == [60, 120, 240, 480, 600, 600, 600]


def test_a_probe_that_says_nothing_lets_the_next_one_through() -> None:
    breaker, hands = a_breaker()
    breaker.pause()
    hands.now = 31
    assert breaker.allows()
    breaker.gave_up()
    assert breaker.allows()


def test_a_provider_that_says_when_is_believed_within_reason() -> None:
    breaker, _ = a_breaker()
    breaker.pause(120)
    assert breaker.opened_until == 120
    breaker, _ = a_breaker()
    breaker.pause(10**9)
    assert breaker.opened_until == 3_600


def test_every_move_is_told_once() -> None:
    moves: list[BreakerState] = []
    hands = Hands()
    breaker = Breaker(hands, moves.append)
    for _ in range(4):
        breaker.failed()
    hands.now = 700
    breaker.allows()
    breaker.succeeded()
    assert moves == [BreakerState.OPEN, BreakerState.HALF_OPEN, BreakerState.CLOSED]


async def queue_up(gate: Gate, order: list[str], name: str, user: UUID, *, behind: bool) -> None:
    await gate.enter(user, background=behind)
    order.append(name)
    await asyncio.sleep(0)
    gate.leave(background=behind)


async def test_people_take_turns_and_background_work_comes_last() -> None:
    gate, order = Gate(1), list[str]()
    greedy, modest, job = uuid4(), uuid4(), uuid4()
    await gate.enter(greedy, background=False)
    waiting = [
        asyncio.create_task(queue_up(gate, order, name, user, behind=behind))
        for name, user, behind in [
            ("job", job, True),
            *((f"greedy {number}", greedy, False) for number in range(3)),
            ("modest", modest, False),
        ]
    ]
    await asyncio.sleep(0)
    gate.leave(background=False)
    await asyncio.gather(*waiting)
    assert order == ["greedy 0", "modest", "greedy 1", "greedy 2", "job"]
    assert gate.inside == gate.behind == 0


async def test_background_work_leaves_a_place_for_people() -> None:
    gate = Gate(2)
    await gate.enter(uuid4(), background=True)
    second = asyncio.create_task(gate.enter(uuid4(), background=True))
    await asyncio.sleep(0)
    assert not second.done()
    await asyncio.wait_for(gate.enter(uuid4(), background=False), PATIENCE_SECONDS)
    gate.leave(background=True)
    await asyncio.sleep(0)
    assert not second.done() or gate.inside <= 2
    gate.leave(background=False)
    await asyncio.wait_for(second, PATIENCE_SECONDS)


async def test_who_gives_up_waiting_holds_nobody_up() -> None:
    gate, order = Gate(1), list[str]()
    await gate.enter(uuid4(), background=False)
    quitter = asyncio.create_task(gate.enter(uuid4(), background=False))
    patient = asyncio.create_task(queue_up(gate, order, "patient", uuid4(), behind=False))
    await asyncio.sleep(0)
    quitter.cancel()
    await asyncio.sleep(0)
    gate.leave(background=False)
    await patient
    assert (order, gate.inside) == (["patient"], 0)


async def test_a_place_that_came_too_late_is_handed_on() -> None:
    gate, order = Gate(1), list[str]()
    await gate.enter(uuid4(), background=False)
    late = asyncio.create_task(gate.enter(uuid4(), background=False))
    next_one = asyncio.create_task(queue_up(gate, order, "next", uuid4(), behind=False))
    await asyncio.sleep(0)
    gate.leave(background=False)
    late.cancel()
    await asyncio.wait_for(next_one, PATIENCE_SECONDS)
    assert (order, gate.inside) == (["next"], 0)
