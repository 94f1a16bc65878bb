"""Digests and reports: each once for its day, by the ways and at the time somebody chose."""

import asyncio
import io
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from selfos.features.notifications import service as notifications
from selfos.features.notifications.models import Alarm, Notification
from selfos.features.notifications.service import enclosing
from selfos.features.progress.jobs import report_all
from selfos.kernel.context import open_context
from selfos.kernel.core import Kernel
from selfos.kernel.database import SYSTEM
from tests.conftest import Clock, MakePerson
from tests.factories import Person
from tests.features.notifications.conftest import Post, confirm_email, inbox
from tests.features.notifications.test_deliveries import Travel, part, send, soon

Step = Callable[[], Awaitable[None]]
PATH = "/notifications/preferences"


async def wanted(person: Person, kind: str, at: datetime, *ways: str, **more: Any) -> None:
    time = {"time": f"{at:%H:%M}", **more}
    await person.patch(PATH, channels={kind: list(ways or ("inbox",))}, times={kind: time})


async def alarms(person: Person) -> dict[str, datetime]:
    async with person.context() as ctx:
        found = select(Alarm.kind, Alarm.fires_at).where(Alarm.state == "pending")
        return {row[0]: row[1] for row in await ctx.session.execute(found)}


def on(moment: datetime, **more: str) -> dict[str, str]:
    return {"kind": "floating" if more else "date", "date": f"{moment:%Y-%m-%d}", **more}


async def fill(person: Person, day: datetime) -> None:
    await person.post("/tasks", 201, title="Call Ada", due=on(day, time="23:59"))
    await person.post("/tasks", 201, title="Water the plants", due=on(day))
    await person.post("/tasks", 201, title="Old bill", due=on(day - timedelta(days=3)))
    await person.post("/habits", 201, title="Read")


async def test_a_digest_comes_once_a_day_though_many_look_at_once(
    person: Person, kernel: Kernel, settle: Step, drain: Step, clock: Clock, travel: Travel
) -> None:
    at = soon(clock, minutes=70)
    await wanted(person, "morning_plan", at)
    await fill(person, at)
    await settle()
    assert await inbox(person) == []
    travel(minutes=71)
    await asyncio.gather(*(notifications.ring(kernel) for _ in range(4)))
    again: dict[str, Any] = {
        "kind": "morning_plan", "planned_at": at.isoformat(), "report_id": None,
        "workspace_id": str(person.workspace_id), "user_id": str(person.user_id),
    }  # fmt: skip
    await drain()
    await notifications.tell_digest(kernel, **again)
    (told,) = await inbox(person)
    assert (told["kind"], told["title"]) == ("morning_plan", "Your day: 2 tasks, 1 habit")
    assert told["body"] == "23:59 Call Ada · Water the plants · Old bill (1 overdue)"
    assert told["sections"] == [
        {"heading": "Today", "lines": ["23:59 Call Ada", "Water the plants"]},
        {"heading": "Overdue", "lines": ["Old bill"]},
        {"heading": "Habits", "lines": ["Read"]},
    ]
    assert (await alarms(person))["morning_plan"] == at + timedelta(days=1)
    travel(days=1)
    await settle()
    assert len(await inbox(person)) == 2


async def test_no_digest_comes_unasked_and_none_on_a_day_that_has_nothing_to_say(
    person: Person, settle: Step, clock: Clock, travel: Travel
) -> None:
    assert await alarms(person) == {}
    for kind in ("morning_plan", "evening_record", "weekly_review"):
        await wanted(person, kind, soon(clock, minutes=5))
    travel(days=7)
    await settle()
    assert await inbox(person) == []
    view = await person.get("/notifications/digests", kind="morning_plan")
    assert (view["title"], view["empty"]) == ("Your day is free", True)
    await person.post("/notifications/digests", 204, kind="evening_record")
    (told,) = await inbox(person)
    assert told["body"] == "Nothing was planned and nothing was written down."
    for kind in ("morning_plan", "evening_record", "weekly_review"):
        await person.patch(PATH, channels={kind: []})
    assert await alarms(person) == {}


