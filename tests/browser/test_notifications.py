"""Reminders and notifications in the browser: set in a task, told live, let rest, chosen."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.test_looks import flaws_of
from tests.browser.test_offline import IS_SENT, leave_network, settle_in
from tests.browser.visitor import PATIENCE_MS, Visitor

# Whether this device's copy holds one reminder.
ONE_IS_KEPT = """async () => {
  const { name } = JSON.parse(localStorage.getItem("selfos.copy"));
  const asked = (request) => new Promise((done) => {
    request.onsuccess = () => done(request.result);
  });
  const copy = await asked(indexedDB.open(name));
  const rows = await asked(copy.transaction("rows").objectStore("rows").getAll());
  copy.close();
  return rows.filter((row) => row.entity === "reminder").length === 1;
}"""


async def remind_now(visitor: Visitor, title: str) -> None:
    """Set a reminder whose moment has just passed: it comes at once."""
    task = (await visitor.api("POST", "/tasks", {"title": title}))["id"]
    moment = datetime.now(UTC) - timedelta(minutes=1)
    at = {"anchor": "at", "on_date": f"{moment:%Y-%m-%d}", "time": f"{moment:%H:%M}", "zone": "UTC"}
    await visitor.api("POST", "/reminders", {"subject_id": task, **at})


async def test_a_reminder_is_set_in_a_task_and_taken_away_also_offline(visit: Visit) -> None:
    visitor = await visit()
    day = f"{datetime.now(UTC) + timedelta(days=3):%Y-%m-%d}"
    due = {"kind": "floating", "date": day, "time": "17:00"}
    task = await visitor.api("POST", "/tasks", {"title": "Call Ada", "due": due})
    await visitor.open(f"/today?task={task['id']}")
    dialog = visitor.page.get_by_role("dialog")
    await dialog.get_by_label("Remind me").select_option("30 minutes before it is due")
    row = dialog.get_by_role("listitem").filter(has_text="30 minutes before it is due")
    await expect(row).to_contain_text("16:30")
    await dialog.get_by_label("Remind me").select_option("at a time of its own…")
    await dialog.get_by_label("Time", exact=True).last.fill("08:15")
    await dialog.get_by_role("button", name="Remind me").click()
    await expect(dialog.get_by_role("listitem").filter(has_text="08:15").first).to_be_visible()
    await row.get_by_role("button", name="Take this reminder away").click()
    await expect(row).to_have_count(0)
    await settle_in(visitor.page)
    await visitor.page.wait_for_function(ONE_IS_KEPT)
    await leave_network(visitor)
    await dialog.get_by_label("Remind me").select_option("an hour before it is due")
    later = dialog.get_by_role("listitem").filter(has_text="an hour before it is due")
    await expect(later).to_contain_text("16:00")
    own = dialog.get_by_role("listitem").filter(has_text="08:15")
    await own.get_by_role("button", name="Take this reminder away").click()
    await expect(own).to_have_count(0)
    await visitor.context.set_offline(False)
    await visitor.page.wait_for_function(IS_SENT)
    (kept,) = (await visitor.api("GET", f"/reminders?subject_id={task['id']}"))["items"]
    assert kept["minutes_before"] == 60


async def test_a_reminder_is_set_on_the_page_of_a_goal(visit: Visit) -> None:
    visitor = await visit()
    ends = f"{datetime.now(UTC) + timedelta(days=60):%Y-%m-%d}"
    goal = await visitor.api("POST", "/goals", {"title": "Speak Spanish", "target_date": ends})
    await visitor.open(f"/goals/{goal['id']}")
    card = visitor.page.get_by_role("region", name="Reminders")
    await card.get_by_label("Remind me").select_option("7 days before it is due")
    row = card.get_by_role("listitem").filter(has_text="7 days before it is due")
    await expect(row).to_contain_text("08:00")


async def test_notifications_come_live_rest_and_are_read(visit: Visit, artefacts: Path) -> None:
    visitor = await visit()
    await visitor.open("/inbox")
    page = visitor.page
    await remind_now(visitor, "Call Ada")
    tab = page.get_by_role("button", name="Notifications")
    await expect(tab).to_contain_text("1")
    await remind_now(visitor, "Write to Bob")
    await expect(tab).to_contain_text("2")
    await tab.click()
    ada = page.get_by_role("listitem").filter(has_text="Call Ada")
    await expect(ada).to_contain_text("You asked to be reminded.")
    assert await flaws_of(visitor, "notifications", artefacts) == []
    await ada.get_by_label("rest").select_option("Tomorrow")
    await expect(ada).to_contain_text("Rests until tomorrow")
    await expect(tab).to_contain_text("1")
    await page.get_by_role("button", name="Read all").click()
    await expect(tab).not_to_contain_text("1")


async def test_one_chooses_what_is_told_how_and_when(visit: Visit, artefacts: Path) -> None:
    visitor = await visit()
    await visitor.open("/settings/notifications")
    page = visitor.page
    mail = page.get_by_label("Reminders of tasks: E-mail")
    await expect(mail).not_to_be_checked()
    await mail.check()
    await page.get_by_label("Reminders of tasks: Push").uncheck()
    await page.get_by_label("Hold what is sent").check()
    await page.get_by_label("From", exact=True).fill("21:30")
    await page.get_by_label("Review of the week: Inbox").check()
    await page.get_by_label("Review of the week: day").select_option("Friday")
    await page.get_by_role("button", name="Show me the review of the week").click()
    await expect(page.get_by_text("There is nothing to say now")).to_be_visible()
    await page.get_by_text("What was sent").click()
    await expect(page.get_by_text("Nothing has left by mail, push or chat yet.")).to_be_visible()
    await expect(page.get_by_text("Not confirmed yet")).to_be_visible()
    assert await flaws_of(visitor, "settings-notifications", artefacts) == []
    await visitor.open("/settings/notifications")
    await expect(page.get_by_label("Reminders of tasks: E-mail")).to_be_checked()
    await expect(page.get_by_label("Reminders of tasks: Push")).not_to_be_checked()
    await expect(page.get_by_label("From", exact=True)).to_have_value("21:30")
    await expect(page.get_by_label("Review of the week: day")).to_have_value("4")


async def test_a_push_is_shown_by_the_service_worker(visit: Visit, server: str) -> None:
    visitor = await visit()
    page = visitor.page
    await visitor.context.grant_permissions(["notifications"], origin=server)
    await visitor.open("/today")
    await page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    session: Any = await visitor.context.new_cdp_session(page)
    registered: asyncio.Queue[str] = asyncio.Queue()

    def hear(told: dict[str, list[dict[str, str]]]) -> None:
        for each in told["registrations"]:
            registered.put_nowait(each["registrationId"])

    session.on("ServiceWorker.workerRegistrationUpdated", hear)
    await session.send("ServiceWorker.enable")
    registration = await asyncio.wait_for(registered.get(), PATIENCE_MS / 1_000)
    told = {"id": "one", "title": "Call Ada", "body": "Due today", "link": f"{server}/goals?x=1"}
    await session.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": server, "registrationId": registration, "data": json.dumps(told)},
    )
    shown = await page.evaluate(
        """async () => {
          const registration = await navigator.serviceWorker.getRegistration();
          for (;;) {
            const [note] = await registration.getNotifications();
            if (note) return [note.title, note.body, note.data];
            await new Promise((resolve) => setTimeout(resolve, 50));
          }
        }"""
    )
    assert shown == ["Call Ada", "Due today", "/goals?x=1"]
