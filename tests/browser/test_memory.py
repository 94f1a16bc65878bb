"""The page of what is remembered: everything with its source, corrected, erased, switched off."""

from playwright.async_api import expect

from tests.browser.conftest import Visit


async def test_memory_is_read_corrected_and_erased_by_its_person(visit: Visit) -> None:
    visitor = await visit()
    await visitor.open("/settings/memory")
    page = visitor.page
    await page.get_by_label("Something to remember").fill("I live in Bremen")
    await page.get_by_role("button", name="Remember").click()
    fact = page.get_by_role("listitem").filter(has_text="I live in Bremen")
    await expect(fact).to_contain_text("From your own hand")

    await page.get_by_label("See what would go along").fill("Where do I live?")
    await page.get_by_role("button", name="Ask", exact=True).click()
    await expect(page.get_by_role("status").filter(has_text="Because of “live”")).to_be_visible()

    await page.get_by_role("button", name="Correct I live in Bremen").click()
    await page.get_by_label("What holds").fill("I live in Kiel")
    await page.get_by_role("dialog").get_by_role("button", name="Save").click()
    await expect(page.get_by_role("button", name="Correct I live in Kiel")).to_be_visible()
    await page.get_by_role("button", name="Earlier").click()
    await expect(page.get_by_role("listitem").filter(has_text="I live in Bremen")).to_be_visible()

    await page.get_by_role("button", name="Holds now").click()
    await page.get_by_role("button", name="Erase I live in Kiel").click()
    await page.get_by_role("dialog").get_by_role("button", name="Erase").click()
    await expect(page.get_by_text("will be here, each with where it comes from")).to_be_visible()


async def test_memory_is_switched_off_in_one_place(visit: Visit) -> None:
    visitor = await visit()
    await visitor.open("/settings/memory")
    page = visitor.page
    await page.get_by_label("Learn from what I say and do").uncheck()
    await expect(page.get_by_text("nothing is learnt or used")).to_be_visible()
    asked = await visitor.api("GET", "/memory/profile")
    assert asked["enabled"] is False
