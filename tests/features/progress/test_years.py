"""A year in cards: cited, honest when there is little, as pages and images."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from selfos.features.progress.reviewing import YearLived, review
from selfos.features.progress.schemas import StatsView
from selfos.features.progress.schemas.years import CardKind, YearView
from selfos.features.progress.speaking import Speaker
from selfos.kernel.languages import LANGUAGES
from tests.factories import Person
from tests.features.progress.test_reports import lived
from tests.features.progress.test_stats import done, today_of

PNG_SIZE = slice(16, 24)


def numbers(**changed: int) -> dict[str, Any]:
    names = "done on_time late planned kept slipped cancelled".split()
    shares = {"on_time_share": None, "kept_share": 0.8 if changed.get("planned") else None}
    return {**dict.fromkeys(names, 0), **shares, **changed}


def stats_of(tasks: Mapping[str, int], *, balance: int = 0) -> StatsView:
    """The numbers of a year with two months in it."""
    focus = {"recorded_minutes": 150.0, "estimated_minutes": None, "without_estimate": 0}
    habits = {"owed": 10, "kept": 7, "kept_share": 0.7, "done_days": 7}

    def period(first: str, last: str, amount: int) -> dict[str, Any]:
        return {
            "first": first, "last": last, "tasks": numbers(done=amount), "focus": focus,
            "habits": habits,
        }  # fmt: skip

    area = {"color": "health", "weight": 1, "meant": 0.5, "had": 0.5, "difference": 0.0}
    areas = [
        {"area_id": f"01890000-0000-7000-8000-00000000000{n}", "name": f"Area {name}", **area}
        for n, name in enumerate("AB")
    ]
    goals = {
        "active": 0, "overdue": 0, "reached": 2, "reached_on_time": 1, "let_go": 0,
        "success_share": 1.0, "median_days": None,
    }  # fmt: skip
    return StatsView.model_validate(
        {
            "first": "2026-01-01", "last": "2026-12-31", "by": "month", "since": "2024-01-01",
            "tasks": numbers(**tasks), "focus": focus, "habits": habits,
            "previous": period("2025-01-01", "2025-12-31", 30),
            "periods": [
                period("2026-01-01", "2026-01-31", 15), period("2026-02-01", "2026-02-28", 5),
            ],
            "areas": [], "goals": [], "labels": [], "each_habit": [], "each_task": [],
            "estimates": {
                "tasks": 0, "of": 0, "times": None,
                "estimated_minutes": None, "recorded_minutes": None,
            },
            "balance": [{**each, "deeds": balance + n} for n, each in enumerate(areas)],
            "goal_success": goals, "load": [],
        },
        strict=False,
    )  # fmt: skip


def year_of(active: int, *, language: str = "en", **tasks: int) -> YearView:
    first = date(2026, 1, 1)
    deeds = {first + timedelta(days=n): int(n < active) for n in range(365)}
    stats = stats_of(tasks, balance=3)
    lived = YearLived(2026, date(2026, 12, 31), over=True, stats=stats, deeds=deeds)
    return review(lived, Speaker.of(language))


def uncited(view: YearView) -> list[str]:
    return [
        card.sentence
        for card in view.cards
        for number in re.findall(r"\d+", card.sentence)
        if int(number) not in {round(fact.value) for fact in card.facts}
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_number_on_a_card_is_cited_in_every_language(language: str) -> None:
    view = year_of(200, language=language, done=20, planned=20, kept=16, slipped=3)
    assert {card.kind for card in view.cards} == set(CardKind)
    assert uncited(view) == []
    assert (view.language, view.little) == (language, False)


def test_months_days_and_plurals_are_those_of_the_language() -> None:
    told = {
        language: {card.kind: card for card in year_of(200, language=language, done=1).cards}
        for language in ("de-AT", "es", "fr")
    }
    assert told["de-AT"][CardKind.TASKS].bars[0].label == "Jän"
    assert (
        told["de-AT"][CardKind.TASKS].sentence
        == "1 Aufgabe erledigt, 30 an ebenso vielen Tagen davor."
    )
    assert told["es"][CardKind.MONTH].figure == "Enero"
    assert (
        told["fr"][CardKind.MONTH].note
        == "Le jour le plus rempli a été le 1 janvier, avec 1 action."
    )


def test_a_year_with_little_in_it_says_so_and_names_no_best_month() -> None:
    view = year_of(3, done=3, planned=20, kept=16)
    assert view.little
    kinds = {card.kind for card in view.cards}
    assert not kinds & {CardKind.MONTH, CardKind.PLANS, CardKind.AREAS, CardKind.DAYS}
    assert "little" in view.cards[-1].sentence


def test_a_year_of_nothing_is_one_card() -> None:
    (card,) = year_of(0).cards
    assert card.sentence == "Nothing is known of this year."


async def test_a_year_is_drawn_printed_and_pictured(person: Person) -> None:
    today = await lived(person)
    view = await person.get(f"/progress/years/{today.year}")
    told = {card["kind"]: card["sentence"] for card in view["cards"]}
    assert told["cover"] == "You did something on 1 day."
    assert told["tasks"] == "3 tasks done."
    assert (view["last"], view["little"]) == (str(today), True)
    path = f"/progress/years/{today.year}"
    paper = await person.client.get(path, params={"format": "pdf"})
    pdf = PdfReader(io.BytesIO(paper.content))
    assert len(pdf.pages) == len(view["cards"])
    assert "3 tasks done." in " ".join(pdf.pages[1].extract_text().split())
    german = await person.client.get(path, params={"format": "pdf", "language": "de"})
    first = PdfReader(io.BytesIO(german.content)).pages[0].extract_text()
    assert "An 1 Tag hast du etwas getan." in " ".join(first.split())
    await person.patch("/auth/me", locale="es")
    assert (await person.get(path))["cards"][0]["sentence"] == "Hiciste algo en 1 día."
    image = await person.client.get(path, params={"format": "png", "card": 2})
    assert image.headers["content-type"] == "image/png"
    wide, high = (int.from_bytes(image.content[PNG_SIZE][at : at + 4]) for at in (0, 4))
    assert (wide, high) == (1080, 1920)
    await person.get(path, 422, format="png", card=99)


async def test_a_year_that_has_not_begun_is_refused(person: Person) -> None:
    await done(person)
    later = (await today_of(person)).year + 1
    assert (await person.client.get(f"/progress/years/{later}")).status_code == 422
