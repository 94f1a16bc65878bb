"""The page of what models do: who answers, what it costs, how far words travel, every call."""

from pathlib import Path

from playwright.async_api import expect

from tests.browser.conftest import MODEL, OpenProfile, Visit
from tests.browser.test_looks import flaws_of
from tests.fakes.vendors import FakeVendor, fails, says


async def test_without_a_model_the_page_says_so_and_how_to_connect_one(visit: Visit) -> None:
    visitor = await visit(width=360)
    await visitor.open("/settings/ai")
    page = visitor.page
    await expect(page.get_by_text("No model is connected.")).to_be_visible()
    await expect(page.get_by_text("No model was asked in these 30 days")).to_be_visible()
    await expect(page.get_by_text("Rules ask nobody.")).to_be_visible()
    await page.get_by_text("Connect a model").click()
    await expect(page.get_by_text('kind = "openai"')).to_be_visible()


async def test_each_call_shows_its_words_and_cost_and_limits_are_set_here(
    open_profile: OpenProfile, thinking_server: str, vendor: FakeVendor, artefacts: Path
) -> None:
    visitor = await open_profile(thinking_server)
    await visitor.register()
    vendor.will(fails(400), says("Walk ", "first."))
    talk = (await visitor.api("POST", "/conversations", {}))["id"]
    said = {"text": "Why do I never finish books?"}
    for _ in range(2):
        await visitor.api("POST", f"/conversations/{talk}/messages", said)

    await visitor.open("/settings/ai")
    page = visitor.page
    calls = page.locator("section").filter(has_text="Your calls")
    # One question the model rejects takes it from nobody: the next is answered.
    asked = calls.get_by_role("button", name="Coach")
    await expect(asked).to_have_count(2)
    await expect(asked.filter(has_text="would not take it")).to_have_count(1)
    await expect(asked.filter(has_text="answered")).to_have_count(1)
    assert await flaws_of(visitor, "settings-ai-asked", artefacts) == []

    await asked.first.press("Enter")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_text("Why do I never finish books?").first).to_be_visible()
    await expect(dialog.get_by_text(f"first/{MODEL}")).to_be_visible()
    assert await flaws_of(visitor, "ai-call", artefacts, widths=[360]) == []
    await page.keyboard.press("Escape")

    day = page.get_by_role("listitem").filter(has_text="You, today")
    await day.get_by_role("button", name="Limit").click()
    await page.get_by_label("At most, in dollars").fill("much")
    await expect(dialog.get_by_text("An amount such as")).to_be_visible()
    await page.get_by_label("At most, in dollars").fill("0.5")
    await page.get_by_role("button", name="Save").click()
    await expect(day.get_by_text("left of $0.50")).to_be_visible()

    await page.get_by_label("Rules only").check()
    await expect(page.get_by_text("Holds from the next question on.")).to_be_visible()
    assert (await visitor.api("GET", "/ai/privacy"))["dial"] == "rules_only"
