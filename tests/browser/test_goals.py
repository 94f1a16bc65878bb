"""Goals on their path and the coming days, by keyboard and by hand."""

from __future__ import annotations

from datetime import date, timedelta

from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.lives import live, settle


async def test_a_lost_path_is_eased_walked_and_looked_back_on(visit: Visit) -> None:
    visitor = await visit()
    life = await live(visitor)
    page = visitor.page
    await visitor.open(f"/goals/{life.path}")
    card = page.get_by_role("region", name="Path")
    await expect(card.get_by_text("Off the path", exact=True)).to_be_visible()
    await expect(card.get_by_text("put you back on the path.")).to_be_visible()
    await expect(card.get_by_role("img")).to_have_accessible_name(
        "6 of 20 runs. Off the path for 13 days. That happens; here is the way back."
    )

    await card.get_by_role("button", name="Change the path").click()
    await page.get_by_label("Target (runs)").fill("1")
    await page.get_by_role("dialog").get_by_role("button", name="Change the path").click()
    await expect(page.get_by_text("it does not lead back")).to_be_visible()
    await page.get_by_label("Target (runs)").fill("18")
    await page.get_by_role("dialog").get_by_role("button", name="Change the path").click()
    await expect(card.get_by_text("6 of 18 runs")).to_be_visible()

    number = card.get_by_label("Add (runs)")
    await number.fill("14")
    await number.press("Enter")
    await expect(card.get_by_text("Ahead", exact=True)).to_be_visible()
    await page.keyboard.press("Tab")
    await page.locator("body").click(position={"x": 700, "y": 5})
    await page.keyboard.press("z")
    await expect(card.get_by_text("Off the path", exact=True)).to_be_visible()

    await card.get_by_role("button", name="Rest and go on").click()
    await expect(card.get_by_text("On the path", exact=True)).to_be_visible()
    await card.get_by_role("button", name="End this season").click()
    await page.get_by_label("What did this season bring?").fill("Rain is no excuse.")
    await page.get_by_label("Put it away").check(force=True)
    await page.get_by_role("dialog").get_by_role("button", name="Put it away").click()
    await page.wait_for_url("**/goals")
    kept = await visitor.api("GET", f"/goals/{life.path}")
    assert kept["archived_at"] is not None
    visitor.forgive("422")


async def test_a_task_moves_to_another_day_by_keyboard(visit: Visit) -> None:
    visitor = await visit()
    today = date.fromisoformat(await visitor.today())
    soon = (today + timedelta(days=3)).isoformat()
    await visitor.add_task("Book a table", due={"kind": "date", "date": soon})
    await visitor.open("/today")
    await visitor.page.keyboard.press("g")
    await visitor.page.keyboard.press("u")
    await visitor.page.wait_for_url("**/upcoming")
    await settle(visitor)
    button = visitor.page.get_by_role("button", name="Move Book a table to another day")
    await button.focus()
    await visitor.page.keyboard.press("Enter")
    await visitor.page.get_by_role("dialog").get_by_role("button", name="Tomorrow").click()
    day = today + timedelta(days=1)
    tomorrow = visitor.page.get_by_role("region", name=f"{day:%A} {day.day} {day:%B}")
    await expect(tomorrow.get_by_text("Book a table")).to_be_visible()
    assert (await visitor.tasks())["Book a table"]["due"]["date"] == day.isoformat()
