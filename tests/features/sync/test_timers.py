"""Focus sessions on several devices: written down and timed, and never two timers at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfos.features.focus.service import end_elsewhere, end_forgotten
from tests.factories import Person
from tests.features.sync.devices import Device
from tests.features.sync.test_convergence import OPTIONS, MakePerson
from tests.features.sync.test_families import agree, statuses

SESSION = "focus_session"


class Timers:
    """Two devices of one person, told to do things so many minutes after a beginning hours ago."""

    def __init__(self, person: Person, hours: int = 3) -> None:
        self.began = (datetime.now(UTC) - timedelta(hours=hours)).replace(microsecond=0)
        self.phone, self.laptop = Device(person), Device(person)

    def at(self, minutes: int) -> str:
        return (self.began + timedelta(minutes=minutes)).isoformat()

    def start(self, device: Device, minutes: int, **more: Any) -> str:
        return device.do(SESSION, "create", started_at=self.at(minutes), **more)

    def tell(self, device: Device, verb: str, thing: str, minutes: int) -> None:
        device.do(SESSION, verb, thing, at=self.at(minutes))

    def spans(self, thing: str) -> list[tuple[int, int | None]]:
        """Return its stretches in minutes since the beginning."""

        def since(instant: str | None) -> int | None:
            passed = datetime.fromisoformat(instant) - self.began if instant else None
            return round(passed / timedelta(minutes=1)) if passed is not None else None

        row = self.phone.row(SESSION, thing)
        return [(since(each["start"]) or 0, since(each["end"])) for each in row["stretches"]]


@pytest.fixture
async def timers(person: Person) -> Timers:
    timers = Timers(person)
    await agree(timers.phone, timers.laptop)
    return timers


async def test_sessions_are_written_down_corrected_and_deleted(timers: Timers) -> None:
    phone, laptop = timers.phone, timers.laptop
    task = phone.do("task", "create", title="Report")
    done = timers.start(phone, 0, ended_at=timers.at(30), task_id=task, note="Draft")
    assert statuses(await phone.sync()) == ["applied"] * 2
    await agree(phone, laptop)
    shown = await phone.person.get(f"/focus/{done}")
    assert (shown.pop("task_title"), shown.pop("habit_title")) == ("Report", None)
    assert (laptop.row(SESSION, done), shown["seconds"]) == (shown, 1_800)
    phone.do(SESSION, "update", done, ended_at=timers.at(40).replace("+00:00", "Z"))
    laptop.do(SESSION, "update", done, started_at=timers.at(-10), note="Outline")
    phone.do(SESSION, "update", done, note="Chapter")
    await phone.sync()
    (ack,) = await laptop.sync()
    assert (ack["status"], [each["lost"] for each in ack["conflicts"]]) == ("conflict", ["Outline"])
    await agree(phone, laptop)
    assert timers.spans(done) == [(-10, 40)]
    phone.do(SESSION, "delete", done)
    laptop.do(SESSION, "update", done, note="Epilogue")
    await phone.sync()
    assert statuses(await laptop.sync()) == ["conflict"]
    laptop.do(SESSION, "delete", done)
    await agree(laptop, phone)
    assert (SESSION, done) not in phone.rows


async def test_a_timer_counts_by_the_clock_of_its_device(timers: Timers) -> None:
    phone, laptop = timers.phone, timers.laptop
    habit = phone.do("habit", "create", title="Cello", type="duration", target=20)
    run = timers.start(phone, 0, habit_id=habit)
    for verb, minutes in (("pause", 20), ("resume", 30), ("stop", 45)):
        timers.tell(phone, verb, run, minutes)
    assert statuses(await phone.sync()) == ["applied"] * 5
    await agree(phone, laptop)
    assert timers.spans(run) == [(0, 20), (30, 45)]
    kept = [row["amount"] for (entity, _), row in phone.rows.items() if entity == "check_in"]
    assert sum(kept) == 35
    # Told twice, or of a time when it was over: nothing happens.
    timers.tell(laptop, "stop", run, 50)
    timers.tell(laptop, "resume", run, 40)
    assert statuses(await laptop.sync()) == ["applied"] * 2
    await agree(phone, laptop)
    assert timers.spans(run) == [(0, 20), (30, 45)]
    phone.do(SESSION, "delete", run)
    await phone.sync()
    timers.tell(laptop, "stop", run, 60)
    assert statuses(await laptop.sync()) == ["refused"]
    # A clock that is ahead does not start anything tomorrow.
    ahead = timers.start(phone, 60 * 48)
    await phone.sync()
    assert datetime.fromisoformat(phone.row(SESSION, ahead)["started_at"]) <= datetime.now(UTC)


async def test_what_was_started_last_runs_and_the_other_ends_there(timers: Timers) -> None:
    phone, laptop = timers.phone, timers.laptop
    first, second = timers.start(phone, 0), timers.start(laptop, 30)
    # The earlier comes late: it ends where the later one began.
    await laptop.sync()
    await phone.sync()
    await agree(phone, laptop)
    assert (timers.spans(first), timers.spans(second)) == ([(0, 30)], [(30, None)])
    # What happened on the phone before that still counts, and what came after as well.
    timers.tell(phone, "pause", first, 20)
    timers.tell(phone, "resume", first, 50)
    await phone.sync()
    await agree(phone, laptop)
    assert (timers.spans(first), timers.spans(second)) == ([(0, 20), (50, None)], [(30, 50)])
    third = timers.start(laptop, 60)
    timers.tell(laptop, "stop", third, 70)
    await laptop.sync()
    await agree(phone, laptop)
    assert (timers.spans(first)[-1], timers.spans(third)) == ((50, 60), [(60, 70)])
    assert (await phone.person.get("/focus/now"))["session"] is None


async def test_a_stop_that_comes_late_is_no_forgotten_timer(person: Person) -> None:
    timers = Timers(person, hours=9)
    run = timers.start(timers.phone, 0)
    await timers.phone.sync()
    await end_forgotten(person.kernel)
    timers.tell(timers.phone, "stop", run, 60)
    await timers.phone.sync()
    row = timers.phone.row(SESSION, run)
    assert (timers.spans(run), row["cut"], row["state"]) == ([(0, 60)], False, "over")


async def test_an_end_corrected_by_hand_stands(timers: Timers) -> None:
    run = timers.start(timers.phone, 0)
    timers.tell(timers.phone, "stop", run, 60)
    await agree(timers.phone, timers.laptop)
    timers.phone.do(SESSION, "update", run, ended_at=timers.at(90))
    timers.tell(timers.laptop, "stop", run, 30)
    await timers.phone.sync()
    assert statuses(await timers.laptop.sync()) == ["applied"]
    await agree(timers.phone, timers.laptop)
    assert timers.spans(run) == [(0, 90)]


async def test_a_timer_told_late_does_not_run_beside_one_elsewhere(person: Person) -> None:
    other = (await person.post("/workspaces", 201, name="Other"))["id"]
    timers = Timers(person)
    elsewhere = Device(person, workspace=other)
    timers.start(elsewhere, 30)
    run = timers.start(timers.phone, 0)
    await elsewhere.sync()
    await timers.phone.sync()
    names = {"user_id": str(person.user_id), "session_id": run}
    await end_elsewhere(person.kernel, workspace_id=str(person.workspace_id), **names)
    await timers.phone.sync()
    assert timers.spans(run) == [(0, 30)]


step = st.tuples(
    st.sampled_from(("start", "start", "pause", "resume", "stop", "sync")),
    st.integers(0, 1),
    st.integers(0, 3),
)


@given(script=st.lists(step, min_size=8, max_size=16))
@settings(max_examples=3, **OPTIONS)
async def test_nobody_has_two_timers(
    make_person: MakePerson, script: list[tuple[str, int, int]]
) -> None:
    timers = Timers(await make_person())
    devices, made = (timers.phone, timers.laptop), list[str]()
    for minutes, (deed, who, which) in enumerate(script):
        device = devices[who]
        if deed == "sync":
            assert all(status == "applied" for status in statuses(await device.sync()))
        elif deed == "start":
            made.append(timers.start(device, minutes))
        elif mine := [each for each in made if each in str(device.queue) + str(device.rows)]:
            timers.tell(device, deed, mine[which % len(mine)], minutes)
    for device in devices:
        await device.sync()
    await agree(*devices)
    rows = [row for (entity, _), row in devices[0].rows.items() if entity == SESSION]
    assert len(rows) == len(made)
    assert sum(row["ended_at"] is None for row in rows) <= 1
    for thing in made:
        times = [each for span in timers.spans(thing) for each in span if each is not None]
        assert times == sorted(times)
        assert times[-1] <= len(script)
