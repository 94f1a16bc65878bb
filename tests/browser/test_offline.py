"""Without a network: the app opens, shows and takes what is done, and tells the server once."""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from playwright.async_api import Locator, Page, Route, expect

from selfos.edge.pages import STATIC
from tests.browser.conftest import OpenProfile, Visit
from tests.browser.lives import live
from tests.browser.test_looks import flaws_of
from tests.browser.visitor import Visitor

IS_COPIED = "() => JSON.parse(localStorage.getItem('selfos.copy') ?? '{}').complete === true"
IS_KEPT = "async () => (await navigator.serviceWorker.ready).active.state === 'activated'"
LEFT_BEHIND = """async () => {
  const kept = await Promise.all((await caches.keys()).map(async (name) =>
    (await (await caches.open(name)).keys()).map((request) => new URL(request.url).pathname)));
  return {
    databases: (await indexedDB.databases()).map((each) => each.name),
    stored: Object.keys(localStorage),
    cached: kept.flat(),
  };
}"""
GO_ONLINE = "dispatchEvent(new Event('online'))"
SYNC = "**/api/v1/sync"
IS_SENT = "() => JSON.parse(localStorage.getItem('selfos.copy')).waiting === 0"
# What a browser says when there is no network, no session, or a server that fails.
TROUBLE = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "401", "503", "/api/v1/live")


async def settle_in(page: Page) -> None:
    """Wait until this device could go on alone."""
    await page.wait_for_function(IS_COPIED)
    await page.wait_for_function(IS_KEPT)


async def leave_network(visitor: Visitor) -> None:
    visitor.tolerated = TROUBLE
    await visitor.context.set_offline(True)
    await expect(bar(visitor.page)).to_contain_text("Offline")


def bar(page: Page) -> Locator:
    return page.locator(".shell [role=status] .bar")


async def add(page: Page, title: str) -> None:
    box = page.get_by_role("textbox", name="New task").first
    await box.fill(title)
    await box.press("Enter")
    await box.press("Escape")
    await expect(page.get_by_role("checkbox", name=title)).to_be_visible()


async def test_what_is_done_offline_is_shown_and_reaches_the_server_once(
    visit: Visit, artefacts: Path
) -> None:
    visitor = await visit()
    page = visitor.page
    await visitor.add_task("Call Mum")
    await visitor.open("/today")
    await settle_in(page)
    await leave_network(visitor)

    await add(page, "Buy milk")
    await page.get_by_role("button", name="Buy milk", exact=True).click()
    title = page.get_by_role("dialog").get_by_label("Title")
    await title.fill("Buy oat milk")
    await title.press("Tab")
    await page.keyboard.press("Escape")
    await page.get_by_role("checkbox", name="Call Mum").click()
    await expect(bar(page)).to_have_text("Offline: 3 changes waiting")

    await page.reload()
    await expect(bar(page)).to_have_text("Offline: 3 changes waiting")
    assert await flaws_of(visitor, "offline", artefacts) == []
    other = await visitor.new_tab("/today")
    for tab in (page, other):
        await expect(tab.get_by_role("checkbox", name="Buy oat milk")).not_to_be_checked()
        await expect(tab.get_by_role("checkbox", name="Call Mum")).to_be_checked()
        await expect(bar(tab)).to_have_text("Offline: 3 changes waiting")

    await visitor.context.set_offline(False)
    for tab in (page, other, page):
        await tab.evaluate(GO_ONLINE)
    for tab in (page, other):
        await tab.wait_for_function(IS_SENT)
        await expect(bar(tab)).to_have_count(0)
        await expect(tab.get_by_role("checkbox", name="Buy oat milk")).not_to_be_checked()
    everything = await visitor.api("GET", "/tasks")
    done = await visitor.api("GET", "/tasks?completed=true")
    assert [task["title"] for task in everything["items"]] == ["Buy oat milk"]
    assert [task["title"] for task in done["items"]] == ["Call Mum"]


