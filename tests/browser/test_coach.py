"""A conversation with the coach: by rules, and with a model that speaks from another machine."""

import asyncio
import re
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.browser.conftest import OpenProfile, Visit
from tests.browser.test_looks import flaws_of
from tests.browser.visitor import Visitor
from tests.fakes.vendors import NAMING, End, FakeVendor, Reply, says
from tests.programs import eventually

QUESTION = "Why do I never finish books?"


@pytest.fixture
async def thinker(open_profile: OpenProfile, thinking_server: str, vendor: FakeVendor) -> Visitor:
    """Somebody in front of the coach, where a model is connected."""
    visitor = await open_profile(thinking_server)
    await visitor.register()
    # The first to look waits until the library of the vendor is loaded, and who comes after many
    # failures until the model is asked again.
    await eventually(lambda: is_asked(visitor))
    vendor.forget()
    await visitor.open("/coach")
    return visitor


async def is_asked(visitor: Visitor) -> bool:
    """Tell whether the coach would ask the model now."""
    health = await visitor.api("GET", "/health")
    status = await visitor.api("GET", "/ai/status")
    parts = {part["name"]: part["state"] for part in health["components"]}
    rungs = [rung["state"] for chain in status["chains"] for rung in chain["rungs"]]
    return parts["ai first"] == "ok" and set(rungs) == {"ready"}


async def asked(vendor: FakeVendor) -> None:
    """Wait until a question has arrived."""

    async def arrived() -> int:
        return vendor.asked

    await eventually(arrived)


async def say(page: Page, text: str) -> None:
    await page.get_by_label("Say something").fill(text)
    await page.keyboard.press("Enter")


def answer(page: Page) -> Locator:
    """The last thing the coach has said."""
    return page.get_by_role("article", name="Coach").last


async def test_without_a_key_what_is_asked_for_becomes_a_proposal_to_accept(visit: Visit) -> None:
    visitor = await visit(width=360)
    await visitor.open("/coach")
    page = visitor.page
    await say(page, "Remind me to call mum tomorrow at 9")
    await expect(answer(page)).to_contain_text("built-in coach, no model")
    await expect(page.get_by_label("Say something")).to_have_value("")
    await expect(page.get_by_label("Say something")).to_be_focused()
    assert await visitor.tasks() == {}
    await page.get_by_role("button", name="Do it").click()
    await expect(page.get_by_text("Done. You can undo it.")).to_be_visible()
    assert list(await visitor.tasks()) == ["Call mum"]
    await page.reload()
    await expect(page.get_by_text("Done. You can undo it.")).to_be_visible()


async def test_who_is_in_need_gets_a_card_and_is_asked_for_no_opinion(
    visit: Visit, artefacts: Path
) -> None:
    visitor = await visit(width=360)
    await visitor.open("/coach")
    page = visitor.page
    await say(page, "I want to end my life")
    card = answer(page).get_by_role("region")
    await expect(card).to_contain_text("112")
    await expect(answer(page).get_by_role("button", name="Good", exact=True)).to_have_count(0)
    assert await flaws_of(visitor, "coach-care", artefacts, widths=[360]) == []


async def test_what_rules_answer_although_a_model_is_connected_says_why(
    thinker: Visitor, vendor: FakeVendor
) -> None:
    vendor.will(Reply(refusal="No."))
    await say(thinker.page, QUESTION)
    await expect(answer(thinker.page)).to_contain_text("built-in coach")
    await expect(answer(thinker.page)).to_contain_text("The model refused.")


