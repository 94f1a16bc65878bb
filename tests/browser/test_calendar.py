"""Appointments beside tasks: added, reminded of, changed once or from then on, and taken back."""

from pathlib import Path

from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.test_looks import assert_none, flaws_of
from tests.browser.test_offline import IS_SENT, bar, leave_network, settle_in


async def test_an_appointment_is_kept_by_keyboard_and_changed_once(
    visit: Visit, artefacts: Path
) -> None:
    visitor = await visit()
    today = (await visitor.api("GET", "/today"))["date"]
    at = {"kind": "floating", "date": today, "time": "18:00"}
    await visitor.add_task("Call the bank", due=at)
    await visitor.open("/upcoming?new")
    page = visitor.page
    await page.get_by_label("What", exact=True).fill("Choir")
    await page.get_by_label("Begins: time", exact=True).fill("19:00")
    await page.get_by_role("combobox", name="Repeats", exact=True).select_option("Every day")
    await page.get_by_role("button", name="Save").press("Enter")
    days = page.get_by_role("button", name="Choir")
    await expect(days).to_have_count(14)
    # In order of time, after the task of that day.
    rows = page.get_by_role("listitem").filter(has_text="19:00–20:00")
    await expect(rows.first).to_be_visible()

    await days.nth(1).press("Enter")
    await page.get_by_label("Remind me").select_option("30 minutes before it starts")
    await expect(page.get_by_role("button", name="Take this reminder away")).to_be_visible()
    assert_none(await flaws_of(visitor, "appointment", artefacts))
    await page.get_by_label("What", exact=True).fill("Concert")
    await page.get_by_role("button", name="Save").press("Enter")
    await expect(days).to_have_count(13)

    await days.nth(1).press("Enter")
    await page.get_by_label("Change or delete").select_option("This and those that follow")
    await page.get_by_role("dialog").get_by_role("button", name="Delete").press("Enter")
    await expect(days).to_have_count(1)
    await page.keyboard.press("z")
    await expect(days).to_have_count(13)

    await visitor.open("/today")
    plans = page.get_by_role("list", name="Today", exact=True).get_by_role("listitem")
    await expect(plans).to_have_count(2)
    await expect(plans.nth(1)).to_contain_text("Choir")
    await plans.nth(1).get_by_role("button").press("Enter")
    await page.get_by_label("Change or delete").select_option("All of them")
    await page.get_by_role("dialog").get_by_role("button", name="Delete").press("Enter")
    await expect(plans).to_have_count(1)
    await visitor.open("/trash")
    await expect(page.get_by_text("Appointment, deleted")).to_be_visible()


async def test_appointments_are_kept_offline_and_reach_the_server(visit: Visit) -> None:
    visitor = await visit()
    page, dialog = visitor.page, visitor.page.get_by_role("dialog")
    await visitor.open("/upcoming")
    await settle_in(page)
    await leave_network(visitor)
    await page.get_by_role("button", name="Add an appointment").click()
    await page.get_by_label("What", exact=True).fill("Choir")
    await page.get_by_role("combobox", name="Repeats", exact=True).select_option("Every day")
    await page.get_by_role("button", name="Save").click()
    days = page.get_by_role("button", name="Choir")
    await expect(days).to_have_count(14)
    await days.nth(2).click()
    await page.get_by_label("What", exact=True).fill("Concert")
    await page.get_by_role("button", name="Save").click()
    await expect(days).to_have_count(13)
    await days.nth(5).click()
    await page.get_by_label("Change or delete").select_option("This and those that follow")
    await dialog.get_by_role("button", name="Delete").click()
    await expect(days).to_have_count(5)
    await expect(bar(page)).to_have_text("Offline: 3 changes waiting")
    await page.reload()
    await expect(days).to_have_count(5)
    await visitor.context.set_offline(False)
    await page.wait_for_function(IS_SENT)
    await expect(days).to_have_count(5)
    found = (await visitor.api("GET", "/calendar-events/occurrences"))["items"]
    assert [each["title"] for each in found] == ["Choir"] * 2 + ["Concert"] + ["Choir"] * 3
