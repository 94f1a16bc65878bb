"""Habits in the browser: ticked, measured, skipped, corrected, all of it by keys too."""

from __future__ import annotations

from datetime import date, timedelta

from playwright.async_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor


def habit_row(visitor: Visitor, title: str) -> Locator:
    return visitor.page.locator(".habit").filter(has_text=title)


async def test_the_first_habit_is_accepted_from_the_example(visit: Visit) -> None:
    visitor = await visit(width=360)
    await visitor.open("/habits")
    await visitor.page.get_by_role("button", name="read 20 minutes").click()
    row = habit_row(visitor, "Read before sleep")
    await expect(row).to_contain_text("0 / 20 min")
    for shown in ("5 / 20 min", "10 / 20 min"):
        await row.get_by_role("button", name="Record 5 min").click()
        await expect(row).to_contain_text(shown)
    await row.get_by_role("button", name="Take the last record").click()
    await expect(row).to_contain_text("5 / 20 min")


async def test_a_habit_is_made_in_the_dialog_and_ticked_by_keys(visit: Visit) -> None:
    visitor = await visit()
    page = visitor.page
    await visitor.open("/today")
    await page.keyboard.press("g")
    await page.keyboard.press("h")
    await page.get_by_role("button", name="Add a habit").first.click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("What do you want to do").fill("Run")
    await dialog.get_by_label("How often").select_option("week")
    await dialog.get_by_role("spinbutton", name="Times").fill("3")
    for place, time in enumerate(("19:30", "07:00"), start=1):
        await dialog.get_by_role("button", name="Add a time").click()
        await dialog.get_by_label(f"Reminder {place}", exact=True).fill(time)
    await dialog.get_by_label("Forgive forgotten days").check()
    await dialog.get_by_label("At most so many a month").fill("3")
    await dialog.get_by_label("Hours to record yesterday").fill("24")
    await dialog.get_by_role("button", name="Add the habit").click()
    row = habit_row(visitor, "Run")
    await expect(row).to_contain_text("0 / 3")
    (made,) = (await visitor.api("GET", "/habits"))["items"]
    assert made["reminder_times"] == ["07:00", "19:30"]
    assert (made["auto_skip"], made["skip_budget"], made["grace_hours"]) == (True, 3, 24)
    await page.keyboard.press("j")
    await page.keyboard.press("e")
    await expect(row.get_by_role("checkbox")).to_be_checked()
    await expect(row).to_contain_text("1 / 3")
    await page.keyboard.press("z")
    await expect(row.get_by_role("checkbox")).not_to_be_checked()
    await expect(row).to_contain_text("0 / 3")


async def test_a_skip_keeps_the_streak_and_moves_the_picture(visit: Visit) -> None:
    visitor = await visit()
    made = await visitor.api("POST", "/habits", {"title": "Read", "grace_hours": 0})
    today = date.fromisoformat(await visitor.today())
    for ago in (2, 1):
        day = (today - timedelta(days=ago)).isoformat()
        await visitor.api("POST", f"/habits/{made['id']}/check-ins", {"day": day})
    await visitor.open("/habits")
    row = habit_row(visitor, "Read")
    await expect(row).to_contain_text("2 days in a row")
    await row.get_by_role("button", name="Skip Read today").click()
    await expect(row).to_contain_text("skipped")
    await expect(row).to_contain_text("2 days in a row")
    picture = visitor.page.get_by_role("img", name="Read, 3 days: 2 done, 1 skipped.")
    await expect(picture).to_be_visible()


async def test_yesterday_is_recorded_from_today(visit: Visit) -> None:
    visitor = await visit()
    today = date.fromisoformat(await visitor.today())
    yesterday = (today - timedelta(days=1)).isoformat()
    habit = {"title": "Read", "grace_hours": 36, "start_day": yesterday}
    await visitor.api("POST", "/habits", habit)
    await visitor.open("/today")
    prompt = visitor.page.get_by_text("Yesterday can still be recorded")
    await expect(prompt).to_be_visible()
    await visitor.page.get_by_role("button", name="Read", exact=True).click()
    await expect(prompt).to_be_hidden()
    await expect(habit_row(visitor, "Read")).to_contain_text("1 day in a row")


async def test_a_day_is_corrected_and_the_numbers_follow(visit: Visit) -> None:
    visitor = await visit(width=360)
    page = visitor.page
    today = date.fromisoformat(await visitor.today())
    start = (today - timedelta(days=1)).isoformat()
    habit = {"title": "Water", "type": "at_least", "target": 8, "start_day": start}
    made = await visitor.api("POST", "/habits", {**habit, "grace_hours": 0})
    await visitor.open(f"/habits/{made['id']}")
    await page.get_by_role("button", name=today.strftime("%A %-d %B")).click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Amount").fill("8.5")
    await dialog.get_by_role("button", name="Record").click()
    await expect(dialog.get_by_role("listitem")).to_contain_text("8.5")
    await page.keyboard.press("Escape")
    await expect(page.get_by_text("1 day in a row").first).to_be_visible()
    await expect(page.get_by_role("button", name="done, 8.5")).to_be_visible()


async def test_all_habits_are_paused_and_gone_on_with(visit: Visit) -> None:
    visitor = await visit(width=360)
    page = visitor.page
    today = date.fromisoformat(await visitor.today())
    days = [(today - timedelta(days=ago)).isoformat() for ago in (3, 2, 1)]
    habit = {"title": "Read", "start_day": days[0], "grace_hours": 0}
    made = await visitor.api("POST", "/habits", habit)
    await visitor.open("/habits")
    await page.get_by_role("button", name="Pauses").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("From").fill(days[1])
    await dialog.get_by_label("Because").fill("holiday")
    await dialog.get_by_role("button", name="Pause", exact=True).click()
    await expect(dialog.get_by_role("listitem")).to_contain_text("until further notice · holiday")
    await page.keyboard.press("Escape")
    await expect(page.get_by_text("All habits are paused until further notice")).to_be_visible()
    await expect(habit_row(visitor, "Read")).to_contain_text("paused")
    await page.get_by_role("button", name="Go on today").click()
    await expect(habit_row(visitor, "Read")).not_to_contain_text("paused")
    history = await visitor.api("GET", f"/habits/{made['id']}/history")
    verdicts = [day["verdict"] for day in history["days"]]
    assert verdicts == ["missed", "paused", "paused", "open"]