async def test_stopped_in_the_middle_an_answer_stays_as_far_as_it_was_said(
    thinker: Visitor, vendor: FakeVendor
) -> None:
    page = thinker.page
    # The last word is held back until it is whole.
    vendor.will(says("Walk ", "**first** ", "and", end=End.HANG))
    await say(page, QUESTION)
    await expect(answer(page).get_by_text("first", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Stop").click()
    for _ in range(2):
        await expect(answer(page)).to_contain_text("Walk first")
        await expect(answer(page)).to_contain_text("stopped")
        await expect(page.get_by_role("button", name="Send")).to_be_visible()
        await page.reload()


async def test_stopped_before_a_word_a_message_can_be_answered_later(
    thinker: Visitor, vendor: FakeVendor
) -> None:
    page = thinker.page
    vendor.will(says(end=End.HANG, before=60))
    await say(page, QUESTION)
    await asked(vendor)
    await page.get_by_role("button", name="Stop").click()
    vendor.will(says("Read less."))
    await page.get_by_role("button", name="Answer it").click()
    await expect(answer(page)).to_contain_text("Read less.")


async def test_answers_and_wordings_stand_beside_each_other_and_the_better_is_picked(
    thinker: Visitor, vendor: FakeVendor, artefacts: Path
) -> None:
    page = thinker.page
    vendor.behind[NAMING] = says('{"title": "Unfinished books"}')
    vendor.will(says("Read less."), says("Sleep earlier."), says("Buy a lamp."))
    await say(page, QUESTION)
    await expect(answer(page)).to_contain_text("Read less.")
    named = page.get_by_role("complementary", name="Conversations")
    await expect(named.get_by_role("link", name="Unfinished books")).to_be_visible()
    await page.get_by_role("button", name="Ask again").click()
    await expect(answer(page)).to_contain_text("Sleep earlier.")
    assert await flaws_of(thinker, "coach-picking", artefacts, widths=[360]) == []
    await page.get_by_role("button", name="The one before was").click()
    await expect(answer(page)).to_contain_text("Read less.")
    await expect(page.get_by_text("Is this better")).to_have_count(0)
    (picked,) = (await thinker.api("GET", "/feedback?kind=pick"))["items"]
    assert picked["rejected_id"] != picked["generation_id"]

    await page.get_by_role("button", name="Edit", exact=True).first.click()
    await page.get_by_label("Say it differently").fill("Why do I read at night?")
    await page.get_by_role("button", name="Send").first.click()
    await expect(answer(page)).to_contain_text("Buy a lamp.")
    await page.get_by_label("Wording 1 of 2").click()
    await expect(page.get_by_role("article", name="You")).to_contain_text(QUESTION)
    await expect(answer(page)).to_contain_text("Sleep earlier.")


async def test_a_branch_that_cannot_be_shown_is_said(thinker: Visitor, vendor: FakeVendor) -> None:
    page = thinker.page
    vendor.will(says("Read less."), says("Sleep earlier."))
    await say(page, QUESTION)
    await page.get_by_role("button", name="Ask again").click()
    await expect(page.get_by_label("Answer 2 of 2")).to_have_attribute("aria-current", "true")
    await thinker.context.set_offline(True)
    await page.get_by_label("Answer 1 of 2").click()
    await expect(page.get_by_role("alert").filter(has_text="could not be reached")).to_be_visible()
    read, shown = asyncio.Event(), asyncio.Event()

    async def come_late(route: Route) -> None:
        if route.request.method == "GET":
            response = await route.fetch()
            read.set()
            await shown.wait()
            await route.fulfill(response=response)
        else:
            await route.continue_()

    # The page reads the conversation again, and hears of how it was when it is so no more.
    await page.route(re.compile(r"/conversations/[\w-]+$"), come_late)
    await thinker.context.set_offline(False)
    await read.wait()
    await page.get_by_label("Answer 1 of 2").click()
    await expect(answer(page)).to_contain_text("Read less.")
    async with page.expect_response(re.compile(r"/conversations/[\w-]+$")):
        shown.set()
    await page.evaluate("new Promise((done) => setTimeout(done))")
    await expect(answer(page)).to_contain_text("Read less.")
    thinker.forgive("ERR_INTERNET_DISCONNECTED")


async def test_an_opinion_is_given_read_and_erased_and_consent_is_asked_for(
    thinker: Visitor, vendor: FakeVendor, artefacts: Path
) -> None:
    page = thinker.page
    vendor.will(says("Read less."))
    await say(page, QUESTION)
    await answer(page).get_by_role("button", name="Not good").click()
    await answer(page).get_by_role("button", name="Say more").click()
    await answer(page).get_by_role("button", name="2 of 5").click()
    await answer(page).get_by_label("What was good or not?").fill("Too short")
    wording = answer(page).get_by_label("How should it have read?")
    await expect(wording).to_have_value("Read less.")
    await wording.fill("Read ten pages a day.")
    await answer(page).get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Thank you. It is kept for you alone.")).to_be_visible()
    await page.reload()
    pressed = answer(page).get_by_role("button", name="Not good")
    await expect(pressed).to_have_attribute("aria-pressed", "true")

    await thinker.open("/settings/feedback")
    given = page.get_by_role("listitem")
    await expect(given.filter(has_text="“Too short”")).to_contain_text("Not good")
    await expect(given.filter(has_text="2 of 5 stars")).to_be_visible()
    await expect(given.filter(has_text="Edited by you")).to_be_visible()
    assert await flaws_of(thinker, "feedback-given", artefacts, widths=[360]) == []
    await given.filter(has_text="“Too short”").get_by_role("button", name="Erase").click()
    await expect(given.filter(has_text="“Too short”")).to_have_count(0)
    consent = page.get_by_label("be learnt from")
    await expect(consent).not_to_be_checked()
    await consent.check()
    await expect(page.get_by_text("It may be learnt from.")).to_be_visible()
    assert (await thinker.api("GET", "/feedback/consent"))["consent"] is True
