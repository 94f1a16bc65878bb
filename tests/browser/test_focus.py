"""A timer in the browser: started from a task, seen on every page, corrected in the day's list."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.conftest import OpenProfile, Visit
from tests.browser.test_offline import IS_SENT, bar, leave_network, settle_in


async def test_a_timer_is_started_from_a_task_seen_everywhere_and_corrected(visit: Visit) -> None:
    visitor = await visit(width=360)
    page = visitor.page
    task = (await visitor.api("POST", "/tasks", {"title": "Write the report"}))["id"]
    await visitor.open(f"/today?task={task}")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Start timer").click()
    await expect(dialog.get_by_role("button", name="Stop timer")).to_be_visible()
    await visitor.open("/habits")
    timer = page.get_by_role("region", name="Timer")
    await expect(timer).to_contain_text("Write the report")
    await timer.get_by_role("button", name="Pause the timer").press("Enter")
    await timer.get_by_role("button", name="Go on with the timer").press("Enter")
    await timer.get_by_role("button", name="Stop the timer").press("Enter")
    await expect(timer).to_have_count(0)
    await visitor.open("/time")
    await page.get_by_role("button", name="Correct “Write the report”").click()
    await page.get_by_label("Note").fill("First draft")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("main")).to_contain_text("First draft")
    await page.get_by_role("button", name="Delete “Write the report”").click()
    await expect(page.get_by_role("main")).to_contain_text("The sessions of this day")
    await page.get_by_role("button", name="Undo").click()
    await expect(page.get_by_role("main")).to_contain_text("First draft")


async def test_a_timer_on_a_habit_stops_the_one_that_runs_and_says_so(visit: Visit) -> None:
    visitor = await visit()
    page = visitor.page
    habit = {"title": "Cello", "type": "duration", "target": 20}
    made = await visitor.api("POST", "/habits", habit)
    await visitor.api("POST", "/focus/start", {"note": "Sorting mail"})
    await visitor.open(f"/habits/{made['id']}")
    timer = page.get_by_role("region", name="Timer")
    await expect(timer).to_contain_text("Sorting mail")
    await page.get_by_role("button", name="Start timer").click()
    await expect(timer).to_contain_text("Cello")
    await expect(page.get_by_text("“Sorting mail” stopped after")).to_be_visible()


async def test_time_is_written_down_for_a_task_and_given_to_a_habit_later(visit: Visit) -> None:
    visitor = await visit()
    page = visitor.page
    await visitor.api("POST", "/tasks", {"title": "Sharpen the chisels"})
    habit = {"title": "Cello", "type": "duration", "target": 20}
    await visitor.api("POST", "/habits", habit)
    await visitor.api("POST", "/habits", {"title": "Cello case shut"})
    await visitor.open("/time")
    await page.get_by_role("button", name="Write down time").click()
    given = page.get_by_role("combobox", name="Given to")
    await given.fill("chis")
    await expect(page.get_by_role("option", name="Sharpen the chisels")).to_be_visible()
    await given.press("Enter")
    await page.get_by_role("button", name="Write down", exact=True).click()
    await page.get_by_role("button", name="Correct “Sharpen the chisels”").click()
    await given.fill("cel")
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.get_by_role("option", name="Cello").click()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("button", name="Correct “Cello”")).to_be_visible()


async def test_a_timer_runs_offline_and_makes_way_for_a_later_one(
    visit: Visit, open_profile: OpenProfile
) -> None:
    visitor = await visit()
    other = await open_profile(visitor.address)
    await other.sign_in_as(visitor)
    page = visitor.page
    task = (await visitor.api("POST", "/tasks", {"title": "Write the report"}))["id"]
    await visitor.open("/time")
    await settle_in(page)
    await leave_network(visitor)
    await visitor.open(f"/today?task={task}")
    await page.get_by_role("dialog").get_by_role("button", name="Start timer").click()
    await expect(
        page.get_by_role("dialog").get_by_role("button", name="Stop timer")
    ).to_be_visible()
    await visitor.open("/time")
    timer = page.get_by_role("region", name="Timer")
    await timer.get_by_role("button", name="Pause the timer").click()
    await timer.get_by_role("button", name="Go on with the timer").click()
    gone_on = await page.evaluate("Date.now()")
    await page.get_by_role("button", name="Write down time").click()
    await page.get_by_label("Note").fill("Mail")
    await page.get_by_role("button", name="Write down", exact=True).click()
    await expect(page.get_by_role("main")).to_contain_text("Mail")
    await expect(bar(page)).to_have_text("Offline: 4 changes waiting")
    await page.reload()
    await expect(timer).to_contain_text("Write the report")
    # Whole seconds are kept, and the other one has to be later.
    await page.wait_for_function("since => Date.now() > since + 1000", arg=gone_on)
    await other.api("POST", "/focus/start", {"note": "Tea"})
    await visitor.context.set_offline(False)
    await page.wait_for_function(IS_SENT)
    await expect(timer).to_contain_text("Tea")
    found = (await visitor.api("GET", "/focus"))["items"]
    assert {each["note"] or each["task_title"]: each["state"] for each in found} == {
        "Tea": "running",
        "Write the report": "over",
        "Mail": "over",
    }