async def test_pages_open_offline_and_show_the_rows_of_this_device(visit: Visit) -> None:
    visitor = await visit()
    page = visitor.page
    life = await live(visitor)
    await visitor.open("/today")
    await settle_in(page)
    seen: dict[str, str] = {}
    paths = [f"/goals/{life.goal}", f"/projects/{life.project}", f"/areas/{life.area}", "/inbox"]
    for path in ("/today", "/goals", "/areas", *paths):
        await visitor.open(path)
        seen[path] = await page.locator("main h1").inner_text()
    await leave_network(visitor)
    for path, heading in seen.items():
        await visitor.open(path)
        await expect(page.locator("main h1")).to_have_text(heading, use_inner_text=True)
        await expect(page.get_by_text("could not be loaded")).to_have_count(0)
    await visitor.open("/stories")
    await expect(page.get_by_text("SelfOS could not be reached.", exact=False)).to_be_visible()


async def test_undo_takes_back_what_has_not_been_sent(visit: Visit) -> None:
    visitor = await visit()
    page = visitor.page
    await visitor.add_task("Call Mum")
    await visitor.open("/today")
    await settle_in(page)
    await leave_network(visitor)
    await page.get_by_role("checkbox", name="Call Mum").click()
    await expect(bar(page)).to_have_text("Offline: 1 change waiting")
    await expect(page.get_by_role("button", name="Undo")).to_be_visible()
    await page.keyboard.press("z")
    await expect(page.get_by_role("checkbox", name="Call Mum")).not_to_be_checked()
    await expect(bar(page)).to_contain_text("you see what was last read here")


async def test_changes_are_kept_while_the_server_fails(visit: Visit) -> None:
    visitor = await visit()
    page = visitor.page
    await visitor.open("/today")
    await settle_in(page)
    await leave_network(visitor)
    await add(page, "Buy milk")

    async def fail(route: Route) -> None:
        await route.fulfill(status=503, json={"detail": "Not now."})

    await page.route(SYNC, fail)
    await visitor.context.set_offline(False)
    await expect(bar(page)).to_have_text("1 change waiting for the server")
    await expect(page.get_by_role("checkbox", name="Buy milk")).to_be_visible()
    assert await visitor.tasks() == {}
    await page.unroute(SYNC)
    await expect(bar(page)).to_have_count(0)
    assert list(await visitor.tasks()) == ["Buy milk"]


async def test_two_tabs_offline_see_each_others_changes(visit: Visit) -> None:
    visitor = await visit()
    await visitor.add_task("Call Mum")
    await visitor.open("/today")
    await settle_in(visitor.page)
    other = await visitor.new_tab("/today")
    await expect(other.get_by_role("checkbox", name="Call Mum")).to_be_visible()
    await leave_network(visitor)
    await expect(bar(other)).to_be_visible()
    await add(visitor.page, "Buy milk")
    await expect(other.get_by_role("checkbox", name="Buy milk")).to_be_visible()


async def test_what_the_server_refuses_is_shown_and_let_go(visit: Visit, artefacts: Path) -> None:
    visitor = await visit()
    page = visitor.page
    parent = await visitor.add_task("Plan the party")
    await visitor.open(f"/today?task={parent['id']}")
    await settle_in(page)
    await leave_network(visitor)
    box = page.get_by_role("dialog").get_by_role("textbox", name="New task")
    await box.fill("Invite everybody")
    await box.press("Enter")
    await page.keyboard.press("Escape")
    await expect(bar(page)).to_have_text("Offline: 1 change waiting")

    # On another device the party is over before this one is heard of.
    await page.close()
    await visitor.context.set_offline(False)
    await visitor.context.route(SYNC, lambda route: route.abort())
    visitor.page = await visitor.new_tab("/favicon.svg")
    await visitor.api("POST", f"/tasks/{parent['id']}/complete")
    await visitor.context.unroute(SYNC)
    await visitor.open("/today")
    page = visitor.page
    await expect(bar(page)).to_contain_text("1 change was refused")
    await page.get_by_role("button", name="Look at it").click()
    sheet = page.get_by_role("dialog")
    await expect(sheet).to_contain_text("Add “Invite everybody”")
    await expect(sheet).to_contain_text("The parent is settled; reopen it first.")
    assert await flaws_of(visitor, "refused", artefacts) == []
    await sheet.get_by_role("button", name="Discard").click()
    await expect(sheet).to_contain_text("Nothing is refused any more.")
    await page.keyboard.press("Escape")
    await expect(bar(page)).to_have_count(0)


