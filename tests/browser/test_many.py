"""Many tasks at once: picked by keys, by clicks and by a finger, changed and taken back as one."""

from __future__ import annotations

from typing import Any

from playwright.async_api import expect

from tests.browser.conftest import Visit


async def test_what_is_picked_is_changed_as_one_and_taken_back_as_one(visit: Visit) -> None:
    visitor = await visit()
    page = visitor.page
    due = {"kind": "floating", "date": await visitor.today(), "time": "23:59"}
    for number in range(4):
        await visitor.add_task(f"Task {number}", due=due, labels=["errand"])
    await visitor.open("/today")
    await visitor.row("Task 0").click(modifiers=["ControlOrMeta"])
    await visitor.row("Task 2").click(modifiers=["Shift"])
    await visitor.row("Task 1").click()
    bar = page.get_by_role("toolbar", name="Change the selected tasks")
    await expect(bar).to_contain_text("2 tasks")
    await page.keyboard.press("p")
    await expect(bar.get_by_label("Priority")).to_be_focused()
    await bar.get_by_label("Day").select_option("Tomorrow")
    await expect(page.get_by_text("Moved 2 tasks to tomorrow")).to_be_visible()
    await expect(bar).to_be_hidden()
    moved = {title: task["due"] for title, task in (await visitor.tasks()).items()}
    assert moved["Task 0"] == moved["Task 2"] != due == moved["Task 1"]
    assert moved["Task 0"]["time"] == "23:59"
    await page.keyboard.press("z")
    await expect(page.get_by_text("Undone.")).to_be_visible()
    assert {str(task["due"]) for task in (await visitor.tasks()).values()} == {str(due)}

    await visitor.row("Task 3").click(modifiers=["ControlOrMeta"])
    await bar.get_by_label("Label").select_option("remove:errand")
    await expect(page.get_by_text("Took “errand” off 1 task")).to_be_visible()
    assert (await visitor.tasks())["Task 3"]["labels"] == []


async def test_a_finger_that_rests_on_a_row_picks_it(visit: Visit) -> None:
    visitor = await visit(width=360)
    page = visitor.page
    for title in ("One", "Two"):
        await visitor.add_task(title)
    await visitor.open("/today")
    place = await visitor.row("One").bounding_box()
    assert place is not None
    finger: Any = await visitor.context.new_cdp_session(page)
    points = [{"x": place["x"] + 90, "y": place["y"] + 12}]
    await finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": points})
    bar = page.get_by_role("toolbar", name="Change the selected tasks")
    await expect(bar).to_contain_text("1 task")
    await finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    await visitor.row("Two").get_by_role("button").tap()
    await expect(bar).to_contain_text("2 tasks")
    await bar.get_by_label("Clear the selection").tap()
    await visitor.row("Two").get_by_role("button").tap()
    await expect(page.get_by_role("dialog")).to_be_visible()
