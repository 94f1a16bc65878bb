"""Every page, on a phone and a desktop, light and dark: it fits, and everybody can read it."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest

from selfos.edge.pages import STATIC
from tests.browser.conftest import PICTURES_ARE_KEPT, OpenProfile, Visit
from tests.browser.lives import live, settle
from tests.browser.visitor import HEIGHTS, Transferred, Visitor

AXE = Path(__file__).parents[2] / "web/node_modules/axe-core/axe.min.js"
GUEST_PAGES = {
    "login": "/login",
    "register": "/register",
    "forgotten": "/forgot-password",
    "reset": "/reset-password?token=invented",
    "confirm": "/confirm-email",
    "unsubscribe": "/unsubscribe?token=invented&kind=morning_plan",
    "invitation": "/accept-invitation?token=invented",
}
RUN_AXE = """async (rules) => (await axe.run(document, {
  resultTypes: ["violations"], ...(rules ? { runOnly: rules } : {}),
})).violations.map((found) => `${found.id}: ${found.nodes.map(
  (node) => `${node.target.join(" ")} (${node.any.map((each) => each.message).join(" ")})`,
).join(", ")}`)"""
OVERFLOW = """() => {
  const room = document.documentElement.clientWidth;
  const over = document.documentElement.scrollWidth - room;
  const out = over > 0 ? [...document.querySelectorAll("body *")] : [];
  const reach = (each) => each.getBoundingClientRect().right;
  const widest = out.reduce((most, each) => (reach(each) >= reach(most) ? each : most), out[0]);
  return over > 0 ? `${over} px too wide: ${widest.outerHTML.slice(0, 200)}` : "";
}"""
# A word of a title is on one line, unless no phone has room for it.
TORN = """(longest) => [...document.querySelectorAll("h1")].flatMap((title) => {
  const texts = document.createTreeWalker(title, NodeFilter.SHOW_TEXT);
  const torn = [];
  for (let text; (text = texts.nextNode());) for (const found of text.data.matchAll(/\\S+/g)) {
    const { 0: word, index } = found;
    const range = document.createRange();
    range.setStart(text, index);
    range.setEnd(text, index + word.length);
    const lines = new Set([...range.getClientRects()].map((each) => Math.round(each.top)));
    if (lines.size > 1 && word.length <= longest) torn.push(word);
  }
  return torn;
}).join(", ")"""
LONGEST_WORD = 20
# A desktop that is zoomed to 400 % is as narrow (WCAG 1.4.10).
NARROWEST = 320
# What is drawn by its width learns of it a frame after the page has another, and draws in the next.
DRAWN = """async (frames) => {
  await document.fonts.ready;
  for (let frame = 0; frame < frames; frame++) await new Promise(requestAnimationFrame);
  const ends = document.getAnimations().filter(
    (each) => each.effect?.getComputedTiming().endTime !== Infinity);
  await Promise.allSettled(ends.map((each) => each.finished));
}"""

# Between light and dark nothing differs but colour.
SCHEMES: tuple[tuple[Literal["light", "dark"], list[str] | None], ...] = (
    ("light", None),
    ("dark", ["color-contrast"]),
)

FIRST_LOAD_JS, ROUTE_JS, ALL_CSS = 80_000, 30_000, 15_000
FIRST_LOAD = 180_000


async def flaws_of(
    visitor: Visitor, name: str, artefacts: Path, *, widths: Iterable[int] = HEIGHTS
) -> list[str]:
    """What is wrong with the page that is open, at any width and in any light."""
    flaws: list[str] = []
    page = visitor.page
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    for width in widths:
        await page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        await page.evaluate(DRAWN, 2)
        if over := await page.evaluate(OVERFLOW):
            flaws.append(f"{name} at {width}: {over}")
        if torn := await page.evaluate(TORN, LONGEST_WORD):
            flaws.append(f"{name} at {width}: a title breaks inside of {torn}")
        for scheme, rules in SCHEMES:
            await page.emulate_media(color_scheme=scheme)
            await page.evaluate(DRAWN, 1)
            found: list[str] = await page.evaluate(RUN_AXE, rules)
            flaws.extend(f"{name} at {width} {scheme}: {violation}" for violation in found)
            if PICTURES_ARE_KEPT:
                picture = artefacts / f"{name}-{width}-{scheme}.jpg"
                await page.screenshot(path=picture, quality=70)
    return flaws


def assert_none(flaws: list[str]) -> None:
    """Fail with every flaw in full: the page, the width, the light, and what is wrong there."""
    if flaws:
        pytest.fail("\n".join([f"{len(flaws)} flaws:", *flaws]))


async def test_every_page_fits_and_is_accessible(visit: Visit, artefacts: Path) -> None:
    visitor = await visit()
    life = await live(visitor)
    flaws: list[str] = []
    for name, path in life.pages().items():
        await visitor.open(path)
        await settle(visitor)
        flaws += await flaws_of(visitor, name, artefacts)
        await visitor.page.set_viewport_size({"width": NARROWEST, "height": HEIGHTS[360]})
        await visitor.page.evaluate(DRAWN, 2)
        if over := await visitor.page.evaluate(OVERFLOW):
            flaws.append(f"{name} at {NARROWEST}: {over}")
    visitor.forgive("404")
    visitor.forgive("/filters/preview")
    assert_none(flaws)


async def test_every_guest_page_fits_and_is_accessible(
    open_profile: OpenProfile, server: str, artefacts: Path
) -> None:
    visitor = await open_profile(server)
    flaws: list[str] = []
    for name, path in GUEST_PAGES.items():
        await visitor.open(path)
        flaws += await flaws_of(visitor, name, artefacts)
    assert_none(flaws)


async def test_every_page_says_something_when_empty(visit: Visit, artefacts: Path) -> None:
    visitor = await visit(width=360)
    flaws: list[str] = []
    plain = "today upcoming inbox goals habits areas progress reports filters search stories notes"
    for name in [*plain.split(), "templates", "history", "trash"]:
        await visitor.open(f"/{name}")
        await settle(visitor)
        flaws += await flaws_of(visitor, f"empty-{name}", artefacts, widths=[360])
    assert_none(flaws)


async def test_dialogs_fit_and_are_accessible(visit: Visit, artefacts: Path) -> None:
    visitor = await visit()
    await visitor.open("/goals?new")
    await settle(visitor)
    flaws = await flaws_of(visitor, "new-goal", artefacts)
    await visitor.page.get_by_text("Measure it with a number").click()
    flaws += await flaws_of(visitor, "new-measured-goal", artefacts)
    await visitor.open("/habits?new")
    await settle(visitor)
    flaws += await flaws_of(visitor, "new-habit", artefacts)
    for name, keys in {"palette": "Control+k", "shortcuts": "?"}.items():
        await visitor.open("/today")
        await visitor.page.keyboard.press(keys)
        await visitor.page.get_by_role("dialog").wait_for()
        flaws += await flaws_of(visitor, name, artefacts)
    assert_none(flaws)


def size(body: bytes) -> int:
    """The bytes a file takes on the wire."""
    return len(gzip.compress(body, 9))


def assets(suffix: str) -> Iterator[tuple[str, int]]:
    for path in sorted((STATIC / "assets").glob(f"*{suffix}")):
        yield path.name, size(path.read_bytes())


async def test_first_load_stays_within_its_budget(visit: Visit) -> None:
    visitor = await visit()
    first = Transferred(visitor.page)
    await visitor.open("/today")
    await settle(visitor)
    scripts = await first.bodies(".js")
    styles = await first.bodies(".css")
    fonts = await first.bodies(".woff2")
    assert scripts
    assert styles
    script_bytes = sum(map(size, scripts.values()))
    font_bytes = sum(map(len, fonts.values()))
    style_bytes = sum(map(size, styles.values()))
    assert script_bytes <= FIRST_LOAD_JS
    assert style_bytes <= ALL_CSS
    assert script_bytes + style_bytes + font_bytes <= FIRST_LOAD


def test_no_chunk_of_a_route_exceeds_its_budget() -> None:
    index = (STATIC / "index.html").read_text(encoding="utf-8")
    lazy = {name: amount for name, amount in assets(".js") if name not in index}
    assert lazy
    assert {name: amount for name, amount in lazy.items() if amount > ROUTE_JS} == {}
    assert sum(amount for _, amount in assets(".css")) <= ALL_CSS


LAYOUT_SHIFT = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 200);
})"""


@pytest.mark.parametrize("width", HEIGHTS)
async def test_the_page_does_not_jump_while_it_loads(visit: Visit, width: int) -> None:
    visitor = await visit(width=width)
    await live(visitor)
    await visitor.open("/today")
    await settle(visitor)
    shift: Any = await visitor.page.evaluate(LAYOUT_SHIFT)
    assert shift < 0.05