async def test_a_conflict_is_shown_with_both_values_and_restored(
    visit: Visit, open_profile: OpenProfile, artefacts: Path
) -> None:
    phone = await visit(width=360)
    task = await phone.add_task("Call Mum")
    desk = await open_profile(phone.address)
    await desk.sign_in_as(phone)
    await phone.open(f"/today?task={task['id']}")
    await settle_in(phone.page)
    await leave_network(phone)
    title = phone.page.get_by_role("dialog").get_by_label("Title")
    await title.fill("Call Dad")
    await title.press("Tab")
    await phone.page.keyboard.press("Escape")
    await expect(bar(phone.page)).to_have_text("Offline: 1 change waiting")
    await desk.api("PATCH", f"/tasks/{task['id']}", {"title": "Call Gran"})
    await phone.context.set_offline(False)
    await phone.page.wait_for_function(IS_SENT)
    await expect(phone.page.get_by_role("checkbox", name="Call Gran")).to_be_visible()

    await desk.open("/settings/offline")
    card = desk.page.get_by_role("region", name="Conflicts")
    await expect(card).to_contain_text("Call Gran")
    await expect(card).to_contain_text("Call Dad")
    assert await flaws_of(desk, "conflicts", artefacts) == []
    await card.get_by_role("button", name="Restore").click()
    await expect(card).to_contain_text("No two devices have met")
    assert list(await desk.tasks()) == ["Call Dad"]


async def test_signing_out_leaves_nothing_on_the_device(visit: Visit) -> None:
    visitor = await visit()
    page = visitor.page
    await visitor.add_task("A private matter")
    await visitor.open("/today")
    await settle_in(page)
    other = await visitor.new_tab("/today")
    await settle_in(other)
    await leave_network(visitor)
    await add(page, "Another private matter")
    await page.route(SYNC, lambda route: route.fulfill(status=503))
    await other.route(SYNC, lambda route: route.fulfill(status=503))
    await visitor.context.set_offline(False)

    await page.get_by_role("button", name="Sign out").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("1 change has not reached the server.")
    await dialog.get_by_role("button", name="Stay signed in").click()
    await expect(page.get_by_role("checkbox", name="Another private")).to_be_visible()
    await page.get_by_role("button", name="Sign out").click()
    await dialog.get_by_role("button", name="Sign out and lose it").click()
    for tab in (page, other):
        await expect(tab.get_by_role("button", name="Sign in")).to_be_visible()
    left = await page.evaluate(LEFT_BEHIND)
    assert left["databases"] == []
    assert left["stored"] == []
    assert [path for path in left["cached"] if not path.startswith("/assets/")] == [
        "/",
        "/favicon.svg",
    ]
    await visitor.context.set_offline(True)
    await page.goto(visitor.address + "/today")
    await expect(page.get_by_text("A private matter")).to_have_count(0)
    await expect(page.get_by_text("SelfOS could not be reached.", exact=False)).to_be_visible()


