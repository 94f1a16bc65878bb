"""What people write beside their plans: notes, comments with mentions, templates."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.conftest import Visit

ATTACK = (
    "# Tiles\n**Matt** <img src=x onerror=\"document.title='owned'\"> "
    "[good](https://example.org/) [bad](javascript:alert(1)) ![](https://example.org/x.png)"
)


async def test_a_note_is_written_shown_safely_edited_thrown_away_and_restored(
    visit: Visit,
) -> None:
    visitor = await visit()
    page = visitor.page
    await visitor.open("/notes")
    await page.get_by_role("button", name="Write a note").first.click()
    await page.get_by_label("Title, if it needs one").fill("What we know")
    await page.get_by_label("Text", exact=False).last.fill(ATTACK)
    await page.get_by_role("button", name="Save").click()
    note = page.get_by_role("article", name="What we know")
    await expect(note.get_by_text("<img src=x")).to_be_visible()
    await expect(note.locator("strong")).to_have_text("Matt")
    await expect(note.locator("img")).to_have_count(0)
    links = note.locator(".markdown a")
    await expect(links).to_have_count(2)
    assert await links.first.get_attribute("rel") == "noopener noreferrer nofollow"
    assert "owned" not in await page.title()
    await page.get_by_role("button", name="Edit What we know").click()
    await page.get_by_label("Text", exact=False).last.fill("Sage")
    await page.get_by_role("button", name="Save").click()
    await expect(note.get_by_text("Sage")).to_be_visible()
    await page.get_by_role("button", name="Delete What we know").click()
    await expect(note).to_have_count(0)
    await visitor.open("/trash")
    await page.get_by_role("button", name="Restore").click()
    await visitor.open("/notes")
    await expect(note).to_be_visible()


async def test_a_member_is_called_by_choosing_a_name(visit: Visit) -> None:
    ada, grace = await visit(), await visit()
    team = await ada.api("POST", "/workspaces", {"name": "Crew"})
    await ada.api("POST", f"/workspaces/{team['id']}/switch")
    me = await grace.api("GET", "/auth/me")
    await grace.api("PATCH", "/auth/me", {"name": "Grace Hopper"})
    invitation = {"email": me["user"]["email"], "role": "member"}
    link = (await ada.api("POST", "/invitations", invitation))["accept_url"]
    await grace.api("POST", "/invitations/accept", {"token": link.rpartition("token=")[2]})
    task = await ada.add_task("Choose the tiles")
    await ada.open(f"/today?task={task['id']}")
    page = ada.page
    box = page.get_by_label("Your comment")
    await box.press_sequentially("Sage, @gra")
    offered = page.get_by_role("listbox", name="Members").get_by_role("option")
    await expect(offered).to_have_text("Grace Hopper")
    await page.keyboard.press("Enter")
    await expect(box).to_have_value("Sage, @Grace Hopper ")
    await page.get_by_role("button", name="Comment", exact=True).click()
    await expect(page.locator(".mention")).to_have_text("@Grace Hopper")
    said = (await grace.api("GET", f"/comments?task_id={task['id']}"))["items"]
    assert said[0]["mentions"] == [me["user"]["id"]]


async def test_a_template_is_written_as_an_outline_and_used(visit: Visit) -> None:
    visitor = await visit()
    page = visitor.page
    await visitor.open("/templates")
    await page.get_by_role("button", name="New template").click()
    await page.get_by_label("Name").fill("Trip")
    await page.get_by_label("Tasks, one on each line").fill("Pack +0\n  Passport\nLock up +1")
    await page.get_by_role("button", name="Save").click()
    await page.get_by_role("button", name="Use it").click()
    await page.get_by_role("button", name="Add the tasks").click()
    await expect(page.get_by_text("Added 3 tasks")).to_be_visible()
    await visitor.open("/today")
    await page.get_by_role("button", name="Pack", exact=True).click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("button", name="Passport", exact=True)).to_be_visible()
    await dialog.get_by_role("button", name="Duplicate").click()
    await expect(page.get_by_text("Duplicated “Pack”")).to_be_visible()
    tasks = (await visitor.api("GET", "/tasks"))["items"]
    assert sorted(task["title"] for task in tasks) == [
        "Lock up",
        "Pack",
        "Pack",
        "Passport",
        "Passport",
    ]
