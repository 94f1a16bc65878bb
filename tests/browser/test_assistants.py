"""An assistant from outside: let in, heard, decided about, and shown out."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.assistant import call_tools
from tests.browser.conftest import Visit


async def test_what_an_assistant_proposes_is_looked_at_changed_made_and_undone(
    visit: Visit,
) -> None:
    visitor = await visit()
    page = visitor.page
    task = await visitor.add_task("Call the plumber")
    old = await visitor.add_task("Sell the bike")
    await visitor.open("/settings/assistants")
    await page.get_by_label("What you call it").fill("Robin")
    await page.get_by_role("combobox", name="Habits").select_option("Nothing")
    await page.get_by_role("button", name="Make the token").click()
    token = await page.get_by_label("The new token").input_value()
    config = page.get_by_role("region", name="the settings over HTTP")
    await expect(config).to_contain_text(f"{visitor.address}/mcp")
    await expect(config).to_contain_text(token)
    await call_tools(
        visitor.address,
        token,
        ("create_project", {"name": "Winter garden", "reason": "You asked for it."}),
        ("update_task", {"task_id": task["id"], "priority": 1}),
        ("delete_task", {"task_id": old["id"]}),
    )
    await visitor.open("/today")
    await page.get_by_role("link", name="Add “Winter garden” and 2 more").click()
    await expect(page.get_by_text("Proposed by the assistant you call “Robin”")).to_be_visible()
    await expect(page.get_by_text("You asked for it.")).to_be_visible()
    await page.get_by_role("checkbox", name="Puts into the trash the task Sell the bike").uncheck()
    await page.get_by_role("textbox", name="Title").fill("Summer garden")
    await page.get_by_role("button", name="Make the changes").click()
    await expect(page.get_by_text("Made 2 changes")).to_be_visible()
    projects = (await visitor.api("GET", "/projects"))["items"]
    assert [project["name"] for project in projects] == ["Summer garden"]
    assert (await visitor.api("GET", f"/tasks/{task['id']}"))["priority"] == 1
    assert (await visitor.api("GET", f"/tasks/{old['id']}"))["deleted_at"] is None
    await page.get_by_role("button", name="Undo").first.click()
    await expect(page.get_by_text("Waiting for your decision")).to_be_visible()
    assert (await visitor.api("GET", "/projects"))["items"] == []


async def test_an_assistant_is_shown_out(visit: Visit) -> None:
    visitor = await visit()
    page = visitor.page
    consent = {"tasks": "act", "overview": "read"}
    await visitor.api("POST", "/auth/tokens", {"name": "Robin", "consent": consent})
    await visitor.open("/settings/assistants")
    await expect(page.get_by_text("acts on tasks; reads overview")).to_be_visible()
    await page.get_by_role("button", name="Revoke Robin").click()
    await expect(page.get_by_text("Robin is out.")).to_be_visible()
    sessions = (await visitor.api("GET", "/auth/sessions"))["items"]
    assert [session["kind"] for session in sessions] == ["web"]