async def test_another_person_never_sees_what_the_last_one_left(
    visit: Visit,
) -> None:
    visitor = await visit()
    await visitor.add_task("A private matter")
    await visitor.open("/today")
    await settle_in(visitor.page)
    mine = (await visitor.page.evaluate(LEFT_BEHIND))["databases"]
    assert len(mine) == 1
    # The session ends without a word: the cookie is gone, and somebody else signs in.
    await visitor.context.clear_cookies()
    await visitor.register("Grace Hopper")
    await visitor.open("/today")
    await settle_in(visitor.page)
    databases = (await visitor.page.evaluate(LEFT_BEHIND))["databases"]
    assert len(databases) == 1
    assert databases != mine
    await leave_network(visitor)
    await visitor.page.reload()
    await expect(visitor.page.get_by_text("Grace")).not_to_have_count(0)
    await expect(visitor.page.get_by_text("A private matter")).to_have_count(0)


async def test_what_was_not_sent_outlives_a_session_out_of_sight(visit: Visit) -> None:
    visitor = await visit()
    page = visitor.page
    await visitor.open("/today")
    await settle_in(page)
    await leave_network(visitor)
    await add(page, "A private matter")
    await visitor.context.clear_cookies()
    await visitor.context.set_offline(False)
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    await visitor.context.set_offline(True)
    await page.reload()
    await expect(page.get_by_text("SelfOS could not be reached.", exact=False)).to_be_visible()
    await expect(page.get_by_text("A private matter")).to_have_count(0)
    await visitor.context.set_offline(False)
    await visitor.sign_in_as(visitor)
    await visitor.open("/today")
    await expect(page.get_by_role("checkbox", name="A private matter")).to_be_visible()
    await settle_in(page)
    await page.wait_for_function(IS_SENT)
    assert list(await visitor.tasks()) == ["A private matter"]


@contextmanager
def next_build() -> Generator[None]:
    """Let the server offer a newer program, as an upgrade does."""
    worker = STATIC / "sw.js"
    before = worker.read_text(encoding="utf-8")
    worker.write_text(re.sub(r'"selfos-build-\w+"', '"selfos-build-next"', before), "utf-8")
    try:
        yield
    finally:
        worker.write_text(before, "utf-8")


async def test_an_open_tab_survives_an_update(visit: Visit) -> None:
    visitor = await visit()
    page = visitor.page
    await visitor.open("/today")
    await settle_in(page)
    await visitor.open("/today")
    with next_build():
        await page.evaluate("navigator.serviceWorker.getRegistration().then((it) => it.update())")
        await expect(page.get_by_text("SelfOS was updated.", exact=False)).to_be_visible()
        caches = await page.evaluate("caches.keys()")
        assert len(caches) == 2
        # Its own parts are kept, also those it has not needed yet.
        await leave_network(visitor)
        await page.keyboard.press("g")
        await page.keyboard.press("a")
        await expect(page.get_by_role("heading", name="Life areas")).to_be_visible()
        await page.reload()
        await expect(page.get_by_role("heading", name="Life areas")).to_be_visible()
        await visitor.context.set_offline(False)


async def test_what_comes_after_a_repeating_task_is_there_at_once_and_once_only(
    visit: Visit, artefacts: Path
) -> None:
    visitor = await visit(width=360)
    page = visitor.page
    await visitor.add_task("Call Mum", repeat={"rule": "FREQ=WEEKLY"})
    await visitor.open("/upcoming")
    await settle_in(page)
    await leave_network(visitor)
    box = page.get_by_role("checkbox", name="Call Mum")
    await box.click()
    await expect(box).to_have_count(2)
    await expect(box.last).not_to_be_checked()
    await page.screenshot(path=artefacts / "repeating-offline-360.png", full_page=True)
    await box.last.click()
    await expect(bar(page)).to_contain_text("2 changes waiting")
    await visitor.context.set_offline(False)
    await page.evaluate(GO_ONLINE)
    await page.wait_for_function(IS_SENT)
    await expect(bar(page)).to_have_count(0)
    done_ones = (await visitor.api("GET", "/tasks?completed=true"))["items"]
    (waiting,) = (await visitor.api("GET", "/tasks"))["items"]
    assert len({task["slot"] for task in [*done_ones, waiting]}) == len(done_ones) + 1 == 3
    assert (await visitor.api("GET", "/sync/conflicts"))["items"] == []