async def test_a_digest_that_rests_does_not_wake_for_somebody_who_has_left(
    make_person: MakePerson, settle: Step, clock: Clock, travel: Travel
) -> None:
    ada, ben = await make_person(), await make_person()
    home = (await ada.post("/workspaces", 201, name="Home"))["id"]
    for person in (ada, ben):
        person.client.headers["SelfOS-Workspace"] = home
    made = await ada.post("/invitations", 201, email=ben.email)
    token = made["accept_url"].rpartition("token=")[2]
    membership = {"SelfOS-Workspace": str(ben.workspace_id)}
    await ben.send("POST", "/invitations/accept", 200, json={"token": token}, headers=membership)
    at = soon(clock, minutes=70)
    await wanted(ben, "morning_plan", at)
    await fill(ben, at)
    travel(minutes=71)
    await settle()
    (told,) = await inbox(ben)
    await ben.send("POST", f"/notifications/{told['id']}/snooze", 200, json={"for": "10m"})
    (left,) = [
        each for each in (await ada.get("/members"))["items"] if each["user_id"] == str(ben.user_id)
    ]
    await ada.delete(f"/members/{left['id']}")
    travel(minutes=10)
    await settle()
    async with open_context(ada.kernel, workspace_id=UUID(home), scope=SYSTEM) as ctx:
        resting = select(Notification.snoozed_until).where(Notification.id == UUID(told["id"]))
        assert await ctx.session.scalar(resting) is not None


async def test_a_digest_that_is_hours_late_is_left_out(
    person: Person, settle: Step, clock: Clock, travel: Travel
) -> None:
    at = soon(clock, minutes=5)
    await wanted(person, "morning_plan", at)
    await fill(person, at)
    travel(hours=7)
    await settle()
    assert await inbox(person) == []
    assert (await alarms(person))["morning_plan"] == at + timedelta(days=1)


async def test_a_digest_moves_with_its_person_and_comes_once_for_a_day_that_is_lived_twice(
    person: Person, settle: Step, clock: Clock, travel: Travel
) -> None:
    await person.patch("/auth/me", time_zone="Pacific/Kiritimati")
    at = soon(clock, minutes=5)
    await wanted(person, "morning_plan", at.astimezone(ZoneInfo("Pacific/Kiritimati")))
    await fill(person, at)
    assert (await alarms(person))["morning_plan"] == at
    travel(minutes=6)
    await settle()
    assert len(await inbox(person)) == 1
    # The same clocks a day behind.
    await person.patch("/auth/me", time_zone="Pacific/Honolulu")
    await settle()
    assert (await alarms(person))["morning_plan"] == at + timedelta(days=1)
    travel(days=1)
    await settle()
    assert len(await inbox(person)) == 1, "this day was told where it began"
    travel(days=1)
    await settle()
    assert len(await inbox(person)) == 2


async def test_an_evening_says_what_was_done_what_is_left_and_what_comes(
    person: Person, clock: Clock
) -> None:
    now = clock()
    await fill(person, now)
    done = await person.post("/tasks", 201, title="Write")
    await person.post(f"/tasks/{done['id']}/complete")
    await person.post("/tasks", 201, title="Run", due=on(now + timedelta(days=1)))
    view = await person.get("/notifications/digests", kind="evening_record")
    assert view["title"] == "Today: 1 task done, 0 habits kept"
    assert {each["heading"]: each["lines"] for each in view["sections"]} == {
        "Done": ["Write"],
        "Habits to write down": ["Read"],
        "Still open": ["Old bill", "Call Ada", "Water the plants"],
        "Tomorrow": ["Run"],
    }


