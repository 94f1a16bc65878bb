"""Choices made faster than the server answers: none is lost, and none takes another back."""

from __future__ import annotations

import asyncio

from playwright.async_api import Route, expect

from tests.browser.conftest import Visit

LATE_SECONDS = 0.6


async def test_choices_made_before_an_answer_all_count(visit: Visit) -> None:
    visitor = await visit()
    page = visitor.page
    task = await visitor.add_task("Choose the tiles")
    on_the_way = 0
    most = 0

    async def be_late(route: Route) -> None:
        nonlocal on_the_way, most
        if route.request.method == "PATCH":
            on_the_way += 1
            most = max(most, on_the_way)
            await asyncio.sleep(LATE_SECONDS)
            on_the_way -= 1
        await route.continue_()

    await visitor.open(f"/today?task={task['id']}")
    await page.get_by_label("Priority").wait_for()
    await page.route(f"**/api/v1/tasks/{task['id']}", be_late)
    await page.get_by_label("Priority").select_option("2")
    await page.get_by_label("Due: date").fill("2030-05-01")
    await page.get_by_label("Due: time").fill("09:30")
    for label in ("shopping", "car"):
        await page.get_by_label("Labels").fill(label)
        await page.keyboard.press("Enter")
    async with page.expect_response(lambda each: "deadline" in (each.request.post_data or "")):
        await page.get_by_label("Deadline").fill("2030-06-01")
        await page.keyboard.press("Tab")
        await expect(page.get_by_label("Due: date")).to_have_value("2030-05-01")
    found = (await visitor.tasks())["Choose the tiles"]
    assert found["due"] == {"kind": "floating", "date": "2030-05-01", "time": "09:30"}
    assert {label["name"] for label in found["labels"]} == {"shopping", "car"}
    assert found["priority"] == 2
    assert most == 1


async def test_what_waits_is_found_in_the_inbox(visit: Visit) -> None:
    visitor = await visit(width=360)
    body = {"title": "Permit", "state": "waiting", "waiting_for": "the office"}
    await visitor.api("POST", "/tasks", body)
    await visitor.open("/inbox")
    await visitor.page.get_by_text("Waiting", exact=True).click()
    await expect(visitor.row("Permit")).to_contain_text("the office")
