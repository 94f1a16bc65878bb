"""Without a network: filters, templates, habits and repeating tasks say what is known of them."""

from __future__ import annotations

import asyncio
from pathlib import Path

from playwright.async_api import Route, expect

from tests.browser.conftest import Visit
from tests.browser.test_habits import habit_row
from tests.browser.test_looks import flaws_of
from tests.browser.test_offline import IS_SENT, bar, leave_network, settle_in


async def test_filters_are_asked_and_kept_offline(visit: Visit, artefacts: Path) -> None:
    visitor = await visit()
    page = visitor.page
    await visitor.add_task("Pay the rent", priority=1)
    known = await visitor.api("POST", "/filters", {"name": "Urgent", "query": "p1"})
    unread = await visitor.api("POST", "/filters", {"name": "Later", "query": "p4 by:ai"})
    await visitor.open(f"/filters/{known['id']}")
    await expect(visitor.row("Pay the rent")).to_be_visible()
    await settle_in(page)
    await leave_network(visitor)

    await visitor.open(f"/filters/{known['id']}")
    await expect(visitor.row("Pay the rent")).to_be_visible()
    await visitor.row("Pay the rent").get_by_role("checkbox").click()
    await expect(page.get_by_text("No task is found by", exact=False)).to_be_visible()
    await visitor.open(f"/filters/{unread['id']}")
    await expect(page.get_by_role("heading", name="Later")).to_be_visible()
    await expect(page.get_by_text("not on this device yet", exact=False)).to_be_visible()
    assert await flaws_of(visitor, "offline-filter", artefacts) == []
    await page.get_by_role("button", name="Edit the filter").click()
    await page.get_by_role("dialog").get_by_label("Name").fill("Someday")
    await page.get_by_role("dialog").get_by_role("button", name="Save").click()
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await visitor.open("/search")
    await page.get_by_label("Search", exact=True).fill("rent is:done p1")
    await expect(visitor.row("Pay the rent")).to_be_visible()
    await page.get_by_label("Search", exact=True).fill("rent by:me")
    await expect(page.get_by_text("needs the server", exact=False)).to_be_visible()
    await visitor.open("/filters")
    await page.get_by_role("button", name="In the side bar: Someday").click()
    await expect(page.get_by_role("link", name="Someday").first).to_be_visible()
    await expect(bar(page)).to_have_text("Offline: 3 changes waiting")

    await visitor.context.set_offline(False)
    await page.wait_for_function(IS_SENT)
    saved = await visitor.api("GET", f"/filters/{unread['id']}")
    assert (saved["name"], saved["favourite"]) == ("Someday", True)


async def test_a_template_is_written_and_used_offline(visit: Visit) -> None:
    visitor = await visit()
    page = visitor.page
    await visitor.open("/templates")
    await settle_in(page)
    await leave_network(visitor)
    await page.get_by_role("button", name="New template").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name").fill("Trip")
    await dialog.get_by_label("Tasks, one on each line").fill("Pack +0\n  Passport +1")
    await dialog.get_by_role("button", name="Save").click()
    await page.get_by_role("button", name="Use it").click()
    await dialog.get_by_role("button", name="Add the tasks").click()
    await expect(page.get_by_text("Added 2 tasks")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("heading", name="Trip")).to_be_visible()
    await visitor.open("/today")
    await expect(visitor.row("Pack")).to_be_visible()

    await visitor.context.set_offline(False)
    await page.wait_for_function(IS_SENT)
    tasks = await visitor.tasks()
    assert tasks["Passport"]["parent_id"] == tasks["Pack"]["id"]
    assert tasks["Pack"]["due"]["date"] == await visitor.today()
    (template,) = (await visitor.api("GET", "/templates"))["items"]
    assert [line["title"] for line in template["tasks"]] == ["Pack", "Passport"]


async def test_what_comes_again_is_done_offline_and_comes_back(
    visit: Visit, artefacts: Path
) -> None:
    visitor = await visit()
    page = visitor.page
    await visitor.add_task("Water the plants", repeat={"rule": "FREQ=DAILY"})
    await visitor.api("POST", "/habits", {"title": "Read"})
    await visitor.open("/today")
    await settle_in(page)
    await leave_network(visitor)
    await visitor.row("Water the plants").get_by_role("checkbox").click()
    await expect(bar(page)).to_have_text("Offline: 1 change waiting")
    habit = habit_row(visitor, "Read")
    await habit.get_by_role("checkbox").click()
    await expect(habit.get_by_role("checkbox")).to_be_checked()
    await expect(habit).to_contain_text("streak after sync")
    assert await flaws_of(visitor, "offline-again", artefacts) == []

    await visitor.context.set_offline(False)
    await page.wait_for_function(IS_SENT)
    await expect(habit_row(visitor, "Read")).to_contain_text("1 day in a row")
    following = (await visitor.tasks())["Water the plants"]
    assert following["due"]["date"] > await visitor.today()


async def test_a_deletion_that_an_edit_undid_is_shown_and_done_after_all(
    visit: Visit, artefacts: Path
) -> None:
    visitor = await visit()
    page = visitor.page
    saved = await visitor.api("POST", "/filters", {"name": "Urgent", "query": "p1"})
    await visitor.open("/filters")
    await settle_in(page)
    await leave_network(visitor)
    await page.get_by_role("button", name="Edit: Urgent").click()
    await page.get_by_role("dialog").get_by_label("Name").fill("Very urgent")
    await page.get_by_role("dialog").get_by_role("button", name="Save").click()
    await expect(bar(page)).to_have_text("Offline: 1 change waiting")

    await page.close()
    await visitor.context.set_offline(False)
    visitor.page = page = await visitor.new_tab("/favicon.svg")
    await visitor.api("DELETE", f"/filters/{saved['id']}")
    shown = asyncio.Event()

    async def come_late(route: Route) -> None:
        await shown.wait()
        await route.continue_()

    # Its name is known only when the lists of the side bar are read.
    await visitor.context.route("**/api/v1/filters*", come_late)
    await page.goto(f"{visitor.address}/settings/offline")
    card = page.get_by_role("region", name="Conflicts")
    await expect(card).to_contain_text("It was kept.")
    shown.set()
    await expect(card).to_contain_text("Very urgent")
    assert await flaws_of(visitor, "offline-deletion", artefacts) == []
    await card.get_by_role("button", name="Delete it after all").click()
    await expect(card).to_contain_text("No two devices have met")
    assert (await visitor.api("GET", "/filters"))["items"] == []


async def test_the_journal_is_written_offline_and_only_its_writer_gets_it(visit: Visit) -> None:
    visitor = await visit()
    page = visitor.page
    await visitor.open("/journal")
    await settle_in(page)
    await leave_network(visitor)
    await page.get_by_role("group", name="Mood").get_by_text("Good", exact=True).click()
    await page.get_by_label("What was it like?").fill("A walk in the rain")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("A walk in the rain")).to_be_visible()
    await visitor.open("/journal")
    await expect(page.get_by_text("A walk in the rain")).to_be_visible()
    await expect(page.get_by_role("heading", name="Mood, last")).to_be_visible()
    await expect(bar(page)).to_have_text("Offline: 1 change waiting")

    await visitor.context.set_offline(False)
    await page.wait_for_function(IS_SENT)
    (entry,) = (await visitor.api("GET", "/journal"))["items"]
    assert (entry["body"], entry["mood"]) == ("A walk in the rain", 4)