async def test_a_plan_names_appointments_with_what_the_day_asks_for_and_not_for_them_alone(
    person: Person, clock: Clock
) -> None:
    plan, record = "morning_plan", "evening_record"
    for days in (0, 1):
        body = {
            "title": f"Dentist {days}",
            "start": on(clock() + timedelta(days=days), time="00:00"),
        }
        await person.post("/calendar-events", 201, **body, duration_minutes=1_439)
    assert (await person.get("/notifications/digests", kind=plan))["empty"]
    await fill(person, clock())
    told = (await person.get("/notifications/digests", kind=plan))["sections"][0]
    assert told["lines"][:2] == ["00:00 Dentist 0", "23:59 Call Ada"]
    await person.post("/tasks", 201, title="Pills", due=on(clock(), time="00:30"))
    later = {"title": "Late", "start": on(clock(), time="00:45"), "duration_minutes": 5}
    await person.post("/calendar-events", 201, **later)
    told = (await person.get("/notifications/digests", kind=plan))["sections"][0]
    assert told["lines"][1:3] == ["00:30 Pills", "00:45 Late"]
    coming = (await person.get("/notifications/digests", kind=record))["sections"][-1]
    assert coming["lines"] == ["Dentist 1"]


async def test_a_weekly_digest_has_a_day_of_the_week_and_speaks_its_persons_language(
    person: Person, settle: Step, drain: Step, clock: Clock, travel: Travel
) -> None:
    await person.patch("/auth/me", locale="de")
    at = soon(clock, days=2)
    await wanted(person, "weekly_review", at, weekday=at.weekday())
    await person.patch(PATH, 422, times={"morning_plan": {"time": "07:30", "weekday": 1}})
    assert (await alarms(person))["weekly_review"] == at
    done = await person.post("/tasks", 201, title="Write")
    await person.post(f"/tasks/{done['id']}/complete")
    await drain()
    travel(days=2, minutes=2)
    await settle()
    (told,) = await inbox(person)
    assert told["title"] == "Deine Woche: 1 Aufgabe erledigt"
    assert told["sections"][0] == {
        "heading": "Diese sieben Tage",
        "lines": ["Du hast in dieser Woche 1 Aufgabe erledigt."],
    }
    assert (await alarms(person))["weekly_review"] == at + timedelta(days=7)


async def test_what_the_plan_of_the_morning_has_named_is_not_mailed_again_minutes_later(
    person: Person, there: Kernel, settle: Step, clock: Clock, travel: Travel
) -> None:
    await confirm_email(person)
    at = soon(clock, minutes=10)
    later = at + timedelta(minutes=1)
    await wanted(person, "morning_plan", at, "email")
    await person.patch(PATH, channels={"task_reminder": ["inbox", "email"]})
    whole = await person.post("/tasks", 201, title="Water the plants", due=on(at))
    timed = await person.post("/tasks", 201, title="Call", due=on(later, time=f"{later:%H:%M}"))
    await person.post("/reminders", 201, subject_id=whole["id"], time=f"{later:%H:%M}")
    await person.post("/reminders", 201, subject_id=timed["id"], minutes_before=0)
    travel(minutes=12)
    await settle()
    assert {each["title"] for each in await inbox(person)} >= {"Water the plants", "Call"}
    mailed = {each["kind"]: each["title"] for each in await send(there, person)}
    same_day = f"{at:%d}" == f"{later:%d}"
    assert len(mailed) == 2
    assert mailed["task_reminder"] == "Call" or not same_day


async def test_a_digest_is_mailed_whole_in_both_forms_after_quiet_hours(
    person: Person, there: Kernel, post: Post, settle: Step, clock: Clock, travel: Travel
) -> None:
    await confirm_email(person)
    at = soon(clock, minutes=5)
    ends = soon(clock, hours=2)
    await wanted(person, "morning_plan", at, "email")
    await person.patch(PATH, quiet_from=f"{at:%H:%M}", quiet_until=f"{ends:%H:%M}")
    await fill(person, at)
    travel(minutes=6)
    await settle()
    (held,) = await send(there, person)
    assert (held["status"], post.messages) == ("held", [])
    travel(hours=2)
    await send(there, person)
    (mail,) = post.messages
    assert mail["Subject"] == "Your day: 2 tasks, 1 habit"
    lines = part(mail, "plain").splitlines()
    assert lines[lines.index("Today") + 1 :][:2] == ["- 23:59 Call Ada", "- Water the plants"]
    html = part(mail, "html")
    assert "<li>Water the plants</li>" in html
    assert "/today" in html
    assert "&kind=morning_plan" in part(mail, "plain"), "a way out for those who read it"


async def test_a_report_is_mailed_at_its_time_with_its_sentences_and_leads_to_its_page(
    person: Person, there: Kernel, post: Post, settle: Step, clock: Clock, travel: Travel
) -> None:
    await confirm_email(person)
    await person.patch("/auth/me", locale="fr")
    done = await person.post("/tasks", 201, title="Write")
    await person.post(f"/tasks/{done['id']}/complete")
    await settle()
    travel(days=7)
    at = soon(clock, minutes=90)
    await wanted(person, "weekly_report", at, "inbox", "email", weekday=at.weekday())
    await report_all(person.kernel)
    await settle()
    (report,) = (await person.get("/reports", kind="week"))["items"]
    assert await alarms(person) == {"weekly_report": at} or len(await alarms(person)) > 1
    assert all(each["kind"] != "weekly_report" for each in await inbox(person))
    await person.patch(PATH, quiet_from=f"{at:%H:%M}", quiet_until=f"{soon(clock, hours=2):%H:%M}")
    travel(minutes=91)
    await settle()
    told = [each for each in await inbox(person) if each["kind"] == "weekly_report"]
    assert [each["subject_id"] for each in told] == [report["id"]]
    assert told[0]["title"].startswith("Bilan de la semaine :")
    assert "1 tâche" in told[0]["body"]
    travel(minutes=30)
    await send(there, person)
    (mail,) = post.messages
    assert f"/reports/{report['id']}" in part(mail, "plain")
    assert f"{told[0]['body']} [1]" in part(mail, "html").replace("&#39;", "'")
    assert "[1] tasks.done: 1" in part(mail, "plain"), "each number is cited"


async def test_a_report_comes_as_pdf_in_its_mail_if_wanted_and_says_where_it_is_if_it_cannot(
    person: Person, there: Kernel, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    await confirm_email(person)
    await person.patch("/auth/me", locale="de")
    at = {"time": "08:00", "pdf": True}
    await person.patch(PATH, 422, times={"morning_plan": at})
    chosen = await person.patch(PATH, channels={"monthly_report": ["email"]})
    assert (chosen["times"]["monthly_report"]["pdf"], chosen["sets_pdf"]) == (False, True)
    await mailed_report(person, there)
    await person.patch(PATH, times={"monthly_report": at})
    await mailed_report(person, there)
    monkeypatch.setattr(enclosing, "LARGEST_BYTES", 1)
    await mailed_report(person, there)
    monkeypatch.undo()
    monkeypatch.setitem(sys.modules, "typst", None)
    await mailed_report(person, there)
    without, whole, large, missing = post.messages
    assert list(without.iter_attachments()) == []
    (paper,) = whole.iter_attachments()
    assert paper.get_content_type() == "application/pdf"
    assert (paper.get_filename() or "").startswith("report-month-")
    text = PdfReader(io.BytesIO(paper.get_content())).pages[0].extract_text()
    assert "Keine Aufgabe wurde in diesem Monat erledigt." in text
    assert "Das PDF konnte nicht" not in part(whole, "html")
    for mail in (large, missing):
        assert list(mail.iter_attachments()) == []
        assert "Das PDF konnte nicht mit dieser Mail kommen" in part(mail, "html")
        assert "/reports/" in part(mail, "plain").partition("Das PDF konnte nicht")[2]


async def mailed_report(person: Person, there: Kernel) -> None:
    """Ask for the last month's report by mail, and let it go out."""
    await person.post("/notifications/digests", 204, kind="monthly_report")
    await send(there, person)


async def test_a_report_that_nobody_wants_is_kept_and_not_told(
    person: Person, settle: Step, travel: Travel
) -> None:
    kinds = ("weekly_report", "monthly_report", "yearly_report")
    await person.patch(PATH, channels={kind: [] for kind in kinds})
    done = await person.post("/tasks", 201, title="Write")
    await person.post(f"/tasks/{done['id']}/complete")
    await settle()
    travel(days=7)
    await report_all(person.kernel)
    await settle()
    assert len((await person.get("/reports", kind="week"))["items"]) == 1
    assert await alarms(person) == {}
    assert await inbox(person) == []
    await person.post("/notifications/digests", 204, kind="monthly_report")
    (told,) = await inbox(person)
    assert told["kind"] == "monthly_report"
